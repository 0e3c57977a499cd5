/**
 * What an expression is checked in: its file, its local names, what it may see, and how it was reached.
 * In: declarations and calls. Out: contexts for `infer`, and the lookup of local names.
 * Contexts are values; entering a scope makes a new one.
 */
import type { Expression, Name } from "../../source/ast.ts";
import type { Code, DataOf } from "../../source/diagnostic.ts";
import { positionOf, type Span } from "../../source/span.ts";
import type { CallSite, Report } from "../../source/report.ts";
import type { DeclaredValue } from "../model.ts";
import type { DeclaredName, FileScope } from "../names/scope.ts";
import type { Instance, Local, Typed } from "../tree.ts";
import type { TensorType } from "../types/type.ts";

/** What a place of the specification may speak of besides constants and parameters. */
export interface Sees {
  /** For messages: `a kernel`, `the noise of an observation`. */
  readonly place: string;
  readonly input: boolean;
  readonly latents: boolean;
  readonly parameters: boolean;
}

export interface Locals {
  readonly names: ReadonlyMap<string, Local>;
  readonly outer?: Locals | undefined;
}

/** What all contexts of one check share; the recursions among the kinds of expression go through here. */
export interface Checking {
  infer(e: Expression, context: Context): Typed;
  readonly report: Report;
  /** The file of the model; a library that is checked alone is its own. */
  readonly file: FileScope;
  readonly standard: readonly FileScope[];
  /** Numbers given for dims and whole constants. */
  readonly bound: ReadonlyMap<string, number>;
  /** The type of the input point; absent where the model declares none. */
  point?: TensorType;
  /** Values of declarations, as far as they are known. */
  readonly values: Map<DeclaredName, DeclaredValue>;
  /** Functions by the types of their arguments and what they see. */
  readonly instances: Map<string, Instance>;
  /** Functions that some call has checked. */
  readonly called: Set<object>;
  /** Every expression that no other holds, for whoever asks what stands at a place. */
  readonly roots: Typed[];
  /** Arguments of functions and observations, for the same. */
  readonly binders: Local[];
  /** Declarations that refer to themselves. */
  readonly cyclic: Set<object>;
}

export interface Context {
  readonly checking: Checking;
  readonly file: FileScope;
  readonly locals: Locals | undefined;
  readonly sees: Sees;
  readonly call?: CallSite;
  readonly depth: number;
  /** Every value that loop variables take here is evaluated: no condition, no arm of a `where` around it. */
  readonly certain: boolean;
}

export function fault<C extends Code>(context: Context, code: C, span: Span, about: DataOf<C>): void {
  context.checking.report.add(code, span, about, context.call);
}

export function findLocal(locals: Locals | undefined, name: string): Local | undefined {
  for (let scope = locals; scope !== undefined; scope = scope.outer) {
    const local = scope.names.get(name);
    if (local !== undefined) return local;
  }
  return undefined;
}

export function localNames(locals: Locals | undefined): string[] {
  const found: string[] = [];
  for (let scope = locals; scope !== undefined; scope = scope.outer) found.push(...scope.names.keys());
  return found;
}

/** A context with one more scope. */
export function within(context: Context, ...locals: readonly Local[]): Context {
  return { ...context, locals: { names: new Map(locals.map((l) => [l.name.text, l])), outer: context.locals } };
}

/** Reports every name that stands twice in one scope. */
export function refuseTwice(context: Context, names: readonly Name[]): void {
  const first = new Map<string, Name>();
  for (const name of names) {
    const known = first.get(name.text);
    if (known === undefined) first.set(name.text, name);
    else
      fault(context, "ADK0202", name.span, {
        name: name.text,
        line: positionOf(known.span.source, known.span.start).line,
      });
  }
}
