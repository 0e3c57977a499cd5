/**
 * The micro-kernels of dense linear algebra. In: nothing. Out: a WebAssembly module of its own memory, with five functions
 * over row-major tiles of doubles; addresses and strides are in bytes, orders are multiples of 4.
 *
 *   update(c, ldc, a, lda, b, ldb, height, width, depth, lower)   C -= A Bᵀ; on and below the diagonal's blocks where `lower`
 *   downdate(c, ldc, a, lda, b, ldb, height, width, depth)        C -= A B
 *   factor(a, lda, n) → row                                       L Lᵀ = A in place; the first row whose pivot fails, or -1
 *   solve(a, lda, height, l, ldl, width)                          X Lᵀ = A in place
 *   back(a, lda, height, l, ldl, width)                           X L = A in place
 *
 * Rows of both factors of A Bᵀ are read along their length, two products at a time in the two lanes, so nothing is ever packed: eight sums
 * stay in registers, and meet their other lane once at the end. Multiply and add are rounded apart: the same bits on every machine.
 */
import { call, f64, forRange, give, i32, load, op, pick, plus, Scope, set, store, times, when, type Expr, type Func, type Local, type Stmt } from "./code.ts";
import { encode } from "./encode.ts";

const DOUBLE = 8, VECTOR = 16;
/** Rows and columns of the register block. */
const ROWS = 4, COLS = 2;
/** Rows of A that stay in the first cache (16 KiB at a depth of 128) while the rows of B stream by. */
const STRIP = 16;
/** Steps of two products in one turn of the inner loop. */
const UNROLL = 2;

type I32 = Expr<"i32">;
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const below = (a: I32, b: I32): I32 => op("i32.lt_s", a, b);

/** Sets pointers to consecutive rows that begin at `first`. */
function rowPointers(pointers: readonly Local<"i32">[], first: I32, stride: I32): Stmt[] {
  return pointers.map((p, r) => set(p, r === 0 ? first : plus(pointers[r - 1]!, stride)));
}

/** The scope and parameters of `update` and `downdate`. */
function productScope() {
  const s = new Scope();
  const [c, ldc, a, lda, b, ldb, height, width, depth] = ["c", "ldc", "a", "lda", "b", "ldb", "height", "width", "depth"].map((name) => s.parameter("i32", name)) as [Local<"i32">, ...Local<"i32">[]];
  return { s, c: c!, ldc: ldc!, a: a!, lda: lda!, b: b!, ldb: ldb!, height: height!, width: width!, depth: depth! };
}

function update(): Func {
  const { s, c, ldc, a, lda, b, ldb, height, width, depth } = productScope();
  const lower = s.parameter("i32", "lower");
  const [strip, end, i, j, from, k] = ["strip", "end", "i", "j", "from", "k"].map((name) => s.local("i32", name)) as [Local<"i32">, Local<"i32">, Local<"i32">, Local<"i32">, Local<"i32">, Local<"i32">];
  const rows = range(ROWS).map((r) => s.local("i32", `row${r}`)), cols = range(COLS).map((q) => s.local("i32", `col${q}`));
  const target = s.local("i32", "target");
  const sums = range(ROWS).map((r) => range(COLS).map((q) => s.local("v128", `sum${r}${q}`)));
  const x = s.local("v128", "x"), ys = range(COLS).map((q) => s.local("v128", `y${q}`));
  const zero: Expr<"v128"> = { kind: "const", type: "v128", value: 0 };
  const step = (offset: number): Stmt[] => [
    ...ys.map((y, q) => set(y, load("v128.load", cols[q]!, offset))),
    ...rows.flatMap((row, r) => [set(x, load("v128.load", row, offset)), ...ys.map((y, q) => set(sums[r]![q]!, op("f64x2.add", sums[r]![q]!, op("f64x2.mul", x, y))))]),
  ];
  const advance = [...rows, ...cols].map((p) => set(p, plus(p, i32(UNROLL * VECTOR))));
  const block: Stmt[] = [
    ...rowPointers(rows, plus(a, op("i32.mul", i, lda)), lda),
    ...rowPointers(cols, plus(b, op("i32.mul", j, ldb)), ldb),
    ...sums.flat().map((sum) => set(sum, zero)),
    ...forRange(k, i32(0), depth, i32(UNROLL * 2), [...range(UNROLL).flatMap((u) => step(u * VECTOR)), ...advance]),
    set(target, plus(plus(c, op("i32.mul", i, ldc)), times(j, DOUBLE))),
    ...sums.flatMap(([left, right], r) => [
      store("v128.store", target, op("f64x2.sub", load("v128.load", target), op("f64x2.add", pick(left!, right!, [0, 2]), pick(left!, right!, [1, 3])))),
      ...(r + 1 < ROWS ? [set(target, plus(target, ldc))] : []),
    ]),
  ];
  const body = forRange(strip, i32(0), height, i32(STRIP), [
    set(end, plus(strip, i32(STRIP))),
    when(below(height, end), [set(end, height)]),
    ...forRange(j, i32(0), width, i32(COLS), [
      set(from, strip),
      when(lower, [when(below(strip, op("i32.and", j, i32(-ROWS))), [set(from, op("i32.and", j, i32(-ROWS)))])]),
      ...forRange(i, from, end, i32(ROWS), block),
    ]),
  ]);
  return s.func("update", body);
}

