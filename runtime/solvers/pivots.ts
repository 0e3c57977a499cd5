/**
 * Which columns a partial Cholesky factorisation takes next. In: what is left of a few rows and columns of the matrix.
 * Out: pivots.
 * Harbrecht, Peters, Schneider, Appl. Numer. Math. 62 (2012) 428, algorithm 1, on those rows alone.
 */
import { addCombination } from "./vectors.ts";

export interface Pivots {
  /** Rows of the small matrix, in the order in which they were taken. */
  readonly order: readonly number[];
  /** By pivot, the column of the factor over all rows of the small matrix; zero at earlier pivots. */
  readonly columns: readonly Float64Array[];
}

/**
 * Takes the row with most variance left, again and again, as long as that is above `cut` and there are fewer than
 * `limit`.
 */
export function choosePivots(matrix: Float64Array, size: number, cut: number, limit: number): Pivots {
  const left = Float64Array.from({ length: size }, (_, i) => matrix[i * size + i]!);
  const order: number[] = [];
  const columns: Float64Array[] = [];
  while (order.length < Math.min(limit, size)) {
    const pivot = left.reduce((best, value, i) => (value > left[best]! ? i : best), 0);
    if (!(left[pivot]! > cut)) break;
    const column = matrix.slice(pivot * size, (pivot + 1) * size);
    addCombination(
      column,
      columns,
      columns.map((other) => -other[pivot]!),
    );
    const root = Math.sqrt(left[pivot]!);
    for (let i = 0; i < size; i++) column[i]! /= root;
    for (const earlier of order) column[earlier] = 0;
    column[pivot] = root;
    for (let i = 0; i < size; i++) left[i]! -= column[i]! * column[i]!;
    left[pivot] = 0;
    order.push(pivot);
    columns.push(column);
  }
  return { order, columns };
}

/**
 * The factor's rows and columns from … to − 1 of the pivots, row-major with rows of `width`; the diagonal is filled up
 * with ones.
 */
export function triangleOf({ order, columns }: Pivots, from: number, to: number, width: number): Float64Array {
  const triangle = new Float64Array(width * width);
  for (let i = 0; i < width; i++) triangle[i * width + i] = 1;
  for (let i = from; i < to; i++)
    for (let j = from; j <= i; j++) triangle[(i - from) * width + j - from] = columns[j]![order[i]!]!;
  return triangle;
}
