/**
 * Dims, constants, parameters, latents and the input. In: a declared name. Out: its type, and its written value as a
 * typed tree, found once.
 * A declaration of a file sees no local names, no input, no latents and no parameters.
 */
import type { Declaration, Expression } from "../../source/ast.ts";
import type { DeclaredValue } from "../model.ts";
import { freeNames } from "../names/references.ts";
import type { DeclaredName } from "../names/scope.ts";
import type { Typed } from "../tree.ts";
import { atomSize, isDecided, sizeOf, type Size } from "../types/size.ts";
import { baseOf, tensor, unknown, whole, type TensorType, type Type } from "../types/type.ts";
import { fault, type Context } from "./context.ts";
import { annotationOf, conform, sizeFrom, textOf } from "./declared_type.ts";

type Of<K extends Declaration["kind"]> = Extract<Declaration, { kind: K }>;
type Determined = Omit<DeclaredValue, "declared">;

/** The type and value of a declared name. */
export function declaredValue(declared: DeclaredName, context: Context): DeclaredValue {
  const { checking } = context,
    known = checking.values.get(declared);
  if (known) return known;
  checking.values.set(declared, { declared, type: unknown });
  const found: Determined = checking.cyclic.has(declared.declaration)
    ? { type: unknown }
    : find(declared, outside(context, declared));
  const value = { declared, ...found };
  checking.values.set(declared, value);
  return value;
}

function outside({ checking, depth }: Context, { file, declaration }: DeclaredName): Context {
  const sees = { place: placeOf(declaration), input: false, latents: false, parameters: false };
  return { checking, file, locals: undefined, sees, depth, certain: true };
}

function placeOf(declaration: Declaration): string {
  switch (declaration.kind) {
    case "dim":
      return "a size";
    case "const":
      return "a constant";
    case "param":
      return "the declaration of a parameter";
    default:
      return "a declaration";
  }
}

/** An expression of a declaration, kept among the roots of the tree. */
function rooted(e: Expression, context: Context): Typed {
  const typed = context.checking.infer(e, context);
  context.checking.roots.push(typed);
  return typed;
}

function find(declared: DeclaredName, context: Context): Determined {
  const { declaration } = declared;
  switch (declaration.kind) {
    case "dim":
      return dim(declared, declaration, context);
    case "const":
      return constant(declared, declaration, context);
    case "param":
      return parameter(declaration, context);
    case "input": {
      const { annotation, shape } = annotationOf(declaration.type, context),
        { base, span } = declaration.type;
      if (base !== "real")
        fault(context, "ADK0311", span, {
          what: "the input",
          expected: "`real`: operators differentiate by it",
          found: `\`${base}\``,
        });
      return { annotation, type: shape ? tensor("real", shape, { coordinate: 0 }) : unknown };
    }
    case "coordinates":
      return { type: tensor("real", [], { coordinate: 1 }) };
    case "latent": {
      const linear = { degree: "linear", orders: { [declaration.name.text]: 0 } } as const;
      if (declaration.type === undefined) return { type: tensor("real", [], linear) };
      const { annotation, shape } = annotationOf(declaration.type, context);
      return { annotation, type: shape ? tensor("real", shape, linear) : unknown };
    }
    default:
      return { type: unknown };
  }
}

function dim({ name, position, file }: DeclaredName, { items }: Of<"dim">, context: Context): Determined {
  const written = items[position]?.value;
  const bound = context.checking.bound.get(name.text);
  if (written === undefined) {
    const symbol = { id: `${file.source.name}:${name.text}`, kind: "dim", text: name.text } as const;
    const size = bound === undefined ? sizeFromValues(name.text, context) : sizeOf(bound);
    return { type: whole(size ?? atomSize(symbol)) };
  }
  if (bound !== undefined) return { type: whole(sizeOf(bound)), value: context.checking.infer(written, context) };
  const { typed, size } = sizeFrom(written, context);
  context.checking.roots.push(typed);
  return { type: size ? whole(size) : unknown, value: typed };
}

