/**
 * What is bound from outside. In: numbers, nested arrays and tensors by name. Out: tensors of known shape, or
 * diagnostics.
 * Nothing here trusts its input: raggedness, fractions where whole numbers are due and values out of range are refused.
 */
import type { Base } from "../types/type.ts";

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}
export type Nested = number | readonly Nested[];
/** What `--bind`, a data set or a model file give for a dim or constant. */
export type BoundValue = Nested | Tensor;

const isTensor = (value: BoundValue): value is Tensor =>
  typeof value === "object" && !Array.isArray(value) && "shape" in value;

/** The tensor that a bound value is; undefined where it is ragged or holds anything but numbers. */
export function tensorFrom(value: BoundValue): Tensor | undefined {
  if (isTensor(value)) return value.shape.reduce((a, b) => a * b, 1) === value.data.length ? value : undefined;
  const shape: number[] = [];
  for (let level: unknown = value; Array.isArray(level); level = level[0]) shape.push(level.length);
  const data: number[] = [];
  const visit = (part: unknown, depth: number): boolean => {
    if (depth === shape.length) return typeof part === "number" && data.push(part) > 0;
    return Array.isArray(part) && part.length === shape[depth] && part.every((p) => visit(p, depth + 1));
  };
  return visit(value, 0) ? { shape, data } : undefined;
}

/** Why the numbers cannot be of a base, in people's words; undefined if they can. `below`: the range of an `index`. */
export function misfit(
  tensor: Tensor,
  base: Base | "index",
  below: number | undefined,
): { expected: string; found: string } | undefined {
  const values = Array.from(tensor.data);
  const wrong = (ok: (v: number) => boolean): number | undefined => values.find((v) => !ok(v));
  const report = (v: number | undefined, expected: string): ReturnType<typeof misfit> =>
    v === undefined ? undefined : { expected, found: String(v) };
  switch (base) {
    case "real":
      return report(wrong(Number.isFinite), "finite numbers");
    case "bool":
      return report(
        wrong((v) => v === 0 || v === 1),
        "0 or 1",
      );
    case "int":
      return report(wrong(Number.isSafeInteger), "whole numbers");
    case "index":
      return report(
        wrong((v) => Number.isInteger(v) && v >= 0 && v < (below ?? Infinity)),
        `whole numbers from 0 to below ${below}`,
      );
  }
}

/**
 * Why rows of whole numbers are no group of permutations; undefined if they are one.
 * A subgroup is grown from the rows; it must come to exactly the rows, which needs few products even for large groups.
 */
export function notAGroup({ shape, data }: Tensor): string | undefined {
  const [count, atoms] = [shape[0] ?? 0, shape[1] ?? 0];
  const rows = Array.from({ length: count }, (_, p) =>
    Array.from({ length: atoms }, (_unused, i) => data[p * atoms + i]!),
  );
  const given = new Map(rows.map((row) => [row.join(), row]));
  const strange = rows.findIndex(
    (row) => new Set(row).size !== atoms || row.some((v) => !(Number.isInteger(v) && v >= 0 && v < atoms)),
  );
  if (strange >= 0) return `row ${strange} is no permutation of 0 to ${atoms - 1}`;
  if (given.size < count) return "a row stands there twice";
  const identity = Array.from({ length: atoms }, (_, i) => i);
  if (!given.has(identity.join())) return "the identity is missing";
  const group = new Map([[identity.join(), identity]]),
    generators: number[][] = [];
  for (const row of rows) {
    if (group.has(row.join())) continue;
    generators.push(row);
    const queue = [...group.values()];
    for (let element = queue.pop(); element; element = queue.pop()) {
      for (const g of generators) {
        const product = element.map((i) => g[i]!),
          key = product.join();
        if (group.has(key)) continue;
        if (!given.has(key)) return `[${product.join(", ")}], a product of rows, is missing`;
        group.set(key, product);
        queue.push(product);
      }
    }
  }
  return undefined;
}
