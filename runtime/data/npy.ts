/**
 * One NumPy array (`.npy`). In: its bytes, or a tensor. Out: a tensor in row-major order, or bytes.
 * The header is a Python literal; only its three known fields are picked out, nothing is evaluated, and what would
 * need Python (pickled objects, records) is named and left alone.
 */
import { DataError } from "../errors.ts";

/** An array as read: numbers as float64 whatever they were, or strings. Row-major. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float64Array | readonly string[];
  /** NumPy's name of the type on disk, such as `<f8` or `|u1`. */
  readonly dtype: string;
}

export interface NpyHeader {
  readonly dtype: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Number of entries. */
  readonly count: number;
  /** Bytes of an entry. */
  readonly itemSize: number;
  /** Where the entries begin. */
  readonly offset: number;
  /** Why the array can't be read, where it can't. */
  readonly skip?: string;
}

/** The header's literal may not be longer than this; NumPy itself refuses more than 10 000 characters. */
export const MAX_HEADER = 1 << 16;
const MAX_RANK = 64;

type Getter = (view: DataView, at: number, little: boolean) => number;

/** Reads one entry of each numeric type; the key is kind and size. */
const GETTERS: Readonly<Record<string, Getter>> = {
  f4: (v, at, le) => v.getFloat32(at, le),
  f8: (v, at, le) => v.getFloat64(at, le),
  i1: (v, at) => v.getInt8(at),
  i2: (v, at, le) => v.getInt16(at, le),
  i4: (v, at, le) => v.getInt32(at, le),
  i8: (v, at, le) => v.getInt32(at + (le ? 4 : 0), le) * 2 ** 32 + v.getUint32(at + (le ? 0 : 4), le),
  u1: (v, at) => v.getUint8(at),
  u2: (v, at, le) => v.getUint16(at, le),
  u4: (v, at, le) => v.getUint32(at, le),
  u8: (v, at, le) => v.getUint32(at + (le ? 4 : 0), le) * 2 ** 32 + v.getUint32(at + (le ? 0 : 4), le),
  b1: (v, at) => (v.getUint8(at) === 0 ? 0 : 1),
};

