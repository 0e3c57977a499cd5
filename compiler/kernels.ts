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
import { at, axis, build, children, dims, lit, param, type Expr } from "./ir/expr.ts";
import type { Lowered, LoweredObservation } from "./model/lower/lowered.ts";
import { simplify } from "./loops/simplify.ts";
import { extentOf, schedule, type Result } from "./loops/schedule.ts";
import { verifyProgram } from "./loops/verify.ts";
import { verify } from "./ir/verify.ts";
import { TEST_SIDE, type Kernel, type Origin } from "./loops/kernel.ts";
import type { Buffer, Program } from "./loops/loop.ts";
import { optimise } from "./opt/pipeline.ts";
import type { StagedTable } from "./opt/stage.ts";

/** Text that is an identifier in any language: other characters as their code. */
export const identifier = (text: string): string =>
  text.replace(/[^A-Za-z0-9_]/g, (c) => `_u${c.codePointAt(0)!.toString(16)}_`);

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

/** Every Param that a kernel may read, with its name in the code and its origin. */
function inputsOf(lowered: Lowered, request: Request): Map<Expr, { name: string; origin: Origin }> {
  const inputs = new Map<Expr, { name: string; origin: Origin }>();
  const side = (s: Side, name: string): void => {
    inputs.set(s.points, { name, origin: { kind: "points", side: name } });
    for (const [argument, p] of s.arguments)
      inputs.set(p, {
        name: `${name}_${identifier(argument)}`,
        origin: { kind: "argument", side: name, name: argument },
      });
    if (name !== TEST_SIDE)
      inputs.set(s.coefficients, { name: `alpha_${name}`, origin: { kind: "coefficients", side: name } });
  };
  request.test.forEach((s) => side(s, TEST_SIDE));
  request.training.forEach((t) => side(t.side, t.name));
  for (const p of lowered.parameters)
    inputs.set(p.expr, { name: `p_${identifier(p.name)}`, origin: { kind: "parameter", name: p.name } });
  for (const l of lowered.latents)
    inputs.set(offsetParam(l.name), {
      name: `offset_${identifier(l.name)}`,
      origin: { kind: "offset", latent: l.name },
    });
  return inputs;
}

/** The Param of the constant that an offset adds to a latent. */
const offsetParam = (latent: string): Expr => param(`offset of ${latent}`, []);

function kernelOf(lowered: Lowered, request: Request): Kernel {
  const inputs = inputsOf(lowered, request),
    sizes = new Map(request.training.map(({ name, side }) => [name, side.index.size!]));
  const trainingSizes = [...new Set(sizes.values())];
  const staged = optimise(
    request.results.map((r) => r.tensor),
    {
      test: new Set<Expr | string>([TEST_SIZE, ...request.test.flatMap((s) => [s.points, ...s.arguments.values()])]),
      training: new Set<Expr | string>([
        ...trainingSizes,
        ...request.training.flatMap(({ side }) => [side.points, side.coefficients, ...side.arguments.values()]),
      ]),
      coefficients: new Set(request.training.map(({ side }) => side.coefficients)),
    },
    "staged",
  );
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
  );
  const own = buffers(staged.results);
  for (const t of staged.perModel) {
    const b = bufferOf(t.param, tableName(t), "input");
    own.set(t.param, b);
    origins.set(b, { kind: "table" });
  }
  const results = request.results.map(
    (r, n): Result => ({ buffer: resultBuffer(r.name, staged.results[n]!, "output"), tensor: staged.results[n]! }),
  );
  const evaluate = finished(
    schedule({
      name: `${request.name}_evaluate`,
      doc: request.doc,
      sizes: [TEST_SIZE, ...trainingSizes],
      inputs: own,
      results,
      notes: { [TEST_SIZE]: "Per test point.", ...notesOn(trainingSizes, "Per pair of points.") },
    }),
  );
  return { name: request.name, doc: request.doc, ...(prepare ? { prepare } : {}), evaluate, origins, sizes };
}

const tableName = (t: StagedTable): string => (t.param.kind === "param" ? t.param.name : "table");
const finished = (program: Program): Program => {
  const done = simplify(program);
  verifyProgram(done);
  return done;
};

function resultBuffer(name: string, tensor: Expr, role: Buffer["role"]): Buffer {
  return { name, role, dims: tensor.kind === "build" ? tensor.axes.map(extentOf) : [] };
}

