/**
 * Trained models for the commands.
 * In: the path of a model file. Out: the model, and how its quantities are called and measured in texts for people.
 */
import { compile } from "../compiler/index.ts";
import type { Model } from "../runtime/model/model.ts";
import type { ErrorMeasure } from "../runtime/model/measure.ts";
import { load } from "../runtime/model/load.ts";

/** Loads a model file; its spec is compiled again. Throws ModelFileError or DataError where the file is damaged. */
export function loadModel(path: string): Model {
  return load(path, compile);
}

/**
 * The unit of a labelled quantity, by the key that its values stand at; "" where it isn't known. `units` are the
 * model's own where left out.
 */
export function unitOf(model: Model, label: string, units = model.units): string {
  const { compiled } = model;
  const known = [...compiled.observations, ...compiled.offsets].find((item) => item.label === label)?.key;
  if (known === "E") return units.e_unit ?? "";
  if (known === "F" && units.e_unit !== undefined && units.r_unit !== undefined)
    return `${units.e_unit}/${units.r_unit}`;
  return "";
}

/** A table of errors, a line a label. */
export function errorTable(model: Model, errors: Readonly<Record<string, ErrorMeasure>>): string[] {
  const rows = Object.entries(errors).map(([label, { mae, rmse, max }]) => [
    label,
    ...[mae, rmse, max].map((value) => value.toPrecision(5)),
    unitOf(model, label),
  ]);
  const head = ["", "MAE", "RMSE", "largest", ""];
  const width = [0, 1, 2, 3].map((column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(width[0] ?? 0) : column < 4 ? cell.padStart(width[column] ?? 0) : cell,
      )
      .join("  ")
      .trimEnd();
  return [line(head), ...rows.map(line)];
}
