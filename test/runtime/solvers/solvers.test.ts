/**
 * The matrix-free solver against the dense one and golden values; products, preconditioners and choices by themselves.
 */
import { describe, expect, it } from "vitest";
import { compile } from "../../../compiler/index.ts";
import type { CompiledModel } from "../../../runtime/compiled.ts";
import { createExecutor } from "../../../runtime/executors/index.ts";
import { InProcessExecutor } from "../../../runtime/executors/in_process.ts";
import { ConvergenceError, OptionError, fit, run } from "../../../runtime/index.ts";
import { choiceRequest, problemOf } from "../../../runtime/fit/problem.ts";
import type { Problem } from "../../../runtime/fit/problem.ts";
import { cgSteps } from "../../../runtime/solvers/cg.ts";
import type { CgRequest } from "../../../runtime/solvers/cg.ts";
import { choiceSteps, meanAt } from "../../../runtime/solvers/choice.ts";
import type { SolverOptions } from "../../../runtime/solvers/choice.ts";
import { preconditionerSteps } from "../../../runtime/solvers/preconditioner.ts";
import type { ColumnStore } from "../../../runtime/solvers/preconditioner.ts";
import { KernelProduct } from "../../../runtime/solvers/product.ts";
import { norm } from "../../../runtime/solvers/vectors.ts";
import { rbfModel } from "../models.ts";

const LINE = `model Line
input x : real[2]
param l = 1 > 0
kernel k(a, b) = rbf(a, b, l)
u ~ GP(k)
observe value : u   noise 1e-6
observe slope : ∇u  noise 1e-5
predict value : u
predict slope : ∇u
`;
/** Points on a grid that is a little out of order, values and slopes of sin(a) + b². */
function data(count: number) {
  const x = Array.from(
    { length: count },
    (_, i) => [2 * Math.sin(3 * i), 2 * Math.cos(1.7 * i * i)] as [number, number],
  );
  return {
    value: { x, y: x.map(([a, b]) => Math.sin(a) + b * b) },
    slope: { x: x.slice(0, count / 2), y: x.slice(0, count / 2).map(([a, b]) => [Math.cos(a), 2 * b]) },
  };
}
const line = (): CompiledModel => compile(LINE, { name: "line.adk" });
const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((best, x) => Math.max(best, Math.abs(x)), 0);
const deviation = (found: ArrayLike<number>, expected: ArrayLike<number>): number =>
  largest(Array.from(expected, (x, i) => x - found[i]!)) / largest(expected);
const step = (part: number) => ({ phase: "product", done: part, total: 1 });

function preconditioner(problem: Problem, rank: number) {
  const {
    source: { compiled, parameters },
    layout,
    noise,
  } = problem;
  return run(preconditionerSteps({ compiled, layout, parameters, noise, executor: new InProcessExecutor(), rank }));
}

const PLAIN: CgRequest["precondition"] = function* (r) {
  yield step(1);
  return r.slice();
};
function solve(problem: Problem, precondition: CgRequest["precondition"], tolerance = 1e-6, limit = 3000) {
  const {
    source: { compiled, parameters },
    layout,
    noise,
    y,
  } = problem;
  const product = new KernelProduct(compiled, layout, new InProcessExecutor(), parameters);
  return { product, ...run(cgSteps({ product, noise, y, precondition, tolerance, expected: 10, limit })) };
}

