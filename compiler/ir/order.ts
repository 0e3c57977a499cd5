/**
 * The order of arguments. In: two nodes or axes. Out: which comes first, whatever was made before them, and when.
 */
import { axisOrder, children, isAxis, type Expr, type Index } from "./node.ts";

/**
 * The order of arguments and factors: by structure, then by axes. What ties differs in its axes alone: there the first
 * place at which they part decides, since nodes are made again, and with other numbers, when they were collected.
 */
export function order(a: Index, b: Index): number {
  return a.hash - b.hash || a.axisHash - b.axisHash || (a === b ? 0 : orderOfParts(a, b));
}

function orderOfParts(a: Index, b: Index): number {
  if (isAxis(a) && isAxis(b)) return axisOrder(a, b);
  if (isAxis(a) || isAxis(b)) return isAxis(a) ? -1 : 1;
  const [left, right] = [parts(a), parts(b)];
  for (let n = 0; n < Math.min(left.length, right.length); n++) {
    if (left[n] === right[n]) continue;
    const found = order(left[n]!, right[n]!);
    if (found !== 0) return found;
  }
  return left.length - right.length || a.id - b.id;
}

/** All that stands directly in a node, in its order: axes, and nodes. */
function parts(e: Expr): readonly Index[] {
  switch (e.kind) {
    case "sum":
    case "build":
      return [...e.axes, e.body];
    case "at":
      return [e.tensor, ...e.indices];
    case "delta":
      return [e.i, e.j];
    default:
      return children(e);
  }
}
