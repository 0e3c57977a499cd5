/**
 * Which frames train, validate and test. In: the number of frames and the wish. Out: three lists of indexes.
 * `random` shuffles with a seeded generator and deals, `time` cuts consecutive blocks; the same wish gives the same
 * lists.
 */
import { OptionError } from "../errors.ts";
import { Random } from "../random.ts";

export interface SplitRequest {
  /** How many, or which. All (that are in no other list) where left out. */
  readonly train?: number | readonly number[];
  readonly validate?: number | readonly number[];
  /** All that is left where left out. */
  readonly test?: number | readonly number[];
  readonly order?: "random" | "time";
  /** For `random`; 0 where left out. */
  readonly seed?: number;
}

export interface Split {
  /** Ascending where they were drawn, in the order given where they were listed. */
  readonly train: readonly number[];
  readonly validate: readonly number[];
  readonly test: readonly number[];
}

/**
 * Splits frames 0 … count - 1. Lists are taken as given; numbers are dealt from the other frames: first training, then
 * validation, then test.
 * @throws OptionError: a list with an index out of range, twice, or in two lists; more frames asked for than there are
 */
export function split(count: number, request: SplitRequest): Split {
  const { order = "random", seed = 0 } = request;
  const taken = new Map<number, string>();
  for (const role of ["train", "validate", "test"] as const) {
    const wish = request[role];
    if (typeof wish === "object") wish.forEach((index) => take(index, role, count, taken));
  }
  const all = order === "random" ? new Random(seed).permutation(count) : Array.from({ length: count }, (_, i) => i);
  const free = all.filter((index) => !taken.has(index));
  let dealt = 0;
  const deal = (role: "train" | "validate" | "test", otherwise: () => number): readonly number[] => {
    const wish = request[role];
    if (typeof wish === "object") return [...wish];
    const wanted = wish ?? otherwise();
    if (!Number.isInteger(wanted) || wanted < 0)
      throw new OptionError(`the number of ${role} frames is a whole number from 0 on, not ${wanted}`);
    if (dealt + wanted > free.length) {
      throw new OptionError(
        `${wanted} ${role} frames were asked for, but only ${free.length - dealt} of the ${count} frames are ` +
          "left for them",
      );
    }
    dealt += wanted;
    return free.slice(dealt - wanted, dealt).sort((a, b) => a - b);
  };
  const number = (wish: number | readonly number[] | undefined): number => (typeof wish === "number" ? wish : 0);
  const train = deal("train", () => Math.max(0, free.length - number(request.validate) - number(request.test)));
  const validate = deal("validate", () => 0);
  const test = deal("test", () => free.length - dealt);
  return { train, validate, test };
}

function take(index: number, role: string, count: number, taken: Map<number, string>): void {
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw new OptionError(`${role} index ${index}: expected a whole number from 0 to ${count - 1}`);
  }
  const before = taken.get(index);
  if (before !== undefined)
    throw new OptionError(
      `${role} index ${index}: found twice${before === role ? "" : `, also among the ${before} indexes`}`,
    );
  taken.set(index, role);
}

/**
 * Indexes from an index file: a bare JSON array, or an object that has it under `key` (a command's own output).
 * @throws OptionError naming the file
 */
export function readIndexes(text: string, file: string, key: string): readonly number[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new OptionError(`${file}: expected a JSON array of indexes, found text that isn't JSON`);
  }
  const list: unknown =
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, key)
      ? (value as Record<string, unknown>)[key]
      : value;
  if (!Array.isArray(list) || !list.every((item): item is number => Number.isSafeInteger(item) && item >= 0)) {
    throw new OptionError(`${file}: expected a JSON array of whole numbers, or an object with one under "${key}"`);
  }
  return list;
}
