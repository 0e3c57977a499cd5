/**
 * Golden values, and how they are compared. In: the name of a file of test/golden. Out: its content, and deviations.
 * Large files are stored compressed. A block is compared against its own largest entry, since entries that cancel
 * to almost nothing carry no relative digits.
 */
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** Numbers in arrays of any depth. */
export type Nested = number | readonly Nested[];

const place = (name: string): URL => new URL(`../golden/${name}`, import.meta.url);

/** The bytes of a file of test/golden. */
export const goldenBytes = (name: string): Uint8Array => readFileSync(place(name));

/** The content of NAME.json, stored as it is or as NAME.json.gz. The caller knows its form. */
export function golden<T>(name: string): T {
  const packed = `${name}.json.gz`;
  const bytes = existsSync(place(packed)) ? gunzipSync(goldenBytes(packed)) : goldenBytes(`${name}.json`);
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}

/** All numbers of nested arrays, row-major. */
export function flat(nested: Nested): Float64Array {
  const out: number[] = [];
  const visit = (part: Nested): void => {
    if (typeof part === "number") out.push(part);
    else part.forEach(visit);
  };
  visit(nested);
  return Float64Array.from(out);
}

export const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((best, x) => (Number.isNaN(x) ? Infinity : Math.max(best, Math.abs(x))), 0);

/** Largest difference of two arrays of one length; infinite where the lengths differ or something isn't a number. */
export function difference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  return found.length === expected.length ? largest(Array.from(expected, (x, i) => x - found[i]!)) : Infinity;
}

/** The largest difference over the largest expected magnitude. */
export const deviation = (found: ArrayLike<number>, expected: ArrayLike<number>): number =>
  difference(found, expected) / largest(expected);

/** Everything, or a sample that says most of it in little time. */
export const isFull = process.env["ADK_FULL"] === "1";
