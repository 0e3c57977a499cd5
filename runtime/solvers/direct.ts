/**
 * The direct solver. In: a request. Out: α by a Cholesky factorisation, then refined.
 * The residuals of refinement come from the very contractions that predictions are made of, never from the matrix. A
 * checkpoint is the tiles that changed since the last one; whatever order they were worked on, each is resumed where it
 * was.
 */
import { assemblySteps, residualSteps } from "../fit/assembly.ts";
import { kept } from "../fit/checkpoint.ts";
import { NotPositiveDefiniteError } from "../errors.ts";
import type { BlockExecutor } from "../executors/executor.ts";
import { describeRow } from "../fit/layout.ts";
import { choleskySteps } from "../linalg/cholesky.ts";
import type { Factor } from "../linalg/cholesky.ts";
import type { PackedLower } from "../linalg/packed.ts";
import { conditionSteps, logDeterminant, solveSteps } from "../linalg/solve.ts";
import { clock } from "../fit/steps.ts";
import type { Steps } from "../fit/steps.ts";
import { extensionSteps, keptFactor, rowsOf } from "./extension.ts";
import type { KeptFactor } from "./extension.ts";
import { KernelProduct } from "./product.ts";
import type { Solution, SolveRequest } from "./request.ts";
import { TileKeeper } from "./tile_keeper.ts";
import { largest } from "./vectors.ts";

/**
 * Solves (K + noise) α = y. Memory: 4 n² bytes. Throws NotPositiveDefiniteError naming the observation whose row fails.
 */
export function* directSteps(request: SolveRequest): Steps<Solution> {
  if (request.from !== undefined) return yield* extendedSteps(request, request.from);
  const keeper = new TileKeeper(request);
  return yield* kept(fromStartSteps(request, keeper), () => keeper.flush());
}

function* fromStartSteps(request: SolveRequest, keeper: TileKeeper): Steps<Solution> {
  const { compiled, layout, parameters, noise, executor } = request;
  const begin = clock();
  const matrix = keeper.isWhole
    ? keeper.matrix
    : yield* assemblySteps({
        compiled,
        layout,
        noise,
        parameters,
        executor,
        begun: { matrix: keeper.matrix, rows: keeper.rows },
        pause: (_, rows) => keeper.assembled(rows),
      });
  const assembled = clock();
  const factor = yield* factorSteps(request, keeper, matrix);
  return yield* solutionSteps(request, keptFactor(factor, layout, noise), { begin, assembled });
}

/** The same with a factor that has the first points already. No checkpoints: it's soon done. */
function* extendedSteps(request: SolveRequest, from: KeptFactor): Steps<Solution> {
  const begin = clock();
  const kept = yield* extensionSteps(request, from);
  return yield* solutionSteps(request, kept, { begin, assembled: clock() });
}

function* solutionSteps(
  request: SolveRequest,
  kept: KeptFactor,
  { begin, assembled }: { begin: number; assembled: number },
): Steps<Solution> {
  const { factor } = kept;
  const refined = yield* refineSteps(request, kept);
  return {
    ...refined,
    kept,
    condition: yield* conditionSteps(factor, request.executor),
    logDeterminant: logDeterminant(factor),
    seconds: { assembly: assembled - begin, solve: clock() - assembled },
  };
}

function* factorSteps({ layout, executor }: SolveRequest, keeper: TileKeeper, matrix: PackedLower): Steps<Factor> {
  const progress = keeper.begin();
  const steps = choleskySteps(matrix, { executor, progress });
  try {
    for (;;) {
      const next = steps.next();
      if (next.done === true) return next.value;
      keeper.factored();
      yield next.value;
    }
  } catch (error) {
    if (!(error instanceof NotPositiveDefiniteError)) throw error;
    throw new NotPositiveDefiniteError(error.index, error.pivot, error.noise, describeRow(layout, error.index));
  } finally {
    steps.return(undefined as unknown as Factor);
  }
}

/** A⁻¹ b, in the order of the layout. */
function* solveKept(
  { factor, segments, layout }: KeptFactor,
  b: Float64Array,
  executor: BlockExecutor,
): Steps<Float64Array> {
  const rows = rowsOf(segments, layout),
    x = new Float64Array(b.length);
  const solved = yield* solveSteps(
    factor,
    Float64Array.from(rows, (row) => b[row]!),
    1,
    executor,
  );
  solved.forEach((value, i) => (x[rows[i]!] = value));
  return x;
}

/** α, improved as long as a step at least halves the residual; the best one is kept. */
function* refineSteps(
  request: SolveRequest,
  kept: KeptFactor,
): Steps<{ alpha: Float64Array; residual: number; iterations: number }> {
  const { compiled, layout, executor, parameters, noise, y, refinements } = request;
  const product = new KernelProduct(compiled, layout, executor, parameters);
  const scale = largest(y) === 0 ? 1 : largest(y);
  let alpha = yield* solveKept(kept, y, executor);
  let rest = yield* residualSteps(product, y, alpha, noise);
  let iterations = 0;
  while (iterations < refinements && largest(rest) > 0) {
    const step = yield* solveKept(kept, rest, executor);
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
