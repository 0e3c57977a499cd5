/**
 * Entries that nobody reads. In: descriptors made of tables of all distances, whose diagonals are 0 and would divide by
 * it.
 * Out: finite covariances of forces, which are the slopes of those of energies.
 */
import { describe, expect, it } from "vitest";
import { compileText } from "../loops/support.ts";

const descriptors: Readonly<Record<string, string>> = {
  "sums of pairs": "[sum(exp(-r[i, j]) / r[i, j] for j in N if j != i) for i in N]",
  "pairs within a cutoff":
    "[sum(where(r[i, j] < 3, (1 + cos(r[i, j])) / r[i, j] ^ 1.8, 0) for j in N if j != i) for i in N]",
  "pairs that a condition on their distance chooses":
    "[sum(where(r[j, k] > 0.1, (i + 1) * exp(-r[j, k]) / r[j, k], 0) for j in N, k in N) for i in N]",
  "sums of angles": "[sum(c[i, j, k] for j in N, k in N if j < k and j != i and k != i) for i in N]",
};
const spec = (descriptor: string): string => `
model unread
dim N
input R : real[N, 3]
fn feature(R : real[N, 3]) = {
  let r = [norm(R[i] - R[j]) for i in N, j in N];
  let c = [dot(R[j] - R[i], R[k] - R[i]) / (r[i, j] * r[i, k]) for i in N, j in N, k in N];
  ${descriptor}
}
kernel k(R, S) = rbf(feature(R), feature(S), 2)
u ~ GP(k)
observe energy : u from "E" noise 1e-10
observe forces : -∇u from "F" noise 1e-10
`;
const x = Float64Array.of(0, 0, 0, 1, 0, 0.1, 0, 1.2, 0, 0.3, 0.5, 1),
  y = x.map((value) => 1.1 * value + (value * value) / 9);
const STEP = 1e-5;

describe("covariances of forces", () => {
  it.each(Object.keys(descriptors))("are slopes for %s", (name) => {
    const compiled = compileText(spec(descriptors[name]!), { N: 4 });
    const block = compiled.covariance("forces", x, "forces", y),
      size = x.length;
    for (let c = 0; c < size; c++) {
      const [up, down] = [STEP, -STEP].map((by) =>
        compiled.covariance(
          "energy",
          x.map((value, n) => (n === c ? value + by : value)),
          "forces",
          y,
        ),
      );
      for (let d = 0; d < size; d++) expect(block[c * size + d]!).toBeCloseTo(-(up![d]! - down![d]!) / (2 * STEP), 7);
    }
  });
});
