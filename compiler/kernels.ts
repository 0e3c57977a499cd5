/**
 * From operators to programs. In: a lowered model and labels. Out: kernels, each staged and laid out in loops.
 * This is the middle of the pipeline in one place: operate, optimise, stage, schedule.
 */
import {
  pointwise,
  posterior,
  covariance,
  priorMean,
  sideOf,
  nominalPoints,
  quantityOf,
  type Nominal,
  type Side,
} from "./ad/operate.ts";
import { atPoint } from "./ad/operator.ts";
import { at, axis, build, children, dims, lit, param, withNames, type Expr } from "./ir/expr.ts";
import type { Lowered, LoweredObservation } from "./model/lower/lowered.ts";
import { identifier, Identifiers } from "./loops/identifiers.ts";
import { legalise, SCALAR, type Target } from "./loops/legalise.ts";
import { extentOf, schedule, type Result } from "./loops/schedule.ts";
import { verify } from "./ir/verify.ts";
import { TEST_SIDE, type Kernel, type Origin } from "./loops/kernel.ts";
import type { Buffer, Program } from "./loops/loop.ts";
import { optimise } from "./opt/pipeline.ts";
import type { Sides, StagedTable } from "./opt/stage.ts";

interface Request {
  readonly name: string;
  readonly doc: string;
  readonly test: readonly Side[];
  readonly training: readonly { readonly name: string; readonly side: Side }[];
  readonly results: readonly { readonly name: string; readonly tensor: Expr }[];
}

const TEST_SIZE = "m";

/** The buffer of a Param. */
function bufferOf(p: Expr, name: string, role: Buffer["role"]): Buffer {
  if (p.kind !== "param") throw new Error("only Params have buffers");
  return { name, role, dims: p.dims.map((d, n) => (p.sizes[n] === undefined ? d : { size: p.sizes[n] })) };
}

/** The Params that expressions read. */
function paramsIn(roots: readonly Expr[]): Set<Expr> {
  const found = new Set<Expr>(),
    seen = new Set<Expr>();
  const visit = (e: Expr): void => {
    if (seen.has(e)) return;
    seen.add(e);
    if (e.kind === "param") found.add(e);
    children(e).forEach(visit);
  };
  roots.forEach(visit);
  return found;
}

/** Every Param that a kernel may read, with its name in the program and its origin. No two share a name. */
function inputsOf(lowered: Lowered, request: Request): Map<Expr, { name: string; origin: Origin }> {
  const sizes = request.training.map(({ side }) => side.index.size!);
  const names = new Identifiers([TEST_SIZE, ...sizes, ...request.results.map((r) => r.name)]);
  const inputs = new Map<Expr, { name: string; origin: Origin }>();
  const put = (p: Expr, stem: string, origin: Origin): void => {
    if (!inputs.has(p)) inputs.set(p, { name: names.allocate(stem), origin });
  };
  const side = (s: Side, name: string): void => {
    put(s.points, name, { kind: "points", side: name });
    for (const [argument, p] of s.arguments)
      put(p, `${name}_${identifier(argument)}`, { kind: "argument", side: name, name: argument });
    if (name !== TEST_SIDE) put(s.coefficients, `alpha_${name}`, { kind: "coefficients", side: name });
  };
  request.test.forEach((s) => side(s, TEST_SIDE));
  request.training.forEach((t) => side(t.side, t.name));
  for (const p of lowered.parameters) put(p.expr, `p_${identifier(p.name)}`, { kind: "parameter", name: p.name });
  for (const l of lowered.latents)
    put(offsetParam(l.name), `offset_${identifier(l.name)}`, { kind: "offset", latent: l.name });
  return inputs;
}

/** The Param of the constant that an offset adds to a latent. */
const offsetParam = (latent: string): Expr => param(`offset of ${latent}`, []);

/** What belongs to the test points and what to the training points. */
const sidesOf = ({ test, training }: Request, trainingSizes: readonly string[]): Sides => ({
  test: new Set<Expr | string>([TEST_SIZE, ...test.flatMap((s) => [s.points, ...s.arguments.values()])]),
  training: new Set<Expr | string>([
    ...trainingSizes,
    ...training.flatMap(({ side }) => [side.points, side.coefficients, ...side.arguments.values()]),
  ]),
  coefficients: new Set(training.map(({ side }) => side.coefficients)),
});