/** The size that a written value gives to a dim standing alone in its type: `const w : real[Q] = [1, 2, 3]`. */
function sizeFromValues(dim: string, context: Context): Size | undefined {
  for (const other of context.file.ast.declarations) {
    if (other.kind !== "const" && other.kind !== "param") continue;
    const value = other.kind === "const" ? other.value : other.initial;
    const axis = (other.type?.sizes ?? []).findIndex((s) => s.kind === "name" && s.text === dim);
    if (value?.kind !== "list" || axis < 0 || freeNames(value).some((r) => r.text === dim)) continue;
    const { type } = context.checking.infer(value, context),
      size = type.kind === "tensor" ? type.shape[axis] : undefined;
    if (size !== undefined && isDecided(size)) return size;
  }
  return undefined;
}

function constant(declared: DeclaredName, declaration: Of<"const">, context: Context): Determined {
  const { name, symmetry, type: written } = declaration;
  if (symmetry && (written?.base !== "index" || written.sizes.length !== 2)) {
    fault(context, "ADK0311", name.span, {
      what: `\`${name.text}\`, which comes \`from symmetry\`,`,
      expected: "`index[P, N]`: P permutations of N atoms",
      found: written ? `\`${textOf(written.span)}\`` : "no type",
    });
    return { type: unknown };
  }
  const value = declaration.value && rooted(declaration.value, context);
  if (written === undefined) return untypedConstant(declaration, value, context);
  const { annotation, shape } = annotationOf(written, context),
    found = { annotation, ...(value === undefined ? {} : { value }) };
  if (!shape) return { ...found, type: unknown };
  const plain = tensor(baseOf(written.base), shape, { constant: true }),
    type = withKnownValue(plain, declared, value?.type, context);
  if (value) conform(value.type, type, `the constant \`${name.text}\``, value.span, context);
  const below = shape.at(-1);
  return { ...found, type: written.base === "index" && below !== undefined ? { ...type, below } : type };
}

function untypedConstant({ name }: Of<"const">, value: Typed | undefined, context: Context): Determined {
  if (!value) {
    fault(context, "ADK0311", name.span, {
      what: `the constant \`${name.text}\``,
      expected: "a type or a value",
      found: "neither",
      hint: `write its type: \`const ${name.text} : real = …\``,
    });
    return { type: unknown };
  }
  if (value.type.kind === "function")
    fault(context, "ADK0317", value.span, { found: "a function", where: "a constant" });
  return { value, type: value.type.kind === "tensor" ? value.type : unknown };
}

/** A whole constant is a number, a polynomial, or a symbol of its own. */
function withKnownValue(
  type: TensorType,
  { name, file }: DeclaredName,
  value: Type | undefined,
  context: Context,
): TensorType {
  if (type.base !== "int" || type.shape.length > 0) return type;
  const bound = context.checking.bound.get(name.text);
  if (bound !== undefined) return { ...type, value: sizeOf(bound) };
  if (value?.kind === "tensor" && value.value !== undefined) return { ...type, value: value.value };
  return { ...type, value: atomSize({ id: `${file.source.name}:${name.text}`, kind: "opaque", text: name.text }) };
}

function parameter(declaration: Of<"param">, context: Context): Determined {
  const { name, type: written, bound } = declaration;
  const annotated = written && annotationOf(written, context),
    shape = annotated ? annotated.shape : [];
  if (written !== undefined && written.base !== "real") {
    fault(context, "ADK0311", written.span, {
      what: "a parameter",
      expected: "`real`: parameters are tuned by gradient",
      found: `\`${written.base}\``,
      hint: "a whole number that does not change is a `const`",
    });
  }
  const value = declaration.initial && rooted(declaration.initial, context);
  let type = shape && tensor("real", shape);
  if (value && type) {
    const initial = value.type,
      filling = initial.kind === "tensor" && initial.shape.length === 0,
      what = `the initial value of \`${name.text}\``;
    if (written === undefined && initial.kind === "tensor" && !filling) type = tensor("real", initial.shape);
    const right = conform(initial, filling ? tensor("real", []) : type, what, value.span, context);
    if (written === undefined && !filling && !right) type = undefined;
  }
  const limit = (e: Expression | undefined): Typed | undefined => {
    const typed = e && rooted(e, context);
    if (typed) conform(typed.type, tensor("real", []), "a bound", typed.span, context);
    return typed;
  };
  const lower = limit(bound?.lower),
    upper = limit(bound?.upper);
  return {
    type: type ?? unknown,
    ...(annotated === undefined ? {} : { annotation: annotated.annotation }),
    ...(value === undefined ? {} : { value }),
    ...(lower === undefined ? {} : { lower }),
    ...(upper === undefined ? {} : { upper }),
  };
}
