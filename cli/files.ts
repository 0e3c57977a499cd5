/**
 * Reading and writing files for the commands.
 * In: paths and contents. Out: files that are either whole or not there.
 */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, dirname, extname } from "node:path";
import { saveBytes, temporaryName } from "../runtime/files.ts";
import { InputError } from "./failure.ts";

/** Writes `content` to `path`, whole or not at all; makes the folder where it is missing. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  saveBytes(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
}

/**
 * Makes the folder of a file that long work will end with, and sees that a file can be written there. Throws the
 * system's error, or InputError for a folder.
 */
export function requireWritable(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new InputError(`${path}: expected the name of a file to write, found a folder`);
  mkdirSync(dirname(path), { recursive: true });
  const probe = temporaryName(path);
  closeSync(openSync(probe, "w"));
  rmSync(probe);
}

/** The text of a UTF-8 file. Throws InputError where the bytes are no UTF-8. */
export function readText(path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof TypeError) throw new InputError(`${path}: expected text in UTF-8, found other bytes`);
    throw error;
  }
}

/** The JSON value of a file. Throws InputError with the parser's reason. */
export function readJson(path: string): unknown {
  const text = readText(path);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new InputError(
      `${path}: expected JSON, found an error in it: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/**
 * The name of a generated module: the last part of a path without the given ending, when it serves as a file
 * name everywhere and as a part of an import.
 */
export function moduleName(path: string, ending = ""): string {
  const last = basename(path);
  const name = ending !== "" && last.endsWith(ending) ? last.slice(0, -ending.length) : last;
  if (!/^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(name)) {
    throw new InputError(
      `${path}: cannot name a module after it; expected letters, digits, "_", ` +
        `"-" and "." and not ${JSON.stringify(name)}`,
    );
  }
  return name;
}

/** The file's ending in lower case, with the dot. */
export function endingOf(path: string): string {
  return extname(path).toLowerCase();
}
