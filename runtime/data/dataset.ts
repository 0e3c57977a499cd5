/**
 * Data sets, before any model is known. In: the bytes of a `.json`, `.npz`, `.extxyz`, `.safetensors` or `.csv`, or an
 * object.
 * Out: a `Dataset`.
 * All forms become one flat map from key to tensor (`R`, `interior.x`); a key that can't be read keeps its reason,
 * which
 * is told when the key is asked for, so that what nobody needs never stands in the way.
 */
import type { Tensor } from "../compiled.ts";
import { readCsv } from "./csv.ts";
import { DataError } from "../errors.ts";
import { readExtxyz } from "../molecules/extxyz.ts";
import { NestedError, fromNested } from "./nested.ts";
import type { Entry } from "./nested.ts";
import { readNpz } from "./npz.ts";
import { readSafetensors } from "./safetensors.ts";
import type { Units } from "../molecules/units.ts";

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
 * Reads a data set; its form is told by its first bytes, and by the ending for `.csv`, `.extxyz` and `.safetensors`.
 * Throws DataError.
 */
export function readDataset(bytes: Uint8Array, name: string): Dataset {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    const { arrays, skipped } = readNpz(bytes, name);
    return assemble(name, arrays, skipped);
  }
  if (name.toLowerCase().endsWith(".npz"))
    throw new DataError({
      file: name,
      expected: "a zip archive (.npz)",
      found: bytes.length === 0 ? "an empty file" : "other bytes",
    });
  if (/\.safetensors$/i.test(name)) return readContainer(bytes, name);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new DataError({
      file: name,
      expected: "JSON, CSV, .extxyz, .safetensors or .npz",
      found: "bytes that are none of them",
    });
  }
  if (/\.(ext)?xyz$/i.test(name)) {
    const { entries, unusable } = readExtxyz(text, name);
    return assemble(name, entries, unusable);
  }
  if (/\.(csv|tsv)$/i.test(name)) return assemble(name, readCsv(text, name), new Map());
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DataError({
      file: name,
      expected: "JSON",
      found: `text that isn't: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new DataError({
      file: name,
      expected: 'an object such as {"R": …, "F": …}',
      found: Array.isArray(value) ? "an array" : String(value),
    });
  }
  return datasetOf(value as Record<string, unknown>, name);
}

/** Tensors of a safetensors file by name, its metadata as texts (`r_unit`, `e_unit`). */
function readContainer(bytes: Uint8Array, name: string): Dataset {
  const { tensors, metadata } = readSafetensors(bytes, name);
  if (metadata.has("spec") && metadata.has("checksum"))
    throw new DataError({ file: name, expected: "data", found: "a trained model" });
  const texts = [...metadata].map(([key, text]): [string, Entry] => [key, { shape: [], data: [text] }]);
  return assemble(name, new Map<string, Entry>([...texts, ...tensors]), new Map());
}

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
function assemble(name: string, all: ReadonlyMap<string, Entry>, unusable: ReadonlyMap<string, string>): Dataset {
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

/** The units that a data set names (`r_unit`, `e_unit`). */
export function unitsOf(dataset: Dataset): Units {
  const length = textAt(dataset, "r_unit");
  const energy = textAt(dataset, "e_unit");
  return { ...(length === undefined ? {} : { r_unit: length }), ...(energy === undefined ? {} : { e_unit: energy }) };
}

/** What the data say of a model's sizes and constants, for binding them before compiling. */
export interface Bindings {
  /** What the set binds itself. */
  readonly bind: Readonly<Record<string, Tensor>>;
  /** Shape of one point, of the frames or of the first group, where there are points. */
  readonly point?: readonly number[];
  /** Every tensor of numbers by key: sources for `const … from "key"`, such as `z`. */
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/**
 * What a data set binds. Points are looked for at `x`, at the name of the spec's input where given, and at `R`; among
 * the
 * groups only at those of `labels`, where given.
 */
export function bindingsOf(
  dataset: Dataset,
  options: { readonly input?: string; readonly labels?: readonly string[] } = {},
): Bindings {
  const names = ["x", ...(options.input === undefined ? [] : [options.input])];
  const isPoints = (key: string): boolean => {
    const dot = key.lastIndexOf(".");
    if (dot < 0) return names.includes(key) || key === "R";
    return names.includes(key.slice(dot + 1)) && (options.labels?.includes(key.slice(0, dot)) ?? true);
  };
  const tensors: Record<string, Tensor> = Object.create(null) as Record<string, Tensor>;
  let point: readonly number[] | undefined;
  for (const [key, { shape, data }] of dataset.entries) {
    if (!(data instanceof Float64Array)) continue;
    tensors[key] = { shape, data };
    if (isPoints(key) && shape.length > 0 && (point === undefined || !key.includes("."))) point = shape.slice(1);
  }
  const bind = Object.assign(Object.create(null) as Record<string, Tensor>, Object.fromEntries(dataset.bind));
  return { bind, tensors, ...(point === undefined ? {} : { point }) };
}
