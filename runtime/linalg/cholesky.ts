/**
 * The Cholesky factorisation. In: a symmetric positive definite matrix in tiles. Out: its factor, in the same tiles.
 * A tile takes the products of the tile columns left of it, in their order, and is then factored or solved: n³/3 FLOPs,
 * nearly
 * all in the micro-kernels. Tasks of a few tiles go to an executor as soon as what they read is there; whoever
 * works on them, each tile sees the same operations in the same order, so the factor has the same bits.
 * Golub and Van Loan, Matrix Computations, 4th ed., §4.2.
 */
import { NotPositiveDefiniteError } from "../errors.ts";
import { blocksOf, nextAnswer } from "../executors/executor.ts";
import type { BlockExecutor, Program } from "../executors/executor.ts";
import { InProcessExecutor } from "../executors/in_process.ts";
import { run } from "../fit/steps.ts";
import type { Drive, Step, Steps } from "../fit/steps.ts";
import { Agenda } from "./agenda.ts";
import type { TileWork } from "./agenda.ts";
import { TILE } from "./packed.ts";
import type { PackedLower } from "./packed.ts";
import { FINISH, tileProgram } from "./tile_program.ts";

/** L with L Lᵀ = A, and what is known of A. */
export interface Factor {
  /** The lower triangle of L; the tiles that held A. */
  readonly lower: PackedLower;
  /** ‖A‖₁. */
  readonly norm1: number;
}

export interface FactorOptions {
  /** Who works on tiles; the caller's own thread where left out. */
  readonly executor?: BlockExecutor | undefined;
  /** A factorisation that was begun, to be gone on with; its matrix is the one given. */
  readonly progress?: FactorProgress | undefined;
}

/**
 * How far a factorisation is: with the tiles, all there is to know of it at any step, so that it can be kept and gone
 * on with to the same bits.
 */
export interface FactorProgress {
  /** ‖A‖₁ and the largest diagonal entry of A. */
  readonly norm1: number;
  readonly largest: number;
  /** For tile (I, J), at I (I + 1) / 2 + J: the tile columns whose products it has taken, or J + 1 where it's done. */
  readonly applied: Uint16Array;
}

/**
 * Factors A in place; nothing is added to its diagonal. Where WebAssembly's SIMD is missing, TypeScript kernels do
 * it in the caller's thread at a quarter of the speed; their factor differs in its last digits.
 * @throws NotPositiveDefiniteError at the first pivot that isn't positive, with the row and a noise that should do;
 * the tiles are then of no use
 * @throws InterruptedError once the signal is set
 */
export function cholesky(matrix: PackedLower, drive: Drive = {}, options: FactorOptions = {}): Factor {
  return run(choleskySteps(matrix, options), drive);
}

/** The progress at the beginning. O(n²). */
export function beginFactor(matrix: PackedLower): FactorProgress {
  const progress = {
    norm1: matrix.norm1(),
    largest: largestDiagonal(matrix),
    applied: new Uint16Array((matrix.blocks * (matrix.blocks + 1)) / 2),
  };
  padDiagonal(matrix);
  return progress;
}

/** The same in steps, one for each task of a few tiles. At each step tiles and `progress` agree. */
export function* choleskySteps(
  matrix: PackedLower,
  { executor, progress = beginFactor(matrix) }: FactorOptions = {},
): Steps<Factor> {
  yield* new Factorisation(matrix, progress, executor ?? new InProcessExecutor()).steps();
  return { lower: matrix, norm1: progress.norm1 };
}

let factorisations = 0;

class Factorisation {
  private readonly matrix: PackedLower;
  private readonly progress: FactorProgress;
  private readonly program: Program = tileProgram();
  private readonly executor: BlockExecutor;
  private readonly agenda: Agenda;
  private readonly out = new Map<number, TileWork>();
  /** Names of final tiles, for executors that keep what they have seen. */
  private readonly prefix = `L${++factorisations} `;

