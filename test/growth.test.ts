/**
 * How costs grow: operations of programs per pair of points, nodes and constructor calls of compiling. In: families of
 * specs.
 * Out: exponents and ceilings. Everything is counted, nothing is timed.
 */
import { describe, expect, it } from "vitest";
import { posterior, sideOf } from "../compiler/ad/operate.ts";
import type { Compiled } from "../compiler/compiled.ts";
import { compileUnjudged } from "../compiler/driver.ts";
import { counters } from "../compiler/ir/expr.ts";
import { nodeCount } from "../compiler/ir/cost.ts";
import { compileSpec, flopsPerPair, permutations, SMALL } from "./loops/support.ts";

/** The least-squares exponent of f ~ nᵖ. */
function slope(ns: readonly number[], values: readonly number[]): number {
  const x = ns.map(Math.log),
    y = values.map(Math.log),
    mean = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / v.length;
  const mx = mean(x),
    my = mean(y);
  return x.reduce((s, v, n) => s + (v - mx) * (y[n]! - my), 0) / x.reduce((s, v) => s + (v - mx) ** 2, 0);
}

describe("operations per pair of points, α contracted, of a radial kernel in n dimensions", () => {
  const dimensions = [4, 16, 64];
  const orders: Readonly<Record<string, number>> = { value: 0, gradient: 1, hessian: 2, laplacian: 2, biharmonic: 4 };
  const forms: Readonly<Record<string, string>> = {
    value: "u",
    gradient: "∇u",
    hessian: "∇²u",
    laplacian: "Δu",
    biharmonic: "ΔΔu",
  };
  const spec = (kernel: string, labels: readonly string[]): string => `
model Radial
dim n
input x : real[n]
param l = 1 > 0
kernel k(a, b) = ${kernel}
u ~ GP(k)
${labels.map((label) => `observe ${label} : ${forms[label]}`).join("\n")}
predict potential : u
`;
  /** Kernels with the derivatives that they have where two points meet. */
  const kernels: readonly (readonly [string, string, number])[] = [
    ["rbf", "rbf(a, b, l)", Infinity],
    ["matern52", "matern52(a, b, l)", 4],
    ["matern72", "matern72(a, b, l)", 6],
    ["rational quadratic", "rational_quadratic(a, b, l, 1.5)", Infinity],
  ];
  const limits: readonly (readonly [string, string, number])[] = [
    ["gradient", "gradient", 1.1],
    ["hessian", "hessian", 2.1],
    ["value", "laplacian", 1.1],
    ["laplacian", "value", 1.1],
    ["laplacian", "laplacian", 1.1],
    ["biharmonic", "value", 1.1],
    ["laplacian", "biharmonic", 1.1],
    ["biharmonic", "biharmonic", 1.1],
  ];
  const cases = kernels.flatMap(([name, kernel, smooth]) =>
    limits
      .filter(([row, col]) => orders[row]! + orders[col]! <= smooth)
      .map(([row, col, limit]) => ({ name, kernel, row, col, limit })),
  );

  it.each(cases)("$name, $row, $col: grow with exponent ≤ $limit", ({ kernel, row, col, limit }) => {
    const text = spec(kernel, [...new Set([row, col])]);
    const flops = dimensions.map((n) =>
      flopsPerPair(compileUnjudged(text, { bind: { n } }).kernels.contraction(row, col)),
    );
    expect(slope(dimensions, flops)).toBeLessThanOrEqual(limit);
  });
});

