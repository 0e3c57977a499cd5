/**
 * The typed tree and what stands at its places; the lowered model as data: printed, and the same whatever it is applied
 * to.
 */
import { describe, expect, test } from "vitest";
import { apply, applyWithin, atPair } from "../../compiler/ad/operator.ts";
import { counters, param, replaceParams } from "../../compiler/ir/expr.ts";
import { bindsAlike, check } from "../../compiler/model/check/check.ts";
import { LIMITS } from "../../compiler/model/lower/budget.ts";
import { printLowered } from "../../compiler/model/lower/print_lowered.ts";
import { definitionAt, typeAt } from "../../compiler/model/queries.ts";
import { compile } from "../../compiler/driver.ts";
import { checkText, diagnosticsOf, lowerText } from "./support.ts";

const text = `model Places
dim N
const w : real[N] = [1, 2, 3]
input x : real[3]
fn scaled(v, by = 2) = { let twice = v * by; twice }
fn norms(A : real[M, K]) = [norm(A[m]) for m in M]
kernel k(a, b) = rbf(a, b, 1)
u ~ GP(k)
observe slope(q : real) : q * scaled(∇u)[0]
observe many : sum(norms(outer(w, x))[i] for i in N) * (fold(h = u for t in 3) h / 2)
predict u
`;
const { tree } = checkText(text);
const at = (words: string, within = 0): number => {
  const place = text.indexOf(words);
  if (place < 0) throw new Error(`no ${words}`);
  return place + within;
};
const typeOf = (words: string, within = 0): string | undefined => typeAt(tree!, at(words, within))?.text;
const definitionOf = (words: string, within = 0): string | undefined => {
  const name = definitionAt(tree!, at(words, within));
  return name && `${name.text}:${name.span.start}`;
};

describe("types at places", () => {
  test.each([
    ["∇u)[0]", 0, "real[3]"],
    ["∇u)[0]", "∇".length, "real"],
    ["q * scaled", 0, "real"],
    ["twice = v", 0, "real[3]"],
    ["v * by", 0, "real[3]"],
    ["by; twice", 0, "int"],
    ["twice }", 0, "real[3]"],
    ["A[m]", 0, "real[3, 3]"],
    ["M]\nkernel", -2, "real[3]"],
    ["m]) for", 0, "int"],
    ["i in N) *", 0, "int"],
    ["h / 2", 0, "real"],
    ["h = u for", 0, "real"],
    ["t in 3", 0, "int"],
    ["rbf(a", 0, "the function rbf"],
    ["k)\nobserve", 0, "the function k"],
    ["[1, 2, 3]", 0, "int[3]"],
  ] as const)("%s, %i further: %s", (words, within, expected) => {
    expect(typeOf(words, within)).toBe(expected);
  });
  test("none where no expression is", () => {
    expect(typeOf("model")).toBeUndefined();
    expect(definitionOf("model")).toBeUndefined();
  });
  test("what is known stays known beside an error", () => {
    const broken = checkText("model M\ninput x : real[2]\nkernel k(a, b) = rbf(a, b, missing)\nu ~ GP(k)\npredict u\n");
    expect(broken.model).toBeUndefined();
    const [a, missing] = ["a, b, missing", "missing"].map((w) =>
      typeAt(broken.tree!, broken.tree!.source.text.indexOf(w)),
    );
    expect(a?.text).toBe("real[2]");
    expect(missing?.text).toBe("unknown");
  });
});

describe("definitions", () => {
  test.each([
    ["twice }", 0, `twice:${at("twice = v")}`],
    ["by; twice", 0, `by:${at("by = 2")}`],
    ["scaled(∇", 0, `scaled:${at("scaled(v")}`],
    ["u)[0]", 0, `u:${at("u ~ GP")}`],
    ["w, x", 0, `w:${at("w : real")}`],
    ["N) *", 0, `N:${at("N\nconst")}`],
    ["h / 2", 0, `h:${at("h = u for")}`],
    ["k)\nobserve", 0, `k:${at("k(a, b)")}`],
    ["m]) for", 0, `m:${at("m in M")}`],
    ["q * scaled", 0, `q:${at("q : real")}`],
  ] as const)("%s", (words, within, expected) => {
    expect(definitionOf(words, within)).toBe(expected);
  });
  test("in the library's own text", () => {
    expect(definitionAt(tree!, at("rbf(a"))?.span.source.name).toBe("std/kernels.adk");
  });
  test("of nothing that is built in", () => {
    expect(definitionOf("outer(w")).toBeUndefined();
  });
});

describe("arguments are matched once", () => {
  const spec = (call: string): string =>
    `model M\ninput x : real[2]\nkernel k(a, b) = rbf(a, b, 1)\nu ~ GP(k)\nobserve v : ${call}\npredict u\n`;
  test("a call by name is the call in order", () => {
    const printed = (call: string): string => printLowered(lowerText(spec(call)));
    expect(printed("d(x = x[0], F = u)")).toBe(printed("d(u, x[0])"));
    expect(printed("where(b = 0 * u, a = u, condition = x[0] < 1)")).toBe(printed("where(x[0] < 1, u, 0 * u)"));
    expect(printed("jvp(v = x, F = u)")).toBe(printed("jvp(u, x)"));
  });
});

