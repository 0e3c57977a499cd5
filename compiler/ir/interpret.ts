/**
 * The reference interpreter of expressions: the oracle of the tests, and the evaluator of constants.
 * In: an expression, the values of its Params. Out: a number, or a row-major Float64Array.
 * It follows the definition of each kind literally; every node is evaluated once per value of its free axes.
 */
import { ops } from "./ops.ts";
import { dims, isAxis, type Axis, type Expr, type Index, type Param } from "./node.ts";

/** A value of a Param: its shape gives symbolic sizes their numbers. */
export interface Value {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

type Result = number | Float64Array;

class Evaluation {
  private readonly position = new Map<Axis, number>();
  private readonly memo = new Map<Expr, Map<number, Result>>();
  private readonly sizes = new Map<string, number>();
  private readonly inputs: ReadonlyMap<Expr, Value>;

  constructor(inputs: ReadonlyMap<Expr, Value>) {
    this.inputs = inputs;
    for (const [p, { shape }] of inputs) {
      if (p.kind === "param")
        p.sizes.forEach((size, n) => {
          if (size !== undefined) this.sizes.set(size, shape[n]!);
        });
    }
  }

  extent(a: Axis): number {
    if (a.size === undefined) return a.extent;
    const n = this.sizes.get(a.size);
    if (n === undefined) throw new Error(`nothing gives the size ${a.size}`);
    return n;
  }

  value(e: Expr): Result {
    if (e.kind === "lit") return e.value;
    const slot = e.free.reduce((sum, a) => sum * this.extent(a) + this.at(a), 0);
    let known = this.memo.get(e);
    if (!known) this.memo.set(e, (known = new Map()));
    let result = known.get(slot);
    if (result === undefined) known.set(slot, (result = this.evaluate(e)));
    return result;
  }

  scalar(e: Expr): number {
    const v = this.value(e);
    if (typeof v !== "number") throw new Error(`a scalar was expected, not a ${e.kind} of shape [${dims(e).join()}]`);
    return v;
  }

  private at(a: Axis): number {
    const p = this.position.get(a);
    if (p === undefined) throw new Error(`the axis ${a.name} is free`);
    return p;
  }

  private index = (i: Index): number => (isAxis(i) ? this.at(i) : this.scalar(i));

  private evaluate(e: Exclude<Expr, { kind: "lit" }>): Result {
    switch (e.kind) {
      case "param":
        return this.paramValue(e);
      case "table":
        return e.data;
      case "map":
        if (e.op === "where") return this.scalar(e.args[0]!) !== 0 ? this.scalar(e.args[1]!) : this.scalar(e.args[2]!);
        return ops[e.op].value(...e.args.map((a) => this.scalar(a)));
      case "delta":
        return this.index(e.i) === this.index(e.j) ? 1 : 0;
      case "at":
        return this.read(e.tensor, e.indices.map(this.index));
      case "sum": {
        let total = 0;
        this.each(e.axes, () => {
          total += this.scalar(e.body);
        });
        return total;
      }
      case "build": {
        const out: number[] = [];
        this.each(e.axes, () => {
          out.push(this.scalar(e.body));
        });
        return Float64Array.from(out);
      }
    }
  }

  private read(tensor: Expr, indices: readonly number[]): number {
    const shape =
      tensor.kind === "build"
        ? tensor.axes.map((a) => this.extent(a))
        : tensor.kind === "param"
          ? (this.inputs.get(tensor)?.shape ?? tensor.dims)
          : dims(tensor);
    const data = this.value(tensor);
    if (typeof data === "number") throw new Error("a scalar is read without indices");
    const offset = indices.reduce((sum, i, n) => {
      if (!(i >= 0 && i < shape[n]!)) throw new Error(`index ${i} leaves 0 … ${shape[n]! - 1}`);
      return sum * shape[n]! + i;
    }, 0);
    return data[offset]!;
  }

  private paramValue(e: Param): Result {
    const given = this.inputs.get(e);
    if (!given) throw new Error(`no value for ${e.name}`);
    return e.dims.length === 0 ? given.data[0]! : Float64Array.from(given.data);
  }

  private each(axes: readonly Axis[], visit: () => void): void {
    const [first, ...rest] = axes;
    if (!first) {
      visit();
      return;
    }
    for (let n = 0; n < this.extent(first); n++) {
      this.position.set(first, n);
      this.each(rest, visit);
    }
  }
}

/**
 * The value of an expression without free axes: a number for a scalar, else its entries in row-major order.
 * Throws an Error for a Param without a value, a free axis, or an index out of range that is read.
 */
export function interpret(e: Expr, inputs: ReadonlyMap<Expr, Value> = new Map()): number | Float64Array {
  return new Evaluation(inputs).value(e);
}
