/**
 * Whether kernels are symmetric in their two points. In: a lowered model. Out: diagnostics.
 * Exchanged points that give the same expression are proof; otherwise the two orders are compared at random points, as
 * long as that is cheap.
 */
import { diagnose, type Diagnostic } from "../../source/diagnostic.ts";
import { atPair } from "../../ad/operator.ts";
import { flops } from "../../ir/cost.ts";
import type { Expr } from "../../ir/expr.ts";
import { interpret } from "../../ir/interpret.ts";
import type { Lowered, LoweredLatent } from "../lower/lowered.ts";
import { randomNumbers } from "./meeting.ts";
import { originOf } from "../lower/origin.ts";

/** Kernels that cost more are taken at their word. */
const MOST_FLOPS = 1e5;
const SEEDS = [1234567, 7654321];

/** One diagnostic for each latent whose kernel is not symmetric. */
export function checkSymmetry(lowered: Lowered): Diagnostic[] {
  const model = originOf(lowered);
  return lowered.latents.flatMap((latent) => {
    const values = asymmetry(lowered, latent),
      declared = model.latents.find((l) => l.name.text === latent.name);
    if (!values || !declared) return [];
    return [
      diagnose("ADK0504", declared.kernelName.span, {
        kernel: declared.kernelName.text,
        forward: values[0],
        backward: values[1],
      }),
    ];
  });
}

/** k(a, b) and k(b, a) at random points where they differ. */
function asymmetry(lowered: Lowered, latent: LoweredLatent): readonly [number, number] | undefined {
  const { shape } = lowered.input,
    length = shape.reduce((p, d) => p * d, 1);
  const { a, b, value } = latent.kernel,
    orders: readonly Expr[] = [value, atPair(latent.kernel, b, a)];
  if (orders[0] === orders[1] || flops(orders[0]!) > MOST_FLOPS) return undefined;
  for (const seed of SEEDS) {
    const inputs = new Map(lowered.parameters.map((p) => [p.expr, { shape: p.shape, data: p.initial }]));
    inputs
      .set(a, { shape, data: randomNumbers(length, seed) })
      .set(b, { shape, data: randomNumbers(length, seed + 1) });
    const [forward, backward] = orders.map((e) => Number(interpret(e, inputs))) as [number, number];
    if (Math.abs(forward - backward) > 1e-9 * Math.max(Math.abs(forward), Math.abs(backward)))
      return [forward, backward];
  }
  return undefined;
}
