/**
 * The file of a model that the sGDML package trained (`.npz`). In: its bytes. Out: what prediction needs, checked.
 * Old and new names of keys are known, permutations count from 0 or from 1, and pickled entries are never opened.
 */
import { DataError } from "../errors.ts";
import type { Entry } from "../data/nested.ts";
import { readNpz } from "../data/npz.ts";
import type { Npz } from "../data/npz.ts";
import type { Units } from "../molecules/units.ts";

/**
 * M training points, D = N (N − 1) / 2 pairs of N atoms, in the order (1,0), (2,0), (2,1), (3,0), …; P permutations.
 */
export interface SgdmlModel {
  readonly atoms: Float64Array;
  readonly count: number;
  /** [M, D]: 1 / distance of each pair. */
  readonly descriptors: Float64Array;
  /** [M, D]: J α, the coefficients of the forces in terms of descriptors. */
  readonly projected: Float64Array;
  /** [M]: coefficients of energies, of a model that was trained on them too. */
  readonly energies?: Float64Array;
  /** [P, N], counted from 0; a group. */
  readonly perms: Float64Array;
  readonly order: number;
  readonly sigma: number;
  /** What predictions are multiplied by before the constant is added. */
  readonly std: number;
  readonly constant: number;
  /** Regularisation, where the file states it. */
  readonly lambda?: number;
  readonly units: Units;
  /** Frames of its data on which it was trained and validated. */
  readonly train: readonly number[];
  readonly validate: readonly number[];
  /** Its errors as the file states them, by label; `max` isn't known to it. */
  readonly errors: Readonly<Record<string, { readonly mae: number; readonly rmse: number }>>;
}

interface Reader {
  readonly file: string;
  readonly npz: Npz;
}

/** Reads a model's file. Throws DataError naming file, key and what was expected. */
export function readSgdml(bytes: Uint8Array, file: string): SgdmlModel {
  const reader = { file, npz: readNpz(bytes, file) };
  requireModel(reader);
  const atoms = numbers(reader, ["z"]).data;
  const n = atoms.length;
  const pairs = (n * (n - 1)) / 2;
  if (n < 2 || !atoms.every((z) => Number.isSafeInteger(z) && z > 0))
    fail(file, "z", "the atomic numbers of at least two atoms", `[${Array.from(atoms.slice(0, 8)).join(", ")}]`);
  const stored = numbers(reader, ["R_desc", "Rt_desc"]);
  const count = stored.shape[1] ?? 0;
  if (stored.shape.length !== 2 || stored.shape[0] !== pairs || count < 1)
    fail(file, stored.key, `[${pairs}, training points] for ${n} atoms`, `[${stored.shape.join(", ")}]`);
  const descriptors = transposed(stored.data, pairs, count);
  const outside = descriptors.findIndex((x) => !(x > 0));
  if (outside >= 0)
    fail(
      file,
      stored.key,
      "inverse distances, which are positive",
      `${descriptors[outside]} at training point ${Math.floor(outside / pairs)}`,
    );
  const projected = shaped(reader, ["R_d_desc_alpha", "Rt_d_desc_alpha"], [count, pairs]);
  const energies = reader.npz.arrays.has("alphas_E") ? shaped(reader, ["alphas_E"], [count]) : undefined;
  const permutations = readPermutations(reader, n);
  const lambda = has(reader, "lam") ? scalar(reader, "lam") : undefined;
  const sigma = scalar(reader, "sig");
  if (!(sigma > 0)) fail(file, "sig", "a positive length scale", String(sigma));
  return {
    atoms,
    count,
    descriptors,
    projected,
    ...(energies === undefined ? {} : { energies }),
    ...permutations,
    sigma,
    std: has(reader, "std") ? scalar(reader, "std") : 1,
    constant: scalar(reader, "c"),
    ...(lambda !== undefined && lambda >= 0 ? { lambda } : {}),
    units: unitsIn(reader),
    train: indexesIn(reader, "idxs_train"),
    validate: indexesIn(reader, "idxs_valid"),
    errors: errorsIn(reader),
  };
}

/** Refuses other files of the package (data sets, tasks) and models that this program can't express. */
function requireModel({ file, npz }: Reader): void {
  const type = npz.arrays.get("type")?.data;
  const kind = type instanceof Float64Array ? "a number" : type?.[0];
  if (kind !== undefined && kind !== "m") {
    const names: Readonly<Record<string, string>> = {
      d: "a data set (give it to --data instead)",
      t: "a task that isn't trained yet",
    };
    fail(
      file,
      "type",
      "a trained model (m)",
      Object.hasOwn(names, kind) ? names[kind]! : JSON.stringify(kind.slice(0, 20)),
    );
  }
  if (npz.arrays.has("lattice"))
    fail(file, "lattice", "a model of free molecules", "a periodic cell", "periodic sGDML models aren't imported");
  const missing = [["R_desc", "Rt_desc"], ["R_d_desc_alpha", "Rt_d_desc_alpha"], ["z"], ["perms"], ["sig"], ["c"]].find(
    (names) => !names.some((name) => npz.arrays.has(name)),
  );
  if (missing !== undefined)
    fail(
      file,
      missing[0]!,
      `a model of the sGDML package, with ${missing.join(" or ")}`,
      `the keys ${[...npz.arrays.keys()].slice(0, 12).join(", ") || "none"}`,
    );
}

