/**
 * Hashes of what data say, not of how they are stored. In: a data set seen by a model. Out: SHA-256 of it, and of
 * frames.
 * Only what the model reads counts, under canonical names and as float64, so that JSON and npz of one content agree.
 */
import { numbersAt } from "./dataset.ts";
import { CONVENTIONS } from "../conventions.ts";
import { pointsKey } from "./frames.ts";
import type { Source } from "./frames.ts";
import { beginSha256, hex } from "../sha256.ts";

/** Bytes of numbers as little-endian float64, with -0 as 0. */
function numberBytes(numbers: Float64Array): Uint8Array {
  const bytes = new Uint8Array(8 * numbers.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < numbers.length; i++) view.setFloat64(8 * i, numbers[i]! + 0, true);
  return bytes;
}

/** Numbers that are turned into bytes at a time. */
const PIECE = 1 << 16;

/**
 * SHA-256 (hex) of all numbers in a data set that the model can read: points, values, arguments, groups, atomic
 * numbers.
 */
export function dataHash(source: Source): string {
  const { compiled, dataset } = source;
  const keys = new Map<string, string>();
  const points = pointsKey(source);
  if (points !== undefined) keys.set("x", points);
  const labels = Object.keys(compiled.groups);
  const top = [
    "y",
    ...CONVENTIONS.flatMap(({ sharedKeys }) => sharedKeys),
    ...compiled.observations.map((item) => item.key),
    ...compiled.offsets.map((item) => item.key),
  ];
  for (const name of [
    ...top,
    ...labels.flatMap((label) => compiled.groups[label]!.arguments.map((item) => item.name)),
  ]) {
    if (name !== undefined && name !== points) keys.set(name, name);
  }
  for (const label of labels) {
    keys.set(`${label}.x`, dataset.entries.has(`${label}.x`) ? `${label}.x` : `${label}.${compiled.input.name}`);
    for (const name of ["y", ...compiled.groups[label]!.arguments.map((item) => item.name)])
      keys.set(`${label}.${name}`, `${label}.${name}`);
  }
  const hash = beginSha256();
  const text = new TextEncoder();
  for (const [canonical, key] of [...keys].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!dataset.entries.has(key)) continue;
    const tensor = numbersAt(dataset, key)!;
    hash.update(text.encode(`${JSON.stringify(canonical)}[${tensor.shape[0] ?? ""},${tensor.data.length}]\n`));
    for (let at = 0; at < tensor.data.length; at += PIECE)
      hash.update(numberBytes(tensor.data.subarray(at, at + PIECE)));
  }
  return hex(hash.digest());
}

/** SHA-256 of the coordinates of each point, 32 bytes each. `x` is [points, size], in the model's units. */
export function pointHashes(x: Float64Array, size: number): Uint8Array {
  const count = size === 0 ? 0 : x.length / size;
  const hashes = new Uint8Array(32 * count);
  for (let i = 0; i < count; i++)
    hashes.set(
      beginSha256()
        .update(numberBytes(x.subarray(i * size, (i + 1) * size)))
        .digest(),
      32 * i,
    );
  return hashes;
}

/** The hashes, as hex texts to look up. */
export function hashSet(hashes: Uint8Array): Set<string> {
  const set = new Set<string>();
  for (let at = 0; at < hashes.length; at += 32) set.add(hex(hashes.subarray(at, at + 32)));
  return set;
}
