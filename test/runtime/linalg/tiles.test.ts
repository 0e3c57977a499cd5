/**
 * The factorisation on executors: the same bits for any number of threads and for one that was stopped and gone on
 * with; the kernels in TypeScript agree.
 */
import { describe, expect, it } from "vitest";
import { NotPositiveDefiniteError } from "../../../runtime/errors.ts";
import { InProcessExecutor } from "../../../runtime/executors/in_process.ts";
import { ThreadExecutor } from "../../../runtime/executors/threads.ts";
import { append } from "../../../runtime/linalg/append.ts";
import { beginFactor, cholesky, choleskySteps, padDiagonal } from "../../../runtime/linalg/cholesky.ts";
import { PackedLower, TILE } from "../../../runtime/linalg/packed.ts";
import { conditionEstimate, conditionSteps, solve, solveSteps } from "../../../runtime/linalg/solve.ts";
import { FINISH, simdProgram } from "../../../runtime/linalg/tile_program.ts";
import { scalarTileFunctions } from "../../../runtime/linalg/tile_scalar.ts";
import { run, runAsync } from "../../../runtime/fit/steps.ts";
import { dying, muddled } from "../executors/faults.ts";
import { distance, kernelMatrix, packed } from "./matrices.ts";

const N = 9 * TILE + 37;

