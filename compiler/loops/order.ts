/**
 * Orders of nested loops. In: axes, and the value worked out inside their loops. Out: the order that costs least, and
 * the value with its products and sums nested by depth.
 * The order is chosen on ranges and counts of operations alone, for all sets of outer loops by dynamic programming.
 */
import { bindMap, lit, type Axis, type Expr } from "../ir/expr.ts";
import { workInside, type AxisWork } from "../ir/cost.ts";

/** Above this many axes the given order is kept. */
const LONGEST = 10;

/** Loops over points outermost, the others in the order in which least is repeated. */
export function bestOrder(axes: readonly Axis[], value: Expr, closed: (e: Expr) => boolean): readonly Axis[] {
  const points = axes.filter((a) => a.size !== undefined),
    rest = axes.filter((a) => a.size === undefined);
  if (rest.length < 2 || rest.length > LONGEST) return [...points, ...rest];
  return [...points, ...cheapest(rest, workInside(value, closed))];
}

/**
 * AxisWork that needs the axes of a set, and none beyond, is done once for each value of the axes up to its innermost.
 * So
 * what the loops inside a set of outer ones cost depends on the set alone. Of orders that cost the same, the first.
 */
function cheapest(axes: readonly Axis[], work: readonly AxisWork[]): readonly Axis[] {
  const all = (1 << axes.length) - 1,
    done = workWithin(axes, work),
    best: { cost: number; first: number }[] = [];
  const volume = (set: number): number => axes.reduce((v, a, n) => (set & (1 << n) ? v * a.extent : v), 1);
  best[all] = { cost: 0, first: -1 };
  for (let set = all - 1; set >= 0; set--) {
    let least: { cost: number; first: number } | undefined;
    axes.forEach((_, n) => {
      const next = set | (1 << n);
      if (next === set) return;
      const cost = volume(next) * (done[next]! - done[set]!) + best[next]!.cost;
      if (!least || cost < least.cost) least = { cost, first: n };
    });
    best[set] = least!;
  }
  const order: Axis[] = [];
  for (let set = 0; set !== all; set |= 1 << best[set]!.first) order.push(axes[best[set]!.first]!);
  return order;
}

/** Operations that need no axes but those of a set, for each set. */
function workWithin(axes: readonly Axis[], work: readonly AxisWork[]): number[] {
  const exactly = new Map<number, number>();
  for (const { free, flops } of work) {
    let set = 0;
    for (const a of free) {
      const n = axes.indexOf(a);
      if (n >= 0) set |= 1 << n;
    }
    exactly.set(set, (exactly.get(set) ?? 0) + flops);
  }
  return Array.from({ length: 1 << axes.length }, (_, set) => {
    let flops = 0;
    for (const [needed, n] of exactly) if ((needed & ~set) === 0) flops += n;
    return flops;
  });
}

const depthIn = (e: Expr, nest: readonly Axis[]): number => e.free.reduce((d, a) => Math.max(d, nest.indexOf(a)), -1);

/** Nests the arguments of products and sums by depth, so that what an outer loop knows is worked out there. */
export function associate(value: Expr, nest: readonly Axis[]): Expr {
  const memo = new Map<Expr, Expr>();
  const visit = (e: Expr): Expr => {
    if (e.kind !== "map") return e;
    let made = memo.get(e);
    if (!made)
      memo.set(
        e,
        (made =
          e.op === "mul"
            ? product(e.args.map(visit))
            : e.op === "add"
              ? byDepth("add", e.args.map(visit))
              : bindMap(e.op, e.args.map(visit))),
      );
    return made;
  };
  const byDepth = (op: "mul" | "add", args: readonly Expr[]): Expr => {
    let prefix: Expr[] = [];
    for (let depth = -1; depth < nest.length; depth++) {
      const here = args.filter((a) => depthIn(a, nest) === depth);
      if (here.length > 0) prefix = [bindMap(op, [...prefix, ...here])];
    }
    return prefix[0]!;
  };
  /** −c x as −(c x): products that differ in sign alone share their work. */
  const product = (args: readonly Expr[]): Expr => {
    const [head, ...rest] = args;
    if (head?.kind !== "lit" || head.value >= 0) return byDepth("mul", args);
    return bindMap("mul", [lit(-1), byDepth("mul", head.value === -1 ? rest : [lit(-head.value), ...rest])]);
  };
  return visit(value);
}
