/**
 * The Cholesky factorisation. In: a symmetric positive definite matrix in tiles. Out: its factor, in the same tiles.
 * Tile columns from left to right: factor the diagonal tile, solve those below it, subtract their products from what lies
 * to the right. n³/3 FLOPs, nearly all in one 4 × 4 kernel over packed panels; n · TILE numbers of workspace.
 * Golub and Van Loan, Matrix Computations, 4th ed., §4.2.
 */
import { NotPositiveDefiniteError } from "../errors.ts";
import { run } from "../steps.ts";
import type { Drive, Steps } from "../steps.ts";
import { factorTile, solveTile, updateTile } from "./kernel.ts";
import { TILE } from "./packed.ts";
import type { PackedLower } from "./packed.ts";

/** L with L Lᵀ = A, and what is known of A. */
export interface Factor {
  /** The lower triangle of L; the tiles that held A. */
  readonly lower: PackedLower;
  /** ‖A‖₁. */
  readonly norm1: number;
}

/**
 * Factors A in place; nothing is added to its diagonal.
 * @throws NotPositiveDefiniteError at the first pivot that isn't positive, with the row and a noise that should do;
 * the tiles are then of no use
 * @throws InterruptedError once the signal is set
 */
export function cholesky(matrix: PackedLower, drive: Drive = {}): Factor {
  return run(choleskySteps(matrix), drive);
}

/** The same in steps, one for each tile row of each column. */
export function* choleskySteps(matrix: PackedLower): Steps<Factor> {
  const { blocks, tiles } = matrix;
  const norm1 = matrix.norm1();
  const largest = largestDiagonal(matrix);
  padDiagonal(matrix);
  const diagonal = new Float64Array(TILE * TILE);
  const panels = tiles.map((row) => new Float64Array(row[0]!.length));
  const total = flops(blocks);
  let done = 0;
  for (let k = 0; k < blocks; k++) {
    const width = matrix.height(k);
    const corner = tiles[k]![k]!;
    const failed = factorTile(corner, width, diagonal);
    if (failed >= 0) {
      const pivot = corner[failed * width + failed]!;
      throw new NotPositiveDefiniteError(k * TILE + failed, pivot, sufficientNoise(matrix.n, largest, pivot));
    }
    for (let i = k + 1; i < blocks; i++) solveTile(tiles[i]![k]!, matrix.height(i), width, diagonal, panels[i]!);
    done += blocks - k;
    for (let i = k + 1; i < blocks; i++) {
      for (let j = k + 1; j <= i; j++) updateTile(tiles[i]![j]!, matrix.height(i), matrix.height(j), panels[i]!, panels[j]!, width, i === j);
      done += 2 * (i - k);
      yield { phase: "factorisation", done, total };
    }
  }
  return { lower: matrix, norm1 };
}

/** What all columns of tiles add to `done`. */
function flops(blocks: number): number {
  let total = 0;
  for (let k = 0; k < blocks; k++) total += (blocks - k) * (blocks - k);
  return total;
}

function largestDiagonal(matrix: PackedLower): number {
  let largest = 0;
  for (let i = 0; i < matrix.n; i++) largest = Math.max(largest, Math.abs(matrix.get(i, i)));
  return largest;
}

/** Rows that only fill the last tile get a pivot of 1. */
function padDiagonal(matrix: PackedLower): void {
  const last = matrix.blocks - 1;
  const height = matrix.height(last);
  for (let r = matrix.rows(last); r < height; r++) matrix.tiles[last]![last]![r * height + r] = 1;
}

/**
 * A noise variance to propose where a pivot failed: what the pivot lacks, or what rounding can take away from the smallest
 * eigenvalue (n · eps · the largest diagonal entry, Higham, Accuracy and Stability, theorem 10.7), tenfold, as a power of ten.
 */
export function sufficientNoise(n: number, largestDiagonalEntry: number, pivot: number): number {
  const rounding = n * Number.EPSILON * largestDiagonalEntry;
  const needed = 10 * Math.max(rounding, Number.isFinite(pivot) ? -pivot : 0);
  return needed > 0 ? 10 ** Math.ceil(Math.log10(needed)) : Number.EPSILON;
}
