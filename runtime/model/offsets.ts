/**
 * The additive constants of latents (`offset energy : u from "E"`). In: the training data. Out: a constant by latent.
 * Where u itself is observed from the same key, its mean is taken off before the fit; otherwise the constant that makes
 * the mean residual zero is found after it; without data it is 0, and that is said.
 */
import type { CompiledModel, OffsetInfo, Parameters } from "../compiled.ts";
import { evaluate } from "./evaluate.ts";
import type { Trained } from "./evaluate.ts";
import { framePoints, frameValues, pointsKey } from "../data/frames.ts";
import type { Source } from "../data/frames.ts";
import type { GroupData } from "../data/groups.ts";
import { emptyRecord } from "../records.ts";

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The constants known before the fit: means of observed values of the latent itself. */
export function offsetsBefore(
  compiled: CompiledModel,
  groups: readonly GroupData[],
  parameters?: Parameters,
): Record<string, number> {
  const offsets: Record<string, number> = emptyRecord();
  for (const offset of compiled.offsets) {
    const group = groups.find((item) => observesLatent(compiled, offset, item, parameters));
    if (group !== undefined) offsets[offset.latent] = mean(group.values);
  }
  return offsets;
}

/**
 * Whether a group observes the offset's latent, standing alone, at the offset's key: it has the offset's label, which
 * stands for the same expression, or a constant of 1 added to the latent adds 1 to it everywhere.
 */
function observesLatent(
  compiled: CompiledModel,
  { label, latent, key }: OffsetInfo,
  group: GroupData,
  parameters?: Parameters,
): boolean {
  const observation = compiled.observations.find((item) => item.label === group.label);
  if (observation?.key !== key || observation.shape.length > 0) return false;
  if (group.label === label) return true;
  const without = compiled.mean(group.label, group.points, parameters, { [latent]: 0 });
  const shifted = compiled.mean(group.label, group.points, parameters, { [latent]: 1 });
  return shifted.every((value, i) => Math.abs(value - without[i]! - 1) < 1e-12 * Math.max(1, Math.abs(value)));
}

/** The constants that make mean residuals zero, for the latents that have none yet. */
export function offsetsAfter(
  trained: Trained,
  source: Source,
  frames: readonly number[] | undefined,
  notices: Set<string>,
): Record<string, number> {
  const offsets: Record<string, number> = Object.assign(emptyRecord<number>(), trained.offsets);
  for (const { label, latent, key } of trained.compiled.offsets) {
    if (Object.hasOwn(trained.offsets, latent)) continue;
    const values = pointsKey(source) === undefined ? undefined : frameValues(source, key, [], frames, notices);
    if (values === undefined || values.length === 0) {
      offsets[latent] = 0;
      notices.add(`${source.dataset.name}: no ${key} for the offset of ${latent} (${label}): its constant is 0`);
      continue;
    }
    const points = framePoints(source, frames);
    const fitted = evaluate(trained, label, points);
    offsets[latent] = mean(values.map((value, i) => value - fitted[i]!));
  }
  return offsets;
}
