/**
 * `adk fit SPEC --data FILE -o MODEL`: train a model.
 * In: the spec, data, and options that bind, set and choose. Out: the model file; a report on stdout.
 */
import { fitAsync, frameCount, type FitReport, type Model, type Noise, type Source } from "../../runtime/index.ts";
import { unitsOf } from "../../runtime/dataset.ts";
import { conversion } from "../../runtime/units.ts";
import type { CompiledModel } from "../../runtime/compiled.ts";
import { EXIT_DONE, InputError } from "../failure.ts";
import { writeWhole } from "../files.ts";
import { chooseFrames } from "../frames.ts";
import { errorTable } from "../models.ts";
import { noise, parameterSettings, requiredText, type Arguments } from "../options.ts";
import type { Reporter } from "../output.ts";
import { compileSpec, readData, readSpec } from "../specs.ts";
import { nearest } from "../suggest.ts";

/** Noise variances as the runtime takes them. Throws InputError for a label that isn't observed. */
function noiseOverride(args: Arguments, compiled: CompiledModel): Noise | undefined {
  const { all, byLabel } = noise(args);
  const labels = compiled.observations.map((observation) => observation.label);
  const stranger = Object.keys(byLabel).find((label) => !labels.includes(label));
  if (stranger !== undefined) {
    const close = nearest(stranger, labels);
    throw new InputError(`--noise ${stranger}: expected an observation of the spec; ${close === undefined ? `it has ${labels.join(", ")}` : `did you mean ${close}?`}`);
  }
  if (Object.keys(byLabel).length === 0) return all;
  return all === undefined ? { ...byLabel } : { ...Object.fromEntries(labels.map((label) => [label, all])), ...byLabel };
}

function reportText(model: Model, report: FitReport, path: string): string {
  const { n, solver, seconds, condition, amplification } = report;
  const lines = [
    `${path}: ${n} equations solved by ${solver} in ${seconds.total.toFixed(1)} s (assembly ${seconds.assembly.toFixed(1)} s, solution ${seconds.solve.toFixed(1)} s)`,
    `condition number about ${condition.toExponential(0)}, amplification ${amplification.toExponential(1)}`,
  ];
  for (const [role, errors] of Object.entries(report.errors)) {
    lines.push(`${role} errors:`, ...errorTable(model, errors).map((line) => `  ${line}`));
  }
  return lines.join("\n");
}

export async function run(args: Arguments, reporter: Reporter): Promise<number> {
  const data = requiredText(args, "data", "--data ethanol.npz");
  const output = requiredText(args, "output", "-o model.safetensors");
  const spec = readSpec(args.positional["spec"] ?? "");
  const dataset = readData(data);
  const compiled = compileSpec(spec, args, reporter, { dataset });
  const units = unitsOf(dataset);
  const source: Source = { compiled, dataset, conversion: conversion(units, units, dataset.name) };
  const split = chooseFrames(args, frameCount(source));
  const override = noiseOverride(args, compiled);
  const progress = reporter.progress();
  let model: Model;
  try {
    model = await fitAsync(compiled, dataset, {
      parameters: parameterSettings(args),
      ...(override === undefined ? {} : { noise: override }),
      ...(split === undefined ? {} : { split }),
      notice: (message) => reporter.say(message),
      progress: (step) => progress.update(step),
    });
  } finally {
    progress.stop();
  }
  writeWhole(output, model.toBytes());
  const { report } = model;
  if (report === undefined) throw new Error("a fitted model has a report");
  reporter.result(report, reportText(model, report, output));
  return EXIT_DONE;
}