function kernelOf(lowered: Lowered, request: Request, target: Target): Kernel {
  const inputs = inputsOf(lowered, request),
    sizes = new Map(request.training.map(({ name, side }) => [name, side.index.size!]));
  const trainingSizes = [...new Set(sizes.values())];
  const tensors = request.results.map((r) => r.tensor),
    staged = optimise(tensors, sidesOf(request, trainingSizes), "staged", target.listen);
  [...staged.results, ...staged.perModel.map((t) => t.tensor)].forEach((e) => verify(e));
  const origins = new Map<Buffer, Origin>();
  const buffers = (roots: readonly Expr[]): Map<Expr, Buffer> => {
    const found = new Map<Expr, Buffer>(),
      read = paramsIn(roots);
    for (const [p, { name, origin }] of inputs) {
      if (!read.has(p)) continue;
      const b = bufferOf(p, name, "input");
      found.set(p, b);
      origins.set(b, origin);
    }
    return found;
  };
  const prepare = prepareProgram(
    request,
    staged.perModel,
    trainingSizes,
    buffers(staged.perModel.map((t) => t.tensor)),
    target,
  );
  const own = buffers(staged.results);
  for (const t of staged.perModel) {
    const b = bufferOf(t.param, tableName(t), "input");
    own.set(t.param, b);
    const read = paramsIn([t.tensor]),
      hasCoefficients = request.training.some(({ side }) => read.has(side.coefficients));
    origins.set(b, { kind: "table", holds: hasCoefficients ? "coefficients" : "points" });
  }
  const results = request.results.map(
    (r, n): Result => ({ buffer: resultBuffer(r.name, staged.results[n]!, "output"), tensor: staged.results[n]! }),
  );
  const evaluate = legalise(
    schedule({
      name: `${request.name}_evaluate`,
      doc: request.doc,
      sizes: [TEST_SIZE, ...trainingSizes],
      inputs: own,
      results,
      notes: { [TEST_SIZE]: "Per test point.", ...notesOn(trainingSizes, "Per pair of points.") },
    }),
    target,
  );
  return { name: request.name, doc: request.doc, ...(prepare ? { prepare } : {}), evaluate, origins, sizes };
}

const tableName = (t: StagedTable): string => (t.param.kind === "param" ? t.param.name : "table");

function resultBuffer(name: string, tensor: Expr, role: Buffer["role"]): Buffer {
  return { name, role, dims: tensor.kind === "build" ? tensor.axes.map(extentOf) : [] };
}

function prepareProgram(
  request: Request,
  tables: readonly StagedTable[],
  sizes: readonly string[],
  inputs: ReadonlyMap<Expr, Buffer>,
  target: Target,
): Program | undefined {
  if (tables.length === 0) return undefined;
  const results = tables.map((t): Result => ({ buffer: bufferOf(t.param, tableName(t), "output"), tensor: t.tensor }));
  return legalise(
    schedule({
      name: `${request.name}_prepare`,
      doc: "Per model: what the training points and coefficients alone determine.",
      sizes,
      inputs,
      results,
      notes: notesOn(sizes, "Per training point."),
    }),
    target,
  );
}

const notesOn = (sizes: readonly string[], note: string): Record<string, string> =>
  Object.fromEntries(sizes.map((s) => [s, note]));

/**
 * Builds the kernels of a model. Each has names of its own: its programs are the same whatever was built before it.
 */
export class KernelBuilder {
  private readonly lowered: Lowered;
  private readonly nominal: Nominal;
  private readonly target: Target;

  constructor(lowered: Lowered, nominal: Partial<Nominal> = {}, target: Target = SCALAR) {
    this.lowered = lowered;
    this.target = target;
    this.nominal = { ...nominalPoints, ...nominal };
  }

