/**
 * Files of data. In: the bytes of a `.json`, `.npz`, `.safetensors`, `.csv`, or of a format of some field. Out: a
 * `Dataset`.
 */
import { CONVENTIONS } from "../conventions.ts";
import { DataError } from "../errors.ts";
import { readCsv } from "./csv.ts";
import { assemble, datasetOf } from "./dataset.ts";
import type { Dataset, Entry } from "./dataset.ts";
import { readNpz } from "./npz.ts";
import { readSafetensors } from "./safetensors.ts";

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
  const format = CONVENTIONS.flatMap(({ formats }) => formats).find(({ ending }) => ending.test(name));
  if (format !== undefined) {
    const { entries, unusable } = format.read(text, name);
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
