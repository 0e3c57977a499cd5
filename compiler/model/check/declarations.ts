/**
 * Checks of declarations: latents, observations, offsets, predictions. In: a declaration and its context. Out:
 * quantities, and reports.
 * Each place says what it may see: a kernel no input, a noise and an observed value no latents.
 */
import type { Argument, Declaration, Expression } from "../../source/ast.ts";
import { fault, refuseTwice, within, type Context, type Sees } from "./context.ts";
import type { Label } from "../names/labels.ts";
import { declarationType } from "./infer_name.ts";
import type { ModelQuantity } from "../model.ts";
import { lookUp } from "../names/scope.ts";
import { baseOf, conform, declaredShape, fits } from "./declared_type.ts";
import { isScalar, printType, tensor, unknown, type TensorType, type Type } from "../types/type.ts";

type Of<K extends Declaration["kind"]> = Extract<Declaration, { kind: K }>;

const place = (name: string, sees: Partial<Sees>): Sees => ({
  place: name,
  input: true,
  latents: false,
  parameters: true,
  ...sees,
});

/**
 * The kernel is one, and gives a number for two points of the input's shape; the mean is known and has the latent's
 * shape.
 */
export function checkLatent(declaration: Of<"latent">, context: Context): void {
  const { checking, file } = context,
    { kernel } = declaration;
  const found = lookUp(file, kernel.text);
  const isKernel = found?.kind === "entry" && found.entry.declaration.kind === "kernel";
  if (!isKernel) {
    if (file.broken.has(kernel.text)) return;
    const kernels = file.ast.declarations.flatMap((d) => (d.kind === "kernel" ? [d.name.text] : []));
    const what =
      found?.kind === "entry"
        ? `the ${found.entry.declaration.kind} \`${kernel.text}\``
        : found
          ? `the function \`${kernel.text}\``
          : "an unknown name";
    fault(context, "ADK0210", kernel.span, { name: kernel.text, found: what, kernels });
  } else if (!checking.point) {
    if (!file.ast.declarations.some((d) => d.kind === "input" || d.kind === "coordinates")) {
      fault(context, "ADK0211", declaration.span, {
        declaration: `the latent \`${declaration.name.text}\``,
        missing: "an input",
        example: "input x : real[2]",
      });
    }
  } else if (found.entry.declaration.kind === "kernel") {
    const actual = { type: { ...checking.point, coordinate: undefined }, span: kernel.span };
    const callable = { kind: "declared", declaration: found.entry.declaration, file: found.entry.file } as const;
    checking.invoke(callable, [actual, actual], kernel.span, { ...context, sees: place("a kernel", { input: false }) });
  }
  const entry = file.entries.get(declaration.name.text);
  const type = entry?.declaration === declaration ? declarationType(entry, context) : unknown;
  if (declaration.type !== undefined && declaration.type.base !== "real") {
    fault(context, "ADK0311", declaration.type.span, {
      what: "a latent",
      expected: "`real`",
      found: `\`${declaration.type.base}\``,
    });
  }
  if (declaration.mean && type.kind === "tensor") checkMean(declaration.mean, type, context);
}

function checkMean(mean: Expression, latent: TensorType, context: Context): void {
  const found = context.checking.infer(mean, { ...context, sees: place("the mean of a latent", {}) });
  conformOrFill(found, tensor("real", latent.shape), "the mean", mean, context);
}

/** The value has the shape that is declared; a number alone stands for all its entries. */
function conformOrFill(found: Type, declared: TensorType, what: string, { span }: Expression, context: Context): void {
  const scalar = found.kind === "tensor" && isScalar(found) && fits(found, tensor("real", []));
  if (!scalar) conform(found, declared, what, span, context);
}

/** Per-point arguments as local names: known, and constant when differentiated. */
function argumentNames(list: readonly Argument[], context: Context): Map<string, Type> {
  refuseTwice(
    context,
    list.map((a) => a.name),
  );
  return new Map(
    list.map((a) => {
      const shape = a.type && declaredShape(a.type, context);
      if (a.type?.base === "index")
        fault(context, "ADK0315", a.type.span, { found: `the argument \`${a.name.text}\`` });
      return [a.name.text, a.type && shape ? tensor(baseOf(a.type.base), shape) : unknown];
    }),
  );
}

const kinds = { observe: "the observation", offset: "the offset", predict: "the prediction" } as const;

/** L is linear in the latents, and has one. */
export function checkQuantity(label: Label, kind: keyof typeof kinds, context: Context): ModelQuantity | undefined {
  const names = argumentNames(label.arguments, context);
  const inner: Context = within(
    { ...context, sees: place(`${kinds[kind]} \`${label.name.text}\``, { latents: true }) },
    names,
  );
  const type = context.checking.infer(label.operator, inner);
  if (type.kind === "unknown") return undefined;
  if (type.kind === "function") {
    fault(context, "ADK0317", label.operator.span, { found: printType(type), where: kinds[kind] });
    return undefined;
  }
  if (type.degree !== "linear") {
    fault(context, "ADK0404", label.operator.span, {
      what: kinds[kind],
      label: label.name.text,
      found: `${printType(type)} without a latent`,
    });
    return undefined;
  }
  return {
    label: label.name.text,
    name: label.name,
    arguments: label.arguments,
    operator: label.operator,
    orders: type.orders,
    shape: type.shape,
  };
}

/** The observed value and the noise. */
export function checkObservation(
  declaration: Of<"observe">,
  quantity: ModelQuantity | undefined,
  context: Context,
): void {
  const { checking } = context,
    names = argumentNames(declaration.arguments, context),
    label = declaration.name.text;
  if (declaration.value) {
    const found = checking.infer(
      declaration.value,
      within({ ...context, sees: place("an observed value", {}) }, names),
    );
    if (quantity)
      conformOrFill(
        found,
        tensor("real", quantity.shape),
        `the observed value of \`${label}\``,
        declaration.value,
        context,
      );
  }
  if (!declaration.noise) return;
  const noise = checking.infer(declaration.noise, within({ ...context, sees: place("a noise", {}) }, names));
  if (noise.kind === "tensor" && isScalar(noise) && noise.base !== "bool") return;
  if (noise.kind !== "unknown")
    fault(context, "ADK0312", declaration.noise.span, { what: `the noise of \`${label}\``, found: printType(noise) });
}

/** An offset is a scalar latent's name and nothing else. */
export function checkOffset(declaration: Of<"offset">, context: Context): void {
  const { operator } = declaration;
  const found = operator.kind === "name" ? context.file.entries.get(operator.text)?.declaration : undefined;
  if (found?.kind === "latent" && (found.type?.sizes.length ?? 0) === 0) return;
  if (operator.kind === "name" && !found) return;
  fault(context, "ADK0406", operator.span, {
    found: found?.kind === "latent" ? "a latent with components" : "another expression",
  });
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
