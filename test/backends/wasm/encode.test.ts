/** The WebAssembly encoder: its integers, the modules that it writes, and what they compute, against JavaScript. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  call,
  f64,
  forRange,
  give,
  i32,
  lane,
  load,
  loop,
  op,
  pick,
  plus,
  Scope,
  set,
  store,
  times,
  when,
  type Expr,
} from "../../../compiler/backends/wasm/code.ts";
import { encode, signed, unsigned, type Module } from "../../../compiler/backends/wasm/encode.ts";
import { LOADS, OPS, opEntry, STORES, type Load, type Op, type Store } from "../../../compiler/backends/wasm/ops.ts";
import { linalgModule } from "../../../compiler/backends/wasm/linalg.ts";
import { KERNELS } from "../../../runtime/linalg/kernels.generated.ts";

interface Engine {
  readonly Memory: new (descriptor: {
    initial: number;
    maximum?: number;
    shared?: boolean;
  }) => { readonly buffer: ArrayBufferLike };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports?: object,
  ) => { readonly exports: Readonly<Record<string, (...args: number[]) => number>> };
  validate(bytes: Uint8Array): boolean;
}
const engine = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;
const exportsOf = (module: Module, imports?: object): Readonly<Record<string, (...args: number[]) => number>> =>
  new engine.Instance(new engine.Module(encode(module)), imports).exports;

describe("LEB128", () => {
  const decode = (bytes: readonly number[], sign: boolean): number => {
    const value = bytes.reduce((sum, byte, i) => sum + BigInt(byte & 0x7f) * 128n ** BigInt(i), 0n);
    return Number(sign ? BigInt.asIntN(7 * bytes.length, value) : value);
  };
  it("holds every integer, in as few bytes as it takes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (n) => {
        expect(decode(unsigned(n), false)).toBe(n);
        expect(unsigned(n)).toHaveLength(Math.max(1, Math.ceil(n.toString(2).length / 7)));
        expect(unsigned(n).every((byte, i, all) => byte >= 128 === i < all.length - 1)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (n) => {
        expect(decode(signed(n), true)).toBe(n);
      }),
    );
    expect(unsigned(624485)).toEqual([0xe5, 0x8e, 0x26]);
    expect(signed(-123456)).toEqual([0xc0, 0xbb, 0x78]);
  });
  it("refuses what doesn't fit", () => {
    for (const bad of [-1, 0.5, 2 ** 32]) expect(() => unsigned(bad)).toThrow(RangeError);
    for (const bad of [0.5, 2 ** 31]) expect(() => signed(bad)).toThrow(RangeError);
  });
});

/** A module of one function of two numbers. */
function binary(
  type: "i32" | "f64",
  result: "i32" | "f64",
  body: (a: Expr<"i32"> & Expr<"f64">, b: Expr<"i32"> & Expr<"f64">) => Expr,
): (a: number, b: number) => number {
  const s = new Scope(),
    a = s.parameter(type, "a"),
    b = s.parameter(type, "b");
  return exportsOf({ functions: [s.func("f", [give(body(a as never, b as never))], result)], exports: ["f"] })["f"]!;
}

describe("instructions", () => {
  const doubles = fc.double({ noNaN: true });
  const lanes = (
    index: 0 | 1,
    make: (a: Expr<"v128">, b: Expr<"v128">) => Expr<"v128">,
  ): ((a: number, b: number) => number) =>
    binary("f64", "f64", (a, b) => lane(make(op("f64x2.splat", a), op("f64x2.splat", b)), index));

  it("of the table all make valid modules", () => {
    for (const name of Object.keys(OPS) as Op[]) {
      const { args, result, lanes: count = 0 } = opEntry(name);
      const s = new Scope();
      const values = args.map((type, i) => s.parameter(type, `x${i}`));
      const value: Expr = { kind: "op", type: result, op: name, args: values, lanes: new Array<number>(count).fill(1) };
      expect([name, engine.validate(encode({ functions: [s.func("f", [give(value)], result)], exports: [] }))]).toEqual(
        [name, true],
      );
    }
    for (const [loadName, storeName] of [
      ["i32.load", "i32.store"],
      ["f64.load", "f64.store"],
      ["v128.load", "v128.store"],
      ["v128.load64_splat", "v128.store"],
      ["v128.load64_zero", "v128.store"],
    ] as [Load, Store][]) {
      expect(LOADS[loadName].type).toBe(STORES[storeName].type);
      const s = new Scope(),
        at = s.parameter("i32", "at");
      const body = [store(storeName, at, load(loadName, at, 8) as never, 1000)];
      expect(engine.validate(encode({ memory: { minimum: 1 }, functions: [s.func("f", body)], exports: [] }))).toBe(
        true,
      );
    }
  });

  it("compute what JavaScript computes", () => {
    const cases: readonly [(a: number, b: number) => number, (a: number, b: number) => number][] = [
      [binary("f64", "f64", (a, b) => op("f64.sub", a, op("f64.mul", b, b))), (a, b) => a - b * b],
      [
        binary("f64", "f64", (a, b) => op("f64.div", op("f64.sqrt", op("f64.abs", a)), b)),
        (a, b) => Math.sqrt(Math.abs(a)) / b,
      ],
      [binary("f64", "i32", (a, b) => op("f64.lt", a, b)), (a, b) => Number(a < b)],
      [binary("f64", "f64", (a, b) => op("f64.max", a, op("f64.neg", b))), (a, b) => Math.max(a, -b)],
      [lanes(1, (a, b) => op("f64x2.add", op("f64x2.mul", a, b), a)), (a, b) => a * b + a],
      [lanes(0, (a, b) => pick(a, b, [2, 0])), (_, b) => b],
      [lanes(1, (a, b) => pick(a, b, [2, 0])), (a) => a],
    ];
    for (const [ours, theirs] of cases)
      fc.assert(
        fc.property(doubles, doubles, (a, b) => {
          expect(ours(a, b)).toEqual(theirs(a, b));
        }),
      );
    const shifted = binary("i32", "i32", (a, b) => op("i32.or", op("i32.shl", a, i32(3)), op("i32.and", b, i32(-4))));
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (a, b) => {
        expect(shifted(a, b)).toBe((a << 3) | (b & -4));
      }),
    );
  });

  it("hold constants of every kind", () => {
    for (const value of [0, -0, 1.5, Infinity, -1e-308])
      expect(binary("f64", "f64", () => f64(value))(1, 2)).toBe(value);
    for (const value of [0, -1, 63, 64, -64, -65, 2 ** 31 - 1, -(2 ** 31)])
      expect(binary("i32", "i32", () => i32(value))(1, 2)).toBe(value);
  });
});

