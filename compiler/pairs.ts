/**
 * The kernels of pairs of groups for solvers: in their stages, as text, and their costs. In: a kernel builder. Out:
 * `PairKernels`.
 * One text makes the functions here and in other threads, so that where a product is computed changes no bit.
 */
import type { PairKernels, PairFlops, PointsLike, Parameters } from "../runtime/compiled.ts";
import { argumentsFor, KernelText, product } from "./backends/kernel_text.ts";
import { runner } from "./backends/module_text.ts";
import type { SideValues, Values } from "./instantiate.ts";
import type { KernelBuilder } from "./kernels.ts";
import { countFlops } from "./loops/count.ts";
import { TEST_SIDE, type Kernel } from "./loops/kernel.ts";
import type { Program } from "./loops/loop.ts";

/** What checks points and parameters, as every other way into a compiled model does. */
export interface Checks {
  side(label: string, points: PointsLike, coefficients?: Float64Array): SideValues;
  parameters(given?: Parameters): Values;
  /** Numbers in one value of a group. */
  components(label: string): number;
  /** Whether a pair is compiled as its mirror image. */
  isMirrored(row: string, col: string): boolean;
}

interface Staged {
  readonly stage: (y: SideValues, parameters: Values) => Float64Array[];
  readonly apply: (x: SideValues, y: SideValues, parameters: Values, tables: readonly Float64Array[]) => Float64Array;
}

export class Pairs implements PairKernels {
  private readonly kernels: KernelBuilder;
  private readonly checks: Checks;
  private readonly contractions = new Map<string, Kernel>();
  private readonly covariances = new Map<string, Kernel>();
  private readonly functions = new Map<string, Staged>();

  constructor(kernels: KernelBuilder, checks: Checks) {
    this.kernels = kernels;
    this.checks = checks;
  }

  contraction(row: string, col: string): Kernel {
    return memo(this.contractions, row, col, () => this.kernels.contraction(row, col));
  }

  /** The kernel of a pair as it is compiled: not its mirror image. */
  covariance(row: string, col: string): Kernel {
    return memo(this.covariances, row, col, () => this.kernels.covariance(row, col));
  }

  private staged(row: string, col: string): Staged {
    return memo(
      this.functions,
      row,
      col,
      () => new Function(`"use strict";\nreturn ${this.text("apply", row, col)};`)() as Staged,
    );
  }

  stage(row: string, col: string, y: PointsLike, alpha: Float64Array, parameters?: Parameters): Float64Array[] {
    return this.staged(row, col).stage(this.checks.side(col, y, alpha), this.checks.parameters(parameters));
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
    const [rows, cols] = [this.checks.side(row, x), this.checks.side(col, y, alpha)];
    return this.staged(row, col).apply(rows, cols, this.checks.parameters(parameters), tables);
  }

  text(kind: "covariance" | "apply", row: string, col: string): string {
    if (kind === "apply") return closed(this.contraction(row, col), stagedRunner(this.contraction(row, col)));
    const isMirrored = this.checks.isMirrored(row, col);
    const kernel = isMirrored ? this.covariance(col, row) : this.covariance(row, col);
    const text = closed(kernel, runner(kernel, [...kernel.sizes.keys()]));
    return isMirrored ? mirrored(text, this.checks.components(col)) : text;
  }

  flops(kind: "covariance" | "apply", row: string, col: string): PairFlops {
    const isMirrored = kind === "covariance" && this.checks.isMirrored(row, col);
    const kernel =
      kind === "apply"
        ? this.contraction(row, col)
        : isMirrored
          ? this.covariance(col, row)
          : this.covariance(row, col);
    const count = (m: number, n: number): number => {
      const sizes = Object.fromEntries([...kernel.sizes.values()].map((size) => [size, n]));
      const of = (p: Program | undefined): number => (p === undefined ? 0 : countFlops(p, { m, ...sizes }));
      return of(kernel.evaluate) + (kernel.prepare === undefined ? 0 : of(kernel.prepare));
    };
    const [none, rows, cols, both] = [count(0, 0), count(1, 0), count(0, 1), count(1, 1)];
    const [row1, col1] = isMirrored ? [cols - none, rows - none] : [rows - none, cols - none];
    return { row: row1, column: col1, pair: both - rows - cols + none };
  }
}

function memo<T>(cache: Map<string, T>, row: string, col: string, make: () => T): T {
  const key = JSON.stringify([row, col]);
  let known = cache.get(key);
  if (known === undefined) cache.set(key, (known = make()));
  return known;
}

/** A kernel with all it needs, as an expression. */
function closed(kernel: Kernel, result: readonly string[]): string {
  const text = new KernelText();
  text.add(kernel, result);
  return `(() => {\n"use strict";\n${text.text()}\nreturn ${kernel.name};\n})()`;
}

/** Of a mirrored pair: the block that is computed, transposed. It has `components` rows for each point of y. */
const mirrored = (text: string, components: number): string => `((kernel) => (x, y, parameters) => {
  const block = kernel(y, x, parameters), rows = y.count * ${components}, cols = rows === 0 ? 0 : block.length / rows;
  const out = new Float64Array(block.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = block[i * cols + j];
  return out;
})(${text})`;

/** The functions that a contraction's closure gives: its stages apart. */
function stagedRunner(kernel: Kernel): string[] {
  const given = { side: (name: string) => name, offsets: "offsets" };
  const [side] = kernel.sizes.keys();
  const counts = [...kernel.sizes].map(([name, size]) => `${size} = ${name}.count`).join(", ");
  const tables = kernel.prepare?.outputs ?? [];
  const out = kernel.evaluate.outputs[0]!;
  return [
    "return {",
    `  stage: (${side}, parameters) => {`,
    `    const ${counts};`,
    ...tables.map((b) => `    const ${b.name} = new Float64Array(${product(b.dims)});`),
    ...(kernel.prepare ? [`    prepare(${argumentsFor(kernel, kernel.prepare, given)});`] : []),
    `    return [${tables.map((b) => b.name).join(", ")}];`,
    "  },",
    `  apply: (${TEST_SIDE}, ${side}, parameters, tables) => {`,
    `    const m = ${TEST_SIDE}.count, ${counts};`,
    ...(tables.length > 0 ? [`    const [${tables.map((b) => b.name).join(", ")}] = tables;`] : []),
    `    const ${out.name} = new Float64Array(${product(out.dims)});`,
    `    evaluate(${argumentsFor(kernel, kernel.evaluate, given)});`,
    `    return ${out.name};`,
    "  },",
    "};",
  ];
}
