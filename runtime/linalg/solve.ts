/**
 * Linear systems with a Cholesky factor. In: the factor, right-hand sides. Out: solutions, log-determinant, condition.
 * Two substitutions through the tiles, each tile visited once for all right-hand sides, by the kernels of the
 * factorisation. A few
 * rows of tiles are solved by the caller; then all rows that follow take their products, a few rows a task, on an
 * executor where one is given: each
 * row sees the same operations in the same order, so solutions have the same bits.
 */
import { inOrder } from "../executors/executor.ts";
import type { BlockExecutor, Task } from "../executors/executor.ts";
import { run } from "../fit/steps.ts";
import type { Steps } from "../fit/steps.ts";
import type { Factor } from "./cholesky.ts";
import { TILE } from "./packed.ts";
import type { PackedLower } from "./packed.ts";
import { tileKernels, tileProgram } from "./tile_program.ts";

/** Rows of tiles that are solved before those that follow take their products. */
const CHUNK = 8;
/** Rows of tiles that take products in one task. */
const ROWS = 4;

/** L y = b in place, for `columns` right-hand sides one after the other, each of length n. n² FLOPs each. */
export function* solveLowerSteps(factor: Factor, b: Float64Array, columns = 1, executor?: BlockExecutor): Steps<void> {
  const substitution = new Substitution(factor, executor);
  try {
    yield* substitution.steps("forward", b, columns);
  } finally {
    substitution.close();
  }
}

/** A x = b for one or several right-hand sides, each of length n; b stays as it is. 2 n² FLOPs each. */
export function solve(factor: Factor, b: Float64Array, columns = 1): Float64Array {
  return run(solveSteps(factor, b, columns));
}

/** The same in steps, with an executor. */
export function* solveSteps(
  factor: Factor,
  b: Float64Array,
  columns = 1,
  executor?: BlockExecutor,
): Steps<Float64Array> {
  const substitution = new Substitution(factor, executor);
  try {
    return yield* substitution.solve(b, columns);
  } finally {
    substitution.close();
  }
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, k) => from + k);

type Direction = "forward" | "backward";
let substitutions = 0;

/** Substitutions with one factor; the executor keeps its tiles until `close`. */
class Substitution {
  private readonly lower: PackedLower;
  private readonly executor: BlockExecutor | undefined;
  private readonly prefix = `S${++substitutions} `;

  constructor({ lower }: Factor, executor?: BlockExecutor) {
    this.lower = lower;
    this.executor = executor;
  }

  close(): void {
    this.executor?.forget(this.prefix);
  }

  *solve(b: Float64Array, columns: number): Steps<Float64Array> {
    const x = b.slice();
    yield* this.steps("forward", x, columns);
    yield* this.steps("backward", x, columns);
    return x;
  }

  *steps(direction: Direction, b: Float64Array, columns: number): Steps<void> {
    const { lower, executor } = this;
    const parts = split(lower, b, columns);
    const order = direction === "forward" ? range(0, lower.blocks) : range(0, lower.blocks).reverse();
    for (let first = 0; first < order.length; first += CHUNK) {
      const chunk = order.slice(first, first + CHUNK),
        rest = order.slice(first + CHUNK);
      chunk.forEach((I, at) => this.here(direction, columns, parts, [I], chunk.slice(0, at), true));
      const groups = range(0, Math.ceil(rest.length / ROWS)).map((g) => rest.slice(g * ROWS, (g + 1) * ROWS));
      if (executor === undefined) groups.forEach((rows) => this.here(direction, columns, parts, rows, chunk, false));
      else {
        const tasks = groups.map((rows) => this.task(direction, columns, parts, rows, chunk, false));
        yield* inOrder(
          executor,
          tasks,
          (blocks, g) =>
            groups[g]!.forEach((I, r) => {
              parts[I] = blocks[r]!;
            }),
          () => ({ phase: "solution", done: first, total: order.length }),
        );
      }
    }
    join(lower, parts, b, columns);
  }

