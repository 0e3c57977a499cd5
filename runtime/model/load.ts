/**
 * Loading and saving of trained models. In: a path or bytes, and a compiler or a compiled model. Out: a `Model`.
 * The file holds the spec's text; it's compiled again, with the sizes and constants it had, and must give the same
 * hash.
 */
import type { CompiledModel } from "../compiled.ts";
import { readBytes } from "../files.ts";
import { readModelFile, restore } from "./model_file.ts";
import type { Compile } from "./model_file.ts";
import { Model } from "./model.ts";

/**
 * Loads a trained model.
 * @param file a path (in Node, Deno and Bun) or the file's bytes
 * @param compile the compiler's `compile`, or a compiled model whose hash is the file's
 * @throws ModelFileError: a newer format, a damaged file, another spec; DataError for a damaged container
 */
export function load(file: string | Uint8Array, compile: Compile | CompiledModel): Model {
  const [bytes, name] = typeof file === "string" ? [readBytes(file), file] : [file, "model"];
  const stored = readModelFile(bytes, name);
  return new Model(restore(stored, typeof compile === "function" ? compile(stored.spec, stored.options) : compile));
}

/** Writes a model to a file; `model.save(path)` as a function. */
export function save(model: Model, path: string): void {
  model.save(path);
}
