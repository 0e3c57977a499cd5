/**
 * The work on tiles as a program for executors. In: tiles as blocks. Out: new tiles.
 * Tiles are copied into a WebAssembly memory of a few tiles, worked on by the micro-kernels, and copied out again: a
 * copy of a tile, 5 to 10 µs, for each
 * product, 190 µs. Each tile's updates are applied one after the other in the order given, so that bits depend on
 * nothing else.
 */
import type { Program, TaskFunction } from "../executors/executor.ts";
import { KERNELS } from "./kernels.generated.ts";
import { scalarTileFunctions } from "./tile_scalar.ts";

/** What this file uses of the global that every engine has and the language's own types leave out. */
declare const WebAssembly:
  | {
      readonly Memory: new (descriptor: {
        initial: number;
      }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Instance: new (
        module: object,
        imports: Readonly<Record<string, object>>,
      ) => { readonly exports: unknown };
      validate(bytes: Uint8Array): boolean;
    }
  | undefined;

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
export interface Bench extends Kernels {
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

/**
 * Makes the memory and the kernels from the module's bytes. Sent to other threads as text: it refers to nothing outside
 * itself.
 */
export function tileBench(bytes: Uint8Array): Bench {
  const size = 128,
    slotNumbers = size * size,
    slotBytes = 8 * slotNumbers,
    page = 65536;
  const engine = WebAssembly!;
  // Room for any task: growth detaches the buffer, after which V8 checks every access to any Float64Array for that (a
  // third of the speed of our loops).
  const memory = new engine.Memory({ initial: 32 * (slotBytes / page) });
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
      const at = slot * slotNumbers,
        rows = block.length / width;
      if (width === size) numbers.set(block, at);
      // Number by number: a view and a call for each row would take longer than the work on it.
      else
        for (let r = 0, from = 0; r < rows; r++)
          for (let to = at + r * size, end = to + width; to < end; to++, from++) numbers[to] = block[from]!;
      numbers.fill(0, at + rows * size, at + Math.ceil(rows / 4) * 4 * size);
    },
    get: (slot, height, width) => {
      const at = slot * slotNumbers;
      if (width === size) return numbers.slice(at, at + height * size);
      const block = new Float64Array(height * width);
      for (let r = 0, to = 0; r < height; r++)
        for (let from = at + r * size, end = from + width; from < end; from++, to++) block[to] = numbers[from]!;
      return block;
    },
  };
}

/**
 * Makes the task function of factorisations. Sent to other threads as text: it refers to nothing outside itself.
 *
 * - `block`: numbers [finish, on the diagonal, depths, columns, ...widths of the columns, ...heights of the rows],
 * blocks [targets, row by row, those on or
 *   below the diagonal alone; for each depth k the L_Jk of the columns and, off the diagonal, the L_Ik of the rows;
 *   where solved the lower triangle of
 *   L_JJ, row by row]. targets -= Σ_k L_Ik L_Jkᵀ in the order of k (the lower triangle alone on the diagonal), then
 *   they are factored (a last block is
 *   then [failing row or -1]) or solved against L_JJ.
 */
