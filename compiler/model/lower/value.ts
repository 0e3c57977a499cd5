/**
 * Values of lowering: tensors as functions from indices to scalars. In: expressions. Out: values, and tensors written
 * out.
 * An elementwise operation is no tensor of its own until something keeps it (a let, a function's result): fewer
 * binders, and sharing where the text names things. What has no Param and no free axis is a number at once.
 */
import {
  at,
  axis,
  build,
  children,
  dims,
  iota,
  isAxis,
  isZero,
  lit,
  named,
  table,
  type Axis,
  type Expr,
  type Index,
} from "../../ir/expr.ts";
import { interpret } from "../../ir/interpret.ts";
import type { Base } from "../types/type.ts";

export interface TensorValue {
  readonly base: Base;
  readonly shape: readonly number[];
  /** The scalar at the indices, one for each axis. */
  entry(indices: readonly Index[]): Expr;
  /** The tensor written out, or the scalar; absent until `written` is asked for it. */
  whole?: Expr;
  /** The loop variable itself. */
  readonly index?: Axis;
  /** The input, or what its indices have left of it: the indices so far. */
  readonly coordinate?: readonly Index[];
}

const params = new WeakMap<Expr, boolean>();
/** Whether an expression depends on anything that is given at run time. */
export function hasParam(e: Expr): boolean {
  let known = params.get(e);
  if (known === undefined) params.set(e, (known = e.kind === "param" || children(e).some(hasParam)));
  return known;
}

/** Known when compiling, and the same whatever the loop variables are. */
export const isClosed = (e: Expr): boolean => e.free.length === 0 && !hasParam(e);

/**
 * A closed expression is evaluated; any other stays as it is, and so do zeros, which vanish from whatever reads them.
 */
export function settled(e: Expr): Expr {
  if (e.kind === "lit" || e.kind === "table" || isZero(e) || !isClosed(e)) return e;
  const value = interpret(e);
  return typeof value === "number" ? lit(value) : table("constant", dims(e), value);
}

/** The numbers of a closed expression. */
export function numbersOf(e: Expr): Float64Array {
  const value = interpret(e);
  return typeof value === "number" ? Float64Array.of(value) : value;
}

export function scalar(base: Base, e: Expr, more: Pick<TensorValue, "index" | "coordinate"> = {}): TensorValue {
  const whole = settled(e);
  return { base, shape: [], entry: () => whole, whole, ...more };
}

/** A loop variable. */
export const loopVariable = (a: Axis): TensorValue => scalar("int", iota(a), { index: a });

/** A tensor that is written out. */
export function fromExpr(base: Base, e: Expr, more: Pick<TensorValue, "coordinate"> = {}): TensorValue {
  const whole = settled(e);
  return { base, shape: dims(whole), entry: (indices) => at(whole, indices), whole, ...more };
}

/** A tensor by its entries. */
export function virtual(base: Base, shape: readonly number[], entry: (indices: readonly Index[]) => Expr): TensorValue {
  return shape.length === 0 ? scalar(base, entry([])) : { base, shape, entry };
}

export const axesOf = (shape: readonly number[]): Axis[] => shape.map((extent) => axis(extent));

/** The tensor as one expression: written out once, evaluated if it is closed. */
export function written(value: TensorValue): Expr {
  if (value.whole) return value.whole;
  const axes = axesOf(value.shape);
  return (value.whole = settled(build(axes, value.entry(axes))));
}

/** The same value, read from the tensor that was written out: what keeps a name is worked out once. */
export function kept(value: TensorValue): TensorValue {
  const whole = written(value);
  return { ...value, whole, entry: (indices) => at(whole, indices) };
}

/** Whether an entry costs a sum: read at several places, such a tensor is better written out. */
const sums = new WeakMap<Expr, boolean>();
function costsSum(e: Expr): boolean {
  let known = sums.get(e);
  if (known === undefined)
    sums.set(e, (known = e.kind === "sum" || (e.kind !== "build" && children(e).some(costsSum))));
  return known;
}
export function cheap(value: TensorValue): TensorValue {
  if (value.whole || value.shape.length === 0) return value;
  return costsSum(value.entry(axesOf(value.shape))) ? kept(value) : value;
}

/** The position that an index literally is. */
export const positionOf = (index: Index): number | undefined =>
  !isAxis(index) && index.kind === "lit" ? index.value : undefined;
/** An index as a number. */
export const numberAt = (index: Index): Expr => (isAxis(index) ? iota(index) : index);
export const printValue = (v: TensorValue): string =>
  v.shape.length === 0 ? v.base : `${v.base}[${v.shape.join(", ")}]`;

/** A tensor that is kept under a name: written out once, and readers of generated code meet the name. */
export function asNamed(value: TensorValue, name: string): TensorValue {
  if (value.shape.length === 0) return value;
  const tensor = kept(value);
  if (tensor.whole?.kind === "build") named(tensor.whole, name);
  return tensor;
}

/** The same numbers under another base; an index is an int. */
export function asBase(value: TensorValue, base: Base | "index"): TensorValue {
  const plain = base === "index" ? "int" : base;
  return value.base === plain ? value : { ...value, base: plain };
}
