/** Matrices for the tests of linear algebra. In: orders, seeds. Out: positive definite matrices, dense and in tiles. */
import { PackedLower } from "../../../runtime/linalg/packed.ts";
import { Random } from "../../../runtime/random.ts";

/**
 * exp(−|i − j| / 50) with noise on the diagonal, whose size varies: positive definite, every entry different from zero.
 */
export function kernelMatrix(n: number, seed = 1): Float64Array {
  const random = new Random(seed);
  const noise = Float64Array.from({ length: n }, () => 0.1 + random.next() / 2 ** 33);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) a[i * n + j] = Math.exp(-Math.abs(i - j) / 50) + (i === j ? noise[i]! : 0);
  return a;
}

export function packed(a: Float64Array, n: number, allocate?: (length: number) => Float64Array): PackedLower {
  const matrix = new PackedLower(n, allocate);
  matrix.setBlock(0, 0, a, n, n);
  return matrix;
}

/** The largest difference between entries of two triangles. */
export function distance(a: PackedLower, b: PackedLower): number {
  let worst = 0;
  for (let i = 0; i < a.n; i++)
    for (let j = 0; j <= i; j++) worst = Math.max(worst, Math.abs(a.get(i, j) - b.get(i, j)));
  return worst;
}
