/**
 * The verifier and the counting interpreter of programs, by hand-written programs. In: programs that break one rule
 * each,
 * and programs that break none. Out: the errors, values and counts expected.
 */
import { describe, expect, it } from "vitest";
import { execute } from "../../compiler/loops/interpret.ts";
import {
  binary,
  constant,
  counter,
  negate,
  number,
  plus,
  times,
  variable,
  type Buffer,
  type Integer,
  type Program,
  type Scalar,
  type Statement,
} from "../../compiler/loops/loop.ts";
import { simplify } from "../../compiler/loops/simplify.ts";
import { verifyProgram } from "../../compiler/loops/verify.ts";

const x: Buffer = { name: "x", dims: [{ size: "n" }, 2], role: "input" },
  out: Buffer = { name: "out", dims: [{ size: "n" }], role: "output" };
const table: Buffer = { name: "T", dims: [3], role: "table", dtype: "i32", data: Float64Array.of(2, 0, 1) },
  halves: Buffer = { name: "H", dims: [2], role: "table", data: Float64Array.of(0.5, 1) };
const scratch: Buffer = { name: "w", dims: [4], role: "local" };
const program = (body: readonly Statement[], more: Partial<Program> = {}): Program => ({
  name: "p",
  doc: "",
  sizes: ["n"],
  inputs: [x],
  outputs: [out],
  tables: [table, halves],
  locals: [scratch],
  body,
  ...more,
});

const load = (buffer: Buffer, offset: Integer): Scalar => ({ kind: "load", buffer, offset });
const store = (buffer: Buffer, offset: Integer, value: Scalar): Statement => ({ kind: "store", buffer, offset, value });
const loop = (name: string, extent: number | { size: string }, ...body: Statement[]): Statement => ({
  kind: "for",
  counter: name,
  extent,
  body,
});
const define = (name: string, value: Scalar): Statement => ({ kind: "define", name, value });
const i = counter("i"),
  n = { size: "n" };

