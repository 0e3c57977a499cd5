/**
 * Reverse mode. In: a scalar expression and a Param. Out: the gradient times the seed, of the Param's shape.
 * An adjoint is summed over every axis that its node lacks: the contraction comes as early as it can (Schmitz,
 * Müller and Chmiela 2022, section 2), and a sum over training points ends where the test point's descriptor begins.
 */
import {
  add,
  at,
  axis,
  build,
  children,
  delta,
  dims,
  factorsOf,
  isAxis,
  isZero,
  lit,
  map,
  mul,
  open,
  substitute,
  sum,
  termsOf,
  type Axis,
  type Expr,
  type Index,
  type Sum,
} from "../ir/expr.ts";
import { mergeAxes } from "../ir/node.ts";
import { arrayed } from "./arrays.ts";
import { dependence, partial } from "./jvp.ts";

/** Nodes that depend on the Param, every node before its parts. */
function parentsFirst(root: Expr, depends: (e: Expr) => boolean): Expr[] {
  const done: Expr[] = [],
    seen = new Set<Expr>();
  const visit = (e: Expr): void => {
    if (seen.has(e) || !depends(e)) return;
    seen.add(e);
    children(e).forEach(visit);
    done.push(e);
  };
  visit(root);
  return done.reverse();
}

/** Adjoints while they are collected: of scalars, and of tensors over axes of their own. */
class Adjoints {
  private readonly scalars = new Map<Expr, Expr[]>();
  private readonly tensors = new Map<Expr, { readonly axes: readonly Axis[]; readonly parts: Expr[] }>();
  private readonly outer: readonly Axis[];

  constructor(outer: readonly Axis[]) {
    this.outer = outer;
  }

  /**
   * Adds to a scalar's adjoint, summed over the axes that it lacks: those of xBar, and those `within` which it is used,
   * over which it counts as often as they have values even where xBar doesn't vary.
   */
  push(to: Expr, xBar: Expr, within: readonly Axis[]): void {
    if (isZero(xBar)) return;
    const lacking = mergeAxes(xBar.free, within).filter((a) => !to.free.includes(a) && !this.outer.includes(a));
    const list = this.scalars.get(to) ?? [];
    list.push(sum(lacking, xBar));
    this.scalars.set(to, list);
  }

  /** Adds to one entry of a tensor's adjoint: xBar · Π δ(axis, index). */
  pushEntry(to: Expr, indices: readonly Index[], xBar: Expr): void {
    if (isZero(xBar)) return;
    let tensor = this.tensors.get(to);
    if (!tensor) {
      const like =
        to.kind === "build"
          ? to.axes.map((a) => axis(a.extent, "a", a.size))
          : dims(to).map((d, n) => axis(d, "a", to.kind === "param" ? to.sizes[n] : undefined));
      this.tensors.set(to, (tensor = { axes: like, parts: [] }));
    }
    const { axes, parts } = tensor;
    const placed = mul(xBar, ...indices.map((i, n) => delta(axes[n]!, i)));
    const lacking = placed.free.filter((a) => !axes.includes(a) && !to.free.includes(a) && !this.outer.includes(a));
    parts.push(sum(lacking, placed));
  }

  of(e: Expr): Expr {
    return add(...(this.scalars.get(e) ?? []));
  }

  /**
   * The adjoint of a tensor: its axes and the entry over them. What several uses give is a tensor of its own again:
   * sums would distribute over its terms, and each layer of y + f(y) would double them.
   */
  ofTensor(e: Expr): { axes: readonly Axis[]; entry: Expr } | undefined {
    const tensor = this.tensors.get(e);
    if (!tensor) return undefined;
    const { axes, parts } = tensor,
      entry = add(...parts);
    if (e.kind !== "build") return { axes, entry };
    const array = arrayed(entry, axes);
    return { axes, entry: array === entry && parts.length > 1 ? at(build(axes, entry), axes) : array };
  }
}

