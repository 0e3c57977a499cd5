/**
 * Permutations from a data set. In: a data set with geometries and atomic numbers, and the frames to look at. Out: the
 * group, as JSON and as the constant of a spec. Many frames are thinned out: neighbours in time say nothing new.
 */
import type { Tensor } from "../compiled.ts";
import { numbersAt } from "../data/dataset.ts";
import type { Dataset } from "../data/dataset.ts";
import { DataError } from "../errors.ts";
import { rowsAt } from "../data/rows.ts";
import { ATOMS, GEOMETRY, requireDistinctAtoms } from "../molecules/atoms.ts";
import type { Steps } from "../fit/steps.ts";
import { ENUMERATED, LISTED, symmetrySteps } from "./find.ts";
import type { Symmetry } from "./find.ts";
import { closure, type Permutation } from "./group.ts";

/** Frames that are matched with each other, at most: 125 000 pairs, a few seconds. */
export const MOST_FRAMES = 500;

/** Geometries of a data set: the key of its frames [frames, atoms, 3], or undefined where it has none. */
export function geometryKey(dataset: Dataset, names: readonly string[] = []): string | undefined {
  return [...names, GEOMETRY, "x"].find((key) => {
    const entry = dataset.entries.get(key);
    return entry?.data instanceof Float64Array && entry.shape.length === 3 && entry.shape[2] === 3;
  });
}

/** Number of frames with geometries. */
export const geometryCount = (dataset: Dataset, key: string): number => dataset.entries.get(key)?.shape[0] ?? 0;

export interface Found extends Symmetry {
  /** Frames that were looked at, and that were asked for. */
  readonly frames: { readonly used: number; readonly given: number };
}

/**
 * The permutations found in frames of a data set (all where left out; at most `MOST_FRAMES` of them, evenly spaced).
 * @throws DataError: no geometries, no atomic numbers, atoms at one place, NaN
 */
export function* dataSymmetrySteps(
  dataset: Dataset,
  frames?: readonly number[],
  names: readonly string[] = [],
): Steps<Found> {
  const key = geometryKey(dataset, names);
  if (key === undefined)
    throw new DataError({
      file: dataset.name,
      key: GEOMETRY,
      expected: "geometries [frames, atoms, 3]",
      found: `the keys ${[...dataset.entries.keys()].slice(0, 12).join(", ") || "none"}`,
    });
  const atoms = dataset.entries.get(key)!.shape[1]!;
  const z = numbersAt(dataset, ATOMS);
  if (z === undefined || z.shape.length !== 1 || z.shape[0] !== atoms) {
    const found = z === undefined ? "no such key" : `shape [${z.shape.join(", ")}]`;
    throw new DataError({
      file: dataset.name,
      key: ATOMS,
      expected: `[${atoms}] atomic numbers, without which atoms can't be told apart`,
      found,
      hint: "or bind the permutations: --bind perms=@FILE.json",
    });
  }
  const given = frames ?? Array.from({ length: geometryCount(dataset, key) }, (_, i) => i);
  if (given.length === 0)
    throw new DataError({
      file: dataset.name,
      key,
      expected: "at least one frame to find permutations in",
      found: "none",
    });
  const used = Math.min(MOST_FRAMES, given.length);
  const indexes = Array.from({ length: used }, (_, k) => given[Math.floor((k * given.length) / used)]!);
  const x = rowsAt(dataset, { key, shape: [atoms, 3], rowName: "frame", indexes })!;
  requireDistinctAtoms(dataset.name, key, x, atoms);
  return { ...(yield* symmetrySteps(x, z.data)), frames: { used, given: given.length } };
}

/** Order as a number where it's exact, else as a text. */
const orderOf = (order: bigint): number | string =>
  order <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(order) : String(order);

/**
 * The first elements of a group, up to `limit`, the identity first; all in order of their values where they are no
 * more.
 */
function firstElements({ group, atoms }: Symmetry, limit: number): readonly Permutation[] {
  const all = group.elements(limit);
  if (all !== undefined) return all;
  const some: Permutation[] = [];
  for (const element of group.walk()) {
    some.push(element);
    if (some.length === limit) break;
  }
  return some.length === 0 ? closure([], atoms)! : some;
}

/** What `adk symmetry --json` prints. */
export function symmetryReport(symmetry: Symmetry): {
  order: number | string;
  perms: readonly Permutation[];
  generators: readonly Permutation[];
  orbits: readonly (readonly number[])[];
} {
  return {
    order: orderOf(symmetry.order),
    perms: firstElements(symmetry, LISTED),
    generators: symmetry.generators,
    orbits: symmetry.orbits,
  };
}

/**
 * The whole group as a constant `index[P, N]`. Throws DataError naming the order where it has more than `ENUMERATED`
 * elements.
 */
export function permutationTensor(symmetry: Symmetry, file: string): Tensor {
  const elements = symmetry.group.elements(ENUMERATED);
  if (elements === undefined) {
    throw new DataError({
      file,
      key: GEOMETRY,
      expected: `a group of at most ${ENUMERATED} permutations`,
      found: `one of ${symmetry.order}, with ${symmetry.generators.length} generators`,
      hint: "a kernel can't sum over so many; bind a subgroup by --bind perms=@FILE.json",
    });
  }
  return { shape: [elements.length, symmetry.atoms], data: Float64Array.from(elements.flat()) };
}
