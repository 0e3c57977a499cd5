/**
 * Units of scheduling: arrays and totals to be filled by loop nests. In: tensors and sums. Out: units.
 * A unit is a nest of axes, in an order that costs least, around one store or one accumulation; a scatter is a unit
 * whose target is indexed by a table.
 */
import {
  bindAt,
  bindBuild,
  bindMap,
  bindProduct,
  bindSum,
  coefficientOf,
  delta,
  factorsOf,
  isAxis,
  keepName,
  lit,
  open,
  rename,
  termsOf,
  type At,
  type Axis,
  type Build,
  type Expr,
  type Index,
  type Sum,
} from "../ir/expr.ts";
import { nodeFlops } from "../ir/cost.ts";
import { worthATable } from "../opt/hoist.ts";
import { isRow } from "../opt/multiply.ts";
import type { Buffer } from "./loop.ts";

export type Target =
  | { readonly kind: "array"; readonly buffer: Buffer; readonly indices: readonly Index[] }
  | { readonly kind: "total"; readonly name: string };

export interface Unit {
  /** The node whose value the target holds; absent for a program's outputs. */
  readonly key?: Expr;
  readonly target: Target;
  /** `multiply`: the value is a product of two reads, summed over an axis for every pair of rows: a matrix product. */
  readonly mode: "store" | "accumulate" | "multiply";
  readonly product?: MatrixProduct;
  /** Loops still to be opened, outermost first. */
  readonly nest: readonly Axis[];
  readonly value: Expr;
  /** The target has been cleared by an enclosing level. */
  readonly cleared: boolean;
}

/** C[rows, cols] = Σ_inner A[…rows…inner…] B[…cols…inner…]. */
export interface MatrixProduct {
  readonly rows: Axis;
  readonly cols: Axis;
  readonly inner: Axis;
  readonly a: At;
  readonly b: At;
}

/** The units that fill a tensor: one store, or several accumulations where its terms are sums or scatters. */
export function unitsOfTensor(
  tensor: Build,
  key: Expr | undefined,
  buffer: Buffer,
  closed: (e: Expr) => boolean,
): Unit[] {
  const { axes, body } = open(tensor);
  const base = { ...(key ? { key } : {}), cleared: false };
  const product = key && matrixProduct(axes, body);
  if (product)
    return [
      {
        ...base,
        target: { kind: "array", buffer, indices: axes.map(() => lit(0)) },
        mode: "multiply",
        nest: [],
        value: bindProduct(product.a, product.b),
        product,
      },
    ];
  const scattered: Unit[] = [],
    plain: Expr[] = [];
  for (const term of termsOf(body)) {
    const unit = accumulation(axes, term, buffer, base, closed);
    if (unit) scattered.push(unit);
    else plain.push(term);
  }
  if (scattered.length === 0)
    return [
      arranged(
        { ...base, target: { kind: "array", buffer, indices: axes }, mode: "store", nest: axes, value: body },
        closed,
      ),
    ];
  if (plain.length > 0)
    scattered.unshift(
      arranged(
        {
          ...base,
          target: { kind: "array", buffer, indices: axes },
          mode: "accumulate",
          nest: axes,
          value: bindMap("add", plain),
        },
        closed,
      ),
    );
  return scattered;
}

/** Whether a tensor is a product of two matrices, each a read with its two axes as plain indices. */
export function matrixProduct(axes: readonly Axis[], body: Expr): MatrixProduct | undefined {
  const [rows, cols] = axes,
    sum = body.kind === "sum" && body.axes.length === 1 && body.axes[0]!.size === undefined ? open(body) : undefined;
  const [f, g] = sum ? factorsOf(sum.body) : [],
    inner = sum?.axes[0];
  if (axes.length !== 2 || !rows || !cols || !sum || !inner || !f || !g || factorsOf(sum.body).length !== 2)
    return undefined;
  if (isRow(f, rows, inner, cols) && isRow(g, cols, inner, rows)) return { rows, cols, inner, a: f, b: g };
  return isRow(g, rows, inner, cols) && isRow(f, cols, inner, rows) ? { rows, cols, inner, a: g, b: f } : undefined;
}

