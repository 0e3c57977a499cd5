/**
 * The diagnostics, as people read them. Every code has a file `bad/ADKnnnn.adk` in which it occurs, and beside it the
 * text that is printed for it, `bad/ADKnnnn.txt`; ADK_UPDATE=1 writes the texts anew.
 * A first line `// bind: { … }` holds what is bound, as JSON; what the files import lies in `bad/imports/`.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { check } from "../../compiler/model/check.ts";
import { codes, DiagnosticError, render, type Diagnostic } from "../../compiler/source/diagnostic.ts";
import { parse } from "../../compiler/source/parse.ts";

const bad = new URL("./bad/", import.meta.url);
const codeOf = (name: string): string => name.replace(/\.\w+$/, "");
const files = readdirSync(bad).filter((name) => name.endsWith(".adk")).sort();

/** What `lower` finds, when sizes are numbers and constants have values. */
const lowered = new Set(["ADK0318", "ADK0320"]);
/** The codes that the check of a specification alone can give; kernels, bindings and data have codes from 0500 on. */
const handled = Object.keys(codes).filter((code) => /^ADK0[1-4]/.test(code) && !lowered.has(code)).sort();

function resolve(path: string): string | undefined {
  const url = new URL(path.replace(/^(\.\/)?(imports\/)?/, "imports/"), bad);
  return existsSync(url) ? readFileSync(url, "utf8") : undefined;
}

function diagnosticsOf(name: string): readonly Diagnostic[] {
  const text = readFileSync(new URL(name, bad), "utf8");
  const bind = JSON.parse(/^\/\/ bind: (.*)/.exec(text)?.[1] ?? "{}") as Record<string, unknown>;
  return check({ name, text }, { resolve, bind }).diagnostics;
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
