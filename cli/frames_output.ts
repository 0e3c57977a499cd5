/**
 * Predictions as extended XYZ.
 * In: a model, the data's geometries, predictions. Out: text in Å and eV, whatever the model's units.
 */
import type { Tensor } from "../runtime/compiled.ts";
import { numbersAt, type Dataset } from "../runtime/data/dataset.ts";
import { writeExtxyz } from "../runtime/molecules/extxyz.ts";
import { framePoints } from "../runtime/data/frames.ts";
import { sourceFor } from "../runtime/model/measure.ts";
import type { Model } from "../runtime/model/model.ts";
import { conversion, factorOf } from "../runtime/molecules/units.ts";
import { InputError } from "./failure.ts";
import { emptyRecord } from "../runtime/records.ts";

/** Units of extended XYZ, always. */
export const EXTXYZ_UNITS = { r_unit: "Ang", e_unit: "eV" };
/** Names by which ASE knows what stands at the keys of data sets. */
const NAMES: Readonly<Record<string, string>> = { E: "energy", F: "forces" };

/** The text of OUT.extxyz. Throws InputError where atoms or units aren't known, or the points are no molecules. */
export function predictionsAsExtxyz(model: Model, dataset: Dataset, tensors: Readonly<Record<string, Tensor>>): string {
  const { compiled, units, state } = model;
  const [n, three] = compiled.input.shape;
  if (n === undefined || three !== 3 || compiled.input.shape.length !== 2)
    throw new InputError(
      `.extxyz holds molecules, but a point of ${compiled.name} has the shape ` +
        `[${compiled.input.shape.join(", ")}]: write .json or .npz`,
    );
  const z = state.atoms ?? numbersAt(dataset, "z")?.data;
  if (z?.length !== n)
    throw new InputError(`${dataset.name}: the elements of the atoms aren't known: expected ${n} atomic numbers at z`);
  const factors = conversion(units, EXTXYZ_UNITS, dataset.name);
  if (units.r_unit === undefined || units.e_unit === undefined || factors.notices.length > 0) {
    throw new InputError(
      ".extxyz is in Å and eV, but the model's units aren't " +
        `known${units.e_unit === undefined ? "" : ` (${units.r_unit ?? "no r_unit"}, ${units.e_unit})`}: ` +
        "write .json or .npz",
    );
  }
  const positions = framePoints(sourceFor(model, dataset)).x.map((value) => value * factors.length);
  const columns: Record<string, { width: number; data: Float64Array }> = emptyRecord();
  const info: Record<string, { length: number; data: Float64Array }> = emptyRecord();
  for (const [label, { shape, data }] of Object.entries(tensors)) {
    const key = [...compiled.observations, ...compiled.offsets].find((item) => item.label === label)?.key;
    const name = (key === undefined ? undefined : NAMES[key]) ?? label;
    const converted = data.map((value) => value * ((key === undefined ? 1 : factorOf(key, factors)) ?? 1));
    const perPoint = shape.slice(1);
    const size = perPoint.reduce((product, extent) => product * extent, 1);
    if (perPoint[0] === n && perPoint.length <= 2) columns[name] = { width: size / n, data: converted };
    else info[name] = { length: size, data: converted };
  }
  return writeExtxyz({ z, positions, columns, info });
}
