/**
 * The diagnostics, as people read them. Every code has a file `bad/ADKnnnn.adk` in which it occurs, and beside it the
 * text that is printed for it, `bad/ADKnnnn.txt`; ADK_UPDATE=1 writes the texts anew.
 * A first line `// bind: { … }` holds what is bound, as JSON, `// lower: { "bind": { … } }` asks for lowering and the
 * kernels' checks too;
 * what the files import lies in `bad/imports/`.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { check } from "../../compiler/model/check/check.ts";
import { lower, type BoundValue } from "../../compiler/model/lower/lower.ts";
import { checkSmoothness } from "../../compiler/model/judge/smoothness.ts";
import { checkSymmetry } from "../../compiler/model/judge/symmetry.ts";
import { checkVacuous } from "../../compiler/model/judge/vacuous.ts";
import { codes, DiagnosticError, render, type Diagnostic } from "../../compiler/source/diagnostic.ts";
import { parse } from "../../compiler/source/parse.ts";

const bad = new URL("./bad/", import.meta.url);
const codeOf = (name: string): string => name.replace(/\.\w+$/, "");
const files = readdirSync(bad)
  .filter((name) => name.endsWith(".adk"))
  .sort();

/** The codes that the text of a specification and what is bound to it can give; data have codes from 0900 on. */
const handled = Object.keys(codes)
  .filter((code) => /^ADK0[1-6]/.test(code))
  .sort();

function resolve(path: string): string | undefined {
  const url = new URL(path.replace(/^(\.\/)?(imports\/)?/, "imports/"), bad);
  return existsSync(url) ? readFileSync(url, "utf8") : undefined;
}

/** What follows a word in the first line, as JSON. */
function header(text: string, word: string): { readonly bind?: Readonly<Record<string, BoundValue>> } | undefined {
  const found = new RegExp(`^// ${word}: (.*)`).exec(text)?.[1];
  return found === undefined
    ? undefined
    : (JSON.parse(found) as { readonly bind?: Readonly<Record<string, BoundValue>> });
}

function diagnosticsOf(name: string): readonly Diagnostic[] {
  const text = readFileSync(new URL(name, bad), "utf8");
  const bindings = header(text, "lower"),
    bind = bindings?.bind ?? (header(text, "bind") as Readonly<Record<string, BoundValue>> | undefined) ?? {};
  const { model, diagnostics } = check({ name, text }, { resolve, bind });
  if (!model || !bindings) return diagnostics;
  try {
    const lowered = lower(model, bindings);
    return [...diagnostics, ...checkSmoothness(lowered), ...checkSymmetry(lowered), ...checkVacuous(lowered)];
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return error.diagnostics;
  }
}

describe("bad specs", () => {
  test.each(files)("%s", (name) => {
    const diagnostics = diagnosticsOf(name);
    const golden = new URL(`${codeOf(name)}.txt`, bad);
    const text = diagnostics.map((diagnostic) => `${render(diagnostic)}\n`).join("\n");
    if (process.env["ADK_UPDATE"] === "1") writeFileSync(golden, text);
    expect(diagnostics.map(({ code }) => code)).toContain(codeOf(name));
    expect(text).toBe(readFileSync(golden, "utf8"));
  });

  test("every code has one", () => {
    expect(handled.filter((code) => !files.includes(`${code}.adk`))).toEqual([]);
  });

  test("every text has its spec", () => {
    const texts = readdirSync(bad).filter((name) => name.endsWith(".txt"));
    expect(texts.filter((name) => !files.includes(`${codeOf(name)}.adk`))).toEqual([]);
  });

  test("syntax is refused by the parser itself", () => {
    for (const name of files.filter((file) => file.startsWith("ADK01"))) {
      const text = readFileSync(new URL(name, bad), "utf8");
      expect(() => parse({ name, text })).toThrow(DiagnosticError);
    }
  });
});
