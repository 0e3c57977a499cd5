/**
 * Which solver, and how. In: the size of the problem, costs of its kernels, limits. Out: a choice, and what was
 * rejected.
 * Everything here depends on the problem and the options alone, never on clocks or on the machine, since it decides
 * bits: costs are
 * counted operations, and how fast conjugate gradients will converge is seen on a few training points.
 */
import type { CompiledModel, PairFlops, Parameters } from "../compiled.ts";
import { OptionError } from "../errors.ts";
import { InProcessExecutor } from "../executors/in_process.ts";
import { joinPoints, slicePoints } from "../fit/layout.ts";
import type { Block, Layout } from "../fit/layout.ts";
import { TILE } from "../linalg/packed.ts";
import { inPhase } from "../fit/steps.ts";
import type { Steps } from "../fit/steps.ts";
import { preconditionerSteps } from "./preconditioner.ts";
import type { Remainder } from "./woodbury.ts";

export type SolverName = "cholesky" | "cg";

export interface SolverOptions {
  /** `auto` where left out: Cholesky's factorisation where it fits into the memory, else conjugate gradients. */
  readonly solver?: "auto" | SolverName;
  /** ‖y − (K + noise) α‖ ÷ ‖y‖ that conjugate gradients come to; 1e-7 where left out. */
  readonly tolerance?: number;
  /** Bytes that matrices may take; 4 GiB where left out. */
  readonly memory?: number;
  /** Rank of the preconditioner; chosen where left out. */
  readonly rank?: number;
}

/** Operations by kind. */
export interface Flops {
  /** Of compiled covariances, and of products without a matrix. */
  readonly covariance: number;
  readonly product: number;
  /** Of factorisations, and of the substitutions with their factors. */
  readonly dense: number;
  readonly vector: number;
  /** Of a preconditioner's columns with one another, and with vectors. */
  readonly columns: number;
  readonly projection: number;
}

/** A solver that was looked at. */
export interface Candidate {
  readonly solver: SolverName;
  /** Bytes of its matrices and vectors, apart from what the process has anyhow. */
  readonly bytes: number;
  readonly flops: Flops;
  /** Of conjugate gradients: columns of the preconditioner, and expected iterations. */
  readonly rank: number;
  readonly iterations: number;
}

export interface Choice extends Candidate {
  readonly tolerance: number;
  /** The others, and why they weren't taken. */
  readonly rejected: readonly (Candidate & { readonly why: string })[];
}

export const DEFAULT_TOLERANCE = 1e-7;
export const DEFAULT_MEMORY = 4 * 2 ** 30;

/** How long an operation of each kind takes, about, in those of matrices with matrices. */
const WEIGHTS: Flops = { covariance: 20, product: 12, dense: 1, vector: 5, columns: 1, projection: 6 };
const weigh = (flops: Flops): number =>
  Object.entries(WEIGHTS).reduce((sum, [kind, weight]) => sum + weight * flops[kind as keyof Flops], 0);
/**
 * Rows of the few points that convergence is judged by, and the part of them, and the number, that their rank comes to.
 */
const SAMPLE_ROWS = 4000;
const SAMPLE_PART = 0.15;
const SAMPLE_RANK = 300;
/** Operations of kernels that the sample may take. */
const SAMPLE_FLOPS = 3e8;
/** The steepest power law of the rank by which the variance left is believed to go on falling. */
const STEEPEST = 1.5;
/** Columns that are looked at for each that is kept. */
const LOOKED_AT = 1.75;
/** The condition number of the preconditioned matrix, over the mean variance left: measured on force fields. */
const SPREAD = 5;

/**
 * Iterations to a relative residual where this mean variance is left, in units of the noise: the bound of Hestenes and
 * Stiefel's method.
 */
export function iterationsFor(mean: number, tolerance: number): number {
  return Math.max(1, Math.ceil(0.5 * Math.log(2 / tolerance) * Math.sqrt(1 + SPREAD * mean)));
}

export interface ChoiceRequest {
  readonly compiled: CompiledModel;
  readonly layout: Layout;
  readonly parameters: Parameters;
  readonly noise: Float64Array;
  readonly refinements: number;
  readonly options: SolverOptions;
}

