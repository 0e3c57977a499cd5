/**
 * The matrix-free solver. In: a request. Out: α by preconditioned conjugate gradients.
 * K is never stored: products with it are contractions, and the preconditioner holds as many of its columns as the
 * choice
 * says. A checkpoint is those columns, each written once, and the few vectors that go on from one iteration to the
 * next.
 */
import { kept } from "../fit/checkpoint.ts";
import type { LogRecord } from "../fit/checkpoint.ts";
import { clock } from "../fit/steps.ts";
import type { Steps } from "../fit/steps.ts";
import { cgSteps } from "./cg.ts";
import type { CgState } from "./cg.ts";
import { Columns, widthOf } from "./columns.ts";
import type { ColumnBlock } from "./columns.ts";
import { preconditionerSteps } from "./preconditioner.ts";
import type { ColumnStore } from "./preconditioner.ts";
import { KernelProduct } from "./product.ts";
import type { Solution, SolveRequest } from "./request.ts";
import { largest } from "./vectors.ts";

/**
 * Iterations after which the search is given up, where nothing else is said: so many times what was expected, and some.
 */
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
    compiled,
    layout,
    parameters,
    noise,
    executor,
    rank: choice.rank,
    resume: keeper.columns,
    pause: (columns) => keeper.built(columns),
  });
  const prepared = clock();
  const result = yield* cgSteps({
    product: new KernelProduct(compiled, layout, executor, parameters),
    noise,
    y,
    tolerance: choice.tolerance,
    expected: choice.iterations,
    limit: LIMIT.factor * choice.iterations + LIMIT.more,
    precondition: (r, step) => preconditioner.applySteps(r, step),
    resume: keeper.search,
    pause: (state) => keeper.searched(state),
  });
  if (result.stalled) {
    notice(
      `rounding stops conjugate gradients at a residual of ${result.relative.toExponential(1)}, ` +
        `above the tolerance of ${choice.tolerance.toExponential(1)}: a larger noise gives more digits`,
    );
  }
  const scale = largest(y) === 0 ? 1 : largest(y);
  return {
    alpha: result.alpha,
    residual: largest(result.rest) / scale,
    iterations: result.iterations,
    seconds: { assembly: prepared - begin, solve: clock() - prepared },
  };
}

const SEARCH = ["alpha", "residual", "direction"] as const;
const COUNTS = ["energy", "iterations", "restarts", "best", "since", "started", "checked"] as const;

/**
 * Knows which blocks of columns the log has, and brings it and the state up to date. Blocks are written in their order,
 * as many as
 * time allows; those that the log lacks are made again, of the same bits, before the search goes on.
 */
class ColumnKeeper {
  /** Columns of an earlier run, and its search where it had begun. */
  readonly columns: ColumnStore | undefined;
  readonly search: CgState | undefined;
  private readonly request: SolveRequest;
  /** What the log has; then the states after each batch that it lacks. */
  private logged: ColumnStore;
  private pending: ColumnStore[] = [];
  private going: CgState | undefined;

  constructor(request: SolveRequest) {
    this.request = request;
    this.logged = { blocks: [], used: [], left: new Float64Array(0) };
    const { resume } = request;
    const blocks =
      resume === undefined ? undefined : this.readBlocks(resume.arrays["pivots"]!, resume.arrays["counts"]!);
    if (resume?.phase === "cg") {
      const numbers = Object.fromEntries(COUNTS.map((name) => [name, resume.numbers[name]!])) as Record<
        (typeof COUNTS)[number],
        number
      >;
      const [alpha, residual, direction] = SEARCH.map((name) => resume.arrays[name]!) as [
        Float64Array,
        Float64Array,
        Float64Array,
      ];
      this.search = { ...numbers, alpha, residual, direction };
    }
    // Without all the blocks that the state speaks of, or with none, columns begin anew.
    if (blocks === undefined || blocks.length === 0) return;
    this.columns = this.logged = { blocks, used: [...resume!.arrays["used"]!], left: resume!.arrays["left"]! };
  }

