/**
 * The amplification A: how much larger the terms of a prediction are than their sum. In: a trained model. Out: A by
 * label.
 * A times the rounding of a number format is the error that evaluating the model in that format must be expected to
 * have.
 */
import { join, slicePoints } from "../fit/layout.ts";
import type { Layout } from "../fit/layout.ts";
import type { Trained } from "./evaluate.ts";
import type { Steps } from "../fit/steps.ts";
import { termsOf } from "./terms.ts";
import { emptyRecord } from "../records.ts";

/** Training points at which A is measured, at most. */
const SAMPLE = 100;

/** Part of the largest value that rounding may reach before people are warned: some four digits are right then. */
const WORTH_SAYING = 1e-4;

/** The rounding of each target's numbers, relative to their size. */
export const ROUNDING = { float64: 2 ** -52, float32: 2 ** -23 } as const;

/** Errors to expect of a predictor in each number format, relative to the largest value of the label: A · eps. */
export function predictedErrors(
  amplifications: Readonly<Record<string, number>>,
): Record<string, { float64: number; float32: number }> {
  return Object.fromEntries(
    Object.entries(amplifications).map(([label, a]) => [
      label,
      { float64: a * ROUNDING.float64, float32: a * ROUNDING.float32 },
    ]),
  );
}

/** Warnings of labels whose digits are lost in float64: A · eps beyond 1e-4 of the largest value. */
export function digitsNotice({
  state,
}: {
  readonly state: { readonly amplifications: Readonly<Record<string, number>> };
}): string[] {
  return Object.entries(predictedErrors(state.amplifications))
    .filter(([, { float64 }]) => float64 > WORTH_SAYING)
    .map(
      ([label, { float64 }]) =>
        `rounding makes errors of about ${float64.toExponential(0)} of the largest value of ${label} ` +
        `(amplification ${state.amplifications[label]!.toExponential(1)}): a larger noise loses fewer digits`,
    );
}

/**
 * A = maxᵢ (Σ |contribution|)ᵢ ÷ max |result|, i over up to 100 training points, evenly spaced, and all components; for
 * each
 * prediction without arguments, or for the observations where there's no such prediction.
 *
 * A contribution is that of one training point of one group and, where the kernel sums over permutations, of one
 * permutation,
 * with its Jacobian applied. Labels whose result is zero everywhere have no A.
 */
export function* amplificationSteps(trained: Trained, layout: Layout): Steps<Record<string, number>> {
  const { compiled, parameters, training } = trained;
  const predicted = compiled.predictions.filter((item) => item.arguments.length === 0).map((item) => item.label);
  const labels = predicted.length > 0 ? predicted : layout.blocks.map((block) => block.label);
  const total = labels.length * layout.blocks.reduce((sum, block) => sum + block.count, 0);
  const amplification: Record<string, number> = emptyRecord();
  const terms = termsOf(compiled, parameters);
  let done = 0;
  for (const label of labels) {
    const at = samplePoints(trained, layout, label);
    const sums = new Sums();
    for (const col of layout.blocks) {
      const { coefficients } = training[col.label]!;
      for (let j = 0; j < col.count; j++) {
        const alpha = coefficients.subarray(j * col.components, (j + 1) * col.components);
        const found = terms(label, at, col.label, slicePoints(compiled, col, j, j + 1), alpha);
        found.forEach((term) => sums.add(term));
        done++;
        if (found.length > 1 || done % 16 === 0) yield { phase: "amplification", done, total };
      }
    }
    const a = sums.amplification;
    if (a !== undefined) amplification[label] = a;
  }
  return amplification;
}

/** Terms of equal length, summed as they are and by their sizes. */
export class Sums {
  private readonly result: number[] = [];
  private readonly magnitude: number[] = [];

  add(term: Float64Array): void {
    for (let i = 0; i < term.length; i++) {
      this.result[i] = (this.result[i] ?? 0) + term[i]!;
      this.magnitude[i] = (this.magnitude[i] ?? 0) + Math.abs(term[i]!);
    }
  }

  /** The largest sum of sizes over the largest sum; undefined where all sums are zero. */
  get amplification(): number | undefined {
    const largest = (values: readonly number[]): number =>
      values.reduce((best, value) => Math.max(best, Math.abs(value)), 0);
    const result = largest(this.result);
    return result > 0 ? largest(this.magnitude) / result : undefined;
  }
}

/** Up to SAMPLE training points: of the label's own group where it has arguments, else of all groups. */
function samplePoints(
  { compiled }: Trained,
  layout: Layout,
  label: string,
): { x: Float64Array; arguments: Record<string, Float64Array> } {
  const own = compiled.groups[label]!.arguments.length > 0;
  const blocks = layout.blocks.filter((block) => !own || block.label === label);
  const total = blocks.reduce((sum, block) => sum + block.count, 0);
  const picked = Math.min(SAMPLE, total);
  const slices = Array.from({ length: picked }, (_, s) => {
    let index = Math.floor((s * total) / picked);
    const block = blocks.find((item) => {
      if (index < item.count) return true;
      index -= item.count;
      return false;
    })!;
    return slicePoints(compiled, block, index, index + 1);
  });
  const names = own ? compiled.groups[label]!.arguments.map((item) => item.name) : [];
  return {
    x: join(slices.map((slice) => slice.x)),
    arguments: Object.fromEntries(names.map((name) => [name, join(slices.map((slice) => slice.arguments![name]!))])),
  };
}
