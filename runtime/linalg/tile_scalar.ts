/**
 * The work on tiles in TypeScript alone, for engines without WebAssembly's SIMD. In: tiles as blocks. Out: new tiles.
 * The functions are those of tile_program.ts, with the same numbers and blocks; their sums are rounded in another
 * order.
 */
import type { TaskFunction } from "../executors/executor.ts";
import { factorTile, packTile, solveTile, updateTile } from "./kernel.ts";
import { TILE } from "./packed.ts";

interface Target {
  readonly i: number;
  readonly j: number;
  readonly height: number;
  readonly width: number;
  readonly tile: Float64Array;
}

/** A tile's rows as packed panels. */
function panels(tile: Float64Array, width: number): Float64Array {
  const packed = new Float64Array(tile.length);
  packTile(tile, tile.length / width, width, packed);
  return packed;
}

/** A program's functions: those of tile_program.ts. */
export function scalarTileFunctions(): Readonly<Record<string, TaskFunction>> {
  return { block, forward: substitution(subtract, forward), backward: substitution(subtractTransposed, backward) };
}

function block(
  [finish, diagonal, depths, columns, ...heights]: readonly number[],
  blocks: readonly Float64Array[],
): Float64Array[] {
  const widths = heights.slice(0, columns),
    rows = heights.slice(columns);
  let next = 0;
  const targets: Target[] = rows.flatMap((height, i) =>
    widths
      .slice(0, diagonal === 1 ? i + 1 : widths.length)
      .map((width, j) => ({ i, j, height, width, tile: blocks[next++]!.slice() })),
  );
  for (let k = 0; k < depths!; k++) {
    const right = widths.map(() => panels(blocks[next++]!, TILE));
    const left = diagonal === 1 ? right : rows.map(() => panels(blocks[next++]!, TILE));
    for (const { i, j, height, width, tile } of targets)
      updateTile(tile, height, width, left[i]!, right[j]!, TILE, diagonal === 1 && i === j);
  }
  const triangle = new Map<number, Float64Array>();
  if (finish === 2)
    widths.forEach((_, j) =>
      widths.slice(0, j + 1).forEach((width, m) => triangle.set(j * widths.length + m, panels(blocks[next++]!, width))),
    );
  const failed = finish === 0 ? -1 : finishTargets(targets, widths.length, triangle, diagonal === 1);
  return [...targets.map(({ tile }) => tile), ...(finish === 1 ? [Float64Array.of(failed)] : [])];
}

/**
 * Factors tiles, or solves them against the panels of `triangle`; on the diagonal these are found on the way. Returns
 * the row that failed, or -1.
 */
function finishTargets(
  targets: readonly Target[],
  columns: number,
  triangle: Map<number, Float64Array>,
  diagonal: boolean,
): number {
  const done = new Map<number, Float64Array>();
  for (const { i, j, height, width, tile } of targets) {
    const isCorner = diagonal && i === j,
      packed = new Float64Array(tile.length);
    for (let m = 0; m < j; m++)
      updateTile(tile, height, width, done.get(i * columns + m)!, triangle.get(j * columns + m)!, TILE, isCorner);
    const failed = isCorner ? factorTile(tile, width, packed) : -1;
    if (failed >= 0) return j * TILE + failed;
    if (!isCorner) solveTile(tile, height, width, triangle.get(j * columns + j)!, packed);
    done.set(i * columns + j, packed);
    if (diagonal) triangle.set(i * columns + j, packed);
  }
  return -1;
}

type Subtract = (b: Float64Array, tile: Float64Array, y: Float64Array, height: number, width: number) => void;
type Substitute = (b: Float64Array, tile: Float64Array, n: number) => void;

function substitution(subtracting: Subtract, substituting: Substitute): TaskFunction {
  return ([columns, solved, count, ...heights], blocks) => {
    const rows = heights.slice(0, count),
      others = heights.slice(count);
    let next = rows.length + others.length;
    return rows.map((height, i) => {
      const result = blocks[i]!.slice();
      const sides = range(columns!).map((column) => result.subarray(column * height, (column + 1) * height));
      others.forEach((width, k) => {
        const tile = blocks[next++]!,
          y = blocks[rows.length + k]!;
        sides.forEach((b, column) =>
          subtracting(b, tile, y.subarray(column * width, (column + 1) * width), height, width),
        );
      });
      const corner = solved === 1 ? blocks[next++]! : undefined;
      if (corner !== undefined) for (const b of sides) substituting(b, corner, height);
      return result;
    });
  };
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** b -= L y, L of height × width */
function subtract(b: Float64Array, tile: Float64Array, y: Float64Array, height: number, width: number): void {
  for (let r = 0; r < height; r++) {
    let sum = 0;
    for (let c = 0; c < width; c++) sum += tile[r * width + c]! * y[c]!;
    b[r]! -= sum;
  }
}

/** b -= Lᵀ x, L of width × height */
function subtractTransposed(b: Float64Array, tile: Float64Array, x: Float64Array, height: number, width: number): void {
  for (let r = 0; r < width; r++) for (let c = 0; c < height; c++) b[c]! -= tile[r * height + c]! * x[r]!;
}

function forward(b: Float64Array, tile: Float64Array, n: number): void {
  for (let r = 0; r < n; r++) {
    let sum = b[r]!;
    for (let c = 0; c < r; c++) sum -= tile[r * n + c]! * b[c]!;
    b[r] = sum / tile[r * n + r]!;
  }
}

function backward(b: Float64Array, tile: Float64Array, n: number): void {
  for (let r = n - 1; r >= 0; r--) {
    const value = b[r]! / tile[r * n + r]!;
    b[r] = value;
    for (let c = 0; c < r; c++) b[c]! -= tile[r * n + c]! * value;
  }
}
