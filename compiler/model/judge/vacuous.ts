/**
 * What a kernel maps to zero. In: a lowered model. Out: diagnostics for quantities that no function of the prior has.
 * L u has variance zero exactly where its covariance with u is zero (Cauchy and Schwarz), so L is applied to one
 * argument
 * of the kernel alone. Zero is what the normal form proves; a value is called wrong only where random points show it.
 */
import { diagnose, type Diagnostic } from "../../source/diagnostic.ts";
import { flops } from "../../ir/cost.ts";
import { apply, applyWithin, atPair, atPoint } from "../../ad/operator.ts";
import { at, build, delta, isZero, lit, mul, param, sub, type Expr } from "../../ir/expr.ts";
import { interpret } from "../../ir/interpret.ts";
import type { Lowered, LoweredLatent, LoweredObservation, Quantity } from "../lower/lowered.ts";
import { nodesIn } from "../lower/budget.ts";
import { axesOf } from "../lower/value.ts";
import { randomNumbers } from "./meeting.ts";
import { tooLarge } from "./too_large.ts";
import { originOf } from "../lower/origin.ts";

/**
 * Kernels that cost more, those of networks, are taken at their word: to differentiate them takes as long as all else.
 */
const MOST_KERNEL_FLOPS = 5e6;
/** Values that cost more are not evaluated: they stay a warning. */
const MOST_FLOPS = 1e5;
const SEED = 1234567;

type Latents = ReadonlyMap<string, Expr>;

/**
 * Observations and predictions that the kernel maps to zero: errors where a value that differs is given, else warnings.
 */
export function checkVacuous(lowered: Lowered): Diagnostic[] {
  if (lowered.latents.some((l) => flops(l.kernel.value) > MOST_KERNEL_FLOPS)) return [];
  const point = param("the second point", lowered.input.shape),
    other = param("the first point", lowered.input.shape);
  const covariances = lowered.latents.map((latent) =>
    alone(lowered.latents, latent, atPair(latent.kernel, other, point)),
  );
  const observed = new Map(lowered.observations.map((o) => [o.label, o]));
  const labels = [...observed.keys(), ...lowered.predictions.filter((label) => !observed.has(label))];
  return labels.flatMap((label) => {
    const quantity = lowered.quantities.get(label)!,
      given = argumentsOf(quantity);
    for (const [n, latents] of covariances.entries()) {
      const most = FEWEST_NODES + NODES_EACH * nodesIn(lowered.latents[n]!.kernel.value),
        covariance = applyWithin(quantity.operator, { point, latents, arguments: given }, most);
      if (!covariance) return [tooLarge(lowered, label, "the covariance", most, most)];
      if (!isZero(covariance)) return [];
    }
    return [complaint(lowered, quantity, observed.get(label), point, given)];
  });
}

/**
 * An operator that makes more of a kernel than this many nodes, and so many for each of its own, has no end in sight.
 */
const FEWEST_NODES = 60_000;
const NODES_EACH = 100;

const argumentsOf = (quantity: Quantity): Map<string, Expr> =>
  new Map(quantity.arguments.map((a) => [a.name, param(`the argument ${a.name}`, a.shape)]));

/** The covariance of every latent with one of them, at one of its components: an axis that stays free. */
function alone(latents: readonly LoweredLatent[], one: LoweredLatent, k: Expr): Latents {
  const source = axesOf(one.shape);
  return new Map(
    latents.map((l) => {
      const own = axesOf(l.shape);
      return [l.name, build(own, l === one ? mul(k, ...own.map((a, n) => delta(a, source[n]!))) : lit(0))];
    }),
  );
}

function complaint(
  lowered: Lowered,
  quantity: Quantity,
  observation: LoweredObservation | undefined,
  point: Expr,
  given: Map<string, Expr>,
): Diagnostic {
  const model = originOf(lowered),
    { label } = quantity,
    { operator, orders } = model.quantities.get(label)!,
    { span } = operator;
  const hasMean = lowered.latents.some((l) => l.mean && Object.hasOwn(orders, l.name));
  if (!observation) return diagnose("ADK0506", span, { label, use: "predicted", hasMean });
  if (!observation.value) return diagnose("ADK0506", span, { label, use: "observed", hasMean });
  const latents: Latents = new Map(
    lowered.latents.map((l) => [
      l.name,
      l.mean ? atPoint(l.mean, { point, arguments: new Map() }) : build(axesOf(l.shape), lit(0)),
    ]),
  );
  const own = axesOf(quantity.shape);
  const excess = sub(
    at(atPoint(observation.value, { point, arguments: given }), own),
    at(apply(quantity.operator, { point, latents, arguments: given }), own),
  );
  const found = nonzero(lowered, build(own, excess), [point, ...given.values()]);
  if (found === undefined) return diagnose("ADK0506", span, { label, use: "valued", hasMean });
  const declared = model.observations.find((o) => o.name.text === label);
  return diagnose("ADK0505", declared?.value?.span ?? span, { label, excess: Number(found.toPrecision(6)), hasMean });
}

/** An entry that is not zero at a random point, with the parameters where they begin. */
function nonzero(lowered: Lowered, e: Expr, free: readonly Expr[]): number | undefined {
  if (isZero(e) || flops(e) > MOST_FLOPS) return undefined;
  const inputs = new Map(lowered.parameters.map((p) => [p.expr, { shape: p.shape, data: p.initial }]));
  free.forEach((p, n) => {
    const shape = p.kind === "param" ? p.dims : [];
    inputs.set(p, {
      shape,
      data: randomNumbers(
        shape.reduce((a, b) => a * b, 1),
        SEED + n,
      ),
    });
  });
  const value = interpret(e, inputs),
    entries = typeof value === "number" ? [value] : [...value];
  return entries.find((v) => Number.isFinite(v) && Math.abs(v) > 1e-9);
}
