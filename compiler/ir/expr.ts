/**
 * Constructors of expressions: the only way to make one, so a trivial or ill-formed node cannot exist.
 * In: expressions and axes. Out: expressions in normal form.
 * Sums are maps from term to coefficient, products multisets of factors with powers, Deltas stand in the open and
 * are eliminated by the sum over their axis, and binders are canonical modulo the names of their axes.
 */
import { isAlwaysFinite } from "./finite.ts";
import { ops, type Algebra, type Op } from "./ops.ts";
import {
  axis,
  children,
  dims,
  freeOfIndex,
  intern,
  isAxis,
  mergeAxes,
  type Axis,
  type Build,
  type Expr,
  type Index,
  type MapNode,
  type Sum,
} from "./node.ts";
import { order } from "./order.ts";
import { baseAndPower, coefficientOf, factorsOf, isLit, one, termsOf } from "./normal.ts";
import {
  bindBuild,
  bindSum,
  collectFactors,
  contentOf,
  delta as bindDelta,
  isOnly,
  lit,
  open,
  power,
  product,
  rebuildWith,
  scaled,
  zero,
  type Makers,
} from "./raw.ts";

export { axis, children, counters, dims, isAxis, isIota, sameRange } from "./node.ts";
export { keepName, named, nameOf, withNames } from "./names.ts";
export { order } from "./order.ts";
export { bindAt, bindBuild, bindMap, bindProduct, bindSum, inOrder, lit, open, rename, scaled } from "./raw.ts";
export { baseAndPower, coefficientOf, factorsOf, isLit, isZero, termsOf } from "./normal.ts";
export type { Axis, At, Build, Delta, Expr, Index, Lit, MapNode, Param, Sum, Table } from "./node.ts";
export type { Op } from "./ops.ts";

/** A runtime tensor; `sizes[n]` names a symbolic dimension, of which `shape[n]` is the nominal value. */
export function param(name: string, shape: readonly number[], sizes: readonly (string | undefined)[] = []): Expr {
  return intern({ kind: "param", name, dims: shape, sizes: shape.map((_, n) => sizes[n]) });
}

/** A compile-time constant, row-major; a scalar one is its literal. */
export function table(name: string, shape: readonly number[], data: ArrayLike<number>): Expr {
  const size = shape.reduce((a, b) => a * b, 1);
  if (data.length !== size) throw new Error(`table ${name}: ${data.length} values for shape [${shape.join()}]`);
  return shape.length === 0
    ? lit(data[0]!)
    : intern({ kind: "table", name, dims: shape, data: Float64Array.from(data), isIota: false });
}

// ---- sums and products

export function add(...xs: Expr[]): Expr {
  const terms = new Map<Expr, number>();
  const collect = (x: Expr, scale: number): void => {
    for (const term of termsOf(x)) {
      const [c, rest] = coefficientOf(term);
      if (rest.kind === "map" && rest.op === "add" && !isDifference(rest)) collect(rest, scale * c);
      else if (c !== 0) terms.set(rest, (terms.get(rest) ?? 0) + scale * c);
    }
  };
  for (const x of xs) collect(x, 1);
  const constant = terms.get(one) ?? 0;
  terms.delete(one);
  const kept = [...terms]
    .filter(([, c]) => c !== 0)
    .sort(([a], [b]) => order(a, b))
    .map(([term, c]) => scaled(c, term));
  if (constant !== 0) kept.push(lit(constant));
  if (kept.length === 0) return zero;
  return kept.length === 1 ? kept[0]! : intern({ kind: "map", op: "add", args: kept });
}

/**
 * Whether a sum is a difference of entries, like x − y. It is kept whole: its square or its sum, taken apart, would
 * cancel only afterwards and lose digits.
 */
function isDifference(e: Expr): boolean {
  return e.sparse.length === 0 && termsOf(e).every((term) => coefficientOf(term)[1].kind === "at");
}

export function mul(...xs: Expr[]): Expr {
  const { coefficient, factors } = collectFactors(xs);
  if (coefficient === 0) return zero;
  return (
    pullGuard(coefficient, factors) ??
    alignDelta(coefficient, factors) ??
    lowerMatern(coefficient, factors) ??
    product(coefficient, factors)
  );
}

/**
 * What isn't chosen doesn't count: where(c, a, 0) · b becomes where(c, a · b, 0), so that an infinite b is never met by
 * 0. Deltas stay outside, where sums can eliminate them.
 */
