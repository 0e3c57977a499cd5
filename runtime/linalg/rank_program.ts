/**
 * The work on the columns of a partial factorisation as a program for executors. In: chunks of their rows as blocks.
 * Out: new chunks, products.
 * A chunk is row-major, [rows, width], of at most 128 columns, their number a multiple of 4; it's worked on in strips
 * of a tile's height, by
 * the micro-kernels of tile_program.ts, or by TypeScript's where there's no WebAssembly with SIMD.
 */
import type { Program, TaskFunction } from "../executors/executor.ts";
import { scalarBench } from "./scalar_bench.ts";
import { simdProgram, tileBench } from "./tile_program.ts";
import type { Bench } from "./tile_program.ts";

/** What is used of a bench. */
export type RankBench = Pick<Bench, "size" | "place" | "reserve" | "put" | "get" | "update" | "solve">;

/**
 * The functions that work on matrices. Sent to other threads as text: it refers to nothing outside itself.
 *
 * - `extend`: numbers [width, ...depths], blocks [target; triangle, or nothing; for each depth A_k and B_k]: X with X
 * Lᵀ = target - Σ_k A_k B_kᵀ in the order
 *   of k, L the triangle [width, width]; the difference alone where there's none. B_k: [width, depth].
 * - `gram`: numbers [on the diagonal, left, right, ...widths of the left and of the right], blocks [for each chunk of
 * rows the A_i of the left and, off the
 *   diagonal, the B_j of the right]: -Σ A_iᵀ B_j for each i and j, row by row; B = A and j ≤ i alone on the diagonal.
 */
function matrixFunctions(bench: RankBench): Readonly<Record<string, TaskFunction>> {
  const { size, place, put, get } = bench;
  const turned = new Float64Array(size * size);
  const aligned = (count: number): number => Math.ceil(count / 4) * 4;
  const strip = (block: Float64Array, width: number, s: number): Float64Array =>
    block.subarray(s * size * width, (s + 1) * size * width);

  const extend: TaskFunction = ([columns, ...depths], [target, triangle, ...factors]) => {
    const width = columns!,
      rows = target!.length / width,
      strips = Math.ceil(rows / size),
      right = strips,
      left = strips + 1;
    const heights = Array.from({ length: strips }, (_, s) => aligned(Math.min(size, rows - s * size)));
    bench.reserve(strips + 2);
    heights.forEach((_, s) => put(s, strip(target!, width, s), width));
    depths.forEach((depth, k) => {
      put(right, factors[2 * k + 1]!, depth);
      heights.forEach((height, s) => {
        put(left, strip(factors[2 * k]!, depth, s), depth);
        bench.update(place(s), place(left), place(right), height, width, depth, 0);
      });
    });
    if (triangle!.length > 0) {
      put(right, triangle!, width);
      heights.forEach((height, s) => bench.solve(place(s), height, place(right), width));
    }
    const result = new Float64Array(target!.length);
    heights.forEach((_, s) => result.set(get(s, Math.min(size, rows - s * size), width), s * size * width));
    return [result];
  };

  /** Puts the transpose of a strip into a slot, so that its rows lie along the kernel's depth. */
  const putTurned = (slot: number, block: Float64Array, width: number): void => {
    const rows = block.length / width,
      depth = aligned(rows);
    for (let r = 0; r < rows; r++) for (let c = 0; c < width; c++) turned[c * depth + r] = block[r * width + c]!;
    for (let r = rows; r < depth; r++) for (let c = 0; c < width; c++) turned[c * depth + r] = 0;
    put(slot, turned.subarray(0, width * depth), depth);
  };

  const gram: TaskFunction = ([diagonal, left, right, ...widths], blocks) => {
    const A = widths.slice(0, left),
      B = diagonal === 1 ? A : widths.slice(left);
    const sides = diagonal === 1 ? left! : left! + right!,
      second = diagonal === 1 ? 0 : left!;
    const targets = A.flatMap((height, i) =>
      B.slice(0, diagonal === 1 ? i + 1 : right).map((width, j) => ({ i, j, height, width })),
    );
    bench.reserve(sides + targets.length);
    targets.forEach(({ height, width }, t) => put(sides + t, new Float64Array(height * width), width));
    for (let first = 0; first < blocks.length; first += sides) {
      const rows = blocks[first]!.length / A[0]!;
      for (let s = 0; s * size < rows; s++) {
        const depth = aligned(Math.min(size, rows - s * size));
        for (let b = 0; b < sides; b++) putTurned(b, strip(blocks[first + b]!, widths[b]!, s), widths[b]!);
        targets.forEach(({ i, j, height, width }, t) =>
          bench.update(place(sides + t), place(i), place(second + j), height, width, depth, 0),
        );
      }
    }
    return targets.map(({ height, width }, t) => get(sides + t, height, width));
  };

  return { extend, gram };
}

