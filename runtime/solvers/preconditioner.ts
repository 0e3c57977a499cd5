/**
 * The preconditioner of conjugate gradients: a partial Cholesky factorisation of K. In: points, noise, a rank. Out: P⁻¹.
 * Columns of K are chosen where most variance is left, a few training points at a time, until the rank is reached; then
 * P = L Lᵀ + noise is inverted by Woodbury's identity. Everything is scaled by the noise, so that what is inverted is
 * I + L̃ᵀL̃, whose smallest eigenvalue is 1 whatever the noise.
 *
 * Pivoted partial Cholesky: Harbrecht, Peters, Schneider, Appl. Numer. Math. 62 (2012) 428. Its use for force fields, and why
 * convergence becomes superlinear: Blücher, Müller, Chmiela, J. Chem. Theory Comput. 19 (2023) 4619.
 */
import type { CompiledModel, Parameters, Points } from "../compiled.ts";
import { inOrder } from "../executors/executor.ts";
import type { BlockExecutor, Task } from "../executors/executor.ts";
import { joinPoints, slicePoints } from "../layout.ts";
import type { Layout } from "../layout.ts";
import { choleskySteps } from "../linalg/cholesky.ts";
import type { Factor } from "../linalg/cholesky.ts";
import { PackedLower } from "../linalg/packed.ts";
import { solve } from "../linalg/solve.ts";
import type { Step, Steps } from "../steps.ts";
import { PairTasks } from "./program.ts";
import { addCombination, dots, products4 } from "./vectors.ts";

/** Candidates whose variance left is below this part of the largest are passed over: they'd be bought for little. */
const WORTH = 0.01;
/** Columns looked at together, at least. */
const BATCH = 16;
/** Rows of a chunk of columns that is one task. */
const CHUNK_ROWS = 2048;
/** The mean variance left, in units of the noise, below which more columns change nothing. */
const ENOUGH = 0.02;

/** What was left of the diagonal, in units of the noise, as the rank grew. */
export interface Remainder { readonly rank: number; readonly mean: number }

export class Preconditioner {
  /** L̃ᵀ: one row a column of the factorisation, each of length n, in units of the noise. */
  readonly columns: readonly Float64Array[];
  /** How the factorisation went. */
  readonly remainders: readonly Remainder[];
  private readonly scale: Float64Array;
  private readonly inner: Factor | undefined;

  constructor(columns: readonly Float64Array[], remainders: readonly Remainder[], scale: Float64Array, inner: Factor | undefined) {
    this.columns = columns;
    this.remainders = remainders;
    this.scale = scale;
    this.inner = inner;
  }

  get rank(): number { return this.columns.length; }

  /** P⁻¹ r. 4 n · rank FLOPs. */
  apply(r: Float64Array): Float64Array {
    const scaled = r.map((value, i) => value * this.scale[i]!);
    if (this.inner !== undefined) {
      const weights = solve(this.inner, dots(this.columns, scaled));
      addCombination(scaled, this.columns, weights.map((value) => -value));
    }
    for (let i = 0; i < scaled.length; i++) scaled[i]! *= this.scale[i]!;
    return scaled;
  }
}

/** Where an interrupted factorisation stood, and where a later one may go on. */
export interface ColumnStore {
  /** Columns that an earlier run had finished. */
  readonly columns: readonly Float64Array[];
  /** The state before the next batch of points: pivots of the columns, points looked at. */
  readonly pivots: readonly number[];
  readonly used: readonly number[];
}

export interface PreconditionerRequest {
  readonly compiled: CompiledModel;
  readonly layout: Layout;
  readonly parameters?: Parameters | undefined;
  readonly noise: Float64Array;
  readonly executor: BlockExecutor;
  readonly rank: number;
  /** Columns of an earlier run to go on from. */
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
    yield* builder.columnSteps(batch);
  }
  return yield* builder.finishSteps();
}

/** A training point, by group and number. */
interface Candidate { readonly group: number; readonly point: number; readonly row: number; readonly index: number }

class Builder {
  private readonly request: PreconditionerRequest;
  private readonly tasks: PairTasks;
  private readonly scale: Float64Array;
  /** What is left of the diagonal of the scaled matrix. */
  private readonly left: Float64Array;
  private readonly columns: Float64Array[] = [];
  private readonly pivots: number[] = [];
  private readonly candidates: readonly Candidate[];
  private readonly used = new Set<number>();
  private readonly remainders: Remainder[] = [];

