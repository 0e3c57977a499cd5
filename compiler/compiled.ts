/**
 * A compiled model: kernels, made when they are first asked for, behind the runtime's interface.
 * In: a lowered model and what it was compiled from. Out: `CompiledModel`, and the texts of modules.
 */
import type {
  CompiledModel,
  ExportedModule,
  ExportRequest,
  GroupInfo,
  ObservationInfo,
  Parameters,
  PointsLike,
  PredictionInfo,
  Staged,
  TableStaging,
  Tensor,
  TrainingGroup,
} from "../runtime/compiled.ts";
import { instantiate, transposed, type RunnableKernel } from "../runtime/kernel.ts";
import { artifactOf } from "./artifacts.ts";
import type { Backend, PrintedModule } from "./backends/backend.ts";
import type { KernelBuilder } from "./kernels.ts";
import type { Kernel } from "./loops/kernel.ts";
import type { Lowered, Quantity } from "./model/lower/lowered.ts";
import { Pairs } from "./pairs.ts";
import { Prediction, type StagedModel } from "./prediction.ts";
import { factsOf, printModule, printPredictor } from "./printing.ts";
import { Sides, sizeOf } from "./sides.ts";

export interface Origin {
  readonly source: string;
  readonly libraries: Readonly<Record<string, string>>;
  readonly hash: string;
  readonly version: string;
}

export class Compiled implements CompiledModel {
  readonly name: string;
  readonly source: string;
  readonly libraries: Readonly<Record<string, string>>;
  readonly hash: string;
  readonly version: string;
  readonly bindings: Readonly<Record<string, Tensor>>;
  readonly input: CompiledModel["input"];
  readonly parameters: CompiledModel["parameters"];
  readonly observations: readonly ObservationInfo[];
  readonly offsets: CompiledModel["offsets"];
  readonly predictions: readonly PredictionInfo[];
  readonly groups: Readonly<Record<string, GroupInfo>>;
  readonly staging: TableStaging;
  /** The model in index notation, for explanations and tests. */
  readonly lowered: Lowered;
  readonly kernels: KernelBuilder;
  readonly pairs: Pairs;
  readonly rebind: (bindings: Readonly<Record<string, Tensor>>) => Compiled;
  private readonly backend: Backend;
  private readonly sides: Sides;
  private readonly prediction: Prediction;
  private readonly runs = new Map<string, RunnableKernel>();

  /** @param rebind compiles the same text with other values of constants */
  constructor(
    lowered: Lowered,
    origin: Origin,
    kernels: KernelBuilder,
    backend: Backend,
    rebind: (bindings: Readonly<Record<string, Tensor>>) => Compiled,
  ) {
    this.rebind = rebind;
    this.lowered = lowered;
    this.kernels = kernels;
    this.backend = backend;
    this.name = lowered.name;
    ({ source: this.source, libraries: this.libraries, hash: this.hash, version: this.version } = origin);
    this.bindings = Object.fromEntries(lowered.bindings);
    this.input = lowered.input;
    this.parameters = lowered.parameters.map(({ expr: _, ...rest }) => rest);
    this.groups = Object.fromEntries([...lowered.quantities].map(([label, q]) => [label, info(q)]));
    this.observations = lowered.observations.map((o) => ({
      ...this.groups[o.label]!,
      label: o.label,
      given: o.value !== undefined,
      ...(o.key === undefined ? {} : { key: o.key }),
    }));
    this.predictions = lowered.predictions.map((label) => ({ ...this.groups[label]!, label }));
    this.offsets = lowered.offsets;
    this.sides = new Sides(lowered, this.groups);
    this.pairs = new Pairs(kernels, this.sides, [...lowered.quantities.keys()], this.backend);
    const prediction = (this.prediction = new Prediction(kernels, this.sides, this.predictions, this.backend));
    this.staging = {
      layout: (observed) => prediction.layout(observed),
      samples: (observed) => prediction.samples(observed),
      tables: (training, parameters) => prediction.tables(training, parameters),
      stage: (training, parameters) => prediction.fromTables(training, parameters),
    };
  }

  covariance(row: string, x: PointsLike, col: string, y: PointsLike, parameters?: Parameters): Float64Array {
    if (!this.pairs.isMirrored(row, col)) return this.pairs.covariance(row, x, col, y, parameters);
    const block = this.pairs.covariance(col, y, row, x, parameters),
      rows = this.sides.side(col, y).count * sizeOf(this.sides.group(col).shape);
    return transposed(block, rows);
  }

  contract(
    row: string,
    x: PointsLike,
    col: string,
    y: PointsLike,
    alpha: Float64Array,
    parameters?: Parameters,
  ): Float64Array {
    return this.pairs.apply(row, col, x, y, alpha, this.pairs.stage(row, col, y, alpha, parameters), parameters);
  }

  noise(label: string, points: PointsLike, parameters?: Parameters): Float64Array {
    const observation = this.sides.observation(label);
    return this.single("noise", label, points, parameters, () => this.kernels.noise(observation));
  }

  values(label: string, points: PointsLike, parameters?: Parameters): Float64Array {
    const observation = this.sides.observation(label);
    if (!observation.value) throw new RangeError(`the spec gives no values of ${label}: they are data`);
    return this.single("values", label, points, parameters, () => this.kernels.values(observation));
  }

  mean(
    label: string,
    points: PointsLike,
    parameters?: Parameters,
    offsets: Readonly<Record<string, number>> = {},
  ): Float64Array {
    return this.single("mean", label, points, parameters, () => this.kernels.mean(label), this.sides.offsets(offsets));
  }

  /** A kernel of one side, run at points of a group. */
  private single(
    kind: string,
    label: string,
    points: PointsLike,
    parameters: Parameters | undefined,
    make: () => Kernel,
    offsets: Readonly<Record<string, number>> = {},
  ): Float64Array {
    const side = this.sides.side(label, points),
      values = this.sides.parameters(parameters),
      key = `${kind} ${label}`;
    let run = this.runs.get(key);
    if (!run) this.runs.set(key, (run = instantiate(artifactOf(make(), this.backend))));
    return run.evaluate([side], values, run.prepare([side], values), offsets)[0]!;
  }

  stage(training: Readonly<Record<string, TrainingGroup>>, parameters?: Parameters): Staged {
    return this.prediction.stage(training, parameters);
  }

  predict(
    staged: Staged,
    points: PointsLike,
    offsets: Readonly<Record<string, number>> = {},
    labels?: readonly string[],
  ): Record<string, Float64Array> {
    return this.prediction.predict(staged as StagedModel, points, offsets, labels);
  }

  /**
   * The module of the untrained model: `groups`, `covariance`, `contract`; the same text whatever was compiled before.
   */
  printModule(): PrintedModule {
    return printModule(factsOf(this), this.kernels, (row, col) => this.pairs.isMirrored(row, col), this.backend);
  }

  exportPredictor(request: ExportRequest): ExportedModule {
    const staged = request.staged
      ? this.prediction.fromTables(request.staged, request.parameters)
      : this.prediction.stage(request.training, request.parameters);
    return printPredictor(this, staged, this.sides.offsets(request.offsets), request, this.backend);
  }
}

const info = (q: Quantity): GroupInfo => ({ shape: q.shape, arguments: q.arguments });
