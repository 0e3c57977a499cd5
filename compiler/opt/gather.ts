/**
 * Scatters as gathers. In: an expression. Out: the same values, no tensor written at places that a constant table says.
 * Σ_p δ(T_p, a) f(p) adds to entry a from every p with T_p = a. The table is constant, so for each a these p are a
 * list, known when compiling: Σ_m where(m < count[a], f(list[a, m]), 0) over the longest. For backends that only read.
 */
import {
  at,
  axis,
  bindAt,
  bindBuild,
  bindMap,
  bindProduct,
  bindSum,
  delta,
  factorsOf,
  iota,
  isAxis,
  isLit,
  keepName,
  lit,
  map,
  open,
  substitute,
  table,
  termsOf,
  type Axis,
  type Expr,
  type Index,
} from "../ir/expr.ts";
import { mergeAxes } from "../ir/node.ts";

/** Rewrites every scatter over constant tables inside. Values stay but for the order of additions. */
export function gatherForm(root: Expr): Expr {
  const memo = new Map<Expr, Expr>();
  const index = (i: Index): Index => (isAxis(i) ? i : visit(i));
  const rebuild = (e: Expr): Expr => {
    switch (e.kind) {
      case "lit":
      case "param":
      case "table":
        return e;
      case "map":
        return bindMap(e.op, e.args.map(visit));
      case "at":
        return bindAt(visit(e.tensor), e.indices.map(index));
      case "delta":
        return delta(index(e.i), index(e.j));
      case "build":
        return keepName(e, bindBuild(e.axes, visit(e.body)));
      case "sum": {
        const { axes, body } = open(e);
        return bindMap(
          "add",
          termsOf(body).map((t) => gathered(axes, t, visit)),
        );
      }
    }
  };
  const visit = (e: Expr): Expr => {
    let made = memo.get(e);
    if (!made) memo.set(e, (made = rebuild(e)));
    return made;
  };
  return visit(root);
}

/** A summand taken apart: factors, and the conditions under which they count. */
interface Summand {
  readonly guards: readonly Expr[];
  readonly factors: readonly Expr[];
}

function apart(e: Expr): Summand {
  const parts = factorsOf(e).map((f): Summand => {
    if (f.kind !== "map" || f.op !== "where") return { guards: [], factors: [f] };
    const [c, a, b] = f.args as [Expr, Expr, Expr];
    const kept = isLit(b, 0) ? { guard: c, arm: a } : isLit(a, 0) ? { guard: map("not", c), arm: b } : undefined;
    if (!kept) return { guards: [], factors: [f] };
    const inside = apart(kept.arm);
    return { guards: [kept.guard, ...inside.guards], factors: inside.factors };
  });
  return { guards: parts.flatMap((p) => p.guards), factors: parts.flatMap((p) => p.factors) };
}

/** Σ of one summand, its scatters replaced; as it stands if it has none. */
function gathered(axes: readonly Axis[], summand: Expr, visit: (e: Expr) => Expr): Expr {
  let left = axes,
    { guards, factors } = apart(summand),
    found = group(factors, left);
  if (!found) return bindSum(axes, visit(summand));
  for (; found; found = group(factors, left)) {
    const { by, m, guard } = invert(found);
    left = [m, ...left.filter((a) => !found!.summed.includes(a))];
    factors = factors.filter((f) => !found!.deltas.includes(f)).map((f) => substitute(f, by));
    guards = [...guards.map((g) => substitute(g, by)), ...(guard ? [guard] : [])];
  }
  const value = visit(bindProduct(...factors));
  return bindSum(
    left,
    guards.reduceRight((inside, g) => map("where", visit(g), inside, lit(0)), value),
  );
}

/** A Delta that writes an axis of a tensor around where a constant says. */
interface Scatter {
  readonly delta: Expr;
  readonly place: Axis;
  readonly written: Expr;
}

/** Scatters from the same summed axes: one list for all of them. */
interface Group {
  readonly deltas: readonly Expr[];
  readonly places: readonly Axis[];
  /** Summed axes that the tables give up. */
  readonly summed: readonly Axis[];
  /** Axes around on which the tables depend as well. */
  readonly outer: readonly Axis[];
  /**
   * The places, in order, that a position of `outer` and `summed` writes; none where its Deltas contradict each other.
   */
  written(outer: readonly number[], summed: readonly number[]): readonly number[] | undefined;
}

