/**
 * Prediction in its stages. In: the kernels of a model; training data, or tables; points. Out: predictions.
 * Every prediction is computed in one pass whatever is asked for, so that the bits don't depend on the question.
 */
import type {
  Parameters,
  PointsLike,
  PredictionInfo,
  StagedTraining,
  StageLayout,
  TrainingGroup,
} from "../runtime/compiled.ts";
import { instantiate, type RunnableKernel, type SideValues, type Values } from "../runtime/kernel.ts";
import { artifactOf } from "./artifacts.ts";
import type { Backend } from "./backends/backend.ts";
import type { KernelBuilder } from "./kernels.ts";
import { TEST_SIDE, type Kernel } from "./loops/kernel.ts";
import { own, sizeOf, split, type Sides } from "./sides.ts";

/** Multiples of irrational numbers fill the interval (0, 1) evenly, and never in the same order. */
const GOLDEN = (Math.sqrt(5) - 1) / 2,
  SILVER = Math.SQRT2 - 1;
const fraction = (value: number): number => value - Math.floor(value);

type Training = Readonly<Record<string, TrainingGroup>>;

/** The kernel of all predictions from some groups. */
interface Predictor {
  readonly kernel: Kernel;
  readonly run: RunnableKernel;
}

/** A model whose work per model is done. */
export interface StagedModel extends Predictor {
  /** The groups that it was trained on; `sides` are theirs. */
  readonly observed: readonly string[];
  readonly sides: readonly SideValues[];
  readonly parameters: Values;
  readonly tables: readonly Float64Array[];
}

export class Prediction {
  private readonly kernels: KernelBuilder;
  private readonly sides: Sides;
  private readonly predictions: readonly PredictionInfo[];
  private readonly backend: Backend;
  private readonly made = new Map<string, Predictor>();

  constructor(kernels: KernelBuilder, sides: Sides, predictions: readonly PredictionInfo[], backend: Backend) {
    this.kernels = kernels;
    this.sides = sides;
    this.predictions = predictions;
    this.backend = backend;
  }

  private predictor(observed: readonly string[]): Predictor {
    const key = JSON.stringify(observed);
    let known = this.made.get(key);
    if (!known) {
      const kernel = this.kernels.predictor(
        this.predictions.map((p) => p.label),
        observed,
      );
      this.made.set(key, (known = { kernel, run: instantiate(artifactOf(kernel, this.backend)) }));
    }
    return known;
  }

  /** Does the work per model, from every observed group that has points. */
  stage(training: Training, parameters?: Parameters): StagedModel {
    const observed = this.sides.inOrder(Object.keys(training).filter((l) => training[l]!.coefficients.length > 0));
    const predictor = this.predictor(observed),
      values = this.sides.parameters(parameters),
      sides = observed.map((l) => this.sides.side(l, training[l]!.points, training[l]!.coefficients));
    const tables = predictor.run.prepare([undefined, ...sides], values);
    return { ...predictor, observed, sides, parameters: values, tables };
  }

  /**
   * The labels asked for, or all whose arguments are there. Arguments that aren't given are zero in the kernel, and
   * what needs them is left out of the result.
   */
  predict(
    staged: StagedModel,
    points: PointsLike,
    offsets: Readonly<Record<string, number>>,
    labels?: readonly string[],
  ): Record<string, Float64Array> {
    const { run, sides, parameters, tables } = staged,
      { x, given } = split(points);
    const wanted =
      labels ??
      this.predictions.filter((p) => p.arguments.every((a) => Object.hasOwn(given, a.name))).map((p) => p.label);
    for (const l of wanted) this.sides.side(l, points);
    const count = this.sides.count(x, "");
    const all = new Map(Object.entries(given));
    for (const a of this.predictions.flatMap((p) => p.arguments))
      if (!all.has(a.name)) all.set(a.name, new Float64Array(count * sizeOf(a.shape)));
    const test: SideValues = { x, count, arguments: Object.fromEntries(all) };
    const out = run.evaluate([test, ...sides], parameters, tables, this.sides.offsets(offsets));
    return Object.fromEntries(
      this.predictions.flatMap((p, n) => (wanted.includes(p.label) ? [[p.label, out[n]!] as const] : [])),
    );
  }

  // ---- tables in place of points and coefficients

