/**
 * The interface of backends. In: what is known of a model, and its kernels. Out: code to run, the files of modules.
 * A backend prints loops; it makes no decision about mathematics.
 */
import type { KernelCode } from "../../runtime/kernel.ts";
import type { Kernel } from "../loops/kernel.ts";
import type { Target } from "../loops/legalise.ts";

export interface GroupFacts {
  readonly label: string;
  readonly shape: readonly number[];
  readonly arguments: readonly { readonly name: string; readonly shape: readonly number[] }[];
}
export interface ParameterFacts {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: Float64Array;
}

/** What every module says of its model. */
export interface ModelFacts {
  readonly name: string;
  readonly hash: string;
  readonly version: string;
  readonly input: { readonly name: string; readonly shape: readonly number[] };
  readonly groups: readonly GroupFacts[];
  readonly parameters: readonly ParameterFacts[];
}

/** The module of an untrained model: all covariances (row at or before col in the order of groups) and contractions. */
export interface ModuleRequest {
  readonly facts: ModelFacts;
  readonly covariances: readonly { readonly row: string; readonly col: string; readonly kernel: Kernel }[];
  readonly contractions: readonly { readonly row: string; readonly col: string; readonly kernel: Kernel }[];
}

/**
 * One training side of a predictor: its group and data by input. A model held as tables has no points, and those
 * coefficients
 * alone that are read beside them.
 */
export interface PredictorData {
  readonly label: string;
  readonly count: number;
  readonly x?: Float64Array;
  readonly coefficients?: Float64Array;
  readonly arguments: Readonly<Record<string, Float64Array>>;
}

export interface PredictorRequest {
  readonly facts: ModelFacts;
  readonly fileName: string;
  readonly kernel: Kernel;
  readonly labels: readonly string[];
  /** In the order of the kernel's training sides. */
  readonly data: readonly PredictorData[];
  /** The staged tables, flat, in the order of the kernel's, in case they are smaller than the data. */
  readonly tables: readonly Float64Array[];
  readonly parameters: Readonly<Record<string, number | Float64Array>>;
  readonly offsets: Readonly<Record<string, number>>;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly inline: boolean;
}

export interface PrintedModule {
  readonly js: string;
  readonly dts: string;
  /** The same module as one strict TypeScript text. */
  readonly ts: string;
  readonly weights?: Uint8Array;
}

/** One file of this folder for each. */
export interface Backend {
  readonly target: string;
  /** How programs are made fit for it. */
  readonly programs: Target;
  /** A kernel's programs as code that the runtime can make functions of. */
  compile(kernel: Kernel): KernelCode;
  printModule(request: ModuleRequest): PrintedModule;
  printPredictor(request: PredictorRequest): PrintedModule;
}
