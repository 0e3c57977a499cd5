/** Printing and parsing are inverse: over random trees, and over every spec of test/specs. */
import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Expression } from "../../compiler/source/ast.ts";
import { parse, parseExpression } from "../../compiler/source/parse.ts";
import { printAst, printExpression } from "../../compiler/source/print.ts";
import type { Source } from "../../compiler/source/span.ts";
import { childrenOf, expressionsOf } from "../../compiler/source/walk.ts";
import { bare, expression, file } from "./arbitrary.ts";

const source = (text: string): Source => ({ name: "test.adk", text });

function everyExpression(roots: readonly Expression[]): Expression[] {
  return roots.flatMap((root) => [root, ...everyExpression(childrenOf(root))]);
}

describe("print, then parse", () => {
  test("expressions", () => {
    fc.assert(
      fc.property(expression, (tree) => {
        expect(bare(parseExpression(source(printExpression(tree))))).toEqual(bare(tree));
      }),
      { numRuns: 1000 },
    );
  });

  test("files", () => {
    fc.assert(
      fc.property(file, (ast) => {
        const text = printAst(ast);
        const again = parse(source(text));
        expect(bare(again)).toEqual(bare(ast));
        expect(printAst(again)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  test("a node's span holds the text of that node", () => {
    fc.assert(
      fc.property(expression, (tree) => {
        const { text } = source(printExpression(tree));
        for (const node of everyExpression([parseExpression(source(text))])) {
          const part = text.slice(node.span.start, node.span.end);
          expect(part).toBe(part.trim());
          expect(bare(parseExpression(source(part)))).toEqual(bare(node));
        }
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ["(a + b) * c", "(a + b) * c"],
    ["((a) + (b * c)) - (d - e)", "a + b * c - (d - e)"],
    ["(-x)^2 - (-(x^2))", "(-x)^2 - -x^2"],
    ["2^(-(x^(-y)))", "2^-x^-y"],
    ["(a^b)^c", "(a^b)^c"],
    ["(∇u)[0] + ∇(u[0]) + ∇(∇u) - ∇(-u)", "(∇u)[0] + ∇u[0] + ∇∇u - ∇(-u)"],
    ["Δ(x * u) + (Δu)^2 + ∆(u^2)", "Δ(x * u) + (Δu)^2 + Δu^2"],
    ["not (a < b) and (not (c or d))", "not a < b and not (c or d)"],
    ["(a == b) == c", "(a == b) == c"],
    ["1 + (fold(h = 1 for t in T) h + 1)", "1 + (fold(h = 1 for t in T) h + 1)"],
    ["{ let a = (1.0); (a) }", "{ let a = 1.0; a }"],
    ["[(i + 1) for i in (N + 1), j in 3 if (i < j)]", "[i + 1 for i in N + 1, j in 3 if i < j]"],
    ["(2)[0] + [1, 2][0] + ([1, 2])(0)", "(2)[0] + [1, 2][0] + ([1, 2])(0)"],
    ["1e3 + 1e-7 + 1.50 + 1e30 + 3", "1000.0 + 1e-7 + 1.5 + 1e+30 + 3"],
  ])("%s has no more brackets than it needs", (text, printed) => {
    expect(printExpression(parseExpression(source(text)))).toBe(printed);
  });
});

describe("every spec", () => {
  const folder = new URL("../specs/", import.meta.url);
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".adk"))
    .sort();

  test("all 28 are here", () => expect(files).toHaveLength(28));

  test.each(files)("%s", (name) => {
    const text = readFileSync(new URL(name, folder), "utf8");
    const ast = parse({ name, text });
    const printed = printAst(ast);
    expect(bare({ ...parse(source(printed)), comments: [] })).toEqual(bare({ ...ast, comments: [] }));
    expect(printAst(parse(source(printed)))).toBe(printed);
    expect(ast.comments.map((comment) => comment.text)).toEqual(text.match(/\/\/.*$/gm) ?? []);
    for (const node of everyExpression(ast.declarations.flatMap(expressionsOf))) {
      expect(bare(parseExpression(source(text.slice(node.span.start, node.span.end))))).toEqual(bare(node));
    }
  });

  test("the examples are among them, unchanged", () => {
    const examples = new URL("../../examples/specs/", import.meta.url);
    const same = [
      "gdml",
      "sgdml",
      "sgdml_rbf",
      "rosenbrock",
      "himmelblau",
      "laplace_disc",
      "wave",
      "kernels_by_hand",
      "curl_free",
      "flow2d",
    ];
    for (const name of same)
      expect(readFileSync(new URL(`${name}.adk`, examples), "utf8")).toBe(
        readFileSync(new URL(`${name}.adk`, folder), "utf8"),
      );
  });
});
