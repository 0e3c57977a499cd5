/**
 * How often a term is worked out. In: factors or expressions. Out: the product of the ranges of their axes.
 * An axis that a Delta gives in terms of others isn't iterated: a scatter costs one pass over its source.
 */
import { children, coefficientOf, isAxis, termsOf, type Axis, type Delta, type Expr } from "../ir/expr.ts";
import { mergeAxes } from "../ir/node.ts";

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
