/**
 * The preconditioner of conjugate gradients: a partial Cholesky factorisation of K. In: points, noise, a rank. Out:
 * P⁻¹.
 * Columns of K are chosen where most variance is left, a few training points at a time, until the rank is reached; then
 * P = L Lᵀ + noise is inverted, see woodbury.ts. Everything is scaled by the noise, so that what is inverted is
 * I + L̃ᵀL̃, whose smallest eigenvalue is 1 whatever the noise. The rows of a few points are factored with pivoting in
 * the caller's thread; all other work is of matrices with matrices, and done by an executor.
 *
 * Pivoted partial Cholesky: Harbrecht, Peters, Schneider, Appl. Numer. Math. 62 (2012) 428. Its use for force fields,
 * and why
 * convergence becomes superlinear: Blücher, Müller, Chmiela, J. Chem. Theory Comput. 19 (2023) 4619.
 */
import type { CompiledModel, Parameters, Points } from "../compiled.ts";
import { inOrder } from "../executors/executor.ts";
import type { BlockExecutor, Task } from "../executors/executor.ts";
import { joinPoints, slicePoints } from "../fit/layout.ts";
import type { Layout } from "../fit/layout.ts";
import { choleskySteps } from "../linalg/cholesky.ts";
import { TILE } from "../linalg/packed.ts";
import type { Step, Steps } from "../fit/steps.ts";
import { Columns, widthOf } from "./columns.ts";
import type { ColumnBlock } from "./columns.ts";
import { choosePivots, triangleOf } from "./pivots.ts";
import { PairTasks } from "./program.ts";
import { Preconditioner } from "./woodbury.ts";
import type { Remainder } from "./woodbury.ts";

/** Candidates whose variance left is below this part of the largest are passed over: they'd be bought for little. */
const WORTH = 0.01;
/**
 * Rows that are looked at together: so many, or this part of the rank, as choices get worse with many; a tile's at
 * most.
 */
const BATCH = { least: 16, part: 1 / 8 };
/** Rows of a task for covariances. */
const CHUNK_ROWS = 2048;
/** The mean variance left, in units of the noise, below which more columns change nothing. */
const ENOUGH = 0.02;

/** Where a factorisation stands between two batches of points: all that a later one needs to go on to the same bits. */
export interface ColumnStore {
  readonly blocks: readonly ColumnBlock[];
  /** Points looked at, by number, in the present round. */
  readonly used: readonly number[];
  /** What is left of the diagonal, in units of the noise. */
  readonly left: Float64Array;
}

export interface PreconditionerRequest {
  readonly compiled: CompiledModel;
  readonly layout: Layout;
  readonly parameters?: Parameters | undefined;
  readonly noise: Float64Array;
  readonly executor: BlockExecutor;
  readonly rank: number;
  /** Where an earlier run was; its blocks become this one's. */
  readonly resume?: ColumnStore | undefined;
  /** Called between batches, when all that is needed to go on is at hand. */
  readonly pause?: ((state: ColumnStore) => void) | undefined;
}

/**
 * Makes the preconditioner. Its rank is the one asked for, or less where what is left of K is below the noise, or where
 * no training points are left to choose.
 */
export function* preconditionerSteps(request: PreconditionerRequest): Steps<Preconditioner> {
  const builder = new Builder(request);
  yield* builder.diagonalSteps();
  for (;;) {
    request.pause?.(builder.state());
    const batch = builder.nextPoints();
    if (batch.length === 0) break;
    yield* builder.batchSteps(batch);
  }
  return yield* builder.finishSteps();
}

/** A training point, by group and number. */
interface Candidate {
  readonly group: number;
  readonly point: number;
  readonly row: number;
  readonly index: number;
}

class Builder {
  private readonly request: PreconditionerRequest;
  private readonly tasks: PairTasks;
  private readonly scale: Float64Array;
  private readonly columns: Columns;
  /** What is left of the diagonal of the scaled matrix. */
  private left: Float64Array;
  private readonly candidates: readonly Candidate[];
  private readonly used = new Set<number>();
  private readonly remainders: Remainder[] = [];

  constructor(request: PreconditionerRequest) {
    this.request = request;
    const { compiled, layout, noise, parameters, executor } = request;
    this.tasks = new PairTasks(compiled, layout, parameters);
    this.scale = new Float64Array(noise.length);
    this.left = new Float64Array(layout.n);
    this.columns = new Columns(layout.n, executor);
    let index = 0;
    this.candidates = layout.blocks.flatMap(({ count, start, components }, group) =>
      Array.from({ length: count }, (_, point) => ({ group, point, row: start + point * components, index: index++ })),
    );
  }