function downdate(): Func {
  const { s, c, ldc, a, lda, b, ldb, height, width, depth } = productScope();
  const [i, j, k, source, target] = ["i", "j", "k", "source", "target"].map((name) => s.local("i32", name)) as [Local<"i32">, Local<"i32">, Local<"i32">, Local<"i32">, Local<"i32">];
  const rows = range(ROWS).map((r) => s.local("i32", `row${r}`));
  const sums = range(ROWS).map((r) => range(2).map((q) => s.local("v128", `sum${r}${q}`)));
  const x = s.local("v128", "x"), ys = range(2).map((q) => s.local("v128", `y${q}`));
  const eachRow = (visit: (sum: Local<"v128">, offset: number) => Stmt): Stmt[] => [
    set(target, plus(plus(c, op("i32.mul", i, ldc)), times(j, DOUBLE))),
    ...sums.flatMap((pair, r) => [...pair.map((sum, q) => visit(sum, q * VECTOR)), ...(r + 1 < ROWS ? [set(target, plus(target, ldc))] : [])]),
  ];
  const block: Stmt[] = [
    ...rowPointers(rows, plus(a, op("i32.mul", i, lda)), lda),
    set(source, plus(b, times(j, DOUBLE))),
    ...eachRow((sum, offset) => set(sum, load("v128.load", target, offset))),
    ...forRange(k, i32(0), depth, i32(1), [
      ...ys.map((y, q) => set(y, load("v128.load", source, q * VECTOR))),
      ...rows.flatMap((row, r) => [set(x, load("v128.load64_splat", row)), ...ys.map((y, q) => set(sums[r]![q]!, op("f64x2.sub", sums[r]![q]!, op("f64x2.mul", x, y))))]),
      ...rows.map((row) => set(row, plus(row, i32(DOUBLE)))),
      set(source, plus(source, ldb)),
    ]),
    ...eachRow((sum, offset) => store("v128.store", target, sum, offset)),
  ];
  return s.func("downdate", forRange(j, i32(0), width, i32(4), forRange(i, i32(0), height, i32(ROWS), block)));
}

const entry = (address: I32, index: number): Expr<"f64"> => load("f64.load", address, index * DOUBLE);

/** The 4 × 4 triangle of L in variables: entries (r, k), k ≤ r. */
function triangle(s: Scope, at: Local<"i32">, stride: I32): { l: Local<"f64">[][]; read: Stmt[] } {
  const l = range(4).map((r) => range(r + 1).map((k) => s.local("f64", `l${r}${k}`)));
  const read = l.flatMap((row, r) => [...row.map((entryOf, k) => set(entryOf, entry(at, k))), ...(r < 3 ? [set(at, plus(at, stride))] : [])]);
  return { l, read };
}

/** Solves rows of four against a 4 × 4 triangle, one after the other: x Lᵀ = a, or x L = a from the last column back. */
function substitute(name: string, backwards: boolean): Func {
  const s = new Scope();
  const [at, stride, rows, corner, ldl] = ["at", "stride", "rows", "corner", "ldl"].map((n) => s.parameter("i32", n)) as [Local<"i32">, Local<"i32">, Local<"i32">, Local<"i32">, Local<"i32">];
  const row = s.local("i32", "row");
  const { l, read } = triangle(s, corner, ldl);
  const x = range(4).map((k) => s.local("f64", `x${k}`));
  const known = (k: number): number[] => (backwards ? range(4).filter((m) => m > k).reverse() : range(k));
  const factorOf = (k: number, m: number): Local<"f64"> => (backwards ? l[m]![k]! : l[k]![m]!);
  const order = backwards ? [3, 2, 1, 0] : [0, 1, 2, 3];
  const solved = order.map((k) => {
    const rest = known(k).reduce<Expr<"f64">>((sum, m) => op("f64.sub", sum, op("f64.mul", x[m]!, factorOf(k, m))), entry(at, k));
    return set(x[k]!, op("f64.div", rest, l[k]![k]!));
  });
  const body = [...read, ...forRange(row, i32(0), rows, i32(1), [...solved, ...x.map((value, k) => store("f64.store", at, value, k * DOUBLE)), set(at, plus(at, stride))])];
  return s.func(name, body);
}