  layout(labels: readonly string[]): StageLayout {
    const observed = this.sides.inOrder(labels),
      { kernel } = this.predictor(observed);
    const sides = [...kernel.sizes.keys()],
      labelOfSize = new Map([...kernel.sizes.values()].map((size, n) => [size, observed[n]!]));
    const read = (kinds: readonly string[]): string[] => [
      ...new Set(
        kernel.evaluate.inputs.flatMap((b) => {
          const origin = kernel.origins.get(b)!;
          return kinds.includes(origin.kind) && "side" in origin && origin.side !== TEST_SIDE
            ? [observed[sides.indexOf(origin.side)]!]
            : [];
        }),
      ),
    ];
    const holds = new Map(
      kernel.evaluate.inputs.flatMap((b) => {
        const origin = kernel.origins.get(b)!;
        return origin.kind === "table" ? [[b.name, origin.holds] as const] : [];
      }),
    );
    const tables = (kernel.prepare?.outputs ?? []).map((b) => ({
      name: b.name,
      dims: b.dims.map((d) => (typeof d === "number" ? d : labelOfSize.get(d.size)!)),
      holds: holds.get(b.name)!,
    }));
    return { tables, coefficients: read(["coefficients"]), points: read(["points", "argument"]) };
  }

  /** What each table holds at a made-up training point of each group: three sums of its entries, weighted. */
  samples(labels: readonly string[]): number[][] {
    const draw = (length: number, seed: number): Float64Array =>
      Float64Array.from({ length }, (_, n) => 2 * fraction((n + 1) * GOLDEN + seed * SILVER));
    const observed = this.sides.inOrder(labels);
    const training = observed.map((l, g) => {
      const { shape, arguments: given } = this.sides.group(l);
      const values = given.map((a, k) => [a.name, draw(sizeOf(a.shape), 3 * g + k + 1)] as const);
      const points = { x: draw(this.sides.pointSize, 3 * g), arguments: Object.fromEntries(values) };
      return [l, { points, coefficients: draw(sizeOf(shape), 3 * g + 2) }] as const;
    });
    const { tables } = this.stage(Object.fromEntries(training));
    return tables.map((table) =>
      [1, 2, 3].map((k) => {
        const weights = draw(table.length, 7 * k);
        return table.reduce((sum, value, n) => sum + value * weights[n]!, 0);
      }),
    );
  }

  /** What training points and coefficients determine, in place of them. */
  tables(training: Training, parameters?: Parameters): StagedTraining {
    const { observed, sides, tables } = this.stage(training, parameters),
      layout = this.layout(observed);
    return {
      counts: Object.fromEntries(observed.map((l, n) => [l, sides[n]!.count])),
      tables: Object.fromEntries(layout.tables.map(({ name }, n) => [name, tables[n]!])),
      coefficients: Object.fromEntries(layout.coefficients.map((l) => [l, training[l]!.coefficients])),
    };
  }

  /** A staged model from tables. Throws RangeError for one that is missing or of another length. */
  fromTables({ counts, tables, coefficients }: StagedTraining, parameters?: Parameters): StagedModel {
    const observed = this.sides.inOrder(Object.keys(counts)),
      layout = this.layout(observed);
    if (layout.points.length > 0)
      throw new RangeError(
        `predictions read the training points of ${layout.points.join(", ")} themselves: tables alone don't make this model`,
      );
    const check = (what: string, data: Float64Array | undefined, dims: readonly (number | string)[]): Float64Array => {
      const length = dims.reduce<number>((n, d) => n * (typeof d === "number" ? d : counts[d]!), 1);
      if (data?.length === length) return data;
      throw new RangeError(
        `${what}: expected ${length} numbers for [${dims.join(", ")}], found ${data?.length ?? "none"}`,
      );
    };
    const side = (l: string): SideValues => {
      const bare = { count: counts[l]!, x: new Float64Array(0), arguments: {} };
      if (!layout.coefficients.includes(l)) return bare;
      const dims = [l, ...this.sides.group(l).shape];
      return { ...bare, coefficients: check(`coefficients of ${l}`, own(coefficients, l), dims) };
    };
    return {
      ...this.predictor(observed),
      observed,
      parameters: this.sides.parameters(parameters),
      sides: observed.map(side),
      tables: layout.tables.map((t) => check(`the table ${t.name}`, own(tables, t.name), t.dims)),
    };
  }
}
