/**
 * The terms of a prediction, one by one. In: a compiled model, training points with coefficients. Out: what each
 * contributes.
 * A kernel that sums over permutations, k(x, y) = c Σ_s κ(x, P_s y), is that of a model whose only permutation is the
 * identity, at the permuted
 * training point with permuted coefficients. Whether a kernel is such a sum is seen from numbers, pair of labels by
 * pair.
 */
import type { CompiledModel, Parameters, Points, Tensor } from "../compiled.ts";
import { sizeOf } from "../data/rows.ts";

/** What one training point of `col` contributes to `label` at points: a term, or one for each permutation. */
export type Terms = (
  label: string,
  at: Points,
  col: string,
  point: Points,
  alpha: Float64Array,
) => readonly Float64Array[];

/** Relative to the terms: far above rounding, far below what another kernel would give. */
const TOLERANCE = 1e-9;

/**
 * The terms that the model's permutations make; where it has none, or isn't a sum over them, a training point is one
 * term.
 */
export function termsOf(compiled: CompiledModel, parameters: Parameters): Terms {
  const whole: Terms = (label, at, col, point, alpha) => [compiled.contract(label, at, col, point, alpha, parameters)];
  const split = permutationsOf(compiled);
  if (split === undefined) return whole;
  const { alone, perms } = split;
  const atoms = compiled.input.shape[0]!;
  const one = (label: string, at: Points, col: string, { x }: Points, alpha: Float64Array, s: number): Float64Array => {
    const perm = perms.data.subarray(s * atoms, (s + 1) * atoms);
    return alone.contract(
      label,
      at,
      col,
      { x: permuted(x, perm), arguments: {} },
      alpha.length === 1 ? alpha : permuted(alpha, perm),
      parameters,
    );
  };
  const factors = new Map<string, number | undefined>();
  return (label, at, col, point, alpha) => {
    const key = JSON.stringify([label, col]);
    const terms = (a: Float64Array): Float64Array[] =>
      Array.from({ length: perms.shape[0]! }, (_, s) => one(label, at, col, point, a, s));
    if (!factors.has(key)) {
      const probe = alpha.map((_, k) => 1 + k / alpha.length);
      factors.set(
        key,
        isPermutable(compiled, col) ? factorOf(whole(label, at, col, point, probe)[0]!, terms(probe)) : undefined,
      );
    }
    const factor = factors.get(key);
    return factor === undefined
      ? whole(label, at, col, point, alpha)
      : terms(alpha).map((term) => term.map((value) => factor * value));
  };
}

/**
 * The constant of the model that holds permutations of the input's first axis, and the same model with the identity
 * alone.
 */
function permutationsOf(
  compiled: CompiledModel,
): { readonly perms: Tensor; readonly alone: CompiledModel } | undefined {
  const atoms = compiled.input.shape[0] ?? 0;
  const rows = ({ shape, data }: Tensor): Float64Array[] =>
    Array.from({ length: shape[0]! }, (_, s) => data.subarray(s * atoms, (s + 1) * atoms));
  const isPermutation = (row: Float64Array): boolean =>
    row
      .slice()
      .sort()
      .every((value, i) => value === i);
  const found = Object.entries(compiled.bindings).filter(
    ([, tensor]) =>
      tensor.shape.length === 2 &&
      tensor.shape[1] === atoms &&
      tensor.shape[0]! > 1 &&
      rows(tensor).every(isPermutation),
  );
  if (found.length !== 1) return undefined;
  const [name, perms] = found[0]!;
  const identity = { shape: [1, atoms], data: Float64Array.from({ length: atoms }, (_, i) => i) };
  try {
    const alone = compiled.rebind?.({ [name]: identity });
    return alone === undefined ? undefined : { perms, alone };
  } catch (error) {
    // What else was bound, the number of permutations say, may not go with it; the compiler says so by this name.
    if (error instanceof Error && error.name === "DiagnosticError") return undefined;
    throw error;
  }
}

/**
 * Coefficients of scalars stay as they are, those of a shape like the input's are permuted as points are; others aren't
 * taken apart.
 */
function isPermutable({ groups, input }: CompiledModel, label: string): boolean {
  const { shape, arguments: names } = groups[label]!;
  return (
    names.length === 0 &&
    (sizeOf(shape) === 1 ||
      (shape.length === input.shape.length && shape.every((extent, axis) => extent === input.shape[axis])))
  );
}

/** (P x)ᵢ = x_P[i] along the first axis. */
function permuted(x: Float64Array, perm: Float64Array): Float64Array {
  const row = x.length / perm.length;
  const out = new Float64Array(x.length);
  perm.forEach((from, i) => out.set(x.subarray(from * row, (from + 1) * row), i * row));
  return out;
}

/** c where the whole is c times the sum of the terms, c being 1 or, of a mean, 1 / P; else undefined. */
function factorOf(whole: Float64Array, terms: readonly Float64Array[]): number | undefined {
  const sum = new Float64Array(whole.length),
    size = new Float64Array(whole.length);
  for (const term of terms) {
    for (let i = 0; i < term.length; i++) {
      sum[i]! += term[i]!;
      size[i]! += Math.abs(term[i]!);
    }
  }
  const scale = size.reduce((a, b) => Math.max(a, b), 0);
  return [1 / terms.length, 1].find((factor) =>
    whole.every((value, i) => Math.abs(value - factor * sum[i]!) <= TOLERANCE * factor * scale),
  );
}
