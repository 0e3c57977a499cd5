/**
 * The work on tiles in TypeScript alone, for engines without WebAssembly's SIMD. In: tiles as blocks. Out: new tiles.
 * The functions are those of tile_program.ts, with the same numbers and blocks; their sums are rounded in another order.
 */
import type { TaskFunction } from "../executors/executor.ts";
import { factorTile, packTile, solveTile, updateTile } from "./kernel.ts";
import { TILE } from "./packed.ts";

const panels = (): Float64Array => new Float64Array(TILE * TILE);

/** A program's functions: see `tileFunctions`. */
export function scalarTileFunctions(): Readonly<Record<string, TaskFunction>> {
  const left = panels(), right = panels(), packed = panels();
  const column: TaskFunction = ([finish, diagonal, columns, depths, ...heights], blocks) => {
    const width = columns!, count = heights.length, targets = heights.map((_, t) => blocks[t]!.slice());
    for (let k = 0; k < depths!; k++) {
      packTile(blocks[count + k]!, width, TILE, right);
      targets.forEach((target, t) => {
        if (diagonal === 1) return updateTile(target, width, width, right, right, TILE, true);
        packTile(blocks[count + depths! * (1 + t) + k]!, heights[t]!, TILE, left);
        updateTile(target, heights[t]!, width, left, right, TILE, false);
      });
    }
    if (finish === 1) return [...targets, Float64Array.of(factorTile(targets[0]!, width, packed))];
    if (finish === 2) {
      packTile(blocks[blocks.length - 1]!, width, width, right);
      targets.forEach((target, t) => solveTile(target, heights[t]!, width, right, packed));
    }
    return targets;
  };
  return { column, forward: substitution(subtract, forward), backward: substitution(subtractTransposed, backward) };
}

type Subtract = (b: Float64Array, tile: Float64Array, y: Float64Array, height: number, width: number) => void;
type Substitute = (b: Float64Array, tile: Float64Array, n: number) => void;

function substitution(subtracting: Subtract, substituting: Substitute): TaskFunction {
  return ([columns, count, ...heights], blocks) => {
    const height = heights[0]!, result = blocks[0]!.slice();
    for (let column = 0; column < columns!; column++) {
      const b = result.subarray(column * height, (column + 1) * height);
      for (let k = 0; k < count!; k++) {
        const width = heights[1 + k]!;
        subtracting(b, blocks[1 + count! + k]!, blocks[1 + k]!.subarray(column * width, (column + 1) * width), height, width);
      }
      substituting(b, blocks[blocks.length - 1]!, height);
    }
    return [result];
  };
}

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
