/**
 * Special functions in elementary ones. In: an expression. Out: the same with every primitive whose table entry has an
 * expansion written out, and powers as squares, roots and reciprocals.
 */
import { algebra, bindMap, bindProduct, lit, type Expr, type MapNode } from "../ir/expr.ts";
import { ops, type Algebra } from "../ir/ops.ts";
import { plainRules, rewrite } from "../ir/rewrite.ts";

/** Normal form but for products, which stay factored. */
const factored: Algebra<Expr> = { ...algebra, mul: bindProduct };

const expansionOf = (op: MapNode["op"], args: readonly Expr[]): Expr | undefined =>
  ops[op].expand?.to(
    factored,
    args,
    args.map((a) => (a.kind === "lit" ? a.value : NaN)),
  );

/** xᵖ for half-integer p in squares, square roots and reciprocals, which is what machines have. */
function expandPower(base: Expr, p: number): Expr {
  const raised = (x: Expr, q: number): Expr => bindMap("pow", [x, lit(q)]);
  if (p < 0) return raised(expandPower(base, -p), -1);
  if (p === 1) return base;
  if (p === 2 || p === 0.5 || !Number.isInteger(2 * p) || p > 64) return raised(base, p);
  if (!Number.isInteger(p)) return bindMap("mul", [expandPower(base, p - 0.5), raised(base, 0.5)]);
  return p % 2 === 0 ? raised(expandPower(base, p / 2), 2) : bindMap("mul", [base, expandPower(base, p - 1)]);
}

/**
 * Spells literal powers in elementary ones: the last pass over expressions, since products would collect them again.
 */
export function expandPowers(root: Expr): Expr {
  return rewrite(root, {
    ...plainRules,
    map: (e, visit) => {
      const args = e.args.map(visit);
      if (e.op === "pow" && args[1]!.kind === "lit" && args[1]!.value !== -1)
        return expandPower(args[0]!, args[1]!.value);
      return bindMap(e.op, args);
    },
  });
}

/** Expands every special function inside; the rest stays as it stands. */
export function expandSpecial(root: Expr): Expr {
  return rewrite(root, {
    ...plainRules,
    map: (e, visit) => {
      const args = e.args.map(visit);
      const expansion = expansionOf(e.op, args);
      if (expansion) return expansion;
      if (args.every((a, n) => a === e.args[n])) return e;
      return e.op === "mul" ? bindProduct(...args) : bindMap(e.op, args);
    },
  });
}