describe("verifyProgram", () => {
  const broken: readonly (readonly [string, Program, string])[] = [
    ["a counter outside its loop", program([loop("i", 2), store(out, i, number(1))]), "i is used outside its loop"],
    [
      "a variable before its definition",
      program([store(out, constant(0), variable("t")), define("t", number(1))]),
      "t is used before it is defined",
    ],
    [
      "a variable outside its block",
      program([loop("i", 2, define("t", number(1))), store(out, constant(0), variable("t"))]),
      "t is used before it is defined",
    ],
    [
      "an i32 table of fractions",
      program([], { tables: [{ ...halves, dtype: "i32" }] }),
      "H is i32, but not a table of whole numbers of 32 bits",
    ],
    ["scratch of whole numbers", program([], { locals: [{ ...scratch, dtype: "i32" }] }), "w is i32, but not a table"],
    [
      "an f32 table of what it can't hold",
      program([], { tables: [{ ...halves, dtype: "f32", data: Float64Array.of(0.1, 1) }] }),
      "the table H has entries that f32 can't hold",
    ],
    ["a variable defined twice", program([define("t", number(1)), define("t", number(2))]), "t is defined twice"],
    [
      "a variable in the arm of a choice",
      program([
        store(out, constant(0), {
          kind: "select",
          condition: { kind: "compare", op: "<", left: number(0), right: number(1) },
          then: variable("t"),
          otherwise: number(0),
        }),
      ]),
      "t is used before it is defined",
    ],
    [
      "a variable in a condition",
      program([
        store(out, constant(0), {
          kind: "select",
          condition: {
            kind: "not",
            of: {
              kind: "both",
              op: "&&",
              left: { kind: "compare", op: "<", left: variable("t"), right: number(1) },
              right: { kind: "same", left: constant(0), right: constant(0) },
            },
          },
          then: number(1),
          otherwise: number(0),
        }),
      ]),
      "t is used before it is defined",
    ],
    [
      "a total that is none",
      program([define("t", number(1)), { kind: "increase", name: "t", value: number(1) }]),
      "t is not a total",
    ],
    ["a variable called like a buffer", program([define("x", number(1))]), "x is defined twice"],
    ["a counter called like a buffer", program([loop("x", 2)]), "the counter x hides another name"],
    ["a counter within its like", program([loop("i", 2, loop("i", 2))]), "the counter i hides another name"],
    [
      "scratch before anything fills it",
      program([store(out, constant(0), load(scratch, constant(0))), store(scratch, constant(0), number(1))]),
      "w is read before anything fills it",
    ],
    ["an input that is written", program([store(x, constant(0), number(1))]), "x is written, but is an input"],
    [
      "a table that is written",
      program([{ kind: "accumulate", buffer: table, offset: constant(0), value: number(1) }]),
      "T is written, but is an table",
    ],
    [
      "a table that is cleared",
      program([{ kind: "clear", buffer: table, offset: constant(0), count: constant(3) }]),
      "T is written",
    ],
    [
      "a buffer of somebody else",
      program([store({ name: "y", dims: [1], role: "output" }, constant(0), number(1))]),
      "y is not a buffer of p",
    ],
    [
      "two buffers of one name",
      program([], { locals: [{ name: "x", dims: [1], role: "local" }] }),
      "two buffers are called x",
    ],
    [
      "a size that is not given",
      program([store(out, { kind: "extent", extent: { size: "k" } }, number(1))]),
      "no size k",
    ],
    ["an index that is not whole", program([store(out, constant(0.5), number(1))]), "index 0.5"],
    [
      "an index from a table of fractions",
      program([store(out, { kind: "entry", buffer: halves, offset: constant(0) }, number(1))]),
      "H is not a table of i32",
    ],
    [
      "an index from data",
      program([loop("i", n, store(out, { kind: "entry", buffer: x, offset: i }, number(1)))]),
      "x is not a table of i32",
    ],
    [
      "a matrix product into an input",
      program([
        { kind: "gemm", rows: 1, cols: 1, inner: 1, a: view(x), b: view(x), c: { buffer: x, offset: constant(0) } },
      ]),
      "x is written",
    ],
  ];
  it.each(broken)("rejects %s", (_, p, rule) => {
    expect(() => verifyProgram(p)).toThrow(`Loop: ${rule}`);
  });

  it("accepts loops side by side under one name, and totals", () => {
    const sum: Statement[] = [
      { kind: "total", name: "s" },
      loop("i", n, { kind: "increase", name: "s", value: load(x, times(i, constant(2))) }),
    ];
    expect(() => verifyProgram(program([...sum, loop("i", n, store(out, i, variable("s")))]))).not.toThrow();
  });
});

function view(buffer: Buffer): { buffer: Buffer; offset: Integer; row: number; inner: number } {
  return { buffer, offset: constant(0), row: 1, inner: 1 };
}

