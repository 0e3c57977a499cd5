/**
 * What the tests of the front end share. In: specs of test/specs or texts. Out: lowered models, and numbers from their
 * expressions.
 * Every number comes from the interpreter of expressions, the oracle of the compiler.
 */
import { existsSync, readFileSync } from "node:fs";
import { apply, atPair } from "../../compiler/ad/operator.ts";
import { dims, param, type Expr } from "../../compiler/ir/expr.ts";
import { interpret } from "../../compiler/ir/interpret.ts";
import { check } from "../../compiler/model/check/check.ts";
import { lower, type Bindings } from "../../compiler/model/lower/lower.ts";
import type { Lowered } from "../../compiler/model/lower/lowered.ts";
import type { Diagnostic } from "../../compiler/source/diagnostic.ts";

const specs = new URL("../specs/", import.meta.url);
const resolve = (path: string): string | undefined => {
  const url = new URL(path, specs);
  return existsSync(url) ? readFileSync(url, "utf8") : undefined;
};

export const specText = (name: string): string => readFileSync(new URL(`${name}.adk`, specs), "utf8");
export const checkText = (
  text: string,
  bind: Readonly<Record<string, unknown>> = {},
  name = "spec.adk",
): ReturnType<typeof check> => check({ name, text }, { resolve, bind });
export const diagnosticsOf = (text: string): readonly Diagnostic[] => checkText(text).diagnostics;

/** Checks and lowers; throws what stands in the way. */
export function lowerText(text: string, bindings: Bindings = {}): Lowered {
  const { model, diagnostics } = checkText(text, bindings.bind ?? {});
  if (!model) throw new Error(diagnostics.map((d) => `${d.code} ${d.message}`).join("\n"));
  return lower(model, bindings);
}
export const lowerSpec = (name: string, bindings: Bindings = {}): Lowered => lowerText(specText(name), bindings);

export type Numbers = number | readonly Numbers[];
const flat = (value: Numbers): number[] => (typeof value === "number" ? [value] : value.flatMap(flat));

/** The numbers of an expression, given its Params by themselves. */
export function numbersFrom(e: Expr, inputs: readonly (readonly [Expr, Numbers])[]): number[] {
  const values = new Map(inputs.map(([p, value]) => [p, { shape: dims(p), data: Float64Array.from(flat(value)) }]));
  const found = interpret(e, values);
  return typeof found === "number" ? [found] : [...found];
}

/** Parameters at their initial values, or at others. */
export function parametersOf(lowered: Lowered, values: Readonly<Record<string, Numbers>> = {}): [Expr, Numbers][] {
  return lowered.parameters.map((p) => [p.expr, values[p.name] ?? [...p.initial]]);
}

export interface Setting {
  readonly parameters?: Readonly<Record<string, Numbers>>;
  readonly arguments?: Readonly<Record<string, Numbers>>;
  readonly latent?: string;
}

/** L of x ↦ k(x, y) at x: the operator on the first argument of the kernel. */
export function operated(lowered: Lowered, label: string, x: Numbers, y: Numbers, setting: Setting = {}): number[] {
  const point = param("x", lowered.input.shape),
    other = param("y", lowered.input.shape);
  const quantity = lowered.quantities.get(label);
  if (!quantity) throw new Error(`no quantity ${label}`);
  const latents = new Map(lowered.latents.map((l) => [l.name, atPair(l.kernel, point, other)]));
  const list = quantity.arguments.map((a) => [a.name, param(`arg ${a.name}`, a.shape)] as const);
  const e = apply(quantity.operator, { point, latents, arguments: new Map(list) });
  const given = list.map(([name, p]) => [p, setting.arguments?.[name] ?? 0] as const);
  return numbersFrom(e, [[point, x], [other, y], ...given, ...parametersOf(lowered, setting.parameters)]);
}

export function kernelValue(
  lowered: Lowered,
  x: Numbers,
  y: Numbers,
  parameters: Readonly<Record<string, Numbers>> = {},
): number {
  const a = param("x", lowered.input.shape),
    b = param("y", lowered.input.shape);
  return numbersFrom(atPair(lowered.latents[0]!.kernel, a, b), [
    [a, x],
    [b, y],
    ...parametersOf(lowered, parameters),
  ])[0]!;
}

/**
 * ∂f/∂x_i for every i, by central differences extrapolated twice (Richardson): good to about 1e-10 of f's scale.
 */
export function gradientOf(f: (x: number[]) => number, x: readonly number[], step = 0.02): number[] {
  return x.map((_, i) => {
    const central = (h: number): number => {
      const moved = (by: number): number[] => x.map((v, k) => (k === i ? v + by : v));
      return (f(moved(h)) - f(moved(-h))) / (2 * h);
    };
    const [a, b, c] = [central(step), central(step / 2), central(step / 4)];
    const [ab, bc] = [(4 * b - a) / 3, (4 * c - b) / 3];
    return (16 * bc - ab) / 15;
  });
}

/** Second derivatives, the gradient of each entry of the gradient. */
export const hessianOf = (f: (x: number[]) => number, x: readonly number[]): number[][] =>
  x.map((_, i) => gradientOf((y) => gradientOf(f, y, 0.04)[i]!, x, 0.04));
