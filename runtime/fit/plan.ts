/**
 * The forecast of a fit: bytes, seconds, solver. In: a compiled model, data, options. Out: a plan, before any work.
 * Operations are counted; how fast this machine does them is measured on a few small pieces, a second in all. The
 * choice
 * itself doesn't depend on that, and nothing of it goes into a model.
 */
import type { CompiledModel } from "../compiled.ts";
import type { DatasetLike } from "../data/dataset.ts";
import { OptionError } from "../errors.ts";
import { choiceRequest, problemOf, threadsFor } from "./problem.ts";
import type { SystemOptions } from "./problem.ts";
import { alternativeSteps, choiceSteps, gigabytes } from "../solvers/choice.ts";
import type { Candidate, Choice, ChoiceRequest, Flops, SolverName } from "../solvers/choice.ts";
import { speedsOf } from "./speeds.ts";
import { run, runAsync } from "./steps.ts";
import type { Drive, Steps } from "./steps.ts";

export interface Alternative {
  readonly solver: SolverName;
  readonly rank?: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly why: string;
}

export interface Plan {
  /** Order of the linear system. */
  readonly n: number;
  readonly solver: SolverName;
  /** Of conjugate gradients: rank of the preconditioner, expected iterations. */
  readonly rank?: number;
  readonly iterations?: number;
  /** Peak of the process. */
  readonly bytes: number;
  readonly seconds: number;
  readonly threads: number;
  readonly alternatives: readonly Alternative[];
}

export interface PlanOptions extends Drive, SystemOptions {
  /** Bytes that the machine has; a plan that needs more is refused. */
  readonly available?: number;
  /** Threads that the fit will have; 1 where left out. */
  readonly threads?: number;
}

/**
 * What a fit with these options will take.
 * @throws DataError, OptionError as `fit`; OptionError where it can't fit, saying what would
 */
export function plan(compiled: CompiledModel, data: DatasetLike, options: PlanOptions = {}): Plan {
  return run(planSteps(compiled, data, options), options);
}

/** The same with pauses for other events. */
export function planAsync(compiled: CompiledModel, data: DatasetLike, options: PlanOptions = {}): Promise<Plan> {
  return runAsync(planSteps(compiled, data, options), options);
}

export function* planSteps(compiled: CompiledModel, data: DatasetLike, options: PlanOptions = {}): Steps<Plan> {
  const request = choiceRequest(problemOf(compiled, data, options), options);
  const choice = yield* alternativeSteps(request, yield* choiceSteps(request));
  requireMemory(request, choice, options.available);
  return yield* forecastSteps(request, choice, threadsFor(request.layout.n, options.threads));
}

/** Refuses what needs more bytes than the machine has. Throws OptionError saying what would fit. */
export function requireMemory({ layout }: ChoiceRequest, choice: Choice, available = Infinity): void {
  const bytes = baseBytes() + SLACK + choice.bytes;
  if (bytes <= available) return;
  const points = layout.blocks.reduce((sum, block) => sum + block.count, 0);
  const fewer = Math.max(
    1,
    Math.floor(points * Math.sqrt(Math.max(0, available - baseBytes() - SLACK) / choice.bytes)),
  );
  const other =
    choice.solver === "cholesky"
      ? "--solver cg, or a smaller --memory, which chooses it"
      : "a smaller --memory, for fewer columns of the preconditioner";
  throw new OptionError(
    `${choice.solver} takes ${gigabytes(bytes)} for ${layout.n} equations, ` +
      `and this machine has ${gigabytes(available)}: about ${fewer} training points in place of ${points} would ` +
      `fit, or ${other}`,
  );
}

/** Bytes that the process has at present; what a small one has where that can't be asked. */
export function baseBytes(): number {
  const host = (globalThis as { process?: { resourceUsage?: () => { maxRSS: number } } }).process;
  return host?.resourceUsage === undefined ? 1e8 : 1024 * host.resourceUsage().maxRSS;
}

/** What the engine's garbage and compiled code add while a fit runs. */
const SLACK = 24e6;
/**
 * What each thread takes besides the memory that it shares: its engine, and garbage that grows with the work up to a
 * limit.
 */
const threadBytes = (shared: number): number => 12e6 + Math.min(36e6, shared / 4);

/** Bytes and seconds of a choice and of what it rejected. */
export function* forecastSteps(request: ChoiceRequest, choice: Choice, threads: number): Steps<Plan> {
  const speed = speedsOf(request);
  yield { phase: "plan", done: 1, total: 1 };
  const base = baseBytes() + SLACK;
  const seconds = (flops: Flops): number => {
    const shared = SHARED.reduce((sum, kind) => sum + flops[kind] * speed[kind], 0);
    return shared / parallel(threads) + flops.vector * speed.vector;
  };
  const rounded = (value: number): number => Number(value.toPrecision(3));
  const forecast = (candidate: Candidate): { solver: SolverName; rank?: number; bytes: number; seconds: number } => ({
    solver: candidate.solver,
    ...(candidate.solver === "cg" ? { rank: candidate.rank } : {}),
    bytes: Math.ceil(base + candidate.bytes + (threads > 1 ? threads * threadBytes(candidate.bytes) : 0)),
    seconds: rounded(seconds(candidate.flops)),
  });
  return {
    n: request.layout.n,
    ...forecast(choice),
    ...(choice.solver === "cg" ? { iterations: choice.iterations } : {}),
    threads,
    alternatives: choice.rejected.map(({ why, ...candidate }) => ({ ...forecast(candidate), why })),
  };
}

/** Operations that threads share. */
const SHARED = ["covariance", "product", "dense", "columns", "projection"] as const;
/** What several threads are good for. */
const parallel = (threads: number): number => 1 + 0.85 * (threads - 1);
