/**
 * Calls. In: a function, arguments by place and by name. Out: the call as a typed tree, its arguments in order.
 * What is built in has a rule of its own; a declared function is there once for each combination of argument types.
 */
import type { Expression } from "../../source/ast.ts";
import type { Span } from "../../source/span.ts";
import type { Builtin } from "../builtins/builtin.ts";
import { calculusNames, standardFunction } from "../names/scope.ts";
import type { Typed } from "../tree.ts";
import { printType, unknown, type DeclaredFunction } from "../types/type.ts";
import { assign, type Actual } from "./assign.ts";
import { tensorsOnly } from "./combine.ts";
import { fault, type Context } from "./context.ts";
import { textOf } from "./declared_type.ts";
import { formalsOf, instantiate } from "./instantiate.ts";

type Call = Extract<Expression, { kind: "call" }>;

/** How the text makes a call. */
interface CallForm {
  readonly span: Span;
  /** The name that the text has; a sign of calculus has none. */
  readonly callee?: Typed;
  /** How the text names the function, where that is not its name. */
  readonly calledAs?: string;
}

export function inferCall(e: Call, context: Context): Typed {
  const { infer } = context.checking;
  const callee = infer(e.callee, context);
  const actuals = e.arguments.map((a, n): Actual => {
    const chosen = isChosen(callee, a.name?.text, n);
    const value = infer(a.value, chosen ? { ...context, certain: false } : context);
    return a.name === undefined ? { value } : { value, name: a.name };
  });
  const { type, span } = callee;
  if (type.kind === "function") {
    const { callable } = type,
      site = { span: e.span, callee };
    return callable.kind === "builtin"
      ? applied(callable.builtin, actuals, site, context)
      : called(callable, actuals, site, context);
  }
  if (type.kind === "tensor" && type.degree === "linear") {
    const points = e.arguments.map((a) => textOf(a.value.span)),
      [only] = points;
    const point = points.length === 1 && only !== undefined ? only : `[${points.join(", ")}]`;
    fault(context, "ADK0405", e.span, { latent: textOf(span), point });
  } else if (type.kind === "tensor") {
    fault(context, "ADK0304", e.span, {
      found: printType(type),
      hint: `indices stand in brackets: \`${textOf(span)}[…]\``,
    });
  }
  return wrong(e.span, [callee, ...actuals.map((a) => a.value)]);
}

/** An arm of a `where` is evaluated only where it is chosen. */
const isChosen = ({ type }: Typed, name: string | undefined, place: number): boolean =>
  type.kind === "function" &&
  type.callable.kind === "builtin" &&
  type.callable.builtin.name === "where" &&
  (name === undefined ? place > 0 : name !== "condition");

const wrong = (span: Span, parts: readonly Typed[]): Typed => ({ kind: "wrong", parts, span, type: unknown });

export function inferCalculus(e: Extract<Expression, { kind: "calculus" }>, context: Context): Typed {
  const operand = context.checking.infer(e.operand, context),
    definition = standardFunction(context.checking.standard, calculusNames[e.operator]);
  return called(definition, [{ value: operand }], { span: e.span, calledAs: e.operator }, context);
}

function applied(builtin: Builtin, actuals: readonly Actual[], site: CallForm, context: Context): Typed {
  const { name, arguments: names } = builtin,
    { span, callee } = site;
  const parts = [...(callee ? [callee] : []), ...actuals.map((a) => a.value)];
  const open = names.at(-1) === "…",
    formals = names.filter((n) => n !== "…").map((n) => ({ name: n, optional: false })),
    signature = `${name}(${names.join(", ")})`;
  const own = assign(formals, open ? actuals.slice(0, formals.length) : actuals, name, signature, span, context);
  if (!own) return wrong(span, parts);
  const further = open ? actuals.slice(formals.length).map((a) => a.value) : [],
    args = [...own.filter((a) => a !== undefined), ...further];
  const tensors = tensorsOnly(args, `an argument of \`${name}\``, context);
  if (!tensors) return wrong(span, parts);
  if (builtin.kind === "primitive") {
    const type = builtin.type(tensors, { span, context });
    return { kind: "apply", builtin, arguments: args, span, type, ...(callee ? { callee } : {}) };
  }
  const chosen = builtin.definition(tensors, { span, context });
  if (chosen === undefined) return wrong(span, parts);
  const definition = standardFunction(context.checking.standard, chosen);
  return called(
    definition,
    args.map((value) => ({ value })),
    site,
    context,
  );
}

function called(of: DeclaredFunction, actuals: readonly Actual[], site: CallForm, context: Context): Typed {
  const { span, callee, calledAs } = site,
    { text } = of.declaration.name,
    formals = formalsOf(of);
  const parts = [...(callee ? [callee] : []), ...actuals.map((a) => a.value)];
  const signature = `${text}(${formals.map((f) => (f.defaultValue ? `${f.name.text} = …` : f.name.text)).join(", ")})`;
  const own = assign(
    formals.map((f) => ({ name: f.name.text, optional: f.defaultValue !== undefined })),
    actuals,
    calledAs ?? text,
    signature,
    span,
    context,
  );
  if (!own) return wrong(span, parts);
  const args = own.map((value, n) => value ?? defaultValue(formals[n]!.defaultValue, of, context));
  const places = own.map((value, n) => value?.span ?? formals[n]!.name.span);
  const given = args.map(({ type }, n) => ({ type, span: places[n]! }));
  const instance = instantiate(of, given, { span, callee: calledAs ?? text }, context);
  if (!instance) return wrong(span, parts);
  return { kind: "call", instance, arguments: args, span, type: instance.type, ...(callee ? { callee } : {}) };
}

/** A default sees the constants of its own file alone. */
function defaultValue(e: Expression | undefined, { file, declaration }: DeclaredFunction, context: Context): Typed {
  const sees = { place: "a default value", input: false, latents: false, parameters: false };
  if (!e) return wrong(declaration.name.span, []);
  return context.checking.infer(e, { ...context, locals: undefined, file, sees });
}