describe("execute", () => {
  const run = (body: readonly Statement[], rows = 2): { flops: number; out: number[] } => {
    const buffers = { x: Float64Array.from({ length: 2 * rows }, (_, k) => k + 1), out: new Float64Array(rows) };
    return { ...execute(program(body), { sizes: { n: rows }, buffers }), out: [...buffers.out] };
  };
  const first = load(x, times(i, constant(2))),
    second = load(x, plus(times(i, constant(2)), constant(1)));

  it("counts arithmetic and calls, not indices, signs, comparisons and choices", () => {
    const table1: readonly (readonly [Scalar, number, number[]])[] = [
      [binary("*", first, second), 1, [2, 12]],
      [binary("/", binary("+", first, second), number(2)), 2, [1.5, 3.5]],
      [negate(binary("-", first, second)), 1, [1, 1]],
      [{ kind: "call", op: "sqrt", args: [binary("*", second, second)] }, 2, [2, 4]],
      [{ kind: "integer", value: plus(times(i, constant(3)), constant(1)) }, 0, [1, 4]],
      [
        {
          kind: "select",
          condition: { kind: "same", left: i, right: constant(1) },
          then: binary("+", first, first),
          otherwise: number(9),
        },
        0.5,
        [9, 6],
      ],
      [
        {
          kind: "select",
          condition: {
            kind: "both",
            op: "||",
            left: { kind: "compare", op: "<=", left: first, right: number(1) },
            right: { kind: "compare", op: "!==", left: first, right: number(3) },
          },
          then: number(1),
          otherwise: number(2),
        },
        0,
        [1, 2],
      ],
    ];
    for (const [value, each, values] of table1)
      expect(run([loop("i", n, store(out, i, value))])).toEqual({ flops: 2 * each, out: values });
  });

  it("accumulates, clears, and reads tables as indices", () => {
    const permuted: Statement = loop("i", 3, {
      kind: "accumulate",
      buffer: scratch,
      offset: { kind: "entry", buffer: table, offset: i },
      value: { kind: "integer", value: i },
    });
    const body: Statement[] = [
      { kind: "clear", buffer: scratch, offset: constant(0), count: constant(4) },
      permuted,
      permuted,
      store(out, constant(0), load(scratch, constant(1))),
      { kind: "clear", buffer: scratch, offset: constant(1), count: constant(1) },
      store(out, constant(1), binary("+", load(scratch, constant(1)), load(scratch, constant(0)))),
    ];
    expect(run(body)).toEqual({ flops: 7, out: [4, 2] });
  });

  it("gives scratch anew, and says where an index leaves its buffer", () => {
    expect(run([store(out, constant(0), load(scratch, constant(3)))]).out).toEqual([0, 0]);
    expect(() => run([store(out, constant(2), number(1))])).toThrow("out[2] leaves 0 … 1");
    expect(() => run([store(out, constant(0), load(x, constant(4)))])).toThrow("x[4] leaves 0 … 3");
    expect(() => run([store(out, constant(0), variable("t"))])).toThrow("t is not defined");
    expect(() =>
      execute(program([store(out, constant(0), load(x, constant(0)))]), {
        sizes: { n: 1 },
        buffers: { out: new Float64Array(1) },
      }),
    ).toThrow("no buffer x");
  });
});

describe("simplify", () => {
  const same = (body: readonly Statement[]): Program => {
    const before = program(body),
      after = simplify(before),
      values = [before, after].map((p) => {
        const buffers = { x: Float64Array.of(1, 2, 3, 4), out: new Float64Array(2) };
        const { flops } = execute(p, { sizes: { n: 2 }, buffers });
        return { flops, out: [...buffers.out] };
      });
    verifyProgram(after);
    expect(values[1]).toEqual(values[0]);
    return after;
  };
  const entry = (k: Integer): Scalar => load(scratch, k);

  it("makes an array a scalar where each entry is read in the turn that writes it", () => {
    const after = same([
      loop(
        "i",
        n,
        store(scratch, i, binary("*", load(x, i), number(2))),
        store(out, i, binary("+", entry(i), entry(i))),
      ),
    ]);
    expect(after.locals).toEqual([]);
    expect(JSON.stringify(after.body)).toContain('"define"');
  });

  it("leaves an array that another turn or another place reads", () => {
    for (const offset of [constant(0), { kind: "entry", buffer: table, offset: i } as const]) {
      expect(same([loop("i", n, store(scratch, i, load(x, i)), store(out, i, entry(offset)))]).locals).toEqual([
        scratch,
      ]);
    }
    expect(same([loop("i", n, store(scratch, i, load(x, i))), loop("i", n, store(out, i, entry(i)))]).locals).toEqual([
      scratch,
    ]);
  });

  it("joins accumulations into one place, and only those", () => {
    const add = (k: Integer, v: number): Statement => ({
      kind: "accumulate",
      buffer: out,
      offset: k,
      value: binary("*", load(x, i), number(v)),
    });
    expect(
      (same([loop("i", n, add(i, 2), add(i, 3), add(constant(0), 5))]).body[0] as Statement & { kind: "for" }).body,
    ).toHaveLength(2);
  });
});