describe("the factorisation on an executor", () => {
  const matrix = kernelMatrix(N);
  const reference = cholesky(packed(matrix, N)).lower.tiles;

  it.each([1, 2, 3])("has the same bits on %i threads", async (threads) => {
    const executor = new ThreadExecutor(threads);
    const a = packed(matrix, N, (length) => executor.allocate(length));
    expect(
      cholesky(a, {}, { executor }).lower.tiles.every((row, I) =>
        row.every((tile, J) => equal(tile, reference[I]![J]!)),
      ),
    ).toBe(true);
    const b = packed(matrix, N);
    const { lower } = await runAsync(choleskySteps(b, { executor }));
    expect(lower.tiles.every((row, I) => row.every((tile, J) => equal(tile, reference[I]![J]!)))).toBe(true);
    await executor.close();
  });

  it.each([
    ["die", dying((n) => 3 + 5 * n)],
    ["answer late and twice", muddled],
  ] as const)("has them where workers %s", async (_, start) => {
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
    const a = packed(matrix, N),
      progress = beginFactor(a);
    const steps = choleskySteps(a, { executor, progress });
    for (
      let next = steps.next();
      next.done !== true && next.value.done < share * next.value.total;
      next = steps.next()
    ) {
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

  it("has the same bits whoever begins it and whoever ends it", () => {
    const wide = new InProcessExecutor();
    Object.defineProperty(wide, "width", { value: 5 }); // Many units at once: they take other runs of products.
    const a = packed(matrix, N),
      progress = beginFactor(a);
    const steps = choleskySteps(a, { executor: wide, progress });
    for (let next = steps.next(); next.done !== true && next.value.done < 0.4 * next.value.total; next = steps.next());
    steps.return(undefined as never);
    expect(new Set(progress.applied).size).toBeGreaterThan(3);
    expect(
      cholesky(a, {}, { progress }).lower.tiles.every((row, I) =>
        row.every((tile, J) => equal(tile, reference[I]![J]!)),
      ),
    ).toBe(true);
  });

  it("refuses a progress whose tiles it can't have left so", () => {
    const a = packed(matrix, N),
      progress = beginFactor(a);
    progress.applied[1] = 1; // Tile (1, 0) was solved, (0, 0) isn't factored.
    expect(() => cholesky(a, {}, { progress })).toThrow(RangeError);
  });

  it("names the same row and pivot whoever finds it", async () => {
    const bad = matrix.slice();
    const row = 5 * TILE + 11;
    bad[row * N + row] = 0.5;
    const failures = await Promise.all(
      [1, 2].map(async (threads) => {
        const executor = threads === 1 ? new InProcessExecutor() : new ThreadExecutor(threads);
        try {
          cholesky(packed(bad, N), {}, { executor });
        } catch (error) {
          return error;
        } finally {
          await executor.close();
        }
        return undefined;
      }),
    );
    expect(failures[0]).toBeInstanceOf(NotPositiveDefiniteError);
    expect((failures[0] as NotPositiveDefiniteError).index).toBe(row);
    expect((failures[1] as NotPositiveDefiniteError).pivot).toBe((failures[0] as NotPositiveDefiniteError).pivot);
  });
});

const equal = (a: Float64Array, b: Float64Array): boolean =>
  a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

describe("the kernels in TypeScript", () => {
  const simd = simdProgram()!.create(),
    scalar = scalarTileFunctions();
  const tile = (rows: number, cols: number, seed: number): Float64Array =>
    Float64Array.from({ length: rows * cols }, (_, i) => Math.sin(seed + 1.7 * i));
  const near = (a: Float64Array, b: Float64Array): number =>
    a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);
  const largest = (a: Float64Array): number => a.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);
  const diagonal = (n: number, value: number): Float64Array =>
    Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? value : 0));
  const triangle = (n: number): Float64Array =>
    Float64Array.from({ length: n * n }, (_, i) =>
      i % n > Math.floor(i / n) ? 0 : i % n === Math.floor(i / n) ? 2 : 0.01 * Math.cos(i),
    );

  it.each([
    [[4], [4]],
    [[128, 36], [128]],
    [
      [128, 128],
      [128, 128],
    ],
    [
      [128, 20],
      [128, 64],
    ],
  ])("do the same work on blocks of %j rows and %j columns", (heights, widths) => {
    const depths = [1, 2, 3];
    const targets = heights.flatMap((height, i) => widths.map((width, j) => tile(height, width, i + 2 * j)));
    const read = depths.flatMap((k) => [...widths, ...heights].map((height, t) => tile(height, TILE, 10 * k + t)));
    const corners = widths.flatMap((height, j) =>
      widths.slice(0, j + 1).map((width, m) => (m === j ? triangle(height) : tile(height, width, 40))),
    );
    for (const finish of [FINISH.none, FINISH.solve]) {
      const numbers = [finish, 0, depths.length, widths.length, ...widths, ...heights],
        blocks = [...targets, ...read, ...(finish === FINISH.solve ? corners : [])];
      const [a, b] = [simd["block"]!(numbers, blocks), scalar["block"]!(numbers, blocks)];
      expect(a).toHaveLength(targets.length);
      a.forEach((block, t) => expect(near(block, b[t]!) / largest(b[t]!)).toBeLessThan(1e-13));
    }
  });

  it.each([[[4]], [[128]], [[128, 128]], [[128, 36]]])(
    "factor blocks of %j rows alike, and name the row that fails",
    (heights) => {
      const targets = heights.flatMap((height, i) =>
        heights.slice(0, i + 1).map((width, j) => (i === j ? diagonal(width, 1e4) : tile(height, width, 3))),
      );
      const numbers = [FINISH.factor, 1, 1, heights.length, ...heights, ...heights],
        read = heights.map((height, t) => tile(height, TILE, t));
      const [a, b] = [simd["block"]!(numbers, [...targets, ...read]), scalar["block"]!(numbers, [...targets, ...read])];
      heights
        .flatMap((height, i) => heights.slice(0, i + 1).map((width, j) => ({ height, width, isCorner: i === j })))
        .forEach(({ height, width, isCorner }, t) => {
          for (let r = 0; r < height; r++)
            for (let c = 0; c < (isCorner ? r + 1 : width); c++)
              expect(Math.abs(a[t]![r * width + c]! - b[t]![r * width + c]!)).toBeLessThan(1e-11);
        });
      expect([a[targets.length]![0], b[targets.length]![0]]).toEqual([-1, -1]);
      targets.at(-1)![targets.at(-1)!.length - 1] = -1;
      const last = heights.reduce((sum, height) => sum + height, -1);
      expect(
        [simd, scalar].map((functions) => functions["block"]!(numbers, [...targets, ...read])[targets.length]![0]),
      ).toEqual([last, last]);
    },
  );

  it.each([1, 3, 5, 130])("substitute for %i right-hand sides alike", (columns) => {
    for (const direction of ["forward", "backward"] as const) {
      const [heights, others] =
        direction === "forward"
          ? [
              [TILE, 36],
              [TILE, TILE],
            ]
          : [
              [TILE, TILE],
              [36, TILE],
            ];
      const sides = [...heights, ...others].map((height, i) => tile(columns, height, i));
      for (const solved of [0, 1]) {
        const tiles = heights.flatMap((height, i) => [
          ...others.map((width, k) => tile(height, width, 7 * i + k)),
          ...(solved === 1 ? [triangle(height)] : []),
        ]);
        const numbers = [columns, solved, heights.length, ...heights, ...others],
          blocks = [...sides, ...tiles];
        const [a, b] = [simd[direction]!(numbers, blocks), scalar[direction]!(numbers, blocks)];
        expect(a).toHaveLength(heights.length);
        a.forEach((block, i) => expect(near(block, b[i]!) / largest(b[i]!)).toBeLessThan(1e-13));
      }
    }
  });
});

