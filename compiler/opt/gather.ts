/**
 * Scatters as gathers. In: an expression. Out: the same values, no tensor written at places that a constant table says.
 * Σ_p δ(T_p, a) f(p) adds to entry a from every p with T_p = a. The table is constant, so for each a these p are a
 * list, known when compiling: Σ_m where(m < count[a], f(list[a, m]), 0) over the longest. For backends that only read.
 */
import { add, at, axis, bindAt, bindBuild, bindMap, bindProduct, bindSum, coefficientOf, delta, factorsOf, iota, isAxis, keepName, lit, map, open, substitute, table, termsOf, type Axis, type Delta, type Expr, type Index, type MapNode, type Sum } from "../ir/expr.ts";

/** An index that a table decides: its values over the axes that stand in it. */
interface Lookup { readonly axes: readonly Axis[]; readonly values: readonly number[] }

/** Rewrites every scatter over constant tables inside, those of nested sums too. Values stay; the order of additions doesn't. */
export function gatherForm(root: Expr): Expr {
  const memo = new Map<Expr, Expr>();
  const index = (i: Index): Index => (isAxis(i) ? i : visit(i));
  const rebuild = (e: Expr): Expr => {
    switch (e.kind) {
      case "lit": case "param": case "table": return e;
      case "map": return bindMap(e.op, e.args.map(visit));
      case "at": return bindAt(visit(e.tensor), e.indices.map(index));
      case "delta": return delta(index(e.i), index(e.j));
      case "build": return keepName(e, bindBuild(e.axes, visit(e.body)));
      case "sum": return gathered(open(e), visit);
    }
  };
  const visit = (e: Expr): Expr => {
    let made = memo.get(e);
    if (!made) memo.set(e, made = rebuild(e));
    return made;
  };
  return visit(root);
}

/** A sum with its Deltas resolved one after the other, while one of them scatters. */
function gathered({ axes, body }: { axes: readonly Axis[]; body: Expr }, visit: (e: Expr) => Expr): Expr {
  const factors = factorsOf(body);
  for (const d of factors) {
    if (d.kind !== "delta") continue;
    const found = scatter(d, axes);
    if (found) return gatherOver(axes, found, factors.filter((f) => f !== d), visit);
  }
  return bindSum(axes, visit(body));
}

/** Which place a Delta writes, and the table that says when; none where the place isn't an axis of a tensor around. */
function scatter(d: Delta, axes: readonly Axis[]): { place: Axis; lookup: Lookup } | undefined {
  for (const [place, written] of [[d.i, d.j], [d.j, d.i]] as const) {
    if (!isAxis(place) || axes.includes(place) || isAxis(written)) continue;
    const lookup = lookupOf(written, axes);
    if (lookup) return { place, lookup };
  }
  return undefined;
}

/** The values of a constant index for all values of the summed axes that stand in it; none if anything else does. */
function lookupOf(written: Expr, summed: readonly Axis[]): Lookup | undefined {
  const axes = written.free.filter((a) => summed.includes(a));
  if (axes.length === 0 || axes.length < written.free.length || axes.some((a) => a.size !== undefined)) return undefined;
  const values: number[] = [];
  for (const position of positions(axes.map((a) => a.extent))) {
    const value = substitute(written, new Map<Axis, Index>(axes.map((a, n) => [a, lit(position[n]!)])));
    if (value.kind !== "lit") return undefined;
    values.push(value.value);
  }
  return { axes, values };
}

export function* positions(extents: readonly number[]): Generator<number[]> {
  const [first, ...rest] = extents;
  if (first === undefined) { yield []; return; }
  for (let n = 0; n < first; n++) for (const tail of positions(rest)) yield [n, ...tail];
}

/** For each place its sources, in order, padded with the first of all; and how many there are. */
function inverse({ axes, values }: Lookup, places: number): { counts: number[]; longest: number; lists: number[][] } {
  const sources = Array.from({ length: places }, (): number[][] => []);
  let n = 0;
  for (const position of positions(axes.map((a) => a.extent))) sources[values[n++]!]?.push(position);
  const counts = sources.map((s) => s.length), longest = Math.max(0, ...counts);
  return { counts, longest, lists: axes.map((_, k) => sources.flatMap((s) => Array.from({ length: longest }, (__, m) => s[m]?.[k] ?? 0))) };
}

function gatherOver(axes: readonly Axis[], { place, lookup }: { place: Axis; lookup: Lookup }, factors: readonly Expr[], visit: (e: Expr) => Expr): Expr {
  const { counts, longest, lists } = inverse(lookup, place.extent);
  if (longest === 0) return lit(0);
  const m = axis(longest, "m"), left = axes.filter((a) => !lookup.axes.includes(a));
  const sources = lookup.axes.map((a, k): [Axis, Index] => [a, at(table(`sources${k}`, [place.extent, longest], lists[k]!), [place, m])]);
  const value = substitute(product(factors), new Map<Axis, Index>(sources));
  // Where every place has as many sources as the longest list, nothing needs a guard.
  const full = counts.every((c) => c === longest);
  const guarded = full ? value : map("where", map("lt", iota(m), at(table("source_counts", [place.extent], counts), [place])), value, lit(0));
  return gathered({ axes: [m, ...left], body: guarded }, visit);
}

const product = (factors: readonly Expr[]): Expr => bindProduct(...factors);
