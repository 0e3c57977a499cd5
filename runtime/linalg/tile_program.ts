/**
 * The work on tiles as a program for executors. In: tiles as blocks. Out: new tiles.
 * Tiles are copied into a WebAssembly memory of a few tiles, worked on by the micro-kernels, and copied out again: 7 µs of copies
 * for 180 µs of work. Each tile's updates are applied one after the other in the order given, so that bits depend on nothing else.
 */
import type { Program, TaskFunction } from "../executors/executor.ts";
import { KERNELS } from "./kernels.generated.ts";
import { scalarTileFunctions } from "./tile_scalar.ts";

/** What this file uses of the global that every engine has and the language's own types leave out. */
declare const WebAssembly: {
  readonly Memory: new (descriptor: { initial: number }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: Readonly<Record<string, object>>) => { readonly exports: unknown };
  validate(bytes: Uint8Array): boolean;
} | undefined;

/** What is to become of tiles after their updates. */
export const FINISH = { none: 0, factor: 1, solve: 2 } as const;

/**
 * Makes the task functions from the module's bytes. It's sent to other threads as text: nothing here may refer to anything outside.
 *
 * - `column`: numbers [finish, on the diagonal, width, depths, ...heights], blocks [targets, one a height; L_jk for each depth; for each
 *   target off the diagonal L_ik for each depth; L_jj where solved]. targets -= Σ_k L_ik L_jkᵀ in the order of k (the lower triangle alone on the
 *   diagonal), then the target is factored (a last block is then [failing row or -1]) or all are solved against L_jj.
 * - `forward`: numbers [columns, count, height of I, ...heights of k], blocks [b_I; y_k for each k; L_Ik for each k; L_II]: y_I, the
 *   solution of L_II y_I = b_I - Σ_k L_Ik y_k. Right-hand sides are rows: [columns, height of the tile].
 * - `backward`: the same for Lᵀ x = y, with L_kI in place of L_Ik.
 */
export function tileFunctions(bytes: Uint8Array): Readonly<Record<string, TaskFunction>> {
  const TILE = 128, DOUBLE = 8, TILE_BYTES = TILE * TILE * DOUBLE, PAGE = 65536;
  interface Kernels {
    update(c: number, a: number, b: number, height: number, width: number, depth: number, lower: number): void;
    downdate(c: number, a: number, b: number, height: number, width: number, depth: number): void;
    factor(a: number, n: number): number;
    solve(a: number, height: number, l: number, width: number): void;
    back(a: number, height: number, l: number, width: number): void;
  }
  const engine = WebAssembly!;
  const memory = new engine.Memory({ initial: 8 * (TILE_BYTES / PAGE) });
  const kernels = new engine.Instance(new engine.Module(bytes), { env: { memory } }).exports as Kernels;
  let numbers = new Float64Array(memory.buffer);

  /** Room for this many tiles. */
  const reserve = (tiles: number): void => {
    const missing = tiles * (TILE_BYTES / PAGE) - memory.buffer.byteLength / PAGE;
    if (missing <= 0) return;
    memory.grow(missing);
    numbers = new Float64Array(memory.buffer);
  };
  const place = (slot: number): number => slot * TILE_BYTES;
  const start = (slot: number): number => slot * TILE * TILE;
  const align = (rows: number): number => Math.ceil(rows / 4) * 4;

  /** Copies a row-major block of this width into a slot; rows of the slot that it doesn't fill up to a multiple of 4 are zero. */
  const put = (slot: number, block: Float64Array, width: number): void => {
    if (width === TILE) numbers.set(block, start(slot));
    else for (let r = 0; r * width < block.length; r++) numbers.set(block.subarray(r * width, (r + 1) * width), start(slot) + r * TILE);
    const rows = block.length / width;
    numbers.fill(0, start(slot) + rows * TILE, start(slot) + align(rows) * TILE);
  };
  const get = (slot: number, height: number, width: number): Float64Array => {
    if (width === TILE) return numbers.slice(start(slot), start(slot) + height * TILE);
    const block = new Float64Array(height * width);
    for (let r = 0; r < height; r++) block.set(numbers.subarray(start(slot) + r * TILE, start(slot) + r * TILE + width), r * width);
    return block;
  };

  const column: TaskFunction = ([finish, diagonal, width, depths, ...heights], blocks) => {
    const targets = heights.length, B = targets, A = targets + 1;
    reserve(targets + 2);
    for (let t = 0; t < targets; t++) put(t, blocks[t]!, width!);
    for (let k = 0; k < depths!; k++) {
      put(B, blocks[targets + k]!, TILE);
      for (let t = 0; t < targets; t++) {
        if (diagonal === 1) {
          kernels.update(place(t), place(B), place(B), width!, width!, TILE, 1);
        } else {
          put(A, blocks[targets + depths! * (1 + t) + k]!, TILE);
          kernels.update(place(t), place(A), place(B), heights[t]!, width!, TILE, 0);
        }
      }
    }
    let failed = -1;
    if (finish === 1) failed = kernels.factor(place(0), width!);
    if (finish === 2) {
      put(B, blocks[blocks.length - 1]!, width!);
      for (let t = 0; t < targets; t++) kernels.solve(place(t), heights[t]!, place(B), width!);
    }
    return [...heights.map((height, t) => get(t, height, width!)), ...(finish === 1 ? [Float64Array.of(failed)] : [])];
  };

  const substitution = (backwards: boolean): TaskFunction => ([columns, count, ...widths], blocks) => {
    const height = widths[0]!, result = new Float64Array(columns! * height);
    for (let first = 0; first < columns!; first += TILE) {
      const rows = Math.min(TILE, columns! - first), padded = align(rows);
      const part = (block: Float64Array, width: number): Float64Array => block.subarray(first * width, (first + rows) * width);
      put(0, part(blocks[0]!, height), height);
      for (let k = 0; k < count!; k++) {
        const width = widths[1 + k]!;
        put(1, part(blocks[1 + k]!, width), width);
        put(2, blocks[1 + count! + k]!, backwards ? height : width);
        if (backwards) kernels.downdate(place(0), place(1), place(2), padded, height, width);
        else kernels.update(place(0), place(1), place(2), padded, height, width, 0);
      }
      put(1, blocks[blocks.length - 1]!, height);
      if (backwards) kernels.back(place(0), padded, place(1), height);
      else kernels.solve(place(0), padded, place(1), height);
      result.set(get(0, rows, height), first * height);
    }
    return [result];
  };

  return { column, forward: substitution(false), backward: substitution(true) };
}

let program: Program | undefined;

/** The program: TypeScript's where there's no WebAssembly with SIMD. */
export function tileProgram(): Program {
  return (program ??= simdProgram() ?? { name: "tiles in TypeScript", create: scalarTileFunctions });
}

let kernels: Readonly<Record<string, TaskFunction>> | undefined;

/** Its functions, for the caller's own thread. */
export const tileKernels = (): Readonly<Record<string, TaskFunction>> => (kernels ??= tileProgram().create());

/** The program of the WebAssembly kernels, where they can run. */
export function simdProgram(): Program | undefined {
  const bytes = Uint8Array.from(atob(KERNELS), (character) => character.charCodeAt(0));
  if (typeof WebAssembly === "undefined" || !WebAssembly.validate(bytes)) return undefined;
  return { name: "tiles", create: () => tileFunctions(bytes), text: tileFunctions.toString(), data: bytes };
}