export function unitOfSum(e: Sum, name: string, closed: (e: Expr) => boolean): Unit {
  const { axes, body } = open(e);
  return arranged(
    { key: e, target: { kind: "total", name }, mode: "accumulate", nest: axes, value: body, cleared: false },
    closed,
  );
}

/** A term that is best accumulated into the whole array: a scatter, a sum over points, or one with work to share. */
function accumulation(
  axes: readonly Axis[],
  term: Expr,
  buffer: Buffer,
  base: Pick<Unit, "cleared"> & { key?: Expr },
  closed: (e: Expr) => boolean,
): Unit | undefined {
  const [c, rest] = coefficientOf(term);
  const inner = rest.kind === "sum" ? open(rest) : { axes: [], body: rest };
  const { factors, indices, fixed } = resolveDeltas(axes, factorsOf(inner.body));
  const overPoints = inner.axes.some((a) => a.size !== undefined);
  if (fixed.size === 0 && (inner.axes.length === 0 || axes.length === 0)) return undefined;
  const nest = [...axes.filter((a) => !fixed.has(a)), ...inner.axes];
  const unit = arranged(
    {
      ...base,
      target: { kind: "array", buffer, indices },
      mode: "accumulate",
      nest,
      value: bindProduct(lit(c), ...factors),
    },
    closed,
  );
  // Where the summed axes are innermost anyway, a total in a register does better than the array.
  const own = nest.filter((a) => axes.includes(a)).length;
  const totals = fixed.size === 0 && !overPoints && unit.nest.slice(0, own).every((a) => axes.includes(a));
  return totals ? undefined : unit;
}

/** Takes Deltas that place an output axis out of the factors: the target is indexed by what they say. */
function resolveDeltas(
  axes: readonly Axis[],
  factors: readonly Expr[],
): { factors: Expr[]; indices: Index[]; fixed: Set<Axis> } {
  const fixed = new Set<Axis>();
  let rest = [...factors],
    indices: Index[] = [...axes];
  for (;;) {
    const found = rest.map((d) => placement(d, axes, fixed)).find((p) => p !== undefined);
    if (!found) return { factors: rest, indices, fixed };
    const { d, a, to } = found;
    fixed.add(a);
    indices = indices.map((i) => (i === a ? to : i));
    rest = rest.filter((f) => f !== d).map((f) => (f.free.includes(a) ? relocate(f, a, to) : f));
  }
}

function placement(
  d: Expr,
  axes: readonly Axis[],
  fixed: ReadonlySet<Axis>,
): { d: Expr; a: Axis; to: Index } | undefined {
  if (d.kind !== "delta") return undefined;
  for (const [a, to] of [
    [d.i, d.j],
    [d.j, d.i],
  ] as const) {
    if (
      isAxis(a) &&
      axes.includes(a) &&
      !fixed.has(a) &&
      !(isAxis(to) && to.extent > a.extent) &&
      !(isAxis(to) ? to === a : to.free.includes(a))
    )
      return { d, a, to };
  }
  return undefined;
}

/** Puts an index for an axis, as the expression stands. */
function relocate(e: Expr, a: Axis, to: Index): Expr {
  if (isAxis(to)) return rename(e, new Map([[a, to]]));
  const memo = new Map<Expr, Expr>();
  const index = (i: Index): Index => (i === a ? to : isAxis(i) ? i : visit(i));
  const moved = (x: Expr): Expr => {
    switch (x.kind) {
      case "map":
        return bindMap(x.op, x.args.map(visit));
      case "at":
        return bindAt(visit(x.tensor), x.indices.map(index));
      case "delta":
        return delta(index(x.i), index(x.j));
      case "sum": {
        const { axes, body } = open(x);
        return bindSum(axes, visit(body));
      }
      case "build": {
        const { axes, body } = open(x);
        return keepName(x, bindBuild(axes, visit(body)));
      }
      default:
        return x;
    }
  };
  const visit = (x: Expr): Expr => {
    if (!x.free.includes(a)) return x;
    let made = memo.get(x);
    if (!made) {
      memo.set(x, (made = moved(x)));
    }
    return made;
  };
  return visit(e);
}

