/**
 * The amplification A of an imported model. In: its numbers. Out: A by label, as amplification.ts defines it.
 * The file has no molecules, but its descriptors determine them up to rotation and reflection, of which A doesn't
 * depend.
 */
import { Sums } from "../model/amplification.ts";
import type { CompiledModel } from "../compiled.ts";
import { geometryOf, pairCount } from "./descriptor.ts";
import { pairPermutations } from "./formula.ts";
import type { Fill } from "./import.ts";
import type { SgdmlModel } from "./read.ts";

/** Training points at which A is measured, at most; fewer where pairs of points, permutations and atoms are many. */
const SAMPLE = 100;
const LEAST = 8;
/** Terms of descriptors that may be worked out. */
const BUDGET = 3e7;

/**
 * A = maxᵢ (Σ |contribution|)ᵢ ÷ max |result|, i over some training points (100 at most) and all components, a
 * contribution being
 * that of one training point and permutation.
 * @param alone the model whose only permutation is the identity, and `fill` its tables
 */
export function amplificationOf(alone: CompiledModel, source: SgdmlModel, fill: Fill): Record<string, number> {
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
  const sums = new Map<string, Sums>();
  for (const part of parts(source, pairs)) {
    for (const [label, term] of Object.entries(alone.predict(alone.staging!.stage(fill(part), parameters), x))) {
      if (!sums.has(label)) sums.set(label, new Sums());
      sums.get(label)!.add(term);
    }
  }
  return Object.fromEntries(
    [...sums].flatMap(([label, { amplification }]) => (amplification === undefined ? [] : [[label, amplification]])),
  );
}

/** Each training point alone, permuted in each way, its forces and its energy apart. */
function* parts(source: SgdmlModel, pairs: number): Generator<Parameters<Fill>[0]> {
  const { energies } = source;
  const gather = pairPermutations(source.perms, source.order, source.atoms.length);
  for (let j = 0; j < source.count; j++) {
    for (let p = 0; p < source.order; p++) {
      const permuted = (values: Float64Array): Float64Array =>
        Float64Array.from({ length: pairs }, (_, d) => values[j * pairs + gather[p * pairs + d]!]!);
      const descriptors = permuted(source.descriptors);
      const none = energies === undefined ? {} : { energies: new Float64Array(1) };
      yield { count: 1, descriptors, projected: permuted(source.projected), ...none };
      if (energies !== undefined)
        yield { count: 1, descriptors, projected: new Float64Array(pairs), energies: energies.subarray(j, j + 1) };
    }
  }
}
