/**
 * The matrix-free solver on ethanol's forces: against sGDML's own, and against the factorisation on the example's data.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile } from "../../../compiler/index.ts";
import { fit, readDataset, run } from "../../../runtime/index.ts";
import { choiceRequest, problemOf } from "../../../runtime/fit/problem.ts";
import { choiceSteps } from "../../../runtime/solvers/choice.ts";

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((best, x) => Math.max(best, Math.abs(x)), 0);
const deviation = (found: ArrayLike<number>, expected: ArrayLike<number>): number =>
  largest(Array.from(expected, (x, i) => x - found[i]!)) / largest(expected);

const example = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../examples/ethanol/${name}`, import.meta.url));
const list = (name: string): unknown => JSON.parse(new TextDecoder().decode(example(name)));

describe("a fit of ethanol by conjugate gradients", () => {
  const compiled = compile(new TextDecoder().decode(example("sgdml.adk")), {
    name: "sgdml.adk",
    bind: { N: 9, perms: list("perms.json") as number[][] },
  });
  const dataset = readDataset(example("ethanol.npz"), "ethanol");
  const train = list("train.json") as number[];

  it("gives sGDML's forces of ethanol from sGDML's data set", () => {
    const golden = (name: string): Uint8Array => readFileSync(new URL(`../../golden/${name}`, import.meta.url));
    const expected = JSON.parse(new TextDecoder().decode(golden("sgdml-ethanol-F.json"))) as {
      inputs: { R_test: number[][][]; perms: number[][]; idxs_train_in_dataset: number[] };
      expected: { F_pred: number[][][] };
    };
    const { perms, R_test, idxs_train_in_dataset: train } = expected.inputs;
    const spec = readFileSync(new URL("../../specs/sgdml.adk", import.meta.url), "utf8");
    const theirs = compile(spec, { name: "sgdml.adk", bind: { N: 9, perms } });
    const model = fit(theirs, readDataset(golden("sgdml-ethanol-dataset.npz"), "ethanol"), {
      noise: 1e-10 / perms.length,
      split: { train },
      solver: "cg",
    });
    expect(
      deviation(model.predict(Float64Array.from(R_test.flat(2)))["forces"]!, expected.expected.F_pred.flat(2)),
    ).toBeLessThan(1e-5);
    expect(model.report!.iterations).toBeLessThan(300);
    expect(model.report!.residual).toBeLessThan(1e-6);
  });

  it("gives the factorisation's forces for the example, in as many iterations as were foretold, about", () => {
    const options = { noise: 1.6667e-11, parameters: { sigma: 20 }, split: { train: train.slice(0, 40) } };
    const direct = fit(compiled, dataset, { ...options, solver: "cholesky" }),
      iterative = fit(compiled, dataset, { ...options, solver: "cg" });
    const R = dataset.entries.get("R")!.data as Float64Array;
    const tested = Float64Array.from(
      (list("test.json") as number[]).slice(0, 50).flatMap((frame) => [...R.subarray(27 * frame, 27 * (frame + 1))]),
    );
    expect(deviation(iterative.predict(tested)["forces"]!, direct.predict(tested)["forces"]!)).toBeLessThan(1e-5);
    expect(iterative.report!.n).toBe(1080);
    const { iterations: foretold } = run(
      choiceSteps(choiceRequest(problemOf(compiled, dataset, options), { solver: "cg" })),
    );
    expect(Math.abs(Math.log(iterative.report!.iterations / foretold))).toBeLessThan(Math.log(2));
  });

  it(
    "takes few iterations where the noise is small beside the covariances, " +
      "as the preconditioner's rounding is corrected",
    () => {
      const options = { noise: 1e-13, parameters: { sigma: 20 }, split: { train: train.slice(0, 30) } };
      // 231 with the correction, 397 without.
      expect(
        fit(compiled, dataset, { ...options, solver: "cg", rank: 300, tolerance: 1e-6 }).report!.iterations,
      ).toBeLessThan(310);
    },
  );
});
