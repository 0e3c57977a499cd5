/**
 * A lowered model as text. In: what `lower` made. Out: its kernels, means, noises, values and operators, each an
 * expression over its placeholders. An operator shows its derivatives line by line, then what it makes of them.
 */
import type { Operator, PointFunction, Step } from "../../ad/operator.ts";
import { print } from "../../ir/print.ts";
import { dims, type Axis, type Expr } from "../../ir/expr.ts";
import type { Lowered } from "./lowered.ts";

const nameOf = (e: Expr): string => (e.kind === "param" ? e.name : print(e));
const typed = (e: Expr): string => (dims(e).length === 0 ? nameOf(e) : `${nameOf(e)}[${dims(e).join(", ")}]`);
const indented = (text: string): string => text.replace(/^/gm, "    ");

/** All of a lowered model. The same model gives the same text. */
export function printLowered(lowered: Lowered): string {
  const { name, input, parameters, latents, observations, quantities } = lowered;
  const blocks = [
    `model ${name}: ${input.name} is real[${input.shape.join(", ")}]`,
    ...parameters.map((p) => `parameter ${typed(p.expr)} = ${[...p.initial].slice(0, 8).join(", ")}`),
    ...latents.flatMap((l) => [
      block(`kernel of ${l.name}(${nameOf(l.kernel.a)}, ${nameOf(l.kernel.b)})`, print(l.kernel.value)),
      ...(l.mean ? [ofPoint(`mean of ${l.name}`, l.mean)] : []),
    ]),
    ...[...quantities.values()].map((q) => printOperator(`operator ${q.label}`, q.operator)),
    ...observations.flatMap((o) => [
      ofPoint(`noise of ${o.label}`, o.noise),
      ...(o.value ? [ofPoint(`value of ${o.label}`, o.value)] : []),
    ]),
  ];
  return `${blocks.join("\n")}\n`;
}

const block = (title: string, text: string): string => `${title} =\n${indented(text)}`;

const ofPoint = (title: string, f: PointFunction): string =>
  block(`${title}(${[f.point, ...f.arguments.values()].map(nameOf).join(", ")})`, print(f.value));

/** The steps of an operator, and its value. */
function printOperator(title: string, operator: Operator): string {
  const given = [...operator.latents.values(), operator.point, ...operator.arguments.values()];
  const steps = operator.steps.map((s) => indented(`${leftSide(s)} = ${printStep(s, operator)}`));
  return [`${title}(${given.map(nameOf).join(", ")}) =`, ...steps, indented(print(operator.value))].join("\n");
}

const axisName = (a: Axis): string => `${a.name}<${a.extent}>`;
const leftSide = ({ result, axes }: Step): string =>
  `${typed(result)}${axes.length === 0 ? "" : ` for ${axes.map(axisName).join(", ")}`}`;

function printStep(s: Step, { point }: Operator): string {
  const of = print(s.of),
    by = nameOf(point);
  switch (s.kind) {
    case "gradient":
      return `∂/∂(${by}) of\n${of}`;
    case "along":
      return `∂/∂(${by}) along ${print(s.direction)} of\n${of}`;
    case "weighted":
      return `Σ ${print(s.weights)} ∂/∂(${by}) of\n${of}`;
    case "moved":
      return `at ${print(s.to)}\n${of}`;
  }
}
