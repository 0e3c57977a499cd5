/**
 * What an expression is evaluated in: local values, the site of a quantity, and the conditions known to hold.
 * In: the program and its calls. Out: contexts for `evaluate`, and errors with their place.
 * Lowering meets only what sizes and constants decide; the first such error ends it.
 */
import type { Expression } from "../../source/ast.ts";
import { DiagnosticError, type Code, type DataOf } from "../../source/diagnostic.ts";
import type { Span } from "../../source/span.ts";
import type { Expr } from "../../ir/expr.ts";
import { placed, type CallSite } from "../../source/report.ts";
import type { Entry, FileScope } from "../names/scope.ts";
import type { Callable } from "../types/type.ts";
import type { TensorValue, Value } from "./value.ts";

/** The point and what is known there. */
export interface Place {
  readonly point?: Expr;
  readonly latents?: ReadonlyMap<string, Expr>;
}

export interface Given {
  readonly value: Value;
  readonly span: Span;
  readonly name?: string;
}

/** What all evaluations of one lowering share. */
export interface Program {
  readonly standard: readonly FileScope[];
  /** The input's shape, and its coordinates if they have names. */
  readonly coordinates: readonly string[] | undefined;
  evaluate(e: Expression, context: EvaluationContext): Value;
  invoke(callable: Callable, given: readonly Given[], span: Span, context: EvaluationContext): Value;
  /** Values over loop variables that were worked out, by their tensor. */
  readonly tables: Map<Expr, Float64Array>;
  /** The value of a dim, constant or parameter. */
  declared(entry: Entry, span: Span): Value;
}

export interface EvaluationContext {
  readonly program: Program;
  readonly file: FileScope;
  readonly locals: ReadonlyMap<string, Value>;
  readonly place: Place;
  /** Conditions, known when compiling, under which this is evaluated at all. */
  readonly guards: readonly Expr[];
  /** Results of calls at this place. */
  readonly calls: Map<string, Value>;
  readonly call?: CallSite;
}

export function fail<C extends Code>(
  context: Pick<EvaluationContext, "call">,
  code: C,
  span: Span,
  about: DataOf<C>,
): never {
  throw new DiagnosticError([placed(code, span, about, context.call)]);
}

export const withLocal = (context: EvaluationContext, name: string, value: Value): EvaluationContext => ({
  ...context,
  locals: new Map([...context.locals, [name, value]]),
});

export const guarded = (context: EvaluationContext, condition: Expr): EvaluationContext => ({
  ...context,
  guards: [...context.guards, condition],
});

/** The value as a tensor; checked specs have functions only where functions are taken. */
export function tensorOf(value: Value, span: Span, context: EvaluationContext): TensorValue {
  if (value.kind === "tensor") return value;
  return fail(context, "ADK0317", span, { found: "a function", where: "this" });
}

export const evaluateTensor = (e: Expression, context: EvaluationContext): TensorValue =>
  tensorOf(context.program.evaluate(e, context), e.span, context);

/** A whole number that is known: a size, or the length of a loop. */
export function wholeNumber(e: Expression, context: EvaluationContext): number {
  const { shape, whole } = evaluateTensor(e, context);
  const n = shape.length === 0 && whole?.kind === "lit" ? whole.value : undefined;
  if (n !== undefined && Number.isInteger(n) && n >= 0) return n;
  return fail(context, "ADK0310", e.span, {
    found: n === undefined ? "something that is not known when compiling" : String(n),
  });
}
