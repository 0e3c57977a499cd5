/** Positions that are looked up. In: an index and a list of numbers. Out: the index that stands there. */
import { at, lit, table, type Index } from "../../ir/expr.ts";
import { positionOf } from "../lower/value.ts";

/** A position, looked up in a constant table. */
export function lookedUp(name: string, k: Index, data: readonly number[]): Index {
  const position = positionOf(k);
  return position === undefined ? at(table(name, [data.length], data), [k]) : lit(data[position] ?? 0);
}
