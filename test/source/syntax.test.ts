/** Every example of the syntax reference parses, and is printed and parsed again to the same tree. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { MOST_BRACKETS, MOST_LEVELS } from "../../compiler/source/nesting.ts";
import { parse, parseExpression } from "../../compiler/source/parse.ts";
import { printAst, printExpression } from "../../compiler/source/print.ts";
import { reservedWords } from "../../compiler/source/tokens.ts";
import { bare } from "./arbitrary.ts";

const page = readFileSync(new URL("../../grammar/SYNTAX.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/^```(adk[^\n]*)\n([\s\S]*?)^```$/gm)].map(([, mark = "", text = ""]) => ({
  mark,
  text,
}));

describe("SYNTAX.md", () => {
  test("has examples of both kinds", () => {
    expect(new Set(blocks.map(({ mark }) => mark))).toEqual(new Set(["adk", "adk expression"]));
  });

  test.each(blocks.map(({ mark, text }, order) => [`${order + 1} (${mark})`, mark, text] as const))(
    "block %s",
    (_, mark, text) => {
      const source = { name: "SYNTAX.md", text };
      if (mark === "adk") {
        const ast = { ...parse(source), comments: [] };
        expect(bare(parse({ ...source, text: printAst(ast) }))).toEqual(bare(ast));
      } else {
        const expression = parseExpression(source);
        expect(bare(parseExpression({ ...source, text: printExpression(expression) }))).toEqual(bare(expression));
      }
    },
  );

  test("says the limits and the reserved words as they are", () => {
    const flat = page.replace(/\s+/g, " ");
    expect(flat).toContain(`at most ${MOST_BRACKETS} deep`);
    expect(flat).toContain(`at most ${MOST_LEVELS} levels`);
    const [, words = ""] = /Reserved: `([^`]*)`/.exec(flat) ?? [];
    expect(new Set(words.split(" "))).toEqual(reservedWords);
  });

  test("the short file is a file", () => {
    const [, text = ""] = /share a line: `([^`]*)` is a file/.exec(page) ?? [];
    expect(parse({ name: "", text }).declarations).toHaveLength(3);
  });
});