/** Reads the header from the first bytes of an array. Throws DataError naming file and key. */
export function npyHeader(bytes: Uint8Array, file: string, key: string): NpyHeader {
  const refuse = (expected: string, found: string): never => {
    throw new DataError({ file, key, expected, found });
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || bytes[0] !== 0x93 || String.fromCharCode(...bytes.subarray(1, 6)) !== "NUMPY")
    refuse("a NumPy array", "other bytes");
  const major = bytes[6]!;
  if (major < 1 || major > 3) refuse("version 1, 2 or 3 of the NumPy format", `version ${major}`);
  const start = major === 1 ? 10 : 12;
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER) refuse(`a header of at most ${MAX_HEADER} bytes`, `one that claims ${length}`);
  if (start + length > bytes.length) refuse(`a header of ${length} bytes`, "the end of the data");
  const text = new TextDecoder("latin1").decode(bytes.subarray(start, start + length)).trim();
  const descr = /['"]descr['"]\s*:\s*(?:'([^']*)'|"([^"]*)"|(\[))/.exec(text);
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text);
  const shapeText = /['"]shape['"]\s*:\s*\(([0-9,\sL]*)\)/.exec(text);
  if (!text.startsWith("{") || !text.endsWith("}") || !descr || !order || !shapeText) {
    return refuse("a header with descr, fortran_order and shape", JSON.stringify(text.slice(0, 80)));
  }
  const shape = shapeText[1]!
    .split(",")
    .map((part) => part.trim().replace(/L$/, ""))
    .filter((part) => part !== "")
    .map(Number);
  const count = shape.reduce((product, extent) => product * extent, 1);
  if (shape.length > MAX_RANK || !shape.every(Number.isSafeInteger) || !Number.isSafeInteger(count))
    refuse("a shape that fits in memory", `(${shapeText[1]!})`);
  const dtype = descr[3] === undefined ? (descr[1] ?? descr[2]!) : "record";
  return { dtype, fortranOrder: order[1] === "True", shape, count, offset: start + length, ...itemOf(dtype) };
}

function itemOf(dtype: string): { itemSize: number; skip?: string } {
  if (dtype === "|O" || dtype === "O") return { itemSize: 0, skip: "a pickled Python object, which is never read" };
  const text = /^[<>|=]?([US])(\d{1,9})$/.exec(dtype);
  if (text) return { itemSize: Number(text[2]) * (text[1] === "U" ? 4 : 1) };
  const number = /^[<>|=]?([fiub])(\d)$/.exec(dtype);
  if (number && GETTERS[`${number[1]}${number[2]}`]) return { itemSize: Number(number[2]) };
  return { itemSize: 0, skip: `of type ${JSON.stringify(dtype.slice(0, 40))}, which isn't read` };
}

/**
 * The array of a header and its entries, which start at `header.offset` of `bytes`; lengths have been compared by the
 * caller.
 */
export function npyEntries(header: NpyHeader, bytes: Uint8Array, file: string, key: string): NpyArray {
  const kind = /[a-zA-Z]/.exec(header.dtype)![0];
  const little = !header.dtype.startsWith(">");
  const view = new DataView(bytes.buffer, bytes.byteOffset + header.offset, header.count * header.itemSize);
  if (kind === "U" || kind === "S") {
    const strings = Array.from({ length: header.count }, (_, i) =>
      readString(view, i * header.itemSize, header.itemSize, kind, little, file, key),
    );
    return {
      shape: header.shape,
      dtype: header.dtype,
      data: header.fortranOrder ? fromFortran(strings, header.shape, new Array<string>(header.count)) : strings,
    };
  }
  const get = GETTERS[`${kind}${header.itemSize}`]!;
  const numbers = new Float64Array(header.count);
  for (let i = 0; i < header.count; i++) numbers[i] = get(view, i * header.itemSize, little);
  if (header.itemSize === 8 && kind !== "f") {
    const bad = numbers.findIndex((value) => !Number.isSafeInteger(value));
    if (bad >= 0)
      throw new DataError({
        file,
        key,
        row: bad,
        rowName: "entry",
        expected: "integers below 2^53",
        found: String(numbers[bad]),
      });
  }
  return {
    shape: header.shape,
    dtype: header.dtype,
    data: header.fortranOrder ? fromFortran(numbers, header.shape, new Float64Array(header.count)) : numbers,
  };
}

function readString(
  view: DataView,
  at: number,
  size: number,
  kind: string,
  little: boolean,
  file: string,
  key: string,
): string {
  let text = "";
  for (let i = 0; i < size; i += kind === "U" ? 4 : 1) {
    const code = kind === "U" ? view.getUint32(at + i, little) : view.getUint8(at + i);
    if (code > 0x10ffff) throw new DataError({ file, key, expected: "Unicode text", found: `the code point ${code}` });
    text += String.fromCodePoint(code);
  }
  return text.replace(/\0+$/, "");
}

/** Entries stored first index fastest, put into row-major order. */
function fromFortran<T extends { [index: number]: number } | { [index: number]: string }>(
  data: T,
  shape: readonly number[],
  out: T,
): T {
  const strides: number[] = [];
  shape.reduce((stride, extent) => {
    strides.push(stride);
    return stride * extent;
  }, 1);
  const count = shape.reduce((product, extent) => product * extent, 1);
  const index = shape.map(() => 0);
  for (let to = 0, from = 0; to < count; to++) {
    out[to] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      from += strides[axis]!;
      if (index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}

/** The bytes of an array: numbers as `<f8`, or `<i8` where asked (whole numbers), strings as `<U`. Row-major. */
export function npyBytes(array: {
  readonly shape: readonly number[];
  readonly data: Float64Array | readonly string[];
  readonly dtype?: string;
}): Uint8Array {
  const { data, shape } = array;
  const text =
    data instanceof Float64Array ? undefined : data.map((value) => Array.from(value, (char) => char.codePointAt(0)!));
  const width = text === undefined ? 0 : Math.max(1, ...text.map((codes) => codes.length));
  const integers = text === undefined && array.dtype !== undefined && /^[<>|]?[iub]\d$/.test(array.dtype);
  const dtype = text === undefined ? (integers ? "<i8" : "<f8") : `<U${width}`;
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const literal = `{'descr': '${dtype}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const offset = Math.ceil((11 + literal.length) / 64) * 64;
  const itemSize = text === undefined ? 8 : 4 * width;
  const bytes = new Uint8Array(offset + data.length * itemSize);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  bytes.set(new TextEncoder().encode(literal.padEnd(offset - 11) + "\n"), 10);
  const view = new DataView(bytes.buffer);
  view.setUint16(8, offset - 10, true);
  if (text !== undefined) {
    text.forEach((codes, i) => codes.forEach((code, k) => view.setUint32(offset + i * itemSize + 4 * k, code, true)));
  } else {
    const numbers = data as Float64Array;
    for (let i = 0; i < numbers.length; i++) {
      if (integers) view.setBigInt64(offset + 8 * i, BigInt(numbers[i]!), true);
      else view.setFloat64(offset + 8 * i, numbers[i]!, true);
    }
  }
  return bytes;
}