describe("control", () => {
  it("loops, branches and returns", () => {
    const s = new Scope(),
      n = s.parameter("i32", "n"),
      i = s.local("i32", "i"),
      sum = s.local("i32", "sum");
    const body = [
      ...forRange(i, i32(0), n, i32(1), [
        when(
          op("i32.eqz", op("i32.and", i, i32(1))),
          [set(sum, plus(sum, times(i, 3)))],
          [set(sum, op("i32.sub", sum, i32(1)))],
        ),
      ]),
      when(op("i32.gt_s", sum, i32(1000)), [give(i32(-1))]),
      loop([set(sum, plus(sum, i32(7)))], op("i32.lt_s", sum, i32(50))),
      give(sum),
    ];
    const { f } = exportsOf({ functions: [s.func("f", body, "i32")], exports: ["f"] });
    const expected = (count: number): number => {
      let total = 0;
      for (let k = 0; k < count; k++) total = k % 2 === 0 ? total + 3 * k : total - 1;
      if (total > 1000) return -1;
      do total += 7;
      while (total < 50);
      return total;
    };
    for (const count of [-3, 0, 1, 2, 9, 40, 100]) expect(f!(count)).toBe(expected(count));
  });

  it("calls functions, drops what it doesn't want, and knows what doesn't fit", () => {
    const inner = new Scope(),
      x = inner.parameter("f64", "x");
    const square = inner.func("square", [give(op("f64.mul", x, x))], "f64");
    const outer = new Scope(),
      y = outer.parameter("f64", "y");
    const twice = outer.func(
      "twice",
      [call(square, y), give(op("f64.add", { kind: "call", type: "f64", callee: square, args: [y] }, y))],
      "f64",
    );
    expect(exportsOf({ functions: [square, twice], exports: ["twice"] })["twice"]!(3)).toBe(12);
    expect(() => encode({ functions: [twice], exports: [] })).toThrow(/square is called and isn't part/);
    expect(() => encode({ functions: [square], exports: ["cube"] })).toThrow(/no function is called cube/);
    expect(() => call(square, i32(1))).toThrow(/takes \(f64\), not \(i32\)/);
    outer.local("i32", "late");
    expect(() => outer.parameter("i32", "z")).toThrow(/comes after/);
  });
});

describe("memory", () => {
  const s = new Scope(),
    at = s.parameter("i32", "at");
  const body = [store("f64.store", at, op("f64.add", load("f64.load", at), f64(1)), 8)];
  const functions = [s.func("f", body)];

  it("is imported, shared or not", () => {
    for (const shared of [false, true]) {
      const memory = new engine.Memory({ initial: 1, maximum: 2, shared });
      const { f } = exportsOf(
        {
          memory: { from: { module: "env", name: "memory" }, minimum: 1, maximum: 2, shared },
          functions,
          exports: ["f"],
        },
        { env: { memory } },
      );
      const numbers = new Float64Array(memory.buffer);
      numbers[2] = 41;
      f!(16);
      expect(numbers[3]).toBe(42);
    }
    expect(() => encode({ memory: { minimum: 1, shared: true }, functions, exports: [] })).toThrow(/needs a maximum/);
  });

  it("is the module's own and exported", () => {
    const { f, mem } = exportsOf({ memory: { minimum: 1, exported: "mem" }, functions, exports: ["f"] });
    f!(0);
    expect(new Float64Array((mem as unknown as { buffer: ArrayBuffer }).buffer)[1]).toBe(1);
  });
});

describe("the micro-kernels", () => {
  it("are the committed bytes, valid and the same each time", () => {
    const bytes = linalgModule();
    expect(engine.validate(bytes)).toBe(true);
    expect(Buffer.from(bytes).toString("base64")).toBe(KERNELS);
    expect(linalgModule()).toEqual(bytes);
  });
});
