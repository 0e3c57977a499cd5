/**
 * Comprehensions, reductions and folds. In: loops and their bodies. Out: typed trees.
 * Without a condition there is one axis for each `for`; with one, a single axis whose length is a symbol until
 * constants are bound.
 */
import type { Expression, Loops, Range } from "../../source/ast.ts";
import { reductions, type Local, type Reduction, type Typed, type TypedLoops } from "../tree.ts";
import { atomSize, hasLoops, numberOf, printSize, sizeKey, type Size } from "../types/size.ts";
import { printType, tensor, typeKey, unknown, whole, type TensorType, type Type } from "../types/type.ts";
import { nonlinear, numbersOnly, sameShape, tensorsOnly, type TensorOperand } from "./combine.ts";
import { fault, refuseTwice, within, type Context } from "./context.ts";
import { sizeFrom, textOf } from "./declared_type.ts";

type Of<K extends Expression["kind"]> = Extract<Expression, { kind: K }>;

interface Entered {
  readonly context: Context;
  readonly loops: TypedLoops;
  readonly sizes: readonly (Size | undefined)[];
  readonly shape: readonly Size[] | undefined;
}

function loopVariable({ name }: Range, size: Size | undefined, context: Context): Local {
  if (size === undefined) return { name, role: "loop variable", type: unknown };
  const { span, text } = name,
    id = `${span.source.name}@${span.start}^${context.depth}`;
  const value = atomSize({ id, kind: "loop", text, extent: size });
  return { name, role: "loop variable", type: { ...whole(value), below: size } };
}

/** The context of a body inside loops, and the axes that they make. */
function enter(loops: Loops, context: Context): Entered {
  refuseTwice(
    context,
    loops.ranges.map((r) => r.name),
  );
  let inner = context;
  const sizes: (Size | undefined)[] = [];
  const ranges = loops.ranges.map((range) => {
    const { typed, size } = sizeFrom(range.size, inner),
      variable = loopVariable(range, size, inner);
    sizes.push(size);
    inner = within(inner, variable);
    return { variable, size: typed };
  });
  const known = sizes.filter((s) => s !== undefined);
  const all = known.length === sizes.length ? known : undefined;
  if (loops.condition === undefined) return { context: inner, loops: { ranges }, sizes, shape: all };
  const condition = checkedCondition(loops.condition, inner);
  const text = textOf(loops.condition.span);
  const length =
    all &&
    atomSize({
      id: `count(${all.map(sizeKey).join()};${text})`,
      kind: "opaque",
      text: `#(${loops.ranges.map((r, n) => `${r.name.text} in ${printSize(all[n]!)}`).join(", ")} if ${text})`,
    });
  return { context: { ...inner, certain: false }, loops: { ranges, condition }, sizes, shape: length && [length] };
}

function checkedCondition(e: Expression, context: Context): Typed {
  const condition = context.checking.infer(e, context),
    { type } = condition;
  if (type.kind === "unknown") return condition;
  if (type.kind === "function" || type.base !== "bool" || type.shape.length > 0) {
    fault(context, "ADK0309", e.span, {
      operation: "`if`",
      expected: "a condition, such as `i < j`",
      found: printType(type),
    });
  } else if (!type.constant) {
    fault(context, "ADK0308", e.span, { what: "a condition that depends on the point or on parameters" });
  }
  return condition;
}

export function inferComprehension(e: Of<"comprehension">, context: Context): Typed {
  const { context: inner, loops, shape } = enter(e.loops, context);
  const body = context.checking.infer(e.body, inner);
  return { ...e, loops, body, type: comprehensionType(body, shape, inner, context) };
}

function comprehensionType(e: Typed, shape: readonly Size[] | undefined, inner: Context, context: Context): Type {
  const [body] = tensorsOnly([e], "an entry of a tensor", inner) ?? [];
  if (!body || !shape) return unknown;
  const { base, degree, orders, constant, below } = body.type;
  if (body.type.shape.some(hasLoops)) {
    fault(context, "ADK0310", e.span, { found: printType(body.type) });
    return unknown;
  }
  const range = below === undefined || hasLoops(below) || !inner.certain ? {} : { below };
  return tensor(base, [...shape, ...body.type.shape], { degree, orders, constant, ...range });
}

const reductionCalled = (name: string): Reduction | undefined => reductions.find((r) => r === name);

export function inferReduction(e: Of<"reduce">, context: Context): Typed {
  const { text } = e.operator,
    reduction = reductionCalled(text);
  const { context: inner, loops, sizes } = enter(e.loops, context);
  const body = context.checking.infer(e.body, inner),
    [number] = numbersOnly([body], `\`${text}\``, inner) ?? [];
  if (reduction === undefined) {
    fault(context, "ADK0321", e.operator.span, { name: text });
    return { kind: "wrong", parts: [...loops.ranges.map((r) => r.size), body], span: e.span, type: unknown };
  }
  const empty = sizes.some((s) => s !== undefined && numberOf(s) === 0);
  if (empty && reduction !== "sum" && reduction !== "prod") fault(context, "ADK0314", e.span, { reduction });
  const type = number ? reduced(reduction, number, e, context) : unknown;
  return { kind: "reduce", reduction, loops, body, span: e.span, type };
}

function reduced(reduction: Reduction, body: TensorOperand, e: Expression, context: Context): Type {
  const { base, shape, degree, orders, constant } = body.type;
  if (reduction === "sum") return tensor(base, shape, { degree, orders, constant });
  if (reduction === "mean") return tensor("real", shape, { degree, orders, constant });
  const dependence = nonlinear([body], `\`${reduction}\``, e.span, context);
  return dependence ? tensor(base, shape, dependence) : unknown;
}

/** Rounds after which the type of a fold's state is taken as settled. */
const MOST_ROUNDS = 12;

export function inferFold(e: Of<"fold">, context: Context): Typed {
  const { infer } = context.checking;
  refuseTwice(context, [e.state, e.range.name]);
  const initial = infer(e.initial, context),
    [start] = tensorsOnly([initial], "the state of a fold", context) ?? [];
  const { typed, size } = sizeFrom(e.range.size, context);
  const length = size && numberOf(size),
    range = { variable: loopVariable(e.range, size, context), size: typed };
  /** One round from a state of that type, as the whole fold. */
  const round = (before: Type): Typed & { readonly kind: "fold" } => {
    const state: Local = { name: e.state, role: "state", type: before };
    const body = infer(e.body, within(context, state, range.variable));
    return { kind: "fold", state, initial, range, body, span: e.span, type: unknown };
  };
  if (!start) return round(unknown);
  if (length === 0) return { ...round(start.type), type: start.type };
  const rounds = Math.min(MOST_ROUNDS, length ?? MOST_ROUNDS);
  let type: TensorType = general(start.type),
    found = round(type);
  for (let n = 1; ; n++) {
    const [next] = tensorsOnly([found.body], "the state of a fold", context) ?? [];
    if (!next) return found;
    if (!sameShape(next.type.shape, type.shape)) {
      const change = { state: e.state.text, before: printType(start.type), after: printType(next.type) };
      fault(context, "ADK0316", e.body.span, change);
      return found;
    }
    const after = general({ ...next.type, shape: type.shape });
    const settled = typeKey(general(next.type)) === typeKey(type);
    if (!settled) type = after;
    if (settled || n >= rounds) return { ...found, type };
    found = round(type);
  }
}

/** What is known of a state in every round: its value and range change. */
function general(type: TensorType): TensorType {
  const { base, shape, degree, orders, constant } = type;
  return tensor(base, shape, { degree, orders, constant });
}
