/**
 * What a data set says to a model: points, arguments and values of each labelled quantity. In: a compiled model, a data
 * set and the frames wanted. Out: flat arrays by label, and notices for people. Two forms are read alike: frames, whose
 * values stand at the keys of `from`, and groups, which have points of their own.
 */
import type { ArgumentInfo, CompiledModel, Parameters, Points } from "../compiled.ts";
import { numbersAt } from "./dataset.ts";
import type { Dataset } from "./dataset.ts";
import { DataError } from "../errors.ts";
import { requireDistinctAtoms, rowsAt, sizeOf } from "./rows.ts";
import { factorOf } from "../molecules/units.ts";
import type { Conversion } from "../molecules/units.ts";
import { emptyRecord } from "../records.ts";

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

/** The key of the frames' points: `x`, the input's name, or `R`; undefined where the set has none. */
export function pointsKey({ compiled, dataset }: Source): string | undefined {
  return presentKey(compiled, dataset, "", isMolecule(compiled) ? ["R"] : []);
}

const isMolecule = ({ input }: CompiledModel): boolean => input.shape.length === 2 && input.shape[1] === 3;

function presentKey(
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
  const factor = isMolecule(compiled) ? conversion.length : 1;
  const x = rowsAt(dataset, { ...request, ...(frames === undefined ? {} : { indexes: frames }), factor })!;
  requireAtoms(source, key);
  return { x, arguments: argumentsAt(source, "", wanted, { rows: frameCount(source), key }, "frame", frames) };
}

function listKeys(dataset: Dataset): string {
  const keys = [...dataset.entries.keys(), ...dataset.unusable.keys()];
  return keys.length === 0 ? "none at all" : keys.slice(0, 12).join(", ") + (keys.length > 12 ? ", …" : "");
}

/** Rows of the input are atoms where it's called R or where there are as many atomic numbers; then they are checked. */
function requireAtoms(source: Source, key: string): void {
  const { compiled, dataset, atoms } = source;
  if (!isMolecule(compiled)) return;
  const [count] = compiled.input.shape as [number, number];
  const known = compiled.bindings["z"]?.data ?? atoms;
  const z = numbersAt(dataset, "z");
  if (compiled.input.name !== "R" && (known ?? z?.data)?.length !== count) return;
  if (z !== undefined && (z.shape.length !== 1 || z.shape[0] !== count)) {
    throw new DataError({
      file: dataset.name,
      key: "z",
      expected: `[${count}] atomic numbers`,
      found: `shape [${z.shape.join(", ")}]`,
    });
  }
  const other = known?.length === count ? (z?.data.findIndex((element, a) => element !== known[a]) ?? -1) : -1;
  if (other >= 0) {
    const expected = `the model's atoms (${Array.from(known!).join(" ")})`;
    throw new DataError({
      file: dataset.name,
      key: "z",
      row: other,
      expected,
      found: Array.from(z!.data).join(" "),
      hint: "put the atoms in the order of the model's",
    });
  }
  const tensor = numbersAt(dataset, key)!;
  requireDistinctAtoms(dataset.name, key, tensor.data, count);
}

function argumentsAt(
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
  const factor = factorOf(key, conversion);
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
  const notices = new Set(source.conversion.notices);
  const cell = cellNotice(source);
  if (cell !== undefined) notices.add(cell);
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

/** What to say of a periodic cell in the data (`Lattice` of extended XYZ) where the model doesn't take it. */
export function cellNotice({ compiled, dataset }: Source): string | undefined {
  const isTaken = Object.values(compiled.groups).some((group) =>
    group.arguments.some((item) => item.name === "Lattice"),
  );
  return isTaken || !dataset.entries.has("Lattice")
    ? undefined
    : `${dataset.name}: the model has no periodic cell: Lattice is left out`;
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
