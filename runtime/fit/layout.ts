/**
 * The order of the unknowns. In: the training groups. Out: blocks of rows, one a group, and the way back from a row.
 * Rows are ordered by group, then point, then component, everywhere: in the matrix, in right-hand sides, in
 * coefficients.
 */
import type { CompiledModel, Points, TrainingGroup } from "../compiled.ts";
import { sizeOf } from "../data/rows.ts";
import { emptyRecord } from "../records.ts";

/** The rows of one observed group. */
export interface Block {
  readonly label: string;
  readonly points: Points;
  /** Number of points. */
  readonly count: number;
  /** Numbers in one value. */
  readonly components: number;
  /** First row. */
  readonly start: number;
}
export interface Layout {
  readonly blocks: readonly Block[];
  /** Number of rows, the order of the covariance matrix. */
  readonly n: number;
}

/** Lays out groups, in the order given. */
export function layoutOf(
  compiled: CompiledModel,
  groups: readonly { readonly label: string; readonly points: Points }[],
): Layout {
  const size = sizeOf(compiled.input.shape);
  const blocks: Block[] = [];
  let n = 0;
  for (const { label, points } of groups) {
    const count = points.x.length / size;
    const components = sizeOf(compiled.groups[label]!.shape);
    blocks.push({ label, points, count, components, start: n });
    n += count * components;
  }
  return { blocks, n };
}

/** Where a row stands, in words: group, point, and component where there are several. */
export function describeRow({ blocks }: Layout, row: number): string {
  const block = blocks.findLast((item) => item.start <= row)!;
  const point = Math.floor((row - block.start) / block.components);
  const component = (row - block.start) % block.components;
  return `point ${point} of ${block.label}${block.components === 1 ? "" : `, component ${component}`}`;
}

/** Points from … to - 1 of a block, as views. */
export function slicePoints(compiled: CompiledModel, block: Block, from: number, to: number): Points {
  const size = sizeOf(compiled.input.shape);
  const sliced: Record<string, Float64Array> = emptyRecord();
  for (const { name, shape } of compiled.groups[block.label]!.arguments) {
    const length = sizeOf(shape);
    sliced[name] = block.points.arguments![name]!.subarray(from * length, to * length);
  }
  return { x: block.points.x.subarray(from * size, to * size), arguments: sliced };
}

/** The vector of all rows, cut into the coefficients of each group. */
export function trainingOf({ blocks }: Layout, alpha: Float64Array): Record<string, TrainingGroup> {
  const training: Record<string, TrainingGroup> = emptyRecord();
  for (const { label, points, start, count, components } of blocks) {
    training[label] = { points, coefficients: alpha.slice(start, start + count * components) };
  }
  return training;
}

/** Arrays one after the other. */
export function join(arrays: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(arrays.reduce((sum, array) => sum + array.length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

/** Points one after the other, with the arguments that the first of them has. */
export function joinPoints(parts: readonly Points[]): Points {
  const names = Object.keys(parts[0]!.arguments ?? {});
  return {
    x: join(parts.map((part) => part.x)),
    arguments: Object.fromEntries(names.map((name) => [name, join(parts.map((part) => part.arguments![name]!))])),
  };
}
