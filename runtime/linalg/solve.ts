/**
 * Linear systems with a Cholesky factor. In: the factor, right-hand sides. Out: solutions, log-determinant, condition.
 * Two substitutions through the tiles, each tile visited once for all right-hand sides.
 */
import type { Factor } from "./cholesky.ts";
import { TILE } from "./packed.ts";
import type { PackedLower } from "./packed.ts";

/** L y = b in place, for `columns` right-hand sides one after the other, each of length n. n² FLOPs each. */
export function solveLower({ lower }: Factor, b: Float64Array, columns = 1): void {
  for (let I = 0; I < lower.blocks; I++) {
    for (let J = 0; J < I; J++) eachColumn(lower, b, columns, (base) => subtractTile(lower, I, J, b, base));
    eachColumn(lower, b, columns, (base) => forward(lower, I, b, base));
  }
}

/** Lᵀ x = y in place, likewise. */
export function solveUpper({ lower }: Factor, b: Float64Array, columns = 1): void {
  for (let I = lower.blocks - 1; I >= 0; I--) {
    for (let J = I + 1; J < lower.blocks; J++) eachColumn(lower, b, columns, (base) => subtractTransposed(lower, J, I, b, base));
    eachColumn(lower, b, columns, (base) => backward(lower, I, b, base));
  }
}

/** A x = b for one or several right-hand sides, each of length n; b stays as it is. 2 n² FLOPs each. */
export function solve(factor: Factor, b: Float64Array, columns = 1): Float64Array {
  const x = b.slice();
  solveLower(factor, x, columns);
  solveUpper(factor, x, columns);
  return x;
}

function eachColumn(lower: PackedLower, b: Float64Array, columns: number, work: (base: number) => void): void {
  if (b.length !== columns * lower.n) throw new RangeError(`${columns} right-hand sides of ${lower.n} numbers were expected, found ${b.length} numbers`);
  for (let column = 0; column < columns; column++) work(column * lower.n);
}

/** b_I -= L_IJ b_J */
function subtractTile(lower: PackedLower, I: number, J: number, b: Float64Array, base: number): void {
  const tile = lower.tiles[I]![J]!;
  const rows = lower.rows(I);
  const from = base + J * TILE;
  for (let r = 0; r < rows; r++) {
    let sum = 0;
    for (let c = 0; c < TILE; c++) sum += tile[r * TILE + c]! * b[from + c]!;
    b[base + I * TILE + r]! -= sum;
  }
}

/** b_I -= L_JIᵀ b_J, J below I */
function subtractTransposed(lower: PackedLower, J: number, I: number, b: Float64Array, base: number): void {
  const tile = lower.tiles[J]![I]!;
  const rows = lower.rows(J);
  const to = base + I * TILE;
  for (let r = 0; r < rows; r++) {
    const value = b[base + J * TILE + r]!;
    for (let c = 0; c < TILE; c++) b[to + c]! -= tile[r * TILE + c]! * value;
  }
}

function forward(lower: PackedLower, I: number, b: Float64Array, base: number): void {
  const tile = lower.tiles[I]![I]!;
  const width = lower.height(I);
  const at = base + I * TILE;
  for (let r = 0; r < lower.rows(I); r++) {
    let sum = b[at + r]!;
    for (let c = 0; c < r; c++) sum -= tile[r * width + c]! * b[at + c]!;
    b[at + r] = sum / tile[r * width + r]!;
  }
}

function backward(lower: PackedLower, I: number, b: Float64Array, base: number): void {
  const tile = lower.tiles[I]![I]!;
  const width = lower.height(I);
  const at = base + I * TILE;
  for (let r = lower.rows(I) - 1; r >= 0; r--) {
    const value = b[at + r]! / tile[r * width + r]!;
    b[at + r] = value;
    for (let c = 0; c < r; c++) b[at + c]! -= tile[r * width + c]! * value;
  }
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
