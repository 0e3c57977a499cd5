/**
 * The value of an expression. In: syntax and its context. Out: a value, made of IR.
 * One case for each kind of expression; types were checked, so what can still fail is what sizes and constants decide.
 */
import type { Expression } from "../../source/ast.ts";
import type { Span } from "../../source/span.ts";
import { add, build, delta, lit, map, mul, neg, type Expr, type Index } from "../../ir/expr.ts";
import { binary, commonBase, elementwise } from "./arithmetic.ts";
import { fail, evaluateTensor, withLocal, type EvaluationContext } from "./evaluation.ts";
import { evaluateCalculus, evaluateCall } from "./evaluate_call.ts";
import { evaluateComprehension, evaluateFold, evaluateReduction } from "./evaluate_loops.ts";
import { indexed } from "./evaluate_index.ts";
import { lookUp } from "../names/scope.ts";
import {
  asNamed,
  axesOf,
  fromExpr,
  isClosed,
  kept,
  positionOf,
  printValue,
  scalar,
  virtual,
  type TensorValue,
  type Value,
} from "./value.ts";

export function evaluate(e: Expression, context: EvaluationContext): Value {
  const application = { span: e.span, context };
  switch (e.kind) {
    case "number":
      return scalar(e.integer ? "int" : "real", lit(e.value));
    case "name":
      return nameValue(e.text, e.span, context);
    case "unary": {
      const x = evaluateTensor(e.operand, context);
      return e.operator === "-"
        ? elementwise(x.base, [x], neg, "`-`", application)
        : elementwise("bool", [x], (a) => map("not", a), "`not`", application);
    }
    case "binary":
      return binary(e.operator, evaluateTensor(e.left, context), evaluateTensor(e.right, context), application);
    case "calculus":
      return evaluateCalculus(e, context);
    case "call":
      return evaluateCall(e, context);
    case "reduce":
      return evaluateReduction(e, context);
    case "index":
      return indexed(
        evaluateTensor(e.tensor, context),
        e.indices.map((i) => ({ value: evaluateTensor(i, context), span: i.span })),
        e.span,
        context,
      );
    case "list":
      return listValue(
        e.items.map((x) => evaluateTensor(x, context)),
        e,
        context,
      );
    case "comprehension":
      return evaluateComprehension(e, context);
    case "block": {
      let inner = context;
      for (const { name, value } of e.lets)
        inner = withLocal(inner, name.text, asNamed(inner.program.evaluate(value, inner), name.text));
      return inner.program.evaluate(e.result, inner);
    }
    case "fold":
      return evaluateFold(e, context);
  }
}

function nameValue(text: string, span: Span, context: EvaluationContext): Value {
  const local = context.locals.get(text);
  if (local) return local;
  const found = lookUp(context.file, text);
  if (!found) return fail(context, "ADK0201", span, { name: text });
  if (found.kind === "builtin") return { kind: "function", callable: { kind: "builtin", name: found.name } };
  const { entry } = found,
    { declaration, file } = entry;
  switch (declaration.kind) {
    case "fn":
    case "kernel":
      return { kind: "function", callable: { kind: "declared", declaration, file } };
    case "input":
      return pointValue(span, context);
    case "coordinates":
      return indexed(pointValue(span, context), [{ value: scalar("int", lit(entry.position)), span }], span, context);
    case "latent": {
      const latent = context.place.latents?.get(text);
      return latent ? fromExpr("real", latent) : fail(context, "ADK0201", span, { name: text });
    }
    default:
      return context.program.declared(entry, span);
  }
}

function pointValue(span: Span, context: EvaluationContext): TensorValue {
  const { point } = context.place;
  return point
    ? fromExpr("real", point, { coordinate: [] })
    : fail(context, "ADK0319", span, { operator: "input", place: "this place" });
}

/** Values stacked along a new first axis: Σ_m δ(k, m) items[m], or the item itself where the position is literal. */
function listValue(
  items: readonly TensorValue[],
  e: Extract<Expression, { kind: "list" }>,
  context: EvaluationContext,
): Value {
  const [first] = items,
    odd = items.findIndex((x) => x.shape.join() !== first?.shape.join());
  if (!first || odd >= 0) {
    const place = e.items[odd]?.span ?? e.span,
      expected = first ? `${printValue(first)}, as the first entry` : "an entry";
    return fail(context, "ADK0311", place, {
      what: "this entry of the array",
      expected,
      found: odd < 0 ? "none" : printValue(items[odd]!),
    });
  }
  const entry = ([k, ...rest]: readonly Index[]): Expr => {
    const position = positionOf(k!);
    if (position !== undefined) return items[position]!.entry(rest);
    return add(...items.map((x, m) => mul(delta(k!, lit(m)), x.entry(rest))));
  };
  const list = virtual(commonBase(items), [items.length, ...first.shape], entry);
  const axes = axesOf(list.shape),
    body = entry(axes);
  return isClosed(build(axes, body)) ? kept(list) : list;
}
