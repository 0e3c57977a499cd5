/**
 * The Cholesky factorisation without WebAssembly. In: a matrix in tiles. Out: its factor, in the same tiles.
 * Tile columns from left to right: factor the diagonal tile, solve those below it, subtract their products from what lies
 * to the right. One 4 × 4 kernel in TypeScript over packed panels; a quarter of the speed, the same numbers but for rounding.
 */
import { NotPositiveDefiniteError } from "../errors.ts";
import type { Steps } from "../steps.ts";
import type { Factor, FactorProgress } from "./cholesky.ts";
import { factorTile, solveTile, updateTile } from "./kernel.ts";
import { sufficientNoise } from "./noise.ts";
import { TILE } from "./packed.ts";
import type { PackedLower } from "./packed.ts";

/** Factors A in place, a step for each tile row of each column. Throws NotPositiveDefiniteError. */
export function* scalarCholeskySteps(matrix: PackedLower, progress: FactorProgress): Steps<Factor> {
  const { blocks, tiles } = matrix;
  const diagonal = new Float64Array(TILE * TILE);
  const panels = tiles.map((row) => new Float64Array(row[0]!.length));
  const total = (blocks * (blocks + 1) * (blocks + 2)) / 6;
  const first = firstUnfinished(blocks, progress);
  let done = 0;
  for (let k = 0; k < blocks; k++) {
    const width = matrix.height(k);
    const corner = tiles[k]![k]!;
    const failed = factorTile(corner, width, diagonal);
    if (failed >= 0) {
      const pivot = corner[failed * width + failed]!;
      throw new NotPositiveDefiniteError(k * TILE + failed, pivot, sufficientNoise(matrix.n, progress.largest, pivot));
    }
    for (let i = k + 1; i < blocks; i++) solveTile(tiles[i]![k]!, matrix.height(i), width, diagonal, panels[i]!);
    done += blocks - k;
    for (let i = k + 1; i < blocks; i++) {
      for (let j = k + 1; j <= i; j++) updateTile(tiles[i]![j]!, matrix.height(i), matrix.height(j), panels[i]!, panels[j]!, width, i === j);
      done += i - k;
      yield { phase: "factorisation", done, total };
    }
  }
  return { lower: matrix, norm1: progress.norm1 };
}
