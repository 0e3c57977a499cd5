/**
 * The kernels of a model as programs for executors. In: a compiled model, its groups and parameters. Out: tasks.
 * A task is one covariance block, or the product of one with coefficients that were staged before; its blocks are the
 * points and arguments of both sides, so that it can be done anywhere. A program is one kernel with its parameters.
 */
import type { CompiledModel, PairKernel, Parameters, Points } from "../compiled.ts";
import type { Block as TaskBlock, Program, Task, TaskFunction } from "../executors/executor.ts";
import type { Layout } from "../fit/layout.ts";
import { sizeOf } from "../data/rows.ts";
import { instantiate, transposed, type SideValues, type Values } from "../kernel.ts";
import { sha256 } from "../sha256.ts";

type Kind = "covariance" | "apply";

/** What a worker must know of a pair to put its sides together again. */
interface PairData {
  readonly kind: Kind;
  /** Names of the arguments of the rows' group, and of the columns'. */
  readonly arguments: readonly (readonly string[])[];
  readonly parameters: Values;
}

/** A pair's kernel as a function; the columns of a product have coefficients, and it reads the tables. */
type PairFunction = (x: SideValues, y: SideValues, tables: readonly Float64Array[]) => Float64Array;

/**
 * The function of a program. Blocks: points and arguments of the rows, the same of the columns; for products then
 * coefficients, and tables. It goes to other threads as text, and refers to nothing outside itself.
 */
function pairTask({ kind, arguments: names }: PairData, kernel: PairFunction): Record<string, TaskFunction> {
  return {
    pair: (numbers, blocks) => {
      let at = 0;
      const [x, y] = names.map((group, side): SideValues => {
        const points = blocks[at++]!;
        const given = group.map((name) => [name, blocks[at++]!] as const);
        return { count: numbers[side]!, x: points, arguments: Object.fromEntries(given) };
      }) as [SideValues, SideValues];
      if (kind === "covariance") return [kernel(x, y, [])];
      return [kernel(x, { ...y, coefficients: blocks[at]! }, blocks.slice(at + 1))];
    },
  };
}

/** The function of a kernel that came as data; sent as text like the other. */
function pairFunction(
  { kind, parameters }: PairData,
  { artifact, mirrored }: PairKernel,
  make: typeof instantiate,
  transpose: typeof transposed,
): PairFunction {
  const run = make(artifact);
  return (x, y, tables) => {
    if (kind === "apply") return run.evaluate([x, y], parameters, tables)[0]!;
    const sides = mirrored === undefined ? [x, y] : [y, x];
    const block = run.evaluate(sides, parameters, run.prepare(sides, parameters))[0]!;
    return mirrored === undefined ? block : transpose(block, y.count * mirrored);
  };
}

/** What makes the functions of a program elsewhere, from its data. */
const ELSEWHERE = `({ pair, kernel }) => (${pairTask.toString()})(pair, (${pairFunction.toString()})(pair, kernel, ${instantiate.toString()}, ${transposed.toString()}))`;

/** Makes the tasks of a fit. */
export class PairTasks {
  private readonly compiled: CompiledModel;
  private readonly layout: Layout;
  private readonly parameters: Parameters | undefined;
  private readonly programs = new Map<string, Program>();

  constructor(compiled: CompiledModel, layout: Layout, parameters?: Parameters) {
    this.compiled = compiled;
    this.layout = layout;
    this.parameters = parameters;
  }

  /** The covariance of points of group `row` with points of group `col`, both by number. */
  covariance(row: number, x: Points, col: number, y: Points): Task {
    return {
      program: this.program("covariance", row, col),
      run: "pair",
      numbers: [this.count(x), this.count(y)],
      blocks: [...this.blocks(row, x), ...this.blocks(col, y)],
    };
  }

  /** That covariance times coefficients, staged as `stage` says. */
  product(row: number, x: Points, col: number, y: Points, alpha: TaskBlock, tables: readonly TaskBlock[]): Task {
    return {
      program: this.program("apply", row, col),
      run: "pair",
      numbers: [this.count(x), this.count(y)],
      blocks: [...this.blocks(row, x), ...this.blocks(col, y), alpha, ...tables],
    };
  }

  /** The tables of a product, worked out once for all its tasks. */
  stage(row: number, col: number, y: Points, alpha: Float64Array): readonly Float64Array[] {
    return this.compiled.pairs?.stage(this.label(row), this.label(col), y, alpha, this.parameters) ?? [];
  }

  private label(group: number): string {
    return this.layout.blocks[group]!.label;
  }

  private count(points: Points): number {
    return points.x.length / sizeOf(this.compiled.input.shape);
  }

  private argumentNames(group: number): readonly string[] {
    return this.compiled.groups[this.label(group)]!.arguments.map((item) => item.name);
  }

  private blocks(group: number, points: Points): Float64Array[] {
    return [points.x, ...this.argumentNames(group).map((name) => points.arguments![name]!)];
  }

  private program(kind: Kind, row: number, col: number): Program {
    const key = `${kind} ${row} ${col}`;
    let known = this.programs.get(key);
    if (known === undefined) this.programs.set(key, (known = this.programOf(kind, row, col)));
    return known;
  }

  /** A kernel that is data has the name of its content, and runs anywhere; any other runs where its model is. */
  private programOf(kind: Kind, row: number, col: number): Program {
    const { compiled } = this,
      labels = [this.label(row), this.label(col)] as const,
      pair: PairData = {
        kind,
        arguments: [this.argumentNames(row), this.argumentNames(col)],
        parameters: this.allParameters(),
      };
    const kernel = compiled.pairs?.kernel(kind, ...labels);
    const digest = digestOf([kernel?.artifact.name ?? [compiled.hash, labels], kernel?.mirrored, pair]);
    const name = `${kind} ${digest}`;
    if (kernel === undefined) return { name, create: () => pairTask(pair, this.ownKernel(kind, ...labels)) };
    return {
      name,
      create: () => pairTask(pair, pairFunction(pair, kernel, instantiate, transposed)),
      text: ELSEWHERE,
      data: { pair, kernel },
    };
  }

  /** The model's own functions, where there's no kernel that is data. */
  private ownKernel(kind: Kind, row: string, col: string): PairFunction {
    const { compiled, parameters } = this;
    return kind === "covariance"
      ? (x, y) => compiled.covariance(row, x, col, y, parameters)
      : (x, y) => compiled.contract(row, x, col, y, y.coefficients!, parameters);
  }

  private allParameters(): Values {
    const initial = this.compiled.parameters.map(
      ({ name, shape, initial: values }) => [name, shape.length === 0 ? values[0]! : values] as const,
    );
    return Object.fromEntries([...initial, ...Object.entries(this.parameters ?? {})]);
  }
}

/** A hash of plain data and arrays. */
const digestOf = (value: unknown): string =>
  sha256(
    JSON.stringify(value, (_, item: unknown) =>
      ArrayBuffer.isView(item)
        ? [...(item as Float64Array)].map(String)
        : typeof item === "number"
          ? String(item)
          : (item ?? null),
    ),
  );
