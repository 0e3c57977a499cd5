/**
 * What optimised programs look like. In: kernels of the specs. Out: their loops, tables and counts of statements, which
 * say more plainly than times that an optimisation took place; and force kernels without scatters.
 */
import { describe, expect, it } from "vitest";
import { posterior, sideOf } from "../../compiler/ad/operate.ts";
import { children, isAxis, type Expr } from "../../compiler/ir/expr.ts";
import { interpret, type Value } from "../../compiler/ir/interpret.ts";
import { verify } from "../../compiler/ir/verify.ts";
import { countFlops } from "../../compiler/loops/count.ts";
import type { Buffer, Program } from "../../compiler/loops/loop.ts";
import { gatherForm } from "../../compiler/opt/gather.ts";
import { algebraicPasses } from "../../compiler/opt/pipeline.ts";
import {
  compileSpec,
  compileText,
  laidOut,
  countStatements,
  loopShape,
  permutations,
  shapeText,
  stream,
  walk,
} from "../loops/support.ts";

const shapeOf = (p: Program): string => shapeText(loopShape(p.body));
const dims = (b: Buffer): string => b.dims.map((d) => (typeof d === "number" ? d : d.size)).join();

/** Calls of a function, each as often as the loops around it within a pair of points. */
function callsPerPair(p: Program, op: string): number {
  let calls = 0;
  const count = (x: unknown): number => {
    if (typeof x !== "object" || x === null || ArrayBuffer.isView(x)) return 0;
    const own = "kind" in x && x.kind === "call" && "op" in x && x.op === op ? 1 : 0;
    return own + Object.entries(x).reduce((n, [key, v]) => (key === "body" ? n : n + count(v)), 0);
  };
  for (const { statement, loops } of walk(p.body)) {
    const inside = loops.findIndex((l) => typeof l.extent !== "number" && l.extent.size !== "m");
    if (inside < 0 || statement.kind === "for" || statement.kind === "block") continue;
    calls +=
      count(statement) * loops.slice(inside + 1).reduce((n, l) => n * (typeof l.extent === "number" ? l.extent : 1), 1);
  }
  return calls;
}

/** The deepest nest over known ranges inside the loop over training points. */
const depthPerPair = (p: Program): number =>
  Math.max(
    0,
    ...[...walk(p.body)].map(
      ({ loops }) =>
        loops
          .slice(loops.findIndex((l) => typeof l.extent !== "number" && l.extent.size !== "m") + 1)
          .filter(
            (l) =>
              typeof l.extent === "number" && loops.some((o) => typeof o.extent !== "number" && o.extent.size !== "m"),
          ).length,
    ),
  );

describe("GDML, 5 atoms", () => {
  const { prepare, evaluate } = laidOut(compileSpec("gdml", { N: 5 }).lowered).contraction("forces", "forces");
  const D = 10;

  it("stages descriptors and J α once per model, in one pass", () => {
    expect(prepare!.outputs.map(dims).sort()).toEqual([`n_y,${D}`, `n_y,${D}`]);
    expect(shapeOf(prepare!)).toBe(`n_y(${D}(3))`);
  });

  it("evaluates by two passes over a descriptor per pair, and one there and one back per test point", () => {
    // The last loop scales what was scattered, by what all points share.
    expect(shapeOf(evaluate)).toBe(`m(${D}(3) n_y(${D} ${D}) ${D}(3 3) 5(3))`);
    expect(evaluate.inputs.some((b) => b.name === "y" || b.name === "alpha_y")).toBe(false);
    expect(callsPerPair(evaluate, "exp")).toBe(1);
    expect(callsPerPair(evaluate, "sqrt")).toBe(1);
    expect(countStatements(evaluate.body)).toBeLessThanOrEqual(28);
  });

  it("needs no coefficients for a covariance, and none of the training points", () => {
    const { evaluate: dense } = compileSpec("gdml", { N: 5 }).kernels.covariance("energy", "energy");
    expect(dense.inputs.map((b) => b.name).sort()).toEqual(["p_sigma", "staged_inverse_distances", "x"]);
  });
});

describe("sGDML, 5 atoms and 6 permutations", () => {
  const kernel = compileSpec("sgdml", { perms: permutations(5) }).kernels.contraction("forces", "forces"),
    D = 10,
    P = 6;

  it("stages tables over points, permutations and descriptors, twice", () => {
    expect(kernel.prepare!.outputs.map(dims)).toEqual([`n_y,${P},${D}`, `n_y,${P},${D}`]);
    expect(kernel.prepare!.outputs.every((b) => b.name.startsWith("staged_"))).toBe(true);
  });

  it("sums over permutations inside the pair", () => {
    expect(shapeOf(kernel.evaluate)).toBe(`m(${D}(3) n_y(${P}(${D} ${D})) ${D}(3 3) 15)`);
    expect(callsPerPair(kernel.evaluate, "exp")).toBe(P);
  });

  it("prepares what a predictor of energies and forces needs once for both", () => {
    const { prepare, evaluate } = compileSpec("sgdml", { perms: permutations(5) }).kernels.predictor(
      ["energy", "forces"],
      ["forces"],
    );
    expect(prepare!.outputs.map(dims)).toEqual([`n_train_forces,${P},${D}`, `n_train_forces,${P},${D}`]);
    expect(callsPerPair(evaluate, "exp")).toBe(P);
  });
});

