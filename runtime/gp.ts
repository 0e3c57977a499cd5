/**
 * Training. In: a compiled model, a data set, options. Out: a trained model.
 * (K + noise) α = y − L mean by a Cholesky factorisation, then refined against the very contractions that predictions are
 * made of. Nothing depends on the clock: the same input gives the same coefficients, bit for bit.
 */
import { amplificationSteps } from "./amplification.ts";
import { assemblySteps, noiseOf, residualSteps } from "./assembly.ts";
import type { Noise } from "./assembly.ts";
import type { CompiledModel, Parameters } from "./compiled.ts";
import { dataHash, pointHashes } from "./content.ts";
import { datasetOf, numbersAt, unitsOf } from "./dataset.ts";
import type { DatasetLike } from "./dataset.ts";
import { NotPositiveDefiniteError, OptionError } from "./errors.ts";
import { frameCount, framePoints, trainingGroups } from "./groups.ts";
import type { GroupData, Source } from "./groups.ts";
import { describeRow, layoutOf, trainingOf } from "./layout.ts";
import type { Layout } from "./layout.ts";
import { choleskySteps } from "./linalg/cholesky.ts";
import type { Factor } from "./linalg/cholesky.ts";
import type { PackedLower } from "./linalg/packed.ts";
import { conditionEstimate, logDeterminant, solve } from "./linalg/solve.ts";
import { Model } from "./model.ts";
import type { FitReport, ModelState } from "./model.ts";
import { offsetsAfter, offsetsBefore } from "./offsets.ts";
import { asParameters, resolveParameters } from "./parameters.ts";
import { sizeOf } from "./rows.ts";
import { split as splitFrames } from "./split.ts";
import type { Split } from "./split.ts";
import { clock, run, runAsync } from "./steps.ts";
import type { Drive, Steps } from "./steps.ts";
import { conversion } from "./units.ts";

export interface FitOptions extends Drive {
  /** Hyperparameters that take the place of the spec's values. */
  readonly parameters?: Parameters;
  /** Noise variances that take the place of the spec's: for all observations, or by label. */
  readonly noise?: Noise;
  /** Frames by role, as `split` makes them; all frames train where left out. Errors on the others are measured. */
  readonly split?: Partial<Split>;
  /** Steps of iterative refinement at most; 2 where left out. */
  readonly refinements?: number;
  /** Told to people as it's found: absent groups, unknown units. */
  readonly notice?: (message: string) => void;
}

/**
 * Trains a model, without a pause.
 * @param data a data set, or an object in the form of the JSON files; its units become the model's
 * @throws DataError for data that don't fit the model, OptionError for options, before any work
 * @throws NotPositiveDefiniteError naming the observation whose row fails and a noise that should do
 * @throws InterruptedError once the signal is set (by the progress callback; use `fitAsync` to be stopped from outside)
 */
export function fit(compiled: CompiledModel, data: DatasetLike, options: FitOptions = {}): Model {
  return run(fitSteps(compiled, data, options), options);
}

/** The same with pauses for other events: pages stay alive, and an AbortSignal stops it. The same bytes result. */
export function fitAsync(compiled: CompiledModel, data: DatasetLike, options: FitOptions = {}): Promise<Model> {
  return runAsync(fitSteps(compiled, data, options), options);
}

/** The work of a fit, step by step. */
export function* fitSteps(compiled: CompiledModel, data: DatasetLike, options: FitOptions = {}): Steps<Model> {
  const begin = clock();
  const dataset = datasetOf(data);
  const units = unitsOf(dataset);
  const hyperparameters = resolveParameters(compiled, options.parameters);
  const parameters = asParameters(compiled, hyperparameters);
  const source: Source = { compiled, dataset, parameters, conversion: conversion(units, units, dataset.name) };
  const split = completeSplit(source, options.split);
  const frames = frameCount(source) === 0 ? undefined : split.train;
  const { groups, notices } = trainingGroups(source, frames === undefined ? {} : { frames });
  const said = new Set<string>(notices);
  const before = offsetsBefore(compiled, groups, parameters);
  const system = yield* solveSteps(source, groups, before, options);
  const { layout, alpha } = system;
  const training = trainingOf(layout, alpha);
  const offsets = offsetsAfter({ compiled, parameters, offsets: before, training }, source, frames, said);
  const amplifications = yield* amplificationSteps({ compiled, parameters, offsets, training }, layout);
  const state: ModelState = {
    compiled, hyperparameters, offsets, training, units, split, amplifications, errors: {},
    ...(options.noise === undefined ? {} : { noise: options.noise }),
    ...provenance(source, split),
    solver: "cholesky", residual: system.residual,
  };
  const errors = errorsOf(new Model(state), source, split);
  said.forEach((message) => options.notice?.(message));
  const report: FitReport = {
    n: layout.n, solver: "cholesky", threads: 1, bytes: 4 * layout.n * layout.n, iterations: system.iterations, residual: system.residual,
    condition: system.condition, logDeterminant: system.logDeterminant, errors, notices: [...said],
    amplification: new Model(state).amplification, seconds: { ...system.seconds, total: clock() - begin },
  };
  return new Model({ ...state, errors }, report);
}

