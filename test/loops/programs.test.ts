/**
 * Programs compute what expressions say. In: random kernels, and every pair of labels of the specs. Out: programs that
 * verify, and whose execution agrees with direct evaluation and with the interpreter of expressions.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { covariance, posterior, sideOf, type Side } from "../../compiler/ad/operate.ts";
import { dims, type Expr } from "../../compiler/ir/expr.ts";
import { interpret, type Value } from "../../compiler/ir/interpret.ts";
import { execute } from "../../compiler/loops/interpret.ts";
import type { Kernel } from "../../compiler/loops/kernel.ts";
import { simplify } from "../../compiler/loops/simplify.ts";
import { verifyProgram } from "../../compiler/loops/verify.ts";
import { gatherForm } from "../../compiler/opt/gather.ts";
import { terms } from "../ir/terms.ts";
import { expectedPairs, pairBuffers, pairKernel, pairSizes, pairTensor, pairValues } from "./pairs.ts";
import { compileSpec, entriesOf, run, SMALL } from "./support.ts";

/** Executes both stages. */
function executed(kernel: Kernel, buffers: Record<string, Float64Array>): { out: Float64Array; flops: number } {
  let flops = 0;
  for (const p of [kernel.prepare, kernel.evaluate]) {
    if (!p) continue;
    verifyProgram(p);
    flops += execute(p, { sizes: pairSizes, buffers }).flops;
  }
  return { out: buffers.out!, flops };
}
const simplified = (k: Kernel): Kernel => ({
  ...k,
  ...(k.prepare ? { prepare: simplify(k.prepare) } : {}),
  evaluate: simplify(k.evaluate),
});

describe("random kernels", () => {
  it("are laid out in programs that give their values, before and after simplifying", () => {
    fc.assert(
      fc.property(terms(3, [2, 3]), fc.nat(1000), (t, seed) => {
        const values = pairValues(seed),
          { values: expected, tolerance } = expectedPairs(t, values),
          { kernel } = pairKernel(pairTensor(t));
        const plain = executed(kernel, pairBuffers(kernel, values)),
          short = executed(simplified(kernel), pairBuffers(kernel, values));
        expected.forEach((v, n) => {
          expect(Math.abs(plain.out[n]! - v)).toBeLessThanOrEqual(10 * tolerance);
          expect(Math.abs(short.out[n]! - v)).toBeLessThanOrEqual(10 * tolerance);
        });
        expect(short.flops).toBeLessThanOrEqual(plain.flops);
      }),
      { numRuns: 250, seed: 41 },
    );
  });

  it("are laid out as gathers too", () => {
    fc.assert(
      fc.property(terms(3, [2, 3]), fc.nat(1000), (t, seed) => {
        const values = pairValues(seed),
          { values: expected, tolerance } = expectedPairs(t, values),
          { kernel } = pairKernel(gatherForm(pairTensor(t)));
        const { out } = executed(kernel, pairBuffers(kernel, values));
        expected.forEach((v, n) => expect(Math.abs(out[n]! - v)).toBeLessThanOrEqual(10 * tolerance));
      }),
      { numRuns: 80, seed: 43 },
    );
  });
});

describe.each(Object.keys(SMALL))("%s", (name) => {
  const compiled = compileSpec(name),
    { lowered } = compiled,
    labels = [...lowered.quantities.keys()];
  const pairs = labels.flatMap((row) => labels.map((col): [string, string] => [row, col]));

  /** Values of the Params of both sides, as the kernel's buffers have them. */
  function given(
    row: Side,
    col: Side,
    kernel: Kernel,
    buffers: Record<string, Float64Array>,
    counts: readonly [number, number],
  ): Map<Expr, Value> {
    const values = new Map<Expr, Value>();
    const put = (p: Expr, count: number | undefined, name: string): void => {
      const data = buffers[name];
      if (data) values.set(p, { shape: count === undefined ? dims(p) : [count, ...dims(p).slice(1)], data });
    };
    for (const [buffer, origin] of kernel.origins) {
      if (origin.kind === "parameter")
        put(lowered.parameters.find((p) => p.name === origin.name)!.expr, undefined, buffer.name);
      if (!("side" in origin)) continue;
      const side = origin.side === "x" ? row : col,
        count = counts[origin.side === "x" ? 0 : 1];
      put(
        origin.kind === "points"
          ? side.points
          : origin.kind === "coefficients"
            ? side.coefficients
            : side.arguments.get((origin as { name: string }).name)!,
        count,
        buffer.name,
      );
    }
    return values;
  }

  it.each(pairs)("%s, %s: programs equal expressions", (row, col) => {
    const test = sideOf(lowered, row, "", "m", 10),
      training = sideOf(lowered, col, "y ", "n_y", 1000);
    const kernels: [Kernel, Expr][] = [[compiled.kernels.contraction(row, col), posterior(lowered, test, [training])]];
    // The other half of the covariances is theirs, transposed.
    if (labels.indexOf(row) <= labels.indexOf(col))
      kernels.push([compiled.kernels.covariance(row, col), covariance(lowered, test, training)]);
    for (const [kernel, tensor] of kernels) {
      const { buffers } = run(kernel, 2, 2),
        values = given(test, training, kernel, buffers, [2, 2]);
      // Symbolic sizes need a Param that has them, read or not.
      for (const { points } of [test, training])
        if (!values.has(points))
          values.set(points, {
            shape: [2, ...dims(points).slice(1)],
            data: new Float64Array(entriesOf([2, ...dims(points).slice(1)], {})),
          });
      const expected = interpret(tensor, values) as Float64Array,
        out = buffers.out!;
      expect(out.length).toBe(expected.length);
      const scale = expected.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-3);
      expected.forEach((v, n) => {
        if (!(Math.abs(out[n]! - v) <= 1e-9 * scale))
          throw new Error(`${kernel.name}[${n}]: ${out[n]} in place of ${v}`);
      });
    }
  });
});
