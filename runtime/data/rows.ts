/**
 * Rows of a tensor in a data set: one row a frame or point. In: a data set, a key, the shape of a row. Out: the
 * numbers.
 * Every number of a key that is used is looked at once, here: shapes, row counts, NaN and infinity are refused by name.
 */
import { numbersAt } from "./dataset.ts";
import type { Dataset } from "./dataset.ts";
import { DataError } from "../errors.ts";

export interface RowRequest {
  readonly key: string;
  /** Shape of one row; [] for numbers, which may also stand as [n, 1]. */
  readonly shape: readonly number[];
  readonly rowName: "frame" | "point";
  /** The number of rows there must be, and the key that says so. */
  readonly count?: { readonly rows: number; readonly key: string };
  /** Rows wanted, in this order; all where left out. */
  readonly indexes?: readonly number[];
  /** Numbers are multiplied by this (units). */
  readonly factor?: number;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);
const spell = (shape: readonly number[], first: string): string => `[${[first, ...shape].join(", ")}]`;

/** The rows of a key, flat and row-major; undefined where the set lacks the key. Throws DataError. */
export function rowsAt(dataset: Dataset, request: RowRequest): Float64Array | undefined {
  const { key, shape, rowName, count, indexes, factor = 1 } = request;
  const tensor = numbersAt(dataset, key);
  if (tensor === undefined) return undefined;
  const refuse = (found: string, hint?: string): never => {
    throw new DataError({
      file: dataset.name,
      key,
      expected: `shape ${spell(shape, `${rowName}s`)}`,
      found,
      ...(hint === undefined ? {} : { hint }),
    });
  };
  const given = tensor.shape;
  const rest = given.slice(1);
  const column = shape.length === 0 && rest.length === 1 && rest[0] === 1;
  const empty = given.length > 0 && given[0] === 0;
  if (given.length === 0) refuse("a single number");
  if (!empty && !column && (rest.length !== shape.length || rest.some((extent, axis) => extent !== shape[axis]))) {
    const single = given.length === shape.length && given.every((extent, axis) => extent === shape[axis]);
    refuse(
      spell(rest, String(given[0])),
      single ? `one ${rowName} has shape ${spell(shape, "1")}: put it in an array of its own` : undefined,
    );
  }
  const rows = given[0]!;
  if (count !== undefined && rows !== count.rows) refuse(`${rows} ${rowName}s, where ${count.key} has ${count.rows}`);
  requireFinite(dataset.name, key, tensor.data, shape, rowName);
  const size = sizeOf(shape);
  const picked = indexes ?? Array.from({ length: rows }, (_, i) => i);
  const out = new Float64Array(picked.length * size);
  picked.forEach((row, i) => {
    if (!(row >= 0 && row < rows))
      throw new DataError({
        file: dataset.name,
        key,
        expected: `${rowName} indexes from 0 to ${rows - 1}`,
        found: String(row),
      });
    for (let c = 0; c < size; c++) out[i * size + c] = tensor.data[row * size + c]! * factor;
  });
  return out;
}

function requireFinite(
  file: string,
  key: string,
  data: Float64Array,
  shape: readonly number[],
  rowName: "frame" | "point",
): void {
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  const size = sizeOf(shape);
  let inner = bad % size;
  const index = [...shape]
    .reverse()
    .map((extent) => {
      const i = inner % extent;
      inner = Math.floor(inner / extent);
      return i;
    })
    .reverse();
  const place = index.length === 0 ? "" : ` at entry [${index.join(", ")}]`;
  throw new DataError({
    file,
    key,
    row: Math.floor(bad / size),
    rowName,
    expected: "finite numbers",
    found: `${data[bad]}${place}`,
  });
}
