/**
 * The covariance matrix of the observations, and products with it. In: a compiled model and the laid-out points.
 * Out: K + noise as the tiles of its lower triangle, or residuals without any matrix. Chunks of points are paired, rows
 * never before columns, so each pair of points is worked out once.
 */
import type { CompiledModel, Parameters } from "./compiled.ts";
import { OptionError } from "./errors.ts";
import { describeRow, slicePoints } from "./layout.ts";
import type { Block, Layout } from "./layout.ts";
import { PackedLower } from "./linalg/packed.ts";
import type { Steps } from "./steps.ts";

/** Rows that a chunk of points aims at: a covariance block of 256 × 256 is 512 KiB. */
const CHUNK_ROWS = 256;

interface Chunk { readonly block: Block; readonly from: number; readonly to: number; readonly row: number }

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

/**
 * K + diag(noise), lower triangle. Memory: 4 n² bytes. Throws where the kernel gives NaN or infinity, naming the points.
 * @param noise variance of each row
 */
export function* assemblySteps(compiled: CompiledModel, layout: Layout, noise: Float64Array, parameters?: Parameters): Steps<PackedLower> {
  const matrix = new PackedLower(layout.n);
  const chunks = chunksOf(layout, CHUNK_ROWS);
  const total = (chunks.length * (chunks.length + 1)) / 2;
  let done = 0;
  for (const [r, rowChunk] of chunks.entries()) {
    const x = slicePoints(compiled, rowChunk.block, rowChunk.from, rowChunk.to);
    const rows = (rowChunk.to - rowChunk.from) * rowChunk.block.components;
    for (const colChunk of chunks.slice(0, r + 1)) {
      const y = slicePoints(compiled, colChunk.block, colChunk.from, colChunk.to);
      const cols = (colChunk.to - colChunk.from) * colChunk.block.components;
      const block = compiled.covariance(rowChunk.block.label, x, colChunk.block.label, y, parameters);
      requireFinite(layout, block, rowChunk.row, colChunk.row, cols);
      matrix.setBlock(rowChunk.row, colChunk.row, block, rows, cols);
      yield { phase: "assembly", done: ++done, total };
    }
  }
  matrix.addDiagonal(noise);
  return matrix;
}

function requireFinite(layout: Layout, block: Float64Array, row: number, col: number, cols: number): void {
  const bad = block.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  const first = describeRow(layout, row + Math.floor(bad / cols));
  const second = describeRow(layout, col + (bad % cols));
  throw new RangeError(`the covariance of ${first} and ${second} is ${block[bad]}: the kernel's derivatives don't exist there; look for points where it divides by zero`);
}

/** Noise variances by group: one for all, or by label; what is left out has the spec's. */
export type Noise = number | Readonly<Record<string, number>>;

/** The noise variance of each row. Throws OptionError for an unknown label, or a variance that is negative or not finite. */
export function noiseOf(compiled: CompiledModel, layout: Layout, override?: Noise, parameters?: Parameters): Float64Array {
  const labels = compiled.observations.map((item) => item.label);
  for (const [label, value] of typeof override === "number" ? [["all", override] as const] : Object.entries(override ?? {})) {
    if (typeof override !== "number" && !labels.includes(label)) throw new OptionError(`noise of ${label}: expected an observation (${labels.join(", ")})`);
    if (!(value >= 0 && value < Infinity)) throw new OptionError(`noise of ${label}: expected a variance from 0 on, found ${value}`);
  }
  const noise = new Float64Array(layout.n);
  for (const { label, points, start, count, components } of layout.blocks) {
    const value = typeof override === "number" ? override : override !== undefined && Object.hasOwn(override, label) ? override[label] : undefined;
    if (value !== undefined) noise.fill(value, start, start + count * components);
    else noise.set(compiled.noise(label, points, parameters), start);
  }
  const bad = noise.findIndex((value) => !(value >= 0 && value < Infinity));
  if (bad >= 0) throw new OptionError(`the noise variance at ${describeRow(layout, bad)} is ${noise[bad]}: expected a number from 0 on`);
  return noise;
}

/** y − (K + diag(noise)) α without the matrix: contractions of pairs of groups, as predictions make them. */
export function* residualSteps(
  compiled: CompiledModel, layout: Layout, y: Float64Array, alpha: Float64Array, noise: Float64Array, parameters?: Parameters,
): Steps<Float64Array> {
  const residual = y.map((value, i) => value - noise[i]! * alpha[i]!);
  const chunks = chunksOf(layout, 16 * CHUNK_ROWS);
  const total = chunks.length * layout.blocks.length;
  let done = 0;
  for (const { block, from, to, row } of chunks) {
    const x = slicePoints(compiled, block, from, to);
    for (const col of layout.blocks) {
      const coefficients = alpha.subarray(col.start, col.start + col.count * col.components);
      const product = compiled.contract(block.label, x, col.label, col.points, coefficients, parameters);
      product.forEach((value, i) => (residual[row + i]! -= value));
      yield { phase: "refinement", done: ++done, total };
    }
  }
  return residual;
}
