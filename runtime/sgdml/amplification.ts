/**
 * The amplification A of an imported model. In: its numbers. Out: A by label, as amplification.ts defines it.
 * The file has no molecules, but its descriptors determine them up to rotation and reflection, of which A doesn't depend.
 */
import type { CompiledModel } from "../compiled.ts";
import { geometryOf, pairCount } from "./descriptor.ts";
import type { Fill } from "./import.ts";
import type { SgdmlModel } from "./read.ts";

/** Training points at which A is measured, at most; fewer where pairs of points, permutations and atoms are many. */
const SAMPLE = 100;
const LEAST = 8;
/** Terms of descriptors that may be worked out. */
const BUDGET = 3e7;

/** A = maxᵢ (Σⱼ |contribution of training point j|)ᵢ ÷ max |result|, i over some training points (100 at most) and all components. */
export function amplificationOf(compiled: CompiledModel, source: SgdmlModel, fill: Fill): Record<string, number> {
  const atoms = source.atoms.length;
  const pairs = pairCount(atoms);
  const affordable = Math.max(LEAST, Math.floor(BUDGET / (source.count * source.order * pairs)));
  const sampled = Math.min(SAMPLE, affordable, source.count);
  const x = new Float64Array(3 * atoms * sampled);
  for (let s = 0; s < sampled; s++) {
    const j = Math.floor((s * source.count) / sampled);
    x.set(geometryOf(source.descriptors.subarray(j * pairs, (j + 1) * pairs), atoms), 3 * atoms * s);
  }
  const parameters = { sigma: source.sigma };
  const magnitude: Record<string, Float64Array> = {};
  const result: Record<string, Float64Array> = {};
  for (const part of parts(source, pairs)) {
    for (const [label, term] of Object.entries(compiled.predict(compiled.staging!.stage(fill(part), parameters), x))) {
      magnitude[label] ??= new Float64Array(term.length);
      result[label] ??= new Float64Array(term.length);
      for (let i = 0; i < term.length; i++) {
        magnitude[label][i]! += Math.abs(term[i]!);
        result[label][i]! += term[i]!;
      }
    }
  }
  const largest = (values: Float64Array): number => values.reduce((best, value) => Math.max(best, Math.abs(value)), 0);
  return Object.fromEntries(Object.keys(result).filter((label) => largest(result[label]!) > 0).map((label) => [label, largest(magnitude[label]!) / largest(result[label]!)]));
}

/** Each training point alone, its forces and its energy apart. */
function* parts(source: SgdmlModel, pairs: number): Generator<Parameters<Fill>[0]> {
  const { energies } = source;
  for (let j = 0; j < source.count; j++) {
    const descriptors = source.descriptors.subarray(j * pairs, (j + 1) * pairs);
    const projected = source.projected.subarray(j * pairs, (j + 1) * pairs);
    yield { count: 1, descriptors, projected, ...(energies === undefined ? {} : { energies: new Float64Array(1) }) };
    if (energies !== undefined) yield { count: 1, descriptors, projected: new Float64Array(pairs), energies: energies.subarray(j, j + 1) };
  }
}