describe("solutions on an executor", () => {
  const n = 19 * TILE + 6; // More than two chunks of rows.
  const lower = new PackedLower(n);
  for (let i = 0; i < n; i++)
    for (let j = Math.max(0, i - 700); j <= i; j++)
      lower.set(i, j, i === j ? 2 + Math.sin(i) : 0.002 * Math.cos(i * 3 + j));
  padDiagonal(lower);
  const factor = { lower, norm1: 9 },
    b = Float64Array.from({ length: 2 * n }, (_, i) => Math.sin(i));

  it("solve the system", () => {
    const x = solve(factor, b, 2),
      y = new Float64Array(n);
    for (let i = 0; i < n; i++) for (let j = Math.max(0, i - 700); j <= i; j++) y[j]! += lower.get(i, j) * x[i]!;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = Math.max(0, i - 700); j <= i; j++) sum += lower.get(i, j) * y[j]!;
      expect(Math.abs(sum - b[i]!)).toBeLessThan(1e-13);
    }
  });

  it.each([1, 2, 3])("have the same bits on %i threads", async (threads) => {
    const executor = new ThreadExecutor(threads);
    expect(equal(await runAsync(solveSteps(factor, b, 2, executor)), solve(factor, b, 2))).toBe(true);
    expect(run(conditionSteps(factor, executor))).toBe(conditionEstimate(factor));
    await executor.close();
  });
});

describe("append", () => {
  it.each([
    [1, 1],
    [5, 3],
    [128, 128],
    [130, 200],
    [300, 1],
    [256, 37],
  ])("gives the factor of the larger matrix: %i rows and %i more", (n, m) => {
    const all = n + m,
      a = kernelMatrix(all);
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

  it("has the same bits on an executor", async () => {
    const n = 10 * TILE + 3,
      all = n + 50,
      a = kernelMatrix(all);
    const old = cholesky(
      packed(
        Float64Array.from({ length: n * n }, (_, i) => a[Math.floor(i / n) * all + (i % n)]!),
        n,
      ),
    );
    const rows = {
      count: 50,
      cross: Float64Array.from({ length: 50 * n }, (_, i) => a[(n + Math.floor(i / n)) * all + (i % n)]!),
      corner: Float64Array.from({ length: 2500 }, (_, i) => a[(n + Math.floor(i / 50)) * all + n + (i % 50)]!),
    };
    const executor = new ThreadExecutor(2),
      here = append(old, rows),
      there = append(old, rows, {}, { executor });
    expect(there.lower.tiles.every((row, I) => row.every((tile, J) => equal(tile, here.lower.tiles[I]![J]!)))).toBe(
      true,
    );
    await executor.close();
  });

  it("names the row of the larger matrix where the new points repeat old ones", () => {
    const n = 140,
      a = kernelMatrix(n);
    const repeated = a.slice(7 * n, 8 * n);
    const old = cholesky(packed(a, n));
    const add = (noise: number) => () =>
      append(old, { count: 1, cross: repeated, corner: Float64Array.of(a[7 * n + 7]! + noise) });
    expect(add(-1e-9)).toThrow(/row 140 of the matrix/);
    expect(add(0.1)).not.toThrow();
    expect(() => append(old, { count: 2, cross: repeated, corner: Float64Array.of(1) })).toThrow(RangeError);
  });
});
