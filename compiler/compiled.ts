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
  StagedTraining,
  StageLayout,
  TableStaging,
  Tensor,
  TrainingGroup,
} from "../runtime/compiled.ts";
import type { ModelFacts, PredictorData, PrintedModule } from "./backends/backend.ts";
import { typescriptBackend } from "./backends/typescript.ts";
import {
  argumentValues,
  instantiate,
  instantiateStages,
  type Run,
  type SideValues,
  type Stages,
  type Values,
} from "./instantiate.ts";
import { identifier, KernelBuilder } from "./kernels.ts";
import { Pairs } from "./pairs.ts";
import { TEST_SIDE, type Kernel } from "./loops/kernel.ts";
import type { Lowered, Quantity } from "./model/lower/lowered.ts";
import type { Buffer } from "./loops/loop.ts";

export interface Origin {
  readonly source: string;
  readonly libraries: Readonly<Record<string, string>>;
  readonly hash: string;
  readonly version: string;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Training data and tables of a predictor, for one kernel. */
interface StagedModel {
  readonly kernel: Kernel;
  readonly sides: ReadonlyMap<string, SideValues>;
  readonly parameters: Values;
  readonly tables: ReadonlyMap<string, Float64Array>;
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
  /** The model in index notation, for explanations and tests. */
  readonly lowered: Lowered;
  readonly kernels: KernelBuilder;
  readonly pairs: Pairs;
  private readonly runs = new Map<string, Run>();
  private readonly stages = new Map<string, { kernel: Kernel; stages: Stages }>();

  readonly rebind: (bindings: Readonly<Record<string, Tensor>>) => Compiled;

  /** @param rebind compiles the same text with other values of constants */
  constructor(
    lowered: Lowered,
    origin: Origin,
    kernels: KernelBuilder,
    rebind: (bindings: Readonly<Record<string, Tensor>>) => Compiled,
  ) {
    this.rebind = rebind;
    this.lowered = lowered;
    this.kernels = kernels;
    this.pairs = new Pairs(kernels, {
      side: (label, points, coefficients) => this.side(label, points, coefficients),
      parameters: (given) => this.parameterValues(given),
      components: (label) => sizeOf(this.group(label).shape),
      isMirrored: (row, col) => this.isMirrored(row, col),
    });
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
  }

  // ---- arguments

  private group(label: string): GroupInfo {
    const group = Object.hasOwn(this.groups, label) ? this.groups[label] : undefined;
    if (!group)
      throw new RangeError(
        `no group is called ${JSON.stringify(label)}; there are ${Object.keys(this.groups).join(", ")}`,
      );
    return group;
  }

  private side(label: string, points: PointsLike, coefficients?: Float64Array): SideValues {
    const x = points instanceof Float64Array ? points : points.x,
      given = points instanceof Float64Array ? {} : (points.arguments ?? {});
    const count = x.length / sizeOf(this.input.shape);
    if (!Number.isInteger(count))
      throw new RangeError(
        `${label}: ${x.length} numbers are not a whole number of points of ${sizeOf(this.input.shape)}`,
      );
    for (const a of this.group(label).arguments) {
      const length = count * sizeOf(a.shape);
      if (given[a.name]?.length !== length)
        throw new RangeError(
          `${label} takes the argument ${a.name}: ${length} numbers for ${count} points, not ${given[a.name]?.length ?? "none"}`,
        );
    }
    const expected = count * sizeOf(this.group(label).shape);
    if (coefficients && coefficients.length !== expected)
      throw new RangeError(`${label}: ${coefficients.length} coefficients, where ${count} points have ${expected}`);
    return { x, count, arguments: given, ...(coefficients ? { coefficients } : {}) };
  }

  private parameterValues(given: Parameters = {}): Values {
    for (const name of Object.keys(given)) {
      if (!this.parameters.some((p) => p.name === name))
        throw new RangeError(
          `no parameter is called ${JSON.stringify(name)}; there are ${this.parameters.map((p) => p.name).join(", ") || "none"}`,
        );
    }
    return Object.fromEntries(
      this.parameters.map((p) => {
        const value = given[p.name] ?? p.initial,
          flat = typeof value === "number" ? [value] : value;
        if (flat.length !== p.initial.length)
          throw new TypeError(`the parameter ${p.name} has ${p.initial.length} entries, not ${flat.length}`);
        return [p.name, p.shape.length === 0 ? flat[0]! : Float64Array.from(flat)];
      }),
    );
  }