describe("the covariance of forces, with 6 permutations", () => {
  /**
   * What one would write by hand, per pair: for each permutation the difference, its square and J d on both sides (21 a
   * descriptor), J ⊗ J' of 9 products that are written to 4 places each, and the outer product of the two J d.
   */
  const byHand = (N: number): number => {
    const D = (N * (N - 1)) / 2;
    return 6 * (D * (21 + 45) + 2 * (3 * N) ** 2 + 3 * N + 20);
  };

  it.each([5, 9, 15, 21])("costs at most 1.5 times the block by hand: %i atoms", (N) => {
    const { evaluate } = compileSpec("sgdml", { perms: permutations(N) }).kernels.covariance("forces", "forces");
    const flops = (training: number): number => countFlops(evaluate, { m: 1, n_y: training });
    expect((flops(2) - flops(1)) / byHand(N)).toBeLessThan(1.5);
  });
});

describe("a radial kernel in 7 dimensions", () => {
  const compiled = compileText(`
model Radial
input x : real[7]
param l = 1 > 0
kernel k(a, b) = rbf(a, b, l)
u ~ GP(k)
observe value : u
observe gradient : ∇u
observe hessian : ∇²u
observe laplacian : Δu
predict energy : u
`);
  const evaluate = (row: string, col: string): Program => compiled.kernels.contraction(row, col).evaluate;

  it("contracts Hessian with Hessian by nests of depth 2 at most", () => {
    expect(depthPerPair(evaluate("hessian", "hessian"))).toBe(2);
  });

  it.each([
    ["gradient", "gradient"],
    ["value", "laplacian"],
    ["laplacian", "laplacian"],
    ["value", "gradient"],
  ])("contracts %s with %s by single loops", (row, col) => {
    expect(depthPerPair(evaluate(row, col))).toBe(1);
    expect(callsPerPair(evaluate(row, col), "exp")).toBe(1);
  });

  it("takes one loop for a value from Laplacians", () => {
    expect(shapeOf(evaluate("value", "laplacian"))).toBe("m(n_y(7))");
    expect(shapeOf(evaluate("laplacian", "laplacian"))).toBe("m(n_y(7))");
  });
});

/** Deltas that compare an axis with an entry of a table. */
function scattersIn(root: Expr): number {
  const seen = new Set<Expr>();
  let found = 0;
  const visit = (e: Expr): void => {
    if (seen.has(e)) return;
    seen.add(e);
    if (e.kind === "delta" && [e.i, e.j].some((i) => !isAxis(i) && i.free.length > 0)) found++;
    children(e).forEach(visit);
  };
  visit(root);
  return found;
}

describe("gathers in place of scatters", () => {
  it.each([
    ["gdml", { N: 4 }],
    ["sgdml", { perms: permutations(4) }],
  ] as const)("leave none in the forces of %s, and the values as they are", (name, bind) => {
    const { lowered } = compileSpec(name, bind),
      test = sideOf(lowered, "forces", "", "m", 10),
      training = sideOf(lowered, "forces", "y ", "n", 1000);
    const forces = algebraicPasses.reduce((e, p) => p.run(e), posterior(lowered, test, [training])),
      gathered = gatherForm(forces);
    verify(gathered);
    expect(scattersIn(forces)).toBeGreaterThan(0);
    expect(scattersIn(gathered)).toBe(0);
    const draw = stream(5),
      some = (n: number): Float64Array => Float64Array.from({ length: n * 12 }, draw);
    const values = new Map<Expr, Value>([
      [test.points, { shape: [2, 4, 3], data: some(2) }],
      [training.points, { shape: [3, 4, 3], data: some(3) }],
      [training.coefficients, { shape: [3, 4, 3], data: some(3) }],
      [lowered.parameters[0]!.expr, { shape: [], data: [2] }],
    ]);
    const [expected, found] = [forces, gathered].map((e) => interpret(e, values) as Float64Array);
    const scale = Math.max(...expected!.map(Math.abs));
    expected!.forEach((v, n) => expect(Math.abs(found![n]! - v)).toBeLessThanOrEqual(1e-12 * scale));
  });

  it("leave what isn't a scatter alone", () => {
    const { lowered } = compileSpec("rosenbrock"),
      e = posterior(lowered, sideOf(lowered, "gradient", "", "m", 10), [sideOf(lowered, "hessian", "y ", "n", 1000)]);
    expect(gatherForm(e)).toBe(e);
  });
});
