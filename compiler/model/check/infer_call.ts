/**
 * Calls. In: a function, arguments by place and by name. Out: the result's type.
 * A function's body is checked with the types that each call gives it, so one definition serves numbers, tensors,
 * latents and functions alike; results are kept by the types of the arguments.
 */
import type { Argument, Expression, Name, TypeNode } from "../../source/ast.ts";
import type { Span } from "../../source/span.ts";
import { builtinArguments, type BuiltinName } from "../builtins/builtin_names.ts";
import { tensorsOnly } from "./combine.ts";
import { fault, within, type Actual, type Context, type Locals } from "./context.ts";
import { calculusNames } from "../builtins/operator_signatures.ts";
import { freeNames, genericSizes } from "../names/references.ts";
import { isStandard } from "../../source/report.ts";
import { lookUp } from "../names/scope.ts";
import { signatures } from "../builtins/signatures.ts";
import { atomSize, compareSizes, printSize, type Size } from "../types/size.ts";
import { asDeclared, baseOf, conform, fits, sizeFrom, textOf } from "./declared_type.ts";
import {
  printType,
  tensor,
  typeKey,
  unknown,
  whole,
  type Callable,
  type TensorType,
  type Type,
} from "../types/type.ts";

type Declared = Extract<Callable, { kind: "declared" }>;

/** Calls within calls beyond this can only be a recursion through arguments. */
const DEEPEST = 100;

export function inferCall(e: Extract<Expression, { kind: "call" }>, context: Context): Type {
  const { infer } = context.checking;
  const callee = infer(e.callee, context);
  const chooses = callee.kind === "function" && callee.callable.kind === "builtin" && callee.callable.name === "where";
  const actuals: Actual[] = e.arguments.map((a, n) => {
    const type = infer(a.value, chooses && n > 0 ? { ...context, certain: false } : context);
    return { type, span: a.value.span, ...(a.name === undefined ? {} : { name: a.name }) };
  });
  if (callee.kind === "unknown") return unknown;
  if (callee.kind === "function") return invoke(callee.callable, actuals, e.span, context);
  if (callee.degree === "linear") {
    const points = e.arguments.map((a) => textOf(a.value.span)),
      [only] = points;
    fault(context, "ADK0405", e.span, {
      latent: textOf(e.callee.span),
      point: points.length === 1 && only !== undefined ? only : `[${points.join(", ")}]`,
    });
  } else {
    fault(context, "ADK0304", e.span, {
      found: printType(callee),
      hint: `indices stand in brackets: \`${textOf(e.callee.span)}[…]\``,
    });
  }
  return unknown;
}

export function inferCalculus(e: Extract<Expression, { kind: "calculus" }>, context: Context): Type {
  const operand: Actual = { type: context.checking.infer(e.operand, context), span: e.operand.span };
  for (const file of context.checking.standard) {
    const found = lookUp(file, calculusNames[e.operator]);
    if (found?.kind === "entry" && found.entry.declaration.kind === "fn") {
      const { declaration } = found.entry;
      return invoke({ kind: "declared", declaration, file: found.entry.file }, [operand], e.span, context, e.operator);
    }
  }
  throw new Error(`the standard library lacks ${calculusNames[e.operator]}`);
}

/** `calledAs`: how the text names the function, where that is not its name. */
export function invoke(
  callable: Callable,
  actuals: readonly Actual[],
  span: Span,
  context: Context,
  calledAs?: string,
): Type {
  return callable.kind === "builtin"
    ? invokeBuiltin(callable.name, actuals, span, context)
    : invokeDeclared(callable, actuals, span, context, calledAs);
}

function invokeBuiltin(name: BuiltinName, actuals: readonly Actual[], span: Span, context: Context): Type {
  const names = builtinArguments[name],
    open = names.at(-1) === "…";
  const fixed: Argument[] = names.filter((n) => n !== "…").map((text) => ({ name: { text, span } }));
  const extra = open ? actuals.slice(fixed.length) : [];
  const args = assign(
    fixed,
    open ? actuals.slice(0, fixed.length) : actuals,
    name,
    `${name}(${names.join(", ")})`,
    span,
    context,
  );
  const given = args && [...args.values(), ...extra];
  const operands = given?.map((a) => a ?? { type: unknown, span });
  const tensors = operands && tensorsOnly(operands, `an argument of \`${name}\``, context);
  return tensors ? signatures[name](tensors, { span, context }) : unknown;
}

