/**
 * Tensors by key, for `from "key"`.
 * In: a file of weights (.safetensors, .npz, .json). Out: a function from key to tensor.
 */
import { readFileSync } from "node:fs";
import type { Tensor } from "../runtime/compiled.ts";
import { bindingsOf } from "../runtime/data/bindings.ts";
import { readDataset } from "../runtime/data/read.ts";
import { readSafetensors } from "../runtime/data/safetensors.ts";
import { endingOf } from "./files.ts";

export type TensorLookup = (key: string) => Tensor | undefined;

function readTensors(path: string): Readonly<Record<string, Tensor>> {
  const bytes = readFileSync(path);
  if (endingOf(path) === ".safetensors") return Object.fromEntries(readSafetensors(bytes, path).tensors);
  return bindingsOf(readDataset(bytes, path)).tensors;
}

/** A lookup among tensors; keys are untrusted, so what every object inherits isn't found. */
export function lookupIn(tensors: Readonly<Record<string, Tensor>>): TensorLookup {
  return (key) => (Object.hasOwn(tensors, key) ? tensors[key] : undefined);
}

/** A lookup in the file of `--weights`; one that finds nothing where there is no file. */
export function weightsReader(path: string | undefined): TensorLookup {
  return path === undefined ? () => undefined : lookupIn(readTensors(path));
}
