/**
 * Operators applied to both arguments of the kernel. In: a lowered model and labels. Out: expressions over points.
 * The coefficients are contracted before the first argument is touched: Lx [ Σ_j L'x'ᵀ α_j k(x, x_j) ] (Schmitz,
 * Müller and Chmiela 2022, equation 6). The test index i and the training index j are ordinary axes.
 */
import {
  add,
  at,
  axis,
  build,
  dims,
  lit,
  mul,
  param,
  replaceParams,
  sum,
  type Axis,
  type Expr,
  type Index,
} from "../ir/expr.ts";
import { apply, atPair, atPoint } from "./operator.ts";
import type { Lowered, LoweredLatent, Quantity } from "../model/lower/lowered.ts";
import { component, weighted, weightsOf } from "./weights.ts";

/** Nominal numbers of points, for costs: a batch of test points, a training set. */
export interface Nominal {
  readonly test: number;
  readonly training: number;
}
export const nominalPoints: Nominal = { test: 10, training: 1000 };

/** One side of a kernel: the points of a group, their arguments, and the axis over them. */
export interface Side {
  readonly quantity: Quantity;
  readonly index: Axis;
  /** [points, ...input shape] */
  readonly points: Expr;
  /** [points, ...argument shape] by name */
  readonly arguments: ReadonlyMap<string, Expr>;
  /** [points, ...shape of the quantity]: coefficients, on the training side */
  readonly coefficients: Expr;
}

/** The Params of a side. `prefix` keeps those of several groups apart; `size` names its number of points. */
export function sideOf(lowered: Lowered, label: string, prefix: string, size: string, nominal: number): Side {
  const quantity = quantityOf(lowered, label);
  const tensor = (name: string, shape: readonly number[]): Expr =>
    param(`${prefix}${name}`, [nominal, ...shape], [size]);
  return {
    quantity,
    index: axis(nominal, size, size),
    points: tensor("x", lowered.input.shape),
    coefficients: tensor("alpha", quantity.shape),
    arguments: new Map(quantity.arguments.map((a) => [a.name, tensor(`arg_${a.name}`, a.shape)])),
  };
}

export function quantityOf(lowered: Lowered, label: string): Quantity {
  const quantity = lowered.quantities.get(label);
  if (!quantity)
    throw new RangeError(
      `no quantity is called ${JSON.stringify(label)}; there are ${[...lowered.quantities.keys()].join(", ")}`,
    );
  return quantity;
}

/** The Params that stand for one point and its arguments while operators act on them. */
class Place {
  readonly point: Expr;
  readonly arguments: ReadonlyMap<string, Expr>;
  readonly coefficients: Expr;
  private readonly side: Side;

  constructor(side: Side, shape: readonly number[], name: string) {
    this.side = side;
    this.point = param(`${name} of one point`, shape);
    this.coefficients = param(`${name} coefficients of one point`, side.quantity.shape);
    this.arguments = new Map(
      side.quantity.arguments.map((a) => [a.name, param(`${name} ${a.name} of one point`, a.shape)]),
    );
  }

  /** Puts the side's points, at its index, in the place of the one point. */
  spread(e: Expr): Expr {
    const { index, points } = this.side;
    const by = new Map<Expr, Expr>([
      [this.point, slice(points, index)],
      [this.coefficients, slice(this.side.coefficients, index)],
    ]);
    for (const [name, one] of this.arguments) by.set(one, slice(this.side.arguments.get(name)!, index));
    return replaceParams(e, by);
  }
}

/** tensor[index], a tensor of the remaining axes. */
export function slice(tensor: Expr, index: Index): Expr {
  const rest = dims(tensor)
    .slice(1)
    .map((d) => axis(d));
  return build(rest, at(tensor, [index, ...rest]));
}

const axesOf = (shape: readonly number[]): Axis[] => shape.map((d) => axis(d));
const entry = (tensor: Expr, indices: readonly Index[]): Expr => at(tensor, indices);

/** Zero everywhere, of a latent's shape. */
const nothing = (latent: LoweredLatent): Expr => build(axesOf(latent.shape), lit(0));

/**
 * L' applied to the second argument of the covariance of each latent, `scalarOf` its values: for the latent and its
 * component axes, a scalar as an expression of the first point x.
 */
function operateSecond(
  lowered: Lowered,
  side: Side,
  place: Place,
  x: Expr,
  scalarOf: (tensor: Expr) => Expr,
): { latent: LoweredLatent; source: Axis[]; operated: Expr }[] {
  const { quantity } = side,
    weights = weightsOf(lowered, quantity, place, scalarOf);
  return lowered.latents.map((latent, n) => {
    const source = axesOf(latent.shape),
      kernel = atPair(latent.kernel, x, place.point);
    const field = (own: readonly Axis[]): Expr => component(own, source, kernel);
    const general = (): Expr => {
      const latents = new Map(lowered.latents.map((l) => [l.name, l === latent ? fieldOf(l, field) : nothing(l)]));
      return scalarOf(apply(quantity.operator, { point: place.point, latents, arguments: place.arguments }));
    };
    return { latent, source, operated: weights ? weighted(weights[n]!, place.point, field) : general() };
  });
}

