/**
 * What a field of science adds to the general forms of data: its keys, its units, its files. In: nothing. Out: the
 * interface of the entries of `conventions.ts`.
 */
import type { Conversion } from "../molecules/units.ts";
import type { Entry } from "./dataset.ts";
import type { Source } from "./frames.ts";

/** A format of text files, told by its ending. */
export interface Format {
  readonly ending: RegExp;
  /** Tensors by key, and why others can't be read. Throws DataError. */
  readonly read: (
    text: string,
    name: string,
  ) => { readonly entries: ReadonlyMap<string, Entry>; readonly unusable: ReadonlyMap<string, string> };
}

export interface Convention {
  readonly formats: readonly Format[];
  /** Keys of points, beside `x` and the name of the input. */
  readonly pointKeys: readonly string[];
  /** Keys of what all points share, by which contents are told apart. */
  readonly sharedKeys: readonly string[];
  /** Whether points of this shape may be of the field. */
  readonly isPoint: (shape: readonly number[]) => boolean;
  /** What points are multiplied by to be in the model's units. */
  readonly pointFactor: (conversion: Conversion) => number;
  /** The same of values at a key; undefined where the key isn't known and a factor would matter. */
  readonly valueFactor: (key: string, conversion: Conversion) => number | undefined;
  /** Throws DataError where the points at a key, of a shape that may be of the field, can't be a model's. */
  readonly requirePoints: (source: Source, key: string) => void;
  /** What people should know of a set that has more than the model takes. */
  readonly notice: (source: Source) => string | undefined;
}
