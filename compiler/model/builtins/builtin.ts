/**
 * What one entry of the language that is written in TypeScript says of itself: its arguments, its type, its meaning,
 * its page. In: nothing. Out: the type of an entry; `table.ts` lists them all, each from a file of its own.
 * What the language can express itself stands in compiler/std/*.adk instead.
 */
import type { Span } from "../../source/span.ts";
import type { TensorOperand } from "../check/combine.ts";
import type { Context } from "../check/context.ts";
import type { EvaluationContext } from "../lower/evaluation.ts";
import type { TensorValue } from "../lower/value.ts";
import type { Type } from "../types/type.ts";

/** Where a builtin is called, while types are found. */
export interface TypeSite {
  readonly span: Span;
  readonly context: Context;
}
/** The same while values are worked out. */
export interface ValueSite {
  readonly span: Span;
  readonly context: EvaluationContext;
}

/** The rows of the two tables of docs/language.md; `hidden` is for the standard library alone. */
export type Group = "entries" | "numbers" | "choice" | "tensors" | "operators" | "hidden";

/** What the page on the language says: the call as it is written, what it gives, and an expression with it. */
export interface Page {
  readonly group: Group;
  readonly call: string;
  readonly gives: string;
  /** A scalar expression at points real[2] with the coordinates x and the scalar latent u. */
  readonly example: string;
}

interface Named {
  readonly name: string;
  /** Names of the arguments, for calls by name and for messages; a last `…` says that more may follow. */
  readonly arguments: readonly string[];
  readonly page: Page;
}

/** A function of tensors. The number of arguments, and that they are tensors, has been checked when it is asked. */
export interface Primitive extends Named {
  readonly kind: "primitive";
  /** The result's type, or unknown after a report. */
  type(args: readonly TensorOperand[], site: TypeSite): Type;
  /** The value. Shapes are numbers here: what checking left open is refused by a DiagnosticError. */
  value(args: readonly TensorValue[], site: ValueSite): TensorValue;
}

/** A name for one of several definitions of the standard library, chosen by types. */
export interface Choice extends Named {
  readonly kind: "choice";
  /** The definition's name, or undefined after a report. */
  definition(args: readonly TensorOperand[], site: TypeSite): string | undefined;
}

export type Builtin = Primitive | Choice;

export const primitive = (entry: Omit<Primitive, "kind">): Primitive => ({ kind: "primitive", ...entry });
