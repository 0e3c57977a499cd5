/**
 * Training. In: a compiled model, a data set, options. Out: a trained model.
 * (K + noise) α = y − L mean, by a Cholesky factorisation or by conjugate gradients; residuals are those of the very
 * contractions that predictions are made of. Nothing depends on the clock: the same input gives the same coefficients,
 * bit for bit.
 */
import { amplificationSteps } from "../model/amplification.ts";
import { Checkpoints } from "./checkpoint.ts";
import type { CheckpointOptions } from "./checkpoint.ts";
import type { CompiledModel } from "../compiled.ts";
import { dataHash, pointHashes } from "../data/content.ts";
import type { DatasetLike } from "../data/dataset.ts";
import type { BlockExecutor } from "../executors/executor.ts";
import { createExecutor } from "../executors/index.ts";
import { share } from "../executors/share.ts";
import { OptionError } from "../errors.ts";
import { framePoints } from "../data/frames.ts";
import type { Source } from "../data/frames.ts";
import { atomsOf } from "../molecules/atoms.ts";
import { trainingOf } from "./layout.ts";
import { Model } from "../model/model.ts";
import type { FitReport, ModelState } from "../model/model.ts";
import { offsetsAfter } from "../model/offsets.ts";
import { baseBytes, forecastSteps, requireMemory } from "./plan.ts";
import { choiceRequest, problemOf, threadsFor } from "./problem.ts";
import type { Problem, SystemOptions } from "./problem.ts";
import { sizeOf } from "../data/rows.ts";
import { sha256 } from "../sha256.ts";
import { choiceSteps } from "../solvers/choice.ts";
import type { Choice } from "../solvers/choice.ts";
import { directSteps } from "../solvers/direct.ts";
import type { KeptFactor } from "../solvers/extension.ts";
import { iterativeSteps } from "../solvers/iterative.ts";
import type { Solution } from "../solvers/request.ts";
import type { Split } from "../data/split.ts";
import { clock, run, runAsync } from "./steps.ts";
import type { Drive, Steps } from "./steps.ts";

export interface FitOptions extends Drive, SystemOptions {
  /**
   * Who works on blocks; no bit depends on it. It's the caller's to close. Where left out, threads do as many as are
   * allowed.
   */
  readonly executor?: BlockExecutor | undefined;
  /** Threads to use at most; 1 where left out, and for small problems. */
  readonly threads?: number;
  /** Bytes that the machine has; a fit that needs more is refused before any work. */
  readonly available?: number;
  /**
   * Where to keep checkpoints, and to go on from. A fit that is done leaves them for the caller to remove, once its
   * model is written.
   */
  readonly checkpoint?: CheckpointOptions | undefined;
  /** Work out a forecast of bytes and seconds first, for the report; a second at most. */
  readonly forecast?: boolean;
  /** Keep the factor in the model (4 n² bytes), so that `extends` can add points to it. */
  readonly keepFactor?: boolean;
  /**
   * A model of the same spec and parameters that was fitted with `keepFactor`, whose training points are the first of
   * this fit's: its
   * factor gets the rows of the others, n² m FLOPs for m of them in place of (n + m)³ / 3. For the direct solver,
   * without checkpoints.
   */
  readonly extends?: Model | undefined;
  /** Told to people as it's found: absent groups, unknown units, checkpoints. */
  readonly notice?: (message: string) => void;
}

/**
 * Trains a model, without a pause.
 * @param data a data set, or an object in the form of the JSON files; its units become the model's
 * @throws DataError for data that don't fit the model, OptionError for options, before any work
 * @throws NotPositiveDefiniteError naming the observation whose row fails and a noise that should do
 * @throws ConvergenceError where conjugate gradients don't come to the tolerance
 * @throws InterruptedError once the signal is set (by the progress callback; use `fitAsync` to be stopped from outside)
 */
export function fit(compiled: CompiledModel, data: DatasetLike, options: FitOptions = {}): Model {
  return run(fitSteps(compiled, data, options), options);
}

/** The same with pauses for other events: pages stay alive, and an AbortSignal stops it. The same bytes result. */
export function fitAsync(compiled: CompiledModel, data: DatasetLike, options: FitOptions = {}): Promise<Model> {
  return runAsync(fitSteps(compiled, data, options), options);
}

/** A share of the caller's executor, or one of our own. */
const executorOf = ({ executor, threads }: FitOptions, equations: number): BlockExecutor =>
  executor === undefined ? createExecutor(threadsFor(equations, threads)) : share(executor);

/** The work of a fit, step by step. */
export function* fitSteps(compiled: CompiledModel, data: DatasetLike, wishes: FitOptions = {}): Steps<Model> {
  const begin = clock();
  const options: FitOptions =
    wishes.extends === undefined ? wishes : { ...wishes, solver: "cholesky", checkpoint: undefined };
  const problem = problemOf(compiled, data, options);
  const from = wishes.extends === undefined ? undefined : factorOf(wishes.extends, problem, wishes);
  const said = new Set<string>(problem.notices);
  const request = choiceRequest(problem, options);
  const choice = yield* choiceSteps(request);
  requireMemory(request, choice, options.available);
  const executor = executorOf(options, problem.layout.n);
  const plan = options.forecast === true ? yield* forecastSteps(request, choice, executor.width) : undefined;
  let solution: Solution;
  try {
    const notice = (message: string): void => void said.add(message);
    solution = yield* solveSteps(problem, choice, request.refinements, executor, options, notice, from);
  } finally {
    // All answers are taken: a thread that doesn't end well takes nothing with it.
    executor.close().catch(() => {});
  }
  const state = yield* stateSteps(problem, choice, solution, options, said);
  said.forEach((message) => options.notice?.(message));
  const { alpha: _, seconds, kept, ...solved } = solution;
  const report: FitReport = {
    n: problem.layout.n,
    solver: choice.solver,
    threads: executor.width,
    bytes: baseBytes(),
    ...solved,
    tolerance: choice.tolerance,
    rank: choice.rank,
    ...(plan === undefined ? {} : { plan }),
    errors: state.errors,
    notices: [...said],
    amplification: new Model(state).amplification,
    seconds: { ...seconds, total: clock() - begin },
  };
  return new Model(state, report, options.keepFactor === true ? kept : undefined);
}

