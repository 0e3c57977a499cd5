/**
 * The micro-kernels of dense linear algebra. In: nothing. Out: a WebAssembly module with five functions over row-major
 * tiles
 * of doubles that lie 128 numbers from row to row; addresses are in bytes, heights, widths and depths multiples of 4.
 *
 *   update(c, a, b, height, width, depth, lower)   C -= A Bᵀ; on and below the diagonal's blocks alone where `lower`
 *   downdate(c, a, b, height, width, depth)        C -= A B
 *   factor(a, n) → row                             L Lᵀ = A in place; the first row whose pivot fails, or -1
 *   solve(a, height, l, width)                     X Lᵀ = A in place
 *   back(a, height, l, width)                      X L = A in place
 *
 * Rows of both factors of A Bᵀ are read along their length, two products at a time in the two lanes, so nothing is ever
 * packed: eight sums
 * stay in registers, and meet their other lane once at the end. Multiply and add are rounded apart: the same bits on
 * every machine.
 */
import {
  call,
  f64,
  forRange,
  give,
  i32,
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
  type Func,
  type Local,
  type Stmt,
} from "./code.ts";
import { encode } from "./encode.ts";

const DOUBLE = 8,
  VECTOR = 16;
/** Bytes from row to row, known here so that one pointer reaches all rows of a register block. */
const STRIDE = 128 * DOUBLE;
/** Rows and columns of the register block; more of either spills registers in V8. */
const ROWS = 4,
  COLS = 2;
type I32 = Expr<"i32">;
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const below = (a: I32, b: I32): I32 => op("i32.lt_s", a, b);
const rowAt = (base: I32, row: I32): I32 => plus(base, times(row, STRIDE));
const entryAt = (base: I32, row: I32, column: I32): I32 => plus(rowAt(base, row), times(column, DOUBLE));

/** Variables of one type, or parameters, in the order of their names. */
const integers = (names: readonly string[], make: (name: string) => Local<"i32">): ((name: string) => Local<"i32">) => {
  const made = new Map(names.map((name) => [name, make(name)]));
  return (name) => made.get(name)!;
};
const parametersOf = (s: Scope, ...names: string[]): ((name: string) => Local<"i32">) =>
  integers(names, (name) => s.parameter("i32", name));
const variablesOf = (s: Scope, ...names: string[]): ((name: string) => Local<"i32">) =>
  integers(names, (name) => s.local("i32", name));
const grid = (s: Scope, rows: number, cols: number): Local<"v128">[][] =>
  range(rows).map((r) => range(cols).map((q) => s.local("v128", `sum${r}${q}`)));

function update(): Func {
  const s = new Scope();
  const p = parametersOf(s, "c", "a", "b", "height", "width", "depth", "lower");
  const v = variablesOf(s, "i", "j", "end", "row", "column", "last", "target");
  const sums = grid(s, ROWS, COLS),
    x = s.local("v128", "x"),
    ys = range(COLS).map((q) => s.local("v128", `y${q}`));
  const zero: Expr<"v128"> = { kind: "const", type: "v128", value: 0 };
  const step: Stmt[] = [
    ...ys.map((y, q) => set(y, load("v128.load", v("column"), q * STRIDE))),
    ...sums.flatMap((row, r) => [
      set(x, load("v128.load", v("row"), r * STRIDE)),
      ...row.map((sum, q) => set(sum, op("f64x2.add", sum, op("f64x2.mul", x, ys[q]!)))),
    ]),
    set(v("row"), plus(v("row"), i32(VECTOR))),
    set(v("column"), plus(v("column"), i32(VECTOR))),
  ];
  const reduced = (sum: readonly Local<"v128">[]): Expr<"v128"> =>
    op("f64x2.add", pick(sum[0]!, sum[1]!, [0, 2]), pick(sum[0]!, sum[1]!, [1, 3]));
  const block: Stmt[] = [
    set(v("row"), rowAt(p("a"), v("i"))),
    set(v("column"), rowAt(p("b"), v("j"))),
    set(v("last"), plus(v("column"), times(p("depth"), DOUBLE))),
    ...sums.flat().map((sum) => set(sum, zero)),
    loop(step, below(v("column"), v("last"))),
    set(v("target"), entryAt(p("c"), v("i"), v("j"))),
    ...sums.map((sum, r) =>
      store(
        "v128.store",
        v("target"),
        op("f64x2.sub", load("v128.load", v("target"), r * STRIDE), reduced(sum)),
        r * STRIDE,
      ),
    ),
  ];
  // Four rows of A stay in the first cache while all of B streams by from the second.
  const strips = forRange(v("i"), i32(0), p("height"), i32(ROWS), [
    set(v("end"), p("width")),
    when(p("lower"), [when(below(plus(v("i"), i32(ROWS)), v("end")), [set(v("end"), plus(v("i"), i32(ROWS)))])]),
    ...forRange(v("j"), i32(0), v("end"), i32(COLS), block),
  ]);
  return s.func("update", [when(below(i32(0), p("depth")), strips)]);
}

