/** The committed generated files are what the generators make, byte for byte. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Generated {
  readonly path: string;
  readonly text: string;
}
const root = new URL("../../", import.meta.url);
const { generate } = (await import(new URL("grammar/generate.mjs", root).href)) as {
  generate: () => Generated[] | Promise<Generated[]>;
};
const files = await generate();

test.each(files.map(({ path, text }) => [path, text] as const))("%s is up to date (npm run generate)", (path, text) => {
  expect(readFileSync(new URL(path, root), "utf8") === text).toBe(true);
});

test("the parser runs in a browser: no imports", () => {
  const parser = files.find(({ path }) => path === "compiler/source/grammar.generated.js");
  expect(parser?.text ?? "").not.toMatch(/^\s*import\b|\bimport\(|\brequire\(/m);
});

test("the standard library is embedded as it stands", async () => {
  const { sources } = await import("../../compiler/std/sources.generated.ts");
  for (const [name, text] of Object.entries(sources)) {
    expect(text).toBe(readFileSync(new URL(`compiler/std/${name}.adk`, root), "utf8"));
  }
});
