/**
 * The documents speak of the language as it is: every block of docs/language.md is compiled as far as its mark says.
 *   adk             a model without a complaint; without a `model` line it continues the page's model `Plane`
 *   adk library     a library without a complaint
 *   adk expression  an expression that parses
 *   adk refused     (continues `Plane` too) each comment is the code that its line gets, and no other line gets one
 * The tables name every code there is, and the links lead to files.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compile } from "../compiler/driver.ts";
import { builtins, standardOnly } from "../compiler/model/builtins/table.ts";
import { check } from "../compiler/model/check/check.ts";
import { codes, DiagnosticError, type Diagnostic } from "../compiler/source/diagnostic.ts";
import { MOST_BRACKETS, MOST_LEVELS } from "../compiler/source/nesting.ts";
import { parse, parseExpression } from "../compiler/source/parse.ts";
import { positionOf } from "../compiler/source/span.ts";
import { sources } from "../compiler/std/sources.generated.ts";

const root = new URL("../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");
const page = read("docs/language.md");
const blocks = [...page.matchAll(/^```(adk[^\n]*)\n([\s\S]*?)^```$/gm)].map(([, mark = "", text = ""], n) => ({
  name: `${n + 1} (${mark})`,
  mark,
  text,
}));
const marked = (mark: string): typeof blocks => blocks.filter((b) => b.mark === mark);
const plane = blocks.find((b) => b.text.startsWith("model Plane"))?.text ?? "";
const whole = (text: string): string => (/^model /m.test(text) ? text : plane + text);

/** What checking finds and, where that finds no error, compiling. */
function complaints(text: string): Diagnostic[] {
  const name = "language.md",
    { diagnostics } = check({ name, text });
  const found = [...diagnostics];
  if (found.some((d) => d.severity === "error")) return found;
  try {
    compile(text, {
      name,
      point: undefinedPoint(text),
      warn: (d) => {
        found.push(d);
      },
    });
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    found.push(...error.diagnostics);
  }
  return found;
}

/** Molecules are given three atoms. */
const undefinedPoint = (text: string): readonly number[] => (/input R : real\[N, 3\]/.test(text) ? [3, 3] : [2]);

describe("docs/language.md", () => {
  test("has blocks of every mark, and no other", () => {
    expect(new Set(blocks.map((b) => b.mark))).toEqual(
      new Set(["adk", "adk library", "adk expression", "adk refused"]),
    );
  });

  test.each(marked("adk"))("$name is a model", ({ text }) => {
    const { model, diagnostics } = check({ name: "language.md", text: whole(text) });
    expect(diagnostics.map((d) => `${d.code} ${d.message}`)).toEqual([]);
    expect(model).toBeDefined();
  });

  test.each(marked("adk library"))("$name is a library", ({ text }) => {
    const source = { name: "language.md", text };
    expect(check(source).diagnostics).toEqual([]);
    expect(parse(source).model).toBeUndefined();
  });

  test.each(marked("adk expression"))("$name parses", ({ text }) => {
    expect(() => parseExpression({ name: "language.md", text })).not.toThrow();
  });

  test.each(marked("adk refused"))("$name gets what its comments say", ({ text }) => {
    const full = whole(text);
    const expected = full
      .split("\n")
      .flatMap((line, n) => [...line.matchAll(/\/\/ (ADK\d{4})/g)].map(([, code]) => `${n + 1} ${code}`));
    const found = complaints(full).map((d) => `${positionOf(d.span.source, d.span.start).line} ${d.code}`);
    expect([...new Set(found)].sort()).toEqual(expected.sort());
    expect(expected.length).toBeGreaterThan(0);
  });

  test("the tables have every code, once", () => {
    const listed = [...page.matchAll(/^\| ((?:ADK\d{4}(?:, )?)+) \|/gm)].flatMap(([, list = ""]) => list.split(", "));
    expect(listed.sort()).toEqual(
      Object.keys(codes)
        .filter((code) => code < "ADK0900")
        .sort(),
    );
  });

  test("every function, operator and kernel is named", () => {
    const own = Object.entries(sources).flatMap(([name, text]) =>
      parse({ name, text }).declarations.flatMap((d) => (d.kind === "fn" ? [d.name.text] : [])),
    );
    const words = new Set(page.match(/\w+/g));
    expect([...builtins.keys(), ...own].filter((name) => !standardOnly.has(name) && !words.has(name))).toEqual([]);
  });

  test("the limits are those of the compiler", () => {
    expect(page).toContain(`at most ${MOST_BRACKETS} deep`);
    expect(page).toContain(`at most ${MOST_LEVELS} levels`);
    for (const [code, accepted, refused] of [
      ["sum(x[0] for i in 5000)", true, false],
      ["max(x[0] * i for i in 4096)", true, false],
      ["max(x[0] * i for i in 4097)", false, true],
    ] as const) {
      const found = complaints(`${plane}observe a : ${code} * u`).map((d) => d.code);
      expect([found.length === 0, found.includes("ADK0320")]).toEqual([accepted, refused]);
    }
    expect(complaints(`${plane}observe a : fold(h = u for t in 1000) h / 2`)).toEqual([]);
    expect(complaints(`${plane}observe a : fold(h = u for t in 1001) h / 2`).map((d) => d.code)).toEqual(["ADK0320"]);
  });
});

describe("links and the index", () => {
  const documents = readdirSync(new URL("docs/", root)).filter((name) => name.endsWith(".md"));
  test.each([
    ...documents.map((name) => `docs/${name}`),
    "grammar/SYNTAX.md",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
  ])("%s leads to files", (path) => {
    const links = [...read(path).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, to = ""]) => to);
    expect(links.filter((to) => !existsSync(new URL(to, new URL(path, root))))).toEqual([]);
  });
  /** What the worked examples make. */
  const made = [/ADK0215/, /^compiler\/model\/(builtins|names)\//];
  test("CONTRIBUTING.md names files that exist", () => {
    const page = read("CONTRIBUTING.md");
    const paths = [...page.matchAll(/`([\w.]+(?:\/[\w.]+)+\/?)`/g)].map(([, path = ""]) => path);
    expect(paths.length).toBeGreaterThan(15);
    const missing = paths.filter((path) => !existsSync(new URL(path, root)) && !made.some((m) => m.test(path)));
    expect(missing).toEqual([]);
  });
  test("docs/README.md names every document", () => {
    const index = read("docs/README.md");
    expect(documents.filter((name) => name !== "README.md" && !index.includes(`(${name})`))).toEqual([]);
  });
});