/** Permutations, counted from 0. Old files count from 1. */
function readPermutations(reader: Reader, n: number): { perms: Float64Array; order: number } {
  const { file } = reader;
  const { data, shape } = numbers(reader, ["perms"]);
  const order = shape[0] ?? 0;
  if (shape.length !== 2 || shape[1] !== n || order < 1)
    fail(file, "perms", `[permutations, ${n}]`, `[${shape.join(", ")}]`);
  const base = data.includes(0) ? 0 : 1;
  const perms = data.map((index) => index - base);
  for (let p = 0; p < order; p++) {
    const row = perms.subarray(p * n, (p + 1) * n);
    if (new Set(row).size !== n || !row.every((index) => Number.isInteger(index) && index >= 0 && index < n)) {
      fail(
        file,
        "perms",
        `permutations of ${n} atoms, counted from 0 or 1`,
        `row ${p}: ${Array.from(data.subarray(p * n, (p + 1) * n)).join(" ")}`,
      );
    }
  }
  return { perms, order };
}

function unitsIn({ npz }: Reader): Units {
  const text = (key: string): string | undefined => {
    const data = npz.arrays.get(key)?.data;
    return data === undefined || data instanceof Float64Array ? undefined : data[0];
  };
  const [length, energy] = [text("r_unit"), text("e_unit")];
  return { ...(length === undefined ? {} : { r_unit: length }), ...(energy === undefined ? {} : { e_unit: energy }) };
}

function indexesIn({ npz }: Reader, key: string): number[] {
  const data = npz.arrays.get(key)?.data;
  const isList =
    data instanceof Float64Array &&
    data.every((index) => Number.isSafeInteger(index) && index >= 0) &&
    new Set(data).size === data.length;
  return isList ? Array.from(data) : [];
}

/** Old files state errors as numbers; new ones as pickled objects, which are left alone. */
function errorsIn(reader: Reader): SgdmlModel["errors"] {
  const errors: Record<string, { mae: number; rmse: number }> = {};
  for (const [label, letter] of [
    ["energy", "e"],
    ["forces", "f"],
  ] as const) {
    if (!has(reader, `${letter}_mae`) || !has(reader, `${letter}_rmse`)) continue;
    const [mae, rmse] = [scalar(reader, `${letter}_mae`), scalar(reader, `${letter}_rmse`)];
    errors[label] = { mae, rmse };
  }
  return errors;
}

const has = ({ npz }: Reader, key: string): boolean => npz.arrays.get(key)?.data instanceof Float64Array;

/** The first of the keys that is there. Throws where none is, or it isn't finite numbers. */
function numbers(
  { file, npz }: Reader,
  keys: readonly string[],
): { key: string; shape: readonly number[]; data: Float64Array } {
  const key = keys.find((name) => npz.arrays.has(name)) ?? keys[0]!;
  const array: Entry | undefined = npz.arrays.get(key);
  if (!(array?.data instanceof Float64Array))
    fail(file, key, "numbers", array === undefined ? (npz.skipped.get(key) ?? "no such key") : "text");
  const data = array.data as Float64Array;
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) fail(file, key, "finite numbers", `${data[bad]} at entry ${bad}`);
  return { key, shape: array.shape, data };
}

/** Numbers of a shape, axes of extent 1 aside. */
function shaped(reader: Reader, keys: readonly string[], shape: readonly number[]): Float64Array {
  const { key, shape: found, data } = numbers(reader, keys);
  const without = (extents: readonly number[]): string => extents.filter((extent) => extent !== 1).join();
  if (without(found) !== without(shape)) fail(reader.file, key, `[${shape.join(", ")}]`, `[${found.join(", ")}]`);
  return data;
}

function scalar(reader: Reader, key: string): number {
  const { data } = numbers(reader, [key]);
  if (data.length !== 1) fail(reader.file, key, "one number", `${data.length} numbers`);
  return data[0]!;
}

function transposed(data: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(data.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = data[r * columns + c]!;
  return out;
}

function fail(file: string, key: string, expected: string, found: string, hint?: string): never {
  throw new DataError({ file, key, expected, found, ...(hint === undefined ? {} : { hint }) });
}
