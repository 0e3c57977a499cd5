/**
 * Matrix products. In: laid-out tensors. Out: the same, with sums of products of two rows read from a block of all
 * pairs of rows, which loops fill by a matrix product: the atoms of one molecule against those of another, say.
 */
import {
  bindAt,
  bindBuild,
  bindMap,
  factorsOf,
  isAxis,
  type At,
  type Axis,
  type Expr,
  type Index,
  type Sum,
} from "../ir/expr.ts";
import { rebound } from "./rebind.ts";

/** Below this many terms a sum is too short for a block to pay. */
const SHORTEST = 4;

/** C[rows, cols] = Σ_inner A[…rows…inner…] B[…cols…inner…]. */
export interface MatrixProduct {
  readonly rows: Axis;
  readonly cols: Axis;
  readonly inner: Axis;
  readonly a: At;
  readonly b: At;
}

/** A tensor's body, over its axes, as the product of two matrices, each a read with its two axes as plain indices. */
export function matrixProduct(axes: readonly Axis[], body: Expr): MatrixProduct | undefined {
  if (axes.length !== 2 || body.kind !== "sum" || body.axes.length !== 1 || body.axes[0]!.size !== undefined)
    return undefined;
  const [rows, cols] = axes as [Axis, Axis],
    inner = body.axes[0]!,
    factors = factorsOf(body.body);
  if (factors.length !== 2) return undefined;
  const [f, g] = factors as [Expr, Expr];
  if (isRow(f, rows, inner, cols) && isRow(g, cols, inner, rows)) return { rows, cols, inner, a: f, b: g };
  return isRow(g, rows, inner, cols) && isRow(f, cols, inner, rows) ? { rows, cols, inner, a: g, b: f } : undefined;
}

/** A read whose indices hold the two axes once each, plainly, and the third not at all. */
function isRow(f: Expr, row: Axis, inner: Axis, other: Axis): f is At {
  if (f.kind !== "at" || f.free.includes(other) || f.tensor.free.includes(row) || f.tensor.free.includes(inner))
    return false;
  return [row, inner].every(
    (a) => f.indices.filter((i) => i === a).length === 1 && f.indices.every((i) => isAxis(i) || !i.free.includes(a)),
  );
}

/**
 * The axes of the two rows, where a sum is the product of a row of one tensor and a row of another, and long enough.
 */
function rowsOf(e: Sum): readonly Axis[] | undefined {
  const inner = e.axes[0]!,
    [f, g] = factorsOf(e.body);
  if (!f || !g || inner.extent < SHORTEST) return undefined;
  const own = (x: Expr, other: Expr): Axis[] =>
    x.free.filter((a) => a !== inner && a.size === undefined && !other.free.includes(a));
  const rows = [...own(f, g), ...own(g, f)];
  return rows.reduce((n, a) => n * a.extent, 1) >= SHORTEST && matrixProduct(rows, e) ? rows : undefined;
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
        return rebound(e, visit(e.body, e.body.kind === "sum" && e.axes.length === 2));
      case "sum": {
        const rows = inBlock ? undefined : rowsOf(e),
          summed = rebound(e, visit(e.body, false));
        return rows ? bindAt(bindBuild(rows, summed), rows) : summed;
      }
    }
  };
  return visit(root, false);
}
