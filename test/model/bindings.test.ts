/**
 * Binding: sizes from shapes, constants from keys, defaults, and what is refused; and what only numbers decide.
 */
import { describe, expect, test } from "vitest";
import { atPoint } from "../../compiler/ad/operator.ts";
import { dims, param } from "../../compiler/ir/expr.ts";
import { notAGroup, tensorFrom } from "../../compiler/model/bind/bound_values.ts";
import { lower, type Bindings } from "../../compiler/model/lower/lower.ts";
import { DiagnosticError } from "../../compiler/source/diagnostic.ts";
import { checkText, kernelValue, lowerText, numbersFrom, operated } from "./support.ts";

/** The codes with which lowering refuses a text that was in order while its sizes were unbound. */
const refused = (text: string, bindings: Bindings): string[] => {
  try {
    lower(checkText(text).model!, bindings);
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics.map((d) => d.code);
    throw error;
  }
  return [];
};
const model = (declarations: string, kernel: string, input = "x : real[2]"): string =>
  `model M\n${declarations}\ninput ${input}\nkernel k(a, b) = ${kernel}\nu ~ GP(k)\nobserve value : u\n`;

describe("sizes", () => {
  test("from constants, parameters, points, values and each other", () => {
    const text = model(
      'dim A, B, C, D, E, F = 2, G = A + 1\nconst z : int[A] from "z"\n' +
        'const odd : int[B] = [i for i in A if z[i] == 1]\nparam w : real[C] from "w"\n' +
        "const v : real[D] = [1, 2, 3]",
      "A + 10 * B + 100 * C + 1000 * D + 10000 * E + 100000 * F + 1000000 * G + 0 * w[0] * dot(a[0], b[0])",
      "x : real[E, 3]",
    );
    const tensors = (key: string): { shape: number[]; data: number[] } | undefined =>
      ({ z: { shape: [4], data: [1, 8, 1, 1] }, w: { shape: [5], data: [1, 2, 3, 4, 5] } })[key];
    const lowered = lowerText(text, { tensors, point: [6, 3] });
    expect(kernelValue(lowered, new Array<number>(18).fill(0), new Array<number>(18).fill(0))).toBe(5263534);
    expect(Object.fromEntries([...lowered.bindings].map(([name, t]) => [name, [...t.data]]))).toEqual({
      A: [4],
      B: [3],
      C: [5],
      D: [3],
      E: [6],
      F: [2],
      G: [5],
      z: [1, 8, 1, 1],
    });
  });
  test("what is bound comes before what is written", () => {
    const text = model("dim N = 3\nconst c : real = 2", "c * N * rbf(a, b, 1)");
    expect(kernelValue(lowerText(text), [0, 0], [0, 0])).toBe(6);
    expect(kernelValue(lowerText(text, { bind: { N: 5, c: 0.5 } }), [0, 0], [0, 0])).toBe(2.5);
  });
  test("a star in a key stacks what it finds", () => {
    const text = model(
      'dim T, F\nconst W : real[T, F] from "layer.*.weight"',
      "sum(W[t, f] * (t + 1) for t in T, f in F)",
    );
    const tensors = (key: string): { shape: number[]; data: number[] } | undefined =>
      /^layer\.[012]\.weight$/.test(key) ? { shape: [2], data: [1, Number(key[6])] } : undefined;
    const lowered = lowerText(text, { tensors });
    expect(lowered.bindings.get("W")).toEqual({ shape: [3, 2], data: Float64Array.of(1, 0, 1, 1, 1, 2) });
    expect(kernelValue(lowered, [0, 0], [0, 0])).toBe(1 + 4 + 9);
  });
});

