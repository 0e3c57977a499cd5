/**
 * Loops over few long vectors, as preconditioners need them. In: rows of equal length. Out: sums, in a fixed order.
 * Four rows at a time share what is loaded; the order of every sum depends on lengths alone.
 */

/** Σ aᵢ bᵢ, from the first entry to the last. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** √(Σ aᵢ²). */
export const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));

/** Largest magnitude. */
export const largest = (values: Float64Array): number => values.reduce((best, value) => Math.max(best, Math.abs(value)), 0);

/** target += Σ_k factors[k] rows[k]. */
export function addCombination(target: Float64Array, rows: readonly Float64Array[], factors: ArrayLike<number>): void {
  const n = target.length;
  let k = 0;
  for (; k + 4 <= rows.length; k += 4) {
    const [r0, r1, r2, r3] = [rows[k]!, rows[k + 1]!, rows[k + 2]!, rows[k + 3]!];
    const f0 = factors[k]!, f1 = factors[k + 1]!, f2 = factors[k + 2]!, f3 = factors[k + 3]!;
    for (let i = 0; i < n; i++) target[i]! += f0 * r0[i]! + f1 * r1[i]! + f2 * r2[i]! + f3 * r3[i]!;
  }
  for (; k < rows.length; k++) {
    const row = rows[k]!;
    const factor = factors[k]!;
    for (let i = 0; i < n; i++) target[i]! += factor * row[i]!;
  }
}

/** The products of every row with x. */
export function dots(rows: readonly Float64Array[], x: Float64Array): Float64Array {
  const out = new Float64Array(rows.length);
  const n = x.length;
  let k = 0;
  for (; k + 4 <= rows.length; k += 4) {
    const [r0, r1, r2, r3] = [rows[k]!, rows[k + 1]!, rows[k + 2]!, rows[k + 3]!];
    let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    for (let i = 0; i < n; i++) {
      const value = x[i]!;
      s0 += r0[i]! * value;
      s1 += r1[i]! * value;
      s2 += r2[i]! * value;
      s3 += r3[i]! * value;
    }
    out[k] = s0;
    out[k + 1] = s1;
    out[k + 2] = s2;
    out[k + 3] = s3;
  }
  for (; k < rows.length; k++) out[k] = dot(rows[k]!, x);
  return out;
}

/** Entries of a row that a block of products reads at a time: eight such pieces stay in the second-level cache. */
const PIECE = 2048;

/** The products of rows a … a + 3 with rows b … b + 3 (fewer at the end), row-major 4 × 4, added to `out`. */
export function products4(rows: readonly Float64Array[], a: number, b: number, out: Float64Array): void {
  const row = (k: number): Float64Array => rows[Math.min(k, rows.length - 1)]!;
  const [a0, a1, a2, a3] = [row(a), row(a + 1), row(a + 2), row(a + 3)];
  const [b0, b1, b2, b3] = [row(b), row(b + 1), row(b + 2), row(b + 3)];
  const n = a0.length;
  for (let from = 0; from < n; from += PIECE) {
    const to = Math.min(n, from + PIECE);
    accumulate(a0, b0, b1, b2, b3, from, to, out, 0);
    accumulate(a1, b0, b1, b2, b3, from, to, out, 4);
    accumulate(a2, b0, b1, b2, b3, from, to, out, 8);
    accumulate(a3, b0, b1, b2, b3, from, to, out, 12);
  }
}

function accumulate(
  a: Float64Array, b0: Float64Array, b1: Float64Array, b2: Float64Array, b3: Float64Array, from: number, to: number, out: Float64Array, at: number,
): void {
  let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  for (let i = from; i < to; i++) {
    const value = a[i]!;
    s0 += value * b0[i]!;
    s1 += value * b1[i]!;
    s2 += value * b2[i]!;
    s3 += value * b3[i]!;
  }
  out[at]! += s0;
  out[at + 1]! += s1;
  out[at + 2]! += s2;
  out[at + 3]! += s3;
}
