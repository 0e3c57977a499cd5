/**
 * Columns of a partial factorisation, over several blocks and chunks: what they leave, their products, the same bits on
 * threads.
 */
import { describe, expect, it } from "vitest";
import type { BlockExecutor } from "../../../runtime/executors/executor.ts";
import { InProcessExecutor } from "../../../runtime/executors/in_process.ts";
import { ThreadExecutor } from "../../../runtime/executors/threads.ts";
import { Columns, widthOf } from "../../../runtime/solvers/columns.ts";
import { choosePivots, triangleOf } from "../../../runtime/solvers/pivots.ts";
import { run } from "../../../runtime/fit/steps.ts";

const N = 1101;
const entry = (i: number, j: number): number => Math.exp(-(((i - j) / 15) ** 2)) + (i === j ? 1e-2 : 0);
const step = () => ({ phase: "test", done: 0, total: 1 });
/** Rows that each block takes its pivots from. */
const CANDIDATES = [[0, 130, 700, 1100, 131], Array.from({ length: 150 }, (_, k) => 7 * k + 2), [17, 38, 55, 90]];

/** The partial factorisation with pivots of these candidates. */
function factored(executor: BlockExecutor): Columns {
  const columns = new Columns(N, executor);
  for (const rows of CANDIDATES) {
    const matrix = Float64Array.from({ length: rows.length ** 2 }, (_, at) =>
      entry(rows[Math.floor(at / rows.length)]!, rows[at % rows.length]!),
    );
    run(columns.subtractSteps(matrix, rows, step));
    const pivots = choosePivots(matrix, rows.length, 2e-3, 128);
    const block = columns.newBlock(pivots.order.map((k) => rows[k]!));
    for (let i = 0; i < N; i++) columns.row(block, i).set(block.pivots.map((pivot) => entry(i, pivot)));
    run(columns.appendSteps(block, triangleOf(pivots, 0, pivots.order.length, widthOf(block)), step));
  }
  return columns;
}
const columns = factored(new InProcessExecutor());
const { blocks } = columns;
const rowOf = (i: number): number[] => blocks.flatMap((block) => [...columns.row(block, i)]);
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, k) => sum + value * b[k]!, 0);

describe("columns", () => {
  it("leave nothing of the matrix at their pivots, and are zero at earlier ones", () => {
    expect(blocks.every(({ pivots }) => pivots.length > 1)).toBe(true);
    expect(columns.order).toBeGreaterThan(columns.rank);
    const pivots = blocks.flatMap((block) => block.pivots);
    expect(new Set(pivots).size).toBe(columns.rank);
    for (let i = 0; i < N; i += 13)
      for (const pivot of pivots) expect(Math.abs(dot(rowOf(i), rowOf(pivot)) - entry(i, pivot))).toBeLessThan(1e-12);
    for (const pivot of blocks[0]!.pivots)
      expect(blocks.slice(1).every((block) => columns.row(block, pivot).every((value) => value === 0))).toBe(true);
  });

  it("take the row with most variance left first, and none below the cut", () => {
    const { order, columns: taken } = choosePivots(Float64Array.of(1, 0.5, 0, 0.5, 4, 0, 0, 0, 0.1), 3, 0.2, 3);
    expect(order).toEqual([1, 0]);
    expect([...taken[0]!]).toEqual([0.25, 2, 0]);
    expect(choosePivots(Float64Array.of(1, 0.5, 0, 0.5, 4, 0, 0, 0, 0.1), 3, 0.01, 1).order).toEqual([1]);
  });

  it("have the products that they should", () => {
    const gram = run(columns.gramSteps(() => step()));
    const rows = Array.from({ length: N }, (_, i) => rowOf(i));
    for (const [a, b] of [
      [0, 0],
      [7, 3],
      [40, 2],
      [gram.n - 1, 5],
      [gram.n - 5, gram.n - 5],
    ] as const) {
      expect(gram.get(a, b)).toBeCloseTo((a === b ? 1 : 0) + rows.reduce((sum, row) => sum + row[a]! * row[b]!, 0), 9);
    }
    const x = Float64Array.from({ length: N }, (_, i) => Math.sin(i)),
      weights = Float64Array.from({ length: gram.n }, (_, k) => Math.cos(k));
    const projected = run(columns.projectSteps(x, step)),
      combined = run(columns.combineSteps(weights, step));
    expect(projected).toHaveLength(gram.n);
    for (const k of [0, 8, gram.n - 6])
      expect(projected[k]).toBeCloseTo(
        rows.reduce((sum, row, i) => sum + row[k]! * x[i]!, 0),
        9,
      );
    for (const i of [0, 511, 512, N - 1]) expect(combined[i]).toBeCloseTo(dot(rows[i]!, [...weights]), 9);
  });

  it("and their products have the same bits on threads", async () => {
    const executor = new ThreadExecutor(2);
    try {
      const other = factored(executor);
      expect(other.blocks.map(({ pivots }) => pivots)).toEqual(blocks.map(({ pivots }) => pivots));
      other.blocks.forEach(({ chunks }, b) =>
        chunks.forEach((chunk, I) => expect(Buffer.compare(bytesOf(chunk), bytesOf(blocks[b]!.chunks[I]!))).toBe(0)),
      );
      const x = Float64Array.from({ length: N }, (_, i) => Math.sin(i));
      expect(run(other.projectSteps(x, step))).toEqual(run(columns.projectSteps(x, step)));
      const [mine, theirs] = [columns, other].map((each) => run(each.gramSteps(() => step())));
      mine!.tiles.forEach((row, I) =>
        row.forEach((tile, J) => expect(Buffer.compare(bytesOf(tile), bytesOf(theirs!.tiles[I]![J]!))).toBe(0)),
      );
    } finally {
      await executor.close();
    }
  });
});

const bytesOf = (values: Float64Array): Buffer => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