describe("refused", () => {
  test.each<[string, string, Bindings, string]>([
    ["everything missing, at once", model("dim N\nconst c : real[N]", "c[0]"), {}, "ADK0601"],
    ["two numbers for one size", model("dim N\nconst c : real[N]", "c[0]"), { bind: { N: 3, c: [1, 2] } }, "ADK0604"],
    ["ragged arrays", model("const c : real[2, 2]", "c[0, 0]"), { bind: { c: [[1, 2], [3]] } }, "ADK0602"],
    ["another shape", model("const c : real[3]", "c[0]"), { bind: { c: [1, 2] } }, "ADK0602"],
    ["fractions where whole numbers are due", model("const c : int[2]", "c[0]"), { bind: { c: [1, 2.5] } }, "ADK0606"],
    ["a size of 0", model("dim N", "sum(a[0] * b[0] for i in N)"), { bind: { N: 0 } }, "ADK0606"],
    ["an initial value out of bounds", model("param q = 2 in (0, 1)", "q"), {}, "ADK0606"],
    ["an unknown name", model("dim N", "N"), { bind: { N: 1, M: 2 } }, "ADK0605"],
    ["an index that leaves its range", model("dim N", "a[N] * b[N]"), { bind: { N: 2 } }, "ADK0307"],
    [
      "shapes that sizes decide",
      model("dim N", "dot([a[i] for i in 2 if i < N], b[[0]])"),
      { bind: { N: 2 } },
      "ADK0301",
    ],
    ["the maximum of nothing", model("dim N", "max(a[i] * b[i] for i in 2 if i > N)"), { bind: { N: 2 } }, "ADK0314"],
    ["lengths that differ", model("", "dot(a, [[a[j] for j in 2 if j <= i][0] for i in 2])"), {}, "ADK0318"],
  ])("%s", (_name, text, bindings, code) => {
    expect(refused(text, bindings)).toEqual([code]);
  });

  test("permutations that are no group", () => {
    const group = (rows: readonly (readonly number[])[]): string | undefined =>
      notAGroup({ shape: [rows.length, rows[0]!.length], data: rows.flat() });
    expect(
      group([
        [0, 1, 2],
        [1, 2, 0],
        [2, 0, 1],
      ]),
    ).toBeUndefined();
    expect(
      group([
        [0, 1, 2, 3],
        [1, 0, 2, 3],
        [0, 1, 3, 2],
        [1, 0, 3, 2],
      ]),
    ).toBeUndefined();
    expect(
      group([
        [0, 1, 2],
        [1, 2, 0],
      ]),
    ).toMatch(/missing/);
    expect(group([[1, 0, 2]])).toMatch(/identity/);
    expect(
      group([
        [0, 1, 2],
        [0, 0, 2],
      ]),
    ).toMatch(/no permutation/);
    expect(
      group([
        [0, 1],
        [0, 1],
      ]),
    ).toMatch(/twice/);
  });
  test("nested arrays become tensors", () => {
    expect(
      tensorFrom([
        [1, 2],
        [3, 4],
      ]),
    ).toEqual({ shape: [2, 2], data: [1, 2, 3, 4] });
    expect(tensorFrom(7)).toEqual({ shape: [], data: [7] });
    expect(tensorFrom([[1], [2, 3]])).toBeUndefined();
  });
});

describe("the parts of an observation", () => {
  const lowered = lowerText(`model M
input (x, t)
param q = 0.5 in (0, 1)
param w : real[2] = [1, 2] > 0 fixed
kernel k(a, b) = rbf(a, b, 1)
u ~ GP(k, mean = q * x + t)
v : real[2] ~ GP(k)
observe value(s : real, n : real[2]) : u = s * x noise q * s^2
observe field : v = 0
observe plain : u from "E"
offset plain : u from "E"
predict slope(n : real[2]) : dot(n, ∇u)`);
  const point = param("p", [2]),
    s = param("s", []),
    n = param("n", [2]),
    q = lowered.parameters[0]!.expr;
  const site = {
    point,
    arguments: new Map([
      ["s", s],
      ["n", n],
    ]),
  };
  test("values, noise, means", () => {
    const [value, field, plain] = lowered.observations;
    expect(
      numbersFrom(atPoint(value!.value!, site), [
        [point, [3, 4]],
        [s, 2],
      ]),
    ).toEqual([6]);
    expect(
      numbersFrom(atPoint(value!.noise, site), [
        [s, 2],
        [q, 0.5],
      ]),
    ).toEqual([2]);
    expect(dims(atPoint(field!.value!, site))).toEqual([2]);
    expect(plain).toMatchObject({ label: "plain", key: "E" });
    expect(numbersFrom(atPoint(plain!.noise, site), [])).toEqual([1e-10]);
    expect(
      numbersFrom(atPoint(lowered.latents[0]!.mean!, site), [
        [point, [3, 4]],
        [q, 0.5],
      ]),
    ).toEqual([5.5]);
    expect(lowered.latents[1]).toMatchObject({ name: "v", shape: [2] });
  });
  test("parameters, offsets, predictions", () => {
    expect(
      lowered.parameters.map(({ name, shape, initial, lower, upper, fixed }) => ({
        name,
        shape,
        initial: [...initial],
        lower,
        upper,
        fixed,
      })),
    ).toEqual([
      { name: "q", shape: [], initial: [0.5], lower: 0, upper: 1, fixed: false },
      { name: "w", shape: [2], initial: [1, 2], lower: 0, upper: undefined, fixed: true },
    ]);
    expect(lowered.offsets).toEqual([{ label: "plain", latent: "u", key: "E" }]);
    expect(lowered.predictions).toEqual(["slope"]);
    expect(lowered.quantities.get("slope")).toMatchObject({
      shape: [],
      order: 1,
      arguments: [{ name: "n", shape: [2] }],
    });
  });
});

