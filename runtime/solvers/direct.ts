/**
 * The direct solver. In: a request. Out: α by a Cholesky factorisation, then refined.
 * The residuals of refinement come from the very contractions that predictions are made of, never from the matrix. A
 * checkpoint is the tiles that changed since the last one; whatever order they were worked on, each is resumed where it was.
 */
import { assemblySteps, residualSteps } from "../assembly.ts";
import { kept } from "../checkpoint.ts";
import type { LogRecord } from "../checkpoint.ts";
import { NotPositiveDefiniteError } from "../errors.ts";
import { describeRow } from "../layout.ts";
import { beginFactor, choleskySteps } from "../linalg/cholesky.ts";
import type { Factor, FactorProgress } from "../linalg/cholesky.ts";
import { PackedLower, TILE } from "../linalg/packed.ts";
import { conditionEstimate, logDeterminant, solve } from "../linalg/solve.ts";
import { clock } from "../steps.ts";
import type { Steps } from "../steps.ts";
import { KernelProduct } from "./product.ts";
import type { Solution, SolveRequest } from "./request.ts";
import { largest } from "./vectors.ts";

/** State of a tile that the log doesn't have. */
const UNSAVED = 0xffff;

/** Solves (K + noise) α = y. Memory: 4 n² bytes. Throws NotPositiveDefiniteError naming the observation whose row fails. */
export function* directSteps(request: SolveRequest): Steps<Solution> {
  const keeper = new TileKeeper(request);
  return yield* kept(solveSteps(request, keeper), () => keeper.flush());
}

function* solveSteps(request: SolveRequest, keeper: TileKeeper): Steps<Solution> {
  const { compiled, layout, parameters, noise, executor } = request;
  const begin = clock();
  const matrix = keeper.phase === "factor" ? keeper.matrix : yield* assemblySteps({
    compiled, layout, noise, parameters, executor,
    begun: { matrix: keeper.matrix, rows: keeper.rows },
    pause: (_, rows) => keeper.assembled(rows),
  });
  const assembled = clock();
  const factor = yield* factorSteps(request, keeper, matrix);
  const refined = yield* refineSteps(request, factor);
  return {
    ...refined, condition: conditionEstimate(factor), logDeterminant: logDeterminant(factor),
    seconds: { assembly: assembled - begin, solve: clock() - assembled },
  };
}

function* factorSteps({ layout, executor }: SolveRequest, keeper: TileKeeper, matrix: PackedLower): Steps<Factor> {
  const progress = keeper.progress ?? beginFactor(matrix);
  const steps = choleskySteps(matrix, { executor, progress });
  try {
    for (;;) {
      const next = steps.next();
      if (next.done === true) return next.value;
      keeper.factored(progress);
      yield next.value;
    }
  } catch (error) {
    if (!(error instanceof NotPositiveDefiniteError)) throw error;
    throw new NotPositiveDefiniteError(error.index, error.pivot, error.noise, describeRow(layout, error.index));
  } finally {
    steps.return(undefined as unknown as Factor);
  }
}

/** Knows which tiles the log has, in which state, and brings it up to date. */
class TileKeeper {
  readonly matrix: PackedLower;
  phase: "assembly" | "factor" = "assembly";
  /** Rows whose columns are all assembled. */
  rows = 0;
  /** How far the factorisation of an earlier run was. */
  progress: FactorProgress | undefined;
  private readonly request: SolveRequest;
  private readonly saved: Uint16Array;

  constructor(request: SolveRequest) {
    this.request = request;
    this.matrix = new PackedLower(request.layout.n, (length) => request.executor.allocate(length));
    this.saved = new Uint16Array((this.matrix.blocks * (this.matrix.blocks + 1)) / 2).fill(UNSAVED);
    if (request.resume !== undefined) this.restore();
  }

  private index(I: number, J: number): number { return (I * (I + 1)) / 2 + J; }

