/**
 * Smoothness where points meet, and symmetry: what is proved, what is disproved, what is neither.
 */
import { describe, expect, test } from "vitest";
import { checkSmoothness, pairOrderExists, smoothnessOf } from "../../compiler/model/judge/smoothness.ts";
import { checkSymmetry } from "../../compiler/model/judge/symmetry.ts";
import { lowerSpec, lowerText } from "./support.ts";

const model = (kernel: string, rest = "observe value : u"): string =>
  "model M\ninput x : real[2]\nparam l = 0.7 > 0\nparam p = 3 > 0\n" +
  `fn psi(x : real[2]) = [x[0] * x[1], exp(x[0]), 1 / norm(x)]\nkernel k(a, b) = ${kernel}\nu ~ GP(k)\n${rest}\n`;
const orders = (kernel: string): [number, number] => {
  const lowered = lowerText(model(kernel)),
    { exists, fails } = smoothnessOf(lowered, lowered.latents[0]!);
  return [exists, fails];
};

describe("total orders of derivatives", () => {
  test.each<[string, number, number]>([
    ["rbf(a, b, l)", Infinity, Infinity],
    ["matern12(a, b, l)", 0, 0],
    ["matern32(a, b, l)", 2, 2],
    ["matern52(a, b, l)", 4, 4],
    ["matern72(a, b, l)", 6, 6],
    ["rational_quadratic(a, b, l, 1.5)", Infinity, Infinity],
    ["rational_quadratic(a, b, l, p)", Infinity, Infinity],
    ["periodic(a, b, l, 2)", Infinity, Infinity],
    ["cosine(a, b, 2)", Infinity, Infinity],
    ["polynomial(a, b, 1, 3) + linear(a, b, 2) * constant(3)", Infinity, Infinity],
    ["exp(-norm(a - b) / l)", 0, 0],
    ["exp(-norm(a - b)^3)", 2, 2],
    ["exp(-norm(a - b)^2)", Infinity, Infinity],
    ["exp(-sum(abs(a[i] - b[i]) for i in 2))", 0, 0],
    ["1 / (1 + norm(a - b)^2)", Infinity, Infinity],
    ["min(a[0], b[0])", 0, 0],
    ["matern52(psi(a), psi(b), l)", 4, 4],
    ["2 * matern72(a, b, 1) + matern32(a / l, b / l, 1)", 2, 2],
    ["rbf(a, b, l) * matern52(a, b, l)", 4, 4],
    ["rbf(psi(a), psi(b), l)", Infinity, Infinity],
    ["matern52(a / norm(a), b / norm(b), l)", 4, 4],
    ["where(norm(a - b) < 1, 1, 0)", Infinity, Infinity],
    ["1 + cos(2 * atan2(a[0] - b[0], a[1] - b[1]))", -1, 0],
    ["1 + cos(atan2(a[0], a[1]) - atan2(b[0], b[1]))", Infinity, Infinity],
    ["atan2(a[0] - b[0], 1 + dot(a, b)^2) + rbf(a, b, l)", Infinity, Infinity],
    ["acos(1 / (1 + dot(a - b, a - b)))", 0, 0],
    ["log(dot(a - b, a - b))", -1, -1],
  ])("%s", (kernel, exists, fails) => {
    expect(orders(kernel)).toEqual([exists, fails]);
  });

  test.each<[string, number]>([
    ["dot(a - b, a - b) * matern12(a, b, l)", 0],
    ["cos(norm(a - b))", 0],
    ["exp(-norm(a - b)^p)", 0],
    ["matern32(a, b, 1) - matern32(a, b, 2)", 2],
    ["sqrt(dot(a - b, a - b)^2)", 1],
    ["dot(a - b, a - b) * cos(atan2(a[0] - b[0], a[1] - b[1]))", -1],
  ])("%s is not decided", (kernel, exists) => {
    expect(orders(kernel)).toEqual([exists, Infinity]);
  });
});