/** The textbook's factorisation of a 4 × 4 block; the pivot of a row that fails is left in its place. */
function corner(): Func {
  const s = new Scope();
  const a = s.parameter("i32", "a"), lda = s.parameter("i32", "lda");
  const rows = range(4).map((r) => s.local("i32", `row${r}`));
  const { l, read } = triangle(s, s.local("i32", "at"), lda);
  const at = s.locals[4] as Local<"i32">;
  const reduced = (r: number, j: number): Expr<"f64"> => range(j).reduce<Expr<"f64">>((sum, k) => op("f64.sub", sum, op("f64.mul", l[r]![k]!, l[j]![k]!)), l[r]![j]!);
  const column = (j: number): Stmt[] => [
    set(l[j]![j]!, reduced(j, j)),
    store("f64.store", rows[j]!, l[j]![j]!, j * DOUBLE),
    // NaN fails the first comparison, infinity the second.
    when(op("i32.eqz", op("i32.and", op("f64.gt", l[j]![j]!, f64(0)), op("f64.lt", l[j]![j]!, f64(Infinity)))), [give(i32(j))]),
    set(l[j]![j]!, op("f64.sqrt", l[j]![j]!)),
    store("f64.store", rows[j]!, l[j]![j]!, j * DOUBLE),
    ...range(4).filter((r) => r > j).flatMap((r) => [set(l[r]![j]!, op("f64.div", reduced(r, j), l[j]![j]!)), store("f64.store", rows[r]!, l[r]![j]!, j * DOUBLE)]),
  ];
  return s.func("corner", [...rowPointers(rows, a, lda), set(at, a), ...read, ...range(4).flatMap(column), give(i32(-1))], "i32");
}

function factor(updating: Func, cornering: Func, substituting: Func): Func {
  const s = new Scope();
  const a = s.parameter("i32", "a"), lda = s.parameter("i32", "lda"), n = s.parameter("i32", "n");
  const j = s.local("i32", "j"), row = s.local("i32", "row"), at = s.local("i32", "at"), failed = s.local("i32", "failed");
  return s.func("factor", [
    ...forRange(j, i32(0), n, i32(4), [
      set(row, plus(a, op("i32.mul", j, lda))),
      set(at, plus(row, times(j, DOUBLE))),
      call(updating, at, lda, row, lda, row, lda, op("i32.sub", n, j), i32(4), j, i32(0)),
      set(failed, { kind: "call", type: "i32", callee: cornering, args: [at, lda] }),
      when(op("i32.ge_s", failed, i32(0)), [give(plus(j, failed))]),
      call(substituting, plus(at, times(lda, 4)), lda, op("i32.sub", op("i32.sub", n, j), i32(4)), at, lda),
    ]),
    give(i32(-1)),
  ], "i32");
}

function solve(updating: Func, substituting: Func): Func {
  const s = new Scope();
  const [a, lda, height, l, ldl, width] = ["a", "lda", "height", "l", "ldl", "width"].map((n) => s.parameter("i32", n)) as [Local<"i32">, Local<"i32">, Local<"i32">, Local<"i32">, Local<"i32">, Local<"i32">];
  const j = s.local("i32", "j"), row = s.local("i32", "row"), at = s.local("i32", "at");
  return s.func("solve", forRange(j, i32(0), width, i32(4), [
    set(row, plus(l, op("i32.mul", j, ldl))),
    set(at, plus(a, times(j, DOUBLE))),
    call(updating, at, lda, a, lda, row, ldl, height, i32(4), j, i32(0)),
    call(substituting, at, lda, height, plus(row, times(j, DOUBLE)), ldl),
  ]));
}

function back(downdating: Func, substituting: Func): Func {
  const s = new Scope();
  const [a, lda, height, l, ldl, width] = ["a", "lda", "height", "l", "ldl", "width"].map((n) => s.parameter("i32", n)) as [Local<"i32">, Local<"i32">, Local<"i32">, Local<"i32">, Local<"i32">, Local<"i32">];
  const solved = s.local("i32", "solved"), j = s.local("i32", "j"), at = s.local("i32", "at"), diagonal = s.local("i32", "diagonal");
  return s.func("back", forRange(solved, i32(0), width, i32(4), [
    set(j, op("i32.sub", op("i32.sub", width, solved), i32(4))),
    set(at, plus(a, times(j, DOUBLE))),
    set(diagonal, plus(plus(l, op("i32.mul", j, ldl)), times(j, DOUBLE))),
    call(downdating, at, lda, plus(at, i32(4 * DOUBLE)), lda, plus(diagonal, times(ldl, 4)), ldl, height, i32(4), solved),
    call(substituting, at, lda, height, diagonal, ldl),
  ]));
}

/** The bytes of the module; it imports its memory as `env.memory`. */
export function linalgModule(): Uint8Array {
  const updating = update(), downdating = downdate(), forwards = substitute("forwards", false), backwards = substitute("backwards", true), cornering = corner();
  return encode({
    memory: { from: { module: "env", name: "memory" }, minimum: 1 },
    functions: [updating, downdating, forwards, backwards, cornering, factor(updating, cornering, forwards), solve(updating, forwards), back(downdating, backwards)],
    exports: ["update", "downdate", "factor", "solve", "back"],
  });
}
