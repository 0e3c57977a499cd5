/**
 * Sums that are arrays. In: staged tensors. Out: the same, sums over training points and scatters read from tensors.
 * A sum over training points that varies with other axes is one pass over the points that fills an array, never a
 * pass for each entry; and a scatter fills all entries of its array at once.
 */
import {
  bindAt,
  bindBuild,
  bindMap,
  coefficientOf,
  inOrder,
  isAxis,
  keepName,
  termsOf,
  type Axis,
  type Expr,
  type Index,
} from "../ir/expr.ts";
import { rebound } from "./rebind.ts";

/**
 * The axes over which a node must be an array, none if it needn't. `outer`: axes of the tensors around it. A sum with a
 * Delta is one over the axis that the Delta places, whatever binds it: an entry alone would be found by looking through
 * all that is written anywhere.
 */
function arrayAxes(e: Expr, outer: readonly Axis[]): readonly Axis[] {
  if (e.kind !== "sum") return [];
  const plain = e.free.filter((a) => a.size === undefined);
  if (e.axes.some((a) => a.size !== undefined)) return plain;
  return e.sparse.length > 0 ? plain.filter((a) => outer.includes(a) || e.sparse.includes(a)) : [];
}

const isArraySum = (e: Expr, outer: readonly Axis[]): boolean =>
  termsOf(e).every((t) => arrayAxes(coefficientOf(t)[1], outer).length > 0);

/** A tensor whose scatters place outer axes as well, as one over those axes too; and the axes. */
function widened(tensor: Expr): [Expr, readonly Axis[]] {
  if (tensor.kind !== "build" || !isArraySum(tensor.body, tensor.axes)) return [tensor, []];
  const placed = termsOf(tensor.body).flatMap((t) => coefficientOf(t)[1].sparse),
    more = [...new Set(placed)].filter((a) => a.size === undefined && !tensor.axes.includes(a));
  return more.length === 0 ? [tensor, []] : [keepName(tensor, bindBuild([...more, ...tensor.axes], tensor.body)), more];
}

/** The axes of an array in the order of those around its first reader, which every other reader of it follows. */
function layouts(): (e: Expr, outer: readonly Axis[]) => readonly Axis[] {
  const orders = new Map<Expr, readonly number[]>();
  return (e, outer) => {
    const own = [...new Set(termsOf(e).flatMap((t) => arrayAxes(coefficientOf(t)[1], outer)))],
      canonical = inOrder(own, e),
      array = bindBuild(canonical, e);
    const wished = [...canonical].sort(
      (a, b) => outer.indexOf(a) - outer.indexOf(b) || b.level - a.level || a.id - b.id,
    );
    const order = orders.get(array) ?? wished.map((a) => canonical.indexOf(a));
    orders.set(array, order);
    return order.map((n) => canonical[n]!);
  };
}

export function tabulateSums(root: Expr): Expr {
  const memo = new Map<string, Expr>();
  const visit = (e: Expr, outer: readonly Axis[]): Expr => {
    const key = `${e.id};${outer
      .filter((a) => e.free.includes(a))
      .map((a) => a.id)
      .join()}`;
    let made = memo.get(key);
    if (!made) memo.set(key, (made = rebuild(e, outer)));
    return made;
  };
  const rebuild = (e: Expr, outer: readonly Axis[]): Expr => {
    if (!isArraySum(e, outer)) return inside(e, outer);
    const axes = laidOut(e, outer);
    return bindAt(bindBuild(axes, terms(e, outer)), axes);
  };
  const laidOut = layouts();
  const index = (i: Index, outer: readonly Axis[]): Index => (isAxis(i) ? i : visit(i, outer));
  const inside = (e: Expr, outer: readonly Axis[]): Expr => {
    switch (e.kind) {
      case "lit":
      case "param":
      case "table":
      case "delta":
        return e;
      case "map":
        return bindMap(
          e.op,
          e.args.map((a) => visit(a, outer)),
        );
      case "at": {
        const indices = e.indices.map((i) => index(i, outer)),
          [tensor, more] = widened(e.tensor);
        return bindAt(visit(tensor, outer), [...more, ...indices]);
      }
      case "sum":
        return rebound(e, visit(e.body, outer));
      case "build": {
        const around = [...outer, ...e.axes];
        // A body that is nothing but such sums fills this very tensor.
        return rebound(e, isArraySum(e.body, around) ? terms(e.body, around) : visit(e.body, around));
      }
    }
  };
  const terms = (e: Expr, outer: readonly Axis[]): Expr =>
    e.kind === "map" && e.op === "add"
      ? bindMap(
          "add",
          e.args.map((t) => insideTerm(t, outer)),
        )
      : insideTerm(e, outer);
  const insideTerm = (t: Expr, outer: readonly Axis[]): Expr => {
    const [, rest] = coefficientOf(t);
    return rest === t
      ? inside(t, outer)
      : bindMap("mul", [(t as Expr & { kind: "map" }).args[0]!, inside(rest, outer)]);
  };
  return visit(root, []);
}
