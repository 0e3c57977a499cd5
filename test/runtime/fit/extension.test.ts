/** Models that are extended by more training points: the predictions of a fit of all, and refusals by name. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile } from "../../../compiler/index.ts";
import { fit, NotPositiveDefiniteError, OptionError, readDataset } from "../../../runtime/index.ts";
import { rbfModel } from "../models.ts";

const golden = (name: string): Uint8Array => readFileSync(new URL(`../../golden/${name}`, import.meta.url));
/** f = sin(3 x₀) x₁ + x₁² at points on a spiral. */
const x = Array.from({ length: 24 }, (_, n) => [0.12 * n * Math.cos(n), 0.12 * n * Math.sin(n)]);
const labels = {
  identity: x.map(([a, b]) => Math.sin(3 * a!) * b! + b! ** 2),
  gradient: x.map(([a, b]) => [3 * Math.cos(3 * a!) * b!, Math.sin(3 * a!) + 2 * b!]),
};
const at = Float64Array.from({ length: 40 }, (_, n) => Math.sin(n) * 2);

/** The first points of both groups. */
const first = (values: number, gradients: number): Record<string, { x: number[][]; y: number[] | number[][] }> => ({
  value: { x: x.slice(0, values), y: labels.identity.slice(0, values) },
  ...(gradients === 0 ? {} : { gradient: { x: x.slice(0, gradients), y: labels.gradient.slice(0, gradients) } }),
});
const options = { noise: 1e-8, keepFactor: true };

function closeTo(found: Record<string, Float64Array>, expected: Record<string, Float64Array>, rtol: number): void {
  for (const [label, values] of Object.entries(expected)) {
    const scale = values.reduce((best, value) => Math.max(best, Math.abs(value)), 0);
    expect(
      values.reduce((worst, value, i) => Math.max(worst, Math.abs(value - found[label]![i]!)), 0) / scale,
      label,
    ).toBeLessThan(rtol);
  }
}

describe("a fit that extends a model", () => {
  it("gives what a fit of all points gives, again and again, whatever group they come to", () => {
    const compiled = rbfModel();
    let model = fit(compiled, first(5, 0), options);
    for (const [values, gradients] of [
      [5, 3],
      [9, 3],
      [9, 9],
      [x.length, x.length],
    ] as const) {
      model = fit(compiled, first(values, gradients), { ...options, extends: model });
      const anew = fit(compiled, first(values, gradients), options);
      closeTo(model.predict(at), anew.predict(at), 1e-7);
      expect(model.report!.n).toBe(anew.report!.n);
      expect(model.report!.residual).toBeLessThan(1e-8);
      expect(model.report!.logDeterminant! / anew.report!.logDeterminant!).toBeCloseTo(1, 9);
    }
  });

  it("adds frames to a force field, on tiles that are only partly filled", () => {
    const { perms, idxs_train_in_dataset: train } = (
      JSON.parse(new TextDecoder().decode(golden("sgdml-ethanol-F.json"))) as {
        inputs: { perms: number[][]; idxs_train_in_dataset: number[] };
      }
    ).inputs;
    const compiled = compile(readFileSync(new URL("../../../examples/specs/sgdml.adk", import.meta.url), "utf8"), {
      bind: { N: 9, perms },
    });
    const data = readDataset(golden("sgdml-ethanol-dataset.npz"), "sgdml-ethanol-dataset.npz");
    const noise = 1e-10 / perms.length;
    const small = fit(compiled, data, { noise, keepFactor: true, split: { train: train.slice(0, 17) } });
    const large = fit(compiled, data, { noise, extends: small, split: { train } });
    const anew = fit(compiled, data, { noise, split: { train } });
    expect(large.kept).toBeUndefined();
    expect(large.state.split.train).toEqual(train);
    closeTo(
      { forces: large.training["forces"]!.coefficients },
      { forces: anew.training["forces"]!.coefficients },
      1e-5,
    );
    expect(
      large.test(data, { indexes: [1, 2, 3] }).errors["forces"]!.mae /
        anew.test(data, { indexes: [1, 2, 3] }).errors["forces"]!.mae,
    ).toBeCloseTo(1, 6);
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      "a model without a factor",
      () => fit(rbfModel(), first(6, 0), { extends: fit(rbfModel(), first(5, 0), { noise: 1e-8 }) }),
      /has no factor/,
    ],
    [
      "fewer points",
      () => fit(rbfModel(), first(4, 0), { ...options, extends: fit(rbfModel(), first(5, 0), options) }),
      /5 points of value, the data have 4/,
    ],
    [
      "other points",
      () =>
        fit(
          rbfModel(),
          { value: { x: [[9, 9], ...x.slice(1, 6)], y: labels.identity.slice(0, 6) } },
          { ...options, extends: fit(rbfModel(), first(5, 0), options) },
        ),
      /point 0 of value differs/,
    ],
    [
      "another noise",
      () => fit(rbfModel(), first(6, 0), { noise: 1e-7, extends: fit(rbfModel(), first(5, 0), options) }),
      /noise of value differs/,
    ],
    [
      "another spec",
      () =>
        fit({ ...rbfModel(), hash: "another" }, first(6, 0), {
          ...options,
          extends: fit(rbfModel(), first(5, 0), options),
        }),
      /another spec/,
    ],
    [
      "another hyperparameter",
      () =>
        fit(rbfModel(), first(6, 0), {
          ...options,
          parameters: { l: 3 },
          extends: fit(rbfModel(), first(5, 0), options),
        }),
      /another l/,
    ],
    [
      "conjugate gradients",
      () => fit(rbfModel(), first(6, 0), { ...options, solver: "cg", extends: fit(rbfModel(), first(5, 0), options) }),
      /no factor to extend/,
    ],
  ])("refuses %s", (_, attempt, message) => {
    expect(attempt).toThrow(OptionError);
    expect(attempt).toThrow(message);
  });

  it("names the observation whose row fails", () => {
    const compiled = rbfModel(),
      before = fit(compiled, first(5, 0), { noise: 0, keepFactor: true });
    const twice = { value: { x: [...x.slice(0, 5), x[0]!], y: [...labels.identity.slice(0, 5), 0] } };
    expect(() => fit(compiled, twice, { noise: 0, extends: before })).toThrow(NotPositiveDefiniteError);
    expect(() => fit(compiled, twice, { noise: 0, extends: before })).toThrow(/point 5 of value/);
  });
});
