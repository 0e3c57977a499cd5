/**
 * Functions for the types of their arguments. In: a declared function and argument types. Out: an instance, its body
 * typed and resolved.
 * A body is checked with the types that a call gives it, so one definition serves numbers, tensors, latents and
 * functions alike; instances are kept by the types of the arguments.
 */
import type { Argument, TypeNode } from "../../source/ast.ts";
import { isStandard } from "../../source/report.ts";
import type { Span } from "../../source/span.ts";
import { freeNames, genericSizes } from "../names/references.ts";
import type { Annotation, Instance, Local, Typed } from "../tree.ts";
import { atomSize, compareSizes, printSize, type Size } from "../types/size.ts";
import {
  baseOf,
  printType,
  tensor,
  typeKey,
  unknown,
  whole,
  type DeclaredFunction,
  type TensorType,
  type Type,
} from "../types/type.ts";
import type { Operand } from "./combine.ts";
import { fault, within, type Context } from "./context.ts";
import { annotationOf, asDeclared, conform, fits, sizeFrom, textOf } from "./declared_type.ts";

/** Calls within calls beyond this can only be a recursion through arguments. */
const DEEPEST = 100;

/** The arguments as a function declares them; a kernel's are its two points. */
export function formalsOf({ declaration }: DeclaredFunction): readonly Argument[] {
  return declaration.kind === "fn" ? declaration.arguments : declaration.points.map((name) => ({ name }));
}

const argument = (formal: Argument, type: Type): Local => ({ name: formal.name, role: "argument", type });

/** The function for argument types; undefined where it is recursive or an argument doesn't fit, after a report. */
export function instantiate(
  of: DeclaredFunction,
  given: readonly Operand[],
  site: { readonly span: Span; readonly callee: string },
  context: Context,
): Instance | undefined {
  const { declaration, file } = of,
    { checking } = context,
    { text } = declaration.name;
  if (checking.cyclic.has(declaration)) return undefined;
  if (context.depth > DEEPEST) {
    fault(context, "ADK0205", site.span, { cycle: [text, "…", text] });
    return undefined;
  }
  const isKernel = declaration.kind === "kernel";
  const sees = isKernel
    ? { ...context.sees, place: `the kernel \`${text}\``, input: false, latents: false }
    : context.sees;
  const flags = [sees.input, sees.latents, sees.parameters, context.certain],
    types = given.map((g) => typeKey(g.type));
  const key = [typeKey({ kind: "function", callable: { kind: "declared", ...of } }), ...flags, ...types].join("|");
  const known = checking.instances.get(key);
  if (known) return known;
  checking.called.add(declaration);
  const outer = context.call === undefined ? {} : { outer: context.call };
  const call = { ...site, standard: isStandard(file.source), ...outer };
  const inner: Context = { ...context, locals: undefined, file, sees, call, depth: context.depth + 1 };
  const bound = new Signature(of, given, site.callee).bind(inner, context);
  if (!bound) return undefined;
  const instance = bodied(of, bound, within(inner, ...bound.locals));
  checking.instances.set(key, instance);
  checking.roots.push(instance.body);
  checking.binders.push(...bound.locals);
  return instance;
}

interface Bound extends Pick<Instance, "formals" | "sizes"> {
  readonly locals: readonly Local[];
}

/** Sizes that stand alone in the signature are bound first, all of them; composite ones are checked with them. */
class Signature {
  private readonly formals: readonly Argument[];
  private readonly given: readonly Operand[];
  private readonly callee: string;
  private readonly locals: readonly Local[];
  private readonly sizes: readonly Local[];
  private right = true;

  constructor(of: DeclaredFunction, given: readonly Operand[], callee: string) {
    this.formals = formalsOf(of);
    this.given = given;
    this.callee = callee;
    this.locals = this.formals.map((f, n) => argument(f, given[n]!.type));
    this.sizes = genericSizes(this.formals).map((name): Local => ({ name, role: "size", type: unknown }));
  }

  bind(inner: Context, caller: Context): Bound | undefined {
    const fitting = this.formals.map((f, n) => f.type !== undefined && this.bindSizes(n, f.type, inner, caller));
    const locals = [...this.locals, ...this.sizes],
      within_ = within(inner, ...locals);
    const formals = this.formals.map((f, n) => {
      const local = this.locals[n]!;
      if (f.type === undefined) return { local };
      const { annotation, sizes } = measured(f.type, within_);
      const found = this.given[n]!.type;
      if (fitting[n] === true && found.kind === "tensor") {
        const declared = tensor(
          baseOf(f.type.base),
          sizes.map((s, axis) => s ?? found.shape[axis]!),
        );
        if (fits(found, declared)) local.type = asDeclared(found, merged(found, declared));
        else this.refuse(n, f.type, caller);
      }
      return { local, annotation };
    });
    return this.right ? { formals, sizes: this.sizes, locals } : undefined;
  }

