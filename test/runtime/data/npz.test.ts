/** NumPy archives: NumPy's own files, round trips, and files that lie. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError, readNpz, writeNpz } from "../../../runtime/index.ts";
import { crc32, readZip, writeZip } from "../../../runtime/data/zip.ts";

const golden = (name: string): Uint8Array => readFileSync(new URL(`../../golden/${name}`, import.meta.url));
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A `.npy` by hand. */
function npy(descr: string, shape: string, payload: Uint8Array, fortran = "False", version = 1): Uint8Array {
  const header = ascii(`{'descr': ${descr}, 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`);
  const prefix =
    version === 1 ? [header.length & 255, header.length >> 8] : [header.length & 255, header.length >> 8, 0, 0];
  return Uint8Array.from([0x93, ...ascii("NUMPY"), version, 0, ...prefix, ...header, ...payload]);
}
const zipped = (array: Uint8Array, deflate = false): Uint8Array => writeZip([["a.npy", array]], { deflate });
const read = (descr: string, shape: string, payload: Uint8Array, fortran = "False", version = 1) =>
  readNpz(zipped(npy(`'${descr}'`, shape, payload, fortran, version)), "f.npz").arrays.get("a")!;
const bytesOf = (array: ArrayBufferView<ArrayBuffer>): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

