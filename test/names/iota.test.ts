/**
 * An axis as a number has a tag of its own in the IR. In: specs with constants called like it. Out: the kernel's
 * values,
 * which are those of the formula.
 */
import { expect, test } from "vitest";
import { compile } from "../../compiler/driver.ts";

const x = Float64Array.of(0.3, -0.4, 0.9),
  y = Float64Array.of(0.1, 0.6, 0.5);

function covariance(text: string): number {
  return compile(`model M\ninput x : real[3]\n${text}\nu ~ GP(k)\nobserve value : u\n`).covariance(
    "value",
    x,
    "value",
    y,
  )[0]!;
}

test("a constant called iota holds its own numbers", () => {
  const text = (name: string): string =>
    `const ${name} : real[3] = [5, 7, 9]\nkernel k(a, b) = exp(-dot((a - b) / ${name}, (a - b) / ${name}))`;
  const expected = Math.exp(-[5, 7, 9].reduce((sum, w, i) => sum + ((x[i]! - y[i]!) / w) ** 2, 0));
  for (const name of ["iota", "widths"]) expect(covariance(text(name))).toBeCloseTo(expected, 14);
});

test("so does one that is read by indices", () => {
  const text = (name: string): string =>
    `const ${name} : int[3] = [2, 0, 0]\nkernel k(a, b) = sum(${name}[i] * a[${name}[i]] * b[i] * i for i in 3) + a[0]*b[0]`;
  const reads = [2, 0, 0];
  const expected = reads.reduce((sum, r, i) => sum + r * x[r]! * y[i]! * i, x[0]! * y[0]!);
  for (const name of ["iota", "order"]) expect(covariance(text(name))).toBeCloseTo(expected, 14);
});
