/**
 * The plan of a program. In: nests that fill the results. Out: a tree of steps: which loops are opened in which order,
 * and what is worked out in each: arrays, totals, shared scalars.
 * PlanLevel by level: of what the values at a level need, the sums and tensors that the open loops determine become
 * nests of
 * their own. Nests whose outer loops run over the same range, and don't wait for one another, share a loop, and the
 * same
 * is done inside it. A plan is a value: it names nothing, and what is known inside a loop ends with it.
 */
import { axis, children, isAxis, nameOf, sameRange, type Axis, type At, type Expr } from "../ir/expr.ts";
import { nodeFlops } from "../ir/cost.ts";
import { keyOf, nestOfSum, nestsOfTensor, type Nest, type Holder, type Surroundings } from "./nest.ts";
import { isPlain, usedTwice } from "./scalars.ts";

export type PlanStep =
  /** From here on there is room for what the holder holds; `zero`: it is accumulated and begins at zero. */
  | { readonly kind: "begin"; readonly holder: Holder; readonly zero: boolean }
  /** A scalar is worked out and kept. */
  | { readonly kind: "define"; readonly value: Expr }
  /** The innermost statement of a nest, all of whose loops are open. */
  | { readonly kind: "fill"; readonly nest: Nest }
  | { readonly kind: "loop"; readonly axis: Axis; readonly steps: readonly PlanStep[] };

/** What has been worked out when a step begins; what a loop works out is forgotten after it. */
class Settled {
  private readonly own = new Set<Expr>();
  private readonly around: Settled | undefined;
  constructor(around?: Settled) {
    this.around = around;
  }
  has(e: Expr): boolean {
    return this.own.has(e) || (this.around?.has(e) ?? false);
  }
  add(e: Expr): void {
    this.own.add(e);
  }
}

/** Nests that share their outer loop, or that have none left. */
interface SharedLoop {
  readonly axis: Axis | undefined;
  readonly nests: Nest[];
}

/** The axis of the loop at a depth: one for each range, so that nests side by side speak of one loop. */
export class LoopAxes {
  private readonly made = new Map<string, Axis>();
  at(depth: number, like: Axis): Axis {
    const key = `${depth},${like.extent},${like.size ?? ""}`;
    let found = this.made.get(key);
    if (!found) this.made.set(key, (found = axis(like.extent, `loop${depth}`, like.size)));
    return found;
  }
}

/** Steps taken since the start, for the growth tests: nodes looked at. */
export const effort = { visits: 0 };

/** Inside the loops that are open: one level of the plan. */
class PlanLevel implements Surroundings {
  private readonly axes: LoopAxes;
  private readonly open: readonly Axis[];
  private readonly known: Settled;

  constructor(axes: LoopAxes, open: readonly Axis[], known: Settled) {
    this.axes = axes;
    this.open = open;
    this.known = known;
  }

  readonly closed = (e: Expr): boolean => e.free.every((a) => this.open.includes(a));

  loopAxis(n: number, like: Axis): Axis {
    return this.axes.at(this.open.length + n, like);
  }

  /** The steps that complete the nests, whose outer loops are open; those that aren't `begun` are new at this level. */
  steps(pending: readonly Nest[], begun: ReadonlySet<Nest>): PlanStep[] {
    const nests = this.discover(pending),
      reads = new Map(nests.map((n) => [n, readsOf(n.value, keysOf(nests), this.known)])),
      uses = this.countUses(nests),
      groups = grouped(nests, reads),
      out: PlanStep[] = [],
      started = new Set<Holder>();
    groups.forEach((group, g) => {
      for (const n of group.nests) if (!begun.has(n)) this.begin(n, started, out);
      const later = keysOf(groups.slice(g + 1).flatMap((x) => x.nests));
      for (const key of keysOf(group.nests)) if (!later.has(key)) this.known.add(key);
      if (group.axis === undefined) group.nests.forEach((n) => this.fill(n, uses, out));
      else out.push(...this.before(group.nests, uses), this.loop(group.axis, group.nests));
    });
    return out;
  }

  private loop(a: Axis, nests: readonly Nest[]): PlanStep {
    const inner = nests.map((n): Nest => ({ ...n, loops: n.loops.slice(1) })),
      level = new PlanLevel(this.axes, [...this.open, a], new Settled(this.known));
    return { kind: "loop", axis: a, steps: level.steps(inner, new Set(inner)) };
  }