/** Chooses. Throws OptionError for options out of range, and where nothing fits into the memory, saying what would. */
export function* choiceSteps(request: ChoiceRequest): Steps<Choice> {
  const { layout, options } = request;
  const { solver = "auto", tolerance = DEFAULT_TOLERANCE, memory = DEFAULT_MEMORY } = options;
  checkOptions(options);
  const direct = directCandidate(request);
  const fits = direct.bytes <= memory;
  if (solver === "cholesky" || (solver === "auto" && fits)) {
    if (!fits)
      throw new OptionError(
        `cholesky takes ${gigabytes(direct.bytes)} for ${layout.n} equations, ` +
          `more than the ${gigabytes(memory)} of --memory: ${wayOut(request, memory)}`,
      );
    return { ...direct, tolerance, rejected: [] };
  }
  const iterative = yield* iterativeSteps(request, tolerance, memory);
  if (iterative === undefined)
    throw new OptionError(
      `${layout.n} equations don't fit into ${gigabytes(memory)} by any solver: ${wayOut(request, memory)}`,
    );
  const why = fits
    ? "cg was asked for"
    : `takes ${gigabytes(direct.bytes)}, more than the ${gigabytes(memory)} of --memory`;
  return { ...iterative, tolerance, rejected: [{ ...direct, why }] };
}

/** What conjugate gradients would take, for a comparison that the choice itself doesn't need. */
export function* alternativeSteps(request: ChoiceRequest, choice: Choice): Steps<Choice> {
  const { memory = DEFAULT_MEMORY } = request.options;
  if (choice.solver !== "cholesky" || request.layout.n < 64) return choice;
  const iterative = yield* iterativeSteps(request, choice.tolerance, memory);
  if (iterative === undefined) return choice;
  return {
    ...choice,
    rejected: [...choice.rejected, { ...iterative, why: "cholesky fits into the memory, and solves to rounding" }],
  };
}

function checkOptions({ solver, tolerance, memory, rank }: SolverOptions): void {
  if (solver !== undefined && !["auto", "cholesky", "cg"].includes(solver))
    throw new OptionError(`solver: expected auto, cholesky or cg, found ${JSON.stringify(solver)}`);
  if (tolerance !== undefined && !(tolerance > 0 && tolerance < 1))
    throw new OptionError(`tolerance: expected a relative residual between 0 and 1, found ${tolerance}`);
  if (memory !== undefined && !(memory > 0))
    throw new OptionError(`memory: expected a number of bytes above 0, found ${memory}`);
  if (rank !== undefined && !(Number.isSafeInteger(rank) && rank >= 0))
    throw new OptionError(`rank: expected a whole number from 0, found ${rank}`);
}

export const gigabytes = (bytes: number): string =>
  bytes >= 1e8 ? `${(bytes / 1e9).toPrecision(2)} GB` : `${Math.ceil(bytes / 1e6)} MB`;

/** What would fit: fewer points, the other solver, more memory. */
function wayOut({ layout }: ChoiceRequest, memory: number): string {
  const points = layout.blocks.reduce((sum, block) => sum + block.count, 0);
  const fewer = Math.floor(points * Math.sqrt(memory / directBytes(layout.n)));
  return (
    `${Math.max(1, fewer)} training points in place of ${points} would fit, or --solver cg, ` +
    `or --memory ${Math.ceil(directBytes(layout.n) / 1e9)} (GB)`
  );
}

/** Bytes of the direct solver: tiles, and a few vectors. */
export function directBytes(n: number): number {
  const padded = n + TILE;
  return 4 * padded * padded + 80 * n;
}

/** Bytes of the iterative one: columns, the inner matrix, and a dozen vectors. */
export function iterativeBytes(n: number, rank: number): number {
  return 8 * n * (rank + 12) + 4 * rank * rank;
}

/** Operations of a block of every pair of groups: `covariance` for the lower triangle, `apply` for all. */
function kernelFlops({ compiled, layout }: ChoiceRequest, kind: "covariance" | "apply"): number {
  let flops = 0;
  for (const row of layout.blocks) {
    for (const col of layout.blocks) {
      const cost = pairFlops(compiled, kind, row, col);
      flops += cost.row * row.count + cost.column * col.count + cost.pair * row.count * col.count;
    }
  }
  return flops;
}

/** Operations of a pair; of a compiled model that can't say, a guess from the sizes of its values. */
export function pairFlops(compiled: CompiledModel, kind: "covariance" | "apply", row: Block, col: Block): PairFlops {
  return (
    compiled.pairs?.flops(kind, row.label, col.label) ?? {
      row: 0,
      column: 0,
      pair: 20 * row.components * col.components,
    }
  );
}

function directCandidate(request: ChoiceRequest): Candidate {
  const { n } = request.layout;
  const products = (1 + request.refinements) * kernelFlops(request, "apply");
  return {
    solver: "cholesky",
    bytes: directBytes(n),
    rank: 0,
    iterations: request.refinements,
    flops: {
      covariance: kernelFlops(request, "covariance") / 2,
      product: products,
      dense: n ** 3 / 3,
      vector: 2 * (request.refinements + 11) * n * n,
      columns: 0,
      projection: 0,
    },
  };
}

