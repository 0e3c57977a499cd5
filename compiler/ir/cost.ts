/**
 * What expressions cost: the one place that passes and the scheduler ask. In: nodes, factors, expressions. Out:
 * floating-point operations, and how often they are done.
 * Under ideal staging every node is worked out once for each value of its free axes: what a schedule can reach at best,
 * and what the contraction passes minimise. An axis that a Delta gives in terms of others isn't iterated: a scatter
 * costs one pass over its source. Symbolic numbers of points count with their nominal values.
 */
import { ops } from "./ops.ts";
import { children, isAxis, mergeAxes, type Axis, type Delta, type Expr, type MapNode } from "./node.ts";
import { baseAndPower, coefficientOf, termsOf } from "./normal.ts";

// ---- one node

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
  const { expand } = ops[e.op];
  return expand ? expand.flops(literals(e)) : ops[e.op].flops;
}

/** The literal arguments of a primitive, NaN for the others. */
const literals = (e: MapNode): number[] => e.args.map((a) => (a.kind === "lit" ? a.value : NaN));

/** Whether working a scalar out takes a sum, or so many operations, sums and entries of tensors counting 2. */
export const takesFlops = (e: Expr, least: number): boolean => e.kind === "sum" || flopsUpTo(e, least) >= least;

/** Operations inside a scalar, counted until there are enough. */
function flopsUpTo(e: Expr, enough: number): number {
  if (e.kind !== "map") return isWork(e) ? 2 : 0;
  let found = nodeFlops(e);
  for (const a of e.args) {
    if (found >= enough) break;
    found += flopsUpTo(a, enough - found);
  }
  return found;
}

/** Whether working an expression out costs arithmetic. */
export function isWork(e: Expr): boolean {
  if (e.kind === "sum") return true;
  if (e.kind === "map") return nodeFlops(e) > 0 || e.args.some(isWork);
  return e.kind === "at" && e.tensor.kind === "build";
}

// ---- ideal staging

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
    if (e.kind === "map") costs.set(e, nodeFlops(e) * volumeOf([...iterated(e)]));
    if (e.kind === "sum") costs.set(e, volumeOf([...iterated(e.body)]));
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

// ---- products of factors

/** A factor, or one that would be: its kind and axes are all that costs depend on. */
export type Factor = Expr | { readonly kind: "sum"; readonly free: readonly Axis[] };

export const volumeOf = (axes: readonly Axis[]): number => axes.reduce((v, a) => v * a.extent, 1);

/**
 * Whether a factor says where to write: a Delta, or a sum of Deltas with coefficients, which writes to several places.
 */
export const isScatter = (f: Factor): boolean => f.kind === "delta" || deltasOf(f).length > 1;

/** The Deltas of a factor that says where to write, none of any other. */
export function deltasOf(f: Factor): readonly Delta[] {
  if (f.kind === "delta") return [f];
  if (f.kind !== "map" || f.op !== "add" || f.sparse.length === 0) return [];
  const deltas = termsOf(f)
    .map((t) => coefficientOf(t)[1])
    .filter((t): t is Delta => t.kind === "delta");
  return deltas.length === f.args.length ? deltas : [];
}

/** How many places a product of factors is written to. */
export const writes = (factors: readonly Factor[]): number =>
  factors.reduce((n, f) => n * Math.max(1, deltasOf(f).length), 1);

/** The axes over which a product of factors is iterated. */
export function iteratedAxes(factors: readonly Factor[]): readonly Axis[] {
  const all = mergeAxes(...factors.map((f) => f.free));
  const fixed = new Set<Axis>();
  for (const d of factors.map((f) => deltasOf(f)[0])) {
    if (!d) continue;
    for (const [a, other] of [
      [d.i, d.j],
      [d.j, d.i],
    ] as const) {
      if (isAxis(a) && !fixed.has(a) && !(isAxis(other) && fixed.has(other))) {
        fixed.add(a);
        break;
      }
    }
  }
  return fixed.size === 0 ? all : all.filter((a) => !fixed.has(a));
}

/** Operations of multiplying the factors for every value of their axes, factors of like axes first. */
export function productCost(factors: readonly Factor[]): number {
  const real = factors.filter((f) => f.kind !== "lit" && !isScatter(f));
  const bySet = new Map<string, Factor[]>();
  for (const f of real) {
    const key = f.free.map((a) => a.id).join();
    bySet.set(key, [...(bySet.get(key) ?? []), f]);
  }
  const groups = [...bySet.values()].sort((a, b) => volumeOf(a[0]!.free) - volumeOf(b[0]!.free));
  let cost = 0,
    joined: readonly Axis[] = [];
  groups.forEach((group, n) => {
    cost += (group.length - 1) * volumeOf(group[0]!.free);
    joined = mergeAxes(joined, group[0]!.free);
    if (n > 0) cost += volumeOf(joined);
  });
  return cost;
}

/** How many places use each node: one that is shared is paid for anyway. */
export function countUses(root: Expr): Map<Expr, number> {
  const uses = new Map<Expr, number>();
  const visit = (e: Expr): void => {
    uses.set(e, (uses.get(e) ?? 0) + 1);
    if (uses.get(e) === 1) children(e).forEach(visit);
  };
  visit(root);
  return uses;
}

// ---- work inside loops

/** Operations, and the axes whose values they are done for. */
export interface AxisWork {
  readonly free: readonly Axis[];
  readonly flops: number;
}

/**
 * The work inside a value, but for what `closed` says is worked out outside: a product or sum counts once for each
 * argument, since arguments are nested by the loops that they need.
 */
export function workInside(value: Expr, closed: (e: Expr) => boolean): AxisWork[] {
  const work: AxisWork[] = [],
    seen = new Set<Expr>();
  const visit = (e: Expr, inner: number): void => {
    if (seen.has(e) || closed(e)) return;
    seen.add(e);
    if (e.kind === "map") {
      if (e.op === "mul" || e.op === "add") e.args.forEach((a) => work.push({ free: a.free, flops: inner }));
      else work.push({ free: e.free, flops: nodeFlops(e) * inner });
      e.args.forEach((a) => visit(a, inner));
    } else if (e.kind === "sum" || e.kind === "build") {
      const volume = inner * volumeOf(e.axes);
      work.push({ free: e.free, flops: volume });
      visit(e.body, volume);
    } else if (e.kind === "at") visit(e.tensor, inner);
  };
  visit(value, 1);
  return work;
}
