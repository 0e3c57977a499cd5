/**
 * Linear systems with a Cholesky factor. In: the factor, right-hand sides. Out: solutions, log-determinant, condition.
 * Two substitutions through the tiles, each tile visited once for all right-hand sides, by the kernels of the factorisation.
 */
import type { Factor } from "./cholesky.ts";
import { TILE } from "./packed.ts";
import type { PackedLower } from "./packed.ts";
import { tileKernels } from "./tile_program.ts";

/** L y = b in place, for `columns` right-hand sides one after the other, each of length n. n² FLOPs each. */
export function solveLower({ lower }: Factor, b: Float64Array, columns = 1): void {
  const parts = split(lower, b, columns);
  for (let I = 0; I < lower.blocks; I++) {
    const before = range(0, I);
    parts[I] = substitute("forward", lower, columns, [parts[I]!, ...before.map((k) => parts[k]!)], [I, ...before], before.map((k) => lower.tiles[I]![k]!));
  }
  join(lower, parts, b, columns);
}

/** Lᵀ x = y in place, likewise. */
export function solveUpper({ lower }: Factor, b: Float64Array, columns = 1): void {
  const parts = split(lower, b, columns);
  for (let I = lower.blocks - 1; I >= 0; I--) {
    const after = range(I + 1, lower.blocks);
    parts[I] = substitute("backward", lower, columns, [parts[I]!, ...after.map((k) => parts[k]!)], [I, ...after], after.map((k) => lower.tiles[k]![I]!));
  }
  join(lower, parts, b, columns);
}

/** A x = b for one or several right-hand sides, each of length n; b stays as it is. 2 n² FLOPs each. */
export function solve(factor: Factor, b: Float64Array, columns = 1): Float64Array {
  const x = b.slice();
  solveLower(factor, x, columns);
  solveUpper(factor, x, columns);
  return x;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, k) => from + k);

/** One tile row of a substitution, all right-hand sides at once: each has the bits that it has alone. */
function substitute(
  run: "forward" | "backward", lower: PackedLower, columns: number, parts: readonly Float64Array[], rows: readonly number[], tiles: readonly Float64Array[],
): Float64Array {
  return tileKernels()[run]!([columns, tiles.length, ...rows.map((I) => lower.height(I))], [...parts, ...tiles, lower.tiles[rows[0]!]![rows[0]!]!])[0]!;
}

/** Right-hand sides by tile row: [columns, height], zero where the last tile is only filled up. */
function split(lower: PackedLower, b: Float64Array, columns: number): Float64Array[] {
  const { n } = lower;
  if (b.length !== columns * n) throw new RangeError(`${columns} right-hand sides of ${n} numbers were expected, found ${b.length} numbers`);
  return range(0, lower.blocks).map((I) => {
    const height = lower.height(I), part = new Float64Array(columns * height);
    for (let c = 0; c < columns; c++) part.set(b.subarray(c * n + I * TILE, c * n + I * TILE + lower.rows(I)), c * height);
    return part;
  });
}

function join(lower: PackedLower, parts: readonly Float64Array[], b: Float64Array, columns: number): void {
  parts.forEach((part, I) => {
    const height = lower.height(I);
    for (let c = 0; c < columns; c++) b.set(part.subarray(c * height, c * height + lower.rows(I)), c * lower.n + I * TILE);
  });
}

/** log det A = 2 Σ log L_ii. */
export function logDeterminant({ lower }: Factor): number {
  let sum = 0;
  for (let i = 0; i < lower.n; i++) sum += Math.log(lower.get(i, i));
  return 2 * sum;
}

/**
 * An estimate of the condition number ‖A‖₁ ‖A⁻¹‖₁, from below and rarely off by more than 3, by at most five solutions.
 * Hager's algorithm as improved by Higham, ACM TOMS 14 (1988) 381, algorithm 4.1.
 */
export function conditionEstimate(factor: Factor): number {
  const n = factor.lower.n;
  let x = new Float64Array(n).fill(1 / n);
  let estimate = 0;
  let last = -1;
  for (let round = 0; round < 5; round++) {
    const y = solve(factor, x);
    const size = y.reduce((sum, value) => sum + Math.abs(value), 0);
    if (size <= estimate) break;
    estimate = size;
    const z = solve(factor, y.map((value) => (value >= 0 ? 1 : -1)));
    const peak = z.reduce((best, value, i) => (Math.abs(value) > Math.abs(z[best]!) ? i : best), 0);
    if (peak === last || Math.abs(z[peak]!) <= z.reduce((sum, value, i) => sum + value * x[i]!, 0)) break;
    last = peak;
    x = new Float64Array(n);
    x[peak] = 1;
  }
  // A vector that alternates and grows catches what the search misses.
  const trial = Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 1 : -1) * (1 + (n > 1 ? i / (n - 1) : 0)));
  const size = solve(factor, trial).reduce((sum, value) => sum + Math.abs(value), 0);
  return factor.norm1 * Math.max(estimate, (2 * size) / (3 * n));
}