function pullGuard(coefficient: number, factors: readonly Expr[]): Expr | undefined {
  for (const guard of factors) {
    if (!isGuard(guard)) continue;
    const rest = factors.filter((f) => f !== guard && needsGuard(guard, f));
    if (rest.length === 0 && coefficient === 1) continue;
    const [c, a, b] = guard.args as [Expr, Expr, Expr],
      beside = factors.filter((f) => f !== guard && !rest.includes(f));
    return mul(map("where", c, mul(lit(coefficient), a, ...rest), mul(lit(coefficient), b, ...rest)), ...beside);
  }
  return undefined;
}

/** A choice between something and nothing. */
export const isGuard = (f: Expr): f is MapNode =>
  f.kind === "map" && f.op === "where" && (isLit(f.args[1]!, 0) || isLit(f.args[2]!, 0));

/**
 * Whether a factor must stand where it is chosen with the rest. A choice between positions, as `concat` makes it,
 * always holds for some of them: what doesn't vary over them would be as infinite there, and stays outside, where sums
 * over the positions can do without it. What is finite in any case stays outside too.
 */
function needsGuard(guard: MapNode, f: Expr): boolean {
  if (f.sparse.length > 0 || isAlwaysFinite(f)) return false;
  const c = guard.args[0]!;
  return c.free.length === 0 || f.free.some((a) => c.free.includes(a)) || !isPositional(c);
}

/** Whether a condition is about positions alone: no point or parameter decides it. */
export function isPositional(c: Expr): boolean {
  let known = positional.get(c);
  if (known === undefined) positional.set(c, (known = c.kind !== "param" && children(c).every(isPositional)));
  return known;
}
const positional = new WeakMap<Expr, boolean>();

/**
 * Beside δ(i, j) the indices i and j are the same number. One of them stands for both: of two axes the shorter, so that
 * equal terms look equal; of an axis and a gather the gather, so that only entries that count are ever worked out.
 */
function alignDelta(coefficient: number, factors: readonly Expr[]): Expr | undefined {
  for (const d of factors) {
    if (d.kind !== "delta") continue;
    const [from, to] =
      isAxis(d.i) && isAxis(d.j)
        ? d.i.extent <= d.j.extent
          ? [d.j, d.i]
          : [d.i, d.j]
        : isAxis(d.i)
          ? [d.i, d.j]
          : [d.j, d.i];
    if (!isAxis(from) || freeOfIndex(to).includes(from) || !factors.some((f) => f !== d && f.free.includes(from)))
      continue;
    const by = new Map<Axis, Index>([[from, to]]);
    return mul(lit(coefficient), d, ...factors.filter((f) => f !== d).map((f) => substitute(f, by)));
  }
  return undefined;
}

/**
 * A power of the distance beside a Matérn function of order below −1 raises that order: w M_{−n−1} = (2n − 1) M_{−n} +
 * M_{1−n},
 * the recurrence of the reverse Bessel polynomials. Terms that grow as points come near, and cancel, do so here.
 */
function lowerMatern(coefficient: number, factors: readonly Expr[]): Expr | undefined {
  for (const f of factors) {
    if (f.kind !== "map" || f.op !== "matern" || f.args[0]!.kind !== "lit" || f.args[0]!.value > -2) continue;
    const w = f.args[1]!,
      n = -f.args[0]!.value - 1,
      [scale, distance] = coefficientOf(w);
    const isBeside = (base: Expr, least: number): boolean =>
      factors.some((g) => {
        const [b, p] = baseAndPower(g);
        return b === base && p >= least;
      });
    if (
      !factorsOf(distance).some((g) => {
        const [base, p] = baseAndPower(g);
        return p > 0 && isBeside(base, p);
      })
    )
      continue;
    const rest = [lit(coefficient / scale), pow(distance, lit(-1)), ...factors.filter((g) => g !== f)];
    return add(mul(lit(2 * n - 1), map("matern", lit(-n), w), ...rest), mul(map("matern", lit(1 - n), w), ...rest));
  }
  return undefined;
}

export function pow(base: Expr, exponent: Expr): Expr {
  const [inner, q] = baseAndPower(base);
  if (exponent.kind !== "lit") {
    if (isLit(base, 1)) return one;
    return Number.isInteger(q)
      ? intern({ kind: "map", op: "pow", args: [base, exponent] })
      : pow(inner, mul(lit(q), exponent));
  }
  const p = exponent.value;
  if (p === 0) return one;
  if (base.kind === "lit") return lit(base.value ** p);
  if (base.kind === "delta" && p > 0) return base;
  if (base.kind === "map" && base.op === "mul" && Number.isInteger(p))
    return mul(...base.args.map((f) => pow(f, exponent)));
  // (bᵠ)ᵖ = bᵠᵖ where p is whole, or where bᵠ existing means b ≥ 0; not for √(b²).
  if (q !== 1 && (Number.isInteger(p) || !Number.isInteger(q))) return pow(inner, lit(q * p));
  const [c, primitive] = contentOf(base, p);
  return product(c, [power(primitive, p)]);
}

