/**
 * `adk test MODEL --data FILE`: errors of every observation and prediction that the data have values for.
 * In: a model file and data. Out: MAE, RMSE and largest error by label; frames that the model knows are left out.
 */
import { digitsNotice } from "../../runtime/model/amplification.ts";
import { frameCount, sourceFor } from "../../runtime/index.ts";
import { EXIT_DONE } from "../exit_codes.ts";
import { InputError } from "../failure.ts";
import { errorTable, loadModel } from "../models.ts";
import { count, indexes, requiredText, type Arguments } from "../options.ts";
import type { Reporter } from "../output.ts";
import { readData } from "../specs.ts";

export async function run(args: Arguments, reporter: Reporter): Promise<number> {
  const model = loadModel(args.positional["model"] ?? "");
  const dataset = readData(requiredText(args, "data", "--data ethanol.npz"));
  const chosen = indexes(args, "test-indexes", "test");
  const limit = count(args, "test");
  const option = chosen === undefined ? "--test" : "--test-indexes";
  if ((limit ?? chosen) !== undefined && frameCount(sourceFor(model, dataset)) === 0)
    throw new InputError(
      `${option} chooses frames, but ${dataset.name} has none: all points of its groups are tested on`,
    );
  if (limit === 0) throw new InputError("--test: expected a number of frames from 1, found 0");
  if (limit !== undefined && chosen !== undefined)
    throw new InputError("--test and --test-indexes: expected one of them, found both");
  const {
    errors,
    points,
    left_out: leftOut,
    notices,
  } = model.test(dataset, {
    ...(chosen === undefined ? {} : { indexes: chosen }),
    ...(limit === undefined ? {} : { limit }),
  });
  notices.forEach((notice) => reporter.say(notice));
  digitsNotice(model).forEach((notice) => reporter.warn(notice));
  const known = leftOut === 0 ? "" : `; ${leftOut} that the model was trained or validated on are left out`;
  reporter.result(
    { ...errors, points, left_out: leftOut },
    [`${points} points${known}`, ...errorTable(model, errors)].join("\n"),
  );
  return EXIT_DONE;
}
