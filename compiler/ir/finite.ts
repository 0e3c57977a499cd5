/**
 * What is finite wherever points, coefficients and parameters are. In: an expression. Out: whether that is certain.
 * A factor that is can stand outside a choice, for nothing that isn't chosen makes it infinite; a quotient or a
 * logarithm can't. Sure of little: what is uncertain stays with what is chosen.
 */
import { children, type Expr } from "./node.ts";
import { baseAndPower, factorsOf, termsOf } from "./normal.ts";
import { unbounded } from "./ops.ts";

const known = new WeakMap<Expr, boolean>();

export function isAlwaysFinite(e: Expr): boolean {
  let finite = known.get(e);
  if (finite === undefined) known.set(e, (finite = decide(e)));
  return finite;
}

function decide(e: Expr): boolean {
  switch (e.kind) {
    case "lit":
      return Number.isFinite(e.value);
    case "table":
      return e.data.every(Number.isFinite);
    case "map": {
      if (e.op === "pow") return e.args[1]!.kind === "lit" && e.args[1]!.value > 0 && isAlwaysFinite(e.args[0]!);
      if (e.op === "exp" && !isNegative(e.args[0]!)) return false;
      return (e.op === "exp" || !unbounded.has(e.op)) && e.args.every(isAlwaysFinite);
    }
    default:
      return children(e).every(isAlwaysFinite);
  }
}

/** Whether a value is at most 0 for certain: −c times squares. */
function isNegative(e: Expr): boolean {
  return termsOf(e).every((term) => {
    const [head, ...rest] = factorsOf(term);
    return head!.kind === "lit" && (rest.length === 0 ? head!.value <= 0 : head!.value < 0 && rest.every(isSquare));
  });
}

/** Whether a factor is at least 0 for certain. */
function isSquare(f: Expr): boolean {
  const [base, p] = baseAndPower(f);
  if (base.kind === "sum") return factorsOf(base.body).every(isSquare);
  return p % 2 === 0 || (f.kind === "map" && f.op === "pow" && p === 0.5);
}
