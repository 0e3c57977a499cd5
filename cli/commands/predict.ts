/**
 * `adk predict MODEL --data FILE -o OUT`: predictions at the points of a data file.
 * In: a model file, points (and per-point arguments). Out: OUT.json, OUT.npz, OUT.safetensors or OUT.extxyz, label →
 * one entry a point.
 */
import type { ArgumentInfo, Tensor } from "../../runtime/compiled.ts";
import { fieldNotices, framePoints } from "../../runtime/data/frames.ts";
import { sourceFor } from "../../runtime/model/measure.ts";
import { toNested } from "../../runtime/data/nested.ts";
import { writeNpz } from "../../runtime/data/npz.ts";
import { writeSafetensors } from "../../runtime/data/safetensors.ts";
import type { Model } from "../../runtime/model/model.ts";
import type { Dataset } from "../../runtime/data/dataset.ts";
import { EXIT_DONE } from "../exit_codes.ts";
import { InputError } from "../failure.ts";
import { endingOf, writeWhole } from "../files.ts";
import { EXTXYZ_UNITS, predictionsAsExtxyz } from "../frames_output.ts";
import { loadModel, unitOf } from "../models.ts";
import { requiredText, type Arguments } from "../options.ts";
import type { Reporter } from "../output.ts";
import { readData } from "../specs.ts";

type Writer = (tensors: Readonly<Record<string, Tensor>>, model: Model, dataset: Dataset) => string | Uint8Array;

const WRITERS: Readonly<Record<string, Writer>> = {
  ".json": (tensors) => {
    const nested = Object.entries(tensors).map(([label, tensor]) => [label, toNested(tensor)]);
    return `${JSON.stringify(Object.fromEntries(nested))}\n`;
  },
  ".npz": (tensors) => writeNpz(Object.entries(tensors)),
  ".safetensors": (tensors, model) =>
    writeSafetensors({
      tensors: new Map(Object.entries(tensors).map(([label, tensor]) => [label, { dtype: "F64" as const, ...tensor }])),
      metadata: new Map(Object.entries(model.units).filter((item): item is [string, string] => item[1] !== undefined)),
    }),
  ".extxyz": (tensors, model, dataset) => predictionsAsExtxyz(model, dataset, tensors),
};

/** The predictions whose arguments the data have. Throws InputError where there is none. */
function answerable(model: Model, dataset: Dataset, reporter: Reporter): string[] {
  const has = ({ name }: ArgumentInfo): boolean => dataset.entries.has(name) || dataset.unusable.has(name);
  const [able, unable] = [
    model.compiled.predictions.filter((item) => item.arguments.every(has)),
    model.compiled.predictions.filter((item) => !item.arguments.every(has)),
  ];
  const missing = unable
    .map(
      (item) =>
        `${item.label} needs ${item.arguments
          .filter((argument) => !has(argument))
          .map((argument) => argument.name)
          .join(", ")}`,
    )
    .join("; ");
  if (able.length === 0)
    throw new InputError(
      `${dataset.name}: nothing can be predicted: ${missing === "" ? "the spec has no predict line" : missing}`,
    );
  if (unable.length > 0) reporter.say(`${dataset.name}: left out: ${missing}`);
  return able.map((item) => item.label);
}

/** Every answerable prediction at every point: label → [points, ...shape]. */
export function predictAll(model: Model, dataset: Dataset, reporter: Reporter): Record<string, Tensor> {
  const labels = answerable(model, dataset, reporter);
  const source = sourceFor(model, dataset);
  for (const notice of [...source.conversion.notices, ...fieldNotices(source)]) reporter.say(notice);
  const wanted = new Map(
    model.compiled.predictions
      .filter((item) => labels.includes(item.label))
      .flatMap((item) => item.arguments.map((argument) => [argument.name, argument] as const)),
  );
  const points = framePoints(source, undefined, [...wanted.values()]);
  const count = points.x.length / model.compiled.input.shape.reduce((a, b) => a * b, 1);
  const predicted = model.predict(points, labels);
  return Object.fromEntries(
    labels.map((label) => [
      label,
      { shape: [count, ...(model.compiled.groups[label]?.shape ?? [])], data: predicted[label] ?? new Float64Array(0) },
    ]),
  );
}

export async function run(args: Arguments, reporter: Reporter): Promise<number> {
  const output = requiredText(args, "output", "-o predictions.json");
  const write = WRITERS[endingOf(output)];
  if (write === undefined)
    throw new InputError(`-o ${output}: expected an ending of ${Object.keys(WRITERS).join(", ")}`);
  const data = requiredText(args, "data", "--data points.json");
  const model = loadModel(args.positional["model"] ?? "");
  const dataset = readData(data);
  const tensors = predictAll(model, dataset, reporter);
  writeWhole(output, write(tensors, model, dataset));
  const described = Object.entries(tensors).map(([label, { shape }]) => ({
    label,
    shape,
    unit: unitOf(model, label, endingOf(output) === ".extxyz" ? EXTXYZ_UNITS : model.units),
  }));
  const lines = described.map(
    ({ label, shape, unit }) => `${label} [${shape.join(", ")}]${unit === "" ? "" : ` in ${unit}`}`,
  );
  reporter.result({ file: output, predictions: described }, `${output}: ${lines.join("; ")}`);
  return EXIT_DONE;
}
