/**
 * Calls. In: instances of functions and builtins, their arguments in order. Out: result values.
 * A function is evaluated anew for each tuple of arguments; equal arguments at one place give the same value, so a
 * chain of functions that call each other twice does not double.
 */
import { lit, map } from "../../ir/expr.ts";
import { isStandard } from "../../source/report.ts";
import type { Span } from "../../source/span.ts";
import { where } from "../builtins/where.ts";
import { textOf } from "../check/declared_type.ts";
import type { Formal, Instance, Local, Typed } from "../tree.ts";
import { typeKey } from "../types/type.ts";
import { fail, guarded, wholeNumber, type EvaluationContext } from "./evaluation.ts";
import { asBase, asNamed, hasParam, printValue, scalar, type TensorValue } from "./value.ts";

export function evaluateBuiltin(e: Extract<Typed, { kind: "apply" }>, context: EvaluationContext): TensorValue {
  const site = { span: e.span, context };
  return e.builtin.value(e.builtin === where ? chosen(e.arguments, context) : valuesOf(e.arguments, context), site);
}

const valuesOf = (args: readonly Typed[], context: EvaluationContext): TensorValue[] =>
  args.map((a) => context.evaluator.evaluate(a, context));

/**
 * `where(c, a, b)`: each arm is evaluated knowing that it is chosen, so that its indices need to be in range only then.
 */
function chosen([c, ...arms]: readonly Typed[], context: EvaluationContext): TensorValue[] {
  const { evaluate } = context.evaluator,
    condition = evaluate(c!, context);
  const known = condition.shape.length === 0 && !hasParam(condition.entry([])) ? condition.entry([]) : undefined;
  const inner = (n: number): EvaluationContext =>
    known === undefined ? context : guarded(context, n === 0 ? known : map("not", known));
  return [condition, ...arms.map((arm, n) => evaluate(arm, inner(n)))];
}

/** A given argument: its value, or none for a function, which the instance knows. */
export interface Given {
  readonly value?: TensorValue;
  readonly key: string;
  readonly span: Span;
}

export function evaluateCall(e: Extract<Typed, { kind: "call" }>, context: EvaluationContext): TensorValue {
  const given = e.arguments.map((a): Given => {
    if (a.type.kind === "function") return { key: typeKey(a.type), span: a.span };
    const value = context.evaluator.evaluate(a, context);
    return { value, key: keyOf(value), span: a.span };
  });
  return invoke(e.instance, given, e.span, context);
}

const identities = new WeakMap<object, number>();
let identified = 0;
/** A number for each object: tells apart values that are not written out. */
function identify(value: object): number {
  let known = identities.get(value);
  if (known === undefined) identities.set(value, (known = ++identified));
  return known;
}

export function keyOf(value: TensorValue): string {
  const { whole, index, coordinate, base } = value;
  return whole ? `${base}${whole.id}${index ? `i${index.id}` : ""}${coordinate ? "c" : ""}` : `v${identify(value)}`;
}

/** The function's value for arguments in the order of its own. */
export function invoke(
  instance: Instance,
  given: readonly Given[],
  span: Span,
  context: EvaluationContext,
): TensorValue {
  const { declaration, file } = instance.of,
    { text } = declaration.name;
  const key = [identify(declaration), ...context.guards.map((g) => g.id), "", ...given.map((g) => g.key)].join();
  const known = context.calls.get(key);
  if (known) return known;
  const outer = context.call === undefined ? {} : { outer: context.call };
  const call = { callee: text, span, standard: isStandard(file.source), ...outer };
  const locals = bind(instance, given, { ...context, call }, context),
    inner = { ...context, call, locals };
  const body = asNamed(context.evaluator.evaluate(instance.body, inner), text),
    result = checkedResult(instance, body, inner);
  context.calls.set(key, result);
  return result;
}

/** Arguments and generic sizes as local values; sizes that stand alone are bound before others are checked. */
function bind(
  { of, formals, sizes }: Instance,
  given: readonly Given[],
  inner: EvaluationContext,
  caller: EvaluationContext,
): Map<Local, TensorValue> {
  const locals = new Map<Local, TensorValue>();
  formals.forEach(({ local }, n) => {
    const { value } = given[n]!;
    if (value) locals.set(local, value);
  });
  const refuse = (n: number, { local, annotation }: Formal): never =>
    fail(caller, "ADK0302", given[n]!.span, {
      callee: of.declaration.name.text,
      argument: local.name.text,
      expected: annotation ? textOf(annotation.span) : "",
      found: printValue(given[n]!.value!),
    });
  formals.forEach((formal, n) => {
    const { annotation } = formal,
      { value } = given[n]!;
    if (!annotation || !value) return;
    if (value.shape.length !== annotation.sizes.length) refuse(n, formal);
    annotation.sizes.forEach((s, axis) => {
      if (s.kind === "local" && sizes.includes(s.local) && !locals.has(s.local))
        locals.set(s.local, scalar("int", lit(value.shape[axis]!)));
    });
  });
  formals.forEach((formal, n) => {
    const { annotation, local } = formal,
      { value } = given[n]!;
    if (!annotation || !value) return;
    if (annotation.sizes.some((s, axis) => wholeNumber(s, { ...inner, locals }) !== value.shape[axis]))
      refuse(n, formal);
    locals.set(local, asBase(value, annotation.base));
  });
  return locals;
}

function checkedResult({ of, result, body }: Instance, value: TensorValue, context: EvaluationContext): TensorValue {
  if (!result) return value;
  const { sizes, base, span } = result,
    shape = sizes.map((s) => wholeNumber(s, context));
  if (shape.join() === value.shape.join()) return asBase(value, base);
  return fail(context, "ADK0311", body.span, {
    what: `the result of \`${of.declaration.name.text}\``,
    expected: `${textOf(span)}, that is ${base}[${shape.join(", ")}]`,
    found: printValue(value),
  });
}
