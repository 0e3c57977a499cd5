/**
 * How fast this machine does what fits are made of. In: the kernels and points of a problem. Out: seconds of an
 * operation, by kind.
 * Each kind is measured on tasks like those that a fit gives to its executor, with as much memory read beside, in a
 * second or less in all.
 * For forecasts alone: nothing that a model depends on looks at a clock.
 */
import { blocksOf } from "../executors/executor.ts";
import type { Task } from "../executors/executor.ts";
import { InProcessExecutor } from "../executors/in_process.ts";
import { slicePoints } from "./layout.ts";
import { cholesky } from "../linalg/cholesky.ts";
import { PackedLower, TILE } from "../linalg/packed.ts";
import { rankProgram } from "../linalg/rank_program.ts";
import { solve } from "../linalg/solve.ts";
import { pairFlops } from "../solvers/choice.ts";
import type { ChoiceRequest, Flops } from "../solvers/choice.ts";
import { PairTasks } from "../solvers/program.ts";
import { clock } from "./steps.ts";

/**
 * Seconds that measurements of one kind may take; each is repeated until then, once at least after the first, which
 * compiles.
 */
const SECONDS = 0.12;
/** Points of the rows and columns of a covariance block that is measured, and of the rows of a product. */
const COVARIANCE = { rows: 16, columns: 4 };
const PRODUCT_ROWS = 4;
/**
 * Operations of a product that is measured, about: on all training points where they are few, so that tables are read
 * from where they will be.
 */
const PRODUCT_FLOPS = 1e8;

/** Seconds of an operation of each kind, one thread at work. */
export function speedsOf(request: ChoiceRequest): Flops {
  const { factor, substitution } = factorSpeeds();
  return {
    covariance: kernelSpeed(request, "covariance"),
    product: kernelSpeed(request, "apply"),
    dense: factor,
    vector: substitution,
    ...columnSpeeds(),
  };
}

/** The shortest of several runs of `work`; `before` makes it ready, unmeasured. */
function measure(work: () => void, seconds = SECONDS, before: () => void = () => {}): number {
  let best = Infinity;
  let begin = clock();
  for (let runs = 0; runs < 2 || clock() - begin < seconds; runs++) {
    before();
    const start = clock();
    work();
    const taken = clock() - start;
    // The first run is the compiler's.
    if (runs === 0) begin = clock();
    else best = Math.min(best, taken);
  }
  return best;
}

const executor = new InProcessExecutor();
function perform(task: Task): void {
  executor.submit(task);
  blocksOf(executor.take()!);
}

function kernelSpeed({ compiled, layout, parameters }: ChoiceRequest, kind: "covariance" | "apply"): number {
  const pairs = new PairTasks(compiled, layout, parameters);
  const share = SECONDS / layout.blocks.length ** 2;
  let seconds = 0;
  let flops = 0;
  for (const [r, row] of layout.blocks.entries()) {
    for (const [c, col] of layout.blocks.entries()) {
      const cost = pairFlops(compiled, kind, row, col);
      const m = Math.min(row.count, kind === "covariance" ? COVARIANCE.rows : PRODUCT_ROWS);
      const few =
        kind === "covariance"
          ? COVARIANCE.columns
          : Math.max(32, Math.floor(PRODUCT_FLOPS / (m * Math.max(1, cost.pair))));
      const n = Math.min(col.count, few);
      const x = slicePoints(compiled, row, 0, m),
        y = slicePoints(compiled, col, 0, n);
      const alpha = new Float64Array(n * col.components).fill(1);
      const task =
        kind === "covariance"
          ? pairs.covariance(r, x, c, y)
          : pairs.product(r, x, c, y, alpha, pairs.stage(r, c, y, alpha));
      seconds += measure(() => perform(task), share);
      // What a product's training points determine was staged before, as it is once for all rows.
      flops += cost.row * m + (kind === "covariance" ? cost.column * n : 0) + cost.pair * m * n;
    }
  }
  return flops === 0 ? 0 : seconds / flops;
}

function factorSpeeds(): { factor: number; substitution: number } {
  const n = 6 * TILE;
  const matrix = new PackedLower(n);
  const fill = (): void =>
    matrix.tiles.forEach((row, I) =>
      row.forEach((tile, J) => {
        tile.fill(0.5);
        if (I === J) for (let r = 0; r < matrix.height(I); r++) tile[r * matrix.height(J) + r] = n;
      }),
    );
  const factor = measure(
    () => {
      cholesky(matrix);
    },
    SECONDS,
    fill,
  );
  const right = new Float64Array(n).fill(1);
  const substitution = measure(() => {
    solve({ lower: matrix, norm1: 1 }, right);
  }, SECONDS / 4);
  return { factor: factor / (n ** 3 / 3), substitution: substitution / (2 * n * n) };
}

/** Of a preconditioner's columns: their products with one another, and with vectors. */
function columnSpeeds(): { columns: number; projection: number } {
  const depths = 8,
    rows = 4 * TILE;
  const widths = Array.from({ length: depths }, () => TILE),
    filled = (length: number): Float64Array => new Float64Array(length).fill(1e-3);
  const chunks = widths.map(() => filled(rows * TILE)),
    pivots = filled(TILE * TILE);
  const extend: Task = {
    program: rankProgram(),
    run: "extend",
    numbers: [TILE, ...widths],
    blocks: [filled(rows * TILE), new Float64Array(0), ...chunks.flatMap((chunk) => [chunk, pivots])],
  };
  const project: Task = { program: rankProgram(), run: "project", numbers: widths, blocks: [filled(rows), ...chunks] };
  return {
    columns: measure(() => perform(extend), SECONDS) / (2 * rows * TILE * TILE * depths),
    projection: measure(() => perform(project), SECONDS / 4) / (2 * rows * TILE * depths),
  };
}
