/**
 * The `.ts` form of what the compiler prints: untrained modules and predictors of models that use all of the parts.
 * In: specs. Out: modules that type-check strictly and are the same program as their `.js`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { programDifference } from "../../compiler/emit/program.ts";
import { emitTypeScript } from "../../compiler/emit/typescript.ts";
import { compile, type Compiled, type CompileOptions } from "../../compiler/index.ts";
import type { ExportedModule, TrainingGroup } from "../../runtime/compiled.ts";
import { root } from "../built.ts";

const spec = (name: string): string => readFileSync(join(root, "test/specs", `${name}.adk`), "utf8");
const LINE =
  "model Line\ninput x : real[1]\nkernel k(a, b) = rbf(a, b, 1)\nu ~ GP(k)\nobserve value : u\npredict value : u\n";
const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const wavy = (length: number): Float64Array => Float64Array.from({ length }, (_, i) => Math.sin(1 + 1.7 * i));

/** Some training data for every observation. */
function training(compiled: Compiled, count: number): Record<string, TrainingGroup> {
  return Object.fromEntries(
    compiled.observations.map(({ label, shape, arguments: args }) => [
      label,
      {
        points: {
          x: wavy(count * size(compiled.input.shape)),
          arguments: Object.fromEntries(args.map((a) => [a.name, wavy(count * size(a.shape))])),
        },
        coefficients: wavy(count * size(shape)),
      },
    ]),
  );
}

function predictorOf(compiled: Compiled, count: number): ExportedModule {
  const parameters = Object.fromEntries(
    compiled.parameters.map(({ name, shape, initial }) => [name, shape.length === 0 ? (initial[0] ?? 0) : initial]),
  );
  return compiled.exportPredictor({
    name: "model",
    training: training(compiled, count),
    parameters,
    offsets: {},
    meta: { note: '*/ `${x}` "quoted"' },
  });
}

const CASES: readonly (readonly [string, string, CompileOptions])[] = [
  ["flow2d: arguments and a tensor of parameters", spec("flow2d"), {}],
  [
    "sgdml: tables of indexes and an offset",
    spec("sgdml"),
    {
      bind: {
        N: 3,
        perms: [
          [0, 1, 2],
          [1, 0, 2],
        ],
      },
    },
  ],
  ["wave: values that the spec gives, a constant", spec("wave"), {}],
];

describe.each(CASES)("%s", (_, text, options) => {
  const compiled = compile(text, options);

  it("as a module", () => {
    const printed = compiled.printModule();
    const emitted = emitTypeScript(printed);
    expect(programDifference(printed.js, emitted)).toBeUndefined();
    expect(emitted).toContain(
      "export function contract(row: Group, x: Points, col: Group, y: Points, alpha: Float64Array, params?: " +
        "Parameters): Float64Array {",
    );
  });

  it("as a predictor", () => {
    const printed = predictorOf(compiled, 3);
    const emitted = emitTypeScript(printed);
    expect(programDifference(printed.js, emitted)).toBeUndefined();
    expect(emitted).toMatch(/export function predict\(\w+: Float64Array/);
  });
});

describe("a predictor whose weights lie beside it", () => {
  it("loads them by a typed function", () => {
    const printed = predictorOf(compile(LINE), 1_060_000);
    expect(printed.js.length).toBeLessThan(20_000);
    const emitted = emitTypeScript(printed);
    expect(emitted).toContain("export async function load(source: URL | string | Uint8Array | ArrayBuffer = new URL(");
  });
});
