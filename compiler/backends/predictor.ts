/**
 * The stand-alone predictor. In: a predictor kernel with its data. Out: a module that predicts, and its weights.
 * It carries the training data or what is staged of them, whichever is smaller; work per model is done at first use.
 * All entry points run the same loops, point by point, so they give the same bits.
 */
import { Identifiers } from "../loops/identifiers.ts";
import { TEST_SIDE, type Kernel } from "../loops/kernel.ts";
import type { PredictorData, PredictorRequest, PrintedModule } from "./backend.ts";
import { FLOAT64, KernelText, stages } from "./kernel_text.ts";
import { header } from "./module_text.ts";
import {
  entryPoints,
  interfacesText,
  metaText,
  predictorTypes,
  recordText,
  stageText,
  weightKey,
  weightsText,
  type Predictor,
  type Weight,
} from "./predictor_text.ts";
import { RESERVED } from "./reserved.ts";
import { asJavaScript, asTypeScript, only } from "./typed.ts";

/** Above this, weights go to a file beside the module. */
const INLINE_BYTES = 16 * 2 ** 20;

export function printPredictor(request: PredictorRequest): PrintedModule {
  const { facts, kernel } = request,
    stored = storesTables(request),
    weights = weightsOf(request, stored);
  const bytes = weights.reduce((n, w) => n + w.data.byteLength, 0),
    beside = bytes > INLINE_BYTES && !request.inline;
  const text = new KernelText(),
    printed = stored ? withoutPrepare(kernel) : kernel,
    constant = text.add(printed, stages(printed));
  const predictor: Predictor = { ...request, constant, stored, weights, beside, bytes, ...localNames(kernel) };
  const module = [
    header(facts, "a trained predictor"),
    `${only(`${interfacesText(predictor)}\n`)}${metaText(predictor)}`,
    `const parameters = ${recordText(request.parameters)};\n\nconst offsets = ${recordText(request.offsets)};`,
    ...(weights.length > 0 && !beside && !text.has("float64") ? [FLOAT64] : []),
    weightsText(predictor),
    text.text(),
    stageText(predictor),
    entryPoints(predictor),
  ].join("\n\n");
  return {
    js: asJavaScript(`${module}\n`),
    ts: asTypeScript(`${module}\n`),
    dts: predictorTypes(predictor),
    ...(beside ? { weights: concatenated(weights) } : {}),
  };
}

const withoutPrepare = ({ prepare: _, ...rest }: Kernel): Kernel => rest;

/** Names of sides and buffers in the bodies of `prepare` and `evaluate`. */
function localNames(kernel: Kernel): Pick<Predictor, "side" | "buffer"> {
  const names = new Identifiers([
    ...RESERVED,
    "points",
    "count",
    "out",
    "args",
    "n",
    TEST_SIDE,
    ...kernel.sizes.values(),
  ]);
  const sides = new Map([...kernel.sizes.keys()].map((side) => [side, names.allocate(side)]));
  const buffers = new Map(
    [...(kernel.prepare?.outputs ?? []), ...kernel.evaluate.outputs].map((b) => [b.name, names.allocate(b.name)]),
  );
  return {
    side: (name) => (name === TEST_SIDE ? TEST_SIDE : sides.get(name)!),
    buffer: (b) => buffers.get(b.name)!,
  };
}

/** Whether the staged tables alone are smaller than points, arguments and coefficients. */
function storesTables({ data, tables, kernel }: PredictorRequest): boolean {
  if (data.some((d) => d.x === undefined)) return true;
  const needsData = kernel.evaluate.inputs.some((b) => {
    const origin = kernel.origins.get(b)!;
    return "side" in origin && origin.side !== TEST_SIDE;
  });
  const inputs = data.reduce(
    (n, d) => n + d.x!.length + d.coefficients!.length + Object.values(d.arguments).reduce((a, v) => a + v.length, 0),
    0,
  );
  return !needsData && tables.reduce((n, t) => n + t.length, 0) < inputs;
}

function weightsOf({ data, tables, kernel }: PredictorRequest, stored: boolean): Weight[] {
  const coefficients = (d: PredictorData): Weight[] =>
    d.coefficients ? [{ name: weightKey(d.label, "coefficients"), data: d.coefficients }] : [];
  if (stored)
    return [
      ...tables.map((t, n) => ({ name: kernel.prepare!.outputs[n]!.name, data: t })),
      ...data.filter((d) => d.x === undefined).flatMap(coefficients),
    ];
  return data.flatMap((d) => [
    { name: weightKey(d.label, "x"), data: d.x! },
    ...coefficients(d),
    ...Object.entries(d.arguments).map(([a, v]) => ({ name: weightKey(d.label, `arguments.${a}`), data: v })),
  ]);
}

function concatenated(weights: readonly Weight[]): Uint8Array {
  const all = new Float64Array(weights.reduce((n, w) => n + w.data.length, 0));
  let at = 0;
  for (const w of weights) {
    all.set(w.data, at);
    at += w.data.length;
  }
  return new Uint8Array(all.buffer);
}