describe("conjugate gradients", () => {
  it("give what the factorisation gives, in a compiled model and in one by hand", () => {
    for (const model of [line(), rbfModel(2)]) {
      const groups = model.name === "Line" ? data(60) : { value: data(60).value, gradient: data(60).slope };
      const direct = fit(model, groups, { noise: 1e-6, solver: "cholesky" });
      const iterative = fit(model, groups, { noise: 1e-6, solver: "cg", tolerance: 1e-10 });
      expect(iterative.report).toMatchObject({ solver: "cg", n: 120, tolerance: 1e-10 });
      expect(iterative.state.solver).toBe("cg");
      expect(iterative.report!.iterations).toBeLessThan(60);
      const at = Float64Array.of(0.1, 0.2, -0.5, 1, 1.5, -1);
      for (const label of ["value"])
        expect(deviation(iterative.predict(at)[label]!, direct.predict(at)[label]!)).toBeLessThan(1e-7);
      expect(deviation(iterative.training["value"]!.coefficients, direct.training["value"]!.coefficients)).toBeLessThan(
        1e-3,
      );
    }
  });

  it("take few iterations with a preconditioner and many without, and one for the exact inverse", () => {
    const problem = problemOf(line(), data(40), {});
    const none = solve(problem, PLAIN);
    const some = preconditioner(problem, 30);
    const few = solve(problem, (r, at) => some.applySteps(r, at));
    const all = preconditioner(problem, 80);
    const exact = solve(problem, (r, at) => all.applySteps(r, at));
    expect(few.iterations).toBeLessThan(none.iterations / 2);
    expect(exact.iterations).toBeLessThan(few.iterations / 2);
    for (const { relative } of [none, few, exact]) expect(relative).toBeLessThan(1e-6);
    // A product for each iteration, one to look at the end, and one for every 50.
    expect(few.product.count).toBeLessThanOrEqual(few.iterations + 2 + Math.floor(few.iterations / 50) + few.restarts);
  });

  it("say what rounding leaves, and that a limit was met", () => {
    const problem = problemOf(line(), data(40), { noise: 1e-11 });
    const made = preconditioner(problem, 70);
    const stopped = solve(problem, (r, at) => made.applySteps(r, at), 1e-17);
    expect(stopped).toMatchObject({ stalled: true });
    expect(stopped.relative).toBeLessThan(1e-3);
    expect(() => solve(problem, PLAIN, 1e-9, 5)).toThrow(ConvergenceError);
    const said: string[] = [];
    fit(line(), data(40), { noise: 1e-11, solver: "cg", tolerance: 1e-17, notice: (message) => said.push(message) });
    expect(said.join()).toMatch(/rounding stops conjugate gradients at a residual of/);
  });

  it("solve y = 0 by α = 0", () => {
    const x = [
      [0, 0],
      [1, 1],
    ];
    const model = fit(line(), { value: { x, y: [0, 0] } }, { solver: "cg" });
    expect([...model.training["value"]!.coefficients]).toEqual([0, 0]);
  });
});

describe("a product without a matrix", () => {
  it("is that of the assembled matrix", () => {
    const problem = problemOf(line(), data(30), {});
    const {
      source: { compiled, parameters },
      layout,
    } = problem;
    const product = new KernelProduct(compiled, layout, new InProcessExecutor(), parameters);
    const alpha = Float64Array.from({ length: layout.n }, (_, i) => Math.sin(5 * i));
    const found = run(product.apply(alpha, step));
    const expected = new Float64Array(layout.n);
    for (const row of layout.blocks) {
      for (const col of layout.blocks) {
        const block = compiled.covariance(row.label, row.points, col.label, col.points, parameters);
        const width = col.count * col.components;
        block.forEach(
          (entry, at) => (expected[row.start + Math.floor(at / width)]! += entry * alpha[col.start + (at % width)]!),
        );
      }
    }
    expect(deviation(found, expected)).toBeLessThan(1e-13);
  });

  it("and the fit have the same bits for any number of threads", async () => {
    const compiled = line();
    const executor = createExecutor(2);
    try {
      for (const solver of ["cg", "cholesky"] as const) {
        expect(fit(compiled, data(40), { solver, executor }).toBytes()).toEqual(
          fit(compiled, data(40), { solver }).toBytes(),
        );
      }
    } finally {
      await executor.close();
    }
  });
});