/**
 * seed · ∂e/∂wrt, of the Param's shape; free axes of e and of the seed stay free.
 * Throws an Error if e is a tensor.
 */
export function vjp(e: Expr, wrt: Expr, seed: Expr = lit(1)): Expr {
  if (dims(e).length > 0) throw new Error("the gradient of a tensor: contract it with a seed first");
  const depends = dependence(wrt),
    bars = new Adjoints([...e.free, ...seed.free]);
  bars.push(e, seed, []);
  for (const x of parentsFirst(e, depends)) propagate(x, bars, depends);
  if (dims(wrt).length === 0) return bars.of(wrt);
  const result = bars.ofTensor(wrt);
  if (result) return build(result.axes, result.entry);
  return build(
    dims(wrt).map((d) => axis(d)),
    lit(0),
  );
}

function propagate(x: Expr, bars: Adjoints, depends: (e: Expr) => boolean): void {
  switch (x.kind) {
    case "build": {
      const own = bars.ofTensor(x);
      if (own)
        bars.push(x.body, substitute(own.entry, new Map(own.axes.map((a, n) => [a, x.axes[n]!]))), [
          ...x.free,
          ...x.axes,
        ]);
      return;
    }
    case "sum":
      bars.push(x.body, bars.of(x), [...x.free, ...x.axes]);
      return;
    case "at":
      if (depends(x.tensor)) bars.pushEntry(x.tensor, x.indices, bars.of(x));
      return;
    case "map":
      propagateMap(x, bars.of(x), bars, depends);
      return;
    default:
      if (isAxis(x)) throw new Error("an axis has no adjoint");
  }
}

function propagateMap(x: Expr & { kind: "map" }, xBar: Expr, bars: Adjoints, depends: (e: Expr) => boolean): void {
  if (isZero(xBar)) return;
  if (x.op === "where") {
    const [c, a, b] = x.args as [Expr, Expr, Expr];
    if (depends(a)) bars.push(a, map("where", c, xBar, lit(0)), x.free);
    if (depends(b)) bars.push(b, map("where", c, lit(0), xBar), x.free);
    return;
  }
  x.args.forEach((a, n) => {
    if (depends(a))
      bars.push(a, isSingular(x) ? timesWhereWritten(xBar, partial(x, n)) : mul(xBar, partial(x, n)), x.free);
  });
}

/** Whether a derivative may be infinite where the value isn't: √0, log 0. */
const isSingular = (x: Expr & { kind: "map" }): boolean =>
  x.op === "log" || (x.op === "pow" && !(x.args[1]!.kind === "lit" && x.args[1]!.value >= 1));

/** Whether a factor is 0 for some reason that is written in it: a sum of scatters, or of what a condition chooses. */
function isSelective(f: Expr): boolean {
  if (f.sparse.length > 0) return true;
  if (f.kind === "sum") return factorsOf(f.body).some(isSelective);
  return f.kind === "map" && f.op === "where" && (isZero(f.args[1]!) || isZero(f.args[2]!));
}

/**
 * An adjoint times a factor, at those entries alone that something was written to. A tensor of distances has zeros on
 * its
 * diagonal that nobody reads: their adjoint is 0, and must not meet the derivative of the root there, 1/0.
 */
function timesWhereWritten(xBar: Expr, factor: Expr): Expr {
  if (
    xBar.kind === "at" &&
    xBar.tensor.kind === "build" &&
    termsOf(xBar.tensor.body).some((t) => factorsOf(t).some(isSelective))
  ) {
    return timesWhereWritten(
      substitute(xBar.tensor.body, new Map(xBar.tensor.axes.map((a, n) => [a, xBar.indices[n]!]))),
      factor,
    );
  }
  return add(
    ...termsOf(xBar).map((term) => {
      const factors = factorsOf(term),
        writing = factors.find((f): f is Sum => f.kind === "sum" && isSelective(f));
      if (!writing) return mul(term, factor);
      const { axes, body } = open(writing);
      return sum(axes, mul(body, ...factors.filter((f) => f !== writing), factor));
    }),
  );
}