  /** Arrays and totals are begun once, however many nests fill them. */
  private begin({ holder, mode }: Nest, started: Set<Holder>, out: PlanStep[]): void {
    const zero = mode !== "store";
    if (!started.has(holder) && (zero || holder.kind === "array")) out.push({ kind: "begin", holder, zero });
    started.add(holder);
  }

  private fill(nest: Nest, uses: ReadonlyMap<Expr, number>, out: PlanStep[]): void {
    if (nest.mode !== "multiply") {
      this.share(nest.value, uses, out);
      for (const i of nest.indices) if (!isAxis(i)) this.share(i, uses, out);
    }
    out.push({ kind: "fill", nest });
  }

  // ---- what a level must work out

  /**
   * The nests of this level: the pending ones and, before each, those for the sums and tensors inside that the open
   * loops determine.
   */
  private discover(pending: readonly Nest[]): Nest[] {
    const nests: Nest[] = [],
      seen = new Set<Expr>();
    const visit = (e: Expr): void => {
      if (seen.has(e) || this.known.has(e)) return;
      seen.add(e);
      effort.visits++;
      if ((e.kind === "sum" || e.kind === "build") && this.closed(e)) {
        const made = e.kind === "sum" ? [nestOfSum(e, this)] : nestsOfTensor(e, { kind: "array", tensor: e }, this);
        for (const n of made) visit(n.value);
        nests.push(...made);
        return;
      }
      children(e).forEach(visit);
    };
    for (const n of pending) {
      visit(n.value);
      nests.push(n);
    }
    return nests;
  }

  /** How many places at this level need each scalar; what loops inside need counts as well. */
  private countUses(nests: readonly Nest[]): Map<Expr, number> {
    const uses = new Map<Expr, number>(),
      keys = keysOf(nests);
    const visit = (e: Expr): void => {
      if (this.known.has(e) || keys.has(e)) return;
      uses.set(e, (uses.get(e) ?? 0) + 1);
      if (uses.get(e) !== 1) return;
      effort.visits++;
      children(e).forEach(visit);
      const again = usedTwice(e);
      if (again) visit(again);
    };
    for (const n of nests) visit(n.value);
    return uses;
  }

  // ---- scalars

  /** Defines the shared scalars inside an expression, innermost first. */
  private share(e: Expr, uses: ReadonlyMap<Expr, number>, out: PlanStep[]): void {
    if (this.known.has(e)) return;
    if (e.kind === "map") e.args.forEach((a) => this.share(a, uses, out));
    if (e.kind === "at") for (const i of e.indices) if (!isAxis(i) && i.kind === "map") this.share(i, uses, out);
    if ((uses.get(e) ?? 0) > 1 && deservesAName(e)) this.define(e, out);
  }

  private define(e: Expr, out: PlanStep[]): void {
    out.push({ kind: "define", value: e });
    this.known.add(e);
  }

  /** Before a loop: the scalars that it needs and the open loops determine. */
  private before(nests: readonly Nest[], uses: ReadonlyMap<Expr, number>): PlanStep[] {
    const out: PlanStep[] = [],
      seen = new Set<Expr>();
    const visit = (e: Expr): void => {
      if (seen.has(e) || this.known.has(e)) return;
      seen.add(e);
      effort.visits++;
      if (deservesAName(e) && this.closed(e)) {
        children(e).forEach((a) => this.share(a, uses, out));
        this.define(e, out);
        return;
      }
      children(e).forEach(visit);
    };
    for (const n of nests) visit(n.value);
    return out;
  }
}

/** Whether a scalar is arithmetic that is worth a variable. */
const deservesAName = (e: Expr): boolean => e.kind === "map" && (nodeFlops(e) > 0 || e.op === "where") && !isPlain(e);

const keysOf = (nests: readonly Nest[]): Set<Expr> =>
  new Set(nests.map((n) => keyOf(n.holder)).filter((k) => k !== undefined));

// ---- loops that are shared

/** What a value reads of this level's arrays and totals; of a total, the node itself. */
type Reads = ReadonlyMap<Expr, readonly (At | undefined)[]>;