  private points({ group, point }: Candidate): Points {
    return slicePoints(this.request.compiled, this.request.layout.blocks[group]!, point, point + 1);
  }

  private rows({ row, group }: Candidate): number[] {
    return Array.from({ length: this.request.layout.blocks[group]!.components }, (_, c) => row + c);
  }

  private readonly step = (): Step => ({ phase: "preconditioner", done: this.columns.rank, total: this.request.rank });

  *diagonalSteps(): Steps<void> {
    const { layout, executor, noise, resume } = this.request;
    const { candidates, left } = this;
    const tasks = function* (builder: Builder): Generator<Task> {
      for (const candidate of candidates)
        yield builder.tasks.covariance(
          candidate.group,
          builder.points(candidate),
          candidate.group,
          builder.points(candidate),
        );
    };
    const keep = ([block]: readonly Float64Array[], k: number): void => {
      const { row, group } = candidates[k]!;
      const size = layout.blocks[group]!.components;
      for (let c = 0; c < size; c++) left[row + c] = Math.max(0, block![c * size + c]!);
    };
    yield* inOrder(executor, tasks(this), keep, this.step);
    // Rows without noise: as much as rounding of the diagonal amounts to; the preconditioner alone sees it.
    const floor = Number.EPSILON * left.reduce((best, value) => Math.max(best, value), Number.MIN_VALUE);
    for (let i = 0; i < noise.length; i++) {
      this.scale[i] = 1 / Math.sqrt(Math.max(noise[i]!, floor));
      left[i]! *= this.scale[i]! ** 2;
    }
    if (resume !== undefined) {
      this.columns.blocks.push(...resume.blocks);
      resume.used.forEach((index) => this.used.add(index));
      this.left = resume.left.slice();
    }
    this.remainders.push({ rank: this.columns.rank, mean: this.mean() });
  }

  state(): ColumnStore {
    return { blocks: [...this.columns.blocks], used: [...this.used], left: this.left.slice() };
  }

  private mean(): number {
    return this.left.reduce((sum, value) => sum + value, 0) / this.left.length;
  }

  /** The variance left from which on a column is worth having. */
  private cut(): number {
    return WORTH * this.left.reduce((best, value) => Math.max(best, value), 0);
  }

  /**
   * The points with most variance left that weren't looked at; when all were, a second round begins. None where the
   * work is done.
   */
  nextPoints(): Candidate[] {
    const { layout, rank } = this.request;
    if (this.columns.rank >= rank || this.remainders.at(-1)!.mean < ENOUGH) return [];
    const cut = this.cut();
    const variance = ({ row, group }: Candidate): number => {
      const rows = this.left.subarray(row, row + layout.blocks[group]!.components);
      return rows.some((value) => value > cut) ? rows.reduce((sum, value) => sum + value, 0) : 0;
    };
    const worthy = this.candidates
      .map((candidate) => ({ candidate, variance: variance(candidate) }))
      .filter((item) => item.variance > 0);
    if (worthy.every(({ candidate }) => this.used.has(candidate.index))) this.used.clear();
    const open = worthy.filter(({ candidate }) => !this.used.has(candidate.index));
    open.sort((a, b) => b.variance - a.variance || a.candidate.index - b.candidate.index);
    const { group } = open[0]?.candidate ?? { group: 0 };
    const most = Math.min(TILE, Math.max(BATCH.least, BATCH.part * rank));
    const other = open.findIndex(({ candidate }) => candidate.group !== group);
    const count = Math.max(1, Math.floor(most / layout.blocks[group]!.components));
    return open.slice(0, other < 0 ? count : Math.min(count, other)).map(({ candidate }) => candidate);
  }

  /** Adds the columns of a batch of points that are worth it. */
  *batchSteps(batch: readonly Candidate[]): Steps<void> {
    const { left, columns } = this;
    const cut = this.cut();
    const rows = batch.flatMap((candidate) => this.rows(candidate));
    const matrix = yield* this.ownSteps(batch, rows);
    // The diagonal as it was subtracted here tells more than the sums of squares that were taken from it.
    rows.forEach((row, k) => (left[row] = Math.min(left[row]!, Math.max(0, matrix[k * rows.length + k]!))));
    const pivots = choosePivots(matrix, rows.length, cut, this.request.rank - columns.rank);
    const blocks = Array.from({ length: Math.ceil(pivots.order.length / TILE) }, (_, b) =>
      columns.newBlock(pivots.order.slice(b * TILE, (b + 1) * TILE).map((k) => rows[k]!)),
    );
    if (blocks.length > 0) yield* this.covarianceSteps(batch, blocks);
    for (const [b, block] of blocks.entries()) {
      const triangle = triangleOf(pivots, b * TILE, b * TILE + block.pivots.length, widthOf(block));
      yield* columns.appendSteps(block, triangle, this.step);
      this.subtract(block);
    }
    batch.forEach(({ index }) => this.used.add(index));
  }

