/** The factorisation on executors: the same bits for any number of threads and for one that was stopped and gone on with; the kernels in TypeScript agree. */
import { describe, expect, it } from "vitest";
import { NotPositiveDefiniteError } from "../../../runtime/errors.ts";
import { InProcessExecutor } from "../../../runtime/executors/in_process.ts";
import { ThreadExecutor } from "../../../runtime/executors/threads.ts";
import { append } from "../../../runtime/linalg/append.ts";
import { beginFactor, cholesky, choleskySteps } from "../../../runtime/linalg/cholesky.ts";
import { TILE } from "../../../runtime/linalg/packed.ts";
import { conditionEstimate, solve } from "../../../runtime/linalg/solve.ts";
import { FINISH, simdProgram } from "../../../runtime/linalg/tile_program.ts";
import { scalarTileFunctions } from "../../../runtime/linalg/tile_scalar.ts";
import { runAsync } from "../../../runtime/steps.ts";
import { dying, muddled } from "../executors/faults.ts";
import { distance, kernelMatrix, packed } from "./matrices.ts";

const N = 9 * TILE + 37;

describe("the factorisation on an executor", () => {
  const matrix = kernelMatrix(N);
  const reference = cholesky(packed(matrix, N)).lower.tiles;

  it.each([1, 2, 3])("has the same bits on %i threads", async (threads) => {
    const executor = new ThreadExecutor(threads);
    const a = packed(matrix, N, (length) => executor.allocate(length));
    expect(cholesky(a, {}, { executor }).lower.tiles.every((row, I) => row.every((tile, J) => equal(tile, reference[I]![J]!)))).toBe(true);
    const b = packed(matrix, N);
    const { lower } = await runAsync(choleskySteps(b, { executor }));
    expect(lower.tiles.every((row, I) => row.every((tile, J) => equal(tile, reference[I]![J]!)))).toBe(true);
    await executor.close();
  });

  it.each([["die", dying((n) => 3 + 5 * n)], ["answer late and twice", muddled]] as const)("has them where workers %s", async (_, start) => {
    for (const blocking of [true, false]) {
      const executor = new ThreadExecutor(2, { start, patience: 0.1 });
      const a = packed(matrix, N, (length) => executor.allocate(length));
      const { lower } = blocking ? cholesky(a, {}, { executor }) : await runAsync(choleskySteps(a, { executor }));
      expect(lower.tiles.every((row, I) => row.every((tile, J) => equal(tile, reference[I]![J]!)))).toBe(true);
      await executor.close();
    }
  });

  it.each([0.1, 0.5, 0.9])("goes on from any step to the same bits (%f of the way)", async (share) => {
    const executor = new ThreadExecutor(2);
    const a = packed(matrix, N), progress = beginFactor(a);
    const steps = choleskySteps(a, { executor, progress });
    for (let next = steps.next(); next.done !== true && next.value.done < share * next.value.total; next = steps.next()) {
      await next.value.waiting?.arrival();
    }
    const kept = packed(matrix, N);
    a.tiles.forEach((row, I) => row.forEach((tile, J) => kept.tiles[I]![J]!.set(tile)));
    const known = { ...progress, applied: progress.applied.slice() };
    steps.return(undefined as never);
    await executor.close();
    expect(Math.max(...known.applied)).toBeGreaterThan(0);
    const { lower, norm1 } = cholesky(kept, {}, { progress: known });
    expect(lower.tiles.every((row, I) => row.every((tile, J) => equal(tile, reference[I]![J]!)))).toBe(true);
    expect(norm1).toBe(progress.norm1);
  });

  it("names the same row and pivot whoever finds it", async () => {
    const bad = matrix.slice();
    const row = 5 * TILE + 11;
    bad[row * N + row] = 0.5;
    const failures = await Promise.all([1, 2].map(async (threads) => {
      const executor = threads === 1 ? new InProcessExecutor() : new ThreadExecutor(threads);
      try {
        cholesky(packed(bad, N), {}, { executor });
      } catch (error) {
        return error;
      } finally {
        await executor.close();
      }
      return undefined;
    }));
    expect(failures[0]).toBeInstanceOf(NotPositiveDefiniteError);
    expect((failures[0] as NotPositiveDefiniteError).index).toBe(row);
    expect((failures[1] as NotPositiveDefiniteError).pivot).toBe((failures[0] as NotPositiveDefiniteError).pivot);
  });
});

const equal = (a: Float64Array, b: Float64Array): boolean => a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

