/**
 * The value of an expression. In: a typed tree and its context. Out: a value, made of IR.
 * One case for each kind of node; types were checked, so what can still fail is what sizes and constants decide.
 */
import { add, build, delta, lit, map, mul, neg, type Expr, type Index } from "../../ir/expr.ts";
import type { Span } from "../../source/span.ts";
import type { DeclaredName } from "../names/scope.ts";
import type { Typed } from "../tree.ts";
import { commonBaseOf } from "../types/type.ts";
import { binary, elementwise } from "./arithmetic.ts";
import { evaluateBuiltin, evaluateCall } from "./evaluate_call.ts";
import { indexed } from "./evaluate_index.ts";
import { evaluateComprehension, evaluateFold, evaluateReduction } from "./evaluate_loops.ts";
import { fail, withLocal, type EvaluationContext } from "./evaluation.ts";
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
} from "./value.ts";

export function evaluate(e: Typed, context: EvaluationContext): TensorValue {
  context.evaluator.budget.spend(e.span, context);
  const of = (part: Typed): TensorValue => evaluate(part, context),
    site = { span: e.span, context };
  switch (e.kind) {
    case "number":
      return scalar(e.integer ? "int" : "real", lit(e.value));
    case "local":
      return context.locals.get(e.local) ?? unreachable(e);
    case "declared":
      return declaredValue(e.declared, e.span, context);
    case "unary": {
      const x = of(e.operand);
      return e.operator === "-"
        ? elementwise(x.base, [x], neg, "`-`", site)
        : elementwise("bool", [x], (a) => map("not", a), "`not`", site);
    }
    case "binary":
      return binary(e.operator, of(e.left), of(e.right), site);
    case "apply":
      return evaluateBuiltin(e, context);
    case "call":
      return evaluateCall(e, context);
    case "reduce":
      return evaluateReduction(e, context);
    case "index": {
      const subject = of(e.tensor);
      return indexed(
        subject,
        e.indices.map((i) => ({ value: of(i), span: i.span })),
        e.span,
        context,
      );
    }
    case "list":
      return listValue(e.items.map(of), e, context);
    case "comprehension":
      return evaluateComprehension(e, context);
    case "block": {
      let inner = context;
      for (const { local, value } of e.lets)
        inner = withLocal(inner, local, asNamed(evaluate(value, inner), local.name.text));
      return evaluate(e.result, inner);
    }
    case "fold":
      return evaluateFold(e, context);
    case "function":
    case "wrong":
      return unreachable(e);
  }
}

/** Models have no such node: functions are called or given to functions, and errors end before. */
function unreachable(e: Typed): never {
  throw new Error(`an expression of the kind ${e.kind} has no value`);
}

function declaredValue(declared: DeclaredName, span: Span, context: EvaluationContext): TensorValue {
  const { declaration, name, position } = declared;
  switch (declaration.kind) {
    case "input":
      return pointValue(span, context);
    case "coordinates":
      return indexed(pointValue(span, context), [{ value: scalar("int", lit(position)), span }], span, context);
    case "latent": {
      const latent = context.place.latents?.get(name.text);
      return latent ? fromExpr("real", latent) : fail(context, "ADK0201", span, { name: name.text });
    }
    default:
      return context.evaluator.declared(declared);
  }
}

function pointValue(span: Span, context: EvaluationContext): TensorValue {
  const point = context.place.differentiation?.point;
  return point
    ? fromExpr("real", point, { coordinate: [] })
    : fail(context, "ADK0319", span, { operator: "input", place: "this place" });
}

/** Values stacked along a new first axis: Σ_m δ(k, m) items[m], or the item itself where the position is literal. */
function listValue(
  items: readonly TensorValue[],
  e: Extract<Typed, { kind: "list" }>,
  context: EvaluationContext,
): TensorValue {
  const first = items[0]!,
    odd = items.findIndex((x) => x.shape.join() !== first.shape.join());
  if (odd >= 0) {
    return fail(context, "ADK0311", e.items[odd]!.span, {
      what: "this entry of the array",
      expected: `${printValue(first)}, as the first entry`,
      found: printValue(items[odd]!),
    });
  }
  const entry = ([k, ...rest]: readonly Index[]): Expr => {
    const position = positionOf(k!);
    if (position !== undefined) return items[position]!.entry(rest);
    return add(...items.map((x, m) => mul(delta(k!, lit(m)), x.entry(rest))));
  };
  const list = virtual(commonBaseOf(items.map((x) => x.base)), [items.length, ...first.shape], entry);
  const axes = axesOf(list.shape),
    body = entry(axes);
  return isClosed(build(axes, body)) ? kept(list) : list;
}
