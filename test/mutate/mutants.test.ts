/** Mutants change what tests should notice, nothing else; a seed draws the same sample at every call. */
import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";

import { describe, expect, it } from "vitest";
import { mutantsOf, mutate, shuffled } from "./mutants.mjs";
import { NEAREST } from "./nearest.mjs";

const mutated = (text: string): string[] => mutantsOf("a.ts", text).map((mutant) => mutate(text, mutant));

describe("mutants", () => {
  it.each([
    ["a + b * c;", ["a - b * c;", "a + b / c;"]],
    ["a < b;", ["a <= b;", "a >= b;"]],
    ["a === b && !c;", ["a === b || !c;", "a !== b && !c;", "a === b && (c);"]],
    [
      "const a = x ? -y : z;",
      ["true", "false"].map((v) => `const a = ${v} ? -y : z;`).concat("const a = x ? (y) : z;"),
    ],
    ["while (a) { b(); }", ["while (false) { b(); }", "while (a) {}"]],
    ["let n = 0; n += 1; n++;", ["let n = 0; n -= 1; n++;", "let n = 0; n += 1; n--;"]],
    ["a.filter(f).some(g);", ["a.some(g);", "a.filter(f).every(g);"]],
    ["f(true, [a], { b });", ["f(false, [a], { b });", "f(true, [], { b });", "f(true, [a], {});"]],
    ['f("x", `y${z}`);', ['f("", `y${z}`);', 'f("x", "");']],
    ["const f = (a: number) => a;", ["const f = (a: number) => undefined;"]],
  ])("of %s", (text, expected) => {
    expect(mutated(text).sort()).toEqual(expected.sort());
  });

  it.each([
    'import { a } from "b";',
    'type A = "b" | -1;',
    "throw new Error(`no ${a + b}`);",
    'f(a, { doc: "what it is" });',
    'f("" + b);',
    "interface A { b: true }",
  ])("leave %s alone", (text) => {
    expect(mutated(text).filter((other) => !other.includes("{}"))).toEqual([]);
  });

  it("come in an order that the seed decides", () => {
    const all = mutantsOf("a.ts", "a + b - c * d / e < f && g || h;");
    expect(shuffled(all, "1")).toEqual(shuffled([...all].reverse(), "1"));
    expect(shuffled(all, "1")).not.toEqual(shuffled(all, "2"));
    expect(new Set(shuffled(all, "1"))).toEqual(new Set(all));
  });
});

describe("the table of nearest tests", () => {
  const root = resolve(import.meta.dirname, "../..");
  const tests = readdirSync(resolve(root, "test"), { recursive: true, encoding: "utf8" })
    .map((path) => `test/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".test.ts"));

  it.each(Object.entries(NEAREST))("has a folder and tests that exist: %s", (folder, stages) => {
    expect(existsSync(resolve(root, folder))).toBe(true);
    for (const name of stages.flat())
      expect(
        tests.some((test) => test.includes(name)),
        name,
      ).toBe(true);
  });
});
