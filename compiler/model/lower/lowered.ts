/**
 * A specification after lowering: what `operate` and the driver need of it, as index notation.
 * In: the IR's types. Out: the interface between the front end (`lower`) and the rest of the compiler.
 * Every size of the model is a number here; numbers of points do not occur yet.
 */
import type { Expr } from "../../ir/expr.ts";

/**
 * Where a quantity is evaluated: the point (a Param of the input's shape), the latents there, and per-point arguments.
 */
export interface Site {
  readonly point: Expr;
  /** Each latent as an expression of the point: a scalar, or a Build of its shape. */
  readonly latents: ReadonlyMap<string, Expr>;
  /** Each per-point argument: a Param of the argument's shape. */
  readonly arguments: ReadonlyMap<string, Expr>;
}

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
  kernel(a: Expr, b: Expr): Expr;
  /** The prior mean at a point, of the latent's shape; absent where it is zero. */
  mean?(point: Expr): Expr;
}

/** A labelled linear expression of the latents. */
export interface Quantity {
  readonly label: string;
  readonly shape: readonly number[];
  /** The highest order of differentiation of a latent in it. */
  readonly order: number;
  readonly arguments: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /**
   * L at the site: a scalar Expr if shape is [], else a tensor of `shape`. Derivatives are taken by jvp and vjp with
   * respect to `site.point`.
   */
  apply(site: Site): Expr;
}

export interface LoweredObservation {
  readonly label: string;
  readonly key?: string;
  /** Variance of each value, an expression of parameters and arguments (a scalar). */
  noise(site: Omit<Site, "latents">): Expr;
  /** The value that the spec gives (`= expr`), of the quantity's shape; absent where data give it. */
  value?(site: Omit<Site, "latents">): Expr;
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
}