/**
 * The functions that work on vectors, four rows of a chunk at a time. Sent as text likewise.
 *
 * - `project`: numbers [...widths], blocks [x; A_k]: the A_kᵀ x one after the other.
 * - `combine`: numbers [...widths], blocks [weights; A_k]: Σ_k A_k weights_k.
 */
function vectorFunctions(): Readonly<Record<string, TaskFunction>> {
  /** out += Aᵀ x for a chunk A. */
  const addProjection = (out: Float64Array, chunk: Float64Array, x: Float64Array): void => {
    const width = out.length;
    let r = 0,
      at = 0;
    for (; r + 4 <= x.length; r += 4, at += 4 * width) {
      const x0 = x[r]!,
        x1 = x[r + 1]!,
        x2 = x[r + 2]!,
        x3 = x[r + 3]!,
        b = at + width,
        c = b + width,
        d = c + width;
      for (let i = 0; i < width; i++)
        out[i]! += x0 * chunk[at + i]! + x1 * chunk[b + i]! + x2 * chunk[c + i]! + x3 * chunk[d + i]!;
    }
    for (; r < x.length; r++, at += width) for (let i = 0; i < width; i++) out[i]! += x[r]! * chunk[at + i]!;
  };

  /** out += A weights for a chunk A. */
  const addCombination = (out: Float64Array, chunk: Float64Array, weights: Float64Array): void => {
    const width = weights.length;
    let r = 0,
      at = 0;
    for (; r + 4 <= out.length; r += 4, at += 4 * width) {
      const b = at + width,
        c = b + width,
        d = c + width;
      let s0 = 0,
        s1 = 0,
        s2 = 0,
        s3 = 0;
      for (let i = 0; i < width; i++) {
        const weight = weights[i]!;
        s0 += weight * chunk[at + i]!;
        s1 += weight * chunk[b + i]!;
        s2 += weight * chunk[c + i]!;
        s3 += weight * chunk[d + i]!;
      }
      out[r]! += s0;
      out[r + 1]! += s1;
      out[r + 2]! += s2;
      out[r + 3]! += s3;
    }
    for (; r < out.length; r++, at += width) for (let i = 0; i < width; i++) out[r]! += weights[i]! * chunk[at + i]!;
  };

  const project: TaskFunction = (widths, [x, ...chunks]) => {
    const out = new Float64Array(widths.reduce((sum, width) => sum + width, 0));
    let start = 0;
    widths.forEach((width, k) => addProjection(out.subarray(start, (start += width)), chunks[k]!, x!));
    return [out];
  };

  const combine: TaskFunction = (widths, [weights, ...chunks]) => {
    const out = new Float64Array(chunks[0]!.length / widths[0]!);
    let start = 0;
    widths.forEach((width, k) => addCombination(out, chunks[k]!, weights!.subarray(start, (start += width))));
    return [out];
  };
  return { project, combine };
}

/** All of them, where the caller runs. */
export const rankFunctions = (bench: RankBench): Readonly<Record<string, TaskFunction>> => ({
  ...matrixFunctions(bench),
  ...vectorFunctions(),
});

let program: Program | undefined;

/** The program: TypeScript's where there's no WebAssembly with SIMD. */
export function rankProgram(): Program {
  return (program ??= simdRankProgram() ?? {
    name: "columns in TypeScript",
    create: () => rankFunctions(scalarBench()),
  });
}

function simdRankProgram(): Program | undefined {
  const bytes = simdProgram()?.data as Uint8Array | undefined;
  if (bytes === undefined) return undefined;
  const text =
    `(bytes) => ({ ...(${matrixFunctions.toString()})((${tileBench.toString()})(bytes)), ` +
    `...(${vectorFunctions.toString()})() })`;
  return { name: "columns", create: () => rankFunctions(tileBench(bytes)), text, data: bytes };
}