export const neg = (a: Expr): Expr => mul(lit(-1), a);
export const sub = (a: Expr, b: Expr): Expr => add(a, neg(b));
export const div = (a: Expr, b: Expr): Expr => mul(a, pow(b, lit(-1)));

/** Any primitive of the table. */
export function map(op: Op, ...args: Expr[]): Expr {
  if (op === "add") return add(...args);
  if (op === "mul") return mul(...args);
  if (op === "pow") return pow(args[0]!, args[1]!);
  if (op === "sqrt") return pow(args[0]!, lit(0.5));
  if (args.length !== ops[op].arity) throw new Error(`${op} takes ${ops[op].arity} arguments, not ${args.length}`);
  const [a, b, c] = args;
  if (op === "where") {
    if (a!.kind === "lit") return a!.value !== 0 ? b! : c!;
    if (b === c) return b!;
  }
  const values = args.map((x) => (x.kind === "lit" ? x.value : undefined));
  if (values.every((v): v is number => v !== undefined)) return lit(ops[op].value(...values));
  return intern({ kind: "map", op, args });
}

/** The constructors as the algebra that derivative rules are written with. */
export const algebra: Algebra<Expr> = {
  lit,
  add,
  mul,
  pow,
  map,
  value: (x) => {
    if (x.kind !== "lit") throw new Error("a literal was expected");
    return x.value;
  },
};

// ---- tensors

/** Reads one entry; `indices` has one index for each axis of the tensor. */
export function at(tensor: Expr, indices: readonly Index[]): Expr {
  if (indices.length !== dims(tensor).length)
    throw new Error(`${indices.length} indices into a tensor of ${dims(tensor).length} axes`);
  if (indices.length === 0) return tensor;
  if (indices.some(isOnly))
    return at(
      tensor,
      indices.map((i) => (isOnly(i) ? zero : i)),
    );
  if (tensor.kind === "build" && inlines(tensor))
    return substitute(tensor.body, new Map(tensor.axes.map((a, n) => [a, indices[n]!])));
  if (tensor.kind === "table" && indices.every((i) => !isAxis(i) && i.kind === "lit")) {
    const offset = indices.reduce(
      (sum, i, n) => sum * tensor.dims[n]! + (!isAxis(i) && i.kind === "lit" ? i.value : 0),
      0,
    );
    return lit(tensor.data[offset]!);
  }
  return intern({ kind: "at", tensor, indices });
}

/**
 * Bodies that cost no arithmetic, and those with Deltas, are read by substitution; any other tensor stays, or sharing
 * is lost.
 */
function inlines({ body, stored }: Build): boolean {
  const { kind } = coefficientOf(body)[1];
  return kind === "lit" || kind === "at" || kind === "param" || (body.sparse.length > 0 && !stored);
}

/** Kronecker's δ. An index may lie outside the axis that it meets: δ is 0 there, and the index is brought inside. */
export function delta(i: Index, j: Index): Expr {
  const [a, t] = isAxis(i) ? [i, j] : [j, i];
  if (!isAxis(a) || isAxis(t)) return bindDelta(i, j);
  const { inside, index } = within(t, a);
  return mul(inside, bindDelta(a, index));
}

/** An index where it lies in the range of an axis, and 1 there, 0 elsewhere. */
function within(t: Index, a: Axis): { inside: Expr; index: Index } {
  if (a.size !== undefined || (isAxis(t) && t.extent <= a.extent)) return { inside: one, index: t };
  const read = isAxis(t) ? iota(t) : t;
  if (read.kind === "lit") return { inside: read.value >= 0 && read.value < a.extent ? one : zero, index: read };
  if (read.kind !== "at" || read.tensor.kind !== "table") {
    const last = lit(a.extent - 1),
      inside = map("and", map("le", zero, read), map("le", read, last));
    return { inside, index: map("max", zero, map("min", read, last)) };
  }
  const { name, data, dims: shape } = read.tensor,
    fits = data.map((v) => Number(v >= 0 && v < a.extent));
  if (fits.every((f) => f === 1)) return { inside: one, index: t };
  if (fits.every((f) => f === 0)) return { inside: zero, index: lit(0) };
  const clamped = data.map((v) => Math.min(Math.max(v, 0), a.extent - 1));
  return {
    inside: at(table(`${name}_inside`, shape, fits), read.indices),
    index: at(table(`${name}_brought_inside`, shape, clamped), read.indices),
  };
}