/** A latent's value over its components. */
function fieldOf(latent: LoweredLatent, field: (own: readonly Axis[]) => Expr): Expr {
  const own = axesOf(latent.shape);
  return build(own, field(own));
}

/** L applied to latents given as expressions of the one point of a place; the result of the quantity's shape. */
function operated(side: Side, place: Place, latents: ReadonlyMap<string, Expr>): Expr {
  return apply(side.quantity.operator, { point: place.point, latents, arguments: place.arguments });
}

/** [Lx ⊗ L'y'] k as a tensor [points of row, ...shape, points of col, ...shape]. */
export function covariance(lowered: Lowered, row: Side, col: Side): Expr {
  const here = new Place(row, lowered.input.shape, "x"),
    there = new Place(col, lowered.input.shape, "y"),
    cols = axesOf(col.quantity.shape),
    rows = axesOf(row.quantity.shape);
  const fields = operateSecond(lowered, col, there, here.point, (tensor) => entry(tensor, cols)).map(
    ({ latent, source, operated }) => ({ latent, tensor: build(source, operated) }),
  );
  const weights = weightsOf(lowered, row.quantity, here, (tensor) => entry(tensor, rows));
  const block = weights
    ? add(...fields.map((f, n) => weighted(weights[n]!, here.point, (own) => entry(f.tensor, own))))
    : entry(operated(row, here, new Map(fields.map((f) => [f.latent.name, f.tensor]))), rows);
  return build([row.index, ...rows, col.index, ...cols], there.spread(here.spread(block)));
}

/**
 * The latents' posterior parts at a point x that the observed sides give: Σ over sides and their points of L'ᵀ α k(x,
 * ·).
 */
function contracted(lowered: Lowered, observed: readonly Side[], x: Expr): Map<string, Expr[]> {
  const parts = new Map<string, Expr[]>(lowered.latents.map((l) => [l.name, []]));
  for (const side of observed) {
    const place = new Place(side, lowered.input.shape, "y");
    const times = (tensor: Expr): Expr => {
      const cols = axesOf(side.quantity.shape);
      return sum(cols, mul(entry(tensor, cols), entry(place.coefficients, cols)));
    };
    for (const { latent, source, operated } of operateSecond(lowered, side, place, x, times)) {
      parts.get(latent.name)!.push(build(source, sum([side.index], place.spread(operated))));
    }
  }
  return parts;
}

const addTensors = (shape: readonly number[], tensors: readonly Expr[]): Expr => {
  const axes = axesOf(shape);
  return build(axes, add(...tensors.map((t) => entry(t, axes))));
};

/** Σ over the points of col of [Lx ⊗ L'y'ᵀ k] α as a tensor [points of row, ...shape]. */
export function contraction(lowered: Lowered, row: Side, col: Side): Expr {
  return posterior(lowered, row, [col]);
}

/** The same for all observed sides together; with `offsets`, the prior means and offset constants are added. */
export function posterior(
  lowered: Lowered,
  row: Side,
  observed: readonly Side[],
  offsets?: ReadonlyMap<string, Expr>,
): Expr {
  const place = new Place(row, lowered.input.shape, "x"),
    rows = axesOf(row.quantity.shape);
  const parts = contracted(lowered, observed, place.point);
  if (offsets) addMeans(lowered, place.point, offsets, parts);
  const latents = new Map(lowered.latents.map((l) => [l.name, addTensors(l.shape, parts.get(l.name)!)]));
  return build([row.index, ...rows], place.spread(entry(operated(row, place, latents), rows)));
}

function addMeans(lowered: Lowered, x: Expr, offsets: ReadonlyMap<string, Expr>, parts: Map<string, Expr[]>): void {
  for (const latent of lowered.latents) {
    if (latent.mean) parts.get(latent.name)!.push(atPoint(latent.mean, { point: x, arguments: new Map() }));
    const offset = offsets.get(latent.name);
    if (offset) parts.get(latent.name)!.push(build(axesOf(latent.shape), offset));
  }
}

/** L of the prior means and offset constants alone: [points of row, ...shape]. */
export function priorMean(lowered: Lowered, row: Side, offsets: ReadonlyMap<string, Expr>): Expr {
  return posterior(lowered, row, [], offsets);
}

/** An expression of a point and its arguments, at every point of a side: [points, ...shape]. */
export function pointwise(
  lowered: Lowered,
  side: Side,
  shape: readonly number[],
  of: (place: { point: Expr; arguments: ReadonlyMap<string, Expr> }) => Expr,
): Expr {
  const place = new Place(side, lowered.input.shape, "x"),
    axes = axesOf(shape);
  return build([side.index, ...axes], entry(place.spread(of(place)), axes));
}