  private test(label: string): Side {
    return sideOf(this.lowered, label, "", TEST_SIZE, this.nominal.test);
  }
  private training(label: string, name: string): { name: string; side: Side } {
    return { name, side: sideOf(this.lowered, label, `${name} `, `n_${name}`, this.nominal.training) };
  }

  private kernel(request: Request): Kernel {
    return kernelOf(this.lowered, request, this.target);
  }

  /**
   * What a kernel is made of has the names that the specification gives, and those that the kernel's own passes add.
   */
  private named(make: () => Kernel): Kernel {
    return withNames(make, this.lowered.names);
  }

  /** [Lx ⊗ L'y'] k: `x` × `y`. */
  covariance(row: string, col: string): Kernel {
    return this.named(() => {
      const test = this.test(row),
        training = this.training(col, "y");
      return this.kernel({
        name: `covariance_${identifier(row)}_${identifier(col)}`,
        doc: `The prior covariance of ${row} (at x) and ${col} (at y), without noise.`,
        test: [test],
        training: [training],
        results: [{ name: "out", tensor: covariance(this.lowered, test, training.side) }],
      });
    });
  }

  /** Σ_y [Lx ⊗ L'y'ᵀ k] α. */
  contraction(row: string, col: string): Kernel {
    return this.named(() => {
      const test = this.test(row),
        training = this.training(col, "y");
      return this.kernel({
        name: `contract_${identifier(row)}_${identifier(col)}`,
        doc: `The covariance of ${row} (at x) and ${col} (at y) times coefficients, summed over y.`,
        test: [test],
        training: [training],
        results: [{ name: "out", tensor: posterior(this.lowered, test, [training.side]) }],
      });
    });
  }

  /** All the labels at once, from every observed group: its sides and results are in these orders. */
  predictor(labels: readonly string[], observed: readonly string[]): Kernel {
    return this.named(() => {
      const test = labels.map((l) => this.test(l)),
        training = observed.map((l) => this.training(l, `train_${identifier(l)}`)),
        sides = training.map((t) => t.side),
        offsets = this.offsets();
      return this.kernel({
        name: "posterior",
        doc: `The posterior mean of ${labels.join(", ")} from ${observed.join(", ") || "the prior"}.`,
        test,
        training,
        results: labels.map((l, n) => ({
          name: `out_${identifier(l)}`,
          tensor: posterior(this.lowered, test[n]!, sides, offsets),
        })),
      });
    });
  }

  private offsets(): Map<string, Expr> {
    return new Map(this.lowered.offsets.map((o) => [o.latent, offsetParam(o.latent)]));
  }

  /** L of the prior mean and the offsets. */
  mean(label: string): Kernel {
    return this.single(`mean_${identifier(label)}`, `The prior mean of ${label}.`, label, (test) =>
      priorMean(this.lowered, test, this.offsets()),
    );
  }

  /** The noise variance of each value. */
  noise({ label, noise }: LoweredObservation): Kernel {
    const { shape } = quantityOf(this.lowered, label);
    return this.single(`noise_${identifier(label)}`, `The noise variance of ${label}.`, label, (test) =>
      pointwise(this.lowered, test, shape, (place) => filled(atPoint(noise, place), shape)),
    );
  }

  /** The values that the spec gives. */
  values(observation: LoweredObservation): Kernel {
    const { label } = observation,
      { shape } = quantityOf(this.lowered, label);
    return this.single(`values_${identifier(label)}`, `The values of ${label} that the spec gives.`, label, (test) =>
      pointwise(this.lowered, test, shape, (place) =>
        observation.value ? atPoint(observation.value, place) : filled(lit(NaN), shape),
      ),
    );
  }

  private single(name: string, doc: string, label: string, tensor: (test: Side) => Expr): Kernel {
    return this.named(() => {
      const test = this.test(label),
        results = [{ name: "out", tensor: tensor(test) }];
      return this.kernel({ name, doc, test: [test], training: [], results });
    });
  }
}

/** A tensor of one scalar; a tensor as it is. */
function filled(e: Expr, shape: readonly number[]): Expr {
  if (shape.length === 0 || dims(e).length > 0) return e;
  return build(
    shape.map((d) => axis(d)),
    at(e, []),
  );
}