function downdate(): Func {
  const s = new Scope();
  const p = parametersOf(s, "c", "a", "b", "height", "width", "depth");
  const v = variablesOf(s, "i", "j", "k", "source", "row", "target");
  const sums = grid(s, ROWS, 2),
    x = s.local("v128", "x"),
    ys = range(2).map((q) => s.local("v128", `y${q}`));
  const each = (visit: (sum: Local<"v128">, offset: number) => Stmt): Stmt[] =>
    sums.flatMap((pair, r) => pair.map((sum, q) => visit(sum, r * STRIDE + q * VECTOR)));
  const block: Stmt[] = [
    set(v("row"), rowAt(p("a"), v("i"))),
    set(v("source"), plus(p("b"), times(v("j"), DOUBLE))),
    set(v("target"), entryAt(p("c"), v("i"), v("j"))),
    ...each((sum, offset) => set(sum, load("v128.load", v("target"), offset))),
    ...forRange(v("k"), i32(0), p("depth"), i32(1), [
      ...ys.map((y, q) => set(y, load("v128.load", v("source"), q * VECTOR))),
      ...sums.flatMap((pair, r) => [
        set(x, load("v128.load64_splat", v("row"), r * STRIDE)),
        ...pair.map((sum, q) => set(sum, op("f64x2.sub", sum, op("f64x2.mul", x, ys[q]!)))),
      ]),
      set(v("row"), plus(v("row"), i32(DOUBLE))),
      set(v("source"), plus(v("source"), i32(STRIDE))),
    ]),
    ...each((sum, offset) => store("v128.store", v("target"), sum, offset)),
  ];
  return s.func(
    "downdate",
    forRange(v("j"), i32(0), p("width"), i32(4), forRange(v("i"), i32(0), p("height"), i32(ROWS), block)),
  );
}

const entry = (address: I32, index: number): Expr<"f64"> => load("f64.load", address, index * DOUBLE);

/** The 4 × 4 triangle of L in variables: entries (r, k), k ≤ r. */
function triangle(s: Scope, at: I32): { l: Local<"f64">[][]; read: Stmt[] } {
  const l = range(4).map((r) => range(r + 1).map((k) => s.local("f64", `l${r}${k}`)));
  return {
    l,
    read: l.flatMap((row, r) => row.map((variable, k) => set(variable, load("f64.load", at, r * STRIDE + k * DOUBLE)))),
  };
}

/**
 * Solves rows of four against a 4 × 4 triangle, one after the other: x Lᵀ = a, or x L = a from the last column back.
 */
function substitute(name: string, backwards: boolean): Func {
  const s = new Scope();
  const p = parametersOf(s, "at", "rows", "corner"),
    row = s.local("i32", "row");
  const { l, read } = triangle(s, p("corner"));
  const x = range(4).map((k) => s.local("f64", `x${k}`));
  const known = (k: number): number[] =>
    backwards
      ? range(4)
          .filter((m) => m > k)
          .reverse()
      : range(k);
  const factorOf = (k: number, m: number): Local<"f64"> => (backwards ? l[m]![k]! : l[k]![m]!);
  const solved = (backwards ? [3, 2, 1, 0] : [0, 1, 2, 3]).map((k) => {
    const rest = known(k).reduce<Expr<"f64">>(
      (sum, m) => op("f64.sub", sum, op("f64.mul", x[m]!, factorOf(k, m))),
      entry(p("at"), k),
    );
    return set(x[k]!, op("f64.div", rest, l[k]![k]!));
  });
  const stored = x.map((value, k) => store("f64.store", p("at"), value, k * DOUBLE));
  return s.func(name, [
    ...read,
    ...forRange(row, i32(0), p("rows"), i32(1), [...solved, ...stored, set(p("at"), plus(p("at"), i32(STRIDE)))]),
  ]);
}

