/**
 * A specification after lowering: what `operate` and the driver need of it, as index notation over placeholders.
 * In: the IR's types. Out: the interface between the front end (`lower`) and the rest of the compiler; all of it data.
 * Every size of the model is a number here; numbers of points do not occur yet.
 */
import type { Operator, PairFunction, PointFunction } from "../../ad/operator.ts";
import type { Expr } from "../../ir/expr.ts";

export interface LoweredParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: Float64Array;
  readonly lower?: number;
  readonly upper?: number;
  readonly fixed: boolean;
  /** The Param by which expressions refer to it. */
  readonly expr: Expr;
}

export interface LoweredLatent {
  readonly name: string;
  /** [] for a scalar latent; [3] for three independent components that share the kernel. */
  readonly shape: readonly number[];
  /** k(a, b) for two point tensors, a scalar. */
  readonly kernel: PairFunction;
  /** The prior mean at a point, of the latent's shape; absent where it is zero. */
  readonly mean?: PointFunction;
}

/** A labelled linear expression of the latents. */
export interface Quantity {
  readonly label: string;
  readonly shape: readonly number[];
  /** The highest order of differentiation of a latent in it. */
  readonly order: number;
  readonly arguments: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly operator: Operator;
}

export interface LoweredObservation {
  readonly label: string;
  readonly key?: string;
  /** Variance of each value, an expression of parameters and arguments (a scalar). */
  readonly noise: PointFunction;
  /** The value that the spec gives (`= expr`), of the quantity's shape; absent where data give it. */
  readonly value?: PointFunction;
}

export interface Lowered {
  readonly name: string;
  readonly input: {
    readonly name: string;
    readonly shape: readonly number[];
    readonly coordinates?: readonly string[];
  };
  readonly parameters: readonly LoweredParameter[];
  readonly latents: readonly LoweredLatent[];
  /** Every label, in the order of the file; observe, offset and predict share them. */
  readonly quantities: ReadonlyMap<string, Quantity>;
  readonly observations: readonly LoweredObservation[];
  readonly offsets: readonly { readonly label: string; readonly latent: string; readonly key: string }[];
  /** Labels, in the order of the file. */
  readonly predictions: readonly string[];
  /** Dims and constants as bound: shape and values. */
  readonly bindings: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float64Array }>;
  /** What the specification calls the tensors in it, for readers of generated code. */
  readonly names: ReadonlyMap<Expr, string>;
}