describe("operations per pair of molecules", () => {
  const atoms = [5, 10, 20, 40, 100];
  const specs: readonly (readonly [string, number, (n: number) => Compiled])[] = [
    ["gdml", 1, (n) => compileSpec("gdml", { N: n })],
    ["sgdml", 6, (n) => compileSpec("sgdml", { perms: permutations(n) })],
    ["sgdml_rbf", 6, (n) => compileSpec("sgdml_rbf", { perms: permutations(n) })],
  ];

  it.each(specs)("of %s: the contraction costs at most 4 scalar kernels, at any number of atoms", (_, permuted, of) => {
    const models = atoms.map(of),
      forces = models.map((m) => flopsPerPair(m.kernels.contraction("forces", "forces")));
    for (const scalar of [
      models.map((m) => flopsPerPair(m.kernels.contraction("energy", "energy"))),
      models.map((m) => flopsPerPair(m.kernels.covariance("energy", "energy"))),
    ]) {
      const ratios = forces.map((f, n) => f / scalar[n]!);
      ratios.forEach((r) => expect(r).toBeLessThanOrEqual(4));
      expect(slope(atoms, ratios)).toBeLessThanOrEqual(0.1);
    }
    // Never more than ten operations for each element of a descriptor and permutation, and two dozen scalar ones.
    forces.forEach((f, n) => expect(f).toBeLessThanOrEqual(permuted * ((10 * atoms[n]! * (atoms[n]! - 1)) / 2 + 24)));
  });

  /**
   * GDML by hand, Matérn 5/2, for one pair of molecules with descriptors x, x′ of D elements and a = J′ᵀα staged:
   *   for each element: d = x − x′ (1), r² += d² (2), s += d a (2), F += c₁ a + c₂ d (3 and 1)  = 9 D
   *   z = √(5/σ² · r²) (2), e = exp(−z) (1), c₁ = 5/(3σ²) · e · (1 + z) (3), c₂ = 25/(3σ⁴) · e · s (2) = 8
   */
  it("of gdml: the contraction is within 1.1 of what a specialist writes", () => {
    for (const n of atoms) {
      const byHand = (9 * n * (n - 1)) / 2 + 8,
        ours = flopsPerPair(compileSpec("gdml", { N: n }).kernels.contraction("forces", "forces"));
      expect(ours).toBeLessThanOrEqual(1.1 * byHand);
      expect(ours).toBeGreaterThanOrEqual(byHand);
    }
  });
});

/** Nodes of a contraction's expression, and constructor calls of making it and of laying it out. */
function effort(
  text: string,
  row: string,
  col: string,
  bind: Readonly<Record<string, number>> = {},
): { nodes: number; operate: number; rest: number } {
  const { lowered, kernels } = compileUnjudged(text, { bind }),
    start = counters.constructed;
  const nodes = nodeCount(
      posterior(lowered, sideOf(lowered, row, "", "m", 10), [sideOf(lowered, col, "y ", "n_y", 1000)]),
    ),
    middle = counters.constructed;
  kernels.contraction(row, col);
  return { nodes, operate: middle - start, rest: counters.constructed - middle };
}

describe("effort of compiling, by the order of differentiation", () => {
  const nest = (k: number, f: string, tail = ""): string => (k === 0 ? "u" : `${f}(${nest(k - 1, f, tail)}${tail})`);
  const spec = (operator: string, kernel: string): string => `
model Order
input x : real[3]
param l = 1 > 0
const v : real[3] = [0.5, 1, 1.5]
kernel k(a, b) = ${kernel}
u ~ GP(k)
observe operated : ${operator}
predict value : u
`;
  const directional = (k: number): string => nest(k, "jvp", ", v"),
    iterated = (k: number): string => nest(k / 2, "laplacian"),
    tensor = (k: number): string => nest(k, "grad");
  const RADIAL = "rbf(a, b, l)",
    COMPOSED = "exp(-dot(sin(a - b), sin(a - b)) / l)";
  /** Operator, kernel, orders, and ceilings: nodes, their exponent, constructor calls, their exponent. */
  const families: readonly (readonly [
    string,
    (k: number) => string,
    string,
    readonly number[],
    number,
    number,
    number,
    number,
  ])[] = [
    ["directional derivatives of a radial kernel", directional, RADIAL, [2, 3, 4, 5, 6, 7, 8], 150, 1, 15_000, 2],
    ["iterated Laplacians of a radial kernel", iterated, RADIAL, [2, 4, 6, 8], 150, 1, 20_000, 2],
    ["tensors of derivatives of a radial kernel", tensor, RADIAL, [2, 3, 4], 100, 1.5, 8000, 2.5],
    ["directional derivatives of a composed kernel", directional, COMPOSED, [2, 4, 6, 8], 600, 2, 150_000, 3.5],
    ["iterated Laplacians of a composed kernel", iterated, COMPOSED, [2, 4, 6], 600, 2.5, 120_000, 4],
  ];
  it.each(families)("%s: polynomial", (_, operator, kernel, ks, nodes, nodeSlope, calls, callSlope) => {
    const efforts = ks.map((k) => effort(spec(operator(k), kernel), "operated", "value")),
      last = efforts.at(-1)!;
    expect(last.nodes).toBeLessThanOrEqual(nodes);
    expect(last.operate + last.rest).toBeLessThanOrEqual(calls);
    expect(
      slope(
        ks,
        efforts.map((e) => e.nodes),
      ),
    ).toBeLessThanOrEqual(nodeSlope);
    expect(
      slope(
        ks,
        efforts.map((e) => e.operate + e.rest),
      ),
    ).toBeLessThanOrEqual(callSlope);
  });

  it.each([
    ["Hessians on both sides", tensor(2), 150, 15_000],
    ["third derivatives on both sides", tensor(3), 500, 60_000],
    ["biharmonic on both sides", iterated(4), 150, 20_000],
  ] as const)("%s of a radial kernel: within its ceiling", (_, operator, nodes, calls) => {
    const { nodes: found, operate, rest } = effort(spec(operator, RADIAL), "operated", "operated");
    expect(found).toBeLessThanOrEqual(nodes);
    expect(operate + rest).toBeLessThanOrEqual(calls);
  });
});

