/**
 * Units of length and energy. In: the names that data sets give. Out: factors between them.
 * A model keeps the units of the data it was trained on; other data are converted, or taken as they are with a warning.
 */
import { textAt } from "../data/dataset.ts";
import type { Dataset } from "../data/dataset.ts";

/** Names of the units of a model or a data set, as they were written; absent where nothing was said. */
export interface Units {
  readonly r_unit?: string;
  readonly e_unit?: string;
}

/** The units that a data set names. */
export function unitsOf(dataset: Dataset): Units {
  const length = textAt(dataset, "r_unit");
  const energy = textAt(dataset, "e_unit");
  return { ...(length === undefined ? {} : { r_unit: length }), ...(energy === undefined ? {} : { e_unit: energy }) };
}

/** One of each in Å and in kcal/mol. Bohr and Hartree from CODATA 2018, the calorie is 4.184 J. */
const KCAL_PER_EV = 23.060547830619026;
const LENGTHS: Readonly<Record<string, number>> = {
  ang: 1,
  angstrom: 1,
  å: 1,
  a: 1,
  nm: 10,
  bohr: 0.529177210903,
  a0: 0.529177210903,
  au: 0.529177210903,
};
const ENERGIES: Readonly<Record<string, number>> = {
  "kcal/mol": 1,
  "kj/mol": 1 / 4.184,
  ev: KCAL_PER_EV,
  mev: KCAL_PER_EV / 1000,
  ha: 627.5094740631,
  hartree: 627.5094740631,
  eh: 627.5094740631,
  au: 627.5094740631,
};

/** Spellings of one name made one: case, blanks, the Ångström's letters. */
const key = (name: string): string =>
  name
    .normalize("NFC")
    .toLowerCase()
    .replace(/\s+/g, "")
    .replace(/[aå]ngstr[oö]ms?/, "angstrom");

/** What lengths and energies of a data set are multiplied by to be in the model's units. */
export interface Conversion {
  readonly length: number;
  readonly energy: number;
  /** What people should know: units that weren't known and were taken as the model's. */
  readonly notices: readonly string[];
}

/** The conversion of data in units `from` to a model's units `to`; `file` names the data in notices. */
export function conversion(from: Units, to: Units, file: string): Conversion {
  const notices: string[] = [];
  const factor = (kind: "r_unit" | "e_unit", table: Readonly<Record<string, number>>): number => {
    const source = from[kind];
    const target = to[kind];
    if (source === undefined || target === undefined || source === target) return 1;
    const sourceValue = Object.hasOwn(table, key(source)) ? table[key(source)] : undefined;
    const targetValue = Object.hasOwn(table, key(target)) ? table[key(target)] : undefined;
    if (key(source) === key(target)) return 1;
    if (sourceValue === undefined || targetValue === undefined) {
      const unknown = JSON.stringify(sourceValue === undefined ? source : target);
      notices.push(
        `${file}: ${kind} ${unknown} isn't known; its numbers are taken as the model's, ${JSON.stringify(target)}`,
      );
      return 1;
    }
    return sourceValue === targetValue ? 1 : sourceValue / targetValue;
  };
  return { length: factor("r_unit", LENGTHS), energy: factor("e_unit", ENERGIES), notices };
}

/** Powers of length and energy in the keys of MD17's data sets. */
const DIMENSIONS: Readonly<Record<string, { readonly length: number; readonly energy: number }>> = {
  R: { length: 1, energy: 0 },
  E: { length: 0, energy: 1 },
  F: { length: -1, energy: 1 },
};

/** The factor for the values at a key, or undefined where the key's dimension isn't known and a factor would matter. */
export function factorOf(name: string, { length, energy }: Conversion): number | undefined {
  if (length === 1 && energy === 1) return 1;
  const dimension = Object.hasOwn(DIMENSIONS, name) ? DIMENSIONS[name] : undefined;
  return dimension === undefined ? undefined : length ** dimension.length * energy ** dimension.energy;
}
