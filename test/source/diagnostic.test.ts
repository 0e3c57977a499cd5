/** The layout of diagnostics: text for people and JSON for programs. */
import { describe, expect, test } from "vitest";
import { codes, diagnose, DiagnosticError, render, toJson } from "../../compiler/source/diagnostic.ts";
import type { Span } from "../../compiler/source/span.ts";

/** The span of what stands between « and », which are taken out. */
function marked(text: string, name = "dir/spec.adk"): Span {
  const start = text.indexOf("«");
  const end = text.indexOf("»") - 1;
  return { source: { name, text: text.replace(/[«»]/g, "") }, start, end };
}

const frameOf = (span: Span): string[] =>
  render(diagnose("ADK0105", span, { character: "?" }))
    .split("\n")
    .slice(1);

describe("render", () => {
  test("head, frame, expected, found, hint", () => {
    const diagnostic = diagnose("ADK0101", marked("model M\nfn f(x) = x « +»"), {
      expected: ["`a`", "b", "c"],
      found: "`+`",
      hint: "no",
    });
    expect(render(diagnostic)).toBe(
      [
        "dir/spec.adk:2:13: error ADK0101: `+` is out of place here",
        "   |",
        " 2 | fn f(x) = x  +",
        "   |             ^^",
        "expected: `a`, b or c",
        "found: `+`",
        "hint: no",
      ].join("\n"),
    );
  });

  test("lines that have nothing to say are left out", () => {
    expect(render(diagnose("ADK0105", marked("«?»"), { character: "?" }))).toBe(
      "dir/spec.adk:1:1: error ADK0105: `?` has no meaning in this language\n   |\n 1 | ?\n   | ^",
    );
  });

  test.each<[string, string, string, string]>([
    ["tabs are shown as blanks", "\ta\t«b\tc» d", "    a   b   c d", "        ^^^^^"],
    ["wide characters take two columns", "ａ«漢字»b", "ａ漢字b", "  ^^^^"],
    ["combining characters take none", "e\u0301a\u0308 «u\u0308v»", "e\u0301a\u0308 u\u0308v", "   ^^"],
    ["characters outside the first plane are one", "𝒳𝒴 «𝒵»", "𝒳𝒴 𝒵", "   ^"],
    ["an empty span has one caret", "ab«»", "ab", "  ^"],
    ["spans of several lines are shown by their first", "a «b\nc»", "a b", "  ^"],
    ["carriage returns are not shown", "a «b\r\nc»", "a b", "  ^"],
    ["control characters cannot steer the terminal", "\u001b[31m«x\u202e»", "␛[31mx�", "     ^^"],
  ])("%s", (_, text, line, underline) => {
    expect(frameOf(marked(text))).toEqual(["   |", ` 1 | ${line}`, `   | ${underline}`]);
  });

  test("a span that begins at a line break, or after the last", () => {
    expect(frameOf(marked("\n«\n»a")).slice(1)).toEqual([" 2 |", "   | ^"]);
    expect(frameOf(marked("a\n«»")).slice(1)).toEqual([" 2 |", "   | ^"]);
  });

  test("the gutter is as wide as the number", () => {
    expect(frameOf(marked(`${"\n".repeat(99)}a «b»`))).toEqual(["     |", " 100 | a b", "     |   ^"]);
  });

  test("long lines are cut around the span", () => {
    const [, line, underline] = frameOf(marked(`${"x".repeat(1000)}«y»${"z".repeat(1000)}`));
    expect(line?.length).toBeLessThan(140);
    expect(line?.[underline?.indexOf("^") ?? 0]).toBe("y");
    expect(line).toMatch(/^ 1 \| …x+yz+…$/);
  });

  test("neither names of files nor texts steer the terminal", () => {
    const text = render(diagnose("ADK0105", marked("«?»", "a\n\u001b.adk"), { character: "\u001b" }));
    expect(text).toMatch(/^a␊␛\.adk:1:1: error ADK0105: `␛` has/);
  });
});

test("toJson has the end as well, and no empty fields", () => {
  expect(toJson(diagnose("ADK0105", marked("a\nb «c\nde» f"), { character: "c" }))).toEqual({
    code: "ADK0105",
    severity: "error",
    file: "dir/spec.adk",
    line: 2,
    column: 3,
    endLine: 3,
    endColumn: 3,
    message: "`c` has no meaning in this language",
  });
});

test("the error of a stage holds all of its diagnostics", () => {
  const diagnostics = ["«a» b", "a «b»"].map((text) => diagnose("ADK0105", marked(text), { character: "a" }));
  const error = new DiagnosticError(diagnostics);
  expect(error.diagnostics).toEqual(diagnostics);
  expect(error.message).toBe(diagnostics.map(render).join("\n\n"));
});

test("codes are numbered by their stage", () => {
  for (const code of Object.keys(codes)) expect(code).toMatch(/^ADK0[1-69]\d\d$/);
});
