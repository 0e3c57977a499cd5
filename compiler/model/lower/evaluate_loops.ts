/**
 * Comprehensions, reductions and folds. In: loops and their bodies. Out: Builds, Sums, balanced trees and unrolled
 * rounds.
 * A condition is known when compiling: its survivors are enumerated into constant index tables, one list axis in
 * row-major
 * order of the ranges. Where they depend on loops further out, each entry has its own table; entries of a reduction
 * that have fewer are filled up and masked.
 */
import {
  axis,
  build,
  isIota,
  lit,
  map,
  mul,
  substitute,
  sum,
  type Axis,
  type Expr,
  type Index,
} from "../../ir/expr.ts";
import type { Span } from "../../source/span.ts";
import type { Typed, TypedLoops } from "../tree.ts";
import { fail, guarded, wholeNumber, withLocal, type EvaluationContext } from "./evaluation.ts";
import { readTable, tabulate } from "./evaluate_index.ts";
import { asNamed, axesOf, fromExpr, hasParam, loopVariable, scalar, virtual, type TensorValue } from "./value.ts";

type Of<K extends Typed["kind"]> = Extract<Typed, { kind: K }>;

/** The axes of a body, the context that it is evaluated in, and which rounds count. */
interface Entered {
  readonly axes: readonly Axis[];
  readonly context: EvaluationContext;
  /** Where entries have different numbers of rounds: whether this round counts, and how many do. */
  readonly mask?: Expr;
  readonly count?: Expr;
  readonly fewest: number;
  readonly most: number;
}

function enter(loops: TypedLoops, context: EvaluationContext): Entered {
  let inner = context;
  const axes = loops.ranges.map((range) => {
    const { variable, size } = range,
      a = axis(wholeNumber(size, inner), variable.name.text);
    inner = withLocal(inner, variable, loopVariable(a));
    return a;
  });
  const rounds = axes.reduce((product, a) => product * a.extent, 1);
  if (!loops.condition) return { axes, context: inner, fewest: rounds, most: rounds };
  const condition = context.evaluator.evaluate(loops.condition, inner).entry([]);
  if (hasParam(condition))
    return fail(context, "ADK0308", loops.condition.span, {
      what: "a condition that depends on the point or on parameters",
    });
  return survivors(loops, axes, condition, loops.condition.span, context);
}

/** Enumerates the rounds in which the condition holds, for every round of the loops outside that it depends on. */
function survivors(
  loops: TypedLoops,
  own: readonly Axis[],
  condition: Expr,
  span: Span,
  context: EvaluationContext,
): Entered {
  const outer = condition.free.filter((a) => !own.includes(a));
  const holds = tabulate([...outer, ...own], condition, span, context);
  const rounds = own.reduce((product, a) => product * a.extent, 1),
    entries = outer.reduce((product, a) => product * a.extent, 1);
  const lists = Array.from({ length: entries }, (_, n) => {
    const list: number[] = [];
    for (let r = 0; r < rounds; r++) if (holds[n * rounds + r] !== 0) list.push(r);
    return list;
  });
  const standIns = lists.every((l) => l.length > 0)
    ? []
    : standInsFor([...outer, ...own], condition, rounds, span, context);
  const counts = lists.map((l) => l.length),
    most = counts.reduce((a, b) => Math.max(a, b), 0),
    fewest = counts.reduce((a, b) => Math.min(a, b), most);
  const p = axis(most, loops.ranges.map((r) => r.variable.name.text).join("")),
    over = [...outer, p];
  let inner = context,
    stride = rounds;
  for (const [n, range] of loops.ranges.entries()) {
    const { extent } = own[n]!;
    stride /= Math.max(1, extent);
    const step = stride;
    const positions = lists.flatMap((l, entry) =>
      Array.from({ length: most }, (_, q) => Math.floor((l[q] ?? l[0] ?? standIns[entry]!) / step) % extent),
    );
    const { variable } = range;
    inner = withLocal(inner, variable, scalar("int", readTable(variable.name.text, over, positions)));
  }
  if (fewest === most) return { axes: [p], context: inner, fewest, most };
  const mask = readTable(
    "mask",
    over,
    lists.flatMap((l) => Array.from({ length: most }, (_, q) => Number(q < l.length))),
  );
  return { axes: [p], context: guarded(inner, mask), mask, count: readTable("count", outer, counts), fewest, most };
}

/**
 * For every entry, the round that breaks least of the condition: it stands in where none counts. What is worked out for
 * it is
 * thrown away, but may be shared before, so it should exist: 1 / r[i, j] for j ≠ i. Comparisons of loop variables
 * therefore weigh most.
 */
