/**
 * What determinism.test.ts compares, here and in processes of their own. In: names of specs, in the order to compile
 * them.
 * Out: for each the SHA-256 of its module, its types, and a predictor. Run as a program it prints them as JSON.
 */
import { readFileSync } from "node:fs";
import { argv } from "node:process";
import type { Compiled } from "../compiler/compiled.ts";
import { compile } from "../compiler/driver.ts";
import type { BoundValue } from "../compiler/model/lower/lower.ts";
import { sha256 } from "../runtime/sha256.ts";

/** Specs that compile without data, with their sizes. */
export const SPECS: Readonly<Record<string, Readonly<Record<string, BoundValue>>>> = {
  rosenbrock: {},
  curl_free: {},
  gdml: { N: 4 },
  sgdml: {
    perms: [
      [0, 1, 2, 3],
      [1, 0, 2, 3],
    ],
  },
};

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const some = (length: number): Float64Array => Float64Array.from({ length }, (_, n) => Math.sin(n + 1));

function predictorText(compiled: Compiled): string {
  const training = Object.fromEntries(
    compiled.observations.map(({ label, shape, arguments: given }) => [
      label,
      {
        points: {
          x: some(2 * size(compiled.input.shape)),
          arguments: Object.fromEntries(given.map((a) => [a.name, some(2 * size(a.shape))])),
        },
        coefficients: some(2 * size(shape)),
      },
    ]),
  );
  const { js, dts } = compiled.exportPredictor({
    name: "model",
    training,
    parameters: {},
    offsets: {},
    meta: { made: "here" },
  });
  return js + dts;
}

export function fingerprints(folder: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => {
      const compiled = compile(readFileSync(`${folder}/${name}.adk`, "utf8"), { bind: SPECS[name] ?? {} });
      const { js, dts } = compiled.printModule();
      return [name, [js, dts, predictorText(compiled)].map((text) => sha256(new TextEncoder().encode(text))).join()];
    }),
  );
}

const [, , folder, ...names] = argv;
if (folder !== undefined && names.length > 0 && names.every((n) => Object.hasOwn(SPECS, n)))
  console.log(JSON.stringify(fingerprints(folder, names)));
