/**
 * The standard kernels against their formulas, and their derivatives where points meet and nearly meet: exact, never
 * NaN.
 */
import { describe, expect, test } from "vitest";
import { kernelValue, lowerText, operated } from "./support.ts";

const a = [0.3, -0.4, 0.9],
  b = [0.1, 0.6, 0.5],
  d = a.map((v, i) => v - b[i]!),
  s = d.reduce((sum, v) => sum + v * v, 0);
const r = Math.sqrt(s) / 0.7,
  dot = a.reduce((sum, v, i) => sum + v * b[i]!, 0);
const [z3, z5, z7] = [Math.sqrt(3) * r, Math.sqrt(5) * r, Math.sqrt(7) * r] as const;
const spec = (kernel: string, rest: string, input = "real[3]"): string =>
  `model M\ninput x : ${input}\nparam l = 0.7 > 0\nkernel k(a, b) = ${kernel}\nu ~ GP(k)\n${rest}\n`;

describe("formulas", () => {
  test.each<[string, number]>([
    ["rbf(a, b, l)", Math.exp((-r * r) / 2)],
    ["matern12(a, b, l)", Math.exp(-r)],
    ["matern32(a, b, l)", (1 + z3) * Math.exp(-z3)],
    ["matern52(a, b, l)", (1 + z5 + z5 ** 2 / 3) * Math.exp(-z5)],
    ["matern72(a, b, l)", (1 + z7 + (2 * z7 ** 2) / 5 + z7 ** 3 / 15) * Math.exp(-z7)],
    ["rational_quadratic(a, b, l, 1.5)", (1 + (r * r) / 3) ** -1.5],
    ["periodic(a, b, l, 2)", Math.exp((-2 / 0.49) * d.reduce((sum, v) => sum + Math.sin((Math.PI * v) / 2) ** 2, 0))],
    ["cosine(a, b, 3)", Math.cos(2 * Math.PI * d.reduce((sum, v) => sum + v / 3, 0))],
    ["linear(a, b, 2)", dot + 2],
    ["polynomial(a, b, 2, 3)", (dot + 2) ** 3],
    ["constant(l)", 0.7],
    ["rbf(a / [1, 2, 3], b / [1, 2, 3], 1)", Math.exp(-d.reduce((sum, v, i) => sum + (v / (i + 1)) ** 2, 0) / 2)],
  ])("%s", (kernel, expected) => {
    expect(kernelValue(lowerText(spec(kernel, "observe value : u")), a, b)).toBeCloseTo(expected, 14);
  });

  test.each(["rbf", "matern12", "matern32", "matern52", "matern72"])("%s of numbers and of matrices", (name) => {
    const vector = kernelValue(
      lowerText(spec(`${name}(a, b, l)`, "observe value : u", "real[4]")),
      [1, 2, 3, 4],
      [1, 2.5, 3, 4],
    );
    expect(
      kernelValue(
        lowerText(spec(`${name}(a, b, l)`, "observe value : u", "real[2, 2]")),
        [
          [1, 2],
          [3, 4],
        ],
        [
          [1, 2.5],
          [3, 4],
        ],
      ),
    ).toBe(vector);
    expect(kernelValue(lowerText(spec(`${name}(a, b, l)`, "observe value : u", "real")), 2, 2.5)).toBe(vector);
  });
});

describe("where points meet", () => {
  const everything = "observe value : u\nobserve slope : ∇u\nobserve bend : ∇²u";
  test.each<[string, number]>([
    ["rbf(a, b, l)", 1 / 0.49],
    ["matern52(a, b, l)", 5 / 3 / 0.49],
    ["matern72(a, b, l)", 7 / 5 / 0.49],
    ["matern32(a, b, l)", 3 / 0.49],
    ["rational_quadratic(a, b, l, 2)", 1 / 0.49],
  ])("%s", (kernel, curvature) => {
    const lowered = lowerText(spec(kernel, everything));
    for (const shift of [0, 1e-200, 1e-30]) {
      const at = (label: string): number[] => operated(lowered, label, [0, 0, 0], [shift, -shift, shift]);
      expect(at("value")).toEqual([1]);
      for (const v of at("slope")) expect(Math.abs(v)).toBeLessThan(1e-15);
      at("bend").forEach((v, n) => {
        expect(v).toBeCloseTo(n % 4 === 0 ? -curvature : 0, 12);
      });
    }
  });
  test("a scalar input has scalar derivatives", () => {
    const lowered = lowerText(
      spec("rbf(a, b, 1)", "observe slope : ∇u\nobserve twice : d(u, x, x)\nobserve lap : Δu", "real"),
    );
    const k = Math.exp(-0.125);
    expect(operated(lowered, "slope", 2, 2.5)[0]).toBeCloseTo(0.5 * k, 14);
    expect(operated(lowered, "twice", 2, 2.5)[0]).toBeCloseTo((0.25 - 1) * k, 14);
    expect(operated(lowered, "lap", 2, 2.5)[0]).toBeCloseTo((0.25 - 1) * k, 14);
  });
});