describe("NumPy's own files", () => {
  it("are read: deflated, text, bool, 0-d", () => {
    const { arrays, skipped } = readNpz(golden("sgdml-ethanol-F-model.npz"), "model.npz");
    expect([...skipped.keys()].sort()).toEqual(["e_err", "f_err", "md5_test"]);
    expect(skipped.get("f_err")).toMatch(/pickled Python object, which is never read/);
    expect(arrays.get("sig")).toEqual({ shape: [], dtype: "<i8", data: Float64Array.of(10) });
    expect(arrays.get("use_E")).toEqual({ shape: [], dtype: "|b1", data: Float64Array.of(1) });
    expect(arrays.get("r_unit")).toEqual({ shape: [], dtype: "<U3", data: ["Ang"] });
    expect(arrays.get("md5_train")!.data[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(arrays.get("z")!.data).toEqual(Float64Array.of(6, 6, 8, 1, 1, 1, 1, 1, 1));
  });

  it("are put into row-major order where they are Fortran's", () => {
    const { R_desc, inputs } = {
      R_desc: readNpz(golden("sgdml-ethanol-F-model.npz"), "m").arrays.get("R_desc")!,
      inputs: JSON.parse(new TextDecoder().decode(golden("sgdml-ethanol-F.json"))) as {
        expected: { descriptors: number[][] };
      },
    };
    expect(R_desc.shape).toEqual([36, 40]);
    inputs.expected.descriptors.forEach((descriptor, m) =>
      descriptor.forEach((value, d) =>
        expect(Math.abs((R_desc.data[d * 40 + m] as number) - value)).toBeLessThan(1e-13),
      ),
    );
  });
});

describe("types of numbers", () => {
  it.each([
    ["<f4", Float32Array.of(1.5, -2)],
    ["<f8", Float64Array.of(1.5, -2)],
    ["|i1", Int8Array.of(1, -2)],
    ["<i2", Int16Array.of(1, -2)],
    ["<i4", Int32Array.of(1, -2)],
    ["<i8", BigInt64Array.of(1n, -2n)],
    ["|u1", Uint8Array.of(1, 200)],
    ["<u2", Uint16Array.of(1, 65535)],
    ["<u4", Uint32Array.of(1, 4294967295)],
    ["<u8", BigUint64Array.of(1n, 2n ** 53n - 1n)],
    ["|b1", Uint8Array.of(1, 0)],
  ])("%s, in either byte order", (descr, values) => {
    const expected = Float64Array.from(values, Number);
    expect(read(descr, "(2,)", bytesOf(values)).data).toEqual(expected);
    const turned = bytesOf(values.slice());
    for (let at = 0; at < turned.length; at += values.BYTES_PER_ELEMENT)
      turned.subarray(at, at + values.BYTES_PER_ELEMENT).reverse();
    expect(read(descr.replace("<", ">"), "(2,)", turned).data).toEqual(expected);
  });

  it("reads text of both kinds, versions 2 and 3, three axes in Fortran order, and no entries", () => {
    expect(read("|S3", "(2,)", ascii("ab\0cde"))).toMatchObject({ data: ["ab", "cde"] });
    expect(read(">U2", "()", Uint8Array.of(0, 0, 0, 0xc5, 0, 1, 0xf6, 0), "False", 3)).toMatchObject({
      data: ["Å\u{1f600}"],
    });
    const order = Float64Array.from({ length: 24 }, (_, i) => i);
    const { data } = read("<f8", "(2, 3, 4)", bytesOf(order), "True", 2);
    expect(data[0 * 12 + 1 * 4 + 2]).toBe(0 + 1 * 2 + 2 * 6);
    expect(data[1 * 12 + 2 * 4 + 3]).toBe(23);
    expect(read("<f8", "(0, 3)", new Uint8Array(0))).toMatchObject({ shape: [0, 3], data: new Float64Array(0) });
  });

  it("refuses integers that float64 can't hold, naming file and key", () => {
    expect(() => read("<i8", "(2,)", bytesOf(BigInt64Array.of(0n, 2n ** 53n + 1n)))).toThrow(
      /f\.npz: a: entry 1: expected integers below 2\^53/,
    );
    expect(() => read("<u8", "(1,)", bytesOf(BigUint64Array.of(2n ** 64n - 1n)))).toThrow(DataError);
  });

  it("skips what it can't read, with the reason", () => {
    for (const [descr, reason] of [
      ["'|O'", /pickled/],
      ["'<c16'", /"<c16"/],
      ["[('x', '<f8')]", /record/],
      ["'<M8[ns]'", /M8/],
    ] as const) {
      const { arrays, skipped } = readNpz(zipped(npy(descr, "(1,)", new Uint8Array(16))), "f.npz");
      expect(arrays.size).toBe(0);
      expect(skipped.get("a")).toMatch(reason);
    }
  });
});

describe("round trips", () => {
  it("keep every number and text, stored and deflated", () => {
    const shapes = fc.array(fc.nat({ max: 4 }), { maxLength: 3 });
    const arrays = shapes.chain((shape) => {
      const length = shape.reduce((product, extent) => product * extent, 1);
      return fc.oneof(
        fc
          .array(fc.double(), { minLength: length, maxLength: length })
          .map((data) => ({ shape, data: Float64Array.from(data) })),
        fc
          .array(
            fc.string({ unit: "grapheme" }).map((text) => text.replace(/\0+$/, "")),
            { minLength: length, maxLength: length },
          )
          .map((data) => ({ shape, data })),
      );
    });
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), arrays), fc.boolean(), (content, deflate) => {
        const bytes = writeNpz(Object.entries(content), { deflate });
        const back = readNpz(bytes, "f.npz");
        expect([...back.arrays.keys()]).toEqual(Object.keys(content));
        for (const [key, { shape, data }] of Object.entries(content))
          expect(back.arrays.get(key)).toMatchObject({ shape, data });
        expect(writeNpz(Object.entries(content), { deflate })).toEqual(bytes);
      }),
    );
  });

  it("are dated 1980, wherever and whenever they are written", () => {
    const view = new DataView(writeZip([["a.npy", new Uint8Array(3)]]).buffer);
    // Time and date of MS-DOS: 0 h, and 1 January of the year 0.
    expect([view.getUint16(10, true), view.getUint16(12, true)]).toEqual([0, 0x21]);
  });

  it("write integers where asked", () => {
    const bytes = writeNpz([["z", { shape: [2], data: Float64Array.of(6, -1), dtype: "<i8" }]]);
    expect(readNpz(bytes, "f").arrays.get("z")).toEqual({ shape: [2], dtype: "<i8", data: Float64Array.of(6, -1) });
    expect(() => writeNpz([["z", { shape: [3], data: new Float64Array(2) }]])).toThrow(RangeError);
  });
});

