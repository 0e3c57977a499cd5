/**
 * Terms as they stand: constructors that simplify nothing but what is trivial, binders, and renaming of axes.
 * In: the fields of nodes. Out: nodes. Passes that have chosen a grouping or an order of contraction build with
 * these; the constructors of expr.ts, which bring terms into normal form, are made from them.
 */
import type { Op } from "./ops.ts";
import {
  axis,
  canonicalAxis,
  intern,
  isAxis,
  usageHash,
  type Axis,
  type Build,
  type Expr,
  type Index,
  type Sum,
} from "./node.ts";
import { named, nameOf } from "./names.ts";
import { order } from "./order.ts";
import { baseAndPower, coefficientOf, factorsOf, isLit, one } from "./normal.ts";

export const lit = (value: number): Expr => intern({ kind: "lit", value: value === 0 ? 0 : value });
export const zero = lit(0);

/** An axis with one value: 0 stands for it as an index, so that equal terms look equal. */
export const isOnly = (i: Index): boolean => isAxis(i) && i.extent === 1 && i.size === undefined;

/** Kronecker's δ. */
export function delta(i: Index, j: Index): Expr {
  if (i === j) return one;
  if (isOnly(i) || isOnly(j)) return delta(isOnly(i) ? zero : i, isOnly(j) ? zero : j);
  if (!isAxis(i) && !isAxis(j) && i.kind === "lit" && j.kind === "lit") return i.value === j.value ? one : zero;
  return order(i, j) <= 0 ? intern({ kind: "delta", i, j }) : intern({ kind: "delta", i: j, j: i });
}

// ---- products

/** A literal times a term. */
export function scaled(coefficient: number, term: Expr): Expr {
  if (coefficient === 1) return term;
  if (coefficient === 0) return zero;
  if (term === one) return lit(coefficient);
  return intern({ kind: "map", op: "mul", args: [lit(coefficient), ...factorsOf(term)] });
}

export function power(base: Expr, p: number): Expr {
  return p === 1 ? base : intern({ kind: "map", op: "pow", args: [base, lit(p)] });
}

/**
 * A product as it stands, like factors collected: for passes that have factored a sum, which `mul` would distribute
 * over.
 */
export function bindProduct(...xs: Expr[]): Expr {
  const { coefficient, factors } = collectFactors(xs);
  return product(coefficient, factors);
}

/**
 * The multiset of factors with powers. A sum among them gives its literal content up: 2 (y − x) is −2 (x − y), wherever
 * it stands.
 */
export function collectFactors(xs: readonly Expr[]): { coefficient: number; factors: Expr[] } {
  let coefficient = 1;
  const powers = new Map<Expr, number>(),
    summed = new Set<Expr>();
  const collect = (factor: Expr, times: number): void => {
    if (factor.kind === "lit") {
      coefficient *= factor.value ** times;
      return;
    }
    const [given, p] = baseAndPower(factor),
      [c, base] = contentOf(given, p * times);
    coefficient *= c;
    if (powers.has(base)) summed.add(base);
    powers.set(base, base.kind === "delta" ? 1 : (powers.get(base) ?? 0) + p * times);
  };
  for (const x of xs) for (const factor of factorsOf(x)) collect(factor, 1);
  // √(a b) √(a b) is a b: a whole power of a product, which fractional powers have added up to, is that of its factors.
  for (const base of summed) {
    const p = powers.get(base)!;
    if (base.kind !== "map" || base.op !== "mul" || !Number.isInteger(p)) continue;
    powers.delete(base);
    for (const factor of factorsOf(base)) collect(factor, p);
  }
  const factors = [...powers]
    .filter(([, p]) => p !== 0)
    .sort(([a], [b]) => order(a, b))
    .map(([base, p]) => power(base, p));
  return { coefficient, factors };
}