function standInsFor(
  axes: readonly Axis[],
  condition: Expr,
  rounds: number,
  span: Span,
  context: EvaluationContext,
): number[] {
  const parts = conjuncts(condition).map((part) => ({
    weight: isOfVariables(part) ? 100 : 1,
    holds: tabulate(axes, part, span, context),
  }));
  const entries = axes.reduce((product, a) => product * a.extent, 1) / rounds;
  return Array.from({ length: entries }, (_, n) => {
    const score = (r: number): number =>
      parts.reduce((sum, { weight, holds }) => sum + (holds[n * rounds + r] !== 0 ? weight : 0), 0);
    return Array.from({ length: rounds }, (_unused, r) => r).reduce(
      (best, r) => (score(r) > score(best) ? r : best),
      0,
    );
  });
}

const conjuncts = (e: Expr): Expr[] => (e.kind === "map" && e.op === "and" ? e.args.flatMap(conjuncts) : [e]);
/** Whether a condition reads nothing but the numbers of rounds. */
const isOfVariables = (e: Expr): boolean =>
  e.kind === "at" ? isIota(e.tensor) : e.kind === "lit" || (e.kind === "map" && e.args.every(isOfVariables));

export function evaluateComprehension(e: Of<"comprehension">, context: EvaluationContext): TensorValue {
  const { axes, context: inner, fewest, most } = enter(e.loops, context);
  if (fewest !== most) return fail(context, "ADK0318", e.span, { fewest, most });
  const body = context.evaluator.evaluate(e.body, inner),
    rest = axesOf(body.shape);
  return fromExpr(body.base, build([...axes, ...rest], body.entry(rest)));
}

export function evaluateReduction(e: Of<"reduce">, context: EvaluationContext): TensorValue {
  const { reduction } = e,
    entered = enter(e.loops, context);
  if (entered.fewest === 0 && reduction !== "sum" && reduction !== "prod")
    return fail(context, "ADK0314", e.span, { reduction });
  const body = context.evaluator.evaluate(e.body, entered.context);
  const masked = (x: Expr, neutral: number): Expr => (entered.mask ? map("where", entered.mask, x, lit(neutral)) : x);
  const total = (indices: readonly Index[]): Expr => sum(entered.axes, masked(body.entry(indices), 0));
  switch (reduction) {
    case "sum":
      return virtual(body.base, body.shape, total);
    case "mean": {
      const weight = entered.count ? map("pow", entered.count, lit(-1)) : lit(1 / entered.most);
      return virtual("real", body.shape, (indices) => mul(weight, total(indices)));
    }
    case "prod":
      return virtual(body.base, body.shape, (indices) =>
        tree("mul", masked(body.entry(indices), 1), entered.axes, e.span, context),
      );
    default: {
      const op = reduction === "max" ? "max" : "min";
      return virtual(body.base, body.shape, (indices) => tree(op, body.entry(indices), entered.axes, e.span, context));
    }
  }
}

/** The longest reduction that is laid out piece by piece. */
const LONGEST_TREE = 4096;

/** A balanced tree of a binary operation over all rounds. */
function tree(
  op: "mul" | "max" | "min",
  body: Expr,
  axes: readonly Axis[],
  span: Span,
  context: EvaluationContext,
): Expr {
  const rounds = axes.reduce((product, a) => product * a.extent, 1);
  if (rounds > LONGEST_TREE)
    return fail(context, "ADK0320", span, { what: "a `prod`, `max` or `min`", limit: LONGEST_TREE, found: rounds });
  context.evaluator.budget.foresee(rounds, body, span, context);
  let level = Array.from({ length: rounds }, (_, round) => {
    let rest = round;
    const positions = new Map<Axis, Index>();
    for (const a of [...axes].reverse()) {
      positions.set(a, lit(rest % a.extent));
      rest = Math.floor(rest / a.extent);
    }
    return substitute(body, positions);
  });
  while (level.length > 1) {
    level = Array.from({ length: Math.ceil(level.length / 2) }, (_, n) => {
      const [a, b] = [level[2 * n]!, level[2 * n + 1]];
      return b === undefined ? a : map(op, a, b);
    });
  }
  return level[0] ?? lit(1);
}

/** The longest fold. */
const MOST_ROUNDS = 1000;

/** A fixed number of rounds, one after the other. */
export function evaluateFold(e: Of<"fold">, context: EvaluationContext): TensorValue {
  const { range, state: local, body } = e,
    rounds = wholeNumber(range.size, context);
  if (rounds > MOST_ROUNDS)
    return fail(context, "ADK0320", range.size.span, { what: "a `fold`", limit: MOST_ROUNDS, found: rounds });
  const { unrolled = { span: e.span, times: 1 } } = context,
    repeated = { ...context, unrolled: { ...unrolled, times: unrolled.times * rounds } };
  let state = context.evaluator.evaluate(e.initial, context);
  for (let t = 0; t < rounds; t++) {
    const inner = withLocal(repeated, range.variable, scalar("int", lit(t)));
    state = context.evaluator.evaluate(body, withLocal(inner, local, asNamed(state, local.name.text)));
  }
  return state;
}
