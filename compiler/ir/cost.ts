/**
 * Costs of expressions under ideal staging. In: an expression. Out: floating-point operations.
 * Every node is worked out once for each value of its free axes: what a schedule can reach at best, and what the
 * contraction passes minimise. Symbolic numbers of points count with their nominal values.
 */
import { ops, reverseBessel } from "./ops.ts";
import { children, isAxis, type Axis, type Expr, type MapNode } from "./node.ts";
import { baseAndPower } from "./normal.ts";

const volume = (axes: Iterable<Axis>): number => {
  let v = 1;
  for (const a of axes) v *= a.extent;
  return v;
};

/** Operations that raising to a literal power takes: multiplications by squaring, a square root, a division. */
export function powerFlops(p: number): number {
  const whole = Math.floor(Math.abs(p)),
    half = Math.abs(p) - whole;
  if (half !== 0 && half !== 0.5) return 1;
  let flops = half === 0.5 ? 1 : 0;
  if (whole > 0)
    flops +=
      Math.floor(Math.log2(whole)) +
      [...whole.toString(2)].filter((b) => b === "1").length -
      1 +
      (half === 0.5 ? 1 : 0);
  return flops + (p < 0 ? 1 : 0);
}

/** Operations of one node, its arguments given. */
export function nodeFlops(e: MapNode): number {
  if (e.op === "add") return e.args.length - 1;
  if (e.op === "mul") {
    const signs = e.args[0]!.kind === "lit" && Math.abs(e.args[0]!.value) === 1 ? 1 : 0;
    const divisions = e.args.filter((a) => baseAndPower(a)[1] === -1).length;
    return e.args.filter((a) => a.kind !== "delta").length - 1 - signs - Math.min(divisions, 1);
  }
  if (e.op === "pow") return e.args[1]!.kind === "lit" ? powerFlops(e.args[1]!.value) : 1;
  if (e.op === "matern") {
    const m = e.args[0]!.kind === "lit" ? e.args[0]!.value : 0;
    return 1 + 2 * (reverseBessel(m >= 0 ? m : -m - 1).length - 1) + (m < 0 ? 2 : 0);
  }
  return ops[e.op].flops;
}

/** The axes over which a product is worked out: those that a Delta fixes in terms of others drop out. */
function iterated(e: Expr): Set<Axis> {
  const axes = new Set(e.free);
  const factors = e.kind === "map" && e.op === "mul" ? e.args : [e];
  for (const d of factors) {
    if (d.kind !== "delta") continue;
    const fixed = isAxis(d.j) ? d.j : isAxis(d.i) ? d.i : undefined;
    if (fixed) axes.delete(fixed);
  }
  return axes;
}

/** Operations of each node inside, once per value of its free axes. */
export function flopsByNode(root: Expr): Map<Expr, number> {
  const costs = new Map<Expr, number>();
  const visit = (e: Expr): void => {
    if (costs.has(e)) return;
    costs.set(e, 0);
    children(e).forEach(visit);
    if (e.kind === "map") costs.set(e, nodeFlops(e) * volume(iterated(e)));
    if (e.kind === "sum")
      costs.set(e, volume(new Set([...iterated(e.body), ...e.axes.filter((a) => iterated(e.body).has(a))])));
  };
  visit(root);
  return costs;
}

/** Operations of the whole under ideal staging. */
export function flops(...roots: Expr[]): number {
  const all = new Map<Expr, number>();
  for (const root of roots) for (const [e, cost] of flopsByNode(root)) all.set(e, cost);
  let total = 0;
  for (const cost of all.values()) total += cost;
  return total;
}

/** Nodes reachable from an expression, for the budgets that the tests hold. */
export function nodeCount(...roots: Expr[]): number {
  const seen = new Set<Expr>();
  const visit = (e: Expr): void => {
    if (!seen.has(e)) {
      seen.add(e);
      children(e).forEach(visit);
    }
  };
  roots.forEach(visit);
  return seen.size;
}
