/** Parsing: what the trees are, where the limits lie, and that nothing but diagnostics comes of bad text. */
import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { DiagnosticError, render, toJson, type Diagnostic } from "../../compiler/source/diagnostic.ts";
import { MOST_BRACKETS, MOST_LEVELS } from "../../compiler/source/nesting.ts";
import { parse, parseExpression } from "../../compiler/source/parse.ts";
import type { Source } from "../../compiler/source/span.ts";
import { reservedWords } from "../../compiler/source/tokens.ts";
import { bare } from "./arbitrary.ts";

const source = (text: string): Source => ({ name: "test.adk", text });
const expression = (text: string): unknown => bare(parseExpression(source(text)));
const file = (text: string): unknown => bare(parse(source(text)));

function errorsOf(text: string, parser: (source: Source) => unknown = parse): readonly Diagnostic[] {
  try {
    parser(source(text));
    return [];
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics;
    throw error;
  }
}
const codesOf = (text: string): string[] => errorsOf(text).map(({ code }) => code);

const n = (value: number): object => ({ kind: "number", value, integer: true });
const x = (text: string): object => ({ kind: "name", text });
const unary = (operator: string, operand: object): object => ({ kind: "unary", operator, operand });
const nabla = (operator: string, operand: object): object => ({ kind: "calculus", operator, operand });
const binary = (left: object, operator: string, right: object): object => ({ kind: "binary", operator, left, right });
const at = (tensor: object, ...indices: object[]): object => ({ kind: "index", tensor, indices });
const call = (callee: string, ...values: object[]): object => ({
  kind: "call",
  callee: x(callee),
  arguments: values.map((value) => ({ value })),
});

describe("precedence", () => {
  test.each<[string, object]>([
    ["-x^2", unary("-", binary(x("x"), "^", n(2)))],
    ["x^-2^y", binary(x("x"), "^", unary("-", binary(n(2), "^", x("y"))))],
    ["2^3^x", binary(n(2), "^", binary(n(3), "^", x("x")))],
    ["∇u[0]", nabla("∇", at(x("u"), n(0)))],
    ["(∇u)[0]", at(nabla("∇", x("u")), n(0))],
    ["-∇u^2", unary("-", nabla("∇", binary(x("u"), "^", n(2))))],
    ["∇∇u", nabla("∇", nabla("∇", x("u")))],
    ["∇²u", nabla("∇²", x("u"))],
    ["ΔΔu * x", binary(nabla("Δ", nabla("Δ", x("u"))), "*", x("x"))],
    ["Δf(x)", nabla("Δ", call("f", x("x")))],
    ["a - b - c", binary(binary(x("a"), "-", x("b")), "-", x("c"))],
    ["a - -b * c", binary(x("a"), "-", binary(unary("-", x("b")), "*", x("c")))],
    ["a @ b / c", binary(binary(x("a"), "@", x("b")), "/", x("c"))],
    [
      "not a + b < c and d or e",
      binary(binary(unary("not", binary(binary(x("a"), "+", x("b")), "<", x("c"))), "and", x("d")), "or", x("e")),
    ],
    ["not not a", unary("not", unary("not", x("a")))],
    [
      "fold(h = a for t in T) h + 1 or b",
      {
        kind: "fold",
        state: { text: "h" },
        initial: x("a"),
        range: { name: { text: "t" }, size: x("T") },
        body: binary(binary(x("h"), "+", n(1)), "or", x("b")),
      },
    ],
    ["a[i](b)[c]", at({ kind: "call", callee: at(x("a"), x("i")), arguments: [{ value: x("b") }] }, x("c"))],
  ])("%s", (text, tree) => expect(expression(text)).toEqual(tree));
});

