/**
 * The covariance matrix of the observations, and products with it. In: a compiled model and the laid-out points.
 * Out: K + noise as the tiles of its lower triangle, or residuals without any matrix. Chunks of points are paired, rows
 * never before columns, so each pair of points is worked out once.
 */
import type { CompiledModel, Parameters, Points } from "../compiled.ts";
import { OptionError } from "../errors.ts";
import { inOrder } from "../executors/executor.ts";
import type { BlockExecutor, Task } from "../executors/executor.ts";
import { describeRow, slicePoints } from "./layout.ts";
import type { Block, Layout } from "./layout.ts";
import { PackedLower } from "../linalg/packed.ts";
import type { KernelProduct } from "../solvers/product.ts";
import { PairTasks } from "../solvers/program.ts";
import type { Steps } from "./steps.ts";

/** Rows that a chunk of points aims at: a covariance block of 256 × 256 is 512 KiB. */
const CHUNK_ROWS = 256;

interface Chunk {
  readonly block: Block;
  readonly from: number;
  readonly to: number;
  readonly row: number;
}

function chunksOf({ blocks }: Layout, rows: number): Chunk[] {
  return blocks.flatMap((block) => {
    const step = Math.max(1, Math.floor(rows / block.components));
    const chunks: Chunk[] = [];
    for (let from = 0; from < block.count; from += step) {
      chunks.push({ block, from, to: Math.min(from + step, block.count), row: block.start + from * block.components });
    }
    return chunks;
  });
}

export interface AssemblyRequest {
  readonly compiled: CompiledModel;
  readonly layout: Layout;
  /** Variance of each row. */
  readonly noise: Float64Array;
  readonly parameters?: Parameters | undefined;
  readonly executor: BlockExecutor;
  /** A matrix that was begun, whose first rows are done. */
  readonly begun?: { readonly matrix: PackedLower; readonly rows: number } | undefined;
  /** Called when all columns of the first rows are done. */
  readonly pause?: ((matrix: PackedLower, rows: number) => void) | undefined;
}

/**
 * K + diag(noise), lower triangle. Memory: 4 n² bytes. Throws where the kernel gives NaN or infinity, naming the
 * points.
 */
export function* assemblySteps(request: AssemblyRequest): Steps<PackedLower> {
  const { compiled, layout, noise, executor, begun, pause } = request;
  const matrix = begun?.matrix ?? new PackedLower(layout.n);
  const pairs = new PairTasks(compiled, layout, request.parameters);
  const chunks = chunksOf(layout, CHUNK_ROWS);
  const first = chunks.findIndex((chunk) => endOf(chunk) > (begun?.rows ?? 0));
  if (first < 0) return matrix;
  const work = chunks
    .slice(first)
    .flatMap((rowChunk) => chunks.filter(({ row }) => row <= rowChunk.row).map((colChunk) => ({ rowChunk, colChunk })));
  const tasks = function* (): Generator<Task> {
    for (const { rowChunk, colChunk } of work) {
      yield pairs.covariance(
        layout.blocks.indexOf(rowChunk.block),
        pointsOf(compiled, rowChunk),
        layout.blocks.indexOf(colChunk.block),
        pointsOf(compiled, colChunk),
      );
    }
  };
  const keep = ([block]: readonly Float64Array[], index: number): void => {
    const { rowChunk, colChunk } = work[index]!;
    const [rows, cols] = [endOf(rowChunk) - rowChunk.row, endOf(colChunk) - colChunk.row];
    requireFinite(layout, block!, rowChunk.row, colChunk.row, cols);
    if (rowChunk === colChunk) for (let i = 0; i < rows; i++) block![i * cols + i]! += noise[rowChunk.row + i]!;
    matrix.setBlock(rowChunk.row, colChunk.row, block!, rows, cols);
    if (rowChunk === colChunk) pause?.(matrix, endOf(rowChunk));
  };
  const skipped = (first * (first + 1)) / 2;
  yield* inOrder(executor, tasks(), keep, (done) => ({
    phase: "assembly",
    done: skipped + done,
    total: skipped + work.length,
  }));
  return matrix;
}

const pointsOf = (compiled: CompiledModel, { block, from, to }: Chunk): Points =>
  slicePoints(compiled, block, from, to);
/** The row after a chunk's last. */
const endOf = ({ block, to }: Chunk): number => block.start + to * block.components;

function requireFinite(layout: Layout, block: Float64Array, row: number, col: number, cols: number): void {
  const bad = block.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  const first = describeRow(layout, row + Math.floor(bad / cols));
  const second = describeRow(layout, col + (bad % cols));
  throw new RangeError(
    `the covariance of ${first} and ${second} is ${block[bad]}: the kernel's derivatives don't exist there; ` +
      "look for points where it divides by zero",
  );
}

/** Noise variances by group: one for all, or by label; what is left out has the spec's. */
export type Noise = number | Readonly<Record<string, number>>;

/**
 * The noise variance of each row. Throws OptionError for an unknown label, or a variance that is negative or not
 * finite.
 */
export function noiseOf(
  compiled: CompiledModel,
  layout: Layout,
  override?: Noise,
  parameters?: Parameters,
): Float64Array {
  const labels = compiled.observations.map((item) => item.label);
  for (const [label, value] of typeof override === "number"
    ? [["all", override] as const]
    : Object.entries(override ?? {})) {
    if (typeof override !== "number" && !labels.includes(label))
      throw new OptionError(`noise of ${label}: expected an observation (${labels.join(", ")})`);
    if (!(value >= 0 && value < Infinity))
      throw new OptionError(`noise of ${label}: expected a variance from 0 on, found ${value}`);
  }
  const noise = new Float64Array(layout.n);
  for (const { label, points, start, count, components } of layout.blocks) {
    const value =
      typeof override === "number"
        ? override
        : override !== undefined && Object.hasOwn(override, label)
          ? override[label]
          : undefined;
    if (value !== undefined) noise.fill(value, start, start + count * components);
    else noise.set(compiled.noise(label, points, parameters), start);
  }
  const bad = noise.findIndex((value) => !(value >= 0 && value < Infinity));
  if (bad >= 0)
    throw new OptionError(
      `the noise variance at ${describeRow(layout, bad)} is ${noise[bad]}: expected a number from 0 on`,
    );
  return noise;
}

/** y − (K + diag(noise)) α without the matrix, through the very contractions that predictions are made of. */
export function* residualSteps(
  product: KernelProduct,
  y: Float64Array,
  alpha: Float64Array,
  noise: Float64Array,
): Steps<Float64Array> {
  const image = yield* product.apply(alpha, (part) => ({ phase: "refinement", done: part, total: 1 }));
  return y.map((value, i) => value - noise[i]! * alpha[i]! - image[i]!);
}
