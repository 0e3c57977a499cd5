/**
 * Checks of declarations: latents, observations, offsets, predictions. In: a declaration and its context. Out: their
 * typed forms, and reports.
 * Each place says what it may see: a kernel no input, a noise and an observed value no latents.
 */
import type { Argument, Declaration, Expression, Name } from "../../source/ast.ts";
import type { ModelArgument, ModelLatent, ModelObservation, ModelOffset, ModelQuantity } from "../model.ts";
import type { Label } from "../names/labels.ts";
import { lookUp } from "../names/scope.ts";
import type { Local, Typed } from "../tree.ts";
import { baseOf, isScalar, printType, tensor, unknown, type DeclaredFunction, type TensorType } from "../types/type.ts";
import { fault, refuseTwice, within, type Context, type Sees } from "./context.ts";
import { annotationOf, conform, fits } from "./declared_type.ts";
import { declaredValue } from "./declared_value.ts";
import { instantiate } from "./instantiate.ts";

type Of<K extends Declaration["kind"]> = Extract<Declaration, { kind: K }>;

const place = (name: string, sees: Partial<Sees>): Sees => ({
  place: name,
  input: true,
  latents: false,
  parameters: true,
  ...sees,
});

/** An expression of a declaration, kept among the roots of the tree. */
function rooted(e: Expression, context: Context): Typed {
  const typed = context.checking.infer(e, context);
  context.checking.roots.push(typed);
  return typed;
}

/**
 * The kernel is one, and gives a number for two points of the input's shape; the mean is known and has the latent's
 * shape.
 */
export function checkLatent(declaration: Of<"latent">, context: Context): ModelLatent | undefined {
  const { checking, file } = context,
    { kernel: kernelName, name } = declaration;
  const of = kernelCalled(kernelName, context);
  if (of && !checking.point && !file.ast.declarations.some((d) => d.kind === "input" || d.kind === "coordinates")) {
    fault(context, "ADK0211", declaration.span, {
      declaration: `the latent \`${name.text}\``,
      missing: "an input",
      example: "input x : real[2]",
    });
  }
  const kernel = of && kernelAtPoints(of, kernelName, context);
  const declared = file.entries.get(name.text);
  const value = declared?.declaration === declaration ? declaredValue(declared, context) : undefined;
  if (declaration.type !== undefined && declaration.type.base !== "real") {
    fault(context, "ADK0311", declaration.type.span, {
      what: "a latent",
      expected: "`real`",
      found: `\`${declaration.type.base}\``,
    });
  }
  const mean = declaration.mean && value?.type.kind === "tensor" && meanOf(declaration.mean, value.type, context);
  return (
    kernel && {
      name,
      kernelName,
      kernel,
      ...(value?.annotation === undefined ? {} : { annotation: value.annotation }),
      ...(mean ? { mean } : {}),
    }
  );
}

/** The kernel of a name; a report where it is none. */
function kernelCalled(name: Name, context: Context): DeclaredFunction | undefined {
  const { file } = context,
    found = lookUp(file, name.text);
  if (found?.kind === "declared" && found.declared.declaration.kind === "kernel")
    return { declaration: found.declared.declaration, file: found.declared.file };
  if (file.broken.has(name.text)) return undefined;
  const kernels = file.ast.declarations.flatMap((d) => (d.kind === "kernel" ? [d.name.text] : []));
  const what =
    found?.kind === "declared"
      ? `the ${found.declared.declaration.kind} \`${name.text}\``
      : found
        ? `the function \`${name.text}\``
        : "an unknown name";
  fault(context, "ADK0210", name.span, { name: name.text, found: what, kernels });
  return undefined;
}

function kernelAtPoints(
  of: DeclaredFunction,
  { text, span }: Name,
  context: Context,
): ModelLatent["kernel"] | undefined {
  const { checking } = context;
  checking.roots.push({ kind: "function", span, type: { kind: "function", callable: { kind: "declared", ...of } } });
  if (!checking.point) return undefined;
  const point = { type: { ...checking.point, coordinate: undefined }, span },
    sees = place("a kernel", { input: false });
  return instantiate(of, [point, point], { span, callee: text }, { ...context, sees });
}

function meanOf(e: Expression, latent: TensorType, context: Context): Typed {
  const mean = rooted(e, { ...context, sees: place("the mean of a latent", {}) });
  conformOrFill(mean, tensor("real", latent.shape), "the mean", context);
  return mean;
}