  private run(key: string, make: () => Kernel): Run {
    let run = this.runs.get(key);
    if (!run) this.runs.set(key, (run = instantiate(make())));
    return run;
  }

  // ---- the runtime's interface

  covariance(row: string, x: PointsLike, col: string, y: PointsLike, parameters?: Parameters): Float64Array {
    const rows = this.side(row, x),
      cols = this.side(col, y),
      values = this.parameterValues(parameters);
    if (this.isMirrored(row, col))
      return transposed(this.covarianceRun(col, row)([cols, rows], values), cols.count * sizeOf(this.group(col).shape));
    return this.covarianceRun(row, col)([rows, cols], values);
  }

  /** A pair is compiled once, the group that comes first in the file as its rows. */
  private isMirrored(row: string, col: string): boolean {
    const labels = Object.keys(this.groups);
    return labels.indexOf(row) > labels.indexOf(col);
  }

  private covarianceRun(row: string, col: string): Run {
    return this.run(`covariance ${row} ${col}`, () => this.pairs.covariance(row, col));
  }

  contract(
    row: string,
    x: PointsLike,
    col: string,
    y: PointsLike,
    alpha: Float64Array,
    parameters?: Parameters,
  ): Float64Array {
    const run = this.run(`contract ${row} ${col}`, () => this.pairs.contraction(row, col));
    return run([this.side(row, x), this.side(col, y, alpha)], this.parameterValues(parameters));
  }

  noise(label: string, points: PointsLike, parameters?: Parameters): Float64Array {
    return this.run(`noise ${label}`, () => this.kernels.noise(this.observation(label)))(
      [this.side(label, points)],
      this.parameterValues(parameters),
    );
  }

  values(label: string, points: PointsLike, parameters?: Parameters): Float64Array {
    const observation = this.observation(label);
    if (!observation.value) throw new RangeError(`the spec gives no values of ${label}: they are data`);
    return this.run(`values ${label}`, () => this.kernels.values(observation))(
      [this.side(label, points)],
      this.parameterValues(parameters),
    );
  }

  private observation(label: string): Lowered["observations"][number] {
    const found = this.lowered.observations.find((o) => o.label === label);
    if (!found)
      throw new RangeError(
        `${JSON.stringify(label)} is not observed; ${this.observations.map((o) => o.label).join(", ")} are`,
      );
    return found;
  }

  mean(
    label: string,
    points: PointsLike,
    parameters?: Parameters,
    offsets: Readonly<Record<string, number>> = {},
  ): Float64Array {
    return this.run(`mean ${label}`, () => this.kernels.mean(label))(
      [this.side(label, points)],
      this.parameterValues(parameters),
      this.offsetValues(offsets),
    );
  }

  private offsetValues(given: Readonly<Record<string, number>>): Record<string, number> {
    return Object.fromEntries(this.lowered.latents.map((l) => [l.name, given[l.name] ?? 0]));
  }

  // ---- prediction

  private predictorOf(observed: readonly string[]): { kernel: Kernel; stages: Stages } {
    const key = JSON.stringify(observed);
    let known = this.stages.get(key);
    if (!known) {
      const kernel = this.kernels.predictor(this.lowered.predictions, observed);
      this.stages.set(key, (known = { kernel, stages: instantiateStages(kernel) }));
    }
    return known;
  }

  stage(training: Readonly<Record<string, TrainingGroup>>, parameters?: Parameters): Staged {
    const observed = this.observations
      .map((o) => o.label)
      .filter((l) => Object.hasOwn(training, l) && training[l]!.coefficients.length > 0);
    const { kernel, stages } = this.predictorOf(observed),
      values = this.parameterValues(parameters);
    const sides = new Map(
      observed.map((l) => [`train_${identifier(l)}`, this.side(l, training[l]!.points, training[l]!.coefficients)]),
    );
    const side = (name: string): SideValues => sides.get(name)!;
    const tables = new Map(
      (kernel.prepare?.outputs ?? []).map((b) => [b.name, new Float64Array(entries(b, kernel, sides))]),
    );
    if (kernel.prepare)
      stages.prepare!(
        ...argumentValues(kernel, kernel.prepare, {
          side,
          parameters: values,
          offsets: {},
          table: (n) => tables.get(n)!,
        }),
        ...tables.values(),
      );
    return { kernel, sides, parameters: values, tables } satisfies StagedModel;
  }

