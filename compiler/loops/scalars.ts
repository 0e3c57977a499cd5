/**
 * Scalar expressions into Loop's. In: expressions whose axes are loop counters. Out: scalars and index arithmetic.
 * A storage knows what has been defined, which arrays hold which tensors, and where Params and Tables live.
 */
import {
  baseAndPower,
  coefficientOf,
  factorsOf,
  isAxis,
  isIota,
  type Axis,
  type Expr,
  type Index,
  type MapNode,
} from "../ir/expr.ts";
import {
  binary,
  constant,
  counter,
  number,
  offsetOf,
  plus,
  times,
  variable,
  type Buffer,
  type Condition,
  type Integer,
  type Scalar,
} from "./loop.ts";

/** Where values live: what has been laid out so far. */
export interface Storage {
  /** The counter of an opened axis. */
  counterOf(a: Axis): string;
  /** The buffer of a Param, Table or laid-out Build; `index` asks for whole numbers. */
  bufferOf(tensor: Expr, asIndex: boolean): Buffer;
  /** The variable that holds a scalar, if one does. */
  variableOf(e: Expr): string | undefined;
}

export class Scalars {
  private readonly storage: Storage;
  constructor(storage: Storage) {
    this.storage = storage;
  }

  /** The value of a scalar expression. */
  scalar(e: Expr): Scalar {
    const known = this.storage.variableOf(e);
    return known === undefined ? this.compute(e) : variable(known);
  }

  /** The same, though a variable is about to hold it. */
  compute(e: Expr): Scalar {
    switch (e.kind) {
      case "lit":
        return number(e.value);
      case "param":
        return { kind: "load", buffer: this.storage.bufferOf(e, false), offset: constant(0) };
      case "at":
        return this.read(e.tensor, e.indices);
      case "delta":
        return {
          kind: "select",
          condition: { kind: "same", left: this.integer(e.i), right: this.integer(e.j) },
          then: number(1),
          otherwise: number(0),
        };
      case "map":
        return this.primitive(e);
      default:
        throw new Error(`a ${e.kind} has not been laid out`);
    }
  }

  private read(tensor: Expr, indices: readonly Index[]): Scalar {
    if (isIota(tensor)) return { kind: "integer", value: this.integer(indices[0]!) };
    const buffer = this.storage.bufferOf(tensor, false);
    return {
      kind: "load",
      buffer,
      offset: offsetOf(
        buffer,
        indices.map((i) => this.integer(i)),
      ),
    };
  }

  integer(i: Index): Integer {
    if (isAxis(i)) return counter(this.storage.counterOf(i));
    if (i.kind === "lit") return constant(i.value);
    if (i.kind === "at" && i.tensor.kind === "table") {
      if (isIota(i.tensor)) return this.integer(i.indices[0]!);
      const buffer = this.storage.bufferOf(i.tensor, true);
      return {
        kind: "entry",
        buffer,
        offset: offsetOf(
          buffer,
          i.indices.map((x) => this.integer(x)),
        ),
      };
    }
    if (i.kind === "map" && i.op === "add") return i.args.map((a) => this.integer(a)).reduce(plus);
    if (i.kind === "map" && i.op === "mul") return i.args.map((a) => this.integer(a)).reduce(times);
    return { kind: "whole", scalar: this.scalar(i) };
  }

  private primitive(e: MapNode): Scalar {
    switch (e.op) {
      case "add":
        return this.total(e.args);
      case "mul":
        return this.product(e);
      case "where":
        return {
          kind: "select",
          condition: this.condition(e.args[0]!),
          then: this.scalar(e.args[1]!),
          otherwise: this.scalar(e.args[2]!),
        };
      case "lt":
      case "le":
      case "eq":
      case "ne":
      case "and":
      case "or":
      case "not":
        return { kind: "select", condition: this.condition(e), then: number(1), otherwise: number(0) };
      case "pow":
        return this.power(e.args[0]!, e.args[1]!);
      default:
        return { kind: "call", op: e.op, args: e.args.map((a) => this.scalar(a)) };
    }
  }

