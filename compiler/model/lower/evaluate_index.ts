/**
 * Indices. In: whole numbers as expressions of loop variables. Out: axes where an index is a loop variable, else reads
 * of constant tables.
 * An index that is known when compiling is worked out for all rounds of the loops around it, so its range is
 * checked exactly, and only where the conditions around it hold.
 */
import { at, build, isAxis, isIota, lit, map, table, type Axis, type Expr, type Index } from "../../ir/expr.ts";
import type { Span } from "../../source/span.ts";
import { fail, type EvaluationContext } from "./evaluation.ts";
import { valuesOver } from "./values_over_axes.ts";
import { hasParam, printValue, type TensorValue } from "./value.ts";

/** More rounds than this are not laid out as a table. */
const LONGEST_TABLE = 20_000_000;

/** The values of an expression known when compiling, over the axes, row-major. */
export function tabulate(axes: readonly Axis[], e: Expr, span: Span, context: EvaluationContext): Float64Array {
  const length = axes.reduce((product, a) => product * a.extent, 1);
  if (length > LONGEST_TABLE)
    fail(context, "ADK0320", span, {
      what: "what depends on loop variables and constants",
      limit: LONGEST_TABLE,
      found: length,
    });
  if (length === 0) return new Float64Array(0);
  const { tables } = context.evaluator,
    key = build(axes, e);
  let known = tables.get(key);
  if (!known) tables.set(key, (known = valuesOver(axes, e)));
  return known;
}

/** A table over the axes, read at them. */
export function readTable(name: string, axes: readonly Axis[], data: ArrayLike<number>): Expr {
  return at(
    table(
      name,
      axes.map((a) => a.extent),
      data,
    ),
    axes,
  );
}

/** The index that a whole number is, inside 0 … size − 1. */
function indexFrom(value: TensorValue, size: number, span: Span, context: EvaluationContext): Index {
  if (value.index && value.index.extent <= size) return value.index;
  return checkedIndex(value.entry([]), size, span, context);
}

/** The same for an entry of an int tensor. */
function checkedIndex(e: Expr, size: number, span: Span, context: EvaluationContext): Index {
  if (isAxis(e)) return e;
  if (hasParam(e)) return fail(context, "ADK0306", span, { found: "a number that is not known when compiling" });
  const guards = context.guards.filter((g) => g.kind !== "lit" || g.value === 0);
  const axes = [...new Set([e, ...guards].flatMap((x) => x.free))].sort((a, b) => a.id - b.id);
  const values = tabulate(axes, e, span, context);
  const inside = (v: number): boolean => Number.isInteger(v) && v >= 0 && v < size;
  if (values.every(inside)) return plain(e) ? e : (axisItself(e) ?? reread(e, size, span, context));
  const holds =
    guards.length === 0
      ? undefined
      : tabulate(
          axes,
          guards.reduce((a, b) => map("and", a, b)),
          span,
          context,
        );
  const read = [...values].filter((_, n) => holds === undefined || holds[n] !== 0);
  if (!read.every(inside)) {
    const outside = { least: String(Math.min(...read)), greatest: String(Math.max(...read)), size: String(size) };
    return fail(context, "ADK0307", span, outside);
  }
  return reread(e, size, span, context);
}

/** Already a literal, or a constant table read at axes. */
const plain = (e: Expr): boolean =>
  e.kind === "lit" || (e.kind === "at" && e.tensor.kind === "table" && !isIota(e.tensor) && e.indices.every(isAxis));

/** The axis that an expression is the number of. */
function axisItself(e: Expr): Axis | undefined {
  const [only] = e.kind === "at" && isIota(e.tensor) ? e.indices : [];
  return only !== undefined && isAxis(only) ? only : undefined;
}

/** The index as one read of a constant table; entries that nobody reads become 0. */
function reread(e: Expr, size: number, span: Span, context: EvaluationContext): Index {
  if (size === 0) return lit(0);
  const values = tabulate(e.free, e, span, context).map((v) => (Number.isInteger(v) && v >= 0 && v < size ? v : 0));
  return e.free.length === 0 ? lit(values[0] ?? 0) : readTable("index", e.free, values);
}

/** T[i, j, …]: scalar indices take axes away, int tensors put their own in their place. */
export function indexed(
  tensor: TensorValue,
  indices: readonly { value: TensorValue; span: Span }[],
  span: Span,
  context: EvaluationContext,
): TensorValue {
  if (indices.length > tensor.shape.length)
    fail(context, "ADK0305", span, { found: printValue(tensor), count: indices.length });
  const fixed = indices.map(({ value, span: place }, n) =>
    value.shape.length === 0 ? indexFrom(value, tensor.shape[n]!, place, context) : undefined,
  );
  const rest = tensor.shape.slice(indices.length);
  const shape = [...indices.flatMap(({ value }) => value.shape), ...rest];
  const entry = (given: readonly Index[]): Expr => {
    let next = 0;
    const into = indices.map(({ value, span: place }, n): Index => {
      const known = fixed[n];
      if (known !== undefined) return known;
      const own = given.slice(next, (next += value.shape.length));
      return checkedIndex(value.entry(own), tensor.shape[n]!, place, context);
    });
    return tensor.entry([...into, ...given.slice(next)]);
  };
  const parts = fixed.every((i) => i !== undefined) ? fixed : undefined;
  const coordinate = tensor.coordinate && parts ? { coordinate: [...tensor.coordinate, ...parts] } : {};
  if (shape.length === 0) {
    const whole = entry([]);
    return { base: tensor.base, shape, whole, entry: () => whole, ...coordinate };
  }
  return { base: tensor.base, shape, entry, ...coordinate };
}
