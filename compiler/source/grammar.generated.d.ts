// Written by `npm run generate` with grammar.generated.js. Do not edit.
import type { Declaration, Expression, Name } from "./ast.ts";
import type { Code, DataOf } from "./diagnostic.ts";
import type { Source, Span } from "./span.ts";

/** `model NAME`, wherever it stands; `parse` demands that it comes first. */
export interface ModelDeclaration { readonly kind: "model"; readonly name: Name; readonly span: Span }

export interface Expectation {
  readonly type: "literal" | "class" | "any" | "end" | "other";
  readonly text?: string;
  readonly description?: string;
}

export class SyntaxError extends globalThis.SyntaxError {
  readonly expected: readonly Expectation[] | null;
  readonly found: string | null;
  readonly location: { readonly start: { readonly offset: number }; readonly end: { readonly offset: number } };
}

export interface ParserOptions {
  readonly source: Source;
  /** Throws the diagnostic of a code over [start, end). */
  readonly fail: <C extends Code>(code: C, start: number, end: number, data: DataOf<C>) => never;
}

export function parse(
  text: string,
  options: ParserOptions & { readonly startRule?: "File" },
): (Declaration | ModelDeclaration)[];
export function parse(text: string, options: ParserOptions & { readonly startRule: "Fragment" }): Expression;
