/**
 * Nests of loops: arrays and totals to be filled. In: tensors and sums. Out: nests.
 * A nest is a list of axes, in an order that costs least, around one store or one accumulation; a scatter is a nest
 * whose holder is indexed by a table. Axes are those of the loops (`LoopAxes`), so that nests side by side speak of one
 * loop by one axis, and no value is renamed once it is a nest's.
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
  type Axis,
  type Build,
  type Expr,
  type Index,
  type Sum,
} from "../ir/expr.ts";
import { hoistAcross } from "../opt/hoist.ts";
import { matrixProduct, type MatrixProduct } from "../opt/multiply.ts";
import type { Buffer } from "./loop.ts";
import { associate, bestOrder } from "./order.ts";

/** What is filled: a result of the program, scratch that holds a tensor, or a variable that holds a sum. */
export type Holder =
  | { readonly kind: "result"; readonly buffer: Buffer }
  | { readonly kind: "array"; readonly tensor: Build }
  | { readonly kind: "total"; readonly sum: Sum };

export interface Nest {
  readonly holder: Holder;
  /** Where in the holder; [] of a total. */
  readonly indices: readonly Index[];
  /** `multiply`: the value is a product of two reads, summed over an axis for every pair of rows: a matrix product. */
  readonly mode: "store" | "accumulate" | "multiply";
  readonly product?: MatrixProduct;
  /** Loops still to be opened, outermost first. */
  readonly loops: readonly Axis[];
  readonly value: Expr;
}

/** The node whose value a holder has; none for a result, which no expression reads. */
export const keyOf = (holder: Holder): Expr | undefined =>
  holder.kind === "array" ? holder.tensor : holder.kind === "total" ? holder.sum : undefined;

/** What a nest is laid out in. */
export interface Surroundings {
  /** Whether the open loops determine an expression. */
  readonly closed: (e: Expr) => boolean;
  /** The axis of the loop that will be the n-th inside the open ones, over a range like an axis's. */
  loopAxis(n: number, like: Axis): Axis;
}

/** The nests that fill a tensor: one store, or several accumulations where its terms are sums or scatters. */
export function nestsOfTensor({ axes, body }: Build, holder: Holder, around: Surroundings): Nest[] {
  const product = holder.kind === "array" ? matrixProduct(axes, body) : undefined;
  if (product) {
    const value = bindProduct(product.a, product.b);
    return [{ holder, indices: axes.map(() => lit(0)), mode: "multiply", loops: [], value, product }];
  }
  const scattered: Nest[] = [],
    plain: Expr[] = [];
  for (const term of termsOf(body)) {
    const nest = accumulation(axes, term, holder, around);
    if (nest) scattered.push(nest);
    else plain.push(term);
  }
  if (scattered.length > 0 && plain.length === 0) return scattered;
  const mode = scattered.length === 0 ? "store" : "accumulate",
    value = scattered.length === 0 ? body : bindMap("add", plain);
  return [arranged({ holder, indices: axes, mode, loops: axes, value }, around), ...scattered];
}

export const nestOfSum = (sum: Sum, around: Surroundings): Nest =>
  arranged(
    { holder: { kind: "total", sum }, indices: [], mode: "accumulate", loops: sum.axes, value: sum.body },
    around,
  );

/** A term that is best accumulated into the whole array: a scatter, a sum over points, or one with work to share. */
function accumulation(axes: readonly Axis[], term: Expr, holder: Holder, around: Surroundings): Nest | undefined {
  const [c, rest] = coefficientOf(term);
  const inner: { axes: readonly Axis[]; body: Expr } = rest.kind === "sum" ? rest : { axes: [], body: rest };
  const { factors, indices, fixed } = resolveDeltas(axes, factorsOf(inner.body));
  const overPoints = inner.axes.some((a) => a.size !== undefined);
  if (fixed.size === 0 && (inner.axes.length === 0 || axes.length === 0)) return undefined;
  const own = axes.filter((a) => !fixed.has(a)),
    loops = [...own, ...inner.axes],
    value = bindProduct(lit(c), ...factors);
  // Where the summed axes are innermost anyway, a total in a register does better than the array.
  if (fixed.size === 0 && !overPoints) {
    const order = bestOrder(loops, value, around.closed);
    if (order.slice(0, own.length).every((a) => axes.includes(a))) return undefined;
  }
  return arranged({ holder, indices, mode: "accumulate", loops, value }, around);
}

/** Chooses the order of the loops, calls them by their axes, and groups and tabulates work by depth. */
function arranged(nest: Nest, around: Surroundings): Nest {
  const order = bestOrder(nest.loops, nest.value, around.closed),
    loops = order.map((a, n) => around.loopAxis(n, a)),
    by = new Map(order.map((a, n) => [a, loops[n]!]));
  return {
    ...nest,
    loops,
    indices: nest.indices.map((i) => (isAxis(i) ? (by.get(i) ?? i) : rename(i, by))),
    value: hoistAcross(associate(rename(nest.value, by), loops), loops),
  };
}

// ---- scatters

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