/** The value has the shape that is declared; a number alone stands for all its entries. */
function conformOrFill({ type, span }: Typed, declared: TensorType, what: string, context: Context): void {
  const scalar = type.kind === "tensor" && isScalar(type) && fits(type, tensor("real", []));
  if (!scalar) conform(type, declared, what, span, context);
}

/** Per-point arguments as local names: known, and constant when differentiated. */
function argumentsOf(list: readonly Argument[], context: Context): ModelArgument[] {
  refuseTwice(
    context,
    list.map((a) => a.name),
  );
  return list.map(({ name, type }): ModelArgument => {
    const local: Local = { name, role: "argument", type: unknown };
    context.checking.binders.push(local);
    if (!type) return { local };
    const { annotation, shape } = annotationOf(type, context);
    if (type.base === "index") fault(context, "ADK0315", type.span, { found: `the argument \`${name.text}\`` });
    if (shape) local.type = tensor(baseOf(type.base), shape);
    return { local, annotation };
  });
}

/** A context in which per-point arguments are known. */
function atPoints(context: Context, sees: Sees, args: readonly ModelArgument[]): Context {
  return within({ ...context, sees }, ...args.map((a) => a.local));
}

const kinds = { observe: "the observation", offset: "the offset", predict: "the prediction" } as const;

/** L is linear in the latents, and has one. */
export function checkQuantity(label: Label, kind: keyof typeof kinds, context: Context): ModelQuantity | undefined {
  const { name } = label,
    args = argumentsOf(label.arguments, context);
  const sees = place(`${kinds[kind]} \`${name.text}\``, { latents: true }),
    operator = rooted(label.operator, atPoints(context, sees, args));
  const { type, span } = operator;
  if (type.kind === "unknown") return undefined;
  if (type.kind === "function") {
    fault(context, "ADK0317", span, { found: printType(type), where: kinds[kind] });
    return undefined;
  }
  if (type.degree !== "linear") {
    const found = `${printType(type)} without a latent`;
    fault(context, "ADK0404", span, { what: kinds[kind], label: name.text, found });
    return undefined;
  }
  return { label: name.text, name, arguments: args, operator, orders: type.orders, shape: type.shape };
}

/** The observed value and the noise. */
export function checkObservation(
  declaration: Of<"observe">,
  quantity: ModelQuantity | undefined,
  context: Context,
): ModelObservation {
  const { name, key } = declaration,
    args = argumentsOf(declaration.arguments, context);
  const value = declaration.value && rooted(declaration.value, atPoints(context, place("an observed value", {}), args));
  if (value && quantity)
    conformOrFill(value, tensor("real", quantity.shape), `the observed value of \`${name.text}\``, context);
  const noise = declaration.noise && rooted(declaration.noise, atPoints(context, place("a noise", {}), args));
  if (noise) checkNoise(noise, name.text, context);
  return {
    name,
    arguments: args,
    ...(key === undefined ? {} : { key }),
    ...(value === undefined ? {} : { value }),
    ...(noise === undefined ? {} : { noise }),
  };
}

function checkNoise({ type, span }: Typed, label: string, context: Context): void {
  if (type.kind === "unknown" || (type.kind === "tensor" && isScalar(type) && type.base !== "bool")) return;
  fault(context, "ADK0312", span, { what: `the noise of \`${label}\``, found: printType(type) });
}

/** An offset is a scalar latent's name and nothing else. */
export function checkOffset(declaration: Of<"offset">, context: Context): ModelOffset {
  const { operator, name, key } = declaration,
    latent = operator.kind === "name" ? operator.text : undefined;
  const found = latent === undefined ? undefined : context.file.entries.get(latent)?.declaration;
  const right = found?.kind === "latent" && (found.type?.sizes.length ?? 0) === 0;
  if (!right && (latent === undefined || found)) {
    fault(context, "ADK0406", operator.span, {
      found: found?.kind === "latent" ? "a latent with components" : "another expression",
    });
  }
  return { name, latent: latent ?? "", key };
}

/** What a signature says by itself: no name twice, types that a function may have. */
export function checkSignature(declaration: Of<"fn"> | Of<"kernel">, context: Context): void {
  refuseTwice(context, declaration.kind === "fn" ? declaration.arguments.map((a) => a.name) : declaration.points);
  for (const { name, type } of declaration.kind === "fn" ? declaration.arguments : []) {
    if (type?.base === "index") fault(context, "ADK0315", type.span, { found: `the argument \`${name.text}\`` });
  }
  if (declaration.kind === "fn" && declaration.result?.base === "index") {
    fault(context, "ADK0315", declaration.result.span, { found: `the result of \`${declaration.name.text}\`` });
  }
}