  constructor(request: PreconditionerRequest) {
    this.request = request;
    const { compiled, layout, noise, parameters } = request;
    this.tasks = new PairTasks(compiled, layout, parameters);
    this.scale = new Float64Array(noise.length);
    this.left = new Float64Array(layout.n);
    let index = 0;
    this.candidates = layout.blocks.flatMap(({ count, start, components }, group) =>
      Array.from({ length: count }, (_, point) => ({ group, point, row: start + point * components, index: index++ })));
  }

  private points({ group, point }: Candidate): Points {
    return slicePoints(this.request.compiled, this.request.layout.blocks[group]!, point, point + 1);
  }

  private step(): Step {
    return { phase: "preconditioner", done: this.columns.length, total: this.request.rank };
  }

  *diagonalSteps(): Steps<void> {
    const { layout, executor, noise } = this.request;
    const { candidates, left } = this;
    const tasks = function* (builder: Builder): Generator<Task> {
      for (const candidate of candidates) yield builder.tasks.covariance(candidate.group, builder.points(candidate), candidate.group, builder.points(candidate));
    };
    const keep = ([block]: readonly Float64Array[], k: number): void => {
      const { row, group } = candidates[k]!;
      const size = layout.blocks[group]!.components;
      for (let c = 0; c < size; c++) left[row + c] = Math.max(0, block![c * size + c]!);
    };
    yield* inOrder(executor, tasks(this), keep, () => this.step());
    // Rows without noise: as much as rounding of the diagonal amounts to; the preconditioner alone sees it.
    const floor = Number.EPSILON * left.reduce((best, value) => Math.max(best, value), Number.MIN_VALUE);
    for (let i = 0; i < noise.length; i++) {
      this.scale[i] = 1 / Math.sqrt(Math.max(noise[i]!, floor));
      left[i]! *= this.scale[i]! ** 2;
    }
    this.goOn();
    this.note();
  }

  /** Takes over the columns of an earlier run: the same subtractions in the same order, so the same bits. */
  private goOn(): void {
    const { resume } = this.request;
    if (resume === undefined) return;
    resume.columns.forEach((column, k) => this.keepColumn(column, resume.pivots[k]!));
    resume.used.forEach((index) => this.used.add(index));
  }

  state(): ColumnStore {
    return { columns: this.columns, pivots: this.pivots, used: [...this.used] };
  }

  private note(): void {
    this.remainders.push({ rank: this.columns.length, mean: this.left.reduce((sum, value) => sum + value, 0) / this.left.length });
  }

  /** The variance left from which on a column is worth having. */
  private cut(): number {
    return WORTH * this.left.reduce((best, value) => Math.max(best, value), 0);
  }

  /** The points with most variance left that weren't looked at; when all were, a second round begins. None where the work is done. */
  nextPoints(): Candidate[] {
    const { layout, rank } = this.request;
    if (this.columns.length >= rank || this.remainders.at(-1)!.mean < ENOUGH) return [];
    const cut = this.cut();
    const variance = ({ row, group }: Candidate): number => {
      const rows = this.left.subarray(row, row + layout.blocks[group]!.components);
      return rows.some((value) => value > cut) ? rows.reduce((sum, value) => sum + value, 0) : 0;
    };
    const worthy = this.candidates.map((candidate) => ({ candidate, variance: variance(candidate) })).filter((item) => item.variance > 0);
    if (worthy.every(({ candidate }) => this.used.has(candidate.index))) this.used.clear();
    const open = worthy.filter(({ candidate }) => !this.used.has(candidate.index));
    open.sort((a, b) => b.variance - a.variance || a.candidate.index - b.candidate.index);
    const batch: Candidate[] = [];
    let rows = 0;
    for (const { candidate } of open) {
      if (rows >= BATCH || (batch.length > 0 && candidate.group !== batch[0]!.group)) break;
      batch.push(candidate);
      rows += layout.blocks[candidate.group]!.components;
    }
    return batch;
  }

