/**
 * The forecast of a fit: bytes, seconds, solver. In: a compiled model, data, options. Out: a plan, before any work.
 * Operations are counted; how fast this machine does them is measured on a few small pieces, a second in all. The choice
 * itself doesn't depend on that, and nothing of it goes into a model.
 */
import type { CompiledModel } from "./compiled.ts";
import type { DatasetLike } from "./dataset.ts";
import { OptionError } from "./errors.ts";
import { cholesky } from "./linalg/cholesky.ts";
import { PackedLower } from "./linalg/packed.ts";
import { choiceRequest, problemOf } from "./problem.ts";
import type { SystemOptions } from "./problem.ts";
import { alternativeSteps, choiceSteps, gigabytes, pairFlops, sampleOf } from "./solvers/choice.ts";
import type { Candidate, Choice, ChoiceRequest, Flops, SolverName } from "./solvers/choice.ts";
import { addCombination } from "./solvers/vectors.ts";
import { clock, run, runAsync } from "./steps.ts";
import type { Drive, Steps } from "./steps.ts";

export interface Alternative { readonly solver: SolverName; readonly rank?: number; readonly bytes: number; readonly seconds: number; readonly why: string }

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
  return yield* forecastSteps(request, choice, options.threads ?? 1);
}

/** Refuses what needs more bytes than the machine has. Throws OptionError saying what would fit. */
export function requireMemory({ layout }: ChoiceRequest, choice: Choice, available = Infinity): void {
  const bytes = baseBytes() + SLACK + choice.bytes;
  if (bytes <= available) return;
  const points = layout.blocks.reduce((sum, block) => sum + block.count, 0);
  const fewer = Math.max(1, Math.floor(points * Math.sqrt(Math.max(0, available - baseBytes() - SLACK) / choice.bytes)));
  const other = choice.solver === "cholesky" ? "--solver cg, or a smaller --memory, which chooses it" : "a smaller --memory, for fewer columns of the preconditioner";
  throw new OptionError(`${choice.solver} takes ${gigabytes(bytes)} for ${layout.n} equations, and this machine has ${gigabytes(available)}: about ${fewer} training points in place of ${points} would fit, or ${other}`);
}

/** Bytes that the process has at present; what a small one has where that can't be asked. */
export function baseBytes(): number {
  const host = (globalThis as { process?: { resourceUsage?: () => { maxRSS: number } } }).process;
  return host?.resourceUsage === undefined ? 1e8 : 1024 * host.resourceUsage().maxRSS;
}

/** What the engine's garbage and compiled code add while a fit runs. */
const SLACK = 48e6;

/** Bytes and seconds of a choice and of what it rejected. */
export function* forecastSteps(request: ChoiceRequest, choice: Choice, threads: number): Steps<Plan> {
  const speed = speedOf(request);
  yield { phase: "plan", done: 1, total: 1 };
  const base = baseBytes() + SLACK;
  const seconds = (flops: Flops): number => (flops.covariance * speed.covariance + flops.product * speed.product + flops.dense * speed.dense) / parallel(threads) + flops.vector * speed.vector;
  const rounded = (value: number): number => Number(value.toPrecision(3));
  const forecast = (candidate: Candidate): { solver: SolverName; rank?: number; bytes: number; seconds: number } => ({
    solver: candidate.solver, ...(candidate.solver === "cg" ? { rank: candidate.rank } : {}),
    bytes: Math.ceil(base + candidate.bytes), seconds: rounded(seconds(candidate.flops)),
  });
  return {
    n: request.layout.n, ...forecast(choice), ...(choice.solver === "cg" ? { iterations: choice.iterations } : {}), threads,
    alternatives: choice.rejected.map(({ why, ...candidate }) => ({ ...forecast(candidate), why })),
  };
}

/** What several threads are good for. */
const parallel = (threads: number): number => 1 + 0.85 * (threads - 1);

/** Seconds of an operation of each kind on this machine. */
function speedOf(request: ChoiceRequest): Flops {
  return { covariance: kernelSpeed(request, "covariance"), product: kernelSpeed(request, "apply"), dense: denseSpeed(), vector: vectorSpeed() };
}

/** Seconds that one measurement may take; it's repeated until then, once at least after the first, which compiles. */
const PROBE_SECONDS = 0.12;

/** The shortest of several runs of `work`; `before` makes it ready, unmeasured. */
function measure(work: () => void, before: () => void = () => {}): number {
  let best = Infinity;
  let begin = clock();
  for (let runs = 0; runs < 2 || clock() - begin < PROBE_SECONDS; runs++) {
    before();
    const start = clock();
    work();
    const seconds = clock() - start;
    // The first run is the compiler's.
    if (runs === 0) begin = clock();
    else best = Math.min(best, seconds);
  }
  return best;
}

/** Rows of the points that kernels are measured on. */
const PROBE_ROWS = 1000;
/** Points of a covariance block that is measured; contractions are measured on all points of the sample. */
const PROBE_POINTS = 4;

function kernelSpeed({ compiled, layout: whole, parameters }: ChoiceRequest, kind: "covariance" | "apply"): number {
  const { layout } = sampleOf({ compiled, layout: whole }, PROBE_ROWS);
  let seconds = 0;
  let flops = 0;
  for (const row of layout.blocks) {
    for (const col of layout.blocks) {
      const cost = pairFlops(compiled, kind, row, col);
      const few = kind === "covariance" ? PROBE_POINTS : 32;
      const [m, n] = [Math.min(few, row.count), Math.min(few, col.count)];
      const x = compiledPoints(row, m), y = compiledPoints(col, n);
      const alpha = new Float64Array(n * col.components).fill(1);
      seconds += measure(() => { kind === "covariance" ? compiled.covariance(row.label, x, col.label, y, parameters) : compiled.contract(row.label, x, col.label, y, alpha, parameters); });
      flops += cost.row * m + cost.column * n + cost.pair * m * n;
    }
  }
  return flops === 0 ? 0 : seconds / flops;
}

function compiledPoints(block: ReturnType<typeof sampleOf>["layout"]["blocks"][number], count: number): { x: Float64Array; arguments: Record<string, Float64Array> } {
  const part = (values: Float64Array): Float64Array => values.subarray(0, (values.length / block.count) * count);
  return { x: part(block.points.x), arguments: Object.fromEntries(Object.entries(block.points.arguments ?? {}).map(([name, values]) => [name, part(values)])) };
}

function denseSpeed(): number {
  const n = 768;
  const matrix = new PackedLower(n);
  const fill = (): void => matrix.tiles.forEach((row, I) => row.forEach((tile, J) => {
    tile.fill(0.5);
    if (I === J) for (let r = 0; r < matrix.height(I); r++) tile[r * matrix.height(J) + r] = n;
  }));
  return measure(() => { cholesky(matrix); }, fill) / (n ** 3 / 3);
}

function vectorSpeed(): number {
  const n = 16384;
  const rows = Array.from({ length: 32 }, (_, k) => new Float64Array(n).fill(k));
  const target = new Float64Array(n);
  const factors = new Float64Array(rows.length).fill(1e-3);
  return measure(() => addCombination(target, rows, factors)) / (2 * n * rows.length);
}
