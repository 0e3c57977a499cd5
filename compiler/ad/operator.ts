/**
 * What a specification says of points, as data: functions of a point, of two points, and linear operators.
 * In: expressions over placeholders (Params that stand for a point, its arguments, the latents). Out: the same with
 * something else in their place.
 * An operator is a straight line of derivatives, each the placeholder of a later one: what is differentiated is not
 * known
 * before the latents are, so a step says what to differentiate, and is taken when the operator is applied.
 */
import {
  at,
  axis,
  build,
  counters,
  dims,
  lit,
  mul,
  param,
  replaceParams,
  substitute,
  sum,
  type Axis,
  type Expr,
  type Index,
} from "../ir/expr.ts";
import { normalRules, rewrite } from "../ir/rewrite.ts";
import { dependence, jvp } from "./jvp.ts";
import { vjp } from "./vjp.ts";

/** A scalar of two points, such as a kernel. */
export interface PairFunction {
  readonly a: Expr;
  readonly b: Expr;
  readonly value: Expr;
}

/** A scalar or tensor of a point and its per-point arguments, such as a mean or a noise. */
export interface PointFunction {
  readonly point: Expr;
  readonly arguments: ReadonlyMap<string, Expr>;
  readonly value: Expr;
}

/**
 * One derivative: `result`, a Param of the extents of `axes`, then of the step's own shape, stands for it in later
 * steps.
 * The axes are free in what the step differentiates (variables of loops around it).
 *   gradient  ∂ of / ∂ point, of a scalar, by one reverse sweep
 *   along     the derivative of `of` along `direction`
 *   weighted  Σ weights · ∂ of / ∂ point, the weights not differentiated
 *   moved     `of` at the point `to`
 */
export type Step = { readonly axes: readonly Axis[]; readonly result: Expr; readonly of: Expr } & (
  | { readonly kind: "gradient" }
  | { readonly kind: "along"; readonly direction: Expr }
  | { readonly kind: "weighted"; readonly weights: Expr }
  | { readonly kind: "moved"; readonly to: Expr }
);

/** L, linear in the latents: `value` after the steps, in their order. */
export interface Operator extends PointFunction {
  /** Each latent: a Param of its shape, which stands for an expression of the point. */
  readonly latents: ReadonlyMap<string, Expr>;
  readonly steps: readonly Step[];
}

/** Where a function of a point is evaluated: the point (a Param of the input's shape), and per-point arguments. */
export interface Site {
  readonly point: Expr;
  readonly arguments: ReadonlyMap<string, Expr>;
}
/** The same with each latent there: an expression of the point, a scalar or a Build of the latent's shape. */
export interface LatentSite extends Site {
  readonly latents: ReadonlyMap<string, Expr>;
}

/** k(a, b). */
export const atPair = (k: PairFunction, a: Expr, b: Expr): Expr =>
  replaceParams(
    k.value,
    new Map([
      [k.a, a],
      [k.b, b],
    ]),
  );

/** What stands for a function's placeholders at a site; a site may lack arguments that the function does not read. */
function placeholders(f: PointFunction, site: Site): Map<Expr, Expr> {
  const by = new Map([[f.point, site.point]]);
  for (const [name, placeholder] of f.arguments) {
    const given = site.arguments.get(name);
    if (given) by.set(placeholder, given);
  }
  return by;
}

/** The function at a site. */
export const atPoint = (f: PointFunction, site: Site): Expr => replaceParams(f.value, placeholders(f, site));

/** L at the site: a scalar, or a tensor of the operator's shape. Derivatives are by `site.point`, a Param. */
export const apply = (operator: Operator, site: LatentSite): Expr => applyWithin(operator, site, Infinity)!;

/** The same, or undefined once its steps have called the IR's constructors more often than that. */
export function applyWithin(operator: Operator, site: LatentSite, most: number): Expr | undefined {
  const start = counters.constructed;
  const by = placeholders(operator, site);
  for (const [name, placeholder] of operator.latents) by.set(placeholder, site.latents.get(name)!);
  const taken = new Map<Expr, Taken>();
  const instance = (e: Expr): Expr => replaceParams(readSteps(e, taken), by);
  for (const step of operator.steps) {
    const made = take(step, site.point, instance);
    taken.set(step.result, { axes: step.axes, made });
    by.set(step.result, spread(step.axes, made));
    if (counters.constructed - start > most) return undefined;
  }
  return instance(operator.value);
}

interface Taken {
  readonly axes: readonly Axis[];
  readonly made: Expr;
}

function spread(axes: readonly Axis[], made: Expr): Expr {
  const rows = dims(made).map((d) => axis(d));
  return build([...axes, ...rows], at(made, rows));
}

/** A step's entries are read in place: its axes are the loops that it stands in, not those of an array. */
function readSteps(e: Expr, taken: ReadonlyMap<Expr, Taken>): Expr {
  if (taken.size === 0) return e;
  return rewrite(e, {
    ...normalRules,
    at: (x, visit) => {
      const step = taken.get(x.tensor);
      if (!step) return normalRules.at(x, visit);
      const indices = x.indices.map((i): Index => ("extent" in i ? i : visit(i)));
      const inPlace = new Map(step.axes.map((a, n) => [a, indices[n]!]));
      return at(substitute(step.made, inPlace), indices.slice(step.axes.length));
    },
  });
}

function take(step: Step, point: Expr, instance: (e: Expr) => Expr): Expr {
  const of = instance(step.of);
  switch (step.kind) {
    case "gradient":
      return gradient(of, point);
    case "along":
      return along(of, point, instance(step.direction));
    case "weighted":
      return weighted(of, point, instance(step.weights));
    case "moved":
      return replaceParams(of, new Map([[point, instance(step.to)]]));
  }
}

const zeros = (shape: readonly number[]): Expr =>
  build(
    shape.map((d) => axis(d)),
    lit(0),
  );

/** ∂e/∂point of a scalar, of the point's shape; what doesn't depend on the point has none. */
export const gradient = (e: Expr, point: Expr): Expr => (dependence(point)(e) ? vjp(e, point) : zeros(dims(point)));

/** The derivative of a tensor along a direction, a tensor of the point's shape. */
export const along = (e: Expr, point: Expr, direction: Expr): Expr =>
  dependence(point)(e) ? jvp(e, point, direction) : zeros(dims(e));

/** Σ w ∂e/∂point. The weights are put in after the sweep, so that they are not differentiated. */
export function weighted(e: Expr, point: Expr, weights: Expr): Expr {
  const axes = dims(e).map((d) => axis(d)),
    placeholder = param("weights of vjp", dims(e)),
    contracted = sum(axes, mul(at(e, axes), at(placeholder, axes)));
  return replaceParams(gradient(contracted, point), new Map([[placeholder, weights]]));
}
