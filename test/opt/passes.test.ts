/**
 * Every pass keeps values. In: random terms, and kernels of random terms over points. Out: equality with direct
 * evaluation
 * after each pass of the pipeline, one after the other and each alone, after staging, and of gathers for scatters.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { axis, build, type Axis, type Expr } from "../../compiler/ir/expr.ts";
import { interpret, type Value } from "../../compiler/ir/interpret.ts";
import { verify } from "../../compiler/ir/verify.ts";
import { gatherForm } from "../../compiler/opt/gather.ts";
import { algebraicPasses, layoutPasses } from "../../compiler/opt/pipeline.ts";
import { stage } from "../../compiler/opt/stage.ts";
import { plainNumbers } from "../ir/jets.ts";
import { bound, express, inputs, positions, terms, valueAndTolerance, type Term } from "../ir/terms.ts";
import { expectedPairs, pairInputs, pairTensor, pairValues, sides } from "../loops/pairs.ts";

const SCOPE = [2, 3];
const scopeAxes = (): Axis[] => SCOPE.map((e) => axis(e, "f"));
const passes = [...algebraicPasses, ...layoutPasses];

function expectValues(e: Expr, t: Term, values: Readonly<Record<string, readonly number[]>>, after: string): void {
  verify(e);
  const found = interpret(e, bound(values)) as Float64Array;
  positions(SCOPE).forEach((p, n) => {
    const { value, tolerance } = valueAndTolerance(t, values, plainNumbers, p);
    if (!(Math.abs(found[n]! - value) <= 10 * tolerance))
      throw new Error(`after ${after}: ${found[n]} in place of ${value} at ${p.join()}`);
  });
}

describe("passes keep values", () => {
  it("one after the other", () => {
    fc.assert(
      fc.property(terms(4, SCOPE), inputs, (t, values) => {
        const axes = scopeAxes();
        let e = build(axes, express(t, axes));
        for (const pass of passes) {
          e = pass.run(e);
          expectValues(e, t, values, pass.name);
        }
      }),
      { numRuns: 400, seed: 23 },
    );
  });

  it.each(passes.map((p) => [p.name, p] as const))(
    "of %s alone, on terms in normal form and as they stand",
    (name, pass) => {
      fc.assert(
        fc.property(
          terms(4, SCOPE),
          inputs,
          fc.constantFrom("normal" as const, "standing" as const),
          (t, values, how) => {
            const axes = scopeAxes();
            expectValues(pass.run(build(axes, express(t, axes, how))), t, values, name);
          },
        ),
        { numRuns: 150, seed: 29 },
      );
    },
  );

  it("of gatherForm, before the passes and after them", () => {
    fc.assert(
      fc.property(terms(4, SCOPE), inputs, (t, values) => {
        const axes = scopeAxes(),
          e = build(axes, express(t, axes));
        expectValues(gatherForm(e), t, values, "gatherForm");
        expectValues(gatherForm(passes.reduce((x, p) => p.run(x), e)), t, values, "passes and gatherForm");
      }),
      { numRuns: 200, seed: 31 },
    );
  });

  it("of staging, whose tables hold what belongs to training points", () => {
    fc.assert(
      fc.property(terms(3, SCOPE), fc.nat(1000), (t, seed) => {
        const values = pairValues(seed),
          given = pairInputs(values),
          { values: expected, tolerance } = expectedPairs(t, values);
        const optimised = algebraicPasses.reduce((x, p) => p.run(x), pairTensor(t));
        const staged = stage([optimised], sides),
          result = layoutPasses.reduce((x, p) => p.run(x), staged.results[0]!);
        const all = new Map<Expr, Value>(given);
        for (const { param, tensor } of staged.perModel) {
          verify(tensor);
          const data = interpret(tensor, given);
          // A table varies with nothing of the test side, or its own interpretation would miss a value.
          all.set(param, {
            shape: shapeOf(param, values.y.length / 6),
            data: typeof data === "number" ? [data] : data,
          });
        }
        verify(result);
        const found = interpret(result, all) as Float64Array;
        expected.forEach((v, n) => expect(Math.abs(found[n]! - v)).toBeLessThanOrEqual(10 * tolerance));
      }),
      { numRuns: 250, seed: 37 },
    );
  });
});

const shapeOf = (p: Expr, points: number): number[] =>
  p.kind === "param" ? p.dims.map((d, n) => (p.sizes[n] === undefined ? d : points)) : [];
