/**
 * More training points for a system that was solved. In: the factor that a fit kept, the layout of old and new points.
 * Out: the
 * factor of both. Rows of new points come after all old ones, whatever their group, so the factor has an order of its
 * own;
 * n² m FLOPs for m new rows where all anew takes (n + m)³ / 3.
 */
import type { Points } from "../compiled.ts";
import { NotPositiveDefiniteError, OptionError } from "../errors.ts";
import { inOrder } from "../executors/executor.ts";
import type { Task } from "../executors/executor.ts";
import { describeRow, slicePoints } from "../fit/layout.ts";
import type { Block, Layout } from "../fit/layout.ts";
import { appendSteps } from "../linalg/append.ts";
import type { Factor } from "../linalg/cholesky.ts";
import { sizeOf } from "../data/rows.ts";
import type { Steps } from "../fit/steps.ts";
import { PairTasks } from "./program.ts";
import type { SolveRequest } from "./request.ts";

/** Rows of a covariance block, about. */
const CHUNK_ROWS = 256;

/** Points from … to − 1 of a group: neighbours in the factor. */
interface Segment {
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

/** A factor of K + noise, and where its rows belong. */
export interface KeptFactor {
  readonly factor: Factor;
  /** Its rows, in their order. */
  readonly segments: readonly Segment[];
  /** Variance of each row of the layout that it was made for. */
  readonly noise: Float64Array;
  /** That layout. */
  readonly layout: Layout;
}

/** The factor of a system that was solved by itself: rows as in the layout. */
export function keptFactor(factor: Factor, layout: Layout, noise: Float64Array): KeptFactor {
  return { factor, segments: layout.blocks.map(({ label, count }) => ({ label, from: 0, to: count })), noise, layout };
}

/** For each row of the factor, the layout's. */
export function rowsOf(segments: readonly Segment[], layout: Layout): Int32Array {
  return Int32Array.from(
    segments.flatMap(({ label, from, to }) => {
      const { start, components } = blockOf(layout, label);
      return Array.from({ length: (to - from) * components }, (_, i) => start + from * components + i);
    }),
  );
}

const blockOf = (layout: Layout, label: string): Block => layout.blocks.find((block) => block.label === label)!;

/**
 * The factor with the new points of a request's layout.
 * @throws OptionError where the layout's first points, or their noise, aren't those of the factor
 * @throws NotPositiveDefiniteError naming the observation whose row fails
 */
export function* extensionSteps(request: SolveRequest, kept: KeptFactor): Steps<KeptFactor> {
  const { layout, noise, executor } = request;
  requireSame(request, kept);
  const added = layout.blocks.map(({ label, count }) => ({
    label,
    from: kept.layout.blocks.find((block) => block.label === label)?.count ?? 0,
    to: count,
  }));
  const grown: KeptFactor = {
    factor: kept.factor,
    segments: [...kept.segments, ...added.filter(({ from, to }) => to > from)],
    noise,
    layout,
  };
  const count = layout.n - kept.layout.n;
  if (count === 0) return grown;
  const rows = yield* newRowSteps(request, kept.segments, grown.segments.slice(kept.segments.length));
  try {
    return { ...grown, factor: yield* appendSteps(kept.factor, { count, ...rows }, { executor }) };
  } catch (error) {
    if (!(error instanceof NotPositiveDefiniteError)) throw error;
    const row = rowsOf(grown.segments, layout)[error.index]!;
    throw new NotPositiveDefiniteError(row, error.pivot, error.noise, describeRow(layout, row));
  }
}

/** Refuses points that aren't an extension of those that the factor was made of. */
function requireSame({ compiled, layout, noise }: SolveRequest, kept: KeptFactor): void {
  const refuse: (what: string) => never = (what) => {
    throw new OptionError(`extends: ${what}; a model is extended by data that begin with its own training points`);
  };
  for (const old of kept.layout.blocks) {
    const block = layout.blocks.find(({ label }) => label === old.label);
    if (block === undefined || block.count < old.count)
      refuse(`the model has ${old.count} points of ${old.label}, the data have ${block?.count ?? 0}`);
    const size = sizeOf(compiled.input.shape);
    const point = old.points.x.findIndex((value, i) => value !== block.points.x[i]);
    if (point >= 0) refuse(`point ${Math.floor(point / size)} of ${old.label} differs from the model's`);
    for (const [name, values] of Object.entries(old.points.arguments ?? {})) {
      if (values.some((value, i) => value !== block.points.arguments![name]![i]))
        refuse(`the argument ${name} of ${old.label} differs from the model's`);
    }
    if (
      kept.noise
        .subarray(old.start, old.start + old.count * old.components)
        .some((value, i) => value !== noise[block.start + i])
    )
      refuse(`the noise of ${old.label} differs from the model's`);
  }
}

/** Points that make up one side of a covariance block, and their first row in the factor. */
interface Chunk {
  readonly block: Block;
  readonly points: Points;
  readonly row: number;
  readonly rows: number;
}

/** Covariances of the new rows with the old ones and among themselves. */
function* newRowSteps(
  request: SolveRequest,
  old: readonly Segment[],
  added: readonly Segment[],
): Steps<{ cross: Float64Array; corner: Float64Array }> {
  const { compiled, layout, parameters, noise, executor } = request;
  const before = chunksOf(request, old, 0),
    n = endOf(before),
    rows = chunksOf(request, added, n),
    count = endOf(rows) - n;
  const cross = new Float64Array(count * n),
    corner = new Float64Array(count * count);
  const pairs = new PairTasks(compiled, layout, parameters);
  const work = rows.flatMap((row) =>
    [...before, ...rows.filter((col) => col.row <= row.row)].map((col) => ({ row, col })),
  );
  const tasks = function* (): Generator<Task> {
    for (const { row, col } of work)
      yield pairs.covariance(
        layout.blocks.indexOf(row.block),
        row.points,
        layout.blocks.indexOf(col.block),
        col.points,
      );
  };
  const keep = ([values]: readonly Float64Array[], index: number): void => {
    const { row, col } = work[index]!,
      [target, width, first] = col.row < n ? [cross, n, col.row] : [corner, count, col.row - n];
    for (let r = 0; r < row.rows; r++)
      target.set(values!.subarray(r * col.rows, (r + 1) * col.rows), (row.row - n + r) * width + first);
  };
  yield* inOrder(executor, tasks(), keep, (done) => ({ phase: "assembly", done, total: work.length }));
  rowsOf(added, layout).forEach((row, i) => (corner[i * count + i]! += noise[row]!));
  return { cross, corner };
}

function chunksOf({ compiled, layout }: SolveRequest, segments: readonly Segment[], start: number): Chunk[] {
  let row = start;
  return segments.flatMap(({ label, from, to }) => {
    const block = blockOf(layout, label),
      step = Math.max(1, Math.floor(CHUNK_ROWS / block.components)),
      chunks: Chunk[] = [];
    for (let first = from; first < to; first += step) {
      const last = Math.min(to, first + step),
        rows = (last - first) * block.components;
      chunks.push({ block, points: slicePoints(compiled, block, first, last), row, rows });
      row += rows;
    }
    return chunks;
  });
}

const endOf = (chunks: readonly Chunk[]): number => {
  const last = chunks.at(-1);
  return last === undefined ? 0 : last.row + last.rows;
};
