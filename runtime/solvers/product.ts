/**
 * Products of the covariance matrix with vectors, without the matrix. In: a compiled model and the laid-out points.
 * Out: K α. What the coefficients and training points determine is staged once a product; rows are then done in chunks
 * whose cut depends on the problem alone, and added up in the order of the groups: the same bits wherever they're done.
 */
import type { CompiledModel, Parameters } from "../compiled.ts";
import { inOrder } from "../executors/executor.ts";
import type { BlockExecutor, Task } from "../executors/executor.ts";
import { slicePoints } from "../fit/layout.ts";
import type { Layout } from "../fit/layout.ts";
import type { Step, Steps } from "../fit/steps.ts";
import { PairTasks } from "./program.ts";

/** Chunks that all rows together are cut into, about; enough for many workers, few enough for small overhead. */
const CHUNKS = 64;
/** Points in a chunk, at least: what is staged per product must stay small beside it. */
const SMALLEST = 4;

export class KernelProduct {
  readonly n: number;
  private readonly compiled: CompiledModel;
  private readonly layout: Layout;
  private readonly executor: BlockExecutor;
  private readonly tasks: PairTasks;
  /** What workers read of a product, in memory that the next one uses again: engines collect shared memory late. */
  private readonly shared = new Map<string, Float64Array>();
  /** Products made so far. */
  count = 0;

  constructor(compiled: CompiledModel, layout: Layout, executor: BlockExecutor, parameters?: Parameters) {
    this.n = layout.n;
    this.compiled = compiled;
    this.layout = layout;
    this.executor = executor;
    this.tasks = new PairTasks(compiled, layout, parameters);
  }

  /** K α, noise left out. `step` says how far the whole work is, given the done part of this product. */
  *apply(alpha: Float64Array, step: (part: number) => Step): Steps<Float64Array> {
    const { layout } = this;
    const out = new Float64Array(this.n);
    const targets: number[] = [];
    const total = layout.blocks.reduce((sum, block) => sum + this.cuts(block.count).length, 0) * layout.blocks.length;
    const add = ([values]: readonly Float64Array[], index: number): void => {
      const row = targets[index]!;
      for (let i = 0; i < values!.length; i++) out[row + i]! += values![i]!;
    };
    yield* inOrder(
      this.executor,
      this.productTasks(alpha, (row) => targets.push(row)),
      add,
      (done) => step(done / total),
    );
    this.count++;
    return out;
  }

  private *productTasks(alpha: Float64Array, note: (row: number) => void): Generator<Task> {
    const { compiled, layout } = this;
    const shared = (name: string, values: Float64Array): Float64Array => {
      if (this.executor.width === 1) return values;
      let copy = this.shared.get(name);
      if (copy?.length !== values.length) this.shared.set(name, (copy = this.executor.allocate(values.length)));
      copy.set(values);
      return copy;
    };
    for (const [r, block] of layout.blocks.entries()) {
      for (const [c, col] of layout.blocks.entries()) {
        const coefficients = shared(`α ${r} ${c}`, alpha.subarray(col.start, col.start + col.count * col.components));
        const tables = this.tasks
          .stage(r, c, col.points, coefficients)
          .map((table, t) => shared(`${t} ${r} ${c}`, table));
        for (const [from, to] of this.cuts(block.count)) {
          note(block.start + from * block.components);
          yield this.tasks.product(
            r,
            slicePoints(compiled, block, from, to),
            c,
            slicePoints(compiled, col, 0, col.count),
            coefficients,
            tables,
          );
        }
      }
    }
  }

  private cuts(count: number): [number, number][] {
    const all = this.layout.blocks.reduce((sum, block) => sum + block.count, 0);
    const size = Math.max(SMALLEST, Math.ceil(all / CHUNKS));
    return Array.from({ length: Math.ceil(count / size) }, (_, k) => [k * size, Math.min(count, (k + 1) * size)]);
  }
}
