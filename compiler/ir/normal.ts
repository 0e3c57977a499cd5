/**
 * Reading the normal form: coefficients, factors, terms and powers.
 * In: expressions. Out: their parts. Sums hold terms with literal coefficients, products hold factors with literal
 * powers and at most one literal, which comes first.
 */
import { intern, type Expr } from "./node.ts";

/** The literal 1, which stands for the term of a constant. */
export const one: Expr = intern({ kind: "lit", value: 1 });
export const isLit = (e: Expr, value: number): boolean => e.kind === "lit" && e.value === value;
/** The scalar 0, or a tensor of zeros. */
export const isZero = (e: Expr): boolean => isLit(e.kind === "build" ? e.body : e, 0);

/** Splits a term into its literal coefficient and the rest. */
export function coefficientOf(e: Expr): [number, Expr] {
  if (e.kind === "lit") return [e.value, one];
  const head = e.kind === "map" && e.op === "mul" ? e.args[0]! : undefined;
  if (e.kind !== "map" || head?.kind !== "lit") return [1, e];
  const rest = e.args.slice(1);
  return [head.value, rest.length === 1 ? rest[0]! : intern({ kind: "map", op: "mul", args: rest })];
}

/** The factors of a product, its literal coefficient included; a single factor is its own product. */
export const factorsOf = (e: Expr): readonly Expr[] => (e.kind === "map" && e.op === "mul" ? e.args : [e]);
/** The terms of a sum; a single term is its own sum. */
export const termsOf = (e: Expr): readonly Expr[] => (e.kind === "map" && e.op === "add" ? e.args : [e]);

/** A factor as base and literal power. */
export function baseAndPower(e: Expr): [Expr, number] {
  const p = e.kind === "map" && e.op === "pow" ? e.args[1]! : undefined;
  return e.kind === "map" && p?.kind === "lit" ? [e.args[0]!, p.value] : [e, 1];
}
