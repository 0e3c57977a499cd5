/**
 * Matrix products. In: laid-out tensors. Out: the same, with sums of products of two rows read from a block of all
 * pairs of rows, which loops fill by a matrix product: the atoms of one molecule against those of another, say.
 */
import {
  bindAt,
  bindBuild,
  bindMap,
  bindSum,
  factorsOf,
  isAxis,
  keepName,
  type At,
  type Axis,
  type Expr,
  type Index,
  type Sum,
} from "../ir/expr.ts";

/** Below this many terms a sum is too short for a block to pay. */
const SHORTEST = 4;

/** The axes of the two rows, where a sum is the product of a row of one tensor and a row of another. */
function rowsOf(e: Sum): [Axis, Axis] | undefined {
  const inner = e.axes[0]!,
    factors = factorsOf(e.body);
  if (e.axes.length !== 1 || inner.size !== undefined || inner.extent < SHORTEST || factors.length !== 2)
    return undefined;
  const own = (f: Expr, other: Expr): Axis[] =>
    f.free.filter((a) => a !== inner && a.size === undefined && !other.free.includes(a));
  const [f, g] = factors as [Expr, Expr],
    [a, ...more] = own(f, g),
    [b, ...others] = own(g, f);
  if (!a || !b || more.length > 0 || others.length > 0 || a.extent * b.extent < SHORTEST) return undefined;
  return isRow(f, a, inner, b) && isRow(g, b, inner, a) ? [a, b] : undefined;
}

/** A read whose indices hold the two axes once each, plainly, and the third not at all. */
export function isRow(f: Expr, row: Axis, inner: Axis, other: Axis): f is At {
  if (f.kind !== "at" || f.free.includes(other) || f.tensor.free.includes(row) || f.tensor.free.includes(inner))
    return false;
  return [row, inner].every(
    (a) => f.indices.filter((i) => i === a).length === 1 && f.indices.every((i) => isAxis(i) || !i.free.includes(a)),
  );
}

export function blockProducts(root: Expr): Expr {
  const memo = new Map<string, Expr>();
  const visit = (e: Expr, inBlock: boolean): Expr => {
    const key = `${e.id}${inBlock ? "b" : ""}`;
    let made = memo.get(key);
    if (!made) memo.set(key, (made = rebuild(e, inBlock)));
    return made;
  };
  const index = (i: Index): Index => (isAxis(i) ? i : visit(i, false));
  const rebuild = (e: Expr, inBlock: boolean): Expr => {
    switch (e.kind) {
      case "lit":
      case "param":
      case "table":
      case "delta":
        return e;
      case "map":
        return bindMap(
          e.op,
          e.args.map((a) => visit(a, false)),
        );
      case "at":
        return bindAt(visit(e.tensor, false), e.indices.map(index));
      case "build":
        return keepName(e, bindBuild(e.axes, visit(e.body, e.body.kind === "sum" && e.axes.length === 2)));
      case "sum": {
        const rows = inBlock ? undefined : rowsOf(e),
          summed = bindSum(e.axes, visit(e.body, false));
        return rows ? bindAt(bindBuild(rows, summed), rows) : summed;
      }
    }
  };
  return visit(root, false);
}
