/**
 * The columns L of a partial Cholesky factorisation, n × rank. In: blocks of new columns. Out: those columns as L has
 * them; products with L.
 * L is kept in blocks of up to 128 columns and chunks of 512 rows, in memory that workers read without copies, and
 * nowhere twice:
 * a block is worked on in its place. Products are cut and added up in an order that depends on sizes alone.
 */
import { inOrder } from "../executors/executor.ts";
import type { BlockExecutor, Task } from "../executors/executor.ts";
import { ALIGN, PackedLower, TILE } from "../linalg/packed.ts";
import { rankProgram } from "../linalg/rank_program.ts";
import type { Step, Steps } from "../fit/steps.ts";

/** Rows of a chunk. */
const CHUNK = 4 * TILE;
/** Blocks on a side of a task for LᵀL, which holds so many of them twice and their products. */
const SIDE = 4;
/** Chunks of rows that such a task goes through. */
const RUN = 4;

/** Some columns of L. */
export interface ColumnBlock {
  /** Rows of the matrix that the columns were made from, in the order of the columns. */
  readonly pivots: readonly number[];
  /** By chunk of rows: [rows, width], zero in the columns that only fill up the width to a multiple of 4. */
  readonly chunks: readonly Float64Array[];
}

export const widthOf = ({ pivots }: Pick<ColumnBlock, "pivots">): number => Math.ceil(pivots.length / ALIGN) * ALIGN;

export class Columns {
  readonly n: number;
  readonly blocks: ColumnBlock[] = [];
  private readonly executor: BlockExecutor;
  private readonly scratch = new Map<string, Float64Array>();

  constructor(n: number, executor: BlockExecutor) {
    this.n = n;
    this.executor = executor;
  }

  /** Number of columns. */
  get rank(): number {
    return this.blocks.reduce((sum, { pivots }) => sum + pivots.length, 0);
  }

  /** The same with those that only fill up a block. */
  get order(): number {
    return this.blocks.reduce((sum, block) => sum + widthOf(block), 0);
  }

  /** A block of zeros for these pivots, not yet one of L's. 8 n bytes a column. */
  newBlock(pivots: readonly number[]): ColumnBlock {
    const chunks = Array.from({ length: Math.ceil(this.n / CHUNK) }, (_, I) =>
      this.executor.allocate(Math.min(CHUNK, this.n - I * CHUNK) * widthOf({ pivots })),
    );
    return { pivots, chunks };
  }

  /** A row of a block, as a view. */
  row({ pivots, chunks }: ColumnBlock, row: number): Float64Array {
    const width = widthOf({ pivots }),
      at = (row % CHUNK) * width;
    return chunks[Math.floor(row / CHUNK)]!.subarray(at, at + width);
  }

  /**
   * Some rows of each of L's blocks, one after the other, up to a number that may be larger. Good until the next call
   * for the same purpose.
   */
  private rows(purpose: string, rows: readonly number[], count: number): Float64Array[] {
    return this.blocks.map((block, b) => {
      const width = widthOf(block),
        found = this.reused(`${purpose} ${b}`, count * width);
      rows.forEach((row, k) => found.set(this.row(block, row), k * width));
      return found.fill(0, rows.length * width);
    });
  }

  /** Memory that workers share, used again and again: engines collect it late, as it isn't any thread's own. */
  private reused(name: string, length: number): Float64Array {
    let buffer = this.scratch.get(name);
    if (buffer?.length !== length) this.scratch.set(name, (buffer = this.executor.allocate(length)));
    return buffer;
  }

  /** matrix −= L[rows] L[rows]ᵀ in place, for a square matrix of the order of the rows. */
  *subtractSteps(matrix: Float64Array, rows: readonly number[], step: () => Step): Steps<void> {
    const count = rows.length,
      all = this.rows("all", rows, count),
      { blocks } = this;
    const froms = Array.from({ length: Math.ceil(count / TILE) }, (_, j) => j * TILE);
    const tasks = froms.map((from): Task => {
      const some = rows.slice(from, from + TILE),
        width = widthOf({ pivots: some }),
        right = this.rows(`right of ${from}`, some, width);
      const target = new Float64Array(count * width);
      for (let r = 0; r < count; r++)
        target.set(matrix.subarray(r * count + from, r * count + from + some.length), r * width);
      return this.extension(width, target, new Float64Array(0), blocks, all, right);
    });
    const keep = ([values]: readonly Float64Array[], j: number): void => {
      const from = froms[j]!,
        width = values!.length / count,
        end = Math.min(width, count - from);
      for (let r = 0; r < count; r++) matrix.set(values!.subarray(r * width, r * width + end), r * count + from);
    };
    yield* inOrder(this.executor, tasks, keep, step);
  }

  private extension(
    width: number,
    target: Float64Array,
    triangle: Float64Array,
    blocks: readonly ColumnBlock[],
    left: readonly Float64Array[],
    right: readonly Float64Array[],
  ): Task {
    return {
      program: rankProgram(),
      run: "extend",
      numbers: [width, ...blocks.map(widthOf)],
      blocks: [target, triangle, ...blocks.flatMap((_, k) => [left[k]!, right[k]!])],
    };
  }

