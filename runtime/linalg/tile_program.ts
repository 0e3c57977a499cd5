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

interface Kernels {
  update(c: number, a: number, b: number, height: number, width: number, depth: number, lower: number): void;
  downdate(c: number, a: number, b: number, height: number, width: number, depth: number): void;
  factor(a: number, n: number): number;
  solve(a: number, height: number, l: number, width: number): void;
  back(a: number, height: number, l: number, width: number): void;
}

/** Tiles in WebAssembly's memory, by slot, with the kernels that work on them. */
interface Bench extends Kernels {
  /** Rows and columns of a slot. */
  readonly size: number;
  /** The address of a slot. */
  place(slot: number): number;
  /** Makes room for this many slots. */
  reserve(slots: number): void;
  /** Copies a row-major block of this width into a slot; its rows are filled up to a multiple of 4 with zeros. */
  put(slot: number, block: Float64Array, width: number): void;
  /** A copy of a slot's first rows and columns. */
  get(slot: number, height: number, width: number): Float64Array;
}

/** Makes the memory and the kernels from the module's bytes. Sent to other threads as text: it refers to nothing outside itself. */
function tileBench(bytes: Uint8Array): Bench {
  const size = 128, slotNumbers = size * size, slotBytes = 8 * slotNumbers, page = 65536;
  const engine = WebAssembly!;
  const memory = new engine.Memory({ initial: 8 * (slotBytes / page) });
  const kernels = new engine.Instance(new engine.Module(bytes), { env: { memory } }).exports as Kernels;
  let numbers = new Float64Array(memory.buffer);
  return {
    ...kernels,
    size,
    place: (slot) => slot * slotBytes,
    reserve: (slots) => {
      const missing = slots * (slotBytes / page) - memory.buffer.byteLength / page;
      if (missing <= 0) return;
      memory.grow(missing);
      numbers = new Float64Array(memory.buffer);
    },
    put: (slot, block, width) => {
      const at = slot * slotNumbers, rows = block.length / width;
      if (width === size) numbers.set(block, at);
      else for (let r = 0; r < rows; r++) numbers.set(block.subarray(r * width, (r + 1) * width), at + r * size);
      numbers.fill(0, at + rows * size, at + Math.ceil(rows / 4) * 4 * size);
    },
    get: (slot, height, width) => {
      const at = slot * slotNumbers;
      if (width === size) return numbers.slice(at, at + height * size);
      const block = new Float64Array(height * width);
      for (let r = 0; r < height; r++) block.set(numbers.subarray(at + r * size, at + r * size + width), r * width);
      return block;
    },
  };
}

/**
 * Makes the task functions. Sent to other threads as text: it refers to nothing outside itself.
 *
 * - `column`: numbers [finish, on the diagonal, width, depths, ...heights], blocks [targets, one a height; L_jk for each depth; for each
 *   target off the diagonal L_ik for each depth; L_jj where solved]. targets -= Σ_k L_ik L_jkᵀ in the order of k (the lower triangle alone on the
 *   diagonal), then the target is factored (a last block is then [failing row or -1]) or all are solved against L_jj.
 * - `forward`: numbers [columns, count, height of I, ...heights of k], blocks [b_I; y_k for each k; L_Ik for each k; L_II]: y_I, the
 *   solution of L_II y_I = b_I - Σ_k L_Ik y_k. Right-hand sides are rows: [columns, height of the tile].
 * - `backward`: the same for Lᵀ x = y, with L_kI in place of L_Ik.
 */
function tileFunctions(bench: Bench): Readonly<Record<string, TaskFunction>> {
  const { size, place, put, get } = bench;
  const column: TaskFunction = ([finish, diagonal, width, depths, ...heights], blocks) => {
    const targets = heights.length, B = targets, A = targets + 1;
    bench.reserve(targets + 2);
    for (let t = 0; t < targets; t++) put(t, blocks[t]!, width!);
    for (let k = 0; k < depths!; k++) {
      put(B, blocks[targets + k]!, size);
      if (diagonal === 1) bench.update(place(0), place(B), place(B), width!, width!, size, 1);
      for (let t = 0; t < targets && diagonal !== 1; t++) {
        put(A, blocks[targets + depths! * (1 + t) + k]!, size);
        bench.update(place(t), place(A), place(B), heights[t]!, width!, size, 0);
      }
    }
    const status = finish === 1 ? [Float64Array.of(bench.factor(place(0), width!))] : [];
    if (finish === 2) {
      put(B, blocks[blocks.length - 1]!, width!);
      for (let t = 0; t < targets; t++) bench.solve(place(t), heights[t]!, place(B), width!);
    }
    return [...heights.map((height, t) => get(t, height, width!)), ...status];
  };

  const substitution = (backwards: boolean): TaskFunction => ([columns, count, ...heights], blocks) => {
    const height = heights[0]!, result = new Float64Array(columns! * height);
    for (let first = 0; first < columns!; first += size) {
      const rows = Math.min(size, columns! - first), padded = Math.ceil(rows / 4) * 4;
      const part = (block: Float64Array, width: number): Float64Array => block.subarray(first * width, (first + rows) * width);
      put(0, part(blocks[0]!, height), height);
      for (let k = 0; k < count!; k++) {
        const width = heights[1 + k]!;
        put(1, part(blocks[1 + k]!, width), width);
        put(2, blocks[1 + count! + k]!, backwards ? height : width);
        if (backwards) bench.downdate(place(0), place(1), place(2), padded, height, width);
        else bench.update(place(0), place(1), place(2), padded, height, width, 0);
      }
      put(1, blocks[blocks.length - 1]!, height);
      if (backwards) bench.back(place(0), padded, place(1), height);
      else bench.solve(place(0), padded, place(1), height);
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
  const text = `(bytes) => (${tileFunctions.toString()})((${tileBench.toString()})(bytes))`;
  return { name: "tiles", create: () => tileFunctions(tileBench(bytes)), text, data: bytes };
}
