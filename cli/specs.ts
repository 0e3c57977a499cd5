/**
 * From the name of a spec to a compiled model.
 * In: the spec's path, what the options bind, and what the data say of sizes. Out: the compiled model.
 * Precedence of what binds a name: `--bind`, then the data set's own `bind`, then the shape of the data's points, and
 * for
 * constants `from symmetry` what is found in the training frames;
 * keys of `from "…"` are looked for in the `--weights` file, then in the data.
 */
import { readFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import { compile, compileUnjudged, render, type Compiled, type CompileOptions } from "../compiler/index.ts";
import type { Declaration } from "../compiler/source/ast.ts";
import { parse } from "../compiler/source/parse.ts";
import type { Tensor } from "../runtime/compiled.ts";
import { bindingsOf } from "../runtime/data/bindings.ts";
import type { Dataset } from "../runtime/data/dataset.ts";
import { readDataset } from "../runtime/data/read.ts";
import { runAsync } from "../runtime/fit/steps.ts";
import {
  dataSymmetrySteps,
  geometryCount,
  geometryKey,
  permutationTensor,
  type Found,
} from "../runtime/symmetry/data.ts";
import { InputError } from "./failure.ts";
import { endingOf, readText } from "./files.ts";
import { chooseFrames } from "./frames.ts";
import { interruptible } from "./interrupt.ts";
import { assignments, text, type Arguments } from "./options.ts";
import type { Reporter } from "./output.ts";
import { lookupIn, weightsReader } from "./weights.ts";

/** The texts of a spec and, by path, of the libraries that it imports from files. */
export interface Spec {
  readonly path: string;
  /** The file's own name, by which diagnostics speak of it. */
  readonly name: string;
  readonly text: string;
}

export function readSpec(path: string): Spec {
  if (endingOf(path) === ".safetensors")
    throw new InputError(
      `${path}: expected a spec (.adk), found a trained model, which isn't fitted again; ` +
        `\`adk info ${path} --json\` shows the spec to fit with its data`,
    );
  return { path, name: basename(path), text: readText(path) };
}

/**
 * Finds the text of an import: a path that begins with a dot, relative to the file that imports it. Anything else
 * (absolute paths, other endings) is not looked for, so that a spec cannot have arbitrary files read.
 */
export function importResolver(spec: Spec): (path: string, from: string) => string | undefined {
  return (path, from) => {
    const isLibrary = /^\.\.?\//.test(path) && path.endsWith(".adk") && !path.includes("\0") && !isAbsolute(path);
    if (!isLibrary) return undefined;
    const base = from === spec.name ? "." : dirname(from);
    try {
      return readFileSync(join(dirname(spec.path), base, path), "utf8");
    } catch {
      return undefined;
    }
  };
}

/** Constants `from symmetry` that nothing binds. */
function unboundSymmetries(spec: Spec, bound: readonly string[]): string[] {
  const { declarations } = parse({ name: spec.name, text: spec.text });
  return declarations.flatMap((d) =>
    d.kind === "const" && d.symmetry && !bound.includes(d.name.text) ? [d.name.text] : [],
  );
}

/**
 * The permutations of the training frames, for constants that nothing binds; none where the data have no geometries.
 */
async function foundSymmetries(
  spec: Spec,
  args: Arguments,
  reporter: Reporter,
  dataset: Dataset | undefined,
  bound: readonly string[],
): Promise<Record<string, Tensor>> {
  const names = unboundSymmetries(spec, bound);
  const input = inputOf(spec);
  const inputs = input === undefined ? [] : [input.name.text];
  const key = dataset === undefined || names.length === 0 ? undefined : geometryKey(dataset, inputs);
  if (dataset === undefined || key === undefined) return {};
  const frames = chooseFrames(args, geometryCount(dataset, key))?.train;
  const found = await searchSymmetry(dataset, reporter, frames, inputs);
  const tensor = permutationTensor(found, dataset.name);
  reporter.say(`${names.join(", ")}: ${symmetryText(found)}`);
  return Object.fromEntries(names.map((name) => [name, tensor]));
}

/** Looks for permutations, with progress. Throws InterruptedError on Ctrl-C. */
export async function searchSymmetry(
  dataset: Dataset,
  reporter: Reporter,
  frames?: readonly number[],
  names: readonly string[] = [],
): Promise<Found> {
  const progress = reporter.progress();
  try {
    return await interruptible((signal) =>
      runAsync(dataSymmetrySteps(dataset, frames, names), { progress: (step) => progress.update(step), signal }),
    );
  } finally {
    progress.stop();
  }
}

/** What was found, in a line. */
export function symmetryText({ order, frames: { used, given } }: Found): string {
  const sample = used === given ? `${given}` : `${used} of ${given}`;
  return (
    `${order === 1n ? "no permutation but the identity" : `${order} permutations`} found in ${sample} ` +
    `geometr${given === 1 ? "y" : "ies"}`
  );
}

/** The spec's tensor input, whose name data may use for points; undefined for `input (x, t)`. */
function inputOf(spec: Spec): Extract<Declaration, { kind: "input" }> | undefined {
  return parse({ name: spec.name, text: spec.text }).declarations.find((declaration) => declaration.kind === "input");
}

/** Whether a point of this shape may bind the input's sizes; where it can't be one, reading the data says so best. */
function mayBind(input: Extract<Declaration, { kind: "input" }>, point: readonly number[]): boolean {
  const { sizes } = input.type;
  return (
    sizes.length === point.length && sizes.every((size, axis) => size.kind !== "number" || size.value === point[axis])
  );
}

export interface SpecContext {
  readonly dataset?: Dataset;
  /** The shape of one point where the data don't say it. */
  readonly point?: readonly number[];
  /** Permutations that nothing binds are the identity alone. */
  readonly identitySymmetry?: boolean;
  /** Smoothness isn't judged for the spec as a whole. */
  readonly isUnjudged?: boolean;
}

/** What compile is told beside the text. */
async function compileOptions(
  spec: Spec,
  args: Arguments,
  reporter: Reporter,
  context: SpecContext,
): Promise<CompileOptions> {
  const input = inputOf(spec);
  const fromData =
    context.dataset === undefined
      ? undefined
      : bindingsOf(context.dataset, input === undefined ? {} : { input: input.name.text });
  const weights = weightsReader(text(args, "weights"));
  const inData = lookupIn(fromData?.tensors ?? {});
  const point = context.point ?? fromData?.point;
  const bind = { ...fromData?.bind, ...assignments(args, "bind") };
  return {
    name: spec.name,
    bind: { ...(await foundSymmetries(spec, args, reporter, context.dataset, Object.keys(bind))), ...bind },
    tensors: (key) => weights(key) ?? inData(key),
    ...(input !== undefined && point !== undefined && mayBind(input, point) ? { point } : {}),
    resolve: importResolver(spec),
    ...(context.identitySymmetry === true ? { identitySymmetry: true } : {}),
  };
}

/** Compiles a spec; warnings go to the reporter. Throws DiagnosticError with every error of it. */
export async function compileSpec(
  spec: Spec,
  args: Arguments,
  reporter: Reporter,
  context: SpecContext = {},
): Promise<Compiled> {
  const options: CompileOptions = {
    ...(await compileOptions(spec, args, reporter, context)),
    warn: (warning) => reporter.say(render(warning)),
  };
  return context.isUnjudged === true ? compileUnjudged(spec.text, options) : compile(spec.text, options);
}

/** The data set of a path. Throws DataError naming file and key. */
export function readData(path: string): Dataset {
  return readDataset(readFileSync(path), path);
}