/** An axis as a number. */
export function iota(a: Axis): Expr {
  const data = Float64Array.from({ length: a.extent }, (_, n) => n);
  return at(intern({ kind: "table", name: "iota", dims: [a.extent], data, isIota: true }), [a]);
}

/** A vector of the given scalars: Σ_m δ(k, m) e_m over a new axis k. */
export function stack(items: readonly Expr[]): Expr {
  const k = axis(items.length);
  return build([k], add(...items.map((e, m) => mul(delta(k, lit(m)), e))));
}

// ---- binders

/** The tensor of `body` over the axes; `stored`, an array on purpose (see `Build`). */
export function build(axes: readonly Axis[], body: Expr, stored = false): Expr {
  if (axes.length === 0) return body;
  if (body.kind === "at" && isWhole(body.tensor, body.indices, axes)) return body.tensor;
  return bindBuild(axes, body, stored);
}

/** Whether At(tensor, indices) over the axes is the tensor itself. */
function isWhole(tensor: Expr, indices: readonly Index[], axes: readonly Axis[]): boolean {
  const shape = dims(tensor),
    sizes = tensor.kind === "param" ? tensor.sizes : [];
  return (
    indices.length === axes.length &&
    !tensor.free.some((a) => axes.includes(a)) &&
    axes.every(
      (a, n) =>
        (indices[n] === a || (isOnly(a) && indices[n] === zero)) && shape[n] === a.extent && sizes[n] === a.size,
    )
  );
}

/** Σ of the body over the axes. */
export function sum(axes: readonly Axis[], body: Expr): Expr {
  if (axes.length === 0 || isLit(body, 0)) return body;
  if (body.kind === "lit")
    return mul(
      body,
      lit(extentOf(axes.filter((a) => a.size === undefined))),
      bindSum(
        axes.filter((a) => a.size !== undefined),
        one,
      ),
    );
  if (body.kind === "sum") {
    const inner = open(body);
    return sum([...axes, ...inner.axes], inner.body);
  }
  if (
    body.kind === "map" &&
    body.op === "add" &&
    !(isDifference(body) && body.args.every((term) => axes.every((a) => term.free.includes(a))))
  )
    return add(...body.args.map((term) => sum(axes, term)));
  const factors = factorsOf(body);
  const eliminated =
    eliminateDelta(axes, factors) ??
    mergeSparse(axes, factors) ??
    distributeSparse(axes, factors) ??
    distributeInvariants(axes, factors);
  if (eliminated) return eliminated;
  const groups = independent(axes, factors);
  if (groups.axes.length === 1 && groups.outside.length === 0) {
    const bound = groups.axes[0]!.filter((a) => body.free.includes(a) || a.size !== undefined);
    return mul(lit(extentOf(axes.filter((a) => !bound.includes(a)))), bound.length > 0 ? bindSum(bound, body) : body);
  }
  return mul(...groups.outside, ...groups.axes.map((group, n) => sum(group, mul(...groups.factors[n]!))));
}

const extentOf = (axes: readonly Axis[]): number => axes.reduce((product, a) => product * a.extent, 1);

/** Σ_a δ(a, t) f(a) = f(t). */
function eliminateDelta(axes: readonly Axis[], factors: readonly Expr[]): Expr | undefined {
  for (const d of factors) {
    if (d.kind !== "delta") continue;
    for (const [a, target] of [
      [d.i, d.j],
      [d.j, d.i],
    ] as const) {
      if (!isAxis(a) || !axes.includes(a) || freeOfIndex(target).includes(a)) continue;
      const { inside, index } = within(target, a),
        to = new Map<Axis, Index>([[a, index]]);
      return sum(
        axes.filter((x) => x !== a),
        mul(inside, ...factors.filter((f) => f !== d).map((f) => substitute(f, to))),
      );
    }
  }
  return undefined;
}

/** A factor that is itself a sum, with Deltas on the axes summed here: the two sums become one, and the Deltas go. */
function mergeSparse(axes: readonly Axis[], factors: readonly Expr[]): Expr | undefined {
  const n = factors.findIndex((f) => f.kind === "sum" && f.sparse.some((a) => axes.includes(a)));
  if (n < 0) return undefined;
  const inner = open(factors[n] as Sum);
  return sum([...axes, ...inner.axes], mul(inner.body, ...factors.filter((_, k) => k !== n)));
}

