/**
 * Loops over vectors. In: vectors of equal length. Out: sums, in an order that depends on lengths alone.
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
export const largest = (values: Float64Array): number =>
  values.reduce((best, value) => Math.max(best, Math.abs(value)), 0);

/** target += Σ_k factors[k] rows[k]. */
export function addCombination(target: Float64Array, rows: readonly Float64Array[], factors: ArrayLike<number>): void {
  const n = target.length;
  let k = 0;
  for (; k + 4 <= rows.length; k += 4) {
    const [r0, r1, r2, r3] = [rows[k]!, rows[k + 1]!, rows[k + 2]!, rows[k + 3]!];
    const f0 = factors[k]!,
      f1 = factors[k + 1]!,
      f2 = factors[k + 2]!,
      f3 = factors[k + 3]!;
    for (let i = 0; i < n; i++) target[i]! += f0 * r0[i]! + f1 * r1[i]! + f2 * r2[i]! + f3 * r3[i]!;
  }
  for (; k < rows.length; k++) {
    const row = rows[k]!;
    const factor = factors[k]!;
    for (let i = 0; i < n; i++) target[i]! += factor * row[i]!;
  }
}
