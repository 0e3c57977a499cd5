/**
 * Forward mode. In: an expression, a Param and its tangent. Out: the directional derivative, of the expression's shape.
 * Only scalar primitives have derivative rules; the structural kinds are linear and pass the tangent on.
 */
import { add, algebra, at, axis, build, children, dims, isZero, lit, map, mul, sum, type Expr } from "../ir/expr.ts";
import { ops } from "../ir/ops.ts";
import { arrayed, joined } from "./arrays.ts";

/** Whether an expression contains a Param; memoised for one differentiation. */
export function dependence(wrt: Expr): (e: Expr) => boolean {
  const memo = new Map<Expr, boolean>();
  const depends = (e: Expr): boolean => {
    let known = memo.get(e);
    if (known === undefined) memo.set(e, (known = e === wrt || children(e).some(depends)));
    return known;
  };
  return depends;
}

/**
 * Σ ∂e/∂wrt · tangent. The tangent has the Param's shape; its free axes (a family of directions) stay free.
 * Throws an Error if shapes differ.
 */
export function jvp(e: Expr, wrt: Expr, tangent: Expr): Expr {
  if (dims(wrt).join() !== dims(tangent).join())
    throw new Error(`a tangent of shape [${dims(tangent).join()}] for a point of shape [${dims(wrt).join()}]`);
  const depends = dependence(wrt),
    memo = new Map<Expr, Expr>();
  const dot = (x: Expr): Expr => {
    if (x === wrt) return tangent;
    if (!depends(x)) return zeroOf(x);
    let known = memo.get(x);
    if (!known) memo.set(x, (known = dims(x).length > 0 || !isAlone(x) ? rule(x) : arrayed(rule(x), family)));
    return known;
  };
  const family = tangent.free,
    isAlone = aboutOnePoint(wrt);
  const rule = (x: Expr): Expr => {
    switch (x.kind) {
      case "sum":
        return sum(x.axes, dot(x.body));
      case "build":
        return joined(x.axes, dot(x.body));
      case "at":
        return at(dot(x.tensor), x.indices);
      case "map":
        if (x.op === "where") return map("where", x.args[0]!, dot(x.args[1]!), dot(x.args[2]!));
        return add(
          ...x.args.map((a, n) => {
            const aDot = dot(a);
            return isZero(aDot) ? aDot : mul(aDot, partial(x, n));
          }),
        );
      default:
        return zeroOf(x);
    }
  };
  return dot(e);
}

/**
 * Whether an expression is about one point alone: no other Param of the point's shape is in it. Its derivative by the
 * point may be an array, worked out once a point; what a pair of points determines is better left to sums.
 */
function aboutOnePoint(point: Expr): (e: Expr) => boolean {
  const memo = new Map<Expr, boolean>(),
    shape = dims(point).join();
  const alone = (e: Expr): boolean => {
    let known = memo.get(e);
    if (known === undefined) {
      known = e.kind === "param" ? e === point || dims(e).join() !== shape : children(e).every(alone);
      memo.set(e, known);
    }
    return known;
  };
  return alone;
}

/** Zeros of an expression's shape. */
function zeroOf(e: Expr): Expr {
  return build(
    dims(e).map((d, n) =>
      axis(d, "a", e.kind === "build" ? e.axes[n]!.size : e.kind === "param" ? e.sizes[n] : undefined),
    ),
    lit(0),
  );
}

/** ∂/∂(argument n) of a primitive at its arguments. */
export function partial(x: Expr & { kind: "map" }, n: number): Expr {
  if (x.op === "add") return lit(1);
  if (x.op === "mul") return mul(...x.args.filter((_, k) => k !== n));
  const rule = ops[x.op].partials[n];
  return rule ? rule(algebra, x, x.args[0]!, x.args[1] ?? x.args[0]!) : lit(0);
}