function blockFunctions(bench: Bench): Readonly<Record<string, TaskFunction>> {
  const { size, place, put, get } = bench;
  type Target = {
    readonly i: number;
    readonly j: number;
    readonly height: number;
    readonly width: number;
    readonly at: number;
  };

  /**
   * Takes the tiles left of it in its row of the block, then is solved against the triangle on the diagonal, or
   * factored there: the row that fails, or -1.
   */
  const finishTarget = (
    target: Target,
    targets: readonly Target[],
    triangle: (j: number, m: number) => number,
  ): number => {
    const { i, j, height, width, at } = target;
    const isCorner = triangle(j, j) === at;
    for (const left of targets.filter((other) => other.i === i && other.j < j)) {
      bench.update(at, left.at, triangle(j, left.j), height, width, size, isCorner ? 1 : 0);
    }
    if (isCorner) return bench.factor(at, width);
    bench.solve(at, height, triangle(j, j), width);
    return -1;
  };

  const block: TaskFunction = ([finish, diagonal, depths, columns, ...heights], blocks) => {
    const widths = heights.slice(0, columns),
      rows = heights.slice(columns),
      count = widths.length;
    const targets = rows
      .flatMap((height, i) =>
        widths.slice(0, diagonal === 1 ? i + 1 : count).map((width, j) => ({ i, j, height, width })),
      )
      .map((target, t) => ({ ...target, at: place(t) }));
    const left = targets.length,
      right = left + 1;
    bench.reserve(right + (count * (count + 1)) / 2);
    let next = 0;
    for (const { width } of targets) put(next, blocks[next++]!, width);
    for (let k = 0; k < depths!; k++) {
      for (let j = 0; j < count; j++) put(right + j, blocks[next++]!, size);
      for (let i = 0; i < rows.length; i++) {
        if (diagonal === 0) put(left, blocks[next++]!, size);
        for (const { j, height, width, at } of targets.filter((target) => target.i === i)) {
          bench.update(
            at,
            place(diagonal === 1 ? right + i : left),
            place(right + j),
            height,
            width,
            size,
            diagonal === 1 && i === j ? 1 : 0,
          );
        }
      }
    }
    const triangle = (j: number, m: number): number =>
      diagonal === 1 ? targets[(j * (j + 1)) / 2 + m]!.at : place(right + (j * (j + 1)) / 2 + m);
    if (finish === 2)
      for (let j = 0; j < count; j++)
        for (let m = 0; m <= j; m++) put(right + (j * (j + 1)) / 2 + m, blocks[next++]!, widths[m]!);
    let failed = -1;
    for (const target of finish === 0 ? [] : targets) {
      const row = finishTarget(target, targets, triangle);
      if (row >= 0) {
        failed = target.j * size + row;
        break;
      }
    }
    return [
      ...targets.map(({ height, width }, t) => get(t, height, width)),
      ...(finish === 1 ? [Float64Array.of(failed)] : []),
    ];
  };
  return { block };
}

/**
 * Makes the task functions of substitutions, likewise.
 *
 * - `forward`: numbers [columns, solved, rows, ...heights of rows I, ...heights of k], blocks [b_I for each I; y_k for
 * each k; for each I the L_Ik for each k, and
 *   L_II where solved]: for each I b_I - Σ_k L_Ik y_k in the order of k, or where solved L_II⁻¹ times that. Right-hand
 *   sides are rows: [columns, height of the tile].
 * - `backward`: the same for Lᵀ x = y, with L_kI in place of L_Ik.
 */
function substitutionFunctions(bench: Bench): Readonly<Record<string, TaskFunction>> {
  const { size, place, put, get } = bench;
  const substitution =
    (backwards: boolean): TaskFunction =>
    ([columns, solved, count, ...heights], blocks) => {
      const rows = heights.slice(0, count),
        others = heights.slice(count);
      const results = rows.map((height) => new Float64Array(columns! * height));
      bench.reserve(others.length + 2);
      for (let first = 0; first < columns!; first += size) {
        const sides = Math.min(size, columns! - first),
          padded = Math.ceil(sides / 4) * 4;
        const part = (block: Float64Array, width: number): Float64Array =>
          block.subarray(first * width, (first + sides) * width);
        let next = rows.length;
        others.forEach((width, k) => put(2 + k, part(blocks[next++]!, width), width));
        rows.forEach((height, i) => {
          put(0, part(blocks[i]!, height), height);
          others.forEach((width, k) => {
            put(1, blocks[next++]!, backwards ? height : width);
            if (backwards) bench.downdate(place(0), place(2 + k), place(1), padded, height, width);
            else bench.update(place(0), place(2 + k), place(1), padded, height, width, 0);
          });
          if (solved === 1) {
            put(1, blocks[next++]!, height);
            if (backwards) bench.back(place(0), padded, place(1), height);
            else bench.solve(place(0), padded, place(1), height);
          }
          results[i]!.set(get(0, sides, height), first * height);
        });
      }
      return results;
    };
  return { forward: substitution(false), backward: substitution(true) };
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
  const makers = [blockFunctions, substitutionFunctions];
  const text =
    `(bytes) => { const bench = (${tileBench.toString()})(bytes); return Object.assign({}, ` +
    `${makers.map((make) => `(${make.toString()})(bench)`).join(", ")}); }`;
  return {
    name: "tiles",
    create: () => {
      const bench = tileBench(bytes);
      return { ...blockFunctions(bench), ...substitutionFunctions(bench) };
    },
    text,
    data: bytes,
  };
}