function* iterativeSteps(request: ChoiceRequest, tolerance: number, memory: number): Steps<Candidate | undefined> {
  const { layout, options } = request;
  const { n } = layout;
  const remainders = yield* sampleSteps(request);
  const product = kernelFlops(request, "apply");
  const columns = kernelFlops(request, "covariance") / n;
  const at = (rank: number): Candidate => {
    // A power law doesn't know that nothing is left at full rank.
    const iterations = iterationsFor((1 - (rank / n) ** 2) * meanAt(remainders, rank), tolerance);
    const flops = {
      covariance: LOOKED_AT * columns * rank,
      product: product * (1.02 * iterations + 1),
      dense: rank ** 3 / 3,
      vector: (2 * rank * rank + 20 * n) * iterations,
      columns: 2 * n * rank * rank,
      projection: 4 * n * rank * iterations,
    };
    return { solver: "cg", rank, iterations, bytes: iterativeBytes(n, rank), flops };
  };
  if (options.rank !== undefined) return at(Math.min(n, options.rank));
  let best: Candidate | undefined;
  for (let rank = Math.min(n, 8); ; rank = Math.min(n, Math.ceil(1.2 * rank))) {
    const candidate = at(rank);
    if (candidate.bytes > memory) break;
    if (best === undefined || weigh(candidate.flops) < weigh(best.flops)) best = candidate;
    if (rank === n) break;
  }
  return best;
}

/** How the variance left falls with the rank, on training points evenly spaced. */
function* sampleSteps(request: ChoiceRequest): Steps<readonly Remainder[]> {
  const { compiled, parameters, layout: whole } = request;
  // Twice the points take about twice the operations, as the rank is limited.
  const cost = (LOOKED_AT * SAMPLE_RANK * kernelFlops(request, "covariance")) / whole.n;
  const { layout, rows } = sampleOf(request, Math.min(SAMPLE_ROWS, whole.n * (SAMPLE_FLOPS / cost)));
  const noise = Float64Array.from(rows, (row) => request.noise[row]!);
  // A part of the points shows too fast a fall at ranks that come near to their number; all of them show what there is.
  const rank = Math.ceil(Math.min(SAMPLE_RANK, layout.n === whole.n ? layout.n : SAMPLE_PART * layout.n));
  const { remainders } = yield* inPhase(
    "choice of the rank",
    preconditionerSteps({ compiled, layout, parameters, noise, executor: new InProcessExecutor(), rank }),
  );
  return remainders;
}

/**
 * A few points of each group, about so many rows in all: a layout of their own, and the rows that they have in the
 * whole.
 */
export function sampleOf(
  { compiled, layout }: Pick<ChoiceRequest, "compiled" | "layout">,
  size: number,
): { layout: Layout; rows: number[] } {
  const share = Math.min(1, size / layout.n);
  const rows: number[] = [];
  let start = 0;
  const blocks = layout.blocks.map((block): Block => {
    const count = Math.max(1, Math.round(share * block.count));
    const picked = Array.from({ length: count }, (_, s) => Math.floor((s * block.count) / count));
    for (const point of picked)
      for (let c = 0; c < block.components; c++) rows.push(block.start + point * block.components + c);
    const made = {
      ...block,
      count,
      start,
      points: joinPoints(picked.map((point) => slicePoints(compiled, block, point, point + 1))),
    };
    start += count * block.components;
    return made;
  });
  return { layout: { blocks, n: start }, rows };
}

/** The mean variance left at a rank: between what was seen, and beyond it by the power law of its second half. */
export function meanAt(remainders: readonly Remainder[], rank: number): number {
  const seen = remainders.filter(({ mean }, k) => k === 0 || mean > 0);
  const next = seen.findIndex((item) => item.rank >= rank);
  const last = seen.at(-1)!;
  const line = (a: Remainder, b: Remainder): number => {
    if (a.rank === b.rank || a.rank === 0) return Math.min(a.mean, b.mean);
    const slope = Math.max(-STEEPEST, Math.log(b.mean / a.mean) / Math.log(b.rank / a.rank));
    return b.mean * (rank / b.rank) ** slope;
  };
  if (next === 0) return seen[0]!.mean;
  if (next > 0) return line(seen[next - 1]!, seen[next]!);
  const middle = seen.find((item) => item.rank >= last.rank / 2) ?? last;
  return line(middle, last);
}