  /** Rows take the products of others, and are solved where asked. */
  private task(
    direction: Direction,
    columns: number,
    parts: readonly Float64Array[],
    rows: readonly number[],
    others: readonly number[],
    solved: boolean,
  ): Task {
    const { lower } = this;
    const tile = (I: number, k: number) => {
      const [row, column] = direction === "forward" ? [I, k] : [k, I];
      return { name: `${this.prefix}${row} ${column}`, data: lower.tiles[row]![column]! };
    };
    return {
      program: tileProgram(),
      run: direction,
      numbers: [columns, solved ? 1 : 0, rows.length, ...[...rows, ...others].map((I) => lower.height(I))],
      blocks: [
        ...rows.map((I) => parts[I]!),
        ...others.map((k) => parts[k]!),
        ...rows.flatMap((I) => [...others, ...(solved ? [I] : [])].map((k) => tile(I, k))),
      ],
    };
  }

  private here(
    direction: Direction,
    columns: number,
    parts: Float64Array[],
    rows: readonly number[],
    others: readonly number[],
    solved: boolean,
  ): void {
    const { numbers, blocks } = this.task(direction, columns, parts, rows, others, solved);
    const answer = tileKernels()[direction]!(
      numbers,
      blocks.map((block) => (block instanceof Float64Array ? block : block.data)),
    );
    rows.forEach((I, r) => {
      parts[I] = answer[r]!;
    });
  }
}

/** Right-hand sides by tile row: [columns, height], zero where the last tile is only filled up. */
function split(lower: PackedLower, b: Float64Array, columns: number): Float64Array[] {
  const { n } = lower;
  if (b.length !== columns * n)
    throw new RangeError(`${columns} right-hand sides of ${n} numbers were expected, found ${b.length} numbers`);
  return range(0, lower.blocks).map((I) => {
    const height = lower.height(I),
      part = new Float64Array(columns * height);
    for (let c = 0; c < columns; c++)
      part.set(b.subarray(c * n + I * TILE, c * n + I * TILE + lower.rows(I)), c * height);
    return part;
  });
}

function join(lower: PackedLower, parts: readonly Float64Array[], b: Float64Array, columns: number): void {
  parts.forEach((part, I) => {
    const height = lower.height(I);
    for (let c = 0; c < columns; c++)
      b.set(part.subarray(c * height, c * height + lower.rows(I)), c * lower.n + I * TILE);
  });
}

/** log det A = 2 Σ log L_ii. */
export function logDeterminant({ lower }: Factor): number {
  let sum = 0;
  for (let i = 0; i < lower.n; i++) sum += Math.log(lower.get(i, i));
  return 2 * sum;
}

/**
 * An estimate of the condition number ‖A‖₁ ‖A⁻¹‖₁, from below and rarely off by more than 3, by at most ten solutions.
 * Hager's algorithm as improved by Higham, ACM TOMS 14 (1988) 381, algorithm 4.1.
 */
export function conditionEstimate(factor: Factor): number {
  return run(conditionSteps(factor));
}

/** The same in steps, with an executor. */
export function* conditionSteps(factor: Factor, executor?: BlockExecutor): Steps<number> {
  const substitution = new Substitution(factor, executor);
  try {
    return factor.norm1 * (yield* inverseNorm(substitution, factor.lower.n));
  } finally {
    substitution.close();
  }
}

function* inverseNorm(substitution: Substitution, n: number): Steps<number> {
  // A vector that alternates and grows catches what the search misses. It's solved for beside the first, as each tile
  // is read once for both.
  const trial = Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 1 : -1) * (1 + (n > 1 ? i / (n - 1) : 0)));
  let x = new Float64Array(n).fill(1 / n);
  const both = new Float64Array(2 * n);
  both.set(x);
  both.set(trial, n);
  const first = yield* substitution.solve(both, 2);
  const caught = (2 * sumOfMagnitudes(first.subarray(n))) / (3 * n);
  let y = first.subarray(0, n);
  let estimate = 0;
  let last = -1;
  for (let round = 0; round < 5; round++) {
    if (round > 0) y = yield* substitution.solve(x, 1);
    const size = sumOfMagnitudes(y);
    if (size <= estimate) break;
    estimate = size;
    const z = yield* substitution.solve(
      y.map((value) => (value >= 0 ? 1 : -1)),
      1,
    );
    const peak = z.reduce((best, value, i) => (Math.abs(value) > Math.abs(z[best]!) ? i : best), 0);
    if (peak === last || Math.abs(z[peak]!) <= z.reduce((sum, value, i) => sum + value * x[i]!, 0)) break;
    last = peak;
    x = new Float64Array(n);
    x[peak] = 1;
  }
  return Math.max(estimate, caught);
}

const sumOfMagnitudes = (x: Float64Array): number => x.reduce((sum, value) => sum + Math.abs(value), 0);
