/**
 * Zip archives, as far as `.npz` needs them. In: the bytes of an archive, or named pieces. Out: its entries, or bytes.
 * Nothing an archive claims is believed: ranges are checked against the file, sizes against limits before memory is
 * taken, and inflating stops at the first byte beyond the claim.
 */
import { Inflate, zipSync } from "fflate";
import { DataError } from "../errors.ts";

export interface ZipEntry {
  readonly name: string;
  readonly deflated: boolean;
  /** The bytes as they stand in the archive. */
  readonly packed: Uint8Array;
  /** Claimed length once inflated; deflate can't exceed 1032 : 1, so larger claims were refused. */
  readonly size: number;
  readonly crc: number;
}

const END = 0x06054b50;
const END64 = 0x06064b50;
const END64_LOCATOR = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
/** The most that one byte of a deflate stream can stand for, with room for the header of the stream. */
const DEFLATE_RATIO = 1032;

/** The entries of an archive, in the order of its directory. Throws DataError naming `file` where it's damaged. */
export function readZip(bytes: Uint8Array, file: string): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const directory = findDirectory(view, file);
  const entries: ZipEntry[] = [];
  let at = directory.offset;
  for (let k = 0; k < directory.count; k++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL) {
      throw new DataError({
        file,
        expected: `a directory entry at byte ${at}`,
        found: "something else",
        hint: "the archive is damaged",
      });
    }
    const record = readCentral(view, at, file);
    entries.push(locate(bytes, view, record, file));
    at = record.next;
  }
  return entries;
}

interface Central {
  name: string;
  method: number;
  flags: number;
  crc: number;
  packed: number;
  size: number;
  offset: number;
  next: number;
}

function findDirectory(view: DataView, file: string): { offset: number; count: number } {
  const last = view.byteLength - 22;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (view.getUint32(at, true) !== END) continue;
    const count = view.getUint16(at + 10, true);
    const offset = view.getUint32(at + 16, true);
    if (count !== 0xffff && offset !== 0xffffffff) return { offset, count };
    if (at >= 20 && view.getUint32(at - 20, true) === END64_LOCATOR) {
      const at64 = Number(view.getBigUint64(at - 12, true));
      if (at64 + 56 <= view.byteLength && view.getUint32(at64, true) === END64) {
        return {
          offset: Number(view.getBigUint64(at64 + 48, true)),
          count: Number(view.getBigUint64(at64 + 32, true)),
        };
      }
    }
    return { offset, count };
  }
  throw new DataError({
    file,
    expected: "a zip archive (.npz)",
    found: "no directory at its end",
    hint: "the file may be cut short",
  });
}

function readCentral(view: DataView, at: number, file: string): Central {
  const nameLength = view.getUint16(at + 28, true);
  const extraLength = view.getUint16(at + 30, true);
  const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
  if (next > view.byteLength) {
    throw new DataError({
      file,
      expected: "a whole directory",
      found: `an entry that ends at byte ${next} of ${view.byteLength}`,
    });
  }
  const name = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength));
  const record = {
    name,
    next,
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
  };
  applyZip64(view, at + 46 + nameLength, extraLength, record);
  return record;
}

/** Sizes and offsets of 4 GiB and more stand in an extra field, in this order, where the usual one is all ones. */
function applyZip64(view: DataView, from: number, length: number, record: Central): void {
  for (let at = from; at + 4 <= from + length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    const end = Math.min(at + 4 + view.getUint16(at + 2, true), from + length);
    let value = at + 4;
    for (const field of ["size", "packed", "offset"] as const) {
      if (record[field] === 0xffffffff && value + 8 <= end) {
        record[field] = Number(view.getBigUint64(value, true));
        value += 8;
      }
    }
  }
}

function locate(bytes: Uint8Array, view: DataView, record: Central, file: string): ZipEntry {
  const key = record.name;
  const refuse = (expected: string, found: string): never => {
    throw new DataError({ file, key, expected, found });
  };
  if ((record.flags & 1) !== 0) refuse("an entry that isn't encrypted", "an encrypted one");
  if (record.method !== 0 && record.method !== 8)
    refuse("an entry that is stored or deflated", `compression method ${record.method}`);
  if (record.offset + 30 > bytes.length || view.getUint32(record.offset, true) !== LOCAL)
    refuse(`an entry at byte ${record.offset}`, "something else");
  const start =
    record.offset + 30 + view.getUint16(record.offset + 26, true) + view.getUint16(record.offset + 28, true);
  if (start + record.packed > bytes.length)
    refuse(`${record.packed} bytes from byte ${start}`, `a file of ${bytes.length} bytes`);
  const deflated = record.method === 8;
  if (!deflated && record.size !== record.packed)
    refuse("a stored entry of one size", `${record.packed} bytes that claim to be ${record.size}`);
  if (deflated && record.size > record.packed * DEFLATE_RATIO) {
    refuse(
      `at most ${record.packed * DEFLATE_RATIO} bytes from ${record.packed} deflated ones`,
      `a claim of ${record.size}`,
    );
  }
  return {
    name: record.name,
    deflated,
    packed: bytes.subarray(start, start + record.packed),
    size: record.size,
    crc: record.crc,
  };
}

