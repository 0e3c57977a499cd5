/**
 * What solvers are asked, and what they answer. In: nothing. Out: the types that the two solvers share.
 * A solver sees points, kernels, noise and right-hand sides; where they come from and what becomes of α isn't its
 * affair.
 */
import type { Checkpoints, SolverState } from "../fit/checkpoint.ts";
import type { CompiledModel, Parameters } from "../compiled.ts";
import type { BlockExecutor } from "../executors/executor.ts";
import type { Layout } from "../fit/layout.ts";
import type { Choice } from "./choice.ts";
import type { KeptFactor } from "./extension.ts";

export interface SolveRequest {
  readonly compiled: CompiledModel;
  readonly layout: Layout;
  readonly parameters: Parameters;
  /** Variance of each row. */
  readonly noise: Float64Array;
  /** y − L mean. */
  readonly y: Float64Array;
  readonly executor: BlockExecutor;
  readonly choice: Choice;
  /** Steps of iterative refinement, at most. */
  readonly refinements: number;
  readonly checkpoints?: Checkpoints | undefined;
  /** Where an earlier run was. */
  readonly resume?: SolverState | undefined;
  /** A factor of the first points of each group, to be extended. */
  readonly from?: KeptFactor | undefined;
  readonly notice: (message: string) => void;
}

export interface Solution {
  readonly alpha: Float64Array;
  /** Largest entry of y − (K + noise) α over the largest of y. */
  readonly residual: number;
  /** Steps of refinement, or iterations. */
  readonly iterations: number;
  /** Estimate of the condition number of K + noise, where there's a factor. */
  readonly condition?: number;
  /** log det (K + noise), where there's a factor. */
  readonly logDeterminant?: number;
  /** The factor, of the direct solver. */
  readonly kept?: KeptFactor;
  readonly seconds: { readonly assembly: number; readonly solve: number };
}
