/**
 * Calls. In: functions and argument values. Out: result values.
 * A function is evaluated anew for each tuple of arguments; equal arguments at one site give the same value, so a
 * chain of functions that call each other twice does not double.
 */
import type { Argument, Expression } from "../../source/ast.ts";
import type { Span } from "../../source/span.ts";
import { lit, map } from "../../ir/expr.ts";
import { builtinArguments, type BuiltinName } from "../builtins/builtin_names.ts";
import {
  evaluateTensor,
  fail,
  guarded,
  tensorOf,
  wholeNumber,
  type EvaluationContext,
  type Given,
} from "./evaluation.ts";
import { meanings } from "../builtins/meanings.ts";
import { calculusNames } from "../builtins/operator_signatures.ts";
import { genericSizes } from "../names/references.ts";
import { isStandard } from "../../source/report.ts";
import { lookUp } from "../names/scope.ts";
import { textOf } from "../check/declared_type.ts";
import type { Callable } from "../types/type.ts";
import { asBase, asNamed, hasParam, printValue, scalar, type Value } from "./value.ts";

type Declared = Extract<Callable, { kind: "declared" }>;

export function evaluateCall(e: Extract<Expression, { kind: "call" }>, context: EvaluationContext): Value {
  const callee = context.program.evaluate(e.callee, context);
  if (callee.kind !== "function") return fail(context, "ADK0304", e.callee.span, { found: printValue(callee) });
  const { callable } = callee;
  if (callable.kind === "builtin" && callable.name === "where" && e.arguments.every((a) => a.name === undefined))
    return choice(e, context);
  const given = e.arguments.map((a): Given => {
    const argument = { value: context.program.evaluate(a.value, context), span: a.value.span };
    return a.name === undefined ? argument : { ...argument, name: a.name.text };
  });
  return invokeValue(callable, given, e.span, context);
}

/**
 * `where(c, a, b)`: each arm is evaluated knowing that it is chosen, so that its indices need to be in range only then.
 */
function choice(e: Extract<Expression, { kind: "call" }>, context: EvaluationContext): Value {
  const [c, a, b] = e.arguments.map((x) => x.value);
  if (!c || !a || !b)
    return fail(context, "ADK0303", e.span, {
      callee: "where",
      problem: "takes 3 arguments",
      signature: "where(condition, a, b)",
    });
  const condition = evaluateTensor(c, context);
  const known = condition.shape.length === 0 && !hasParam(condition.entry([])) ? condition.entry([]) : undefined;
  const arms = [a, b].map((arm, n) => {
    const inner = known === undefined ? context : guarded(context, n === 0 ? known : map("not", known));
    return evaluateTensor(arm, inner);
  });
  return meanings.where([condition, ...arms], { span: e.span, context });
}

export function evaluateCalculus(e: Extract<Expression, { kind: "calculus" }>, context: EvaluationContext): Value {
  const value = context.program.evaluate(e.operand, context);
  return invokeStandard(calculusNames[e.operator], [{ value, span: e.operand.span }], e.span, context);
}

/** Calls a definition of the standard library by name. */
export function invokeStandard(name: string, given: readonly Given[], span: Span, context: EvaluationContext): Value {
  for (const file of context.program.standard) {
    const found = lookUp(file, name);
    if (found?.kind === "entry" && found.entry.declaration.kind === "fn") {
      return invokeValue(
        { kind: "declared", declaration: found.entry.declaration, file: found.entry.file },
        given,
        span,
        context,
      );
    }
  }
  throw new Error(`the standard library lacks ${name}`);
}

export function invokeValue(
  callable: Callable,
  given: readonly Given[],
  span: Span,
  context: EvaluationContext,
): Value {
  return callable.kind === "builtin"
    ? invokeBuiltin(callable.name, given, span, context)
    : invokeDeclared(callable, given, span, context);
}

/** Values in the order of the formal arguments; by place, then by name. */
function inOrder(names: readonly string[], given: readonly Given[]): (Given | undefined)[] {
  const byPlace = given.filter((g) => g.name === undefined);
  return names.map((name, n) => byPlace[n] ?? given.find((g) => g.name === name));
}

function invokeBuiltin(name: BuiltinName, given: readonly Given[], span: Span, context: EvaluationContext): Value {
  const names = builtinArguments[name],
    open = names.at(-1) === "…";
  const ordered = open ? given : inOrder(names, given).filter((g) => g !== undefined);
  return meanings[name](
    ordered.map((g) => tensorOf(g.value, g.span, context)),
    { span, context },
  );
}