  constructor(matrix: PackedLower, progress: FactorProgress, executor: BlockExecutor) {
    this.matrix = matrix;
    this.progress = progress;
    this.executor = executor;
    this.agenda = new Agenda(matrix.blocks, progress.applied);
  }

  *steps(): Steps<void> {
    const { executor, out, agenda } = this;
    try {
      while (!agenda.finished) {
        for (let unit = agenda.next(true); unit !== undefined; unit = agenda.next(out.size < executor.width)) {
          out.set(this.submit(unit), unit);
          if (out.size > 2 * executor.width) break;
        }
        if (out.size === 0) throw new Error("a factorisation has nothing to do and isn't done: a bug");
        const answer = yield* nextAnswer(executor, () => this.step());
        const unit = out.get(answer.ticket)!;
        out.delete(answer.ticket);
        this.commit(unit, blocksOf(answer));
        yield this.step();
      }
    } finally {
      executor.cancel(out.keys());
      executor.forget(this.prefix);
    }
  }

  private step(): Step {
    return { phase: "factorisation", done: this.agenda.done, total: this.agenda.total };
  }

  private submit(unit: TileWork): number {
    const { matrix } = this;
    const { rows, columns, from, to, finish } = unit;
    const isDiagonal = rows[0] === columns[0];
    const depths = Array.from({ length: to - from }, (_, k) => from + k);
    const done = (I: number, J: number) => ({ name: `${this.prefix}${I} ${J}`, data: matrix.tiles[I]![J]! });
    return this.executor.submit({
      program: this.program,
      run: "block",
      numbers: [
        FINISH[finish],
        isDiagonal ? 1 : 0,
        depths.length,
        columns.length,
        ...[...columns, ...rows].map((I) => matrix.height(I)),
      ],
      blocks: [
        ...this.targets(unit),
        ...depths.flatMap((k) => [...columns, ...(isDiagonal ? [] : rows)].map((I) => done(I, k))),
        ...(finish === "solve" ? columns.flatMap((J, j) => columns.slice(0, j + 1).map((m) => done(J, m))) : []),
      ],
    });
  }

  private targets({ rows, columns }: TileWork): Float64Array[] {
    return rows.flatMap((I) => columns.filter((J) => J <= I).map((J) => this.matrix.tiles[I]![J]!));
  }

  private commit(unit: TileWork, blocks: readonly Float64Array[]): void {
    const { matrix, progress } = this;
    const targets = this.targets(unit);
    targets.forEach((tile, t) => tile.set(blocks[t]!));
    const failed = unit.finish === "factor" ? blocks[targets.length]![0]! : -1;
    if (failed >= 0) {
      const row = unit.columns[0]! * TILE + failed;
      const pivot = matrix.get(row, row);
      throw new NotPositiveDefiniteError(row, pivot, sufficientNoise(matrix.n, progress.largest, pivot));
    }
    this.agenda.complete(unit);
  }
}

function largestDiagonal(matrix: PackedLower): number {
  let largest = 0;
  for (let i = 0; i < matrix.n; i++) largest = Math.max(largest, Math.abs(matrix.get(i, i)));
  return largest;
}

/** Rows that only fill the last tile get a pivot of 1. */
export function padDiagonal(matrix: PackedLower): void {
  const last = matrix.blocks - 1;
  const height = matrix.height(last);
  for (let r = matrix.rows(last); r < height; r++) matrix.tiles[last]![last]![r * height + r] = 1;
}

/**
 * A noise variance to propose where a pivot failed: what the pivot lacks, or what rounding can take away from the
 * smallest
 * eigenvalue (n · eps · the largest diagonal entry, Higham, Accuracy and Stability, theorem 10.7), tenfold, as a power
 * of ten.
 */
export function sufficientNoise(n: number, largestDiagonalEntry: number, pivot: number): number {
  const rounding = n * Number.EPSILON * largestDiagonalEntry;
  const needed = 10 * Math.max(rounding, Number.isFinite(pivot) ? -pivot : 0);
  return needed > 0 ? 10 ** Math.ceil(Math.log10(needed)) : Number.EPSILON;
}
