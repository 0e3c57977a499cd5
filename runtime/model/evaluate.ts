/**
 * Any labelled quantity of a trained model at any points. In: points, training groups. Out: values.
 * Predictions have a faster way of their own; this one serves for what isn't predicted, and while a model is being
 * made.
 */
import type { CompiledModel, Parameters, Points, TrainingGroup } from "../compiled.ts";

export interface Trained {
  readonly compiled: CompiledModel;
  readonly parameters: Parameters;
  /** Constants added to latents. */
  readonly offsets: Readonly<Record<string, number>>;
  /** By observation, in the spec's order. */
  readonly training: Readonly<Record<string, TrainingGroup>>;
}

/**
 * L of the posterior mean: L of the prior mean and the offsets, plus the sum over all training groups. [points ×
 * components].
 */
export function evaluate(
  { compiled, parameters, offsets, training }: Trained,
  label: string,
  points: Points,
): Float64Array {
  const values = compiled.mean(label, points, parameters, offsets).slice();
  for (const [col, { points: y, coefficients }] of Object.entries(training)) {
    compiled.contract(label, points, col, y, coefficients, parameters).forEach((value, i) => (values[i]! += value));
  }
  return values;
}
