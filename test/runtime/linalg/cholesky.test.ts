/**
 * Cholesky in tiles against the textbook's three loops; solutions, determinant and condition against their definitions.
 */
import { describe, expect, it } from "vitest";
import { InterruptedError, NotPositiveDefiniteError } from "../../../runtime/errors.ts";
import { cholesky, sufficientNoise } from "../../../runtime/linalg/cholesky.ts";
import { PackedLower, TILE } from "../../../runtime/linalg/packed.ts";
import { conditionEstimate, logDeterminant, solve } from "../../../runtime/linalg/solve.ts";
import { Random } from "../../../runtime/random.ts";

/** B Bᵀ/n + I/10 with random B: positive definite, without structure. */
function randomMatrix(n: number, seed: number): Float64Array {
  const random = new Random(seed);
  const b = Float64Array.from({ length: n * n }, () => random.next() / 2 ** 31 - 1);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? 0.1 : 0;
      for (let k = 0; k < n; k++) sum += (b[i * n + k]! * b[j * n + k]!) / n;
      a[i * n + j] = a[j * n + i] = sum;
    }
  }
  return a;
}

function packed(a: Float64Array, n: number): PackedLower {
  const matrix = new PackedLower(n);
  matrix.setBlock(0, 0, a, n, n);
  return matrix;
}

function textbook(a: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      l[i * n + j] = i === j ? Math.sqrt(sum) : sum / l[j * n + j]!;
    }
  }
  return l;
}

const ORDERS = [1, 2, 3, 4, 5, 7, 31, 64, 100, TILE - 1, TILE, TILE + 1, TILE + 5, 2 * TILE, 2 * TILE + 3, 389];

