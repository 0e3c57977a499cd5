/**
 * What the runtime asks of a compiled model. In: nothing. Out: the interfaces between compiler and runtime.
 * The runtime imports nothing of the compiler; the compiler's `compile` returns something of this shape.
 * All tensors are flat, row-major Float64Arrays; numbers of points are given by lengths.
 */

import type { KernelArtifact } from "./kernel.ts";

/** A tensor with its shape; of a dim or scalar constant the shape is []. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Points of a group: coordinates [n, ...input shape], and per-point arguments [n, ...argument shape] by name. */
export interface Points {
  readonly x: Float64Array;
  readonly arguments?: Readonly<Record<string, Float64Array>>;
}
/** A bare array of coordinates stands for points without arguments. */
export type PointsLike = Float64Array | Points;

/** Values of the hyperparameters by name; what is left out has its value from the spec. */
export type Parameters = Readonly<Record<string, number | Float64Array>>;

export interface ArgumentInfo {
  readonly name: string;
  readonly shape: readonly number[];
}

/** A labelled quantity: what an observation, offset or prediction says of the latents. */
export interface GroupInfo {
  /** Shape of one value: [] for a scalar, [N, 3] for forces. */
  readonly shape: readonly number[];
  readonly arguments: readonly ArgumentInfo[];
}

export interface ObservationInfo extends GroupInfo {
  readonly label: string;
  /** `from "F"`: the key of the values in a data set of frames. */
  readonly key?: string;
  /** The spec gives the observed value (`= expr`). */
  readonly given: boolean;
}
export interface OffsetInfo {
  readonly label: string;
  readonly latent: string;
  readonly key: string;
}
export interface PredictionInfo extends GroupInfo {
  readonly label: string;
}
export interface ParameterInfo {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: Float64Array;
  readonly lower?: number;
  readonly upper?: number;
  readonly fixed: boolean;
}

/** Training points and coefficients α of one observed group; α is [n, ...shape]. */
export interface TrainingGroup {
  readonly points: Points;
  readonly coefficients: Float64Array;
}

/** What is worked out once per trained model (the per-training-point stage); opaque to the runtime. */
export type Staged = unknown;

/**
 * A table of the per-training-point stage; a label stands in its dims for the number of that group's training points.
 */
export interface TableInfo {
  readonly name: string;
  readonly dims: readonly (number | string)[];
  /** A function of training points alone, or linear in their coefficients. */
  readonly holds: "points" | "coefficients";
}

/**
 * What a predictor reads of its training side: an interface between stages, by which a model can be held without
 * points.
 */
export interface StageLayout {
  readonly tables: readonly TableInfo[];
  /** Observed groups whose coefficients are read as they are, beside the tables. */
  readonly coefficients: readonly string[];
  /** Observed groups whose points or arguments are read as they are: these can't be held as tables. */
  readonly points: readonly string[];
}

/** What is staged per training point, in place of training points and coefficients. */
export interface StagedTraining {
  /** Number of training points by observation. */
  readonly counts: Readonly<Record<string, number>>;
  /** By the names of the layout, row-major. */
  readonly tables: Readonly<Record<string, Float64Array>>;
  /** Coefficients of the observations that the layout names, [n, ...shape]. */
  readonly coefficients: Readonly<Record<string, Float64Array>>;
}

/** Staging from tables and into them. */
export interface TableStaging {
  /** What the predictor from these observations reads. */
  layout(observed: readonly string[]): StageLayout;
  /**
   * What each table of the layout holds, in their order: for one made-up training point of each group and the spec's
   * hyperparameters, three weighted sums of its entries. Tables that hold the same have the same sums to rounding,
   * whatever they are called and however a compiler works them out. NaN where the made-up point is none for the spec.
   */
  samples(observed: readonly string[]): readonly (readonly number[])[];
  /** The tables that training points and coefficients determine. */
  tables(training: Readonly<Record<string, TrainingGroup>>, parameters?: Parameters): StagedTraining;
  /** The stage of prediction from tables alone. Throws RangeError for a table that is missing or of another length. */
  stage(training: StagedTraining, parameters?: Parameters): Staged;
}

/** Floating-point operations: for each point of the rows, each point of the columns, each pair of points. */
export interface PairFlops {
  readonly row: number;
  readonly column: number;
  readonly pair: number;
}

/** The kernel of a pair of groups as data. */
export interface PairKernel {
  readonly artifact: KernelArtifact;
  /**
   * It gives the transpose of what is asked for, with its sides the other way round: so many rows for each point of the
   * columns.
   */
  readonly mirrored?: number;
}

