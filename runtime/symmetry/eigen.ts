/**
 * Eigenvalues and eigenvectors of a small symmetric matrix. In: the matrix. Out: both, the largest eigenvalue first.
 * Jacobi's method: rotations of two rows and columns at a time annihilate off-diagonal entries, sweep after sweep,
 * until
 * none is left that matters; slow for large matrices, and accurate for small ones.
 */

export interface Eigen {
  /** In descending order. */
  readonly values: Float64Array;
  /** [n, n]: column k is the eigenvector of value k, of length 1. */
  readonly vectors: Float64Array;
}

const MAX_SWEEPS = 60;

/**
 * All eigenpairs of a symmetric n × n matrix (row-major; the matrix is left as it is).
 * Cyclic Jacobi rotations with the small root of the tangent (Golub and Van Loan, Matrix Computations, section 8.5).
 * @throws RangeError where an entry isn't finite
 */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  const a = matrix.slice();
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  const scale = Math.sqrt(a.reduce((sum, x) => sum + x * x, 0));
  if (!Number.isFinite(scale)) throw new RangeError("eigenvalues of a matrix whose entries aren't all finite");
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += a[p * n + q]! ** 2;
    if (Math.sqrt(off) <= 1e-15 * scale) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, k) => k).sort((k, l) => a[l * n + l]! - a[k * n + k]!);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    for (let i = 0; i < n; i++) vectors[i * n + to] = v[i * n + from]!;
  });
  return { values: Float64Array.from(order, (k) => a[k * n + k]!), vectors };
}

/** Annihilates a[p, q]. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const x = a[k * n + p]!;
    const y = a[k * n + q]!;
    a[k * n + p] = c * x - s * y;
    a[k * n + q] = s * x + c * y;
  }
  for (let k = 0; k < n; k++) {
    const x = a[p * n + k]!;
    const y = a[q * n + k]!;
    a[p * n + k] = c * x - s * y;
    a[q * n + k] = s * x + c * y;
    const u = v[k * n + p]!;
    const w = v[k * n + q]!;
    v[k * n + p] = c * u - s * w;
    v[k * n + q] = s * u + c * w;
  }
}
