/**
 * Whether kernels are smooth enough for what is observed and predicted. In: a lowered model. Out: diagnostics, and
 * answers for pairs of labels.
 * Only what is disproved is refused: `observe L` needs twice the order of L where the two points meet, `predict L` the
 * order of L
 * plus the highest observed one; what is merely unproved is accepted with a warning.
 */
import { diagnose, type Diagnostic } from "../../source/diagnostic.ts";
import { Meeting, type Smoothness } from "./meeting.ts";
import type { Lowered, LoweredLatent } from "../lower/lowered.ts";
import type { Model } from "../model.ts";
import { originOf } from "../lower/origin.ts";

const known = new WeakMap<LoweredLatent, Smoothness>();

/** The total order of derivatives of a latent's kernel that exists where its two points meet. */
export function smoothnessOf(lowered: Lowered, latent: LoweredLatent): Smoothness {
  let found = known.get(latent);
  if (!found) {
    const parameters = new Map(lowered.parameters.map((p) => [p.expr, { shape: p.shape, data: p.initial }]));
    known.set(latent, (found = new Meeting(latent.kernel.a, latent.kernel.b, parameters).of(latent.kernel.value)));
  }
  return found;
}

/** How often each latent is differentiated in a label. */
function ordersOf(model: Model, label: string): ReadonlyMap<string, number> {
  const quantity = model.quantities.get(label);
  if (!quantity)
    throw new RangeError(
      `no quantity is called ${JSON.stringify(label)}; there are ${[...model.quantities.keys()].join(", ")}`,
    );
  return new Map(Object.entries(quantity.orders));
}

/**
 * Whether the covariance of two labels exists where their points coincide: it is not disproved for any latent that both
 * have.
 */
export function pairOrderExists(lowered: Lowered, rowLabel: string, colLabel: string): boolean {
  const model = originOf(lowered),
    row = ordersOf(model, rowLabel),
    col = ordersOf(model, colLabel);
  return lowered.latents.every((latent) => {
    const [p, q] = [row.get(latent.name), col.get(latent.name)];
    return p === undefined || q === undefined || p + q <= smoothnessOf(lowered, latent).fails;
  });
}

/** Kernels by the number of derivatives that exist where their points meet, the roughest first. */
const ladder: readonly (readonly [string, number])[] = [
  ["matern32", 2],
  ["matern52", 4],
  ["matern72", 6],
  ["rbf", Infinity],
  ["rational_quadratic", Infinity],
];

/** Every observation and prediction that a kernel is disproved smooth enough for (errors), or not proved (warnings). */
export function checkSmoothness(lowered: Lowered): Diagnostic[] {
  const model = originOf(lowered);
  return lowered.latents.flatMap((latent) => new Judge(lowered, model, latent).diagnostics());
}

class Judge {
  private readonly lowered: Lowered;
  private readonly model: Model;
  private readonly latent: LoweredLatent;
  private readonly kernel: string;

  constructor(lowered: Lowered, model: Model, latent: LoweredLatent) {
    this.lowered = lowered;
    this.model = model;
    this.latent = latent;
    this.kernel = model.latents.find((l) => l.name.text === latent.name)?.kernelName.text ?? latent.name;
  }

  private order(label: string): number | undefined {
    return ordersOf(this.model, label).get(this.latent.name);
  }

  diagnostics(): Diagnostic[] {
    const observed = this.lowered.observations.flatMap(({ label }) => {
      const order = this.order(label);
      return order === undefined ? [] : [{ label, order }];
    });
    const highest = observed.reduce((best, o) => (o.order > best.order ? o : best), { label: "", order: 0 });
    const refused = new Set<string>();
    const found = observed.flatMap(({ label, order }) => this.judge(label, 2 * order, refused));
    const predicted = this.lowered.predictions.filter(
      (label) => !refused.has(label) && !observed.some((o) => o.label === label),
    );
    return [
      ...found,
      ...predicted.flatMap((label) => {
        const order = this.order(label);
        return order === undefined ? [] : this.judge(label, order + highest.order, refused, highest.label);
      }),
    ];
  }

  /** `highest`: the observation that a prediction meets, absent for an observation itself. */
  private judge(label: string, needed: number, refused: Set<string>, highest?: string): Diagnostic[] {
    const { exists, fails, because = "its form" } = smoothnessOf(this.lowered, this.latent);
    if (needed <= exists) return [];
    const span = this.model.quantities.get(label)!.operator.span,
      { kernel } = this;
    if (needed <= fails) return [diagnose("ADK0503", span, { label, kernel, needed, because })];
    refused.add(label);
    const wouldDo = ladder.filter(([, order]) => order >= needed).map(([name]) => name);
    const about = { label, kernel, needed, exists: Math.max(fails, 0), because, wouldDo };
    return [
      highest === undefined || highest === ""
        ? diagnose("ADK0501", span, about)
        : diagnose("ADK0502", span, { ...about, highest }),
    ];
  }
}
