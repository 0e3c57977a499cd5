/**
 * What a name is. In: a name and its context. Out: its type.
 * Local names hide the file's, the file's hide the library's; the input, latents and parameters are seen only where
 * they mean something.
 */
import type { Declaration } from "../../source/ast.ts";
import type { Span } from "../../source/span.ts";
import { fault, findLocal, localNames, type Context } from "./context.ts";
import { nearest } from "../../source/nearest.ts";
import { knownNames, lookUp, type Entry } from "../names/scope.ts";
import { freeNames } from "../names/references.ts";
import { atomSize, isDecided, sizeOf, type Size } from "../types/size.ts";
import { baseOf, conform, declaredShape, sizeFrom, textOf } from "./declared_type.ts";
import { tensor, unknown, whole, type TensorType, type Type } from "../types/type.ts";

export function inferName(text: string, span: Span, context: Context): Type {
  const local = findLocal(context.locals, text);
  if (local) return local;
  const found = lookUp(context.file, text);
  if (!found) {
    if (!context.file.broken.has(text)) {
      const near = nearest(text, [...localNames(context.locals), ...knownNames(context.file)]);
      fault(context, "ADK0201", span, { name: text, ...(near === undefined ? {} : { nearest: near }) });
    }
    return unknown;
  }
  if (found.kind === "builtin") return { kind: "function", callable: { kind: "builtin", name: found.name } };
  return entryType(found.entry, span, context);
}

const inputSeen = "`observe`, `offset`, `predict`, `mean =` and the functions that these call";
const latentsSeen = "the expressions of `observe`, `offset` and `predict`, and the functions that these call";

function entryType(entry: Entry, span: Span, context: Context): Type {
  const { declaration, file } = entry,
    { sees } = context;
  const hidden = (what: string, seenIn: string, hint: string): Type => {
    fault(context, "ADK0204", span, { name: entry.name.text, what, place: sees.place, seenIn, hint });
    return unknown;
  };
  switch (declaration.kind) {
    case "fn":
    case "kernel":
      return { kind: "function", callable: { kind: "declared", declaration, file } };
    case "input":
    case "coordinates":
      if (!sees.input) return hidden("the input", inputSeen, "give the point as an argument");
      return declarationType(entry, context);
    case "latent":
      if (!sees.latents) return hidden("the latent", latentsSeen, "give it as an argument, or move the expression");
      return declarationType(entry, context);
    case "param":
      if (!sees.parameters)
        return hidden(
          "the parameter",
          "expressions that may change when parameters are tuned",
          "a `const` is known when compiling",
        );
      return declarationType(entry, context);
    default:
      return declarationType(entry, context);
  }
}

/** The type of a declared value, found once. */
export function declarationType(entry: Entry, context: Context): Type {
  const { checking } = context,
    known = checking.types.get(entry);
  if (known) return known;
  checking.types.set(entry, unknown);
  const type = checking.cyclic.has(entry.declaration) ? unknown : typeOf(entry, outside(context, entry));
  checking.types.set(entry, type);
  return type;
}