describe("the kernels in TypeScript", () => {
  const simd = simdProgram()!.create(), scalar = scalarTileFunctions();
  const tile = (rows: number, cols: number, seed: number): Float64Array => Float64Array.from({ length: rows * cols }, (_, i) => Math.sin(seed + 1.7 * i));
  const near = (a: Float64Array, b: Float64Array): number => a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);
  const triangle = (n: number): Float64Array => Float64Array.from({ length: n * n }, (_, i) => (i % n > Math.floor(i / n) ? 0 : i % n === Math.floor(i / n) ? 2 : 0.01 * Math.cos(i)));

  it.each([[4, 4], [128, 128], [36, 128]])("do the same work on tiles of %i × %i", (height, width) => {
    const blocks = [tile(height, width, 1), tile(height, width, 2), tile(width, TILE, 3), tile(width, TILE, 4), tile(height, TILE, 5), tile(height, TILE, 6), tile(height, TILE, 7), tile(height, TILE, 8), triangle(width)];
    const numbers = [FINISH.solve, 0, width, 2, height, height];
    const [a, b] = [simd["column"]!(numbers, blocks), scalar["column"]!(numbers, blocks)];
    expect(a).toHaveLength(2);
    a.forEach((block, t) => expect(near(block, b[t]!)).toBeLessThan(1e-11));
    const square = [FINISH.factor, 1, width, 1, width];
    const diagonal = Float64Array.from({ length: width * width }, (_, i) => (i % (width + 1) === 0 ? 1e4 : 0));
    const [c, d] = [simd["column"]!(square, [diagonal, tile(width, TILE, 9)]), scalar["column"]!(square, [diagonal, tile(width, TILE, 9)])];
    for (let i = 0; i < width; i++) for (let j = 0; j <= i; j++) expect(Math.abs(c[0]![i * width + j]! - d[0]![i * width + j]!)).toBeLessThan(1e-11);
    expect([c[1]![0], d[1]![0]]).toEqual([-1, -1]);
  });

  it.each([1, 3, 5, 130])("substitute for %i right-hand sides alike", (columns) => {
    for (const [run, l] of [["forward", tile(36, TILE, 2)], ["backward", tile(TILE, 36, 2)]] as const) {
      const numbers = [columns, 1, 36, TILE], blocks = [tile(columns, 36, 1), tile(columns, TILE, 3), l, triangle(36)];
      expect(near(simd[run]!(numbers, blocks)[0]!, scalar[run]!(numbers, blocks)[0]!)).toBeLessThan(1e-12);
    }
  });
});

describe("append", () => {
  it.each([[1, 1], [5, 3], [128, 128], [130, 200], [300, 1], [256, 37]])("gives the factor of the larger matrix: %i rows and %i more", (n, m) => {
    const all = n + m, a = kernelMatrix(all);
    const part = (rows: readonly [number, number], cols: readonly [number, number]): Float64Array => {
      const out: number[] = [];
      for (let i = rows[0]; i < rows[1]; i++) for (let j = cols[0]; j < cols[1]; j++) out.push(a[i * all + j]!);
      return Float64Array.from(out);
    };
    const old = cholesky(packed(part([0, n], [0, n]), n));
    const grown = append(old, { count: m, cross: part([n, all], [0, n]), corner: part([n, all], [n, all]) });
    const anew = cholesky(packed(a, all));
    expect(distance(grown.lower, anew.lower)).toBeLessThan(1e-13);
    expect(grown.norm1).toBeGreaterThanOrEqual(anew.norm1 * (1 - 1e-14));
    const b = Float64Array.from({ length: all }, (_, i) => Math.sin(i));
    const [x, y] = [solve(grown, b), solve(anew, b)];
    x.forEach((value, i) => expect(Math.abs(value - y[i]!)).toBeLessThan(1e-11));
    expect(conditionEstimate(grown)).toBeGreaterThanOrEqual(conditionEstimate(anew) * (1 - 1e-10));
  });

  it("names the row of the larger matrix where the new points repeat old ones", () => {
    const n = 140, a = kernelMatrix(n);
    const repeated = a.slice(7 * n, 8 * n);
    const old = cholesky(packed(a, n));
    const add = (noise: number) => () => append(old, { count: 1, cross: repeated, corner: Float64Array.of(a[7 * n + 7]! + noise) });
    expect(add(-1e-9)).toThrow(/row 140 of the matrix/);
    expect(add(0.1)).not.toThrow();
    expect(() => append(old, { count: 2, cross: repeated, corner: Float64Array.of(1) })).toThrow(RangeError);
  });
});
