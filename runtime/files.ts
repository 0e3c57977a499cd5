/**
 * Files on disk; the only part of the runtime that needs more than a browser has. In: paths and bytes. Out: the same.
 * The platform's modules are asked for when a file is touched, not imported, so that everything else loads anywhere.
 */

/** What is used of the platform's `fs`; written out, so that the package's types ask for no other types. */
export interface FileSystem {
  existsSync(path: string): boolean;
  openSync(path: string, flags: string): number;
  closeSync(file: number): void;
  fstatSync(file: number): { readonly size: number };
  readSync(file: number, bytes: Uint8Array, offset: number, length: number, position: number | null): number;
  writeSync(file: number, bytes: Uint8Array, offset: number, length: number): number;
  writevSync(file: number, pieces: readonly Uint8Array[], position?: number | null): number;
  fsyncSync(file: number): void;
  ftruncateSync(file: number, length: number): void;
  renameSync(from: string, to: string): void;
  rmSync(path: string, options: { readonly force?: boolean }): void;
}

/** The platform's file system. Throws an Error where there's none. */
export function fileSystem(): FileSystem {
  const host = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process;
  const fs = host?.getBuiltinModule?.("node:fs");
  if (fs === undefined)
    throw new Error(
      "files need Node 20.16 or later, Deno or Bun; elsewhere hand bytes to load() and take them from toBytes()",
    );
  return fs as FileSystem;
}

/** The most that one call of the system reads. */
const PIECE = 1 << 30;

/** All bytes of a file, of whatever length. */
export function readBytes(path: string): Uint8Array {
  const fs = fileSystem();
  const file = fs.openSync(path, "r");
  try {
    const bytes = new Uint8Array(fs.fstatSync(file).size);
    let at = 0;
    while (at < bytes.length) {
      const count = fs.readSync(file, bytes, at, Math.min(PIECE, bytes.length - at), null);
      if (count === 0) throw new Error(`${path}: the file became shorter while it was read`);
      at += count;
    }
    return bytes;
  } finally {
    fs.closeSync(file);
  }
}

/** The platform's number of this process; 0 where it has none. */
const processId = (): number => (globalThis as { process?: { readonly pid?: number } }).process?.pid ?? 0;

/** The name by which a file is written before it's whole; no other process takes it. */
export const temporaryName = (path: string): string => `${path}.${processId()}.partial`;

let listener: (path: string, isOpen: boolean) => void = () => {};

/** Tells `hear` of each file that is begun, by its temporary name, and again when it's whole or gone. */
export function setWriteListener(hear: (path: string, isOpen: boolean) => void): void {
  listener = hear;
}

/**
 * Writes a file beside its name, flushes it to the disk and renames it: whoever reads the name never sees half a file.
 * @param temporary the name to write it by
 */
export function saveBytes(path: string, bytes: Uint8Array, temporary: string = temporaryName(path)): void {
  const fs = fileSystem();
  listener(temporary, true);
  try {
    const file = fs.openSync(temporary, "w");
    try {
      for (let at = 0; at < bytes.length; ) at += fs.writeSync(file, bytes, at, Math.min(PIECE, bytes.length - at));
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    replace(fs, temporary, path);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  } finally {
    listener(temporary, false);
  }
}

/** Errors of a system that renames nothing onto a file which somebody, a virus scanner say, has open at the moment. */
const BUSY: ReadonlySet<string | undefined> = new Set(["EPERM", "EACCES", "EBUSY"]);
const ATTEMPTS = 10;
const PAUSE_MS = 20;

/** Renames onto a file that may be there; Windows refuses it while another process reads the old one. */
function replace(fs: FileSystem, from: string, to: string): void {
  for (let attempt = 1; ; attempt++) {
    try {
      fs.renameSync(from, to);
      return;
    } catch (error) {
      const { code } = error as { readonly code?: string };
      if (!isWindows() || attempt === ATTEMPTS || !BUSY.has(code)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

const isWindows = (): boolean =>
  (globalThis as { process?: { readonly platform?: string } }).process?.platform === "win32";