function group(factors: readonly Expr[], summed: readonly Axis[]): Group | undefined {
  const all = factors.map((f) => scatter(f, summed)).filter((s) => s !== undefined),
    first = all[0];
  if (!first) return undefined;
  const sources = (s: Scatter): Axis[] => s.written.free.filter((a) => summed.includes(a));
  let members = [first],
    own: readonly Axis[] = sources(first);
  for (let size = 0; size < members.length; ) {
    size = members.length;
    members = all.filter((s) => sources(s).some((a) => own.includes(a)));
    own = mergeAxes(own, ...members.map(sources));
  }
  const places = [...new Set(members.map((s) => s.place))],
    outer = mergeAxes(...members.map((s) => s.written.free)).filter((a) => !own.includes(a));
  const written = (around: readonly number[], position: readonly number[]): readonly number[] | undefined => {
    const values = members.map((s) => constant(s.written, [...outer, ...own], [...around, ...position])!);
    const at = places.map((p) => values[members.findIndex((s) => s.place === p)]!);
    return members.every((s, n) => values[n] === at[places.indexOf(s.place)]) ? at : undefined;
  };
  return { deltas: members.map((s) => s.delta), places, summed: own, outer, written };
}

function scatter(d: Expr, summed: readonly Axis[]): Scatter | undefined {
  if (d.kind !== "delta") return undefined;
  for (const [place, written] of [
    [d.i, d.j],
    [d.j, d.i],
  ] as const) {
    if (
      !isAxis(place) ||
      isAxis(written) ||
      summed.includes(place) ||
      place.size !== undefined ||
      written.free.includes(place)
    )
      continue;
    const fixed = written.free.every((a) => a.size === undefined) && written.free.some((a) => summed.includes(a));
    if (
      fixed &&
      constant(
        written,
        written.free,
        written.free.map(() => 0),
      ) !== undefined
    )
      return { delta: d, place, written };
  }
  return undefined;
}

/** The value of an index at a position of its axes, if tables alone decide it. */
function constant(written: Expr, axes: readonly Axis[], position: readonly number[]): number | undefined {
  const value = substitute(written, new Map<Axis, Index>(axes.map((a, n) => [a, lit(position[n]!)])));
  return value.kind === "lit" ? value.value : undefined;
}

/** The lists: what stands for each summed axis, the axis along the lists, and the guard of the shorter ones. */
function invert({ places, summed, outer, written }: Group): { by: Map<Axis, Index>; m: Axis; guard?: Expr } {
  const lists = new Map<string, (readonly number[])[]>();
  for (const around of positions(outer)) {
    for (const position of positions(summed)) {
      const place = written(around, position),
        key = place && [...around, ...place].join();
      if (key !== undefined) lists.set(key, [...(lists.get(key) ?? []), position]);
    }
  }
  const rows = [...positions([...outer, ...places])].map((p) => lists.get(p.join()) ?? []),
    longest = Math.max(1, ...rows.map((r) => r.length));
  const m = axis(longest, "m"),
    shape = [...outer, ...places].map((a) => a.extent),
    entry = [...outer, ...places];
  const by = summed.map((a, k): [Axis, Index] => [
    a,
    at(
      table(
        "sources",
        [...shape, longest],
        rows.flatMap((r) => Array.from({ length: longest }, (_, n) => r[n]?.[k] ?? 0)),
      ),
      [...entry, m],
    ),
  ]);
  if (rows.every((r) => r.length === longest)) return { by: new Map(by), m };
  return {
    by: new Map(by),
    m,
    guard: map(
      "lt",
      iota(m),
      at(
        table(
          "source_counts",
          shape,
          rows.map((r) => r.length),
        ),
        entry,
      ),
    ),
  };
}

function* positions(axes: readonly Axis[]): Generator<number[]> {
  const [first, ...rest] = axes;
  if (!first) {
    yield [];
    return;
  }
  for (let n = 0; n < first.extent; n++) for (const tail of positions(rest)) yield [n, ...tail];
}