describe("tokens", () => {
  test("numbers know whether they were written whole", () => {
    expect(expression("[1, 1.0, 1e-3, 2E+2, 007]")).toEqual({
      kind: "list",
      items: [
        [1, true],
        [1, false],
        [1e-3, false],
        [200, false],
        [7, true],
      ].map(([value, integer]) => ({ kind: "number", value, integer })),
    });
  });

  test("names are brought to NFC, spans keep to the text", () => {
    const tree = parseExpression(source("e\u0301 + 1"));
    expect(bare(tree)).toEqual(binary(x("\u00e9"), "+", n(1)));
    expect(tree).toMatchObject({ left: { span: { start: 0, end: 2 } } });
  });

  test("both letters delta are the Laplacian and part of no name", () => {
    expect(expression("\u2206u")).toEqual(expression("\u0394u"));
    expect(codesOf("model M\nfn f(aΔ) = a")).toEqual(["ADK0101"]);
    expect(codesOf("model M\nfn f(a) = aΔ")).toEqual(["ADK0101"]);
  });

  test("words with a meaning in one place are names elsewhere", () => {
    expect(
      codesOf("model GP\nfn mean(real, symmetry) = mean + GP * int(real, mean = 1)\nparam index : index = 1"),
    ).toEqual([]);
  });

  test.each([...reservedWords])("%s is no name, but part of names", (word) => {
    expect(codesOf(`model M\nparam ${word} = 1`)).toEqual(["ADK0104"]);
    expect(codesOf(`model M\nparam ${word}s = x${word} + ${word}_`)).toEqual([]);
  });

  test("line breaks mean nothing", () => {
    const text = readFileSync(new URL("../specs/painn.adk", import.meta.url), "utf8").replace(/\/\/.*/g, "");
    expect(file(text.replace(/\s+/g, " "))).toEqual(file(text));
    expect(file(text.replaceAll("\n", "\r\n"))).toEqual(file(text));
    expect(file(`\ufeff${text}`)).toEqual(file(text));
    expect(file(text.replace(/(?<=[\w\])]) (?=[\w[(=+*^~-])/g, "\n// a comment\n"))).toMatchObject({
      model: { text: "PaiNNKernel" },
    });
  });

  test("comments are kept, strings are not comments", () => {
    const { comments } = parse(source('// one\nmodel M // two\nconst z from "//three" //'));
    expect(comments.map(({ text, span }) => [text, span.start])).toEqual([
      ["// one", 0],
      ["// two", 15],
      ["//", 45],
    ]);
  });
});

describe("declarations", () => {
  test("what is absent has no field", () => {
    expect(file('model M param a = 1 > 0 param b : real[2] from "b" fixed const c = 1 predict u')).toEqual({
      model: { text: "M" },
      comments: [],
      declarations: [
        { kind: "param", name: { text: "a" }, initial: n(1), bound: { lower: n(0) }, fixed: false },
        { kind: "param", name: { text: "b" }, type: { base: "real", sizes: [n(2)] }, key: "b", fixed: true },
        { kind: "const", name: { text: "c" }, symmetry: false, value: n(1) },
        { kind: "predict", name: { text: "u" }, arguments: [] },
      ],
    });
  });

  test("noise and from in either order", () => {
    const [one, two] = ['from "F" noise 1', 'noise 1 from "F"'].map((end) => file(`model M observe f : u ${end}`));
    expect(one).toEqual(two);
  });

  test("a library has no model", () => {
    expect(
      codesOf('import { f } from "std/x"\nfn g(x) = f(x)\nkernel k(a, b) = g(a) * g(b)\nconst c = [1, 2]'),
    ).toEqual([]);
    expect(codesOf("const c : real[2]")).toEqual(["ADK0112"]);
    expect(codesOf("")).toEqual([]);
  });
});