/**
 * A sum of terms with Deltas on the axes summed here is distributed over, and the Deltas go. Where no summed axis joins
 * them, products of such sums stay: J(x) ⊗ J(y) would become the product of all their entries.
 */
function distributeSparse(axes: readonly Axis[], factors: readonly Expr[]): Expr | undefined {
  const n = factors.findIndex((f) => f.kind === "map" && f.op === "add" && f.sparse.some((a) => axes.includes(a)));
  if (n < 0) return undefined;
  const rest = factors.filter((_, k) => k !== n);
  return add(...termsOf(factors[n]!).map((term) => sum(axes, mul(term, ...rest))));
}

/**
 * Σ_a (p f_a + q g_a) h_a = p Σ_a f_a h_a + q Σ_a g_a h_a: worth while where every term has a factor without the axes.
 */
function distributeInvariants(axes: readonly Axis[], factors: readonly Expr[]): Expr | undefined {
  const lacks = (f: Expr): boolean => f.kind !== "lit" && !axes.some((a) => f.free.includes(a));
  const n = factors.findIndex(
    (f) =>
      f.kind === "map" &&
      f.op === "add" &&
      !lacks(f) &&
      f.args.every((term) => factorsOf(term).some(lacks) || term.kind === "lit"),
  );
  if (n < 0) return undefined;
  return add(...termsOf(factors[n]!).map((term) => sum(axes, mul(term, ...factors.filter((_, k) => k !== n)))));
}

/** Splits a sum of a product into the factors that lack all its axes and independent sums. */
function independent(
  axes: readonly Axis[],
  factors: readonly Expr[],
): { outside: Expr[]; axes: Axis[][]; factors: Expr[][] } {
  const outside: Expr[] = [];
  let groups: { axes: Axis[]; factors: Expr[] }[] = axes.map((a) => ({ axes: [a], factors: [] }));
  for (const f of factors) {
    const touched = groups.filter((g) => g.axes.some((a) => f.free.includes(a)));
    if (touched.length === 0) {
      outside.push(f);
      continue;
    }
    const [first, ...others] = touched;
    for (const g of others) {
      first!.axes.push(...g.axes);
      first!.factors.push(...g.factors);
    }
    first!.factors.push(f);
    groups = groups.filter((g) => !others.includes(g));
  }
  if (groups.length > 1 || outside.length > 0) {
    // Axes that no factor has, of known extent, are a plain count.
    const idle = groups.filter((g) => g.factors.length === 0 && g.axes.every((a) => a.size === undefined));
    if (idle.length > 0 && (idle.length < groups.length || outside.length > 0)) {
      outside.push(...idle.map((g) => lit(extentOf(g.axes))));
      groups = groups.filter((g) => !idle.includes(g));
    }
  }
  return { outside, axes: groups.map((g) => g.axes), factors: groups.map((g) => g.factors) };
}

// ---- substitution

/**
 * Replaces free axes by indices, capture-avoiding. Memoised for one call, and a binder is opened only where a
 * substituted term has its very axis free: otherwise the time is exponential in the depth of binders.
 */
export function substitute(e: Expr, by: ReadonlyMap<Axis, Index>): Expr {
  const active = [...by].filter(([a, to]) => a !== to);
  if (active.length === 0) return e;
  const from = active.map(([a]) => a),
    introduced = mergeAxes(...active.map(([, to]) => freeOfIndex(to)));
  return rebuildWith(
    e,
    (x) => x.free.some((a) => from.includes(a)),
    (a) => by.get(a) ?? a,
    introduced,
    undefined,
    normal,
  );
}

/** Replaces Params by expressions of the same shape. */
export function replaceParams(e: Expr, by: ReadonlyMap<Expr, Expr>): Expr {
  const introduced = mergeAxes(...[...by.values()].map((x) => x.free));
  const touched = new Map<Expr, boolean>();
  const touches = (x: Expr): boolean => {
    let known = touched.get(x);
    if (known === undefined) touched.set(x, (known = by.has(x) || children(x).some(touches)));
    return known;
  };
  return rebuildWith(e, touches, (a) => a, introduced, by, normal);
}

const normal: Makers = {
  map,
  at,
  delta,
  bind: (kind, axes, body, stored) => (kind === "sum" ? sum(axes, body) : build(axes, body, stored)),
};