  /** What is left of the scaled matrix among the rows of a batch. */
  private *ownSteps(batch: readonly Candidate[], rows: readonly number[]): Steps<Float64Array> {
    const { group } = batch[0]!,
      size = rows.length;
    const points = joinPoints(batch.map((candidate) => this.points(candidate)));
    const matrix = new Float64Array(size * size);
    const keep = ([values]: readonly Float64Array[]): void => {
      for (let r = 0; r < size; r++)
        for (let c = 0; c < size; c++)
          matrix[r * size + c] = values![r * size + c]! * this.scale[rows[r]!]! * this.scale[rows[c]!]!;
    };
    yield* inOrder(this.request.executor, [this.tasks.covariance(group, points, group, points)], keep, this.step);
    yield* this.columns.subtractSteps(matrix, rows, this.step);
    return matrix;
  }

  /** Takes the squares of new columns from what is left of the diagonal, and notes the mean after each of them. */
  private subtract(block: ColumnBlock): void {
    const { left, columns } = this,
      { pivots } = block;
    const squares = new Float64Array(pivots.length);
    for (let i = 0; i < left.length; i++) {
      const row = columns.row(block, i);
      let sum = 0;
      for (let c = 0; c < squares.length; c++) {
        const square = row[c]! * row[c]!;
        squares[c]! += square;
        sum += square;
      }
      left[i] = Math.max(0, left[i]! - sum);
    }
    for (const pivot of pivots) left[pivot] = 0;
    let mean = this.mean();
    const noted = Array.from(
      squares,
      (_, c): Remainder => ({
        rank: columns.rank - c,
        mean: (mean += c === 0 ? 0 : squares[squares.length - c]! / left.length),
      }),
    );
    this.remainders.push(...noted.reverse());
  }

  /**
   * Fills blocks with the columns of the scaled covariance matrix that belong to their pivots, which are rows of points
   * of the batch.
   */
  private *covarianceSteps(batch: readonly Candidate[], blocks: readonly ColumnBlock[]): Steps<void> {
    const { compiled, layout, executor } = this.request;
    const { columns, scale } = this,
      { group } = batch[0]!;
    const wanted = new Set(blocks.flatMap(({ pivots }) => pivots));
    const touched = batch.filter((candidate) => this.rows(candidate).some((row) => wanted.has(row)));
    const place = new Map(touched.flatMap((candidate) => this.rows(candidate)).map((row, c) => [row, c]));
    const y = joinPoints(touched.map((candidate) => this.points(candidate)));
    const starts: number[] = [];
    const tasks = function* (tasksOf: PairTasks): Generator<Task> {
      for (const [r, block] of layout.blocks.entries()) {
        const size = Math.max(1, Math.floor(CHUNK_ROWS / block.components));
        for (let from = 0; from < block.count; from += size) {
          starts.push(block.start + from * block.components);
          yield tasksOf.covariance(r, slicePoints(compiled, block, from, Math.min(block.count, from + size)), group, y);
        }
      }
    };
    const keep = ([values]: readonly Float64Array[], k: number): void => {
      for (const block of blocks) {
        const from = block.pivots.map((pivot) => place.get(pivot)!),
          scales = block.pivots.map((pivot) => scale[pivot]!);
        for (let at = 0, row = starts[k]!; at < values!.length; at += place.size, row++) {
          const target = columns.row(block, row);
          for (let c = 0; c < from.length; c++) target[c] = values![at + from[c]!]! * scale[row]! * scales[c]!;
        }
      }
    };
    yield* inOrder(executor, tasks(this.tasks), keep, this.step);
  }

  /** I + L̃ᵀL̃, factored. */
  *finishSteps(): Steps<Preconditioner> {
    const { columns, remainders, scale } = this;
    if (columns.rank === 0) return new Preconditioner(columns, remainders, scale, undefined);
    const total = columns.order;
    const gram = yield* columns.gramSteps((part) => ({
      phase: "preconditioner's inner matrix",
      done: part * total,
      total,
    }));
    return new Preconditioner(
      columns,
      remainders,
      scale,
      yield* choleskySteps(gram, { executor: this.request.executor }),
    );
  }
}