/** Which actual argument stands for which formal one; those with defaults may lack one. */
function assign(
  formals: readonly Argument[],
  actuals: readonly Actual[],
  callee: string,
  signature: string,
  span: Span,
  context: Context,
): Map<string, Actual | undefined> | undefined {
  const given = new Map<string, Actual>();
  const complain = (place: Span, problem: string): undefined => {
    fault(context, "ADK0303", place, { callee, problem, signature });
    return undefined;
  };
  let named: Name | undefined;
  for (const [n, actual] of actuals.entries()) {
    if (actual.name === undefined && named)
      return complain(actual.span, `has an argument by place after \`${named.text} = …\``);
    named = actual.name ?? named;
    const formal = actual.name === undefined ? formals[n] : formals.find((f) => f.name.text === actual.name?.text);
    const place = actual.name?.span ?? actual.span;
    if (!formal)
      return complain(
        place,
        actual.name
          ? `has no argument \`${actual.name.text}\``
          : `takes ${count(formals.length)}, not ${actuals.length}`,
      );
    if (given.has(formal.name.text)) return complain(place, `is given \`${formal.name.text}\` twice`);
    given.set(formal.name.text, actual);
  }
  const missing = formals.filter((f) => !given.has(f.name.text) && f.defaultValue === undefined);
  if (missing.length > 0) return complain(span, `lacks ${missing.map((f) => `\`${f.name.text}\``).join(" and ")}`);
  return new Map(formals.map((f) => [f.name.text, given.get(f.name.text)]));
}

const count = (n: number): string => (n === 0 ? "no arguments" : n === 1 ? "one argument" : `${n} arguments`);

/** The arguments as a function declares them; a kernel's are its two points. */
export function formalsOf(callable: Declared): readonly Argument[] {
  const { declaration } = callable;
  return declaration.kind === "fn" ? declaration.arguments : declaration.points.map((name) => ({ name }));
}

function invokeDeclared(
  callable: Declared,
  actuals: readonly Actual[],
  span: Span,
  context: Context,
  calledAs?: string,
): Type {
  const { declaration, file } = callable,
    { checking } = context;
  const callee = calledAs ?? declaration.name.text,
    formals = formalsOf(callable);
  const signature = `${declaration.name.text}(${formals.map((f) => (f.defaultValue ? `${f.name.text} = …` : f.name.text)).join(", ")})`;
  const args = assign(formals, actuals, callee, signature, span, context);
  if (checking.cyclic.has(declaration) || !args) return unknown;
  if (context.depth > DEEPEST) {
    fault(context, "ADK0205", span, { cycle: [declaration.name.text, "…", declaration.name.text] });
    return unknown;
  }
  const types = formals.map((f) => args.get(f.name.text)?.type ?? defaultType(f, callable, context));
  const sees =
    declaration.kind === "kernel"
      ? { ...context.sees, place: `the kernel \`${declaration.name.text}\``, input: false, latents: false }
      : context.sees;
  const key = [
    typeKey({ kind: "function", callable }),
    sees.input,
    sees.latents,
    sees.parameters,
    context.certain,
    ...types.map(typeKey),
  ].join("|");
  const known = checking.calls.get(key);
  if (known) return known;
  checking.called.add(declaration);
  const call = {
    callee,
    span,
    standard: isStandard(file.source),
    ...(context.call === undefined ? {} : { outer: context.call }),
  };
  const inner: Context = { ...context, locals: undefined, file, sees, call, depth: context.depth + 1 };
  const spans = formals.map((f) => args.get(f.name.text)?.span ?? f.name.span);
  const bound = bindArguments(formals, types, spans, callee, inner, context);
  const result = bound ? resultOf(callable, within(inner, bound.names)) : unknown;
  checking.calls.set(key, result);
  return result;
}

function defaultType(formal: Argument, callable: Declared, context: Context): Type {
  const sees = { place: "a default value", input: false, latents: false, parameters: false };
  const place: Context = { ...context, locals: undefined, file: callable.file, sees };
  return formal.defaultValue ? context.checking.infer(formal.defaultValue, place) : unknown;
}

