/**
 * A trained model. In: what a fit or a model file says. Out: predictions, errors on other data, the model file's bytes.
 * It holds inputs and coefficients only; what prediction works out once per model is made at first use and kept.
 */
import { predictedErrors } from "./amplification.ts";
import type {
  CompiledModel,
  ExportedModule,
  Parameters,
  Points,
  PointsLike,
  Staged,
  StagedTraining,
  TrainingGroup,
} from "../compiled.ts";
import type { Noise } from "../fit/assembly.ts";
import type { DatasetLike } from "../data/dataset.ts";
import { evaluate } from "./evaluate.ts";
import { saveBytes } from "../files.ts";
import { measure } from "./measure.ts";
import type { ErrorMeasure, TestOptions, TestResult } from "./measure.ts";
import { modelBytes } from "./model_file.ts";
import { asParameters } from "./parameters.ts";
import type { Plan } from "../fit/plan.ts";
import { sizeOf } from "../data/rows.ts";
import type { KeptFactor } from "../solvers/extension.ts";
import type { Split } from "../data/split.ts";
import type { Units } from "../molecules/units.ts";

/** All that a trained model is, and all that its file holds. */
export interface ModelState {
  readonly compiled: CompiledModel;
  /** Every hyperparameter, flat. */
  readonly hyperparameters: Readonly<Record<string, Float64Array>>;
  /** Constants added to latents. */
  readonly offsets: Readonly<Record<string, number>>;
  /** Training points and coefficients by observation, in the spec's order. */
  readonly training: Readonly<Record<string, TrainingGroup>>;
  /**
   * What is staged per training point, of a model that has nothing else (an imported one); `training` is empty then.
   */
  readonly tables?: StagedTraining;
  /** Noise variances that took the place of the spec's. */
  readonly noise?: Noise;
  readonly units: Units;
  /** Frames of the data by role; empty where the data have groups only. */
  readonly split: Split;
  /** SHA-256 of the data's content. */
  readonly dataHash: string;
  /** SHA-256 of each training and validation frame, 32 bytes each. */
  readonly frameHashes: { readonly train: Uint8Array; readonly validate: Uint8Array };
  /** Atomic numbers, where the data had them. */
  readonly atoms?: Float64Array;
  /** Errors measured, by role (`validate`, `test`), then label. */
  readonly errors: Readonly<Record<string, Readonly<Record<string, ErrorMeasure>>>>;
  /** A by label; see amplification.ts. */
  readonly amplifications: Readonly<Record<string, number>>;
  readonly solver: string;
  /** Largest residual of the linear system over the largest value; NaN where it isn't known (an imported model). */
  readonly residual: number;
}

/** How a fit went; what varies from run to run is here alone, never in the model file. */
export interface FitReport {
  /** Order of the linear system. */
  readonly n: number;
  readonly solver: string;
  readonly threads: number;
  /** `assembly`: of the matrix, or of the preconditioner. */
  readonly seconds: { readonly assembly: number; readonly solve: number; readonly total: number };
  /** Peak of the process so far. */
  readonly bytes: number;
  /** What was expected, where it was asked for. */
  readonly plan?: Plan;
  /** Steps of iterative refinement, or iterations of conjugate gradients. */
  readonly iterations: number;
  /** Largest residual over the largest value. */
  readonly residual: number;
  /** Of conjugate gradients: the relative residual asked for, and the rank of the preconditioner. */
  readonly tolerance: number;
  readonly rank: number;
  /** Estimate of the condition number of K + noise, and log det (K + noise), where there's a factor. */
  readonly condition?: number;
  readonly logDeterminant?: number;
  readonly amplification: number;
  readonly errors: ModelState["errors"];
  /** What people should know about the data and the fit. */
  readonly notices: readonly string[];
}

export class Model {
  readonly state: ModelState;
  /** Of a model that was just fitted. */
  readonly report?: FitReport;
  /** The factor of K + noise, of a model fitted with `keepFactor`; in no file. */
  readonly kept?: KeptFactor;
  private staged: Staged;

  constructor(state: ModelState, report?: FitReport, kept?: KeptFactor) {
    this.state = state;
    if (report !== undefined) this.report = report;
    if (kept !== undefined) this.kept = kept;
  }

  get compiled(): CompiledModel {
    return this.state.compiled;
  }
  /** Every hyperparameter: numbers, or flat arrays for tensors. */
  get parameters(): Parameters {
    return asParameters(this.state.compiled, this.state.hyperparameters);
  }
  get offsets(): Readonly<Record<string, number>> {
    return this.state.offsets;
  }
  get training(): Readonly<Record<string, TrainingGroup>> {
    return this.state.training;
  }
  get units(): Units {
    return this.state.units;
  }
  get errors(): ModelState["errors"] {
    return this.state.errors;
  }
  /** The largest A of all labels; 1 where no label has any. */
  get amplification(): number {
    return Object.values(this.state.amplifications).reduce((a, b) => Math.max(a, b), 1);
  }
  /** What the exported module says of itself beyond its code; plain JSON. */
  get meta(): Record<string, unknown> {
    const { units, errors, amplifications, dataHash, split, solver, residual } = this.state;
    return {
      units,
      errors,
      amplification: this.amplification,
      amplifications,
      predictedErrors: predictedErrors(amplifications),
      dataHash,
      trainingFrames: split.train.length,
      solver,
      residual,
    };
  }

