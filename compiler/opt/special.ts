/**
 * Special functions in elementary ones. In: an expression. Out: the same with `matern` as e^(−z) times a polynomial,
 * z = √w, so that all orders of one distance share one square root and one exponential.
 */
import { add, bindMap, bindProduct, lit, map, mul, pow, type Expr } from "../ir/expr.ts";
import { MATERN_ZERO, reverseBessel } from "../ir/ops.ts";
import { plainRules, rewrite } from "../ir/rewrite.ts";

/** M_m(w): see `matern` in the table of primitives, whose convention for w → 0 this keeps. */
function expandMatern(m: number, w: Expr): Expr {
  const z = pow(w, lit(0.5)),
    decay = map("exp", mul(lit(-1), z)),
    theta = reverseBessel(m >= 0 ? m : -m - 1);
  const scale = m >= 0 ? theta[0]! : 1;
  const polynomial = theta.reduceRight<Expr>((sum, c) => add(lit(c / scale), mul(z, sum)), lit(0));
  if (m >= 0) return bindProduct(decay, polynomial);
  return map("where", map("lt", w, lit(MATERN_ZERO)), lit(0), bindProduct(decay, polynomial, pow(w, lit(m + 0.5))));
}

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
      if (e.op === "matern" && args[0]!.kind === "lit") return expandMatern(args[0]!.value, args[1]!);
      if (args.every((a, n) => a === e.args[n])) return e;
      return e.op === "mul" ? bindProduct(...args) : bindMap(e.op, args);
    },
  });
}