/** What the model holds, its errors on validation and test frames among it. */
function* stateSteps(
  problem: Problem,
  choice: Choice,
  solution: Solution,
  options: FitOptions,
  said: Set<string>,
): Steps<ModelState> {
  const { source, layout, split, units, hyperparameters } = problem;
  const { compiled, parameters } = source;
  const training = trainingOf(layout, solution.alpha);
  const fitted = { compiled, parameters, offsets: problem.offsets, training };
  const offsets = offsetsAfter(fitted, source, problem.frames, said);
  const amplifications = yield* amplificationSteps({ compiled, parameters, offsets, training }, layout);
  const state: ModelState = {
    compiled,
    hyperparameters,
    offsets,
    training,
    units,
    split,
    amplifications,
    errors: {},
    ...(options.noise === undefined ? {} : { noise: options.noise }),
    ...provenance(source, split),
    solver: choice.solver,
    residual: solution.residual,
  };
  return { ...state, errors: errorsOf(new Model(state), source, split) };
}

/** The factor of a model that is to be extended. Throws OptionError where the fits can't go together. */
function factorOf(model: Model, { source, hyperparameters }: Problem, { solver, checkpoint }: FitOptions): KeptFactor {
  const refuse = (why: string): never => {
    throw new OptionError(`extends: ${why}`);
  };
  if (model.kept === undefined)
    return refuse(
      "the model has no factor: it must come from a fit with `keepFactor: true` and the solver cholesky, " +
        "in this process",
    );
  if (solver === "cg") return refuse("conjugate gradients have no factor to extend: leave `solver` out");
  if (checkpoint !== undefined) return refuse("an extension makes no checkpoints: leave `checkpoint` out");
  if (model.compiled.hash !== source.compiled.hash) return refuse("the model is of another spec");
  const changed = Object.keys(hyperparameters).find((name) =>
    hyperparameters[name]!.some((value, i) => value !== model.state.hyperparameters[name]?.[i]),
  );
  return changed === undefined ? model.kept : refuse(`the model has another ${changed}`);
}

/** Solves the linear system, from a checkpoint on where there's one. */
function* solveSteps(
  problem: Problem,
  choice: Choice,
  refinements: number,
  executor: BlockExecutor,
  options: FitOptions,
  notice: (message: string) => void,
  from: KeptFactor | undefined,
): Steps<Solution> {
  const { source, layout, noise, y } = problem;
  const say = options.notice ?? notice;
  const checkpoints =
    options.checkpoint === undefined
      ? undefined
      : new Checkpoints(options.checkpoint, identityOf(problem, choice, options), say);
  const resume = checkpoints?.open();
  const request = {
    compiled: source.compiled,
    parameters: source.parameters,
    layout,
    noise,
    y,
    executor,
    choice,
    refinements,
    checkpoints,
    resume,
    notice,
    from,
  };
  return yield* choice.solver === "cholesky" ? directSteps(request) : iterativeSteps(request);
}

/** All that the coefficients depend on, in words. */
function identityOf(
  { source, hyperparameters, noise, split, y }: Problem,
  choice: Choice,
  options: FitOptions,
): Record<string, string> {
  const { compiled } = source;
  const digest = (numbers: ArrayLike<number>): string => sha256(JSON.stringify(Array.from(numbers))).slice(0, 16);
  const parameters = Object.entries(hyperparameters).map(([name, values]): [string, string] => [
    name,
    values.length === 1 ? String(values[0]) : digest(values),
  ]);
  const common = {
    spec: compiled.hash,
    compiler: compiled.version,
    data: dataHash(source),
    "training frames": digest(split.train),
    ...Object.fromEntries(parameters),
    noise: options.noise === undefined ? "the spec's" : JSON.stringify(options.noise),
    "noise of all rows": digest(noise),
    values: digest(y),
    solver: choice.solver,
  };
  return choice.solver === "cholesky"
    ? common
    : { ...common, rank: String(choice.rank), tolerance: String(choice.tolerance) };
}

/** Where the model comes from: hashes of the data and of the frames, atomic numbers. */
function provenance(source: Source, split: Split): Pick<ModelState, "dataHash" | "frameHashes" | "atoms"> {
  const size = sizeOf(source.compiled.input.shape);
  const hashes = (frames: readonly number[]): Uint8Array =>
    frames.length === 0 ? new Uint8Array(0) : pointHashes(framePoints(source, frames).x, size);
  const atoms = atomsOf(source.dataset);
  return {
    dataHash: dataHash(source),
    frameHashes: { train: hashes(split.train), validate: hashes(split.validate) },
    ...(atoms === undefined ? {} : { atoms }),
  };
}

function errorsOf(model: Model, source: Source, split: Split): ModelState["errors"] {
  const errors: Record<string, ModelState["errors"][string]> = {};
  for (const role of ["validate", "test"] as const) {
    if (split[role].length > 0)
      errors[role] = model.test(source.dataset, { indexes: split[role], includeKnown: role === "validate" }).errors;
  }
  return errors;
}