/** The kernels of pairs of groups for solvers, which apply them often, or elsewhere. */
export interface PairKernels {
  /** What the points and coefficients of the columns determine: worked out once for a product, read by `apply`. */
  stage(row: string, col: string, y: PointsLike, alpha: Float64Array, parameters?: Parameters): readonly Float64Array[];
  /** `contract` from that stage, in the same bits however the rows are cut into calls. */
  apply(
    row: string,
    col: string,
    x: PointsLike,
    y: PointsLike,
    alpha: Float64Array,
    tables: readonly Float64Array[],
    parameters?: Parameters,
  ): Float64Array;
  /** The same kernels as data, for other threads. */
  kernel(kind: "covariance" | "apply", row: string, col: string): PairKernel;
  /** What a covariance block, or a product with its stage, takes. */
  flops(kind: "covariance" | "apply", row: string, col: string): PairFlops;
}

export interface CompiledModel {
  /** The spec's model name. */
  readonly name: string;
  /** The spec's text and those of the libraries it imports, by path. */
  readonly source: string;
  readonly libraries: Readonly<Record<string, string>>;
  /** SHA-256 (hex) of the texts and the bound dims and constants. */
  readonly hash: string;
  /** The compiler's version. */
  readonly version: string;
  /** Every dim and constant that was bound, as given or found. */
  readonly bindings: Readonly<Record<string, Tensor>>;
  readonly input: {
    readonly name: string;
    readonly shape: readonly number[];
    readonly coordinates?: readonly string[];
  };
  readonly parameters: readonly ParameterInfo[];
  readonly observations: readonly ObservationInfo[];
  readonly offsets: readonly OffsetInfo[];
  readonly predictions: readonly PredictionInfo[];
  /** All labels. */
  readonly groups: Readonly<Record<string, GroupInfo>>;

  /** Noise variance of each value of an observed group: [n, components]. */
  noise(label: string, points: PointsLike, parameters?: Parameters): Float64Array;
  /** The observed values that the spec gives (`= expr`): [n, components]. */
  values(label: string, points: PointsLike, parameters?: Parameters): Float64Array;
  /** L applied to the prior mean, the offsets (by latent) being constants added to it: [n, components]. */
  mean(
    label: string,
    points: PointsLike,
    parameters?: Parameters,
    offsets?: Readonly<Record<string, number>>,
  ): Float64Array;
  /** [Lx ⊗ L'y'] k for all pairs of points: [points of x × components, points of y × components]. */
  covariance(row: string, x: PointsLike, col: string, y: PointsLike, parameters?: Parameters): Float64Array;
  /** Σ over y of [Lx ⊗ L'y'ᵀ k] α: [points of x, components of row]. */
  contract(
    row: string,
    x: PointsLike,
    col: string,
    y: PointsLike,
    alpha: Float64Array,
    parameters?: Parameters,
  ): Float64Array;

  /** The same for solvers; a model without it is asked through `covariance` and `contract`. */
  readonly pairs?: PairKernels;

  /** The per-model stage of prediction from every observed group that has points. */
  stage(training: Readonly<Record<string, TrainingGroup>>, parameters?: Parameters): Staged;
  /**
   * Every prediction whose arguments are there (or the labels asked for) at the points: label → [n, components].
   * Offsets by latent. The values of a label don't depend on which others are asked for.
   */
  predict(
    staged: Staged,
    points: PointsLike,
    offsets?: Readonly<Record<string, number>>,
    labels?: readonly string[],
  ): Record<string, Float64Array>;
  /** Models held as tables; absent where a compiled model has no such stage. */
  readonly staging?: TableStaging;
  /**
   * The same spec with these values in the place of those that constants were bound to. Absent where there's no
   * compiler at hand.
   */
  rebind?(bindings: Readonly<Record<string, Tensor>>): CompiledModel;
  /** The text of the stand-alone predictor module, and weights when they go to a file beside it. */
  exportPredictor(request: ExportRequest): ExportedModule;
}

export interface ExportRequest {
  /** The module's file name without ending; also names the weights file. */
  readonly name: string;
  readonly training: Readonly<Record<string, TrainingGroup>>;
  /** Tables in place of `training`, of a model that has nothing else. */
  readonly staged?: StagedTraining;
  readonly parameters: Parameters;
  readonly offsets: Readonly<Record<string, number>>;
  /** Copied into the module's `meta` (units, errors, amplification …); plain JSON. */
  readonly meta: Readonly<Record<string, unknown>>;
  /** Keep weights in the module however large. */
  readonly inline?: boolean;
}
export interface ExportedModule {
  readonly js: string;
  readonly dts: string;
  /** The same module as one strict TypeScript text, where the compiler prints it. */
  readonly ts?: string;
  readonly weights?: Uint8Array;
}
