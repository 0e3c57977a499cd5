/**
 * The tasks on columns of a partial factorisation against plain formulas, by both sets of kernels, at sizes that don't
 * fill tiles.
 */
import { describe, expect, it } from "vitest";
import type { TaskFunction } from "../../../runtime/executors/executor.ts";
import { rankFunctions, rankProgram } from "../../../runtime/linalg/rank_program.ts";
import { scalarBench } from "../../../runtime/linalg/scalar_bench.ts";

const numbers = (length: number, seed: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => Math.sin(seed + 1.3 * i + 0.1 * i * i));
const difference = (found: Float64Array, expected: Float64Array): number =>
  found.length === expected.length
    ? found.reduce((worst, value, i) => Math.max(worst, Math.abs(value - expected[i]!)), 0)
    : Infinity;

/** Σ_k a(r, k) b(k, c), row-major. */
function product(
  rows: number,
  columns: number,
  depth: number,
  a: (r: number, k: number) => number,
  b: (k: number, c: number) => number,
): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) for (let k = 0; k < depth; k++) out[r * columns + c]! += a(r, k) * b(k, c);
  return out;
}

describe.each<[string, Readonly<Record<string, TaskFunction>>]>([
  [rankProgram().name, rankProgram().create()],
  ["columns in TypeScript", rankFunctions(scalarBench())],
])("%s", (_, functions) => {
  const ROWS = 301,
    WIDTH = 36,
    DEPTHS = [128, 20];
  const target = numbers(ROWS * WIDTH, 1);
  const left = DEPTHS.map((depth, k) => numbers(ROWS * depth, 2 + k)),
    right = DEPTHS.map((depth, k) => numbers(WIDTH * depth, 4 + k));
  const triangle = Float64Array.from({ length: WIDTH * WIDTH }, (_unused, at) => {
    const r = Math.floor(at / WIDTH),
      c = at % WIDTH;
    return c > r ? 0 : c === r ? 2 : 0.1 * Math.cos(at);
  });
  const rest = target.map(
    (value, at) =>
      value -
      DEPTHS.reduce((sum, depth, k) => {
        const r = Math.floor(at / WIDTH),
          c = at % WIDTH;
        return (
          sum +
          product(
            1,
            1,
            depth,
            (_r, d) => left[k]![r * depth + d]!,
            (d) => right[k]![c * depth + d]!,
          )[0]!
        );
      }, 0),
  );

  it("extends: subtracts in depth, and solves", () => {
    const blocks = DEPTHS.flatMap((_depth, k) => [left[k]!, right[k]!]);
    const [subtracted] = functions["extend"]!([WIDTH, ...DEPTHS], [target, new Float64Array(0), ...blocks]);
    expect(difference(subtracted!, rest)).toBeLessThan(1e-12);
    const [solved] = functions["extend"]!([WIDTH, ...DEPTHS], [target, triangle, ...blocks]);
    const back = product(
      ROWS,
      WIDTH,
      WIDTH,
      (r, k) => solved![r * WIDTH + k]!,
      (k, c) => triangle[c * WIDTH + k]!,
    );
    expect(difference(back, rest)).toBeLessThan(1e-12);
  });

  it("forms products of columns with columns, over chunks of unequal height", () => {
    const widths = [36, 128, 4],
      heights = [301, 130, 7];
    const chunks = heights.map((rows, I) => widths.map((width, k) => numbers(rows * width, 10 * I + k)));
    const expected = (i: number, j: number): Float64Array =>
      chunks
        .map((sides, I) =>
          product(
            widths[i]!,
            widths[j]!,
            heights[I]!,
            (r, k) => -sides[i]![k * widths[i]! + r]!,
            (k, c) => sides[j]![k * widths[j]! + c]!,
          ),
        )
        .reduce((sum, part) => sum.map((value, at) => value + part[at]!));
    const apart = functions["gram"]!([0, 1, 2, ...widths], chunks.flat());
    [
      [0, 1],
      [0, 2],
    ].forEach(([i, j], t) => expect(difference(apart[t]!, expected(i!, j!))).toBeLessThan(1e-11));
    const together = functions["gram"]!([1, 3, 3, ...widths], chunks.flat());
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [2, 0],
      [2, 1],
      [2, 2],
    ].forEach(([i, j], t) => expect(difference(together[t]!, expected(i!, j!))).toBeLessThan(1e-11));
  });

  it("multiplies vectors from both sides", () => {
    const x = numbers(ROWS, 7),
      weights = numbers(148, 8);
    const [projected] = functions["project"]!(DEPTHS, [x, ...left]);
    const down = DEPTHS.map((depth, k) =>
      product(
        depth,
        1,
        ROWS,
        (c, r) => left[k]![r * depth + c]!,
        (r) => x[r]!,
      ),
    );
    expect(difference(projected!, Float64Array.of(...down[0]!, ...down[1]!))).toBeLessThan(1e-12);
    const [combined] = functions["combine"]!(DEPTHS, [weights, ...left]);
    const across = [weights.subarray(0, 128), weights.subarray(128)].map((part, k) =>
      product(
        ROWS,
        1,
        DEPTHS[k]!,
        (r, c) => left[k]![r * DEPTHS[k]! + c]!,
        (c) => part[c]!,
      ),
    );
    expect(
      difference(
        combined!,
        across[0]!.map((value, r) => value + across[1]![r]!),
      ),
    ).toBeLessThan(1e-12);
  });
});