/** Sizes that stand alone in the signature are bound first, all of them; composite ones are checked with them. */
function bindArguments(
  formals: readonly Argument[],
  types: readonly Type[],
  spans: readonly Span[],
  callee: string,
  inner: Context,
  caller: Context,
): Locals | undefined {
  const names = new Map<string, Type>(formals.map((f, n) => [f.name.text, types[n]!]));
  const generic = new Set(genericSizes(formals));
  const sizes = new Map<string, Size>();
  let right = true;
  const refuse = (n: number, type: TypeNode, found: Type): void => {
    const used = new Set(type.sizes.flatMap((s) => freeNames(s)).map((r) => r.text));
    const known = [...sizes].filter(([name]) => used.has(name));
    const hint =
      known.length === 0 ? undefined : known.map(([name, s]) => `\`${name}\` is ${printSize(s)} here`).join(", ");
    const about = { callee, argument: formals[n]!.name.text, expected: textOf(type.span), found: printType(found) };
    fault(caller, "ADK0302", spans[n]!, hint === undefined ? about : { ...about, hint });
    right = false;
  };
  const typed = formals.flatMap((f, n) =>
    f.type === undefined || types[n]!.kind === "unknown" ? [] : [{ n, type: f.type, found: types[n]! }],
  );
  const tensors: { n: number; type: TypeNode; found: TensorType }[] = [];
  for (const { n, type, found } of typed) {
    if (found.kind !== "tensor" || found.shape.length !== type.sizes.length) {
      refuse(n, type, found);
      continue;
    }
    if (type.base === "index")
      fault(inner, "ADK0315", type.span, { found: `the argument \`${formals[n]!.name.text}\`` });
    type.sizes.forEach((s, axis) => {
      if (s.kind === "name" && generic.has(s.text) && !sizes.has(s.text)) sizes.set(s.text, found.shape[axis]!);
    });
    tensors.push({ n, type, found });
  }
  for (const name of generic) names.set(name, sizes.has(name) ? whole(sizes.get(name)!) : unknown);
  for (const { n, type, found } of tensors) {
    const shape = type.sizes.map((s) => sizeFrom(s, within(inner, names)));
    const declared = tensor(
      baseOf(type.base),
      shape.map((s, axis) => s ?? found.shape[axis]!),
    );
    if (!fits(found, declared)) refuse(n, type, found);
    else names.set(formals[n]!.name.text, asDeclared(found, merged(found, declared)));
  }
  return right ? { names } : undefined;
}

/** Of two shapes that agree, the caller's stays where it is known better. */
function merged(found: TensorType, declared: TensorType): TensorType {
  const shape = declared.shape.map((s, n) => (compareSizes(s, found.shape[n]!) === "same" ? s : found.shape[n]!));
  return { ...declared, shape };
}

function resultOf(callable: Declared, context: Context): Type {
  const { declaration } = callable,
    { infer } = context.checking;
  const found = infer(declaration.body, context);
  if (declaration.kind === "kernel") {
    if (found.kind === "tensor" && found.shape.length === 0 && found.base !== "bool") return found;
    if (found.kind !== "unknown")
      fault(context, "ADK0312", declaration.body.span, {
        what: `the kernel \`${declaration.name.text}\``,
        found: printType(found),
      });
    return unknown;
  }
  if (declaration.result === undefined || found.kind === "unknown") return found;
  const shape = declaration.result.sizes.map((s) => sizeFrom(s, context));
  if (!shape.every((s) => s !== undefined)) return unknown;
  const declared = tensor(baseOf(declaration.result.base), shape);
  if (
    !conform(found, declared, `the result of \`${declaration.name.text}\``, declaration.body.span, context) ||
    found.kind !== "tensor"
  )
    return unknown;
  return asDeclared(found, merged(found, declared));
}

/** Checks a function that nothing calls, with what its signature says; arguments without a type are unknown. */
export function checkUncalled(callable: Declared, context: Context): void {
  const formals = formalsOf(callable),
    names = new Map<string, Type>();
  for (const name of genericSizes(formals)) {
    names.set(
      name,
      whole(
        atomSize({
          id: `${callable.file.source.name}@${callable.declaration.name.span.start}:${name}`,
          kind: "dim",
          text: name,
        }),
      ),
    );
  }
  const inner = within(context, names);
  for (const f of formals) {
    const shape = f.type?.sizes.map((s) => sizeFrom(s, inner));
    if (f.type === undefined || !shape?.every((s) => s !== undefined)) {
      names.set(f.name.text, unknown);
      continue;
    }
    const number = atomSize({
      id: `${f.name.span.source.name}@${f.name.span.start}`,
      kind: "opaque",
      text: f.name.text,
    });
    const single = f.type.base === "int" && shape.length === 0;
    names.set(
      f.name.text,
      tensor(baseOf(f.type.base), shape, { constant: f.type.base === "int", ...(single ? { value: number } : {}) }),
    );
  }
  resultOf(callable, within(context, names));
}
