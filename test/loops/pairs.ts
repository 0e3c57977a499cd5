/**
 * Random kernels: terms of a test point and a training point, summed over training points. In: a term. Out: the tensor,
 * its sides, values of its inputs, and what it must give by direct evaluation.
 */
import { axis, build, param, replaceParams, sum, at, type Axis, type Expr } from "../../compiler/ir/expr.ts";
import type { Value } from "../../compiler/ir/interpret.ts";
import type { Kernel } from "../../compiler/loops/kernel.ts";
import { schedule, extentOf, type Result } from "../../compiler/loops/schedule.ts";
import type { Buffer, Program } from "../../compiler/loops/loop.ts";
import { optimise } from "../../compiler/opt/pipeline.ts";
import type { Sides, Staged } from "../../compiler/opt/stage.ts";
import { plainNumbers } from "../ir/jets.ts";
import { express, params, positions, tensors, valueAndTolerance, type Term } from "../ir/terms.ts";
import { stream } from "./support.ts";

/** x belongs to the test point, y and w to the training point, s to neither. */
const SIZES = { m: 2, n: 3 } as const;
export const SCOPE: readonly number[] = [2, 3];
const TEST = param("points", [10, 3], ["m"]),
  TRAINING = param("others", [100, 2, 3], ["n"]),
  ALPHA = param("alpha", [100, 2], ["n"]);
export const sides: Sides = {
  test: new Set<Expr | string>(["m", TEST]),
  training: new Set<Expr | string>(["n", TRAINING, ALPHA]),
  coefficients: new Set([ALPHA]),
};

const slice = (tensor: Expr, point: Axis, shape: readonly number[]): Expr => {
  const rest = shape.map((d) => axis(d));
  return build(rest, at(tensor, [point, ...rest]));
};

/** [m, 2, 3]: for each test point, the sum over training points of the term over SCOPE. */
export function pairTensor(t: Term): Expr {
  const i = axis(10, "m", "m"),
    j = axis(100, "n", "n"),
    scope = SCOPE.map((e) => axis(e));
  const one = replaceParams(
    express(t, scope),
    new Map([
      [params.x!, slice(TEST, i, tensors.x!)],
      [params.y!, slice(TRAINING, j, tensors.y!)],
      [params.w!, slice(ALPHA, j, tensors.w!)],
    ]),
  );
  return build([i, ...scope], sum([j], one));
}

export interface PairValues {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly w: Float64Array;
  readonly s: number;
}
export function pairValues(seed: number): PairValues {
  const draw = stream(seed),
    some = (n: number): Float64Array => Float64Array.from({ length: n }, () => draw() * 1.4);
  return { x: some(SIZES.m * 3), y: some(SIZES.n * 6), w: some(SIZES.n * 2), s: draw() + 1 };
}

export const pairInputs = ({ x, y, w, s }: PairValues): Map<Expr, Value> =>
  new Map<Expr, Value>([
    [TEST, { shape: [SIZES.m, 3], data: x }],
    [TRAINING, { shape: [SIZES.n, 2, 3], data: y }],
    [ALPHA, { shape: [SIZES.n, 2], data: w }],
    [params.s!, { shape: [], data: [s] }],
  ]);

/** What the tensor must hold, with what rounding allows. */
export function expectedPairs(t: Term, { x, y, w, s }: PairValues): { values: number[]; tolerance: number } {
  const values: number[] = [];
  let tolerance = 0;
  for (let i = 0; i < SIZES.m; i++) {
    for (const p of positions(SCOPE)) {
      let total = 0;
      for (let j = 0; j < SIZES.n; j++) {
        const one = valueAndTolerance(
          t,
          {
            x: [...x.subarray(3 * i, 3 * i + 3)],
            y: [...y.subarray(6 * j, 6 * j + 6)],
            w: [...w.subarray(2 * j, 2 * j + 2)],
            s: [s],
          },
          plainNumbers,
          p,
        );
        total += one.value;
        tolerance = Math.max(tolerance, one.tolerance * SIZES.n);
      }
      values.push(total);
    }
  }
  return { values, tolerance };
}

// ---- as kernels

const buffer = (p: Expr, name: string, role: Buffer["role"]): Buffer => {
  if (p.kind !== "param") throw new Error("only Params have buffers");
  return { name, role, dims: p.dims.map((d, n) => (p.sizes[n] === undefined ? d : { size: p.sizes[n] })) };
};

/** The tensor optimised, staged and laid out, unsimplified. */
export function pairKernel(tensor: Expr): { staged: Staged; kernel: Kernel } {
  const staged = optimise([tensor], sides, "staged");
  const given = new Map<Expr, Buffer>(
    [
      [TEST, "x"],
      [TRAINING, "y"],
      [ALPHA, "w"],
      [params.s!, "s"],
    ].map(([p, name]) => [p as Expr, buffer(p as Expr, name as string, "input")]),
  );
  const tables = new Map(
    staged.perModel.map((t) => [t.param, buffer(t.param, (t.param as Expr & { kind: "param" }).name, "input")]),
  );
  const program = (
    name: string,
    sizes: string[],
    inputs: ReadonlyMap<Expr, Buffer>,
    results: readonly Result[],
  ): Program => schedule({ name, doc: name, sizes, inputs, results, notes: {} });
  const result = staged.results[0]!,
    out: Buffer = { name: "out", role: "output", dims: result.kind === "build" ? result.axes.map(extentOf) : [] };
  const evaluate = program("pairs_evaluate", ["m", "n"], new Map([...given, ...tables]), [
    { buffer: out, tensor: result },
  ]);
  const prepare =
    tables.size === 0
      ? undefined
      : program(
          "pairs_prepare",
          ["n"],
          given,
          staged.perModel.map(
            (t): Result => ({ buffer: { ...tables.get(t.param)!, role: "output" }, tensor: t.tensor }),
          ),
        );
  return {
    staged,
    kernel: {
      name: "pairs",
      doc: "pairs",
      ...(prepare ? { prepare } : {}),
      evaluate,
      origins: new Map(),
      sizes: new Map([["y", "n"]]),
    },
  };
}

export const pairSizes: Readonly<Record<string, number>> = SIZES;
/** Buffers of a pair kernel: its inputs, and room for tables and results. */
export function pairBuffers({ prepare, evaluate }: Kernel, { x, y, w, s }: PairValues): Record<string, Float64Array> {
  const room = (b: Buffer): [string, Float64Array] => [
    b.name,
    new Float64Array(b.dims.reduce<number>((n, d) => n * (typeof d === "number" ? d : pairSizes[d.size]!), 1)),
  ];
  return {
    x,
    y,
    w,
    s: Float64Array.of(s),
    ...Object.fromEntries([...(prepare?.outputs ?? []), ...evaluate.outputs].map(room)),
  };
}