describe("cholesky", () => {
  it.each(ORDERS)("agrees with the textbook at n = %i", (n) => {
    const a = randomMatrix(n, n);
    const { lower } = cholesky(packed(a, n));
    const l = textbook(a, n);
    let worst = 0;
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++) worst = Math.max(worst, Math.abs(lower.get(i, j) - l[i * n + j]!));
    expect(worst).toBeLessThan(1e-13);
  });

  it.each(ORDERS)("solves for one and for three right-hand sides at n = %i", (n) => {
    const a = randomMatrix(n, n + 1);
    const factor = cholesky(packed(a, n));
    const x = Float64Array.from({ length: 3 * n }, (_, i) => Math.sin(i + 1));
    const b = new Float64Array(3 * n);
    for (let c = 0; c < 3; c++) b.set(packed(a, n).multiply(x.subarray(c * n, (c + 1) * n)), c * n);
    const all = solve(factor, b, 3);
    for (let i = 0; i < 3 * n; i++) expect(Math.abs(all[i]! - x[i]!)).toBeLessThan(1e-12);
    expect(solve(factor, b.subarray(n, 2 * n).slice())).toEqual(all.slice(n, 2 * n));
  });

  it("multiplies as the dense matrix does, and knows its norm", () => {
    const n = 2 * TILE + 9;
    const a = randomMatrix(n, 5);
    const x = Float64Array.from({ length: n }, (_, i) => Math.cos(i));
    const y = packed(a, n).multiply(x);
    let norm = 0;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      let column = 0;
      for (let j = 0; j < n; j++) {
        sum += a[i * n + j]! * x[j]!;
        column += Math.abs(a[i * n + j]!);
      }
      norm = Math.max(norm, column);
      expect(Math.abs(y[i]! - sum)).toBeLessThan(1e-12);
    }
    expect(packed(a, n).norm1()).toBeCloseTo(norm, 12);
  });

  it("stays backward stable where the condition number is 1e13", () => {
    const n = 300;
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) a[i * n + j] = Math.exp(-0.5 * ((i - j) / 40) ** 2) + (i === j ? 1e-11 : 0);
    const matrix = packed(a, n);
    const { lower } = cholesky(packed(a, n));
    let worst = 0;
    for (let i = 0; i < n; i += 7) {
      for (let j = 0; j <= i; j += 3) {
        let sum = 0;
        for (let k = 0; k <= j; k++) sum += lower.get(i, k) * lower.get(j, k);
        worst = Math.max(worst, Math.abs(sum - matrix.get(i, j)));
      }
    }
    expect(worst).toBeLessThan(1e-14);
  });

  it("gives the log-determinant and the condition of a known matrix", () => {
    const n = 130;
    const matrix = new PackedLower(n);
    // Second differences: det = n + 1, eigenvalues 2 - 2 cos(kπ/(n + 1)).
    for (let i = 0; i < n; i++) {
      matrix.set(i, i, 2);
      if (i > 0) matrix.set(i, i - 1, -1);
    }
    const factor = cholesky(matrix);
    expect(logDeterminant(factor)).toBeCloseTo(Math.log(n + 1), 10);
    const exact = (4 * (n + 1) ** 2) / 8; // ‖A‖₁ = 4, ‖A⁻¹‖₁ = (n + 1)²/8
    const estimate = conditionEstimate(factor);
    expect(estimate).toBeLessThanOrEqual(exact * (1 + 1e-10));
    expect(estimate).toBeGreaterThan(exact / 3);
  });

  it("estimates the condition where the search sees another peak", () => {
    const m = 128,
      size = 1e6,
      n = m + 1;
    // A⁻¹ is 10 for the first row, which the search comes to and stays at, and I + size w wᵀ for the others with
    // w = (1, −1, 1, …) / √m: equal weights are orthogonal to it.
    const entry = (i: number, j: number, scale: number): number =>
      (i === j ? 1 : 0) + (scale * ((i + j) % 2 === 0 ? 1 : -1)) / m;
    const matrix = new PackedLower(n);
    matrix.set(0, 0, 0.1);
    for (let i = 1; i < n; i++) for (let j = 1; j <= i; j++) matrix.set(i, j, entry(i, j, -size / (1 + size)));
    const inverseNorm = Array.from({ length: m }, (_, i) => Math.abs(entry(i, 0, size))).reduce((a, b) => a + b);
    const exact = matrix.norm1() * inverseNorm;
    const estimate = conditionEstimate(cholesky(matrix));
    expect(estimate).toBeLessThanOrEqual(exact * (1 + 1e-8));
    expect(estimate).toBeGreaterThan(exact / 3);
  });

  it("names the row where the matrix isn't positive definite, and a noise that helps", () => {
    const n = 200;
    const build = (noise: number): PackedLower => {
      const matrix = new PackedLower(n);
      for (let i = 0; i < n; i++)
        for (let j = 0; j <= i; j++) matrix.set(i, j, Math.exp(-0.5 * ((i - j) / 60) ** 2) + (i === j ? noise : 0));
      return matrix;
    };
    let caught: unknown;
    try {
      cholesky(build(0));
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(NotPositiveDefiniteError);
    const { noise, index, pivot } = caught as NotPositiveDefiniteError;
    expect(index).toBeGreaterThan(3);
    expect(pivot).toBeLessThanOrEqual(0);
    expect(() => cholesky(build(noise))).not.toThrow();
    expect(sufficientNoise(10, 1, -0.3)).toBe(10);
  });

  it("refuses NaN as a pivot", () => {
    const matrix = new PackedLower(3);
    for (let i = 0; i < 3; i++) matrix.set(i, i, i === 1 ? NaN : 1);
    expect(() => cholesky(matrix)).toThrow(/row 1 of the matrix/);
  });

  it("reports progress up to its total, and stops when the signal is set", () => {
    const n = 3 * TILE;
    const steps: number[] = [];
    cholesky(packed(randomMatrix(n, 3), n), { progress: ({ done, total }) => steps.push(done / total) });
    expect(steps.every((step, i) => step > (steps[i - 1] ?? 0) && step <= 1)).toBe(true);
    const controller = new AbortController();
    const stop = (): void => controller.abort();
    expect(() => cholesky(packed(randomMatrix(n, 3), n), { progress: stop, signal: controller.signal })).toThrow(
      InterruptedError,
    );
  });
});
