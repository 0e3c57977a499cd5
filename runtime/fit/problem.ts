/**
 * The linear system of a fit, before any work on it. In: a compiled model, a data set, options. Out: points, noise,
 * right-hand sides.
 * What `fit` solves and `plan` judges is made here, once, from the same options.
 */
import { noiseOf } from "./assembly.ts";
import type { Noise } from "./assembly.ts";
import type { CompiledModel, Parameters } from "../compiled.ts";
import { datasetOf } from "../data/dataset.ts";
import type { DatasetLike } from "../data/dataset.ts";
import { OptionError } from "../errors.ts";
import { frameCount } from "../data/frames.ts";
import type { Source } from "../data/frames.ts";
import { trainingGroups } from "../data/groups.ts";
import type { GroupData } from "../data/groups.ts";
import { layoutOf } from "./layout.ts";
import type { Layout } from "./layout.ts";
import { offsetsBefore } from "../model/offsets.ts";
import { asParameters, resolveParameters } from "../model/parameters.ts";
import type { ChoiceRequest, SolverOptions } from "../solvers/choice.ts";
import { split as splitFrames } from "../data/split.ts";
import type { Split } from "../data/split.ts";
import type { Units } from "../molecules/units.ts";
import { conversion, unitsOf } from "../molecules/units.ts";

export interface ProblemOptions {
  /** Hyperparameters that take the place of the spec's values. */
  readonly parameters?: Parameters;
  /** Noise variances that take the place of the spec's: for all observations, or by label. */
  readonly noise?: Noise;
  /** Frames by role, as `split` makes them; all frames train where left out. Errors on the others are measured. */
  readonly split?: Partial<Split>;
}

/** All options that the result of a fit depends on. */
export interface SystemOptions extends ProblemOptions, SolverOptions {
  /** Steps of iterative refinement at most; 2 where left out. */
  readonly refinements?: number;
}

export interface Problem {
  readonly source: Source & { readonly parameters: Parameters };
  readonly units: Units;
  readonly hyperparameters: Record<string, Float64Array>;
  readonly split: Split;
  /** Training frames, where the data have frames. */
  readonly frames: readonly number[] | undefined;
  readonly groups: readonly GroupData[];
  readonly notices: readonly string[];
  /** Constants that are added to latents before anything is solved. */
  readonly offsets: Readonly<Record<string, number>>;
  readonly layout: Layout;
  /** Variance of each row. */
  readonly noise: Float64Array;
  /** y − L mean. */
  readonly y: Float64Array;
}

/** Reads data and options. Throws DataError and OptionError where they don't fit the model. */
export function problemOf(compiled: CompiledModel, data: DatasetLike, options: ProblemOptions): Problem {
  const dataset = datasetOf(data);
  const units = unitsOf(dataset);
  const hyperparameters = resolveParameters(compiled, options.parameters);
  const parameters = asParameters(compiled, hyperparameters);
  const source = { compiled, dataset, parameters, conversion: conversion(units, units, dataset.name) };
  const split = completeSplit(source, options.split);
  const frames = frameCount(source) === 0 ? undefined : split.train;
  const { groups, notices } = trainingGroups(source, frames === undefined ? {} : { frames });
  const offsets = offsetsBefore(compiled, groups, parameters);
  const layout = layoutOf(compiled, groups);
  const noise = noiseOf(compiled, layout, options.noise, parameters);
  return {
    source,
    units,
    hyperparameters,
    split,
    frames,
    groups,
    notices,
    offsets,
    layout,
    noise,
    y: residuals(compiled, layout, groups, parameters, offsets),
  };
}

/** Equations from which on it's worth starting threads. */
const THREADED = 1000;
/** Threads that work on so many equations, of those that may. */
export const threadsFor = (n: number, allowed = 1): number => (n < THREADED ? 1 : allowed);

/** What the choice of a solver depends on. */
export function choiceRequest({ source, layout, noise }: Problem, options: SystemOptions): ChoiceRequest {
  return {
    compiled: source.compiled,
    parameters: source.parameters,
    layout,
    noise,
    options,
    refinements: options.refinements ?? 2,
  };
}

function completeSplit(source: Source, wish: Partial<Split> | undefined): Split {
  const count = frameCount(source);
  if (count === 0 && Object.values(wish ?? {}).some((list) => list.length > 0)) {
    throw new OptionError(
      `${source.dataset.name} has groups with points of their own and no frames; a split chooses frames`,
    );
  }
  if (wish === undefined) return { train: Array.from({ length: count }, (_, i) => i), validate: [], test: [] };
  return splitFrames(count, { validate: [], test: [], ...wish });
}

/** y − L mean, the prior mean including the constants known so far. */
function residuals(
  compiled: CompiledModel,
  layout: Layout,
  groups: readonly GroupData[],
  parameters: Parameters,
  offsets: Readonly<Record<string, number>>,
): Float64Array {
  const y = new Float64Array(layout.n);
  layout.blocks.forEach(({ label, points, start }, g) => {
    const mean = compiled.mean(label, points, parameters, offsets);
    groups[g]!.values.forEach((value, i) => (y[start + i] = value - mean[i]!));
  });
  return y;
}