  /**
   * Every prediction is computed in one pass whatever is asked for, so that the bits don't depend on the question;
   * arguments that aren't given are zero, and what needs them is left out of the result.
   */
  predict(
    staged: Staged,
    points: PointsLike,
    offsets: Readonly<Record<string, number>> = {},
    labels?: readonly string[],
  ): Record<string, Float64Array> {
    const { kernel, sides, parameters, tables } = staged as StagedModel,
      { stages } = this.predictorOf([...this.observedIn(sides)]);
    const x = points instanceof Float64Array ? points : points.x,
      given = points instanceof Float64Array ? {} : (points.arguments ?? {});
    const complete = this.predictions
      .filter((p) => p.arguments.every((a) => Object.hasOwn(given, a.name)))
      .map((p) => p.label);
    const wanted = labels ?? complete;
    for (const l of wanted) this.side(l, points);
    const count = x.length / sizeOf(this.input.shape),
      all: Record<string, Float64Array> = { ...given };
    if (!Number.isInteger(count))
      throw new RangeError(`${x.length} numbers are not a whole number of points of ${sizeOf(this.input.shape)}`);
    for (const p of this.predictions)
      for (const a of p.arguments) all[a.name] ??= new Float64Array(count * sizeOf(a.shape));
    const test: SideValues = { x, count, arguments: all };
    const out = this.predictions.map((p) => new Float64Array(count * sizeOf(p.shape)));
    stages.evaluate(
      ...argumentValues(kernel, kernel.evaluate, {
        side: (name) => (name === TEST_SIDE ? test : sides.get(name)!),
        parameters,
        offsets: this.offsetValues(offsets),
        table: (n) => tables.get(n)!,
      }),
      ...out,
    );
    return Object.fromEntries(
      this.predictions.flatMap((p, n) => (wanted.includes(p.label) ? [[p.label, out[n]!]] : [])),
    );
  }

  // ---- tables in place of points and coefficients

  readonly staging: TableStaging = {
    layout: (observed) => this.stageLayout(observed),
    tables: (training, parameters) => {
      const { sides, tables } = this.stage(training, parameters) as StagedModel,
        observed = this.observedIn(sides);
      const kept = this.stageLayout(observed).coefficients;
      return {
        counts: Object.fromEntries(observed.map((l) => [l, sides.get(`train_${identifier(l)}`)!.count])),
        tables: Object.fromEntries(tables),
        coefficients: Object.fromEntries(kept.map((l) => [l, training[l]!.coefficients])),
      };
    },
    stage: (training, parameters) => this.stageFrom(training, parameters),
  };

  private stageLayout(observed: readonly string[]): StageLayout {
    const { kernel } = this.predictorOf(this.inOrder(observed)),
      labelOf = new Map(this.observations.map((o) => [`train_${identifier(o.label)}`, o.label]));
    const sized = new Map([...kernel.sizes].map(([side, size]) => [size, labelOf.get(side)!]));
    const read = (kinds: readonly string[]): string[] => [
      ...new Set(
        kernel.evaluate.inputs.flatMap((b) => {
          const origin = kernel.origins.get(b)!;
          return kinds.includes(origin.kind) && "side" in origin && origin.side !== TEST_SIDE
            ? [labelOf.get(origin.side)!]
            : [];
        }),
      ),
    ];
    const tables = (kernel.prepare?.outputs ?? []).map((b) => ({
      name: b.name,
      dims: b.dims.map((d) => (typeof d === "number" ? d : sized.get(d.size)!)),
    }));
    return { tables, coefficients: read(["coefficients"]), points: read(["points", "argument"]) };
  }

  private inOrder(observed: readonly string[]): string[] {
    return this.observations.map((o) => o.label).filter((l) => observed.includes(l));
  }