function prepareProgram(
  request: Request,
  tables: readonly StagedTable[],
  sizes: readonly string[],
  inputs: ReadonlyMap<Expr, Buffer>,
): Program | undefined {
  if (tables.length === 0) return undefined;
  const results = tables.map((t): Result => ({ buffer: bufferOf(t.param, tableName(t), "output"), tensor: t.tensor }));
  return finished(
    schedule({
      name: `${request.name}_prepare`,
      doc: "Per model: what the training points and coefficients alone determine.",
      sizes,
      inputs,
      results,
      notes: notesOn(sizes, "Per training point."),
    }),
  );
}

const notesOn = (sizes: readonly string[], note: string): Record<string, string> =>
  Object.fromEntries(sizes.map((s) => [s, note]));

/** Builds the kernels of a model. */
export class KernelBuilder {
  private readonly lowered: Lowered;
  private readonly nominal: Nominal;

  constructor(lowered: Lowered, nominal: Partial<Nominal> = {}) {
    this.lowered = lowered;
    this.nominal = { ...nominalPoints, ...nominal };
  }

  private test(label: string): Side {
    return sideOf(this.lowered, label, "", TEST_SIZE, this.nominal.test);
  }
  private training(label: string, name: string): { name: string; side: Side } {
    return { name, side: sideOf(this.lowered, label, `${name} `, `n_${name}`, this.nominal.training) };
  }

  /** [Lx ⊗ L'y'] k: `x` × `y`. */
  covariance(row: string, col: string): Kernel {
    const test = this.test(row),
      training = this.training(col, "y");
    return kernelOf(this.lowered, {
      name: `covariance_${identifier(row)}_${identifier(col)}`,
      doc: `The prior covariance of ${row} (at x) and ${col} (at y), without noise.`,
      test: [test],
      training: [training],
      results: [{ name: "out", tensor: covariance(this.lowered, test, training.side) }],
    });
  }

  /** Σ_y [Lx ⊗ L'y'ᵀ k] α. */
  contraction(row: string, col: string): Kernel {
    const test = this.test(row),
      training = this.training(col, "y");
    return kernelOf(this.lowered, {
      name: `contract_${identifier(row)}_${identifier(col)}`,
      doc: `The covariance of ${row} (at x) and ${col} (at y) times coefficients, summed over y.`,
      test: [test],
      training: [training],
      results: [{ name: "out", tensor: posterior(this.lowered, test, [training.side]) }],
    });
  }

  /** All the labels at once, from every observed group. */
  predictor(labels: readonly string[], observed: readonly string[]): Kernel {
    const test = labels.map((l) => this.test(l)),
      training = observed.map((l) => this.training(l, `train_${identifier(l)}`));
    const offsets = this.offsets();
    return kernelOf(this.lowered, {
      name: "posterior",
      doc: `The posterior mean of ${labels.join(", ")} from ${observed.join(", ") || "the prior"}.`,
      test,
      training,
      results: labels.map((l, n) => ({
        name: `out_${identifier(l)}`,
        tensor: posterior(
          this.lowered,
          test[n]!,
          training.map((t) => t.side),
          offsets,
        ),
      })),
    });
  }

  private offsets(): Map<string, Expr> {
    return new Map(this.lowered.offsets.map((o) => [o.latent, offsetParam(o.latent)]));
  }

  /** L of the prior mean and the offsets. */
  mean(label: string): Kernel {
    const test = this.test(label);
    return this.single(
      `mean_${identifier(label)}`,
      `The prior mean of ${label}.`,
      test,
      priorMean(this.lowered, test, this.offsets()),
    );
  }

  /** The noise variance of each value. */
  noise(observation: LoweredObservation): Kernel {
    const test = this.test(observation.label),
      { shape } = quantityOf(this.lowered, observation.label);
    return this.single(
      `noise_${identifier(observation.label)}`,
      `The noise variance of ${observation.label}.`,
      test,
      pointwise(this.lowered, test, shape, (place) => filled(atPoint(observation.noise, place), shape)),
    );
  }

  /** The values that the spec gives. */
  values(observation: LoweredObservation): Kernel {
    const test = this.test(observation.label),
      { shape } = quantityOf(this.lowered, observation.label);
    return this.single(
      `values_${identifier(observation.label)}`,
      `The values of ${observation.label} that the spec gives.`,
      test,
      pointwise(this.lowered, test, shape, (place) =>
        observation.value ? atPoint(observation.value, place) : filled(lit(NaN), shape),
      ),
    );
  }

  private single(name: string, doc: string, test: Side, tensor: Expr): Kernel {
    return kernelOf(this.lowered, { name, doc, test: [test], training: [], results: [{ name: "out", tensor }] });
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
