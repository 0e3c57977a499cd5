/**
 * Data sets, before any model is known. In: an object, or tensors by key. Out: a `Dataset`.
 * All forms become one flat map from key to tensor (`x`, `interior.x`); a key that can't be read keeps its reason,
 * which
 * is told when the key is asked for, so that what nobody needs never stands in the way.
 */
import type { Tensor } from "../compiled.ts";
import { DataError } from "../errors.ts";
import { NestedError, fromNested } from "./nested.ts";
import type { Entry } from "./nested.ts";

export type { Entry } from "./nested.ts";

export interface Dataset {
  /** The file's name, for messages. */
  readonly name: string;
  /** Tensors by key; those of a group are `GROUP.x`, `GROUP.y`, `GROUP.ARGUMENT`. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Dims and constants that the data set states (`bind`). */
  readonly bind: ReadonlyMap<string, Tensor>;
  /** Keys that are there but can't be read, with the reason. */
  readonly unusable: ReadonlyMap<string, string>;
}

/** What stands for a data set in a call: one that was read, or a plain object in the form of the JSON files. */
export type DatasetLike = Dataset | Readonly<Record<string, unknown>>;

/**
 * A data set from an object in the form of the JSON files. Values are numbers, nested arrays, typed arrays, or tensors
 * `{ shape, data: Float64Array }`; an object is a group. What is none of these is unusable, and told when it's asked
 * for.
 */
export function datasetOf(object: DatasetLike, name = "data"): Dataset {
  if (isDataset(object)) return object;
  const entries = new Map<string, Entry>();
  const unusable = new Map<string, string>();
  const visit = (key: string, value: unknown, depth: number): void => {
    if (isTensor(value)) {
      entries.set(key, value);
    } else if (
      depth < 2 &&
      typeof value === "object" &&
      value !== null &&
      !Array.isArray(value) &&
      !ArrayBuffer.isView(value)
    ) {
      for (const [inner, item] of Object.entries(value)) visit(key === "" ? inner : `${key}.${inner}`, item, depth + 1);
    } else {
      try {
        entries.set(key, fromNested(value));
      } catch (error) {
        if (!(error instanceof NestedError)) throw error;
        unusable.set(key, error.message);
      }
    }
  };
  visit("", object, 0);
  return assemble(name, entries, unusable);
}

function isDataset(value: DatasetLike): value is Dataset {
  return value["entries"] instanceof Map && value["bind"] instanceof Map;
}

function isTensor(value: unknown): value is Tensor {
  if (typeof value !== "object" || value === null || !("data" in value) || !("shape" in value)) return false;
  const { data, shape } = value;
  return (
    data instanceof Float64Array &&
    Array.isArray(shape) &&
    shape.reduce((product: number, extent: number) => product * extent, 1) === data.length
  );
}

/** Separates what the set binds (`bind.NAME`) from its data. */
export function assemble(
  name: string,
  all: ReadonlyMap<string, Entry>,
  unusable: ReadonlyMap<string, string>,
): Dataset {
  const entries = new Map<string, Entry>();
  const bind = new Map<string, Tensor>();
  for (const [key, entry] of all) {
    if (!key.startsWith("bind.")) entries.set(key, entry);
    else if (entry.data instanceof Float64Array) bind.set(key.slice(5), { shape: entry.shape, data: entry.data });
    else throw new DataError({ file: name, key, expected: "numbers", found: "text" });
  }
  for (const [key, reason] of unusable) {
    if (key.startsWith("bind."))
      throw new DataError({ file: name, key, expected: "a number or nested arrays of numbers", found: reason });
  }
  return { name, entries, bind, unusable };
}

/** The tensor at a key, undefined where the set lacks it. Throws DataError where it's there but isn't numbers. */
export function numbersAt(dataset: Dataset, key: string): Tensor | undefined {
  const reason = dataset.unusable.get(key);
  if (reason !== undefined)
    throw new DataError({ file: dataset.name, key, expected: "an array of numbers", found: reason });
  const entry = dataset.entries.get(key);
  if (entry === undefined) return undefined;
  if (!(entry.data instanceof Float64Array)) {
    throw new DataError({
      file: dataset.name,
      key,
      expected: "numbers",
      found: `text (${JSON.stringify(entry.data[0]?.slice(0, 40) ?? "")})`,
    });
  }
  return { shape: entry.shape, data: entry.data };
}

/** The text at a key, undefined where there's none. */
export function textAt(dataset: Dataset, key: string): string | undefined {
  const data = dataset.entries.get(key)?.data;
  return data === undefined || data instanceof Float64Array || data.length !== 1 ? undefined : data[0];
}