function readsOf(value: Expr, keys: ReadonlySet<Expr>, known: Settled): Reads {
  const reads = new Map<Expr, (At | undefined)[]>(),
    seen = new Set<Expr>();
  const found = (key: Expr, read: At | undefined): void => {
    reads.set(key, [...(reads.get(key) ?? []), read]);
  };
  const visit = (e: Expr): void => {
    if (seen.has(e) || known.has(e)) return;
    seen.add(e);
    effort.visits++;
    if (keys.has(e)) found(e, undefined);
    else if (e.kind === "at" && keys.has(e.tensor)) {
      found(e.tensor, e);
      for (const i of e.indices) if (!isAxis(i)) visit(i);
    } else children(e).forEach(visit);
  };
  visit(value);
  return reads;
}

/**
 * Groups nests by their outer loops, each as early as what it reads allows. What no other nest waits for comes last,
 * when
 * all the loops that it might join stand.
 */
function grouped(nests: readonly Nest[], reads: ReadonlyMap<Nest, Reads>): SharedLoop[] {
  const groups: SharedLoop[] = [],
    filling = new Map<Expr, { readonly nest: Nest; readonly group: number }[]>();
  const awaited = new Set([...reads].flatMap(([n, r]) => [...r.keys()].filter((key) => key !== keyOf(n.holder)))),
    isAwaited = (n: Nest): boolean => awaited.has(keyOf(n.holder)!);
  for (const n of [...nests.filter(isAwaited), ...nests.filter((x) => !isAwaited(x))]) {
    const own = keyOf(n.holder),
      needs = [...reads.get(n)!].flatMap(([key, places]) =>
        key === own ? [] : (filling.get(key) ?? []).map((p) => ({ ...p, shares: canShare(p.nest, n, places) })),
      );
    const first = needs.reduce((least, p) => Math.max(least, p.shares ? p.group : p.group + 1), 0),
      barred = new Set(needs.filter((p) => !p.shares).map((p) => p.group));
    let at = first;
    while (at < groups.length && (barred.has(at) || !joins(groups[at]!, n))) at++;
    if (at === groups.length) groups.push({ axis: n.loops[0], nests: [] });
    groups[at]!.nests.push(n);
    if (own) filling.set(own, [...(filling.get(own) ?? []), { nest: n, group: at }]);
  }
  return groups;
}

const joins = (g: SharedLoop, n: Nest): boolean =>
  g.axis === undefined ? n.loops.length === 0 : n.loops.length > 0 && sameRange(g.axis, n.loops[0]!);

/** Whether a reader may stand in the loop that fills what it reads: it reads only the entries of that very turn. */
function canShare(producer: Nest, reader: Nest, places: readonly (At | undefined)[]): boolean {
  const [a] = producer.loops,
    [b] = reader.loops;
  if (a === undefined && b === undefined) return true;
  if (a === undefined || a !== b || producer.holder.kind === "total") return false;
  const position = producer.indices.indexOf(a);
  return position >= 0 && places.every((read) => read !== undefined && read.indices[position] === a);
}

/** The plan that fills the results. */
export function planOf(results: (around: Surroundings) => readonly Nest[]): readonly PlanStep[] {
  const level = new PlanLevel(new LoopAxes(), [], new Settled());
  return level.steps(results(level), new Set());
}

// ---- for people

const ranges = (axes: readonly Axis[]): string => axes.map((a) => a.size ?? a.extent).join(" × ");

function holderText(holder: Holder): string {
  switch (holder.kind) {
    case "result":
      return holder.buffer.name;
    case "array":
      return `${nameOf(holder.tensor) ?? "array"} of ${ranges(holder.tensor.axes)}`;
    case "total":
      return `total over ${ranges(holder.sum.axes)}`;
  }
}

function stepText(s: PlanStep, indent: string): string[] {
  switch (s.kind) {
    case "begin":
      return [`${indent}${holderText(s.holder)}${s.zero && s.holder.kind !== "total" ? " = 0" : ""}`];
    case "define":
      return [`${indent}define ${s.value.kind === "map" ? s.value.op : s.value.kind}`];
    case "fill": {
      const verb = { store: "fill", accumulate: "add to", multiply: "multiply into" }[s.nest.mode];
      return [`${indent}${verb} ${holderText(s.nest.holder)}`];
    }
    case "loop":
      return [`${indent}for ${ranges([s.axis])}`, ...s.steps.flatMap((x) => stepText(x, `${indent}  `))];
  }
}

/** A plan as text: a line for each array or total begun, scalar defined, holder filled and loop opened. */
export const planText = (steps: readonly PlanStep[]): string => steps.flatMap((s) => stepText(s, "")).join("\n");
