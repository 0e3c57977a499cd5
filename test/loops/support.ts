/**
 * What tests of programs share: the specs with sizes, points to evaluate them at, programs run by the counting
 * interpreter.
 * In: names. Out: compiled models, numbers, counts. Points and coefficients are pseudo-random and the same every time.
 */
import { readFileSync } from "node:fs";
import { compile } from "../../compiler/driver.ts";
import type { Compiled } from "../../compiler/compiled.ts";
import { execute } from "../../compiler/loops/interpret.ts";
import { KernelBuilder } from "../../compiler/kernels.ts";
import { PLAIN } from "../../compiler/loops/legalise.ts";
import type { Kernel } from "../../compiler/loops/kernel.ts";
import type { BoundValue, Tensor } from "../../compiler/model/lower/lower.ts";
import type { Lowered } from "../../compiler/model/lower/lowered.ts";
import type { Buffer, Extent, Program, Statement } from "../../compiler/loops/loop.ts";

const specs = new URL("../specs/", import.meta.url);
export const specText = (name: string): string => readFileSync(new URL(`${name}.adk`, specs), "utf8");

/** Permutations of N atoms: those of the first three. */
export const permutations = (atoms: number): number[][] =>
  [
    [0, 1, 2],
    [1, 0, 2],
    [2, 1, 0],
    [0, 2, 1],
    [1, 2, 0],
    [2, 0, 1],
  ].map((p) => Array.from({ length: atoms }, (_, n) => p[n] ?? n));
/** The same for two permutations: the swap of the first two. */
export const swaps = (atoms: number): number[][] => permutations(atoms).slice(0, 2);

/** Specs small enough to be interpreted, with what binds their sizes. */
export const SMALL: Readonly<Record<string, Readonly<Record<string, BoundValue>>>> = {
  rosenbrock: {},
  himmelblau: {},
  laplace_disc: {},
  wave: {},
  flow2d: {},
  curl_free: {},
  kernels_by_hand: {},
  gdml: { N: 3 },
  sgdml: { perms: swaps(3) },
  sgdml_rbf: { perms: swaps(3) },
};

/** The weights of kernels_by_hand. */
function tensors(key: string): Tensor | undefined {
  const shape = { W1: [8, 4], W2: [2, 8] }[key],
    draw = stream(3);
  return shape && { shape, data: Float64Array.from({ length: shape[0]! * shape[1]! }, draw) };
}

export const compileSpec = (name: string, bind = SMALL[name] ?? {}): Compiled =>
  compile(specText(name), { bind, tensors });
/** Kernels as the scheduler lays them out, for people to read: before passes that serve a target. */
export const laidOut = (lowered: Lowered): KernelBuilder => new KernelBuilder(lowered, {}, PLAIN);

/** A specification given as text. */
export const compileText = (text: string, bind: Readonly<Record<string, BoundValue>> = {}): Compiled =>
  compile(text, { bind });

/** Numbers in (−1, 1), from a linear congruence. */
export function stream(seed: number): () => number {
  let state = (seed * 2654435761) % 4294967296;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return (state / 4294967296) * 2 - 1;
  };
}

export const entriesOf = (dims: readonly Extent[], sizes: Readonly<Record<string, number>>): number =>
  dims.reduce<number>((n, d) => n * (typeof d === "number" ? d : sizes[d.size]!), 1);

/** Values for a kernel's inputs: parameters near 1, everything else random. */
export function fill(
  buffers: readonly Buffer[],
  kernel: Kernel,
  sizes: Readonly<Record<string, number>>,
  seed = 1,
): Record<string, Float64Array> {
  const draw = stream(seed);
  return Object.fromEntries(
    buffers.map((b) => {
      const positive = kernel.origins.get(b)?.kind === "parameter";
      return [
        b.name,
        Float64Array.from({ length: entriesOf(b.dims, sizes) }, () => (positive ? 1.1 + draw() / 4 : draw())),
      ];
    }),
  );
}

export interface Executed {
  readonly flops: number;
  readonly prepared: number;
  readonly buffers: Record<string, Float64Array>;
}

/** Runs a kernel on test points and so many points of every training side. */
export function run(kernel: Kernel, test: number, training: number): Executed {
  const sizes = Object.fromEntries(
    [...new Set([kernel.prepare, kernel.evaluate].flatMap((p) => p?.sizes ?? []))].map((s) => [
      s,
      s === "m" ? test : training,
    ]),
  );
  const outputs = (p: Program): Record<string, Float64Array> =>
    Object.fromEntries(p.outputs.map((b) => [b.name, new Float64Array(entriesOf(b.dims, sizes))]));
  const inputs = new Map<string, Buffer>(
    [...(kernel.prepare?.inputs ?? []), ...kernel.evaluate.inputs]
      .filter((b) => kernel.origins.get(b)?.kind !== "table")
      .map((b) => [b.name, b]),
  );
  const buffers = fill([...inputs.values()], kernel, sizes);
  let prepared = 0;
  if (kernel.prepare) {
    Object.assign(buffers, outputs(kernel.prepare));
    prepared = execute(kernel.prepare, { sizes, buffers }).flops;
  }
  Object.assign(buffers, outputs(kernel.evaluate));
  return { flops: execute(kernel.evaluate, { sizes, buffers }).flops, prepared, buffers };
}

/** Operations that each further pair of points costs. */
export const flopsPerPair = (kernel: Kernel): number => run(kernel, 1, 2).flops - run(kernel, 1, 1).flops;

// ---- the shape of programs

/** Every statement, with the loops around it, outermost first. */
export function* walk(
  body: readonly Statement[],
  loops: readonly (Statement & { kind: "for" })[] = [],
): Generator<{ statement: Statement; loops: readonly (Statement & { kind: "for" })[] }> {
  for (const s of body) {
    yield { statement: s, loops };
    if (s.kind === "for") yield* walk(s.body, [...loops, s]);
    if (s.kind === "block") yield* walk(s.body, loops);
  }
}

/** The loop nest as nested extents: [["m", ["n_y", [3]]]]. */
export type Shape = readonly (readonly [Extent | string, Shape])[];
export function loopShape(body: readonly Statement[]): Shape {
  return body.flatMap(
    (s): Shape =>
      s.kind === "for"
        ? [[typeof s.extent === "number" ? s.extent : s.extent.size, loopShape(s.body)]]
        : s.kind === "block"
          ? loopShape(s.body)
          : [],
  );
}
/** The same as text: m(5(3) n_y(10 10) 10(3(…))). */
export const shapeText = (shape: Shape): string =>
  shape.map(([e, inner]) => `${e}${inner.length > 0 ? `(${shapeText(inner)})` : ""}`).join(" ");
export const countStatements = (body: readonly Statement[]): number =>
  [...walk(body)].filter(({ statement: { kind } }) => kind !== "for" && kind !== "block").length;
