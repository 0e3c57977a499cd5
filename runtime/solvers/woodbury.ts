/**
 * The inverse of L Lᵀ + noise by Woodbury's identity. In: columns in units of the noise, the factor of I + L̃ᵀL̃, a
 * residual. Out: P⁻¹ r.
 */
import type { Step, Steps } from "../fit/steps.ts";
import type { Factor } from "../linalg/cholesky.ts";
import { solve } from "../linalg/solve.ts";
import type { Columns } from "./columns.ts";

/** The inner matrix's norm times the rounding of a number, from which on its solutions are corrected. */
const REFINE = 1e-4;

/** What was left of the diagonal, in units of the noise, as the rank grew. */
export interface Remainder {
  readonly rank: number;
  readonly mean: number;
}

export class Preconditioner {
  /** L̃, in units of the noise. */
  readonly columns: Columns;
  /** How the factorisation went, column by column. */
  readonly remainders: readonly Remainder[];
  private readonly scale: Float64Array;
  private readonly inner: Factor | undefined;

  constructor(columns: Columns, remainders: readonly Remainder[], scale: Float64Array, inner: Factor | undefined) {
    this.columns = columns;
    this.remainders = remainders;
    this.scale = scale;
    this.inner = inner;
  }

  get rank(): number {
    return this.columns.rank;
  }

  /** P⁻¹ r. 4 n · rank + 2 rank² FLOPs, twice as many where it's refined. */
  *applySteps(r: Float64Array, step: () => Step): Steps<Float64Array> {
    const scaled = r.map((value, i) => value * this.scale[i]!);
    const rest = this.inner === undefined ? scaled : yield* this.restSteps(this.inner, scaled, step);
    for (let i = 0; i < rest.length; i++) rest[i]! *= this.scale[i]!;
    return rest;
  }

  /**
   * (I + L̃L̃ᵀ)⁻¹ s: what L̃ doesn't explain of s, s − L̃w, where w minimises |s − L̃w|² + |w|². The normal equations
   * lose twice the digits that the problem
   * does; a correction by what is left of them gives those back: Björck, Linear Algebra Appl. 88/89 (1987) 31.
   */
  private *restSteps(inner: Factor, s: Float64Array, step: () => Step): Steps<Float64Array> {
    const weights = solve(inner, yield* this.columns.projectSteps(s, step));
    const rest = subtracted(s, yield* this.columns.combineSteps(weights, step));
    if (inner.norm1 * Number.EPSILON < REFINE) return rest;
    const gradient = subtracted(yield* this.columns.projectSteps(rest, step), weights);
    return subtracted(rest, yield* this.columns.combineSteps(solve(inner, gradient), step));
  }
}

const subtracted = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => value - b[i]!);
