/**
 * `adk info MODEL`: what a model file holds.
 * In: a model file. Out: spec, sizes, units, permutations, hyperparameters, errors and amplification.
 */
import type { Model } from "../../runtime/model/model.ts";
import { toNested } from "../../runtime/data/nested.ts";
import { EXIT_DONE } from "../exit_codes.ts";
import { errorTable, loadModel } from "../models.ts";
import type { Arguments } from "../options.ts";
import type { Reporter } from "../output.ts";

/** Constants of at most so many numbers are written out: permutations of a small molecule. */
const SHOWN = 200;

/** Number of training points by observation. */
function trainingCounts({ compiled, state }: Model): Readonly<Record<string, number>> {
  const size = compiled.input.shape.reduce((a, b) => a * b, 1);
  return (
    state.tables?.counts ??
    Object.fromEntries(Object.entries(state.training).map(([label, { points }]) => [label, points.x.length / size]))
  );
}

/** Everything as plain JSON. */
function describe(model: Model): Record<string, unknown> {
  const { compiled, state } = model;
  return {
    model: compiled.name,
    spec: compiled.source,
    hash: compiled.hash,
    compiler: compiled.version,
    input: { name: compiled.input.name, shape: compiled.input.shape },
    bindings: Object.fromEntries(Object.entries(compiled.bindings).map(([name, tensor]) => [name, toNested(tensor)])),
    parameters: Object.fromEntries(
      Object.entries(model.parameters).map(([name, value]) => [name, typeof value === "number" ? value : [...value]]),
    ),
    training: trainingCounts(model),
    holds: state.tables === undefined ? "training points and coefficients" : "staged tables",
    predictions: Object.fromEntries(compiled.predictions.map(({ label, shape }) => [label, shape])),
    noise: state.noise,
    offsets: model.offsets,
    units: model.units,
    frames: { train: state.split.train.length, validate: state.split.validate.length, test: state.split.test.length },
    errors: model.errors,
    amplification: model.amplification,
    residual: state.residual,
    data: state.dataHash,
  };
}

function text(model: Model): string {
  const { compiled } = model;
  const shape = (extents: readonly number[]): string => (extents.length === 0 ? "a number" : `[${extents.join(", ")}]`);
  const value = (v: number | Float64Array | undefined): string =>
    typeof v === "number" ? String(v) : `[${[...(v ?? [])].join(", ")}]`;
  const bindings = Object.entries(compiled.bindings).map(
    ([name, tensor]) =>
      `${name} ${tensor.data.length <= SHOWN ? `= ${JSON.stringify(toNested(tensor))}` : shape(tensor.shape)}`,
  );
  const lines = [
    `${compiled.name}, a function of ${compiled.input.name} ${shape(compiled.input.shape)}`,
    ...(bindings.length === 0 ? [] : [`bound: ${bindings.join(", ")}`]),
    "parameters: " +
      `${compiled.parameters.map(({ name }) => `${name} = ${value(model.parameters[name])}`).join(", ") || "none"}`,
    `trained on: ${Object.entries(trainingCounts(model))
      .map(([label, count]) => `${label} at ${count} points`)
      .join(", ")}${model.state.tables === undefined ? "" : " (held as staged tables: no refit)"}`,
    `predicts: ${compiled.predictions.map(({ label, shape: extents }) => `${label} (${shape(extents)})`).join(", ")}`,
    ...(Object.keys(model.units).length === 0 ? [] : [`units: ${Object.values(model.units).join(", ")}`]),
    `amplification ${model.amplification.toExponential(1)}, residual ` +
      `${Number.isNaN(model.state.residual) ? "unknown" : model.state.residual.toExponential(1)}`,
    `spec ${compiled.hash.slice(0, 16)}…, data ` +
      `${model.state.dataHash === "" ? "unknown" : `${model.state.dataHash.slice(0, 16)}…`}, ` +
      `compiler ${compiled.version}`,
  ];
  for (const [role, errors] of Object.entries(model.errors))
    lines.push(`${role} errors:`, ...errorTable(model, errors).map((line) => `  ${line}`));
  lines.push(
    "the spec:",
    ...compiled.source
      .trimEnd()
      .split("\n")
      .map((line) => `  ${line}`.trimEnd()),
  );
  return lines.join("\n");
}

export async function run(args: Arguments, reporter: Reporter): Promise<number> {
  const model = loadModel(args.positional["model"] ?? "");
  reporter.result(describe(model), text(model));
  return EXIT_DONE;
}
