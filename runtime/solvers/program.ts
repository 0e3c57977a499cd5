/**
 * The kernels of a model as a program for executors. In: a compiled model, its groups and parameters. Out: tasks.
 * A task is one covariance block, or the product of one with coefficients that were staged before; its blocks are the
 * points and arguments of both sides, so that it can be done anywhere.
 */
import type { CompiledModel, Parameters, Points } from "../compiled.ts";
import type { Block as TaskBlock, Program, Task, TaskFunction } from "../executors/executor.ts";
import type { Layout } from "../fit/layout.ts";
import { sizeOf } from "../data/rows.ts";
import { sha256 } from "../sha256.ts";

/** What a worker must know of the groups to put the sides together again. */
interface PairData {
  /** Names of each group's arguments, by the group's number. */
  readonly arguments: readonly (readonly string[])[];
  readonly parameters: Readonly<Record<string, number | Float64Array>>;
}

/** The sides that a kernel reads. */
interface Side {
  readonly count: number;
  readonly x: Float64Array;
  readonly arguments: Record<string, Float64Array>;
  readonly coefficients?: Float64Array;
}
type CovarianceKernel = (x: Side, y: Side, parameters: PairData["parameters"]) => Float64Array;
interface ProductKernel {
  apply(x: Side, y: Side, parameters: PairData["parameters"], tables: readonly Float64Array[]): Float64Array;
}

type Kernels = Record<string, CovarianceKernel> | Record<string, ProductKernel>;

/**
 * The functions of a program elsewhere. It's printed as it stands, and must refer to nothing outside itself.
 * Blocks: points and arguments of the rows, the same of the columns; for products then coefficients, and tables.
 */
function pairFunctions(data: PairData, kernels: Kernels): Record<string, TaskFunction> {
  const functions: Record<string, TaskFunction> = {};
  for (const [pair, kernel] of Object.entries(kernels)) {
    const groups = pair.split(" ").map(Number);
    functions[pair] = (numbers, blocks) => {
      let at = 0;
      const [x, y] = groups.map((group, side) => {
        const made: Side = { count: numbers[side]!, x: blocks[at++]!, arguments: {} };
        for (const name of data.arguments[group]!) made.arguments[name] = blocks[at++]!;
        return made;
      }) as [Side, Side];
      if (typeof kernel === "function") return [kernel(x, y, data.parameters)];
      return [kernel.apply(x, { ...y, coefficients: blocks[at]! }, data.parameters, blocks.slice(at + 1))];
    };
  }
  return functions;
}

/** Makes the tasks of a fit. */
export class PairTasks {
  private readonly compiled: CompiledModel;
  private readonly layout: Layout;
  private readonly parameters: Parameters | undefined;
  private readonly covariances: Program;
  private readonly products: Program;

  constructor(compiled: CompiledModel, layout: Layout, parameters?: Parameters) {
    this.compiled = compiled;
    this.layout = layout;
    this.parameters = parameters;
    this.covariances = this.programOf(
      "covariance",
      (row, col) => (x, y) => compiled.covariance(row, x, col, y, parameters),
    );
    this.products = this.programOf("apply", (row, col) => ({
      apply: (x, y, _, tables) =>
        compiled.pairs === undefined
          ? compiled.contract(row, x, col, y, y.coefficients!, parameters)
          : compiled.pairs.apply(row, col, x, y, y.coefficients!, tables, parameters),
    }));
  }

  /** The covariance of points of group `row` with points of group `col`, both by number. */
  covariance(row: number, x: Points, col: number, y: Points): Task {
    return {
      program: this.covariances,
      run: `${row} ${col}`,
      numbers: [this.count(x), this.count(y)],
      blocks: [...this.blocks(row, x), ...this.blocks(col, y)],
    };
  }

  /** That covariance times coefficients, staged as `stage` says. */
  product(row: number, x: Points, col: number, y: Points, alpha: TaskBlock, tables: readonly TaskBlock[]): Task {
    return {
      program: this.products,
      run: `${row} ${col}`,
      numbers: [this.count(x), this.count(y)],
      blocks: [...this.blocks(row, x), ...this.blocks(col, y), alpha, ...tables],
    };
  }

  /** The tables of a product, worked out once for all its tasks. */
  stage(row: number, col: number, y: Points, alpha: Float64Array): readonly Float64Array[] {
    const { compiled, layout } = this;
    return compiled.pairs?.stage(layout.blocks[row]!.label, layout.blocks[col]!.label, y, alpha, this.parameters) ?? [];
  }

  private count(points: Points): number {
    return points.x.length / sizeOf(this.compiled.input.shape);
  }

  private argumentNames(group: number): readonly string[] {
    return this.compiled.groups[this.layout.blocks[group]!.label]!.arguments.map((item) => item.name);
  }

  private blocks(group: number, points: Points): Float64Array[] {
    return [points.x, ...this.argumentNames(group).map((name) => points.arguments![name]!)];
  }

  /** A program whose functions are the compiled model's own here, and the same as text elsewhere. */
  private programOf(
    kind: "covariance" | "apply",
    kernel: (row: string, col: string) => CovarianceKernel | ProductKernel,
  ): Program {
    const { compiled, layout } = this;
    const { pairs } = compiled;
    const labels = layout.blocks.map((block) => block.label);
    const pairsOf = <T>(make: (row: string, col: string) => T): [string, T][] =>
      labels.flatMap((row, r) => labels.map((col, c): [string, T] => [`${r} ${c}`, make(row, col)]));
    const data = this.data();
    const digest = sha256(
      JSON.stringify([
        labels,
        data.arguments,
        Object.entries(data.parameters).map(([name, value]) => [name, typeof value === "number" ? value : [...value]]),
      ]),
    );
    const program: Program = {
      name: `${kind} ${compiled.hash} ${digest}`,
      create: () => pairFunctions(data, Object.fromEntries(pairsOf(kernel)) as Kernels),
    };
    if (pairs === undefined) return program;
    return {
      ...program,
      data,
      // Printed when a worker asks for it: kernels of pairs are made no earlier than they are needed.
      get text(): string {
        const entries = pairsOf((row, col) => pairs.text(kind, row, col)).map(
          ([pair, text]) => `${JSON.stringify(pair)}: ${text}`,
        );
        return `(data) => (${pairFunctions.toString()})(data, {\n${entries.join(",\n")}\n})`;
      },
    };
  }

  private data(): PairData {
    const initial = Object.fromEntries(
      this.compiled.parameters.map(({ name, shape, initial: values }) => [
        name,
        shape.length === 0 ? values[0]! : values,
      ]),
    );
    return {
      arguments: this.layout.blocks.map((_, g) => this.argumentNames(g)),
      parameters: { ...initial, ...this.parameters },
    };
  }
}