describe("what observations and predictions need", () => {
  test("a kernel of the angle between two points has no gradient there, and is no continuous one", () => {
    const angle = "1 + cos(2 * atan2(a[0] - b[0], a[1] - b[1]))";
    expect(codes(angle, "observe slope : ∇u")).toEqual(["ADK0501 ∇u"]);
    expect(codes(angle, "observe value : u")).toEqual(["ADK0503 u"]);
  });
  const codes = (kernel: string, rest: string): string[] =>
    checkSmoothness(lowerText(model(kernel, rest))).map(
      (d) => `${d.code} ${d.span.source.text.slice(d.span.start, d.span.end)}`,
    );
  test("twice the order of what is observed", () => {
    expect(codes("matern32(a, b, l)", "observe a : ∇u\nobserve b : hess(u)\nobserve c : u")).toEqual([
      "ADK0501 hess(u)",
    ]);
    expect(codes("matern52(a, b, l)", "observe a : Δu\nobserve b : ΔΔu")).toEqual(["ADK0501 ΔΔu"]);
  });
  test("the order of what is predicted beside the highest observed", () => {
    expect(codes("matern32(a, b, l)", "observe a : u\npredict b : Δu")).toEqual([]);
    expect(codes("matern32(a, b, l)", "observe a : ∇u\npredict b : Δu\npredict u")).toEqual(["ADK0502 Δu"]);
  });
  test("unproved is a warning, and none where the order is there", () => {
    expect(codes("cos(norm(a - b))", "observe a : u\nobserve b : ∇u")).toEqual(["ADK0503 ∇u"]);
    expect(checkSmoothness(lowerText(model("cos(norm(a - b))", "observe b : ∇u")))[0]!.severity).toBe("warning");
  });
  test("the kernels that would do", () => {
    expect(checkSmoothness(lowerText(model("matern52(a, b, l)", "observe a : d(u, x[0], x[0], x[1])")))[0]!.hint).toBe(
      "`matern72`, `rbf` or `rational_quadratic` would do",
    );
  });
  test("each latent has a kernel of its own", () => {
    const text =
      "model M\ninput x : real[2]\nkernel k(a, b) = rbf(a, b, 1)\nkernel m(a, b) = matern12(a, b, 1)\nu ~ GP(k)\n" +
      "v ~ GP(m)\nobserve a : ΔΔu + v\nobserve b : ∇v";
    const lowered = lowerText(text);
    expect(checkSmoothness(lowered).map((d) => d.code)).toEqual(["ADK0501"]);
    expect(pairOrderExists(lowered, "a", "a")).toBe(true);
    expect(pairOrderExists(lowered, "a", "b")).toBe(false);
  });
  test.each(["gdml", "sgdml", "energies_forces"])("%s", (name) => {
    const lowered = lowerSpec(name, { bind: { N: 4 }, identitySymmetry: true });
    expect(checkSmoothness(lowered)).toEqual([]);
    expect(smoothnessOf(lowered, lowered.latents[0]!)).toMatchObject({ exists: 4, fails: 4 });
  });
  test("only pairs that are disproved do not exist", () => {
    const lowered = lowerText(model("matern52(a, b, l)", "observe a : ∇²u\nobserve b : ΔΔu\nobserve c : u"));
    expect([
      pairOrderExists(lowered, "a", "a"),
      pairOrderExists(lowered, "a", "b"),
      pairOrderExists(lowered, "b", "c"),
      pairOrderExists(lowered, "b", "b"),
    ]).toEqual([true, false, true, false]);
    expect(() => pairOrderExists(lowered, "a", "d")).toThrow(RangeError);
  });
});

describe("symmetry", () => {
  test.each([
    "rbf(a, b, l)",
    "matern52(psi(a), psi(b), l) + dot(a, b)",
    "exp(-norm(a - b))",
    "sum(a[i] * b[j] * (i + j) for i in 2, j in 2)",
  ])("%s", (kernel) => {
    expect(checkSymmetry(lowerText(model(kernel)))).toEqual([]);
  });
  test.each(["rbf(a, 2 * b, l)", "a[0] * b[1]", "rbf(a, b, l) * (1 + a[0])"])("%s is not symmetric", (kernel) => {
    expect(checkSymmetry(lowerText(model(kernel))).map((d) => d.code)).toEqual(["ADK0504"]);
  });
  test("permutations make a symmetric kernel where they are a group", () => {
    expect(
      checkSymmetry(
        lowerSpec("sgdml", {
          bind: {
            perms: [
              [0, 1, 2, 3],
              [0, 2, 3, 1],
              [0, 3, 1, 2],
            ],
          },
        }),
      ),
    ).toEqual([]);
  });
});