describe("evaluation", () => {
  const value = (expression: string, x: readonly number[] = [0.3, 0.7]): number[] => {
    const text =
      "model M\ninput x : real[2]\nconst z : int[4] = [1, 8, 1, 6]\nkernel k(a, b) = dot(a, b) + 1\nu ~ GP(k)\n" +
      `observe value : ${expression}\n`;
    return operated(lowerText(text), "value", x, [0, 0]);
  };
  test.each<[string, number[]]>([
    ["[sum(x[i] for i in 2 if z[i] == 1), 0] * u", [0.3, 0]],
    ["sum(1 for i in 4, j in 4 if i < j and z[i] == z[j]) * u", [1]],
    ["[sum(z[j] for j in 4 if j > i) for i in 4] * u", [15, 7, 6, 0]],
    ["[mean(z[j] for j in 4 if j >= i) for i in 4] * u", [4, 5, 3.5, 6]],
    ["[prod(z[j] for j in 4 if j > i) for i in 4] * u", [48, 6, 6, 1]],
    ["[max(z[j] for j in 4 if j >= i) for i in 4] * u", [8, 8, 6, 6]],
    ["max(where(z[i] == 8, x[0], x[1]) for i in 4) * u", [0.7]],
    ["min(x[i] for i in 2) * u", [0.3]],
    ["[[x[j] for j in 2 if j != i][0] for i in 2] * u", [0.7, 0.3]],
    ["[i for i in 4 if z[i] == 1] * u", [0, 2]],
    ["[x[where(i == 1, 0, i + 1)] for i in 2] * u", [0.7, 0.3]],
    ["where(1 < 2, x[0], x[1]) * u", [0.3]],
    ["[where(i > 0, x[where(i > 0, i - 1, 0)], 5) for i in 3] * u", [5, 0.3, 0.7]],
    ["x[[1, 0, 1]] * u", [0.7, 0.3, 0.7]],
    ["flatten(outer(x, [1, 2])) * u", [0.3, 0.6, 0.7, 1.4]],
    ["concat(x, [1], 2 * x)[3] * u", [0.6]],
    ["[concat(x, [1, 2])[i] for i in 4] * u", [0.3, 0.7, 1, 2]],
    ["trace(outer(x, x)) * u", [0.58]],
    ["(eye(2) @ transpose([x, 2 * x]))[0] * u", [0.3, 0.6]],
    ["(fold(h = x for t in 3) h / 2 + t) * u", [0.3 / 8 + 2.5, 0.7 / 8 + 2.5]],
    ["atan2(x[1], x[0]) * u", [Math.atan2(0.7, 0.3)]],
    ["pow(x[0], 3) / x[0]^2 * u", [0.3]],
    ["{ let a = x[0]; let b = { let a = 2; a * x[1] }; a + b } * u", [1.7]],
    ["sum(0 for i in 4 if z[i] == 7) * u + u", [1]],
  ])("%s", (expression, expected) => {
    const found = value(expression);
    expect(found).toHaveLength(expected.length);
    found.forEach((v, i) => {
      expect(v).toBeCloseTo(expected[i]!, 14);
    });
  });
  test("what isn't chosen doesn't count", () => {
    expect(value("where(norm(x) > 0, 1 / norm(x), 2) * u", [0, 0])).toEqual([2]);
    expect(value("where(norm(x) > 0, x[0] / norm(x), 0) * Δu + u", [0, 0])).toEqual([1]);
  });
});