  /**
   * Predictions at points: label → [points × components], flat and row-major.
   * @param at coordinates [points, ...input shape], or `{ x, arguments }` with per-point arguments by name
   * @param labels predictions wanted; where left out, all whose arguments are there
   * @throws RangeError for a wrong length, a number that isn't finite, an unknown label or a missing argument
   */
  predict(at: PointsLike, labels?: readonly string[]): Record<string, Float64Array> {
    const { compiled, training, tables, offsets } = this.state;
    const points = checkPoints(compiled, at);
    const wanted =
      labels ??
      compiled.predictions
        .filter((item) => item.arguments.every(({ name }) => Object.hasOwn(points.arguments!, name)))
        .map((item) => item.label);
    for (const label of wanted)
      checkLabel(
        compiled,
        points,
        label,
        compiled.predictions.map((item) => item.label),
      );
    this.staged ??=
      tables === undefined
        ? compiled.stage(training, this.parameters)
        : compiled.staging!.stage(tables, this.parameters);
    const all = compiled.predict(this.staged, points, offsets, wanted);
    return Object.fromEntries(wanted.map((label) => [label, all[label]!]));
  }

  /** Any labelled quantity at points, predicted or not (an observation, an offset): [points × components]. */
  evaluate(label: string, at: PointsLike): Float64Array {
    const { compiled } = this.state;
    const points = checkPoints(compiled, at);
    checkLabel(compiled, points, label, Object.keys(compiled.groups));
    if (compiled.predictions.some((item) => item.label === label)) return this.predict(points, [label])[label]!;
    if (this.state.tables !== undefined)
      throw new RangeError(
        `${label}: a model without training points has its predictions alone ` +
          `(${compiled.predictions.map((item) => item.label).join(", ")})`,
      );
    return evaluate({ ...this.state, parameters: this.parameters }, label, points);
  }

  /** Errors on a data set: of every observation and prediction that it has values for. See `TestOptions`. */
  test(data: DatasetLike, options: TestOptions = {}): TestResult {
    return measure(this, data, options);
  }

  /** The stand-alone predictor module; `name` is its file name without ending. */
  export(name: string, options: { readonly inline?: boolean } = {}): ExportedModule {
    const { compiled, training, tables, offsets } = this.state;
    return compiled.exportPredictor({
      name,
      training,
      ...(tables === undefined ? {} : { staged: tables }),
      offsets,
      parameters: this.parameters,
      meta: this.meta,
      ...options,
    });
  }

  /** The same model with errors measured elsewhere, to be kept in its file. */
  withErrors(errors: ModelState["errors"]): Model {
    return new Model({ ...this.state, errors: { ...this.state.errors, ...errors } }, this.report, this.kept);
  }

  /** The bytes of its model file; the same model gives the same bytes. */
  toBytes(): Uint8Array {
    return modelBytes(this.state);
  }

  /** Writes the model file, beside its name first and then renamed. In Node, Deno and Bun. */
  save(path: string): void {
    saveBytes(path, this.toBytes());
  }
}

function checkPoints(
  compiled: CompiledModel,
  at: PointsLike,
): Points & { readonly arguments: Readonly<Record<string, Float64Array>> } {
  const points = at instanceof Float64Array ? { x: at, arguments: {} } : { x: at.x, arguments: at.arguments ?? {} };
  const size = sizeOf(compiled.input.shape);
  const shape = `[points, ${compiled.input.shape.join(", ")}]`;
  if (points.x.length % size !== 0)
    throw new RangeError(
      `${compiled.input.name}: expected ${shape}, a multiple of ${size} numbers, found ${points.x.length}`,
    );
  for (const [name, values] of [[compiled.input.name, points.x] as const, ...Object.entries(points.arguments)]) {
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw new RangeError(`${name}: expected finite numbers, found ${values[bad]} at ${bad}`);
  }
  return points;
}

function checkLabel(compiled: CompiledModel, points: Points, label: string, known: readonly string[]): void {
  if (!known.includes(label))
    throw new RangeError(`label ${JSON.stringify(label)}: expected one of ${known.join(", ")}`);
  const count = points.x.length / sizeOf(compiled.input.shape);
  for (const { name, shape } of compiled.groups[label]!.arguments) {
    const length = points.arguments?.[name]?.length;
    const expected = count * sizeOf(shape);
    if (length !== expected)
      throw new RangeError(
        `${label} needs the argument ${name}: expected ${expected} numbers, found ${length ?? "none"}`,
      );
  }
}