  private stageFrom({ counts, tables, coefficients }: StagedTraining, parameters?: Parameters): StagedModel {
    const observed = this.inOrder(Object.keys(counts)),
      { kernel } = this.predictorOf(observed),
      layout = this.stageLayout(observed);
    if (layout.points.length > 0)
      throw new RangeError(
        `predictions read the training points of ${layout.points.join(", ")} themselves: tables alone don't make this model`,
      );
    const check = (what: string, data: Float64Array | undefined, dims: readonly (number | string)[]): Float64Array => {
      const length = dims.reduce<number>((n, d) => n * (typeof d === "number" ? d : counts[d]!), 1);
      if (data?.length !== length)
        throw new RangeError(
          `${what}: expected ${length} numbers for [${dims.join(", ")}], found ${data?.length ?? "none"}`,
        );
      return data;
    };
    const side = (l: string): SideValues => ({
      count: counts[l]!,
      x: new Float64Array(0),
      arguments: {},
      ...(layout.coefficients.includes(l)
        ? { coefficients: check(`coefficients of ${l}`, coefficients[l], [l, ...this.groups[l]!.shape]) }
        : {}),
    });
    return {
      kernel,
      parameters: this.parameterValues(parameters),
      sides: new Map(observed.map((l) => [`train_${identifier(l)}`, side(l)])),
      tables: new Map(layout.tables.map((t) => [t.name, check(`the table ${t.name}`, tables[t.name], t.dims)])),
    };
  }

  private observedIn(sides: ReadonlyMap<string, unknown>): string[] {
    return this.observations.map((o) => o.label).filter((l) => sides.has(`train_${identifier(l)}`));
  }

  // ---- texts

  private facts(): ModelFacts {
    return {
      name: this.name,
      hash: this.hash,
      version: this.version,
      input: { name: this.input.name, shape: this.input.shape },
      groups: Object.entries(this.groups).map(([label, g]) => ({ label, ...g })),
      parameters: this.parameters,
    };
  }

  /**
   * The module of the untrained model: `groups`, `covariance`, `contract`; the same text whatever was compiled before.
   */
  printModule(): PrintedModule {
    const labels = Object.keys(this.groups);
    const pairs = labels.flatMap((row) => labels.map((col) => ({ row, col })));
    return typescriptBackend.printModule({
      facts: this.facts(),
      covariances: pairs
        .filter(({ row, col }) => !this.isMirrored(row, col))
        .map((p) => ({ ...p, kernel: this.kernels.covariance(p.row, p.col) })),
      contractions: pairs.map((p) => ({ ...p, kernel: this.kernels.contraction(p.row, p.col) })),
    });
  }

  exportPredictor(request: ExportRequest): ExportedModule {
    const { staged } = request;
    const { kernel, sides, tables, parameters } = staged
      ? this.stageFrom(staged, request.parameters)
      : (this.stage(request.training, request.parameters) as StagedModel);
    const data = [...sides].map(
      ([side, s]): PredictorData => ({
        side,
        count: s.count,
        arguments: s.arguments,
        ...(staged ? {} : { x: s.x }),
        ...(s.coefficients ? { coefficients: s.coefficients } : {}),
      }),
    );
    return typescriptBackend.printPredictor({
      facts: this.facts(),
      fileName: request.name,
      kernel,
      labels: this.lowered.predictions,
      data,
      tables,
      parameters,
      offsets: this.offsetValues(request.offsets),
      meta: request.meta,
      inline: request.inline ?? false,
    });
  }
}

const info = (q: Quantity): GroupInfo => ({ shape: q.shape, arguments: q.arguments });

/** Entries of a table, its symbolic sizes being those of the sides. */
function entries(b: Buffer, kernel: Kernel, sides: ReadonlyMap<string, SideValues>): number {
  return b.dims.reduce<number>(
    (n, d) =>
      n * (typeof d === "number" ? d : sides.get([...kernel.sizes].find(([, size]) => size === d.size)![0])!.count),
    1,
  );
}

function transposed(matrix: Float64Array, rows: number): Float64Array {
  const cols = rows === 0 ? 0 : matrix.length / rows,
    out = new Float64Array(matrix.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = matrix[i * cols + j]!;
  return out;
}
