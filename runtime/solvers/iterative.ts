/**
 * The matrix-free solver. In: a request. Out: α by preconditioned conjugate gradients.
 * K is never stored: products with it are contractions, and the preconditioner holds as many of its columns as the choice
 * says. A checkpoint is those columns, each written once, and the few vectors that go on from one iteration to the next.
 */
import { kept } from "../checkpoint.ts";
import type { LogRecord } from "../checkpoint.ts";
import { clock } from "../steps.ts";
import type { Steps } from "../steps.ts";
import { cgSteps } from "./cg.ts";
import type { CgState } from "./cg.ts";
import { Columns } from "./columns.ts";
import type { ColumnBlock } from "./columns.ts";
import { preconditionerSteps } from "./preconditioner.ts";
import type { ColumnStore } from "./preconditioner.ts";
import { KernelProduct } from "./product.ts";
import type { Solution, SolveRequest } from "./request.ts";
import { largest } from "./vectors.ts";

/** Iterations after which the search is given up, where nothing else is said: so many times what was expected, and some. */
const LIMIT = { factor: 20, more: 2000 };

/**
 * Solves (K + noise) α = y to the tolerance of the choice.
 * @throws ConvergenceError where the residual doesn't come down to it
 */
export function* iterativeSteps(request: SolveRequest): Steps<Solution> {
  const keeper = new ColumnKeeper(request);
  return yield* kept(solveSteps(request, keeper), () => keeper.flush());
}

function* solveSteps(request: SolveRequest, keeper: ColumnKeeper): Steps<Solution> {
  const { compiled, layout, parameters, noise, y, executor, choice, notice } = request;
  const begin = clock();
  const preconditioner = yield* preconditionerSteps({
    compiled, layout, parameters, noise, executor, rank: choice.rank, resume: keeper.columns, pause: (columns) => keeper.built(columns),
  });
  const prepared = clock();
  const result = yield* cgSteps({
    product: new KernelProduct(compiled, layout, executor, parameters), noise, y, tolerance: choice.tolerance,
    expected: choice.iterations, limit: LIMIT.factor * choice.iterations + LIMIT.more,
    precondition: (r, step) => preconditioner.applySteps(r, step), resume: keeper.search, pause: (state) => keeper.searched(state),
  });
  if (result.stalled) {
    notice(`rounding stops conjugate gradients at a residual of ${result.relative.toExponential(1)}, above the tolerance of ${choice.tolerance.toExponential(1)}: a larger noise gives more digits`);
  }
  const scale = largest(y) === 0 ? 1 : largest(y);
  return {
    alpha: result.alpha, residual: largest(result.rest) / scale, iterations: result.iterations,
    seconds: { assembly: prepared - begin, solve: clock() - prepared },
  };
}

const SEARCH = ["alpha", "residual", "direction"] as const;
const COUNTS = ["energy", "iterations", "restarts", "best", "since", "started", "checked"] as const;

/** Knows which blocks of columns the log has, and brings it and the state up to date. */
class ColumnKeeper {
  /** Columns of an earlier run, and its search where it had begun. */
  readonly columns: ColumnStore | undefined;
  readonly search: CgState | undefined;
  private readonly request: SolveRequest;
  private latest: ColumnStore | undefined;
  private going: CgState | undefined;
  /** Blocks in the log. */
  private logged = 0;

  constructor(request: SolveRequest) {
    this.request = request;
    const { resume } = request;
    const blocks = resume === undefined ? undefined : this.readBlocks(resume.arrays["pivots"]!, resume.arrays["counts"]!);
    // Without all the columns that the state speaks of there's nothing to go on from.
    if (resume === undefined || blocks === undefined) return;
    this.logged = blocks.length;
    this.columns = { blocks, used: [...resume.arrays["used"]!], left: resume.arrays["left"]! };
    if (resume.phase !== "cg") return;
    const numbers = Object.fromEntries(COUNTS.map((name) => [name, resume.numbers[name]!])) as Record<(typeof COUNTS)[number], number>;
    const [alpha, residual, direction] = SEARCH.map((name) => resume.arrays[name]!) as [Float64Array, Float64Array, Float64Array];
    this.search = { ...numbers, alpha, residual, direction };
  }

  /** The blocks of these pivots, so many in each, from the log; undefined where it lacks any. */
  private readBlocks(pivots: Float64Array, counts: Float64Array): ColumnBlock[] | undefined {
    const { layout, executor, checkpoints } = this.request;
    const columns = new Columns(layout.n, executor);
    let start = 0;
    const blocks = [...counts].map((count) => columns.newBlock([...pivots.subarray(start, (start += count))]));
    const missing = new Set(blocks.flatMap(({ chunks }) => chunks));
    for (const { key: [b, chunk, pivot], data } of checkpoints!.log()) {
      const target = blocks[b]?.chunks[chunk];
      if (target === undefined || blocks[b]!.pivots[0] !== pivot || target.length !== data.length) continue;
      target.set(data);
      missing.delete(target);
    }
    return missing.size === 0 ? blocks : undefined;
  }

  /** Called between batches of columns. */
  built(columns: ColumnStore): void {
    this.latest = columns;
    this.offer();
  }

  /** Called between iterations. */
  searched(state: CgState): void {
    this.going = state;
    this.offer();
  }

  private offer(): void {
    const { checkpoints, layout } = this.request;
    const pending = this.latest!.blocks.slice(this.logged).reduce((sum, { pivots }) => sum + pivots.length, 1) + (this.going === undefined ? 0 : SEARCH.length);
    if (checkpoints?.due(8 * layout.n * pending) === true) this.flush();
  }

  /** Writes a checkpoint now. */
  flush(): void {
    const { checkpoints } = this.request;
    if (checkpoints === undefined || this.latest === undefined) return;
    const { blocks, used, left } = this.latest;
    const going = this.going ?? this.search;
    const search = going === undefined ? {} : Object.fromEntries(SEARCH.map((name) => [name, going[name]]));
    const numbers = going === undefined ? {} : Object.fromEntries(COUNTS.map((name) => [name, going[name]]));
    const records = blocks.slice(this.logged).flatMap(({ pivots, chunks }, b) => chunks.map((data, chunk): LogRecord => ({ key: [this.logged + b, chunk, pivots[0]!], data })));
    const arrays = {
      ...search, left, used: Float64Array.from(used),
      pivots: Float64Array.from(blocks.flatMap(({ pivots }) => pivots)), counts: Float64Array.from(blocks, ({ pivots }) => pivots.length),
    };
    if (checkpoints.save({ phase: going === undefined ? "preconditioner" : "cg", numbers, arrays }, records)) this.logged = blocks.length;
  }
}
