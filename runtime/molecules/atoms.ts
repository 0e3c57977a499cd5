/**
 * The atoms of data. In: a data set, and a model that sees it. Out: atomic numbers, or the error that the atoms aren't
 * the model's.
 */
import { numbersAt } from "../data/dataset.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Source } from "../data/frames.ts";
import { DataError } from "../errors.ts";

/** Keys of MD17's data sets: geometries [frames, atoms, 3] and atomic numbers [atoms]. */
export const GEOMETRY = "R";
export const ATOMS = "z";

/** The atomic numbers of a set, undefined where it has none that can be read. */
export const atomsOf = (dataset: Dataset): Float64Array | undefined =>
  dataset.unusable.has(ATOMS) ? undefined : numbersAt(dataset, ATOMS)?.data;

/** Rows of the input are atoms where it's called R or where there are as many atomic numbers; then they are checked. */
export function requireAtoms(source: Source, key: string): void {
  const { compiled, dataset, atoms } = source;
  const [count] = compiled.input.shape as [number, number];
  const known = compiled.bindings[ATOMS]?.data ?? atoms;
  const z = numbersAt(dataset, ATOMS);
  if (compiled.input.name !== GEOMETRY && (known ?? z?.data)?.length !== count) return;
  if (z !== undefined && (z.shape.length !== 1 || z.shape[0] !== count)) {
    throw new DataError({
      file: dataset.name,
      key: ATOMS,
      expected: `[${count}] atomic numbers`,
      found: `shape [${z.shape.join(", ")}]`,
    });
  }
  const other = known?.length === count ? (z?.data.findIndex((element, a) => element !== known[a]) ?? -1) : -1;
  if (other >= 0) {
    const expected = `the model's atoms (${Array.from(known!).join(" ")})`;
    throw new DataError({
      file: dataset.name,
      key: ATOMS,
      row: other,
      expected,
      found: Array.from(z!.data).join(" "),
      hint: "put the atoms in the order of the model's",
    });
  }
  const tensor = numbersAt(dataset, key)!;
  requireDistinctAtoms(dataset.name, key, tensor.data, count);
}

/**
 * Refuses frames with two atoms at one place: descriptors divide by their distance. `x` is [frames, atoms, 3], whole.
 */
export function requireDistinctAtoms(file: string, key: string, x: Float64Array, atoms: number): void {
  for (let frame = 0, at = 0; at < x.length; frame++, at += 3 * atoms) {
    for (let a = 0; a < atoms; a++) {
      for (let b = 0; b < a; b++) {
        const p = at + 3 * a;
        const q = at + 3 * b;
        if (x[p] === x[q] && x[p + 1] === x[q + 1] && x[p + 2] === x[q + 2]) {
          const found = `atoms ${b} and ${a} both at (${x[p]}, ${x[p + 1]}, ${x[p + 2]})`;
          throw new DataError({ file, key, row: frame, rowName: "frame", expected: "atoms at distinct places", found });
        }
      }
    }
  }
}
