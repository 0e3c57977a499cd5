/**
 * What a data set says to a model: points, arguments and values of each labelled quantity. In: a compiled model, a data
 * set and the frames wanted. Out: flat arrays by label, and notices for people. Two forms are read alike: frames, whose
 * values stand at the keys of `from`, and groups, which have points of their own.
 */
import type { Points } from "../compiled.ts";
import { DataError } from "../errors.ts";
import {
  argumentsAt,
  fieldNotices,
  frameCount,
  framePoints,
  frameValues,
  listKeys,
  pointsKey,
  presentKey,
} from "./frames.ts";
import type { Source } from "./frames.ts";
import { rowsAt, sizeOf } from "./rows.ts";

/** Points and values of one labelled quantity. */
export interface GroupData {
  readonly label: string;
  /** Number of points. */
  readonly count: number;
  readonly points: Points;
  /** [count, ...shape of the label]. */
  readonly values: Float64Array;
  /** The points are frames of the data set, and can be chosen by index. */
  readonly frames: boolean;
}

/** Whether the top level of the set is the one group of a model that has a single observation, as a table is. */
function standsAlone({ compiled, dataset }: Source, label: string): boolean {
  const only = compiled.observations.length === 1 ? compiled.observations[0] : undefined;
  return (
    only?.label === label && only.key === undefined && presentKey(compiled, dataset, `${label}.`, []) === undefined
  );
}

/** How the data of a label are asked for. */
export interface GroupRequest {
  /** Frames wanted, by index; all where left out. Groups with points of their own are always whole. */
  readonly frames?: readonly number[];
  /** Takes notices of units; each is kept once. */
  readonly notices?: Set<string>;
}

/**
 * Points and values of a labelled quantity: observed values, or those a prediction or offset can be compared with.
 * Undefined where the set has none. Throws DataError where they are there but wrong.
 */
export function groupData(source: Source, label: string, request: GroupRequest = {}): GroupData | undefined {
  const { compiled } = source;
  const observation = compiled.observations.find((item) => item.label === label);
  const key = observation?.key ?? compiled.offsets.find((item) => item.label === label)?.key;
  if (observation?.key === undefined) {
    const own = ownGroup(source, label);
    if (own !== undefined) return own;
  }
  const valuesKey = key ?? (standsAlone(source, label) ? "y" : undefined);
  if (valuesKey === undefined || pointsKey(source) === undefined) return undefined;
  const given = observation?.given ?? false;
  if (!given && !source.dataset.entries.has(valuesKey) && !source.dataset.unusable.has(valuesKey)) return undefined;
  const info = compiled.groups[label]!;
  const points = framePoints(source, request.frames, info.arguments);
  const values = frameValues(source, valuesKey, info.shape, request.frames, request.notices);
  const count = points.x.length / sizeOf(compiled.input.shape);
  return {
    label,
    count,
    points,
    values: checkedValues(source, label, points, values, valuesKey, "frame"),
    frames: true,
  };
}

/** The group of a label's own name: `LABEL.x`, `LABEL.y`, arguments. */
function ownGroup(source: Source, label: string): GroupData | undefined {
  const { compiled, dataset } = source;
  const info = compiled.groups[label]!;
  const key = presentKey(compiled, dataset, `${label}.`, []);
  if (key === undefined) return undefined;
  const x = rowsAt(dataset, { key, shape: compiled.input.shape, rowName: "point" })!;
  const count = x.length / sizeOf(compiled.input.shape);
  if (count === 0) return undefined;
  const points = { x, arguments: argumentsAt(source, `${label}.`, info.arguments, { rows: count, key }, "point") };
  const y = rowsAt(dataset, { key: `${label}.y`, shape: info.shape, rowName: "point", count: { rows: count, key } });
  const given = compiled.observations.some((item) => item.label === label && item.given);
  if (y === undefined && !given) {
    if (!compiled.observations.some((item) => item.label === label)) return undefined;
    const expected = `the observed values, [${[count, ...info.shape].join(", ")}]`;
    throw new DataError({
      file: dataset.name,
      key: `${label}.y`,
      expected,
      found: "no such key",
      hint: "the spec doesn't give them",
    });
  }
  return {
    label,
    count,
    points,
    values: checkedValues(source, label, points, y, `${label}.y`, "point"),
    frames: false,
  };
}

/** Values of a label: the spec's where it gives them, which data may repeat but not contradict. */
function checkedValues(
  source: Source,
  label: string,
  points: Points,
  found: Float64Array | undefined,
  key: string,
  rowName: "frame" | "point",
): Float64Array {
  const { compiled, dataset, parameters } = source;
  const given = compiled.observations.some((item) => item.label === label && item.given);
  if (!given) return found!;
  const values = compiled.values(label, points, parameters);
  if (found !== undefined) {
    const scale = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    const tolerance = 1e-9 * (scale === 0 ? 1 : scale);
    const bad = values.findIndex((value, i) => !(Math.abs(value - found[i]!) <= tolerance));
    if (bad >= 0) {
      const row = Math.floor(bad / sizeOf(compiled.groups[label]!.shape));
      const expected = `${values[bad]}, which the spec gives for ${label}`;
      throw new DataError({
        file: dataset.name,
        key,
        row,
        rowName,
        expected,
        found: String(found[bad]),
        hint: "leave the values out, or take them out of the spec",
      });
    }
  }
  return values;
}

/**
 * Points and values of every observation, for training.
 * @returns groups in the order of the spec's observations, without those the data lack, each of which makes a notice
 * @throws DataError: no group at all, the missing key of a `from`, and all that is wrong with single keys
 */
export function trainingGroups(
  source: Source,
  request: GroupRequest = {},
): { groups: readonly GroupData[]; notices: readonly string[] } {
  const { compiled, dataset } = source;
  const notices = new Set([...source.conversion.notices, ...fieldNotices(source)]);
  const groups: GroupData[] = [];
  for (const { label, key } of compiled.observations) {
    const group = groupData(source, label, { ...request, notices });
    if (group !== undefined && group.count > 0) groups.push(group);
    else if (key !== undefined) throw missingKey(source, label, key);
    else notices.add(`${dataset.name}: no data for the observation ${label}: it has no rows`);
  }
  if (groups.length === 0) {
    const labels = compiled.observations.map((item) => item.label);
    const example = labels.map((label) => `${label}.x`).join(", ");
    throw new DataError({
      file: dataset.name,
      expected: `data of at least one observation (${example})`,
      found: `the keys ${listKeys(dataset)}`,
    });
  }
  for (const name of strangers(source))
    notices.add(`${dataset.name}: ${name} is no label of the model; its data are left out`);
  return { groups, notices: [...notices] };
}

function missingKey(source: Source, label: string, key: string): DataError {
  const { dataset } = source;
  if (pointsKey(source) === undefined) {
    try {
      framePoints(source);
    } catch (error) {
      if (error instanceof DataError) return error;
      throw error;
    }
  }
  const found = frameCount(source) === 0 ? "no frames" : `no such key among ${listKeys(dataset)}`;
  return new DataError({
    file: dataset.name,
    key,
    expected: `the values of ${label} (from "${key}") for each frame`,
    found,
  });
}

/** Names in the data that look like groups and are none of the model's. */
function strangers({ compiled, dataset }: Source): string[] {
  return [...dataset.entries.keys()]
    .filter((key) => key.endsWith(".x"))
    .map((key) => key.slice(0, -2))
    .filter((name) => !Object.hasOwn(compiled.groups, name));
}