  /** The blocks of these pivots, so many in each, from the log; undefined where it lacks any. */
  private readBlocks(pivots: Float64Array, counts: Float64Array): ColumnBlock[] | undefined {
    const { layout, executor, checkpoints } = this.request;
    const columns = new Columns(layout.n, executor);
    let start = 0;
    const blocks = [...counts].map((count) => columns.newBlock([...pivots.subarray(start, (start += count))]));
    const missing = new Set(blocks.flatMap(({ chunks }) => chunks));
    for (const {
      key: [b, chunk, pivot],
      data,
    } of checkpoints!.log()) {
      const target = blocks[b]?.chunks[chunk];
      if (target === undefined || blocks[b]!.pivots[0] !== pivot || target.length !== data.length) continue;
      target.set(data);
      missing.delete(target);
    }
    return missing.size === 0 ? blocks : undefined;
  }

  /** Called between batches of columns. */
  built(columns: ColumnStore): void {
    if (columns.blocks.length > this.logged.blocks.length) this.pending.push(columns);
    this.offer();
  }

  /** Called between iterations. */
  searched(state: CgState): void {
    this.going = state;
    this.offer();
  }

  /** Bytes of the columns that a state has and the log lacks. */
  private bytesOf({ blocks }: ColumnStore): number {
    return (
      8 *
      this.request.layout.n *
      blocks.slice(this.logged.blocks.length).reduce((sum, block) => sum + widthOf(block), 0)
    );
  }

  private offer(): void {
    const { checkpoints, layout } = this.request,
      next = this.pending[0];
    const vectors = 8 * layout.n * (1 + (this.going === undefined ? 0 : SEARCH.length));
    // In the search its vectors are worth a checkpoint by themselves; before it, only whole batches of columns are.
    if (this.going === undefined && next === undefined) return;
    const least = this.going === undefined ? vectors + this.bytesOf(next!) : vectors;
    if (checkpoints?.due(least) === true)
      this.write(Math.max(least, checkpoints.allowance(vectors + this.pendingBytes())) - vectors);
  }

  private pendingBytes(): number {
    const last = this.pending.at(-1);
    return last === undefined ? 0 : this.bytesOf(last);
  }

  /** Writes a checkpoint now. */
  flush(): void {
    this.write(this.request.checkpoints?.parting(this.pendingBytes()) ?? 0);
  }

  /** Writes the state, and so many bytes of columns. */
  private write(bytes: number): void {
    const { checkpoints } = this.request;
    const going = this.going ?? this.search,
      store = this.pending.findLast((state) => this.bytesOf(state) <= bytes) ?? this.logged;
    if (checkpoints === undefined || (going === undefined && store.blocks.length === 0)) return;
    const search = going === undefined ? {} : Object.fromEntries(SEARCH.map((name) => [name, going[name]]));
    const numbers = going === undefined ? {} : Object.fromEntries(COUNTS.map((name) => [name, going[name]]));
    const first = this.logged.blocks.length;
    const records = store.blocks
      .slice(first)
      .flatMap(({ pivots, chunks }, b) =>
        chunks.map((data, chunk): LogRecord => ({ key: [first + b, chunk, pivots[0]!], data })),
      );
    const arrays = {
      ...search,
      left: store.left,
      used: Float64Array.from(store.used),
      pivots: Float64Array.from(store.blocks.flatMap(({ pivots }) => pivots)),
      counts: Float64Array.from(store.blocks, ({ pivots }) => pivots.length),
    };
    if (!checkpoints.save({ phase: going === undefined ? "preconditioner" : "cg", numbers, arrays }, records)) return;
    this.logged = store;
    this.pending = this.pending.filter((state) => state.blocks.length > store.blocks.length);
  }
}