describe("effort of compiling, by the depth of functions", () => {
  const layers = (depth: number, step: string): string => `
model Deep
input x : real[4]
param W : real[4, 4] = 0.1
param b : real[4] = 0
fn layer0(x) = x
${Array.from({ length: depth }, (_, k) => `fn layer${k + 1}(x) = { let y = layer${k}(x); ${step} }`).join("\n")}
kernel k(p, q) = rbf(layer${depth}(p), layer${depth}(q), 1)
u ~ GP(k)
observe value : u
observe gradient : ∇u
predict energy : u
`;
  const steps: readonly (readonly [string, string])[] = [
    ["layers", "tanh(W @ y + b)"],
    ["residual layers", "tanh(W @ y + b) + y"],
    ["gated layers", "exp(-dot(y, y)) * y"],
    ["maps by element", "sin(y)"],
  ];
  it.each(
    steps.flatMap(([name, step]) =>
      [
        ["value", "gradient"],
        ["gradient", "gradient"],
      ].map(([row, col]) => ({ name, step, row: row!, col: col! })),
    ),
  )("$name, $row from $col: linear", ({ step, row, col }) => {
    const depths = [1, 2, 3, 4, 5, 6],
      efforts = depths.map((d) => effort(layers(d, step), row, col));
    const added = efforts.slice(1).map((e, n) => e.nodes - efforts[n]!.nodes),
      calls = efforts.slice(1).map((e, n) => e.operate - efforts[n]!.operate);
    // Each layer adds what the one before it added.
    expect(Math.max(...added)).toBeLessThanOrEqual(1.2 * Math.min(...added) + 4);
    const mean = calls.reduce((a, b) => a + b, 0) / calls.length;
    expect(Math.max(...calls)).toBeLessThanOrEqual(1.5 * mean + 60);
    expect(
      slope(
        depths.slice(2),
        efforts.slice(2).map((e) => e.operate + e.rest),
      ),
    ).toBeLessThanOrEqual(2);
  });
});

describe("budgets", () => {
  const bound: Readonly<Record<string, Compiled>> = {
    ...Object.fromEntries(Object.keys(SMALL).map((name) => [name, compileSpec(name)])),
    gdml: compileSpec("gdml", { N: 21 }),
    sgdml: compileSpec("sgdml", { perms: permutations(21) }),
    sgdml_rbf: compileSpec("sgdml_rbf", { perms: permutations(21) }),
  };
  it.each(Object.entries(bound))("%s: at most 5000 nodes a kernel, and 64 KiB of code a predictor", (_, compiled) => {
    const { lowered } = compiled,
      observed = lowered.observations.map((o) => o.label),
      sides = observed.map((l, n) => sideOf(lowered, l, `y${n} `, `n${n}`, 1000));
    for (const label of lowered.predictions)
      expect(nodeCount(posterior(lowered, sideOf(lowered, label, "", "m", 10), sides))).toBeLessThanOrEqual(5000);
    const points = (
      label: string,
    ): { points: { x: Float64Array; arguments: Record<string, Float64Array> }; coefficients: Float64Array } => {
      const { shape, arguments: args } = compiled.groups[label]!,
        size = (s: readonly number[]): number => s.reduce((a, b) => a * b, 1);
      return {
        points: {
          x: new Float64Array(size(compiled.input.shape)),
          arguments: Object.fromEntries(args.map((a) => [a.name, new Float64Array(size(a.shape))])),
        },
        coefficients: new Float64Array(size(shape)),
      };
    };
    const { js } = compiled.exportPredictor({
      training: Object.fromEntries(observed.map((l) => [l, points(l)])),
      parameters: {},
      offsets: {},
      name: "model",
      meta: {},
      inline: true,
    });
    expect(js.length).toBeLessThanOrEqual(64 * 1024);
  });
});
