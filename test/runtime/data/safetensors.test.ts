/** The safetensors container: round trips, and headers that don't hold. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError, readSafetensors, writeSafetensors } from "../../../runtime/index.ts";
import type { SafeTensor } from "../../../runtime/index.ts";

/** A file with this header and so many bytes of data. */
function file(header: unknown, length: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const F64 = (shape: number[], from: number, to: number) => ({ dtype: "F64", shape, data_offsets: [from, to] });

describe("safetensors", () => {
  it("keep tensors and texts, in bytes that don't depend on their order", () => {
    const shape = fc.array(fc.nat({ max: 3 }), { maxLength: 3 });
    const ranges = {
      F64: fc.double(),
      F32: fc.float(),
      I64: fc.maxSafeInteger(),
      I32: fc.integer(),
      U8: fc.nat({ max: 255 }),
      BOOL: fc.nat({ max: 1 }),
    };
    const tensor = fc.tuple(shape, fc.constantFrom("F64", "F32", "I64", "I32", "U8", "BOOL")).chain(([dims, dtype]) => {
      const length = dims.reduce((product, extent) => product * extent, 1);
      return fc
        .array<number>(ranges[dtype], { minLength: length, maxLength: length })
        .map((data): SafeTensor => ({ dtype, shape: dims, data: Float64Array.from(data) }));
    });
    const names = fc.string({ minLength: 1 }).filter((name) => name !== "__metadata__");
    fc.assert(
      fc.property(fc.dictionary(names, tensor), fc.dictionary(fc.string(), fc.string()), (tensors, metadata) => {
        const content = { tensors: new Map(Object.entries(tensors)), metadata: new Map(Object.entries(metadata)) };
        const bytes = writeSafetensors(content);
        const back = readSafetensors(bytes, "f");
        expect(new Map([...back.tensors].sort())).toEqual(new Map([...content.tensors].sort()));
        expect(new Map([...back.metadata].sort())).toEqual(new Map([...content.metadata].sort()));
        const reversed = {
          tensors: new Map([...content.tensors].reverse()),
          metadata: new Map([...content.metadata].reverse()),
        };
        expect(writeSafetensors(reversed)).toEqual(bytes);
      }),
    );
  });

  it("aligns numbers of eight bytes", () => {
    const bytes = writeSafetensors({
      tensors: new Map([
        ["a", { dtype: "U8", shape: [3], data: Float64Array.of(1, 2, 3) }],
        ["b", { dtype: "F64", shape: [], data: Float64Array.of(1) }],
      ]),
      metadata: new Map(),
    });
    const header = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(header % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + header)))).toEqual({
      a: { dtype: "U8", shape: [3], data_offsets: [8, 11] },
      b: F64([], 0, 8),
    });
  });

  it.each<[string, unknown, number, RegExp]>([
    ["a gap", { a: F64([1], 8, 16) }, 16, /f: a: expected data from byte 0 on, found 8: the tensors leave a gap/],
    ["an overlap", { a: F64([2], 0, 16), b: F64([1], 8, 16) }, 16, /b: .*overlap/],
    ["two of the same bytes", { a: F64([1], 0, 8), b: F64([1], 0, 8) }, 8, /overlap/],
    ["bytes left over", { a: F64([1], 0, 8) }, 9, /expected 8 bytes of data, found 9/],
    ["bytes missing", { a: F64([2], 0, 16) }, 8, /expected 16 bytes of data, found 8/],
    ["a size that isn't the shape's", { a: F64([3], 0, 16) }, 16, /expected 24 bytes for shape \[3\]/],
    ["offsets backwards", { a: F64([1], 8, 0) }, 8, /two offsets in order/],
    ["a negative extent", { a: F64([-1], 0, 8) }, 8, /a shape of whole numbers/],
    ["a shape beyond all numbers", { a: F64([1e15, 1e15], 0, 8) }, 8, /a shape of whole numbers/],
    ["an unknown type", { a: { dtype: "F16", shape: [4], data_offsets: [0, 8] } }, 8, /a type of F64/],
    ["a type from the prototype", { a: { dtype: "toString", shape: [], data_offsets: [0, 8] } }, 8, /a type of F64/],
    ["metadata that aren't texts", { __metadata__: { a: 1 } }, 0, /__metadata__\.a: expected a text/],
    ["a tensor that is null", { a: null }, 0, /a: expected an object, found null/],
    ["an array for a header", [], 0, /header: expected an object, found an array/],
    ["no JSON", "{", 0, /header in JSON/],
  ])("refuses %s", (_what, header, length, message) => {
    expect(() => readSafetensors(file(header, length), "f")).toThrow(message);
    expect(() => readSafetensors(file(header, length), "f")).toThrow(DataError);
  });

  it("refuses lengths that lie and files cut short", () => {
    const good = writeSafetensors({
      tensors: new Map([["a", { dtype: "F64", shape: [2], data: Float64Array.of(1, 2) }]]),
      metadata: new Map([["k", "v"]]),
    });
    for (let length = 0; length < good.length; length++)
      expect(() => readSafetensors(good.subarray(0, length), "f")).toThrow(DataError);
    const long = good.slice();
    new DataView(long.buffer).setBigUint64(0, 2n ** 63n, true);
    expect(() => readSafetensors(long, "f")).toThrow(/header within the file/);
  });

  it("refuses integers and booleans out of range", () => {
    const bytes = file({ a: { dtype: "I64", shape: [1], data_offsets: [0, 8] } }, 8).fill(0x7f, -8);
    expect(() => readSafetensors(bytes, "f")).toThrow(/integers below 2\^53/);
    expect(() =>
      readSafetensors(file({ a: { dtype: "BOOL", shape: [1], data_offsets: [0, 1] } }, 1).fill(2, -1), "f"),
    ).toThrow(/0 or 1/);
  });
});
