/**
 * Nested arrays, as JSON and users write tensors. In: a value. Out: a tensor in row-major order, or nested arrays
 * again.
 * The first element of each level says the extent; every other one must agree, and the place where one doesn't is
 * named.
 */
import type { Tensor } from "../compiled.ts";

/** Numbers, or texts, with their shape; what a key of a data set holds. */
export interface Entry {
  readonly shape: readonly number[];
  readonly data: Float64Array | readonly string[];
  /** The type on disk, where that is known. */
  readonly dtype?: string;
}

/** What isn't a tensor, with the reason. */
export class NestedError extends Error {}

const MAX_RANK = 32;

type Leaves = { numbers: Float64Array; at: number } | { texts: string[] };

/**
 * A tensor from nested arrays of numbers (booleans count as 0 and 1, typed arrays as arrays) or of texts.
 * Throws NestedError naming the place of what is ragged, mixed or neither.
 */
export function fromNested(value: unknown): Entry {
  const shape: number[] = [];
  let first = value;
  while (isList(first)) {
    if (shape.length === MAX_RANK) throw new NestedError(`arrays nested more than ${MAX_RANK} deep`);
    shape.push(first.length);
    first = first[0];
  }
  const count = shape.reduce((product, extent) => product * extent, 1);
  const leaves: Leaves = typeof first === "string" ? { texts: [] } : { numbers: new Float64Array(count), at: 0 };
  collect(value, shape, [], 0, leaves);
  return { shape, data: "texts" in leaves ? leaves.texts : leaves.numbers };
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** Walks to the leaves; `path` is written as it goes, and read up to `depth` where something is wrong. */
function collect(value: unknown, shape: readonly number[], path: number[], depth: number, leaves: Leaves): void {
  const place = (): string => (depth === 0 ? "the value" : `entry [${path.slice(0, depth).join("][")}]`);
  if (depth < shape.length) {
    const extent = shape[depth]!;
    if (!isList(value))
      throw new NestedError(`${place()} is ${describe(value)} where the others are arrays of ${extent}`);
    if (value.length !== extent)
      throw new NestedError(`${place()} has ${value.length} entries where the others have ${extent}`);
    for (let i = 0; i < extent; i++) {
      path[depth] = i;
      collect(value[i], shape, path, depth + 1, leaves);
    }
  } else if ("texts" in leaves) {
    if (typeof value !== "string") throw new NestedError(`${place()} is ${describe(value)} among texts`);
    leaves.texts.push(value);
  } else {
    const number = typeof value === "boolean" ? Number(value) : value;
    if (typeof number !== "number") throw new NestedError(`${place()} is ${describe(value)}, not a number`);
    leaves.numbers[leaves.at++] = number;
  }
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (isList(value)) return `an array of ${value.length}`;
  return typeof value === "object" ? "an object" : (JSON.stringify(value) ?? typeof value);
}

/** Nested arrays of a tensor's numbers, for JSON; a number where the shape is []. */
export function toNested(tensor: Tensor): unknown {
  let level: unknown[] = Array.from(tensor.data);
  for (const extent of tensor.shape.slice(1).reverse()) {
    const count = extent === 0 ? 0 : level.length / extent;
    level = Array.from({ length: count }, (_, i) => level.slice(i * extent, (i + 1) * extent));
  }
  return tensor.shape.length === 0 ? level[0] : level;
}
