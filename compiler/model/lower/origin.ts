/**
 * Where a lowered model came from. In: the model, when it is lowered. Out: its declarations, for diagnostics about
 * kernels.
 * The interface of lowered models stays free of syntax; places live beside it.
 */
import type { Lowered } from "./lowered.ts";
import type { Model } from "../model.ts";

const origins = new WeakMap<Lowered, Model>();

export function remember(lowered: Lowered, model: Model): Lowered {
  origins.set(lowered, model);
  return lowered;
}

/** The model that was lowered. Throws an Error for a `Lowered` that `lower` did not make. */
export function originOf(lowered: Lowered): Model {
  const model = origins.get(lowered);
  if (!model) throw new Error(`the model ${lowered.name} was not lowered here`);
  return model;
}
