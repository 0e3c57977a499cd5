/**
 * The package's prediction, written down plainly. In: an sGDML model, a molecule. Out: energy and forces.
 * It's what an exported file will be asked to compute, so that a model whose kernel is another one is refused.
 */
import { describe, pairCount, pairOf } from "./descriptor.ts";
import type { SgdmlModel } from "./read.ts";

export type Numbers = Pick<
  SgdmlModel,
  "count" | "descriptors" | "projected" | "energies" | "perms" | "order" | "sigma" | "std" | "constant"
>;

/** Where the descriptor of permuted atoms finds its entries: [P, D]. */
export function pairPermutations(perms: Float64Array, order: number, atoms: number): Int32Array {
  const pairs = pairCount(atoms);
  const out = new Int32Array(order * pairs);
  for (let p = 0; p < order; p++) {
    for (let a = 1; a < atoms; a++) {
      for (let b = 0; b < a; b++) {
        const [i, j] = [perms[p * atoms + a]!, perms[p * atoms + b]!];
        out[p * pairs + pairOf(a, b)] = pairOf(Math.max(i, j), Math.min(i, j));
      }
    }
  }
  return out;
}

/**
 * E = c + std Σⱼ Σ_p ⟨∂k, a⟩ + α_E k, k the Matérn kernel of order 5/2 of descriptors, and F = −∂E/∂R.
 * `x` is one molecule, [atoms, 3].
 */
export function predictSgdml(model: Numbers, x: Float64Array, atoms: number): { energy: number; forces: Float64Array } {
  const pairs = pairCount(atoms);
  const own = describe(x, atoms);
  const gather = pairPermutations(model.perms, model.order, atoms);
  const q = Math.sqrt(5) / model.sigma;
  const difference = new Float64Array(pairs);
  const slope = new Float64Array(pairs);
  let energy = 0;
  for (let j = 0; j < model.count; j++) {
    for (let p = 0; p < model.order; p++) {
      let square = 0;
      let along = 0;
      for (let d = 0; d < pairs; d++) {
        const from = j * pairs + gather[p * pairs + d]!;
        difference[d] = own[d]! - model.descriptors[from]!;
        square += difference[d]! ** 2;
        along += difference[d]! * model.projected[from]!;
      }
      const s = q * Math.sqrt(square);
      const decay = Math.exp(-s);
      const alpha = model.energies?.[j] ?? 0;
      const first = ((q * q) / 3) * (1 + s) * decay;
      energy += first * along + alpha * (1 + s + (s * s) / 3) * decay;
      for (let d = 0; d < pairs; d++) {
        const a = model.projected[j * pairs + gather[p * pairs + d]!]!;
        slope[d]! += first * a - (q ** 4 / 3) * decay * along * difference[d]! - alpha * first * difference[d]!;
      }
    }
  }
  return {
    energy: model.constant + model.std * energy,
    forces: forcesOf(
      slope.map((value) => value * model.std),
      x,
      atoms,
    ),
  };
}

/** −Jᵀ of the derivative by descriptors. */
function forcesOf(slope: Float64Array, x: Float64Array, atoms: number): Float64Array {
  const forces = new Float64Array(3 * atoms);
  for (let a = 1; a < atoms; a++) {
    for (let b = 0; b < a; b++) {
      let square = 0;
      for (let c = 0; c < 3; c++) square += (x[3 * a + c]! - x[3 * b + c]!) ** 2;
      const factor = slope[pairOf(a, b)]! / (square * Math.sqrt(square));
      for (let c = 0; c < 3; c++) {
        const term = factor * (x[3 * a + c]! - x[3 * b + c]!);
        forces[3 * a + c]! += term;
        forces[3 * b + c]! -= term;
      }
    }
  }
  return forces;
}
