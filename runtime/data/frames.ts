/**
 * Frames of a data set as a model sees them. In: a compiled model, a data set, indexes. Out: points, arguments and
 * values at keys, checked, in the model's units. What a field has to say of them comes from its conventions.
 */
import { emptyRecord } from "../records.ts";
import type { ArgumentInfo, CompiledModel, Parameters, Points } from "../compiled.ts";
import { CONVENTIONS } from "../conventions.ts";
import { DataError } from "../errors.ts";
import type { Conversion } from "../molecules/units.ts";
import type { Convention } from "./convention.ts";
import { numbersAt } from "./dataset.ts";
import type { Dataset } from "./dataset.ts";
import { rowsAt } from "./rows.ts";

/** A data set seen by a model. */
export interface Source {
  readonly compiled: CompiledModel;
  readonly dataset: Dataset;
  /** From the data's units to the model's. */
  readonly conversion: Conversion;
  /** Values that the spec gives may depend on these. */
  readonly parameters?: Parameters;
  /** Atomic numbers that the model was trained on, where it knows them. */
  readonly atoms?: Float64Array;
}

/** The conventions of fields that points of the model may be of. */
const conventionsOf = ({ input }: CompiledModel): readonly Convention[] =>
  CONVENTIONS.filter(({ isPoint }) => isPoint(input.shape));

/** What values at a key are multiplied by; undefined where no field knows the key and a factor would matter. */
function valueFactor(key: string, conversion: Conversion): number | undefined {
  return CONVENTIONS.map((convention) => convention.valueFactor(key, conversion)).find(
    (factor) => factor !== undefined,
  );
}

/** What people should know of a set beside its numbers. */
export function fieldNotices(source: Source): readonly string[] {
  return CONVENTIONS.map((convention) => convention.notice(source)).filter((notice) => notice !== undefined);
}

/** The key of the frames' points: `x`, the input's name, or `R`; undefined where the set has none. */
export function pointsKey({ compiled, dataset }: Source): string | undefined {
  const ofField = conventionsOf(compiled).flatMap(({ pointKeys }) => pointKeys);
  return presentKey(compiled, dataset, "", ofField);
}

/** The key of points that the set has, of `x`, the input's name and `more`. Throws DataError where it has two. */
export function presentKey(
  compiled: CompiledModel,
  dataset: Dataset,
  prefix: string,
  more: readonly string[],
): string | undefined {
  const names = new Set(["x", ...(compiled.input.coordinates === undefined ? [compiled.input.name] : []), ...more]);
  const present = [...names]
    .map((name) => prefix + name)
    .filter((key) => dataset.entries.has(key) || dataset.unusable.has(key));
  if (present.length > 1) {
    throw new DataError({
      file: dataset.name,
      key: present[1]!,
      expected: "the points under one key",
      found: present.join(" and "),
    });
  }
  return present[0];
}

/** Number of frames: 0 where the set has groups only. */
export function frameCount(source: Source): number {
  const key = pointsKey(source);
  return key === undefined ? 0 : (numbersAt(source.dataset, key)?.shape[0] ?? 0);
}

/**
 * Points of frames, checked, in the model's units, with the arguments asked for (at keys of their names).
 * @param frames indexes; all where left out
 * @throws DataError: no points, wrong shapes, NaN, coinciding atoms, other atoms than the model's
 */
export function framePoints(source: Source, frames?: readonly number[], wanted: readonly ArgumentInfo[] = []): Points {
  const { compiled, dataset, conversion } = source;
  const key = pointsKey(source);
  if (key === undefined) {
    const names =
      compiled.input.coordinates === undefined && compiled.input.name !== "x" ? `${compiled.input.name} or x` : "x";
    throw new DataError({
      file: dataset.name,
      key: names,
      expected: `points [frames, ${compiled.input.shape.join(", ")}]`,
      found: `no such key among ${listKeys(dataset)}`,
    });
  }
  const request = { key, shape: compiled.input.shape, rowName: "frame" } as const;
  const conventions = conventionsOf(compiled);
  const factor = conventions.reduce((product, convention) => product * convention.pointFactor(conversion), 1);
  const x = rowsAt(dataset, { ...request, ...(frames === undefined ? {} : { indexes: frames }), factor })!;
  for (const convention of conventions) convention.requirePoints(source, key);
  return { x, arguments: argumentsAt(source, "", wanted, { rows: frameCount(source), key }, "frame", frames) };
}

/** The keys of a set, for messages. */
export function listKeys(dataset: Dataset): string {
  const keys = [...dataset.entries.keys(), ...dataset.unusable.keys()];
  return keys.length === 0 ? "none at all" : keys.slice(0, 12).join(", ") + (keys.length > 12 ? ", …" : "");
}

/** Values of the arguments at keys of their names, each checked. Throws DataError where one is missing. */
export function argumentsAt(
  { dataset }: Source,
  prefix: string,
  wanted: readonly ArgumentInfo[],
  count: { rows: number; key: string },
  rowName: "frame" | "point",
  indexes?: readonly number[],
): Record<string, Float64Array> {
  const found: Record<string, Float64Array> = emptyRecord();
  for (const { name, shape } of wanted) {
    const key = prefix + name;
    const rows = rowsAt(dataset, { key, shape, rowName, count, ...(indexes === undefined ? {} : { indexes }) });
    if (rows === undefined) {
      const expected = `the argument ${name} of each ${rowName}, [${[`${rowName}s`, ...shape].join(", ")}]`;
      throw new DataError({ file: dataset.name, key, expected, found: `no such key among ${listKeys(dataset)}` });
    }
    found[name] = rows;
  }
  return found;
}

/** Values at a key of the frames, in the model's units; undefined where the set lacks the key. */
export function frameValues(
  source: Source,
  key: string,
  shape: readonly number[],
  frames?: readonly number[],
  notices?: Set<string>,
): Float64Array | undefined {
  const { dataset, conversion } = source;
  const factor = valueFactor(key, conversion);
  if (factor === undefined && dataset.entries.has(key)) {
    notices?.add(`${dataset.name}: ${key}: the units of this key aren't known; its numbers are taken as the model's`);
  }
  const count = { rows: frameCount(source), key: pointsKey(source) ?? "x" };
  return rowsAt(dataset, {
    key,
    shape,
    rowName: "frame",
    count,
    factor: factor ?? 1,
    ...(frames === undefined ? {} : { indexes: frames }),
  });
}