/** The textbook's factorisation of a 4 × 4 block; the pivot of a row that fails is left in its place. */
function corner(): Func {
  const s = new Scope();
  const a = s.parameter("i32", "a");
  const { l, read } = triangle(s, a);
  const reduced = (r: number, j: number): Expr<"f64"> =>
    range(j).reduce<Expr<"f64">>((sum, k) => op("f64.sub", sum, op("f64.mul", l[r]![k]!, l[j]![k]!)), l[r]![j]!);
  const keep = (r: number, j: number): Stmt => store("f64.store", a, l[r]![j]!, r * STRIDE + j * DOUBLE);
  const column = (j: number): Stmt[] => {
    const pivot = l[j]![j]!;
    return [
      set(pivot, reduced(j, j)),
      keep(j, j),
      // NaN fails the first comparison, infinity the second.
      when(op("i32.eqz", op("i32.and", op("f64.gt", pivot, f64(0)), op("f64.lt", pivot, f64(Infinity)))), [
        give(i32(j)),
      ]),
      set(pivot, op("f64.sqrt", pivot)),
      keep(j, j),
      ...range(4)
        .filter((r) => r > j)
        .flatMap((r) => [set(l[r]![j]!, op("f64.div", reduced(r, j), pivot)), keep(r, j)]),
    ];
  };
  return s.func("corner", [...read, ...range(4).flatMap(column), give(i32(-1))], "i32");
}

function factor(updating: Func, cornering: Func, substituting: Func): Func {
  const s = new Scope();
  const p = parametersOf(s, "a", "n"),
    v = variablesOf(s, "j", "row", "at", "failed");
  const rest = op("i32.sub", p("n"), v("j"));
  return s.func(
    "factor",
    [
      ...forRange(v("j"), i32(0), p("n"), i32(4), [
        set(v("row"), rowAt(p("a"), v("j"))),
        set(v("at"), plus(v("row"), times(v("j"), DOUBLE))),
        call(updating, v("at"), v("row"), v("row"), rest, i32(4), v("j"), i32(0)),
        set(v("failed"), { kind: "call", type: "i32", callee: cornering, args: [v("at")] }),
        when(op("i32.ge_s", v("failed"), i32(0)), [give(plus(v("j"), v("failed")))]),
        call(substituting, plus(v("at"), i32(4 * STRIDE)), op("i32.sub", rest, i32(4)), v("at")),
      ]),
      give(i32(-1)),
    ],
    "i32",
  );
}

function solve(updating: Func, substituting: Func): Func {
  const s = new Scope();
  const p = parametersOf(s, "a", "height", "l", "width"),
    v = variablesOf(s, "j", "row", "at");
  return s.func(
    "solve",
    forRange(v("j"), i32(0), p("width"), i32(4), [
      set(v("row"), rowAt(p("l"), v("j"))),
      set(v("at"), plus(p("a"), times(v("j"), DOUBLE))),
      call(updating, v("at"), p("a"), v("row"), p("height"), i32(4), v("j"), i32(0)),
      call(substituting, v("at"), p("height"), plus(v("row"), times(v("j"), DOUBLE))),
    ]),
  );
}

function back(downdating: Func, substituting: Func): Func {
  const s = new Scope();
  const p = parametersOf(s, "a", "height", "l", "width"),
    v = variablesOf(s, "solved", "j", "at", "diagonal");
  return s.func(
    "back",
    forRange(v("solved"), i32(0), p("width"), i32(4), [
      set(v("j"), op("i32.sub", op("i32.sub", p("width"), v("solved")), i32(4))),
      set(v("at"), plus(p("a"), times(v("j"), DOUBLE))),
      set(v("diagonal"), entryAt(p("l"), v("j"), v("j"))),
      call(
        downdating,
        v("at"),
        plus(v("at"), i32(4 * DOUBLE)),
        plus(v("diagonal"), i32(4 * STRIDE)),
        p("height"),
        i32(4),
        v("solved"),
      ),
      call(substituting, v("at"), p("height"), v("diagonal")),
    ]),
  );
}

/** The bytes of the module; it imports its memory as `env.memory`. */
export function linalgModule(): Uint8Array {
  const updating = update(),
    downdating = downdate(),
    forwards = substitute("forwards", false),
    backwards = substitute("backwards", true),
    cornering = corner();
  return encode({
    memory: { from: { module: "env", name: "memory" }, minimum: 1 },
    functions: [
      updating,
      downdating,
      forwards,
      backwards,
      cornering,
      factor(updating, cornering, forwards),
      solve(updating, forwards),
      back(downdating, backwards),
    ],
    exports: ["update", "downdate", "factor", "solve", "back"],
  });
}
