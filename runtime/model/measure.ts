/**
 * Errors of a trained model on data. In: a model and a data set. Out: MAE, RMSE and largest error by label.
 * Frames that the model was trained or validated on are left out, by index where the data are the model's own, else by
 * content, so that a test can't flatter.
 */
import type { Points } from "../compiled.ts";
import { dataHash, hashSet, pointHashes } from "../data/content.ts";
import { datasetOf } from "../data/dataset.ts";
import type { DatasetLike } from "../data/dataset.ts";
import { DataError } from "../errors.ts";
import { fieldNotices, frameCount, framePoints } from "../data/frames.ts";
import type { Source } from "../data/frames.ts";
import { groupData } from "../data/groups.ts";
import type { GroupData } from "../data/groups.ts";
import type { Model } from "./model.ts";
import { sizeOf } from "../data/rows.ts";
import { conversion, unitsOf } from "../molecules/units.ts";
import { hex } from "../sha256.ts";

/** Over all components of all points, in the model's units. */
export interface ErrorMeasure {
  readonly mae: number;
  readonly rmse: number;
  readonly max: number;
}

export interface TestOptions {
  /** Frames to test on, by index; all where left out. */
  readonly indexes?: readonly number[];
  /** Frames that are tested on at most, evenly spaced among those that are left; all where left out. */
  readonly limit?: number;
  /** Also test on frames that the model knows; false where left out. */
  readonly includeKnown?: boolean;
}

export interface TestResult {
  /** By label: observations, offsets and predictions that the data have values for. */
  readonly errors: Readonly<Record<string, ErrorMeasure>>;
  /** Number of frames, or of points where the data have groups only. */
  readonly points: number;
  /** Frames left out because the model was trained or validated on them. */
  readonly left_out: number;
  readonly notices: readonly string[];
}

/** A data set as a trained model sees it: in its units, with its parameters and atoms. */
export function sourceFor(model: Model, data: DatasetLike): Source {
  const dataset = datasetOf(data);
  const { compiled, units, atoms } = model.state;
  return {
    compiled,
    dataset,
    parameters: model.parameters,
    conversion: conversion(unitsOf(dataset), units, dataset.name),
    ...(atoms === undefined ? {} : { atoms }),
  };
}

/** @throws DataError: data that are wrong, nothing to compare with, or no frame left that the model doesn't know */
export function measure(
  model: Model,
  data: DatasetLike,
  { indexes, limit, includeKnown = false }: TestOptions,
): TestResult {
  const source = sourceFor(model, data);
  const { compiled } = model;
  const notices = new Set([...source.conversion.notices, ...fieldNotices(source)]);
  const count = frameCount(source);
  const candidates = count === 0 ? [] : (indexes ?? Array.from({ length: count }, (_, i) => i));
  const left = count === 0 || includeKnown ? candidates : unknownFrames(model, source, candidates);
  const frames =
    limit === undefined || limit >= left.length
      ? left
      : Array.from({ length: limit }, (_, k) => left[Math.floor((k * left.length) / limit)]!);
  if (candidates.length > 0 && left.length === 0) {
    const found = `${candidates.length}, on all of which it was trained or validated`;
    throw new DataError({
      file: source.dataset.name,
      expected: "frames that the model doesn't know",
      found,
      hint: "test on other data",
    });
  }
  const labels = [...compiled.observations, ...compiled.offsets, ...compiled.predictions].map((item) => item.label);
  const groups = [...new Set(labels)]
    .map((label) => groupData(source, label, { frames, notices }))
    .filter((group): group is GroupData => group !== undefined && group.count > 0);
  if (groups.length === 0) {
    throw new DataError({
      file: source.dataset.name,
      expected: `values of ${[...new Set(labels)].join(", ")} to compare with`,
      found: "none of them",
    });
  }
  const predicted = predictFrames(model, source, groups, frames);
  const errors = Object.fromEntries(
    groups.map(({ label, points, values }) => [
      label,
      errorOf(predicted[label] ?? model.evaluate(label, points), values),
    ]),
  );
  const points = count > 0 ? frames.length : groups.reduce((sum, group) => sum + group.count, 0);
  return { errors, points, left_out: candidates.length - left.length, notices: [...notices] };
}