  /** Whether the argument has as many axes as its type. */
  private bindSizes(n: number, type: TypeNode, inner: Context, caller: Context): boolean {
    const found = this.given[n]!.type;
    if (found.kind === "unknown") return false;
    if (found.kind !== "tensor" || found.shape.length !== type.sizes.length) {
      this.refuse(n, type, caller);
      return false;
    }
    if (type.base === "index")
      fault(inner, "ADK0315", type.span, { found: `the argument \`${this.formals[n]!.name.text}\`` });
    type.sizes.forEach((s, axis) => {
      const size = s.kind === "name" ? this.sizes.find((l) => l.name.text === s.text) : undefined;
      if (size?.type.kind === "unknown") size.type = whole(found.shape[axis]!);
    });
    return true;
  }

  private refuse(n: number, type: TypeNode, caller: Context): void {
    const used = new Set(type.sizes.flatMap((s) => freeNames(s)).map((r) => r.text));
    const known = this.sizes.flatMap(({ name, type: size }) =>
      used.has(name.text) && size.kind === "tensor" && size.value !== undefined
        ? [`\`${name.text}\` is ${printSize(size.value)} here`]
        : [],
    );
    const { type: found, span } = this.given[n]!;
    const about = {
      callee: this.callee,
      argument: this.formals[n]!.name.text,
      expected: textOf(type.span),
      found: printType(found),
    };
    fault(caller, "ADK0302", span, known.length === 0 ? about : { ...about, hint: known.join(", ") });
    this.right = false;
  }
}

interface Measured {
  readonly annotation: Annotation;
  readonly sizes: readonly (Size | undefined)[];
}

/** An annotation and its sizes one by one: undefined where one has been complained of. */
function measured(type: TypeNode, context: Context): Measured {
  const found = type.sizes.map((s) => sizeFrom(s, context)),
    { base, span } = type;
  context.checking.roots.push(...found.map((s) => s.typed));
  return { annotation: { base, sizes: found.map((s) => s.typed), span }, sizes: found.map((s) => s.size) };
}

/** Of two shapes that agree, the caller's stays where it is known better. */
function merged(found: TensorType, declared: TensorType): TensorType {
  const shape = declared.shape.map((s, n) => (compareSizes(s, found.shape[n]!) === "same" ? s : found.shape[n]!));
  return { ...declared, shape };
}

/** The instance with its body, and its result checked against what is declared. */
function bodied(of: DeclaredFunction, { formals, sizes: own }: Bound, context: Context): Instance {
  const { declaration } = of,
    body = context.checking.infer(declaration.body, context);
  const instance = { of, formals, sizes: own, body };
  if (declaration.kind === "kernel") return { ...instance, type: kernelType(declaration.name.text, body, context) };
  if (declaration.result === undefined || body.type.kind === "unknown") return { ...instance, type: body.type };
  const { annotation, shape } = annotationOf(declaration.result, context);
  const declared = shape && tensor(baseOf(declaration.result.base), shape),
    what = `the result of \`${declaration.name.text}\``;
  const right = declared && conform(body.type, declared, what, body.span, context);
  const type = right && body.type.kind === "tensor" ? asDeclared(body.type, merged(body.type, declared)) : unknown;
  return { ...instance, result: annotation, type };
}

function kernelType(name: string, { type, span }: Typed, context: Context): Type {
  if (type.kind === "tensor" && type.shape.length === 0 && type.base !== "bool") return type;
  if (type.kind !== "unknown")
    fault(context, "ADK0312", span, { what: `the kernel \`${name}\``, found: printType(type) });
  return unknown;
}

/** Checks a function that nothing calls, with what its signature says; arguments without a type are unknown. */
export function checkUncalled(of: DeclaredFunction, context: Context): void {
  const formals = formalsOf(of),
    { source } = of.file,
    { start } = of.declaration.name.span;
  const own = genericSizes(formals).map((name): Local => {
    const symbol = { id: `${source.name}@${start}:${name.text}`, kind: "dim", text: name.text } as const;
    return { name, role: "size", type: whole(atomSize(symbol)) };
  });
  const locals = formals.map((f) => argument(f, unknown)),
    inner = within(context, ...own, ...locals);
  const bound = formals.map((f, n) => {
    const local = locals[n]!;
    if (f.type === undefined) return { local };
    const { annotation, shape } = annotationOf(f.type, inner);
    if (shape) {
      const { name } = f,
        symbol = { id: `${name.span.source.name}@${name.span.start}`, kind: "opaque", text: name.text } as const;
      const single = f.type.base === "int" && shape.length === 0,
        value = single ? { value: atomSize(symbol) } : {};
      local.type = tensor(baseOf(f.type.base), shape, { constant: f.type.base === "int", ...value });
    }
    return { local, annotation };
  });
  context.checking.binders.push(...locals);
  context.checking.roots.push(bodied(of, { formals: bound, sizes: own, locals }, inner).body);
}