// ---- order of loops

/** Chooses the order of the nest, groups products by depth, and turns work that skips a loop into tables. */
function arranged(unit: Unit, closed: (e: Expr) => boolean): Unit {
  const nest = bestOrder(unit.nest, unit.value, closed);
  return { ...unit, nest, value: hoistAcross(associate(unit.value, nest), nest, closed) };
}

function bestOrder(axes: readonly Axis[], value: Expr, closed: (e: Expr) => boolean): readonly Axis[] {
  const points = axes.filter((a) => a.size !== undefined),
    rest = axes.filter((a) => a.size === undefined);
  if (rest.length < 2) return [...points, ...rest];
  const work = workInside(value, closed);
  let best: { order: readonly Axis[]; cost: number } | undefined;
  for (const tail of permutations(rest)) {
    const order = [...points, ...tail],
      cost = orderCost(order, work);
    if (!best || cost < best.cost) best = { order, cost };
  }
  return best!.order;
}

function* permutations(axes: readonly Axis[]): Generator<readonly Axis[]> {
  if (axes.length <= 1 || axes.length > 6) {
    yield axes;
    return;
  }
  for (const [n, a] of axes.entries())
    for (const tail of permutations(axes.filter((_, k) => k !== n))) yield [a, ...tail];
}

/** Pieces of work with the axes that they need: a product or sum counts once for each argument. */
type Work = { readonly free: readonly Axis[]; readonly flops: number };
function workInside(value: Expr, closed: (e: Expr) => boolean): Work[] {
  const work: Work[] = [],
    seen = new Set<Expr>();
  const visit = (e: Expr, inner: number): void => {
    if (seen.has(e) || closed(e)) return;
    seen.add(e);
    if (e.kind === "map") {
      if (e.op === "mul" || e.op === "add") e.args.forEach((a) => work.push({ free: a.free, flops: inner }));
      else work.push({ free: e.free, flops: nodeFlops(e) * inner });
      e.args.forEach((a) => visit(a, inner));
    } else if (e.kind === "sum" || e.kind === "build") {
      const volume = inner * e.axes.reduce((v, a) => v * a.extent, 1);
      work.push({ free: e.free, flops: volume });
      visit(e.body, volume);
    } else if (e.kind === "at") visit(e.tensor, inner);
  };
  visit(value, 1);
  return work;
}

function orderCost(order: readonly Axis[], work: readonly Work[]): number {
  let cost = 0;
  for (const { free, flops } of work) {
    let depth = -1;
    for (const a of free) depth = Math.max(depth, order.indexOf(a));
    let volume = flops;
    for (let n = 0; n <= depth; n++) volume *= order[n]!.extent;
    cost += volume;
  }
  return cost;
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

/** Work that needs some loops of the nest but skips one outside them becomes a table over the loops it needs. */
function hoistAcross(value: Expr, nest: readonly Axis[], closed: (e: Expr) => boolean): Expr {
  const memo = new Map<Expr, Expr>();
  const skips = (e: Expr): readonly Axis[] | undefined => {
    const missing = nest.findIndex((a) => !e.free.includes(a));
    const needed = missing < 0 ? [] : nest.slice(missing).filter((a) => e.free.includes(a));
    return needed.length === 0 || e.free.some((a) => a.level > 0) ? undefined : needed;
  };
  const visit = (e: Expr): Expr => {
    if (e.kind === "lit" || closed(e)) return e;
    let made = memo.get(e);
    if (!made) memo.set(e, (made = rebuild(e)));
    return made;
  };
  const rebuild = (e: Expr): Expr => {
    const needed = skips(e);
    if (needed && worthATable(e)) {
      if (e.kind === "build") return e;
      return bindAt(bindBuild(needed, e), needed);
    }
    if (e.kind === "map") return bindMap(e.op, e.args.map(visit));
    if (e.kind === "at" && e.tensor.kind === "build") {
      const own = skips(e.tensor);
      if (own) return bindAt(bindBuild([...own, ...e.tensor.axes], e.tensor.body), [...own, ...e.indices]);
    }
    return e;
  };
  return visit(value);
}