/** At least `wanted` first bytes of an entry, or all where it's shorter. */
export function entryPrefix(entry: ZipEntry, wanted: number, file: string): Uint8Array {
  if (!entry.deflated) return entry.packed.subarray(0, wanted);
  const pieces: Uint8Array[] = [];
  let length = 0;
  inflate(entry, file, (piece) => {
    pieces.push(piece);
    length += piece.length;
    return length < wanted;
  });
  return concatenate(pieces, length);
}

/**
 * All bytes of an entry, exactly as many as claimed and with the checksum claimed; the caller has accepted the claim.
 */
export function entryBytes(entry: ZipEntry, file: string): Uint8Array {
  const refuse = (found: string): never => {
    throw new DataError({ file, key: entry.name, expected: `${entry.size} bytes`, found });
  };
  let bytes = entry.packed;
  if (entry.deflated) {
    bytes = new Uint8Array(entry.size);
    let length = 0;
    inflate(entry, file, (piece) => {
      if (length + piece.length > entry.size) refuse("more: the claimed length is a lie");
      bytes.set(piece, length);
      length += piece.length;
      return true;
    });
    if (length < entry.size) refuse(`${length}: the entry is cut short`);
  }
  if (crc32(bytes) !== entry.crc) {
    throw new DataError({
      file,
      key: entry.name,
      expected: "contents with the checksum of the directory",
      found: "another checksum",
      hint: "the file is damaged",
    });
  }
  return bytes;
}

/** Inflates in steps, so that a bomb is met after a few MB; `take` says whether to go on. */
function inflate(entry: ZipEntry, file: string, take: (piece: Uint8Array) => boolean): void {
  const STEP = 1 << 14;
  let going = true;
  const stream = new Inflate((piece) => {
    going = take(piece) && going;
  });
  for (let from = 0; going; from += STEP) {
    const final = from + STEP >= entry.packed.length;
    try {
      stream.push(entry.packed.subarray(from, from + STEP), final);
    } catch (error) {
      if (error instanceof DataError) throw error;
      throw new DataError({
        file,
        key: entry.name,
        expected: "a deflate stream",
        found: `damaged data (${error instanceof Error ? error.message : String(error)})`,
      });
    }
    if (final) break;
  }
}

/** The date of all entries, by the writer's own clock, as archives have it. */
const DATED = new Date(1980, 0, 1);
/** Bytes of an archive beside names and contents, for each entry. */
const HEADERS = 30 + 46;

/**
 * Writes an archive; the same pieces give the same bytes. Below 4 GiB only: throws RangeError naming the piece that
 * goes
 * beyond.
 */
export function writeZip(
  pieces: Iterable<readonly [string, Uint8Array]>,
  options: { readonly deflate?: boolean } = {},
): Uint8Array {
  const entries: Record<string, Uint8Array> = Object.create(null) as Record<string, Uint8Array>;
  let size = 0;
  for (const [name, bytes] of pieces) {
    size += bytes.length + 2 * name.length + HEADERS;
    if (size > 0xffffffff) throw new RangeError(`the archive exceeds 4 GiB at ${name}; write fewer arrays to a file`);
    entries[name] = bytes;
  }
  return zipSync(entries, { level: options.deflate === true ? 6 : 0, mtime: DATED });
}

function concatenate(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let c = byte;
  for (let bit = 0; bit < 8; bit++) c = (c & 1) === 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

/** The checksum of zip archives (CRC-32, polynomial 0xedb88320). */
export function crc32(bytes: Uint8Array): number {
  let c = -1;
  for (let i = 0; i < bytes.length; i++) c = (c >>> 8) ^ CRC_TABLE[(c ^ bytes[i]!) & 0xff]!;
  return ~c >>> 0;
}