export function product(coefficient: number, factors: readonly Expr[]): Expr {
  if (coefficient === 0) return zero;
  if (factors.length === 0) return lit(coefficient);
  if (coefficient === 1) return factors.length === 1 ? factors[0]! : intern({ kind: "map", op: "mul", args: factors });
  return intern({ kind: "map", op: "mul", args: [lit(coefficient), ...factors] });
}

/**
 * (cᵖ, e / c) where c is what all coefficients of a sum have in common: the sign of its first term, and the size if all
 * agree.
 */
export function contentOf(e: Expr, p: number): [number, Expr] {
  if (e.kind !== "map" || e.op !== "add") return [1, e];
  const coefficients = e.args.map((t) => coefficientOf(t)[0]),
    first = coefficients[0]!;
  const size = coefficients.every((c) => Math.abs(c) === Math.abs(first)) ? Math.abs(first) : 1;
  const sign = first < 0 && Number.isInteger(p) ? -1 : 1;
  if (size === 1 && sign === 1) return [1, e];
  const args = e.args.map((t) => {
    const [c, rest] = coefficientOf(t);
    return scaled((c / size) * sign, rest);
  });
  return [(size * sign) ** p, intern({ kind: "map", op: "add", args })];
}

// ---- binders

/**
 * Renames the axes to the lowest canonical ones above every binder inside, so that alpha-equivalent terms are one
 * object.
 */
function bind(kind: "sum" | "build", axes: readonly Axis[], body: Expr, stored = false): Expr {
  // A binder inside has made way for a canonical axis that is bound only now: with that out of the way it goes down
  // again.
  const avoided = axes.filter((a) => a.level > 0 && a.level <= body.level);
  if (avoided.length > 0) {
    const fresh = new Map(avoided.map((a) => [a, axis(a.extent, a.name, a.size)]));
    return bind(
      kind,
      axes.map((a) => fresh.get(a) ?? a),
      rename(body, fresh),
      stored,
    );
  }
  const ordered = kind === "sum" ? inOrder(axes, body) : axes;
  const renamed = new Map<Axis, Axis>(),
    bound: Axis[] = [];
  let level = body.level;
  for (const a of ordered) {
    let c: Axis;
    do c = canonicalAxis(a, ++level);
    while (body.free.includes(c) && !axes.includes(c));
    renamed.set(a, c);
    bound.push(c);
  }
  const within = rename(body, renamed);
  return intern(kind === "sum" ? { kind, axes: bound, body: within } : { kind, axes: bound, body: within, stored });
}

/**
 * The axes of a sum, which has no order of its own, in one that doesn't depend on their names: by range, then by use.
 */
export function inOrder(axes: readonly Axis[], body: Expr): readonly Axis[] {
  if (axes.length === 1) return axes;
  const uses = new Map(axes.map((a) => [a, axes.some((b) => b !== a && b.hash === a.hash) ? usageHash(a, body) : 0]));
  return [...axes].sort((a, b) => a.hash - b.hash || uses.get(a)! - uses.get(b)! || order(a, b));
}

/** Σ of a body as it stands: for passes that have chosen an order of contraction, which `sum` would undo. */
export function bindSum(axes: readonly Axis[], body: Expr): Expr {
  if (axes.length === 0 || isLit(body, 0)) return body;
  const [c, rest] = coefficientOf(body);
  return c === 1 ? bind("sum", axes, body) : product(c, [bind("sum", axes, rest)]);
}
/** A tensor as it stands; `stored`, one whose entries are read though sums could eliminate Deltas of its body. */
export const bindBuild = (axes: readonly Axis[], body: Expr, stored = false): Expr =>
  axes.length === 0 ? body : bind("build", axes, body, stored);
/** A read as it stands: the tensor is laid out, not substituted. */
export const bindAt = (tensor: Expr, indices: readonly Index[]): Expr =>
  indices.length === 0 ? tensor : intern({ kind: "at", tensor, indices });
