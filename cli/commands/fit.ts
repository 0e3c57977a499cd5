/**
 * `adk fit SPEC --data FILE -o MODEL`: train a model.
 * In: the spec, data, and options that bind, set and choose. Out: the model file; a report on stdout.
 */
import { fitAsync, type FitReport, type Model, type Plan } from "../../runtime/index.ts";
import { checkpointFiles } from "../../runtime/fit/checkpoint_files.ts";
import { digitsNotice } from "../../runtime/model/amplification.ts";
import { EXIT_DONE } from "../exit_codes.ts";
import { InputError } from "../failure.ts";
import { requireWritable, writeWhole } from "../files.ts";
import { interruptible } from "../interrupt.ts";
import { errorTable } from "../models.ts";
import { flag, parseNumber, requiredText, text, type Arguments } from "../options.ts";
import type { Reporter } from "../output.ts";
import { bytesText, systemOf } from "../system.ts";

function planText(plan: Plan, report: FitReport): string {
  const seconds = `${plan.seconds.toPrecision(2)} s expected`;
  return (
    `memory ${bytesText(report.bytes)} (${bytesText(plan.bytes)} expected), ` +
    `time ${report.seconds.total.toFixed(1)} s (${seconds}), ` +
    `${report.threads === 1 ? "1 thread" : `${report.threads} threads`}`
  );
}

function reportText(model: Model, report: FitReport, path: string): string {
  const { n, solver, seconds, condition, iterations, residual, amplification, plan } = report;
  const how =
    condition === undefined
      ? `${iterations} iterations with a preconditioner of rank ${report.rank}, residual ${residual.toExponential(1)}`
      : `condition number about ${condition.toExponential(0)}, residual ${residual.toExponential(1)}`;
  const lines = [
    `${path}: ${n} equations solved by ${solver} in ${seconds.total.toFixed(1)} s ` +
      `(${solver === "cg" ? "preconditioner" : "assembly"} ${seconds.assembly.toFixed(1)} s, ` +
      `solution ${seconds.solve.toFixed(1)} s)`,
    `${how}, amplification ${amplification.toExponential(1)}`,
    ...(plan === undefined ? [] : [planText(plan, report)]),
  ];
  for (const [role, errors] of Object.entries(report.errors)) {
    lines.push(`${role} errors:`, ...errorTable(model, errors).map((line) => `  ${line}`));
  }
  return lines.join("\n");
}

/** Seconds before the first checkpoint, where they are said. */
function secondsBefore(args: Arguments): number | undefined {
  const written = text(args, "checkpoint-after");
  if (written === undefined) return undefined;
  const seconds = parseNumber(written, "--checkpoint-after");
  if (seconds < 0) throw new InputError(`--checkpoint-after: expected a number of seconds from 0, found ${written}`);
  return seconds;
}

export async function run(args: Arguments, reporter: Reporter): Promise<number> {
  const output = requiredText(args, "output", "-o model.safetensors");
  const first = secondsBefore(args);
  const { compiled, dataset, options } = await systemOf(args, reporter);
  requireWritable(output);
  const store = checkpointFiles(output);
  const progress = reporter.progress();
  let model: Model;
  try {
    model = await interruptible((signal) =>
      fitAsync(compiled, dataset, {
        ...options,
        forecast: true,
        checkpoint: { store, fresh: flag(args, "fresh"), ...(first === undefined ? {} : { first }) },
        notice: (message) => reporter.say(message),
        progress: (step) => progress.update(step),
        signal,
      }),
    );
  } finally {
    progress.stop();
  }
  writeWhole(output, model.toBytes());
  store.remove();
  const { report } = model;
  if (report === undefined) throw new Error("a fitted model has a report");
  for (const message of digitsNotice(model)) reporter.warn(message);
  reporter.result(report, reportText(model, report, output));
  return EXIT_DONE;
}