function completeSplit(source: Source, wish: Partial<Split> | undefined): Split {
  const count = frameCount(source);
  if (count === 0 && Object.values(wish ?? {}).some((list) => list.length > 0)) {
    throw new OptionError(`${source.dataset.name} has groups with points of their own and no frames; a split chooses frames`);
  }
  if (wish === undefined) return { train: Array.from({ length: count }, (_, i) => i), validate: [], test: [] };
  return splitFrames(count, { validate: [], test: [], ...wish });
}

interface System {
  readonly layout: Layout;
  readonly alpha: Float64Array;
  readonly residual: number;
  readonly iterations: number;
  readonly condition: number;
  readonly logDeterminant: number;
  readonly seconds: { readonly assembly: number; readonly solve: number };
}

/** Assembles and solves the linear system of the training groups. */
function* solveSteps(source: Source, groups: readonly GroupData[], offsets: Readonly<Record<string, number>>, options: FitOptions): Steps<System> {
  const { compiled, parameters } = source;
  const layout = layoutOf(compiled, groups);
  const noise = noiseOf(compiled, layout, options.noise, parameters);
  const y = residuals(source, layout, groups, offsets);
  const begin = clock();
  const matrix = yield* assemblySteps(compiled, layout, noise, parameters);
  const assembled = clock();
  const factor = yield* factorSteps(layout, matrix);
  const refined = yield* refineSteps(source, layout, factor, y, noise, options.refinements ?? 2);
  return {
    layout, ...refined, condition: conditionEstimate(factor), logDeterminant: logDeterminant(factor),
    seconds: { assembly: assembled - begin, solve: clock() - assembled },
  };
}

/** y − L mean, the prior mean including the constants known so far. */
function residuals({ compiled, parameters }: Source, layout: Layout, groups: readonly GroupData[], offsets: Readonly<Record<string, number>>): Float64Array {
  const y = new Float64Array(layout.n);
  layout.blocks.forEach(({ label, points, start }, g) => {
    const mean = compiled.mean(label, points, parameters, offsets);
    groups[g]!.values.forEach((value, i) => (y[start + i] = value - mean[i]!));
  });
  return y;
}

function* factorSteps(layout: Layout, matrix: PackedLower): Steps<Factor> {
  try {
    return yield* choleskySteps(matrix);
  } catch (error) {
    if (!(error instanceof NotPositiveDefiniteError)) throw error;
    throw new NotPositiveDefiniteError(error.index, error.pivot, error.noise, describeRow(layout, error.index));
  }
}

/** α, improved as long as a step at least halves the residual; the best one is kept. */
function* refineSteps(
  { compiled, parameters }: Source, layout: Layout, factor: Factor, y: Float64Array, noise: Float64Array, limit: number,
): Steps<{ alpha: Float64Array; residual: number; iterations: number }> {
  const largest = (values: Float64Array): number => values.reduce((best, value) => Math.max(best, Math.abs(value)), 0);
  const scale = largest(y) === 0 ? 1 : largest(y);
  let alpha = solve(factor, y);
  let rest = yield* residualSteps(compiled, layout, y, alpha, noise, parameters);
  let iterations = 0;
  while (iterations < limit && largest(rest) > 0) {
    const step = solve(factor, rest);
    const next = alpha.map((value, i) => value + step[i]!);
    const nextRest = yield* residualSteps(compiled, layout, y, next, noise, parameters);
    if (!(largest(nextRest) < largest(rest))) break;
    const halved = largest(nextRest) < largest(rest) / 2;
    alpha = next;
    rest = nextRest;
    iterations++;
    if (!halved) break;
  }
  return { alpha, residual: largest(rest) / scale, iterations };
}

/** Where the model comes from: hashes of the data and of the frames, atomic numbers. */
function provenance(source: Source, split: Split): Pick<ModelState, "dataHash" | "frameHashes" | "atoms"> {
  const size = sizeOf(source.compiled.input.shape);
  const hashes = (frames: readonly number[]): Uint8Array => (frames.length === 0 ? new Uint8Array(0) : pointHashes(framePoints(source, frames).x, size));
  const atoms = source.dataset.unusable.has("z") ? undefined : numbersAt(source.dataset, "z")?.data;
  return {
    dataHash: dataHash(source),
    frameHashes: { train: hashes(split.train), validate: hashes(split.validate) },
    ...(atoms === undefined ? {} : { atoms }),
  };
}

function errorsOf(model: Model, source: Source, split: Split): ModelState["errors"] {
  const errors: Record<string, ModelState["errors"][string]> = {};
  for (const role of ["validate", "test"] as const) {
    if (split[role].length > 0) errors[role] = model.test(source.dataset, { indexes: split[role], includeKnown: role === "validate" }).errors;
  }
  return errors;
}