  private restore(): void {
    const { resume, checkpoints } = this.request;
    for (const { key: [I, J, state], data } of checkpoints!.log()) {
      const tile = this.matrix.tiles[I]?.[J];
      if (tile === undefined || tile.length !== data.length) continue;
      tile.set(data);
      this.saved[this.index(I, J)] = state;
    }
    const { rows, norm1, largest: peak } = resume!.numbers;
    if (resume!.phase === "factor" && this.saved.every((state) => state !== UNSAVED)) {
      this.phase = "factor";
      this.progress = { norm1: norm1!, largest: peak!, applied: this.saved.slice() };
    } else if (resume!.phase === "assembly") {
      const missing = this.matrix.tiles.findIndex((row, I) => row.some((_, J) => this.saved[this.index(I, J)] === UNSAVED));
      this.rows = Math.min(rows ?? 0, missing < 0 ? this.matrix.n : missing * TILE);
    } else {
      // The log isn't all that the state speaks of: start anew.
      this.saved.fill(UNSAVED);
      for (const row of this.matrix.tiles) for (const tile of row) tile.fill(0);
    }
  }

  /** Called when the first rows are assembled. */
  assembled(rows: number): void {
    this.rows = rows;
    this.offer();
  }

  /** Called between steps of the factorisation. */
  factored(progress: FactorProgress): void {
    if (this.phase === "assembly") {
      this.phase = "factor";
      // What fills up the last tile was set when the factorisation began.
      this.saved[this.saved.length - 1] = UNSAVED;
    }
    this.progress = progress;
    this.offer();
  }

  private offer(): void {
    const { checkpoints } = this.request;
    if (checkpoints?.due(0) !== true) return;
    const changed = this.changed();
    if (checkpoints.due(changed.reduce((sum, { data }) => sum + data.byteLength, 0))) this.write(changed);
  }

  /** Writes a checkpoint now. */
  flush(): void {
    this.write(this.changed());
  }

  /** Whole tiles that the log doesn't have as they are. */
  private changed(): LogRecord[] {
    const { matrix, progress } = this;
    const changed: LogRecord[] = [];
    const whole = this.rows === matrix.n || this.phase === "factor" ? matrix.blocks : Math.floor(this.rows / TILE);
    for (let I = 0; I < whole; I++) {
      for (let J = 0; J <= I; J++) {
        const at = this.index(I, J);
        const now = this.phase === "factor" ? progress!.applied[at]! : 0;
        if (this.saved[at] !== now) changed.push({ key: [I, J, now], data: matrix.tiles[I]![J]! });
      }
    }
    return changed;
  }

  private write(changed: readonly LogRecord[]): void {
    const { phase, progress, rows } = this;
    const numbers: Record<string, number> = phase === "factor" ? { norm1: progress!.norm1, largest: progress!.largest } : { rows };
    if (this.request.checkpoints?.save({ phase, numbers, arrays: {} }, changed) !== true) return;
    for (const { key: [I, J, now] } of changed) this.saved[this.index(I, J)] = now;
  }
}

/** α, improved as long as a step at least halves the residual; the best one is kept. */
function* refineSteps(request: SolveRequest, factor: Factor): Steps<{ alpha: Float64Array; residual: number; iterations: number }> {
  const { compiled, layout, executor, parameters, noise, y, refinements } = request;
  const product = new KernelProduct(compiled, layout, executor, parameters);
  const scale = largest(y) === 0 ? 1 : largest(y);
  let alpha = solve(factor, y);
  let rest = yield* residualSteps(product, y, alpha, noise);
  let iterations = 0;
  while (iterations < refinements && largest(rest) > 0) {
    const step = solve(factor, rest);
    const next = alpha.map((value, i) => value + step[i]!);
    const nextRest = yield* residualSteps(product, y, next, noise);
    if (!(largest(nextRest) < largest(rest))) break;
    const isHalved = largest(nextRest) < largest(rest) / 2;
    alpha = next;
    rest = nextRest;
    iterations++;
    if (!isHalved) break;
  }
  return { alpha, residual: largest(rest) / scale, iterations };
}
