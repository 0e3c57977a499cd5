/** The `.ts` form of generated modules: typed, the same program, weights untouched. */
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { cutLiterals, restoreLiterals } from "../../compiler/emit/literals.ts";
import { programDifference, programTokens } from "../../compiler/emit/program.ts";
import { emitTypeScript, EmitError } from "../../compiler/emit/typescript.ts";

const WEIGHTS = Array.from({ length: 200 }, (_, i) => (i * 0.37 - 3).toExponential(3)).join(", ");
const ENCODED = "QUJD".repeat(100);

const JS = `// A kernel, for a test.
const weights = new Float64Array([${WEIGHTS}]);
const encoded = "${ENCODED}";

export const meta = { name: "sample", shape: [2] };

/** @type {Float64Array | undefined} */
let staged;

// ---- the pair ----------------------------------------------------------
/**
 * @param {Float64Array} x
 * @param {number} i
 * @returns {number}
 */
function square(x, i) {
  return x[i] * x[i];
}

export function prepare() {
  if (staged === undefined) staged = weights.map((w) => w + encoded.length);
  return staged.length;
}

export function energy(x, scale = 1) {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += scale * square(x, i);
  return total;
}
`;

const DTS = `/** Names and shapes. */
export declare const meta: { readonly name: string; readonly shape: readonly number[] };
/** What a result holds. */
export interface Result {
  energy: number;
}
/** Work per model. */
export declare function prepare(): number;
/**
 * The energy of a point.
 * @param x coordinates [2]
 */
export declare function energy(x: Float64Array, scale?: number): Result["energy"];
`;

describe("emitTypeScript", () => {
  const text = emitTypeScript({ js: JS, dts: DTS });

  it("types exported functions by their declarations and internal ones by their JSDoc", () => {
    expect(text).toContain('export function energy(x: Float64Array, scale: number = 1): Result["energy"] {');
    expect(text).toContain("function square(x: Float64Array, i: number): number {");
    expect(text).toContain("let staged: Float64Array | undefined;");
    expect(text).toContain("export const meta: { readonly name: string; readonly shape: readonly number[] } =");
  });

  it("takes over documentation and types, and keeps the sections of the printed module", () => {
    expect(text).toContain("The energy of a point.");
    expect(text).toContain("export interface Result {");
    expect(text).toContain("// ---- the pair ---");
    expect(text.startsWith("// A kernel, for a test.")).toBe(true);
  });

  it("is the same program, with the same weights", () => {
    expect(programDifference(JS, text)).toBeUndefined();
    expect(text).toContain(WEIGHTS);
    expect(text).toContain(ENCODED);
  });

  it("says the same thing twice", () => {
    expect(emitTypeScript({ js: JS, dts: DTS })).toBe(text);
  });

  it("refuses a module that doesn't type-check", () => {
    const wrong = JS.replace("return staged.length;", "return staged;");
    expect(() => emitTypeScript({ js: wrong, dts: DTS })).toThrow(EmitError);
    expect(() => emitTypeScript({ js: wrong, dts: DTS })).toThrow(/type-check/);
  });

  it("types internal functions by their use where nothing else says it", () => {
    const bare = JS.replace(/\/\*\*\n \* @param \{Float64Array\} x[\s\S]*?\*\/\n/, "");
    const typed = emitTypeScript({ js: bare, dts: DTS });
    expect(typed).toContain("function square(x: Float64Array, i: number) {");
  });

  it("refuses what can't be typed", () => {
    expect(() =>
      emitTypeScript({ js: JS.replace("return x[i] * x[i];", "return x[i].length * i;"), dts: DTS }),
    ).toThrow(/type-check/);
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
