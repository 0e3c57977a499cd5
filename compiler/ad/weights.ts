/**
 * Operators of first order by their weights. In: a quantity L and what its values are contracted with. Out: tensors
 * W₀, W₁ with (L u)·α = Σ W₀ u + Σ_c W₁[c] ∂u/∂x_c, at the point itself.
 * L of a latent contracted with α is then one derivative along W₁, forward: as many operations as the kernel itself
 * takes, where the gradient contracted afterwards would be worked out in full for every training point. The weights are
 * found by applying L to a polynomial whose coefficients are Params: they are the gradient with respect to those.
 */
import {
  add,
  at,
  axis,
  build,
  coefficientOf,
  delta,
  dims,
  isZero,
  lit,
  mul,
  param,
  replaceParams,
  sum,
  type Axis,
  type Expr,
  type Index,
} from "../ir/expr.ts";
import type { Lowered, LoweredLatent, Quantity } from "../model/lower/lowered.ts";
import { jvp } from "./jvp.ts";
import { apply } from "./operator.ts";
import { vjp } from "./vjp.ts";

/** Where L acts: the Params that stand for one point and its arguments. */
export interface Here {
  readonly point: Expr;
  readonly arguments: ReadonlyMap<string, Expr>;
}

/** Of one latent: W₀ of its shape, W₁ of its shape and the point's. */
export interface Weights {
  readonly latent: LoweredLatent;
  readonly value: Expr;
  readonly slope: Expr;
}

const axesOf = (shape: readonly number[]): Axis[] => shape.map((d) => axis(d));

/** A latent as a polynomial of second degree around a point: the Params of its coefficients, and its value. */
function polynomial(latent: LoweredLatent, point: Expr, origin: Expr, shape: readonly number[]) {
  const coefficients = [0, 1, 2].map((degree) =>
    param(`derivative ${degree} of ${latent.name}`, [...latent.shape, ...Array(degree).fill(shape).flat()]),
  );
  const own = axesOf(latent.shape),
    along = [axesOf(shape), axesOf(shape)],
    away = (c: readonly Index[]): Expr => add(at(point, c), mul(lit(-1), at(origin, c)));
  const terms = coefficients.map((tensor, degree) => {
    const used = along.slice(0, degree);
    return mul(
      lit(degree === 2 ? 0.5 : 1),
      sum(used.flat(), mul(at(tensor, [...own, ...used.flat()]), ...used.map(away))),
    );
  });
  return { latent, coefficients, value: build(own, add(...terms)) };
}

/**
 * The weights of L for each latent, `scalarOf` being what becomes of L's values: an entry, or their product with
 * coefficients. Undefined where L isn't of first order, or looks at other points than its own.
 */
export function weightsOf(
  lowered: Lowered,
  quantity: Quantity,
  here: Here,
  scalarOf: (tensor: Expr) => Expr,
): readonly Weights[] | undefined {
  if (quantity.order > 1) return undefined;
  const { shape } = lowered.input,
    origin = param("where the polynomial is taken", shape);
  const fields = lowered.latents.map((latent) => polynomial(latent, here.point, origin, shape));
  const latents = new Map(fields.map((f) => [f.latent.name, f.value]));
  const applied = scalarOf(apply(quantity.operator, { point: here.point, latents, arguments: here.arguments }));
  const found = fields.map(({ latent, coefficients }) => {
    const [value, slope, curvature] = coefficients.map((c) =>
      replaceParams(vjp(applied, c), new Map([[origin, here.point]])),
    );
    return isZero(curvature!) ? { latent, value: value!, slope: slope! } : undefined;
  });
  return found.every((w) => w !== undefined) ? found : undefined;
}

/** Σ W₀ u + Σ W₁ ∂u of a latent's field u, given at a component as a scalar expression of the point. */
export function weighted({ latent, value, slope }: Weights, point: Expr, field: (own: readonly Axis[]) => Expr): Expr {
  const own = axesOf(latent.shape),
    along = axesOf(dims(slope).slice(own.length));
  const u = field(own),
    // A number stays outside: the derivative along α is the same table for ∇ and −∇.
    [scale, rest] = coefficientOf(at(slope, [...own, ...along]));
  const moved = isZero(slope) ? lit(0) : mul(lit(scale), jvp(u, point, build(along, rest)));
  return sum(own, add(mul(at(value, own), u), moved));
}

/** A field that is u at one component and zero at others. */
export const component = (own: readonly Axis[], source: readonly Axis[], u: Expr): Expr =>
  mul(u, ...own.map((a, n) => delta(a, source[n]!)));
