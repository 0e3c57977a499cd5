/**
 * Printed kernels as functions of this process. In: a kernel. Out: the function that its module would call.
 * The text is the very text of the module, so that commands, exported predictors and libraries give the same bits. It
 * is ours: names are escaped, and nothing of a specification stands in it as code.
 */
import { KernelText } from "./backends/kernel_text.ts";
import { runner } from "./backends/module_text.ts";
import type { Kernel } from "./loops/kernel.ts";

/** Points of a side, with their number. */
export interface SideValues {
  readonly count: number;
  readonly x: Float64Array;
  readonly coefficients?: Float64Array;
  readonly arguments: Readonly<Record<string, Float64Array>>;
}
export type Values = Readonly<Record<string, number | Float64Array>>;

/** Evaluates a kernel whole: per model, per point and per pair. */
export type Run = (sides: readonly SideValues[], parameters: Values, offsets?: Values) => Float64Array;

function closure<T>(kernel: Kernel, result: readonly string[]): T {
  const text = new KernelText();
  text.add(kernel, result);
  return new Function(`"use strict";\n${text.text()}\nreturn ${kernel.name};`)() as T;
}

/** The kernel as one function of its sides: the test side, then the training sides in order. */
export function instantiate(kernel: Kernel): Run {
  const sides = [...kernel.sizes.keys()],
    hasOffsets = [...kernel.origins.values()].some((o) => o.kind === "offset");
  const run = closure<(...args: unknown[]) => Float64Array>(kernel, runner(kernel, sides));
  return (given, parameters, offsets = {}) => run(...given, parameters, ...(hasOffsets ? [offsets] : []));
}

export interface Stages {
  readonly prepare?: (...args: unknown[]) => void;
  readonly evaluate: (...args: unknown[]) => void;
}

/** The kernel's stages apart, for predictors that prepare once. */
export const instantiateStages = (kernel: Kernel): Stages =>
  closure<Stages>(kernel, [`return { evaluate${kernel.prepare ? ", prepare" : ""} };`]);

/** The values of a program's arguments, in its order. */
export function argumentValues(
  kernel: Kernel,
  program: Kernel["evaluate"],
  at: { side(name: string): SideValues; parameters: Values; offsets: Values; table(name: string): Float64Array },
): unknown[] {
  const sizes = program.sizes.map((s) => at.side([...kernel.sizes].find(([, size]) => size === s)?.[0] ?? "x").count);
  const inputs = program.inputs.map((b) => {
    const origin = kernel.origins.get(b)!;
    switch (origin.kind) {
      case "points":
        return at.side(origin.side).x;
      case "argument":
        return at.side(origin.side).arguments[origin.name];
      case "coefficients":
        return at.side(origin.side).coefficients;
      case "parameter":
        return at.parameters[origin.name];
      case "offset":
        return at.offsets[origin.latent] ?? 0;
      case "table":
        return at.table(b.name);
    }
  });
  return [...sizes, ...inputs];
}