/** A primitive as it stands: nested sums and products keep their grouping. */
export const bindMap = (op: Op, args: readonly Expr[]): Expr =>
  args.length === 1 && (op === "add" || op === "mul") ? args[0]! : intern({ kind: "map", op, args });

/** The body of a binder over fresh axes. */
export function open(e: Sum | Build): { axes: Axis[]; body: Expr } {
  const axes = e.axes.map((a) => axis(a.extent, "a", a.size));
  return { axes, body: rename(e.body, new Map(e.axes.map((a, n) => [a, axes[n]!]))) };
}

// ---- rebuilding

/** The constructors that a rebuilding goes through. */
export interface Makers {
  map(op: Op, ...args: Expr[]): Expr;
  at(tensor: Expr, indices: readonly Index[]): Expr;
  delta(i: Index, j: Index): Expr;
  bind(kind: "sum" | "build", axes: readonly Axis[], body: Expr, stored: boolean): Expr;
}
/** Nothing is simplified; only the order of arguments, which hashes decide, is put right. */
const asItStands: Makers = {
  map: (op, ...args) => intern({ kind: "map", op, args: op === "add" || op === "mul" ? sorted(op, args) : args }),
  at: (tensor, indices) => intern({ kind: "at", tensor, indices }),
  delta,
  bind,
};
/** In the order that `add` and `mul` keep: terms by what the coefficient multiplies, literals where they were. */
function sorted(op: "add" | "mul", args: readonly Expr[]): Expr[] {
  const key = (a: Expr): Expr => (op === "add" ? coefficientOf(a)[1] : baseAndPower(a)[0]);
  const literals = args.filter((a) => a.kind === "lit"),
    rest = args.filter((a) => a.kind !== "lit").sort((a, b) => order(key(a), key(b)));
  return args[0]!.kind === "lit" ? [...literals, ...rest] : [...rest, ...literals];
}

/** Renames free axes one to one. The structure is kept, and with it every choice that passes have made. */
export function rename(e: Expr, by: ReadonlyMap<Axis, Axis>): Expr {
  const active = [...by].filter(([a, to]) => a !== to).map(([a]) => a);
  if (!e.free.some((a) => active.includes(a))) return e;
  return rebuildWith(
    e,
    (x) => x.free.some((a) => active.includes(a)),
    (a) => by.get(a) ?? a,
    [...by.values()],
    undefined,
    asItStands,
  );
}

/**
 * Rebuilds, through the given constructors, every node that `touches` holds for. `introduced`: axes that must not be
 * captured.
 */
export function rebuildWith(
  root: Expr,
  touches: (e: Expr) => boolean,
  axisTo: (a: Axis) => Index,
  introduced: readonly Axis[],
  leaves: ReadonlyMap<Expr, Expr> | undefined,
  make: Makers,
): Expr {
  const memo = new Map<Expr, Expr>();
  const index = (i: Index): Index => (isAxis(i) ? axisTo(i) : visit(i));
  const rebuild = (e: Expr): Expr => {
    switch (e.kind) {
      case "lit":
      case "param":
      case "table":
        return e;
      case "map":
        return make.map(e.op, ...e.args.map(visit));
      case "at":
        return make.at(visit(e.tensor), e.indices.map(index));
      case "delta":
        return make.delta(index(e.i), index(e.j));
      case "sum":
      case "build": {
        const captures = e.axes.some((a) => introduced.includes(a) || axisTo(a) !== a);
        const { axes, body } = captures ? open(e) : e;
        return make.bind(e.kind, axes, visit(body), e.kind === "build" && e.stored);
      }
    }
  };
  const visit = (e: Expr): Expr => {
    const leaf = leaves?.get(e);
    if (leaf) return leaf;
    if (!touches(e)) return e;
    let made = memo.get(e);
    if (!made) {
      memo.set(e, (made = rebuild(e)));
      const name = nameOf(e);
      if (name !== undefined && made.kind === e.kind) named(made, name);
    }
    return made;
  };
  return visit(root);
}
