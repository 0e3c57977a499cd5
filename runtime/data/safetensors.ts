/**
 * The safetensors container. In: bytes, or tensors by name with texts beside them. Out: the same, the other way round.
 * Eight bytes give the length of a JSON header, the rest is one buffer that the tensors cover without gap or overlap;
 * all of that is checked before a tensor is read.
 */
import { DataError } from "../errors.ts";

export type SafeType = "F64" | "F32" | "I64" | "I32" | "U8" | "BOOL";

export interface SafeTensor {
  readonly dtype: SafeType;
  readonly shape: readonly number[];
  /** Entries as float64, whatever they were; exact for every type. */
  readonly data: Float64Array;
}

export interface SafeTensors {
  readonly tensors: ReadonlyMap<string, SafeTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

interface Codec {
  readonly bytes: number;
  readonly get: (view: DataView, at: number) => number;
  readonly set: (view: DataView, at: number, value: number) => void;
}

const CODECS: { readonly [T in SafeType]: Codec } = {
  F64: { bytes: 8, get: (v, at) => v.getFloat64(at, true), set: (v, at, x) => v.setFloat64(at, x, true) },
  F32: { bytes: 4, get: (v, at) => v.getFloat32(at, true), set: (v, at, x) => v.setFloat32(at, x, true) },
  I64: {
    bytes: 8,
    get: (v, at) => v.getInt32(at + 4, true) * 2 ** 32 + v.getUint32(at, true),
    set: (v, at, x) => v.setBigInt64(at, BigInt(x), true),
  },
  I32: { bytes: 4, get: (v, at) => v.getInt32(at, true), set: (v, at, x) => v.setInt32(at, x, true) },
  U8: { bytes: 1, get: (v, at) => v.getUint8(at), set: (v, at, x) => v.setUint8(at, x) },
  BOOL: { bytes: 1, get: (v, at) => v.getUint8(at), set: (v, at, x) => v.setUint8(at, x) },
};

const isSafeType = (name: unknown): name is SafeType => typeof name === "string" && Object.hasOwn(CODECS, name);
const size = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

/** Reads a safetensors file. Throws DataError naming file and tensor where anything in it doesn't hold. */
export function readSafetensors(bytes: Uint8Array, file: string): SafeTensors {
  const { header, start } = readHeader(bytes, file);
  const metadata = new Map<string, string>();
  const tensors = new Map<string, SafeTensor>();
  const ranges: Range[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === "__metadata__") {
      for (const [key, text] of Object.entries(asObject(value, file, name))) {
        if (typeof text !== "string")
          throw new DataError({ file, key: `__metadata__.${key}`, expected: "a text", found: typeof text });
        metadata.set(key, text);
      }
    } else ranges.push(readRange(asObject(value, file, name), name, file));
  }
  checkCover(ranges, bytes.length - start, file);
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  for (const range of ranges) tensors.set(range.name, decode(range, view, file));
  return { tensors, metadata };
}

interface Range {
  readonly name: string;
  readonly dtype: SafeType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function readHeader(bytes: Uint8Array, file: string): { header: Record<string, unknown>; start: number } {
  const refuse = (expected: string, found: string): never => {
    throw new DataError({ file, expected, found });
  };
  if (bytes.length < 8) refuse("a safetensors file", `${bytes.length} bytes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > 100_000_000 || 8 + length > bytes.length)
    refuse("a safetensors header within the file", `one that claims ${length} bytes of ${bytes.length}`);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + length)));
  } catch {
    return refuse("a safetensors header in JSON", "something else");
  }
  return { header: asObject(header, file, "header"), start: 8 + length };
}

function asObject(value: unknown, file: string, key: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new DataError({
      file,
      key,
      expected: "an object",
      found: Array.isArray(value) ? "an array" : value === null ? "null" : typeof value,
    });
  }
  return value as Record<string, unknown>;
}

function readRange(entry: Record<string, unknown>, name: string, file: string): Range {
  const refuse = (expected: string, found: unknown): never => {
    throw new DataError({ file, key: name, expected, found: JSON.stringify(found)?.slice(0, 80) ?? "nothing" });
  };
  const naturals = (value: unknown): value is number[] =>
    Array.isArray(value) && value.every((x) => Number.isSafeInteger(x) && x >= 0);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isSafeType(dtype)) return refuse(`a type of ${Object.keys(CODECS).join(", ")}`, dtype);
  if (!naturals(shape) || !Number.isSafeInteger(size(shape))) return refuse("a shape of whole numbers", shape);
  if (!naturals(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!)
    return refuse("two offsets in order", offsets);
  const [begin, end] = offsets as [number, number];
  if (end - begin !== size(shape) * CODECS[dtype].bytes)
    refuse(`${size(shape) * CODECS[dtype].bytes} bytes for shape [${shape.join(", ")}] of ${dtype}`, end - begin);
  return { name, dtype, shape, begin, end };
}

/** The tensors must cover the buffer from its first byte to its last, each byte once. */
function checkCover(ranges: readonly Range[], length: number, file: string): void {
  let at = 0;
  for (const range of [...ranges].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (range.begin !== at) {
      throw new DataError({
        file,
        key: range.name,
        expected: `data from byte ${at} on`,
        found: `${range.begin}: the tensors ${range.begin < at ? "overlap" : "leave a gap"}`,
      });
    }
    at = range.end;
  }
  if (at !== length)
    throw new DataError({
      file,
      expected: `${at} bytes of data`,
      found: `${length}`,
      hint: "the file is damaged or cut short",
    });
}

function decode(range: Range, view: DataView, file: string): SafeTensor {
  const codec = CODECS[range.dtype];
  const data = new Float64Array(size(range.shape));
  for (let i = 0; i < data.length; i++) data[i] = codec.get(view, range.begin + i * codec.bytes);
  const bad =
    range.dtype === "I64"
      ? data.findIndex((x) => !Number.isSafeInteger(x))
      : range.dtype === "BOOL"
        ? data.findIndex((x) => x > 1)
        : -1;
  if (bad >= 0) {
    throw new DataError({
      file,
      key: range.name,
      row: bad,
      expected: range.dtype === "BOOL" ? "0 or 1" : "integers below 2^53",
      found: String(data[bad]),
    });
  }
  return { dtype: range.dtype, shape: range.shape, data };
}

/** The bytes of a safetensors file; the same tensors and texts, in whatever order, give the same bytes. */
export function writeSafetensors(content: SafeTensors): Uint8Array {
  // Wide types first, so that every tensor stands at a multiple of its size.
  const order = [...content.tensors].sort(
    ([a, x], [b, y]) => CODECS[y.dtype].bytes - CODECS[x.dtype].bytes || compare(a, b),
  );
  const header: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  if (content.metadata.size > 0)
    header["__metadata__"] = Object.fromEntries([...content.metadata].sort(([a], [b]) => compare(a, b)));
  let end = 0;
  for (const [name, tensor] of order) {
    if (size(tensor.shape) !== tensor.data.length)
      throw new RangeError(`${name}: shape [${tensor.shape.join(", ")}] and ${tensor.data.length} entries`);
    const begin = end;
    end += tensor.data.length * CODECS[tensor.dtype].bytes;
    header[name] = { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [begin, end] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(start + end).fill(0x20, 8, start);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(start - 8), true);
  bytes.set(text, 8);
  let at = start;
  for (const [, tensor] of order) {
    const codec = CODECS[tensor.dtype];
    for (let i = 0; i < tensor.data.length; i++, at += codec.bytes) codec.set(view, at, tensor.data[i]!);
  }
  return bytes;
}

/** Order by code units: the same on every machine, whatever its language. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