describe("limits", () => {
  const nested = (depth: number): string => `model M\nfn f(x) = ${"([".repeat(depth / 2)}x${"])".repeat(depth / 2)}`;
  const shapes: readonly (readonly [string, (count: number) => string])[] = [
    ["brackets", (count) => `${"(".repeat(count)}x${")".repeat(count)}`],
    ["calls", (count) => `${"f(".repeat(count)}x${")".repeat(count)}`],
    ["blocks", (count) => `${"{ let a = ".repeat(count)}x${"; a }".repeat(count)}`],
    ["folds", (count) => `${"fold(h = x for t in 2) ".repeat(count)}h`],
    ["minuses", (count) => `${"-".repeat(count)}x`],
    ["nots", (count) => `${"not ".repeat(count)}x`],
    ["nablas", (count) => `${"∇".repeat(count)}x`],
    ["powers", (count) => `${"x^-".repeat(count)}x`],
    ["sums", (count) => `${"x + ".repeat(count)}x`],
    ["indices", (count) => `x${"[0]".repeat(count)}`],
  ];

  test("brackets up to the limit parse", () => {
    expect(codesOf(nested(MOST_BRACKETS - 2))).toEqual([]);
    expect(codesOf(nested(MOST_BRACKETS + 2))).toEqual(["ADK0116"]);
  });

  test("sums up to the limit parse", () => {
    expect(codesOf(`model M\nfn f(x) = ${"x + ".repeat(MOST_LEVELS - 1)}x`)).toEqual([]);
    expect(codesOf(`model M\nfn f(x) = ${"x + ".repeat(MOST_LEVELS)}x`)).toEqual(["ADK0116"]);
  });

  test.each(shapes)("deep %s are a diagnostic", (_, shape) => {
    for (const count of [1000, 20_000]) {
      expect(codesOf(`model M\nfn f(x) = ${shape(count)}\nfn g(x) = 2 x`)).toEqual(["ADK0116", "ADK0109"]);
      expect(errorsOf(shape(count), parseExpression).map(({ code }) => code)).toEqual(["ADK0116"]);
    }
  });

  test("long lists are no depth", () => {
    expect(
      codesOf(
        `model M\nconst c = [${"1, ".repeat(20_000)}1]\nfn f(x) = g(${"fold(h = x for t in 2) h, ".repeat(1000)}x)`,
      ),
    ).toEqual([]);
  });

  test("at most twenty errors are said", () => {
    expect(errorsOf(`model M\n${"param = 1\n".repeat(100)}`)).toHaveLength(20);
    expect(errorsOf(`model M\n${"param a = ?\n".repeat(100)}`)).toHaveLength(20);
  });
});

describe("bad text", () => {
  const folder = new URL("../specs/", import.meta.url);
  const specs = readdirSync(folder)
    .filter((name) => name.endsWith(".adk"))
    .sort()
    .map((name) => readFileSync(new URL(name, folder), "utf8"));
  const pieces = [
    "model",
    "fn",
    "kernel",
    "param",
    "observe",
    "for",
    "in",
    "if",
    "let",
    "not",
    "fold",
    "from",
    "x",
    "u",
    "λ",
    "Δ",
    "∇",
    "∇²",
    "∂",
    "real",
    "1",
    "1.",
    ".5",
    '"',
    '"s"',
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ";",
    "~",
    "=",
    "==",
    "<",
    "+",
    "-",
    "*",
    "^",
    "@",
    "\n",
    " ",
    "//",
    "\0",
    "\u2028",
    "\ud800",
    "😀",
    "²",
    "GP(",
    "symmetry",
  ];

  function holds(text: string): void {
    const diagnostics = errorsOf(text);
    expect(diagnostics.length).toBeLessThanOrEqual(20);
    for (const diagnostic of diagnostics) {
      const { start, end } = diagnostic.span;
      expect(0 <= start && start <= end && end <= text.length).toBe(true);
      expect(render(diagnostic).split("\n")[0]).toMatch(/^test\.adk:\d+:\d+: error ADK01\d\d: ./);
      expect(diagnostic.expected).not.toBe("");
      expect(toJson(diagnostic).endLine).toBeGreaterThanOrEqual(toJson(diagnostic).line);
    }
  }

  test("of random pieces ends in diagnostics", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (parts) => holds(parts.join(" "))),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (parts) => holds(parts.join(""))),
      { numRuns: 2000 },
    );
  });

  test("of any characters ends in diagnostics", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 60 }), holds), { numRuns: 1000 });
  });

  test("specs with one piece put in, or one stretch cut out, end in diagnostics", () => {
    const change = fc.record({
      spec: fc.constantFrom(...specs),
      place: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(12),
      piece: fc.constantFrom("", ...pieces),
    });
    fc.assert(
      fc.property(change, ({ spec, place, cut, piece }) => {
        const start = Math.floor(place * spec.length);
        holds(spec.slice(0, start) + piece + spec.slice(start + cut));
      }),
      { numRuns: 1000 },
    );
  });

  test("one error does not hide another, nor make one", () => {
    expect(
      codesOf("model M\nfn f(x) = 2 x\nkernal k(a, b) = 1\nparam a = (1\nparam b = 2\nobserve v : u == 0\npredict u"),
    ).toEqual(["ADK0109", "ADK0117", "ADK0102", "ADK0115"]);
  });
});