/** The context of a declaration of a file: no local names, no input, no latents, no parameters. */
function outside(context: Context, entry: Entry): Context {
  const { checking, depth } = context;
  return {
    checking,
    file: entry.file,
    locals: undefined,
    sees: { place: placeOf(entry.declaration), input: false, latents: false, parameters: false },
    depth,
    certain: true,
  };
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

function typeOf(entry: Entry, context: Context): Type {
  const { declaration } = entry;
  switch (declaration.kind) {
    case "dim":
      return dimType(entry, context);
    case "const":
      return constantType(entry, declaration, context);
    case "param":
      return parameterType(declaration, context);
    case "input": {
      const shape = declaredShape(declaration.type, context),
        { base, span } = declaration.type;
      if (base !== "real")
        fault(context, "ADK0311", span, {
          what: "the input",
          expected: "`real`: operators differentiate by it",
          found: `\`${base}\``,
        });
      return shape ? tensor("real", shape, { coordinate: 0 }) : unknown;
    }
    case "coordinates":
      return tensor("real", [], { coordinate: 1 });
    case "latent": {
      const shape = declaration.type === undefined ? [] : declaredShape(declaration.type, context);
      return shape ? tensor("real", shape, { degree: "linear", orders: { [declaration.name.text]: 0 } }) : unknown;
    }
    default:
      return unknown;
  }
}

function dimType(entry: Entry, context: Context): Type {
  const { declaration, name, position } = entry;
  const bound = context.checking.bound.get(name.text);
  if (bound !== undefined) return whole(sizeOf(bound));
  const value = declaration.kind === "dim" ? declaration.items[position]?.value : undefined;
  if (value === undefined)
    return whole(
      sizeFromValues(entry, context) ??
        atomSize({ id: `${entry.file.source.name}:${name.text}`, kind: "dim", text: name.text }),
    );
  const size = sizeFrom(value, context);
  return size ? whole(size) : unknown;
}

/** The size that a written value gives to a dim standing alone in its type: `const w : real[Q] = [1, 2, 3]`. */
function sizeFromValues(entry: Entry, context: Context): Size | undefined {
  for (const other of entry.file.ast.declarations) {
    if (other.kind !== "const" && other.kind !== "param") continue;
    const value = other.kind === "const" ? other.value : other.initial;
    const axis = (other.type?.sizes ?? []).findIndex((s) => s.kind === "name" && s.text === entry.name.text);
    if (
      value === undefined ||
      axis < 0 ||
      value.kind !== "list" ||
      freeNames(value).some((r) => r.text === entry.name.text)
    )
      continue;
    const type = context.checking.infer(value, context),
      size = type.kind === "tensor" ? type.shape[axis] : undefined;
    if (size !== undefined && isDecided(size)) return size;
  }
  return undefined;
}

function constantType(entry: Entry, declaration: Extract<Declaration, { kind: "const" }>, context: Context): Type {
  if (declaration.symmetry && (declaration.type?.base !== "index" || declaration.type.sizes.length !== 2)) {
    fault(context, "ADK0311", declaration.name.span, {
      what: `\`${entry.name.text}\`, which comes \`from symmetry\`,`,
      expected: "`index[P, N]`: P permutations of N atoms",
      found: declaration.type ? `\`${textOf(declaration.type.span)}\`` : "no type",
    });
    return unknown;
  }
  const value = declaration.value && {
    type: context.checking.infer(declaration.value, context),
    span: declaration.value.span,
  };
  if (declaration.type === undefined) {
    if (value?.type.kind === "function")
      fault(context, "ADK0317", value.span, { found: "a function", where: "a constant" });
    if (value?.type.kind === "tensor") return value.type;
    if (!value) {
      const { text } = entry.name;
      fault(context, "ADK0311", declaration.name.span, {
        what: `the constant \`${text}\``,
        expected: "a type or a value",
        found: "neither",
        hint: `write its type: \`const ${text} : real = …\``,
      });
    }
    return unknown;
  }
  const shape = declaredShape(declaration.type, context);
  if (!shape) return unknown;
  const declared = withKnownValue(
    tensor(baseOf(declaration.type.base), shape, { constant: true }),
    entry,
    value?.type,
    context,
  );
  if (value) conform(value.type, declared, `the constant \`${entry.name.text}\``, value.span, context);
  const below = shape.at(-1);
  return declaration.type.base === "index" && below !== undefined ? { ...declared, below } : declared;
}

/** A whole constant is a number, a polynomial, or a symbol of its own. */
function withKnownValue(type: TensorType, entry: Entry, value: Type | undefined, context: Context): TensorType {
  if (type.base !== "int" || type.shape.length > 0) return type;
  const bound = context.checking.bound.get(entry.name.text);
  if (bound !== undefined) return { ...type, value: sizeOf(bound) };
  if (value?.kind === "tensor" && value.value !== undefined) return { ...type, value: value.value };
  return {
    ...type,
    value: atomSize({ id: `${entry.file.source.name}:${entry.name.text}`, kind: "opaque", text: entry.name.text }),
  };
}

function parameterType(declaration: Extract<Declaration, { kind: "param" }>, context: Context): Type {
  const shape = declaration.type === undefined ? [] : declaredShape(declaration.type, context);
  if (declaration.type !== undefined && declaration.type.base !== "real") {
    fault(context, "ADK0311", declaration.type.span, {
      what: "a parameter",
      expected: "`real`: parameters are tuned by gradient",
      found: `\`${declaration.type.base}\``,
      hint: "a whole number that does not change is a `const`",
    });
  }
  const type = shape && tensor("real", shape);
  if (declaration.initial !== undefined && type) {
    const initial = context.checking.infer(declaration.initial, context);
    const what = `the initial value of \`${declaration.name.text}\``;
    if (declaration.type === undefined && initial.kind === "tensor" && initial.shape.length > 0) {
      return conform(initial, tensor("real", initial.shape), what, declaration.initial.span, context)
        ? tensor("real", initial.shape)
        : unknown;
    }
    const fills = initial.kind === "tensor" && initial.shape.length === 0;
    conform(initial, fills ? tensor("real", []) : type, what, declaration.initial.span, context);
  }
  for (const bound of [declaration.bound?.lower, declaration.bound?.upper]) {
    const found = bound && context.checking.infer(bound, context);
    if (bound && found) conform(found, tensor("real", []), "a bound", bound.span, context);
  }
  return type ?? unknown;
}
