/**
 * Derivatives that are arrays. In: an expression whose Deltas say where it writes. Out: a read of an array, where it
 * writes to as many entries as there are.
 * A derivative with few entries (a distance moves with two atoms) stays in the open, where sums eliminate its Deltas.
 * One that has them all (an atom's feature moves with every atom) is worked out once and read: multiplied out, each of
 * its terms would be copied by whatever is made of it, layer by layer.
 */
import { at, bindAt, build, coefficientOf, factorsOf, isAxis, termsOf, type Axis, type Expr } from "../ir/expr.ts";

const volume = (axes: Iterable<Axis>): number => {
  let v = 1;
  for (const a of axes) v *= a.extent;
  return v;
};

/**
 * How often the Deltas of an expression write to entries over its free axes: each fixes one of the axes that are
 * iterated. Terms without Deltas don't count: beside them, sums still eliminate those of the others.
 */
function writes(e: Expr): number {
  return termsOf(e).reduce((total, term) => {
    if (term.sparse.length === 0) return total;
    const axes = new Set<Axis>(),
      fixed = new Set<Axis>();
    let more = 1;
    const visit = (f: Expr): void => {
      f.free.forEach((a) => axes.add(a));
      if (f.kind === "delta") {
        const own = [f.i, f.j].find((i): i is Axis => isAxis(i) && !fixed.has(i));
        if (own) fixed.add(own);
      } else if (f.sparse.length === 0) return;
      else if (f.kind === "sum") factorsOf(f.body).forEach(visit);
      else if (f.kind === "map" && f.op === "add") {
        const writing = f.args.filter((t) => t.sparse.length > 0);
        more *= writing.length;
        factorsOf(coefficientOf(writing[0]!)[1]).forEach(visit);
      }
    };
    factorsOf(coefficientOf(term)[1]).forEach(visit);
    return total + more * volume([...axes].filter((a) => !fixed.has(a)));
  }, 0);
}

/** Whether a scalar's Deltas write to every entry over its free axes, by arithmetic: not a mere selection. */
export function isDense(e: Expr): boolean {
  const selects = termsOf(e).every((t) => factorsOf(t).every((f) => f.kind === "delta" || f.kind === "lit"));
  return e.sparse.length > 0 && !selects && writes(e) >= volume(e.free);
}

/** A scalar as an entry of an array over the axes, if it is dense. */
export function arrayed(e: Expr, axes: readonly Axis[]): Expr {
  const own = axes.filter((a) => e.free.includes(a));
  return own.length > 0 && isDense(e) ? bindAt(build(own, e, true), own) : e;
}

/**
 * A tensor over the axes whose body is an entry of an array: one array over both, read at the axes, so that it is
 * worked out once wherever entries of the tensor are read.
 */
export function joined(axes: readonly Axis[], body: Expr): Expr {
  if (body.kind !== "at" || body.tensor.kind !== "build" || !body.tensor.stored) return build(axes, body);
  const { tensor, indices } = body,
    outer = axes.filter((a) => tensor.free.includes(a));
  if (outer.length === 0 || indices.some((i) => !isAxis(i) || axes.includes(i))) return build(axes, body);
  const array = build([...outer, ...tensor.axes], tensor.body, true);
  return build(axes, at(array, [...outer, ...indices]));
}
