/**
 * `adk test MODEL --data FILE`: errors of every observation and prediction that the data have values for.
 * In: a model file and data. Out: MAE, RMSE and largest error by label; frames that the model knows are left out.
 */
import { digitsNotice } from "../../runtime/amplification.ts";
import { EXIT_DONE } from "../failure.ts";
import { errorTable, loadModel } from "../models.ts";
import { indexes, requiredText, type Arguments } from "../options.ts";
import type { Reporter } from "../output.ts";
import { readData } from "../specs.ts";

export async function run(args: Arguments, reporter: Reporter): Promise<number> {
  const model = loadModel(args.positional["model"] ?? "");
  const dataset = readData(requiredText(args, "data", "--data ethanol.npz"));
  const chosen = indexes(args, "test-indexes", "test");
  const { errors, points, left_out: leftOut, notices } = model.test(dataset, chosen === undefined ? {} : { indexes: chosen });
  notices.forEach((notice) => reporter.say(notice));
  digitsNotice(model).forEach((notice) => reporter.warn(notice));
  const known = leftOut === 0 ? "" : `; ${leftOut} that the model was trained or validated on are left out`;
  reporter.result({ ...errors, points, left_out: leftOut }, [`${points} points${known}`, ...errorTable(model, errors)].join("\n"));
  return EXIT_DONE;
}