/** All predictions that share the frames in one go. */
function predictFrames(
  model: Model,
  source: Source,
  groups: readonly GroupData[],
  frames: readonly number[],
): Record<string, Float64Array> {
  const labels = groups
    .filter((group) => group.frames && model.compiled.predictions.some((item) => item.label === group.label))
    .map((group) => group.label);
  if (labels.length === 0) return {};
  const wanted = new Map(
    labels.flatMap((label) => model.compiled.groups[label]!.arguments.map((item) => [item.name, item] as const)),
  );
  const points: Points = framePoints(source, frames, [...wanted.values()]);
  return model.predict(points, labels);
}

function unknownFrames(model: Model, source: Source, candidates: readonly number[]): readonly number[] {
  const { split, frameHashes } = model.state;
  if (dataHash(source) === model.state.dataHash) {
    const known = new Set([...split.train, ...split.validate]);
    return candidates.filter((index) => !known.has(index));
  }
  const known = new Set([...hashSet(frameHashes.train), ...hashSet(frameHashes.validate)]);
  const { x } = framePoints(source, candidates);
  const size = sizeOf(model.compiled.input.shape);
  const isKnown = (points: Float64Array): readonly boolean[] => {
    const hashes = pointHashes(points, size);
    return candidates.map((_, i) => known.has(hex(hashes.subarray(32 * i, 32 * i + 32))));
  };
  const alike = [isKnown(x), stagedAlike(model, x, candidates.length)];
  // Data in other units come back to the model's with a rounding, so that their content isn't that of its own.
  if (source.conversion.length !== 1)
    alike.push(isKnown(x.map((value) => Number(value.toPrecision(DIGITS)))), trainedAlike(model, x, candidates.length));
  return candidates.filter((_, i) => !alike.some((found) => found[i]));
}

/** Decimal digits that a conversion of units and back leaves as they were. */
const DIGITS = 15;
/** Relative to a frame's coordinates: far above that rounding, far below the distance of two frames. */
const NEAR = 1e-9;

/** Whether a frame is a training point of the model but for rounding. */
function trainedAlike({ compiled, state }: Model, x: Float64Array, count: number): readonly boolean[] {
  const size = sizeOf(compiled.input.shape);
  const rows = Object.values(state.training).flatMap(({ points }) =>
    Array.from({ length: points.x.length / size }, (_, j) => points.x.subarray(j * size, (j + 1) * size)),
  );
  return Array.from({ length: count }, (_, i) => {
    const frame = x.subarray(i * size, (i + 1) * size);
    const tolerance = NEAR * frame.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    return rows.some((row) => row.every((value, k) => Math.abs(value - frame[k]!) <= tolerance));
  });
}

/** Far above what conversions and rounding in files do to a descriptor, far below the distance of two frames. */
const ALIKE = 1e-7;

/**
 * Whether a frame is among the training points of a model that holds tables alone: whether what is staged of the
 * frame's
 * points, without coefficients, is a row of the model's tables.
 */
function stagedAlike({ compiled, state, parameters }: Model, x: Float64Array, count: number): readonly boolean[] {
  const { tables } = state;
  const label =
    tables === undefined
      ? undefined
      : Object.keys(tables.counts).find((name) => compiled.groups[name]!.arguments.length === 0);
  if (tables === undefined || label === undefined) return [];
  const observed = Object.keys(tables.counts);
  const zeros = (name: string): Float64Array => new Float64Array(count * sizeOf(compiled.groups[name]!.shape));
  const frames = compiled.staging!.tables(
    Object.fromEntries(observed.map((name) => [name, { points: { x, arguments: {} }, coefficients: zeros(name) }])),
    parameters,
  );
  const compared = compiled
    .staging!.layout(observed)
    .tables.filter(({ name, dims }) => dims[0] === label && frames.tables[name]!.some((value) => value !== 0));
  const isRow = (i: number, j: number): boolean =>
    compared.every(({ name }) => {
      const [mine, theirs] = [tables.tables[name]!, frames.tables[name]!];
      const size = theirs.length / count;
      for (let k = 0; k < size; k++) {
        const [a, b] = [theirs[i * size + k]!, mine[j * size + k]!];
        if (!(Math.abs(a - b) <= ALIKE * Math.abs(b))) return false;
      }
      return true;
    });
  const rows = Array.from({ length: tables.counts[label]! }, (_, j) => j);
  return Array.from({ length: count }, (_, i) => compared.length > 0 && rows.some((j) => isRow(i, j)));
}

function errorOf(found: Float64Array, expected: Float64Array): ErrorMeasure {
  let sum = 0;
  let squares = 0;
  let max = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(found[i]! - expected[i]!);
    sum += error;
    squares += error * error;
    max = Math.max(max, error);
  }
  return { mae: sum / expected.length, rmse: Math.sqrt(squares / expected.length), max };
}