describe("a text is parsed once", () => {
  test("whatever is bound", () => {
    const source = { name: "once.adk", text };
    const [first, second] = [{}, { N: 3 }].map((bind) => check({ ...source }, { bind }).model!.file.ast);
    expect(first).toBe(second);
    expect(check({ ...source, text: `${text}\n` }).model!.file.ast).not.toBe(first);
  });
  test("bindings that types don't read leave the tree as it is", () => {
    expect(bindsAlike({ z: [1, 2], l: 0.5 }, { z: [3], N: "a" })).toBe(true);
    expect(bindsAlike({ N: 3 }, { N: 3, z: [1] })).toBe(true);
    expect(bindsAlike({ N: 3 }, { N: 4 })).toBe(false);
    expect(bindsAlike({}, { N: 4 })).toBe(false);
  });
});

describe("a lowered model is data", () => {
  const lowered = lowerText(text),
    quantity = lowered.quantities.get("slope")!;
  test("that is printed, the same each time", () => {
    const printed = printLowered(lowered);
    expect(printed).toBe(printLowered(lowerText(text)));
    expect(printed).toContain("operator slope(the latent u, the point, the argument q) =");
    expect(printed).toMatch(/step 1\[3\] = ∂\/∂\(the point\) of\n +the latent u/);
    expect(printed).toContain("noise of many(the point) =\n    1e-10");
  });
  test("an operator of a latent notes a step, and one of what is known none", () => {
    expect(quantity.operator.steps.map((s) => s.kind)).toEqual(["gradient"]);
    const kinds = (call: string): string[] =>
      lowerText(
        `model M\ninput x : real[2]\nkernel k(a, b) = rbf(a, b, 1)\nu ~ GP(k)\nobserve v : ${call}\npredict u\n`,
      )
        .quantities.get("v")!
        .operator.steps.map((s) => s.kind);
    expect(kinds("d(x[0]^2, x[0]) * u")).toEqual([]);
    expect(kinds("vjp(x * u, x)[0] + at(jvp(u, x), [0, x[1]])")).toEqual(["weighted", "along", "moved"]);
  });
  test("a kernel at its own placeholders exchanged twice is itself", () => {
    const { kernel } = lowered.latents[0]!,
      swapped = { ...kernel, value: atPair(kernel, kernel.b, kernel.a) };
    expect(atPair(swapped, kernel.b, kernel.a)).toBe(kernel.value);
  });
  test("a step inside a loop is read in place: no table of derivatives is laid out", () => {
    const laplacian = lowerText(
      "model M\ninput x : real[3]\nkernel k(a, b) = rbf(a, b, 1)\nu ~ GP(k)\nobserve v : sum(d(u, x[i], x[i]) for i in 3)\npredict u\n",
    );
    const direct = lowerText(
      "model M\ninput x : real[3]\nkernel k(a, b) = rbf(a, b, 1)\nu ~ GP(k)\nobserve v : Δu\npredict u\n",
    );
    const [p, other] = [param("p", [3]), param("other", [3])];
    const [a, b] = [laplacian, direct].map((l) =>
      apply(l.quantities.get("v")!.operator, {
        point: p,
        latents: new Map([["u", atPair(l.latents[0]!.kernel, p, other)]]),
        arguments: new Map(),
      }),
    );
    expect(a).toBe(b);
  });
  test("and applied within a number of nodes, or not at all", () => {
    const { kernel } = lowered.latents[0]!,
      site = { point: kernel.b, latents: new Map([["u", kernel.value]]), arguments: new Map() };
    const before = counters.constructed;
    expect(applyWithin(quantity.operator, site, 0)).toBeUndefined();
    const enough = applyWithin(quantity.operator, site, counters.constructed - before);
    expect(enough).toBe(replaceParams(apply(quantity.operator, site), new Map()));
  });
});

describe("what would be laid out is counted", () => {
  const folds = (depth: number): string =>
    `model M\ninput x : real[2]\nkernel k(a, b) = rbf(a, b, 1)\nu ~ GP(k)\nobserve v : ${"fold(h = u for t in 2) ".repeat(depth)}u\npredict u\n`;
  test("folds in one another", () => {
    expect(() => compile(folds(6))).not.toThrow();
    expect(() => compile(folds(20))).toThrow(/ADK0322[\s\S]*1048576 or more/);
    expect(diagnosticsOf(folds(20))).toEqual([]);
  });
  test("products of products, before they are laid out", () => {
    const product = `prod(prod(1 + 1e-9 * i * j * x[0] for i in 1000) for j in 1000)`;
    const before = counters.constructed;
    expect(() => compile(folds(0).replace(": u", `: ${product} * u`))).toThrow(/ADK0322/);
    expect(counters.constructed - before).toBeLessThan(LIMITS.nodes);
  });
  test("derivatives of derivatives, from the order on that has no end", () => {
    expect(() => compile(folds(0).replace(": u", `: ${"∇".repeat(4)}u`))).not.toThrow();
    expect(() => compile(folds(0).replace(": u", `: ${"∇".repeat(12)}u`))).toThrow(/ADK0322[\s\S]*covariance of `v`/);
  });
});