  /** Adds the columns of a batch of points that are worth it. */
  *columnSteps(batch: readonly Candidate[]): Steps<void> {
    const { layout, rank } = this.request;
    const { components } = layout.blocks[batch[0]!.group]!;
    const cut = this.cut();
    const rows = batch.flatMap(({ row }) => Array.from({ length: components }, (_, c) => row + c));
    const raw = yield* this.covarianceSteps(batch);
    const before = this.columns.length;
    const open = new Map(rows.map((row, k) => [row, raw[k]!]).filter(([row]) => this.left[row as number]! > cut) as [number, Float64Array][]);
    for (const [row, column] of open) this.subtract(column, row, 0, before);
    while (open.size > 0 && this.columns.length < rank) {
      const row = [...open.keys()].reduce((best, other) => (this.left[other]! > this.left[best]! ? other : best));
      if (!(this.left[row]! > cut)) break;
      const column = open.get(row)!;
      open.delete(row);
      this.subtract(column, row, before, this.columns.length);
      const root = Math.sqrt(this.left[row]!);
      for (let i = 0; i < column.length; i++) column[i]! /= root;
      for (const pivot of this.pivots) column[pivot] = 0;
      column[row] = root;
      this.keepColumn(column, row);
      yield this.step();
    }
    batch.forEach(({ index }) => this.used.add(index));
    this.note();
  }

  private keepColumn(column: Float64Array, row: number): void {
    for (let i = 0; i < column.length; i++) this.left[i] = Math.max(0, this.left[i]! - column[i]! * column[i]!);
    this.left[row] = 0;
    this.columns.push(column);
    this.pivots.push(row);
  }

  /** column −= Σ over columns from … to − 1 of their entry at `row` times them. */
  private subtract(column: Float64Array, row: number, from: number, to: number): void {
    const rows = this.columns.slice(from, to);
    addCombination(column, rows, rows.map((other) => -other[row]!));
  }

  /** Columns of the scaled covariance matrix for all components of some points of one group. */
  private *covarianceSteps(batch: readonly Candidate[]): Steps<Float64Array[]> {
    const { compiled, layout, executor } = this.request;
    const { group } = batch[0]!;
    const { components } = layout.blocks[group]!;
    const columns = Array.from({ length: batch.length * components }, () => new Float64Array(layout.n));
    const y = joinPoints(batch.map((candidate) => this.points(candidate)));
    const places: number[] = [];
    const tasks = function* (tasksOf: PairTasks): Generator<Task> {
      for (const [r, block] of layout.blocks.entries()) {
        const size = Math.max(1, Math.floor(CHUNK_ROWS / block.components));
        for (let from = 0; from < block.count; from += size) {
          places.push(block.start + from * block.components);
          yield tasksOf.covariance(r, slicePoints(compiled, block, from, Math.min(block.count, from + size)), group, y);
        }
      }
    };
    const own = batch.flatMap(({ row }) => Array.from({ length: components }, (_, c) => row + c));
    const keep = ([values]: readonly Float64Array[], k: number): void => {
      const start = places[k]!;
      const width = columns.length;
      for (let i = 0; i < values!.length / width; i++) {
        const scale = this.scale[start + i]!;
        for (let c = 0; c < width; c++) columns[c]![start + i] = values![i * width + c]! * scale * this.scale[own[c]!]!;
      }
    };
    yield* inOrder(executor, tasks(this.tasks), keep, () => this.step());
    return columns;
  }

  /** I + L̃ᵀL̃, factored. */
  *finishSteps(): Steps<Preconditioner> {
    const { columns, remainders, scale } = this;
    const rank = columns.length;
    if (rank === 0) return new Preconditioner(columns, remainders, scale, undefined);
    const gram = new PackedLower(rank);
    const out = new Float64Array(16);
    for (let a = 0; a < rank; a += 4) {
      for (let b = 0; b <= a; b += 4) {
        products4(columns, a, b, out.fill(0));
        for (let r = 0; r < Math.min(4, rank - a); r++) for (let c = 0; c < Math.min(4, rank - b); c++) if (b + c <= a + r) gram.set(a + r, b + c, out[4 * r + c]!);
      }
      yield { phase: "preconditioner's inner matrix", done: a * a, total: rank * rank };
    }
    gram.addDiagonal(new Float64Array(rank).fill(1));
    return new Preconditioner(columns, remainders, scale, yield* choleskySteps(gram));
  }
}
