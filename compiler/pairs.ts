/**
 * The kernels of pairs of groups for solvers: in their stages, as data, and their costs. In: a kernel builder. Out:
 * `PairKernels`. One artifact makes the functions here and in other threads, so where a product is computed changes no
 * bit.
 */
import type { PairFlops, PairKernel, PairKernels, Parameters, PointsLike } from "../runtime/compiled.ts";
import { instantiate, type RunnableKernel } from "../runtime/kernel.ts";
import { artifactOf } from "./artifacts.ts";
import type { Backend } from "./backends/backend.ts";
import type { KernelBuilder } from "./kernels.ts";
import { countFlops } from "./loops/count.ts";
import type { Kernel } from "./loops/kernel.ts";
import type { Program } from "./loops/loop.ts";
import { sizeOf, type Sides } from "./sides.ts";

/** A pair's kernel, its data and its functions: each made when it is first asked for. */
interface Pair {
  readonly kernel: Kernel;
  readonly data: () => PairKernel;
  readonly run: () => RunnableKernel;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

export class Pairs implements PairKernels {
  private readonly kernels: KernelBuilder;
  private readonly sides: Sides;
  private readonly labels: readonly string[];
  private readonly backend: Backend;
  private readonly made = new Map<string, Pair>();

  /** @param labels of all groups, in the order of the file */
  constructor(kernels: KernelBuilder, sides: Sides, labels: readonly string[], backend: Backend) {
    this.kernels = kernels;
    this.sides = sides;
    this.labels = labels;
    this.backend = backend;
  }

  /** A covariance is compiled once for both orders, the group that comes first in the file as its rows. */
  isMirrored(row: string, col: string): boolean {
    return this.labels.indexOf(row) > this.labels.indexOf(col);
  }

  private pair(kind: "covariance" | "apply", row: string, col: string): Pair {
    const isMirrored = kind === "covariance" && this.isMirrored(row, col),
      [first, second] = isMirrored ? [col, row] : [row, col];
    const key = JSON.stringify([kind, row, col]);
    let known = this.made.get(key);
    if (known) return known;
    if (isMirrored) {
      const direct = this.pair(kind, first, second),
        mirrored = sizeOf(this.sides.group(col).shape);
      known = { ...direct, data: () => ({ ...direct.data(), mirrored }) };
    } else {
      const kernel = kind === "apply" ? this.kernels.contraction(row, col) : this.kernels.covariance(row, col);
      const artifact = once(() => artifactOf(kernel, this.backend));
      known = { kernel, data: () => ({ artifact: artifact() }), run: once(() => instantiate(artifact())) };
    }
    this.made.set(key, known);
    return known;
  }

  kernel(kind: "covariance" | "apply", row: string, col: string): PairKernel {
    return this.pair(kind, row, col).data();
  }

  stage(row: string, col: string, y: PointsLike, alpha: Float64Array, parameters?: Parameters): Float64Array[] {
    const sides = [undefined, this.sides.side(col, y, alpha)];
    return this.pair("apply", row, col).run().prepare(sides, this.sides.parameters(parameters));
  }

  apply(
    row: string,
    col: string,
    x: PointsLike,
    y: PointsLike,
    alpha: Float64Array,
    tables: readonly Float64Array[],
    parameters?: Parameters,
  ): Float64Array {
    const sides = [this.sides.side(row, x), this.sides.side(col, y, alpha)];
    return this.pair("apply", row, col).run().evaluate(sides, this.sides.parameters(parameters), tables)[0]!;
  }

  /** [Lx ⊗ L'y'] k as it is compiled: rows come first in the file. */
  covariance(row: string, x: PointsLike, col: string, y: PointsLike, parameters?: Parameters): Float64Array {
    const sides = [this.sides.side(row, x), this.sides.side(col, y)],
      values = this.sides.parameters(parameters),
      run = this.pair("covariance", row, col).run();
    return run.evaluate(sides, values, run.prepare(sides, values))[0]!;
  }

  flops(kind: "covariance" | "apply", row: string, col: string): PairFlops {
    const isMirrored = kind === "covariance" && this.isMirrored(row, col);
    const { kernel } = this.pair(kind, row, col);
    const count = (m: number, n: number): number => {
      const sizes = Object.fromEntries([...kernel.sizes.values()].map((size) => [size, n]));
      const of = (p: Program | undefined): number => (p === undefined ? 0 : countFlops(p, { m, ...sizes }));
      return of(kernel.evaluate) + of(kernel.prepare);
    };
    const [none, rows, cols, both] = [count(0, 0), count(1, 0), count(0, 1), count(1, 1)];
    const [row1, col1] = isMirrored ? [cols - none, rows - none] : [rows - none, cols - none];
    return { row: row1, column: col1, pair: both - rows - cols + none };
  }
}