  /** Positive terms first, so that no sum begins with a sign. */
  private total(args: readonly Expr[]): Scalar {
    const negative = (a: Expr): boolean => coefficientOf(a)[0] < 0;
    const ordered = [...args.filter((a) => !negative(a)), ...args.filter(negative)];
    return ordered.map((a) => this.scalar(a)).reduce((left, right) => binary("+", left, right));
  }

  private product(e: MapNode): Scalar {
    const deltas = e.args.filter((a) => a.kind === "delta"),
      real = e.args.filter((a) => a.kind !== "delta");
    const over = real.filter((a) => baseAndPower(a)[1] === -1 && this.storage.variableOf(a) === undefined);
    const above = real.filter((a) => !over.includes(a)).map((a) => this.scalar(a));
    let value = above.length > 0 ? above.reduce((l, r) => binary("*", l, r)) : number(1);
    if (over.length > 0)
      value = binary(
        "/",
        value,
        over.map((a) => this.scalar(baseAndPower(a)[0])).reduce((l, r) => binary("*", l, r)),
      );
    // What a Delta masks isn't evaluated: it may be infinite where it doesn't count.
    for (const d of deltas)
      if (d.kind === "delta")
        value = {
          kind: "select",
          condition: { kind: "same", left: this.integer(d.i), right: this.integer(d.j) },
          then: value,
          otherwise: number(0),
        };
    return value;
  }

  private power(base: Expr, exponent: Expr): Scalar {
    const b = this.scalar(base);
    if (exponent.kind !== "lit") return { kind: "call", op: "pow", args: [b, this.scalar(exponent)] };
    switch (exponent.value) {
      case 2:
        return binary("*", b, b);
      case 0.5:
        return { kind: "call", op: "sqrt", args: [b] };
      case -1:
        return binary("/", number(1), b);
      default:
        return { kind: "call", op: "pow", args: [b, number(exponent.value)] };
    }
  }

  condition(e: Expr): Condition {
    const scalars = (): [Scalar, Scalar] =>
      e.kind === "map" ? [this.scalar(e.args[0]!), this.scalar(e.args[1]!)] : [number(0), number(0)];
    const compare = (op: "<" | "<=" | "===" | "!=="): Condition => {
      const [left, right] = scalars();
      return { kind: "compare", op, left, right };
    };
    if (e.kind === "map" && this.storage.variableOf(e) === undefined) {
      switch (e.op) {
        case "lt":
          return compare("<");
        case "le":
          return compare("<=");
        case "eq":
          return compare("===");
        case "ne":
          return compare("!==");
        case "and":
          return { kind: "both", op: "&&", left: this.condition(e.args[0]!), right: this.condition(e.args[1]!) };
        case "or":
          return { kind: "both", op: "||", left: this.condition(e.args[0]!), right: this.condition(e.args[1]!) };
        case "not":
          return { kind: "not", of: this.condition(e.args[0]!) };
        default:
      }
    }
    return { kind: "compare", op: "!==", left: this.scalar(e), right: number(0) };
  }
}

/** Expressions whose value is used twice where it is printed: squares. */
export const usedTwice = (e: Expr): Expr | undefined =>
  e.kind === "map" && e.op === "pow" && e.args[1]!.kind === "lit" && e.args[1]!.value === 2 ? e.args[0] : undefined;

/** Whether a scalar is read or written without arithmetic. */
export const isPlain = (e: Expr): boolean =>
  e.kind === "lit" ||
  e.kind === "param" ||
  e.kind === "at" ||
  (e.kind === "map" &&
    e.op === "mul" &&
    factorsOf(e).length === 2 &&
    e.args[0]!.kind === "lit" &&
    e.args[0]!.value === -1 &&
    isPlain(e.args[1]!));