describe("hostile files", () => {
  const good = zipped(npy("'<f8'", "(100,)", new Uint8Array(800)), true);
  const change = (bytes: Uint8Array, edit: (view: DataView, central: number) => void): Uint8Array => {
    const copy = bytes.slice();
    const view = new DataView(copy.buffer);
    edit(view, view.getUint32(copy.length - 6, true));
    return copy;
  };

  it("cut short anywhere are refused, never read in part", () => {
    for (let length = 0; length < good.length; length++)
      expect(() => readNpz(good.subarray(0, length), "cut.npz")).toThrow(DataError);
  });

  it("with any byte changed are refused or give the same", () => {
    const expected = readNpz(good, "f.npz");
    fc.assert(
      fc.property(fc.nat({ max: good.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = good.slice();
        changed[at]! ^= mask;
        try {
          const { arrays } = readNpz(changed, "f.npz");
          for (const [key, array] of arrays)
            if (key === "a") expect(array.data).toEqual(expected.arrays.get("a")!.data);
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("whose sizes lie are refused before memory is taken", () => {
    expect(() =>
      readNpz(
        change(good, (view, at) => view.setUint32(at + 24, 0x7fffffff, true)),
        "f.npz",
      ),
    ).toThrow(/f\.npz: a\.npy: expected at most \d+ bytes from \d+ deflated ones, found a claim of 2147483647/);
    expect(() =>
      readNpz(
        change(good, (view, at) => view.setUint32(at + 20, 0x7fffffff, true)),
        "f.npz",
      ),
    ).toThrow(/2147483647 bytes from byte/);
    expect(() =>
      readNpz(
        change(good, (view, at) => view.setUint32(at + 42, 0x7fffffff, true)),
        "f.npz",
      ),
    ).toThrow(/an entry at byte/);
    expect(() =>
      readNpz(
        change(good, (view, at) => view.setUint32(at + 24, view.getUint32(at + 24, true) - 8, true)),
        "f.npz",
      ),
    ).toThrow(DataError);
    expect(() => read("<f8", "(1000000000000,)", new Uint8Array(8))).toThrow(
      /expected 8000000000000 bytes for shape \(1000000000000\) of <f8, found 8 bytes/,
    );
    expect(() => read("<f8", "(99999999999999999999, 9)", new Uint8Array(8))).toThrow(/a shape that fits in memory/);
    expect(() => read("<U0", "(1000000000,)", new Uint8Array(0))).toThrow(/empty strings/);
  });

  it("that inflate beyond their claim are stopped", () => {
    // 4 MB of zeros, whose directory claims what the header does: 80 bytes.
    const bomb = writeZip([["a.npy", npy("'<f8'", "(10,)", new Uint8Array(4 << 20))]], { deflate: true });
    const honest = npy("'<f8'", "(10,)", new Uint8Array(80)).length;
    const lying = change(bomb, (view, at) => view.setUint32(at + 24, honest, true));
    expect(() => readNpz(lying, "bomb.npz")).toThrow(
      /bomb\.npz: a\.npy: expected \d+ bytes, found more: the claimed length is a lie/,
    );
    expect(() => readNpz(bomb, "bomb.npz")).toThrow(/expected 80 bytes for shape \(10\)/);
  });

  it("that are honest but too large are refused by the limit", () => {
    expect(() => readNpz(good, "f.npz", 1000)).toThrow(/f\.npz: a: expected arrays of at most 1000 bytes together/);
    expect(readNpz(good, "f.npz", 10_000).arrays.size).toBe(1);
  });

  it("with keys twice, encrypted or oddly compressed entries are refused", () => {
    const two = writeZip(["a", "b"].map((name) => [`${name}.npy`, npy("'<f8'", "()", new Uint8Array(8))]));
    const twice = Buffer.from(Buffer.from(two).toString("latin1").replaceAll("b.npy", "a.npy"), "latin1");
    expect(() => readNpz(twice, "f.npz")).toThrow(/a: expected each key once/);
    expect(() =>
      readNpz(
        change(good, (view, at) => view.setUint16(at + 8, 1, true)),
        "f.npz",
      ),
    ).toThrow(/encrypted/);
    expect(() =>
      readNpz(
        change(good, (view, at) => view.setUint16(at + 10, 14, true)),
        "f.npz",
      ),
    ).toThrow(/compression method 14/);
  });

  it("with headers that aren't NumPy's are refused, and never evaluated", () => {
    const cases: [string, string][] = [
      ["__import__('os')", "(1,)"],
      ["'<f8'", "(1, -2)"],
      ["'<f8'", "[1]"],
      ["'<f8'", "(1.5,)"],
    ];
    for (const [descr, shape] of cases)
      expect(() => readNpz(zipped(npy(descr, shape, new Uint8Array(8))), "f.npz")).toThrow(DataError);
    expect(() => readNpz(zipped(ascii("not an array at all")), "f.npz")).toThrow(/expected a NumPy array/);
    expect(() => readNpz(zipped(npy("'<f8'", "(1,)", new Uint8Array(8), "False", 9)), "f.npz")).toThrow(/version 9/);
  });

  it("leave other entries alone", () => {
    expect(
      readNpz(
        writeZip([
          ["readme.txt", ascii("hello")],
          ["b.npy", npy("'<f8'", "()", new Uint8Array(8))],
        ]),
        "f.npz",
      ).arrays.get("b")!.data,
    ).toEqual(Float64Array.of(0));
    expect(readZip(writeZip([]), "f.zip")).toEqual([]);
  });
});

describe("crc32", () => {
  it("is the known one", () => {
    expect(crc32(ascii("123456789"))).toBe(0xcbf43926);
  });
});
