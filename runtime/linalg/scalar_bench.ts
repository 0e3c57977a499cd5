/**
 * A bench of tiles in TypeScript alone, for engines without WebAssembly's SIMD. In: blocks put into slots. Out: blocks
 * worked on.
 * Its kernels mean what those of tile_program.ts mean; their sums are rounded in another order. Slots hold blocks as
 * they stand, so
 * that a kernel must be given the width that its block was put with.
 */
import { packTile, solveTile, updateTile } from "./kernel.ts";
import { ALIGN, TILE } from "./packed.ts";
import type { RankBench } from "./rank_program.ts";

export function scalarBench(): RankBench {
  const panels = (): Float64Array => new Float64Array(TILE * TILE);
  const slots: Float64Array[] = [],
    left = panels(),
    right = panels(),
    solved = panels();
  return {
    size: TILE,
    place: (slot) => slot,
    reserve: (count) => {
      while (slots.length < count) slots.push(panels());
    },
    put: (slot, block, width) => {
      slots[slot]!.set(block);
      slots[slot]!.fill(0, block.length, Math.ceil(block.length / width / ALIGN) * ALIGN * width);
    },
    get: (slot, height, width) => slots[slot]!.slice(0, height * width),
    update: (c, a, b, height, width, depth) => {
      packTile(slots[a]!, height, depth, left);
      packTile(slots[b]!, width, depth, right);
      updateTile(slots[c]!, height, width, left, right, depth, false);
    },
    solve: (a, height, l, width) => {
      packTile(slots[l]!, width, width, right);
      solveTile(slots[a]!, height, width, right, solved);
    },
  };
}
