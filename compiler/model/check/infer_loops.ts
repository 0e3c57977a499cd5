/**
 * Types of comprehensions, reductions and folds. In: loops and their bodies. Out: shapes.
 * Without a condition there is one axis for each `for`; with one, a single axis whose length is a symbol until
 * constants are bound.
 */
import type { Expression, Loops, Range } from "../../source/ast.ts";
import { nonlinear, numbersOnly, sameShape, tensorsOnly, type Tensor } from "./combine.ts";
import { fault, refuseTwice, within, type Context } from "./context.ts";
import { atomSize, hasLoops, numberOf, printSize, sizeKey, type Size } from "../types/size.ts";
import { sizeFrom, textOf } from "./declared_type.ts";
import { printType, tensor, typeKey, unknown, whole, type TensorType, type Type } from "../types/type.ts";

type Of<K extends Expression["kind"]> = Extract<Expression, { kind: K }>;

interface Entered {
  readonly context: Context;
  readonly sizes: readonly (Size | undefined)[];
  readonly shape: readonly Size[] | undefined;
}

function loopVariable(range: Range, size: Size, context: Context): TensorType {
  const { span, text } = range.name;
  const value = atomSize({
    id: `${span.source.name}@${span.start}^${context.depth}`,
    kind: "loop",
    text,
    extent: size,
  });
  return { ...whole(value), below: size };
}

/** The context of a body inside loops, and the axes that they make. */
function enter(loops: Loops, context: Context): Entered {
  refuseTwice(
    context,
    loops.ranges.map((r) => r.name),
  );
  let inner = context;
  const sizes: (Size | undefined)[] = [];
  for (const range of loops.ranges) {
    const size = sizeFrom(range.size, inner);
    sizes.push(size);
    inner = within(
      inner,
      new Map<string, Type>([[range.name.text, size ? loopVariable(range, size, inner) : unknown]]),
    );
  }
  const known = sizes.filter((s) => s !== undefined);
  const all = known.length === sizes.length ? known : undefined;
  if (loops.condition === undefined) return { context: inner, sizes, shape: all };
  checkCondition(loops.condition, inner);
  const length =
    all &&
    atomSize({
      id: `count(${all.map(sizeKey).join()};${textOf(loops.condition.span)})`,
      kind: "opaque",
      text: `#(${loops.ranges.map((r, n) => `${r.name.text} in ${printSize(all[n]!)}`).join(", ")} if ${textOf(loops.condition.span)})`,
    });
  return { context: { ...inner, certain: false }, sizes, shape: length && [length] };
}

function checkCondition(condition: Expression, context: Context): void {
  const type = context.checking.infer(condition, context);
  if (type.kind === "unknown") return;
  if (type.kind === "function" || type.base !== "bool" || type.shape.length > 0) {
    fault(context, "ADK0309", condition.span, {
      operation: "`if`",
      expected: "a condition, such as `i < j`",
      found: printType(type),
    });
  } else if (!type.constant) {
    fault(context, "ADK0308", condition.span, { what: "a condition that depends on the point or on parameters" });
  }
}

export function inferComprehension(e: Of<"comprehension">, context: Context): Type {
  const { context: inner, shape } = enter(e.loops, context);
  const [body] =
    tensorsOnly([{ type: context.checking.infer(e.body, inner), span: e.body.span }], "an entry of a tensor", inner) ??
    [];
  if (!body || !shape) return unknown;
  const { base, degree, orders, constant, below } = body.type;
  if (body.type.shape.some(hasLoops)) {
    fault(context, "ADK0310", e.body.span, { found: printType(body.type) });
    return unknown;
  }
  const range = below === undefined || hasLoops(below) || !inner.certain ? {} : { below };
  return tensor(base, [...shape, ...body.type.shape], { degree, orders, constant, ...range });
}

const reductions = ["sum", "mean", "prod", "max", "min"];

export function inferReduction(e: Of<"reduce">, context: Context): Type {
  const reduction = e.operator.text;
  const { context: inner, sizes } = enter(e.loops, context);
  const [body] =
    numbersOnly([{ type: context.checking.infer(e.body, inner), span: e.body.span }], `\`${reduction}\``, inner) ?? [];
  if (!reductions.includes(reduction)) {
    fault(context, "ADK0321", e.operator.span, { name: reduction });
    return unknown;
  }
  const empty = sizes.some((s) => s !== undefined && numberOf(s) === 0);
  if (empty && reduction !== "sum" && reduction !== "prod") fault(context, "ADK0314", e.span, { reduction });
  if (!body) return unknown;
  return reduced(reduction, body, e, context);
}

function reduced(reduction: string, body: Tensor, e: Expression, context: Context): Type {
  const { base, shape, degree, orders, constant } = body.type;
  if (reduction === "sum") return tensor(base, shape, { degree, orders, constant });
  if (reduction === "mean") return tensor("real", shape, { degree, orders, constant });
  const dependence = nonlinear([body], `\`${reduction}\``, e.span, context);
  return dependence ? tensor(base, shape, dependence) : unknown;
}

/** Rounds after which the type of a fold's state is taken as settled. */
const MOST_ROUNDS = 12;

export function inferFold(e: Of<"fold">, context: Context): Type {
  const { infer } = context.checking;
  refuseTwice(context, [e.state, e.range.name]);
  const [initial] =
    tensorsOnly([{ type: infer(e.initial, context), span: e.initial.span }], "the state of a fold", context) ?? [];
  const size = sizeFrom(e.range.size, context);
  const variable = size ? loopVariable(e.range, size, context) : unknown;
  const step = (state: Type): Type =>
    infer(
      e.body,
      within(
        context,
        new Map<string, Type>([
          [e.state.text, state],
          [e.range.name.text, variable],
        ]),
      ),
    );
  if (!initial) {
    step(unknown);
    return unknown;
  }
  if (size && numberOf(size) === 0) {
    step(initial.type);
    return initial.type;
  }
  const rounds = Math.min(MOST_ROUNDS, (size && numberOf(size)) ?? MOST_ROUNDS);
  let state: TensorType = general(initial.type);
  for (let n = 0; n < rounds; n++) {
    const [next] = tensorsOnly([{ type: step(state), span: e.body.span }], "the state of a fold", context) ?? [];
    if (!next) return unknown;
    if (!sameShape(next.type.shape, state.shape)) {
      fault(context, "ADK0316", e.body.span, {
        state: e.state.text,
        before: printType(initial.type),
        after: printType(next.type),
      });
      return unknown;
    }
    if (typeKey(general(next.type)) === typeKey(state)) break;
    state = general({ ...next.type, shape: state.shape });
  }
  return state;
}

/** What is known of a state in every round: its value and range change. */
function general(type: TensorType): TensorType {
  const { base, shape, degree, orders, constant } = type;
  return tensor(base, shape, { degree, orders, constant });
}
