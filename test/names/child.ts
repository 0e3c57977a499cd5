/**
 * Loads model files and predicts, in whatever has been compiled before. In: arguments `FOLDER SPEC…`, texts of specs to
 * compile first. Out: JSON with the predictions of every file of the folder at its points.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import { compile } from "../../compiler/driver.ts";
import { load } from "../../runtime/model/load.ts";
import type { Model } from "../../runtime/model/model.ts";

export interface Case {
  readonly x: readonly number[];
  readonly arguments: Readonly<Record<string, readonly number[]>>;
  readonly expected: Readonly<Record<string, readonly number[]>>;
}
export type Cases = Readonly<Record<string, Case>>;
export type Predicted = Readonly<Record<string, Case["expected"]>>;

export const casesOf = (folder: string): Cases =>
  JSON.parse(readFileSync(join(folder, "predictions.json"), "utf8")) as Cases;

const asNumbers = (arrays: Readonly<Record<string, Float64Array>>): Case["expected"] =>
  Object.fromEntries(Object.entries(arrays).map(([key, values]) => [key, [...values]]));

export function predictAt(model: Model, { x, arguments: given }: Case): Case["expected"] {
  const points = {
    x: Float64Array.from(x),
    arguments: Object.fromEntries(Object.entries(given).map(([name, values]) => [name, Float64Array.from(values)])),
  };
  return asNumbers(model.predict(points));
}

/** The predictions of every model of the folder. */
export function predictions(folder: string): Predicted {
  const models = Object.entries(casesOf(folder)).map(([name, one]) => {
    const bytes = new Uint8Array(readFileSync(join(folder, `${name}.safetensors`)));
    return [name, predictAt(load(bytes, compile), one)] as const;
  });
  return Object.fromEntries(models);
}

const [, , folder, ...specs] = argv;
if (folder?.includes("models-")) {
  for (const text of specs) compile(text, { bind: { N: 3 } }).printModule();
  console.log(JSON.stringify(predictions(folder)));
}
