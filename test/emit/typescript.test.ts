/** The `.ts` form of generated modules: typed, the same program, weights untouched. */
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { cutLiterals, restoreLiterals } from "../../compiler/emit/literals.ts";
import { programDifference, programTokens } from "../../compiler/emit/program.ts";
import { emitTypeScript, EmitError } from "../../compiler/emit/typescript.ts";

const WEIGHTS = Array.from({ length: 200 }, (_, i) => (i * 0.37 - 3).toExponential(3)).join(", ");
const ENCODED = "QUJD".repeat(100);

const TS = `// A kernel, for a test.
export interface Result {
  energy: number;
}
const weights = new Float64Array([${WEIGHTS}]);
const encoded = "${ENCODED}";

let staged: Float64Array | undefined;

function square(x: Float64Array, i: number): number {
  return x[i] * x[i];
}

export function prepare(): number {
  if (staged === undefined) staged = weights.map((w) => w + encoded.length);
  return staged.length;
}

export function energy(x: Float64Array, scale: number = 1): Result["energy"] {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += scale * square(x, i);
  return total;
}
`;
const JS = TS.replace(/export interface[^}]*}\n/, "")
  .replace("let staged: Float64Array | undefined", "let staged")
  .replaceAll(/\((x|w): Float64Array/g, "($1")
  .replaceAll(/, (i|scale): number/g, ", $1")
  .replaceAll(/\)(: number|: Result\["energy"\]) \{/g, ") {");

describe("emitTypeScript", () => {
  it("gives the typed text as it was printed, weights and all", () => {
    expect(JS).not.toContain(": ");
    expect(emitTypeScript({ js: JS, ts: TS })).toBe(TS);
  });

  it.each<[string, string, string, RegExp]>([
    ["doesn't type-check", "return staged.length;", "return staged;", /type-check/],
    ["can't be typed", "return x[i] * x[i];", "return x[i].length * i;", /type-check/],
    ["is another program", "scale * square", "square(x, i) + scale * square", /another program/],
    ["has another weight", ENCODED.slice(0, 8), "QUJDQUJE", /another than the JavaScript's/],
  ])("refuses a module that %s", (_, from, to, message) => {
    const ts = TS.replace(from, to);
    expect(ts).not.toBe(TS);
    expect(() => emitTypeScript({ js: JS, ts })).toThrow(EmitError);
    expect(() => emitTypeScript({ js: JS, ts })).toThrow(message);
  });

  it("refuses one that was printed without types", () => {
    expect(() => emitTypeScript({ js: JS })).toThrow(/without types/);
  });
});

describe("programDifference", () => {
  it("sees through types, comments and layout, and nothing else", () => {
    expect(programDifference("const a = 1;", "const a: number = 1; // one\n\n")).toBeUndefined();
    expect(programDifference("f(1 + 2 * x);", "f((1 + 2) * x);")).toMatch(/token/);
    expect(programDifference("const a = 1;", "const a = 1.0;")).toMatch(/token/);
    expect(programTokens("const t = `a${1 + b}c`;")).toContain("b");
  });
});

describe("cutLiterals", () => {
  it("is undone by restoreLiterals", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 100, maxLength: 120 }), {
          maxLength: 4,
        }),
        (arrays) => {
          const source = arrays
            .map((a, i) => `const a${i} = new Float64Array([${a.map((v) => v.toExponential()).join(",")}]);`)
            .join("\n");
          const cut = cutLiterals(source);
          expect(cut.literals.length).toBe(arrays.length);
          expect(restoreLiterals(cut.text, cut)).toBe(source);
        },
      ),
    );
  });

  it("leaves small literals alone", () => {
    const source = 'const a = [1, 2, 3], b = "short";';
    expect(cutLiterals(source)).toMatchObject({ text: source, literals: [] });
  });

  it("finds placeholders that the text doesn't have", () => {
    const source = `const 0x5adc = "0x5add000000"; const w = "${"A".repeat(300)}";`;
    const cut = cutLiterals(source);
    expect(cut.mark).toBe("0x5ade");
    expect(restoreLiterals(cut.text, cut)).toBe(source);
  });

  it("is not misled by quotes in comments and by escapes", () => {
    const long = "x".repeat(300);
    const source = `/* don't "stop */ const a = "q\\"${long}"; // "\nconst b = f("${long}", g);`;
    const cut = cutLiterals(source);
    expect(cut.literals.map((literal) => literal.length)).toEqual([305, 302]);
    expect(cut.text).toContain(", g);");
    expect(restoreLiterals(cut.text, cut)).toBe(source);
  });

  it("takes megabytes at once", () => {
    const source = `const w = "${"A".repeat(8_000_000)}";`;
    expect(cutLiterals(source).text.length).toBeLessThan(50);
  });
});
