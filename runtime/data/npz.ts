/**
 * NumPy archives (`.npz`). In: bytes, or arrays by key. Out: arrays by key, or bytes.
 * The size that an array's header states, the size that the archive states and a limit for the whole file must agree
 * before anything is inflated; what can't be read is skipped and remembered with the reason.
 */
import { DataError } from "../errors.ts";
import { MAX_HEADER, npyBytes, npyEntries, npyHeader } from "./npy.ts";
import type { NpyArray } from "./npy.ts";
import { entryBytes, entryPrefix, readZip, writeZip } from "./zip.ts";

export interface Npz {
  readonly arrays: ReadonlyMap<string, NpyArray>;
  /** Keys that weren't read, with the reason in words. */
  readonly skipped: ReadonlyMap<string, string>;
}

/** Bytes that the arrays of one file may take in memory, unless the caller says otherwise. */
export const NPZ_LIMIT = 4 * 2 ** 30;
/** Strings without length take no room in the file, so their number is limited. */
const MAX_EMPTY_STRINGS = 1 << 16;

/**
 * Reads an archive written by `numpy.savez` or `savez_compressed`.
 * @param limit bytes that all arrays together may take in memory
 * @throws DataError naming file and key: damaged or cut short, sizes that lie or exceed the limit, integers from 2^53
 * on
 */
export function readNpz(bytes: Uint8Array, file: string, limit = NPZ_LIMIT): Npz {
  const arrays = new Map<string, NpyArray>();
  const skipped = new Map<string, string>();
  let total = 0;
  for (const entry of readZip(bytes, file)) {
    if (!entry.name.endsWith(".npy")) continue;
    const key = entry.name.slice(0, -4);
    if (arrays.has(key) || skipped.has(key))
      throw new DataError({ file, key, expected: "each key once", found: "it twice" });
    const header = npyHeader(entryPrefix(entry, MAX_HEADER + 12, file), file, key);
    if (header.skip !== undefined) {
      skipped.set(key, header.skip);
      continue;
    }
    const { count, itemSize, offset } = header;
    if (entry.size !== offset + count * itemSize) {
      const found = `${entry.size - offset} bytes`;
      throw new DataError({
        file,
        key,
        expected: `${count * itemSize} bytes for shape (${header.shape.join(", ")}) of ${header.dtype}`,
        found,
      });
    }
    if (itemSize === 0 && count > MAX_EMPTY_STRINGS)
      throw new DataError({ file, key, expected: `at most ${MAX_EMPTY_STRINGS} empty strings`, found: `${count}` });
    total += entry.size + 8 * count;
    if (total > limit) {
      throw new DataError({
        file,
        key,
        expected: `arrays of at most ${limit} bytes together`,
        found: `${total} up to this key`,
        hint: "keep fewer frames or keys in the file",
      });
    }
    arrays.set(key, npyEntries(header, entryBytes(entry, file), file, key));
  }
  return { arrays, skipped };
}

/**
 * Writes an archive that NumPy reads; the same arrays give the same bytes. Numbers are written as `<f8`, or `<i8` where
 * dtype is one of integers.
 */
export function writeNpz(
  arrays: Iterable<
    readonly [
      string,
      { readonly shape: readonly number[]; readonly data: Float64Array | readonly string[]; readonly dtype?: string },
    ]
  >,
  options: { readonly deflate?: boolean } = {},
): Uint8Array {
  const pieces: [string, Uint8Array][] = [];
  for (const [key, array] of arrays) {
    const count = array.shape.reduce((product, extent) => product * extent, 1);
    if (count !== array.data.length)
      throw new RangeError(
        `${key}: shape (${array.shape.join(", ")}) has ${count} entries, the data ${array.data.length}`,
      );
    pieces.push([`${key}.npy`, npyBytes(array)]);
  }
  return writeZip(pieces, options);
}
