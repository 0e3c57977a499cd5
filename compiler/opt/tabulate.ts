/**
 * Sums that are arrays. In: staged tensors. Out: the same, sums over training points and scatters read from tensors.
 * A sum over training points that varies with other axes is one pass over the points that fills an array, never a
 * pass for each entry; and a scatter fills all entries of its array at once.
 */
import {
  bindAt,
  bindBuild,
  bindMap,
  bindSum,
  coefficientOf,
  inOrder,
  isAxis,
  keepName,
  termsOf,
  type Axis,
  type Expr,
  type Index,
} from "../ir/expr.ts";

/** The axes over which a node must be an array, none if it needn't. `outer`: axes of the tensors around it. */
function arrayAxes(e: Expr, outer: readonly Axis[]): readonly Axis[] {
  if (e.kind !== "sum") return [];
  if (e.axes.some((a) => a.size !== undefined)) return e.free.filter((a) => a.size === undefined);
  return e.sparse.length > 0 ? e.free.filter((a) => a.size === undefined && outer.includes(a)) : [];
}

const isArraySum = (e: Expr, outer: readonly Axis[]): boolean =>
  termsOf(e).every((t) => arrayAxes(coefficientOf(t)[1], outer).length > 0);

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
    // One order for one array, whatever reads it: long rows, then by use.
    const own = [...new Set(termsOf(e).flatMap((t) => arrayAxes(coefficientOf(t)[1], outer)))],
      axes = [...inOrder(own, e)].sort((a, b) => a.extent - b.extent);
    return bindAt(bindBuild(axes, terms(e, outer)), axes);
  };
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
      case "at":
        return bindAt(
          visit(e.tensor, outer),
          e.indices.map((i) => index(i, outer)),
        );
      case "sum":
        return bindSum(e.axes, visit(e.body, outer));
      case "build": {
        const around = [...outer, ...e.axes];
        // A body that is nothing but such sums fills this very tensor.
        return keepName(
          e,
          bindBuild(e.axes, isArraySum(e.body, around) ? terms(e.body, around) : visit(e.body, around)),
        );
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