describe("a preconditioner", () => {
  it("inverts K + noise where its rank is full, and stops where nothing is left above the noise", () => {
    const problem = problemOf(line(), data(20), { noise: 1e-4 });
    const made = preconditioner(problem, 40);
    const {
      source: { compiled, parameters },
      layout,
      noise,
    } = problem;
    const x = Float64Array.from({ length: layout.n }, (_, i) => Math.cos(i * i));
    const image = run(new KernelProduct(compiled, layout, new InProcessExecutor(), parameters).apply(x, step)).map(
      (value, i) => value + noise[i]! * x[i]!,
    );
    expect(norm(run(made.applySteps(image, () => step(1))).map((value, i) => value - x[i]!)) / norm(x)).toBeLessThan(
      0.05,
    );
    const means = made.remainders.map(({ mean }) => mean);
    expect(means).toEqual([...means].sort((a, b) => b - a));
    expect(preconditioner(problemOf(line(), data(20), { noise: 10 }), 40).rank).toBeLessThan(40);
  });

  it("of an earlier run's columns goes on to the same bits", () => {
    const problem = problemOf(line(), data(20), {});
    const {
      source: { compiled, parameters },
      layout,
      noise,
    } = problem;
    const states: ColumnStore[] = [];
    const copy = ({ blocks, used, left }: ColumnStore): ColumnStore => ({
      blocks: blocks.map(({ pivots, chunks }) => ({ pivots, chunks: chunks.map((chunk) => chunk.slice()) })),
      used,
      left,
    });
    const request = { compiled, layout, parameters, noise, executor: new InProcessExecutor(), rank: 30 };
    const whole = run(preconditionerSteps({ ...request, pause: (state) => states.push(copy(state)) }));
    const resumed = run(preconditionerSteps({ ...request, resume: states[1]! }));
    expect(states.length).toBeGreaterThan(2);
    expect(states[1]!.blocks.length).toBeGreaterThan(0);
    expect(resumed.columns.blocks).toEqual(whole.columns.blocks);
  });
});

describe("the choice of a solver", () => {
  const choose = (options: SolverOptions) => run(choiceSteps(choiceRequest(problemOf(line(), data(200), {}), options)));

  it("is cholesky where it fits, conjugate gradients where it doesn't, and the same each time", () => {
    expect(choose({})).toMatchObject({ solver: "cholesky", rejected: [] });
    const chosen = choose({ memory: 1e6 });
    expect(chosen).toMatchObject({
      solver: "cg",
      tolerance: 1e-7,
      rejected: [{ solver: "cholesky", why: expect.stringMatching(/more than the 1 MB of --memory/) as string }],
    });
    expect(chosen.bytes).toBeLessThanOrEqual(1e6);
    expect(choose({ memory: 1e6 })).toEqual(chosen);
    expect(choose({ solver: "cg", rank: 17 })).toMatchObject({
      solver: "cg",
      rank: 17,
      rejected: [{ why: "cg was asked for" }],
    });
  });

  it("is refused where nothing fits, with what would", () => {
    expect(() => choose({ memory: 5e4 })).toThrow(
      /400 equations don't fit into 1 MB by any solver: \d+ training points in place of 300 would fit/,
    );
    expect(() => choose({ memory: 1e6, solver: "cholesky" })).toThrow(/cholesky takes .* or --solver cg/);
    expect(() => choose({ tolerance: 2 })).toThrow(OptionError);
    expect(() => choose({ memory: -1 })).toThrow(OptionError);
    expect(() => choose({ rank: 0.5 })).toThrow(OptionError);
  });

  it("follows the variance left between ranks that were seen, and beyond them by a power law", () => {
    const seen = [
      { rank: 0, mean: 1000 },
      { rank: 10, mean: 100 },
      { rank: 20, mean: 50 },
    ];
    expect(meanAt(seen, 20)).toBeCloseTo(50, 10);
    expect(meanAt(seen, 40)).toBeCloseTo(25, 10);
    expect(meanAt(seen, 15)).toBeGreaterThan(50);
    expect(meanAt(seen, 15)).toBeLessThan(100);
  });

  it("believes no power law that is too steep: the last columns before rounding tell nothing of those beyond", () => {
    const steep = [
      { rank: 0, mean: 1 },
      { rank: 10, mean: 1 },
      { rank: 20, mean: 2 ** -40 },
    ];
    // The power 1.5 at most; by the last two ranks it would be 40.
    expect(meanAt(steep, 40) / meanAt(steep, 20)).toBeCloseTo(2 ** -1.5, 12);
    expect(meanAt(steep, 20)).toBe(2 ** -40);
  });
});
