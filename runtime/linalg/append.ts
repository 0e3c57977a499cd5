/**
 * More rows for a factor. In: the factor of A; for new points, their covariances with the old and among themselves.
 * Out: the factor
 * of the larger matrix. With A = L Lᵀ, the new rows are X = B L⁻ᵀ and the factor of C − X Xᵀ: n² m + n m² + m³/3 FLOPs
 * for
 * m new rows, instead of all of it anew. Golub and Van Loan, Matrix Computations, 4th ed., §4.2.
 */
import { NotPositiveDefiniteError } from "../errors.ts";
import { run } from "../fit/steps.ts";
import type { Drive, Steps } from "../fit/steps.ts";
import { choleskySteps, padDiagonal } from "./cholesky.ts";
import type { Factor, FactorOptions } from "./cholesky.ts";
import { PackedLower, TILE } from "./packed.ts";
import { solveLowerSteps } from "./solve.ts";
import { FINISH, tileKernels } from "./tile_program.ts";

export interface NewRows {
  /** Number of new rows. */
  readonly count: number;
  /** B: new rows × old rows, row-major. */
  readonly cross: Float64Array;
  /** C: new rows × new rows, row-major, noise included; its lower triangle is read. */
  readonly corner: Float64Array;
}

/**
 * The factor of [A Bᵀ; B C]; the old one stays as it is. Its digits are as good as, but not the same as, those of a new
 * factorisation.
 * Its `norm1` is a bound from above, as the columns of A are no longer known one by one.
 * @throws NotPositiveDefiniteError with the row of the larger matrix
 * @throws RangeError for blocks of other sizes
 */
export function append(
  factor: Factor,
  rows: NewRows,
  drive: Drive = {},
  options: Omit<FactorOptions, "progress"> = {},
): Factor {
  return run(appendSteps(factor, rows, options), drive);
}

/** The same in steps. */
export function* appendSteps(
  factor: Factor,
  { count, cross, corner }: NewRows,
  options: Omit<FactorOptions, "progress"> = {},
): Steps<Factor> {
  const { n } = factor.lower;
  if (cross.length !== count * n || corner.length !== count * count) {
    throw new RangeError(
      `${count} new rows of a factor of order ${n} take ${count * n} and ${count * count} numbers, ` +
        `not ${cross.length} and ${corner.length}`,
    );
  }
  const x = cross.slice();
  yield* solveLowerSteps(factor, x, count, options.executor);
  const schur = new PackedLower(count);
  schur.setBlock(0, 0, corner, count, count);
  subtractProduct(schur, x, n);
  try {
    yield* choleskySteps(schur, options);
  } catch (error) {
    if (!(error instanceof NotPositiveDefiniteError)) throw error;
    throw new NotPositiveDefiniteError(n + error.index, error.pivot, error.noise);
  }
  const { executor } = options;
  const lower = new PackedLower(n + count, executor === undefined ? undefined : (length) => executor.allocate(length));
  copyInto(lower, 0, factor.lower);
  lower.setBlock(n, 0, x, count, n);
  copyInto(lower, n, schur);
  padDiagonal(lower);
  return { lower, norm1: boundOfNorm(factor, count, cross, corner) };
}

/** S -= X Xᵀ, X of [rows of S, n]. */
function subtractProduct(s: PackedLower, x: Float64Array, n: number): void {
  const { block } = tileKernels();
  const depths = Math.ceil(n / TILE);
  const tileOf = (I: number, k: number): Float64Array => {
    const tile = new Float64Array(s.height(I) * TILE);
    const width = Math.min(TILE, n - k * TILE);
    for (let r = 0; r < s.rows(I); r++)
      tile.set(x.subarray((I * TILE + r) * n + k * TILE, (I * TILE + r) * n + k * TILE + width), r * TILE);
    return tile;
  };
  const panels = s.tiles.map((_, I) => Array.from({ length: depths }, (_unused, k) => tileOf(I, k)));
  s.tiles.forEach((row, I) =>
    row.forEach((tile, J) => {
      const blocks = [tile, ...panels[J]!.flatMap((panel, k) => (I === J ? [panel] : [panel, panels[I]![k]!]))];
      tile.set(block!([FINISH.none, I === J ? 1 : 0, depths, 1, s.height(J), s.height(I)], blocks)[0]!);
    }),
  );
}

/** Copies a triangle onto the diagonal, its first entry at (at, at). */
function copyInto(target: PackedLower, at: number, source: PackedLower): void {
  source.tiles.forEach((row, I) =>
    row.forEach((tile, J) => {
      const width = source.height(J);
      for (let r = 0; r < source.rows(I); r++) {
        const cols = I === J ? r + 1 : source.rows(J);
        target.setBlock(at + I * TILE + r, at + J * TILE, tile.subarray(r * width, r * width + cols), 1, cols);
      }
    }),
  );
}

function boundOfNorm(
  { norm1, lower: { n } }: Factor,
  count: number,
  cross: Float64Array,
  corner: Float64Array,
): number {
  const old = new Float64Array(n);
  let largest = 0;
  for (let r = 0; r < count; r++) {
    let sum = 0;
    for (let c = 0; c < n; c++) {
      old[c]! += Math.abs(cross[r * n + c]!);
      sum += Math.abs(cross[r * n + c]!);
    }
    for (let c = 0; c < count; c++) sum += Math.abs(c <= r ? corner[r * count + c]! : corner[c * count + r]!);
    largest = Math.max(largest, sum);
  }
  return Math.max(largest, norm1 + old.reduce((best, sum) => Math.max(best, sum), 0));
}
