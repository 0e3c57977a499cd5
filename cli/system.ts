/**
 * The linear system that the options of `fit` and `plan` ask for, and who will solve it.
 * In: the command line. Out: the compiled model, the data, and options as the runtime takes them.
 */
import { totalmem } from "node:os";
import type { CompiledModel } from "../runtime/compiled.ts";
import type { Dataset } from "../runtime/data/dataset.ts";
import { availableThreads } from "../runtime/executors/platform.ts";
import { frameCount, type FitOptions, type Noise, type Source } from "../runtime/index.ts";
import { conversion, unitsOf } from "../runtime/molecules/units.ts";
import { InputError } from "./failure.ts";
import { chooseFrames } from "./frames.ts";
import {
  count,
  noise,
  parameterSettings,
  parseNumber,
  requiredText,
  text,
  type Arguments,
  type OptionName,
} from "./options.ts";
import type { Reporter } from "./output.ts";
import { compileSpec, readData, readSpec } from "./specs.ts";
import { nearest } from "./suggest.ts";

export interface System {
  readonly compiled: CompiledModel;
  readonly dataset: Dataset;
  readonly options: FitOptions;
}

/** Reads spec, data and options. Throws InputError, DataError or DiagnosticError where they are wrong. */
export async function systemOf(args: Arguments, reporter: Reporter): Promise<System> {
  const data = requiredText(args, "data", "--data ethanol.npz");
  const solver = solverOptions(args);
  const spec = readSpec(args.positional["spec"] ?? "");
  const dataset = readData(data);
  const compiled = await compileSpec(spec, args, reporter, { dataset });
  const units = unitsOf(dataset);
  const source: Source = { compiled, dataset, conversion: conversion(units, units, dataset.name) };
  const split = chooseFrames(args, frameCount(source));
  const override = noiseOverride(args, compiled);
  return {
    compiled,
    dataset,
    options: {
      ...solver,
      parameters: parameterSettings(args),
      available: availableBytes(),
      ...(override === undefined ? {} : { noise: override }),
      ...(split === undefined ? {} : { split }),
    },
  };
}

/** Noise variances as the runtime takes them. Throws InputError for a label that isn't observed. */
function noiseOverride(args: Arguments, compiled: CompiledModel): Noise | undefined {
  const { all, byLabel } = noise(args);
  const labels = compiled.observations.map((observation) => observation.label);
  const stranger = Object.keys(byLabel).find((label) => !labels.includes(label));
  if (stranger !== undefined) {
    const close = nearest(stranger, labels);
    throw new InputError(
      `--noise ${stranger}: expected an observation of the spec; ` +
        `${close === undefined ? `it has ${labels.join(", ")}` : `did you mean ${close}?`}`,
    );
  }
  if (Object.keys(byLabel).length === 0) return all;
  return all === undefined
    ? { ...byLabel }
    : { ...Object.fromEntries(labels.map((label) => [label, all])), ...byLabel };
}

function solverOptions(args: Arguments): Pick<FitOptions, "solver" | "tolerance" | "memory" | "threads"> {
  const solver = text(args, "solver") ?? "auto";
  if (solver !== "auto" && solver !== "cholesky" && solver !== "cg") {
    throw new InputError(`--solver: expected auto, cholesky or cg, found ${JSON.stringify(solver)}`);
  }
  const positive = (name: OptionName): number | undefined => {
    const written = text(args, name);
    const value = written === undefined ? undefined : parseNumber(written, `--${name}`);
    if (value !== undefined && !(value > 0))
      throw new InputError(`--${name}: expected a number above 0, found ${written}`);
    return value;
  };
  const tolerance = positive("tolerance");
  const memory = positive("memory");
  const threads = count(args, "threads") ?? availableThreads();
  if (threads < 1) throw new InputError("--threads: expected a whole number from 1, found 0");
  return {
    solver,
    threads,
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(memory === undefined ? {} : { memory: 1e9 * memory }),
  };
}

/** Bytes that this process can have: what is free, with what it has already. */
function availableBytes(): number {
  const host = process as { availableMemory?: () => number };
  return host.availableMemory === undefined ? totalmem() : host.availableMemory() + process.memoryUsage().rss;
}

export const bytesText = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`;

export function durationText(seconds: number): string {
  if (seconds < 100) return `${seconds.toPrecision(2)} s`;
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toPrecision(2)} h`;
}
