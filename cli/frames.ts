/**
 * Which frames of a data set train, validate and test.
 * In: the options --train … --seed and the number of frames. Out: a split, or undefined where nothing was asked for.
 */
import { split, type Split, type SplitRequest } from "../runtime/data/split.ts";
import { InputError } from "./failure.ts";
import { count, indexes, text, type Arguments, type OptionName } from "./options.ts";

const CHOOSERS: readonly OptionName[] = ["train", "validate", "test", "train-indexes", "test-indexes", "split", "seed"];

function countOrIndexes(args: Arguments, role: "train" | "test"): number | readonly number[] | undefined {
  const listed = indexes(args, `${role}-indexes`, role);
  const counted = count(args, role);
  if (listed !== undefined && counted !== undefined)
    throw new InputError(`--${role} and --${role}-indexes: expected one of them, found both`);
  return listed ?? counted;
}

function orderOf(args: Arguments): "random" | "time" {
  const order = text(args, "split") ?? "random";
  if (order !== "random" && order !== "time")
    throw new InputError(`--split: expected random or time, found ${JSON.stringify(order)}`);
  return order;
}

/** The split that the options ask for. Throws InputError, or OptionError where it can't be made of so many frames. */
export function chooseFrames(args: Arguments, frames: number): Split | undefined {
  const asked = CHOOSERS.filter((name) => args.options[name] !== undefined);
  if (asked.length === 0) return undefined;
  if (frames === 0)
    throw new InputError(
      `--${asked[0] ?? "train"} chooses frames, but the data have none: every group has points of its own, ` +
        "all of which are used",
    );
  const [train, test] = [countOrIndexes(args, "train"), countOrIndexes(args, "test")];
  const validate = count(args, "validate");
  const request: SplitRequest = {
    ...(train === undefined ? {} : { train }),
    ...(validate === undefined ? {} : { validate }),
    ...(test === undefined ? {} : { test }),
    order: orderOf(args),
    seed: count(args, "seed") ?? 0,
  };
  return split(frames, request);
}