const identities = new WeakMap<object, number>();
let identified = 0;
/** A number for each object: tells apart values that are not written out. */
function identify(value: object): number {
  let known = identities.get(value);
  if (known === undefined) identities.set(value, (known = ++identified));
  return known;
}

function keyOf(value: Value): string {
  if (value.kind === "function")
    return value.callable.kind === "builtin" ? value.callable.name : `f${identify(value.callable.declaration)}`;
  const { whole, index, coordinate, base } = value;
  return whole ? `${base}${whole.id}${index ? `i${index.id}` : ""}${coordinate ? "c" : ""}` : `v${identify(value)}`;
}

function invokeDeclared(callable: Declared, given: readonly Given[], span: Span, context: EvaluationContext): Value {
  const { declaration, file } = callable;
  const formals: readonly Argument[] =
    declaration.kind === "fn" ? declaration.arguments : declaration.points.map((name) => ({ name }));
  const call = {
    callee: declaration.name.text,
    span,
    standard: isStandard(file.source),
    ...(context.call === undefined ? {} : { outer: context.call }),
  };
  const inner: EvaluationContext = { ...context, file, locals: new Map(), call };
  const values = inOrder(
    formals.map((f) => f.name.text),
    given,
  ).map((g, n) => {
    const formal = formals[n]!;
    if (g) return g.value;
    if (formal.defaultValue) return inner.program.evaluate(formal.defaultValue, { ...inner, place: {} });
    return fail(context, "ADK0303", span, {
      callee: declaration.name.text,
      problem: `lacks \`${formal.name.text}\``,
      signature: declaration.name.text,
    });
  });
  const key = [identify(declaration), ...context.guards.map((g) => g.id), "", ...values.map(keyOf)].join();
  const known = context.calls.get(key);
  if (known) return known;
  const locals = bind(
    formals,
    values,
    given.map((g) => g.span),
    declaration.name.text,
    inner,
    context,
  );
  const body = inner.program.evaluate(declaration.body, { ...inner, locals });
  const result = checkedResult(callable, asNamed(body, declaration.name.text), { ...inner, locals });
  context.calls.set(key, result);
  return result;
}

/** Arguments and generic sizes as local values; sizes that stand alone are bound before others are checked. */
function bind(
  formals: readonly Argument[],
  values: readonly Value[],
  spans: readonly Span[],
  callee: string,
  inner: EvaluationContext,
  caller: EvaluationContext,
): Map<string, Value> {
  const locals = new Map<string, Value>(formals.map((f, n) => [f.name.text, values[n]!]));
  const generic = new Set(genericSizes(formals));
  const typed = formals.flatMap((f, n) =>
    f.type ? [{ formal: f, type: f.type, value: tensorOf(values[n]!, f.name.span, inner), n }] : [],
  );
  const refuse = (at: (typeof typed)[number]): never =>
    fail(caller, "ADK0302", spans[at.n] ?? at.formal.name.span, {
      callee,
      argument: at.formal.name.text,
      expected: textOf(at.type.span),
      found: printValue(at.value),
    });
  for (const argument of typed) {
    const { type, value } = argument;
    if (value.shape.length !== type.sizes.length) refuse(argument);
    type.sizes.forEach((s, n) => {
      if (s.kind === "name" && generic.has(s.text) && !locals.has(s.text))
        locals.set(s.text, scalar("int", lit(value.shape[n]!)));
    });
  }
  for (const argument of typed) {
    const { type, value, formal } = argument;
    if (type.sizes.some((s, n) => wholeNumber(s, { ...inner, locals }) !== value.shape[n])) refuse(argument);
    locals.set(formal.name.text, asBase(value, type.base));
  }
  return locals;
}

function checkedResult({ declaration }: Declared, value: Value, context: EvaluationContext): Value {
  if (declaration.kind === "kernel" || !declaration.result) return value;
  const { sizes, base, span } = declaration.result,
    tensor = tensorOf(value, declaration.body.span, context);
  const shape = sizes.map((s) => wholeNumber(s, context));
  if (shape.join() === tensor.shape.join()) return asBase(tensor, base);
  return fail(context, "ADK0311", declaration.body.span, {
    what: `the result of \`${declaration.name.text}\``,
    expected: `${textOf(span)}, that is ${base}[${shape.join(", ")}]`,
    found: printValue(tensor),
  });
}