  /**
   * Makes a block of columns of a matrix L's next one: subtracts what L has of them, solves against `triangle`, [width,
   * width], the factor of what is
   * then left at the pivots. 2 n · order · width FLOPs.
   */
  *appendSteps(block: ColumnBlock, triangle: Float64Array, step: () => Step): Steps<void> {
    const { blocks } = this,
      width = widthOf(block),
      right = this.rows("right", block.pivots, width);
    const tasks = function* (columns: Columns): Generator<Task> {
      for (const [I, target] of block.chunks.entries())
        yield columns.extension(
          width,
          target,
          triangle,
          blocks,
          blocks.map(({ chunks }) => chunks[I]!),
          right,
        );
    };
    yield* inOrder(this.executor, tasks(this), ([values], I) => block.chunks[I]!.set(values!), step);
    // What is known without rounding: nothing is left at earlier pivots, and the triangle stands at the block's own.
    for (const { pivots } of blocks) for (const pivot of pivots) this.row(block, pivot).fill(0);
    block.pivots.forEach((pivot, k) => this.row(block, pivot).set(triangle.subarray(k * width, (k + 1) * width)));
    blocks.push(block);
  }

  /** I + LᵀL, of the order of all columns. n · order² FLOPs. */
  *gramSteps(step: (part: number) => Step): Steps<PackedLower> {
    const gram = new PackedLower(this.order, (length) => this.executor.allocate(length));
    const plan = this.gramPlan();
    const tasks = function* (columns: Columns): Generator<Task> {
      for (const { left, right, from, to } of plan) yield columns.gramTask(left, right, from, to);
    };
    let sums: Float64Array[] = [];
    const add = (tiles: readonly Float64Array[], index: number): void => {
      const { left, right, isFirst, isLast } = plan[index]!;
      if (isFirst) sums = tiles.map((tile) => new Float64Array(tile.length));
      tiles.forEach((tile, t) => {
        for (let i = 0; i < tile.length; i++) sums[t]![i]! -= tile[i]!;
      });
      if (isLast) this.putTiles(gram, left, right, sums);
    };
    yield* inOrder(this.executor, tasks(this), add, (done) => step(done / plan.length));
    gram.addDiagonal(new Float64Array(gram.n).fill(1));
    return gram;
  }

  /** The tasks of LᵀL: groups of blocks on the left and on the right, and runs of chunks one after the other. */
  private gramPlan(): { left: number; right: number; from: number; to: number; isFirst: boolean; isLast: boolean }[] {
    const groups = Math.ceil(this.blocks.length / SIDE),
      chunks = Math.ceil(this.n / CHUNK),
      runs = Math.ceil(chunks / RUN);
    const range = (count: number): number[] => Array.from({ length: count }, (_, k) => k);
    return range(groups).flatMap((left) =>
      range(left + 1).flatMap((right) =>
        range(runs).map((run) => ({
          left,
          right,
          from: run * RUN,
          to: Math.min(chunks, (run + 1) * RUN),
          isFirst: run === 0,
          isLast: run === runs - 1,
        })),
      ),
    );
  }

  private group(index: number): ColumnBlock[] {
    return this.blocks.slice(index * SIDE, (index + 1) * SIDE);
  }

  private gramTask(left: number, right: number, from: number, to: number): Task {
    const [A, B] = [this.group(left), this.group(right)],
      sides = left === right ? A : [...A, ...B];
    const chunks = Array.from({ length: to - from }, (_, k) => from + k);
    return {
      program: rankProgram(),
      run: "gram",
      numbers: [left === right ? 1 : 0, A.length, B.length, ...sides.map(widthOf)],
      blocks: chunks.flatMap((I) => sides.map((block) => block.chunks[I]!)),
    };
  }

  private putTiles(gram: PackedLower, left: number, right: number, tiles: readonly Float64Array[]): void {
    const starts = this.starts();
    let next = 0;
    this.group(left).forEach((rows, i) =>
      this.group(right)
        .slice(0, left === right ? i + 1 : SIDE)
        .forEach((columns, j) =>
          gram.setBlock(
            starts[left * SIDE + i]!,
            starts[right * SIDE + j]!,
            tiles[next++]!,
            widthOf(rows),
            widthOf(columns),
          ),
        ),
    );
  }

  /** The first column of each block. */
  private starts(): number[] {
    let start = 0;
    return this.blocks.map((block) => (start += widthOf(block)) - widthOf(block));
  }

  /** Lᵀ x, of the length of all columns. 2 n · order FLOPs. */
  *projectSteps(x: Float64Array, step: () => Step): Steps<Float64Array> {
    const out = new Float64Array(this.order);
    const add = ([part]: readonly Float64Array[]): void => {
      for (let i = 0; i < out.length; i++) out[i]! += part![i]!;
    };
    yield* inOrder(
      this.executor,
      this.productTasks("project", (I) => x.slice(I * CHUNK, (I + 1) * CHUNK)),
      add,
      step,
    );
    return out;
  }

  /** L weights. 2 n · order FLOPs. */
  *combineSteps(weights: Float64Array, step: () => Step): Steps<Float64Array> {
    const out = new Float64Array(this.n),
      shared = this.reused("weights", weights.length);
    shared.set(weights);
    yield* inOrder(
      this.executor,
      this.productTasks("combine", () => shared),
      ([part], I) => out.set(part!, I * CHUNK),
      step,
    );
    return out;
  }

  private *productTasks(run: "project" | "combine", vector: (I: number) => Float64Array): Generator<Task> {
    const numbers = this.blocks.map(widthOf),
      program = rankProgram();
    for (let I = 0; I * CHUNK < this.n; I++)
      yield { program, run, numbers, blocks: [vector(I), ...this.blocks.map(({ chunks }) => chunks[I]!)] };
  }
}
