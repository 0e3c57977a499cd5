/**
 * What an expression is evaluated in: local values, the point of a quantity, and the conditions known to hold.
 * In: the lowering and its calls. Out: contexts for `evaluate`, and errors with their place.
 * Lowering meets only what sizes and constants decide; the first such error ends it.
 */
import { DiagnosticError, type Code, type DataOf } from "../../source/diagnostic.ts";
import { placed, type CallSite } from "../../source/report.ts";
import type { Span } from "../../source/span.ts";
import type { Expr } from "../../ir/expr.ts";
import type { DeclaredName } from "../names/scope.ts";
import type { Local, Typed } from "../tree.ts";
import type { Budget } from "./budget.ts";
import type { Differentiation } from "./differentiation.ts";
import type { TensorValue } from "./value.ts";

/** The point, and what is known there. */
export interface Surroundings {
  /** The point, and how derivatives by it are taken; absent where there is no point. */
  readonly differentiation?: Differentiation;
  readonly latents?: ReadonlyMap<string, Expr>;
}

/** What all evaluations of one lowering share. */
export interface Evaluator {
  evaluate(e: Typed, context: EvaluationContext): TensorValue;
  /** Values over loop variables that were worked out, by their tensor. */
  readonly tables: Map<Expr, Float64Array>;
  readonly budget: Budget;
  /** The value of a dim, constant or parameter. */
  declared(name: DeclaredName): TensorValue;
}

export interface EvaluationContext {
  readonly evaluator: Evaluator;
  readonly locals: ReadonlyMap<Local, TensorValue>;
  readonly place: Surroundings;
  /** Conditions, known when compiling, under which this is evaluated at all. */
  readonly guards: readonly Expr[];
  /** Results of calls at this place. */
  readonly calls: Map<string, TensorValue>;
  readonly call?: CallSite;
  /** The outermost loop around that is laid out round by round, and how often this is evaluated in it. */
  readonly unrolled?: { readonly span: Span; readonly times: number };
}

/** A context outside of any function. */
export const outermost = (evaluator: Evaluator, place: Surroundings = {}): EvaluationContext => ({
  evaluator,
  locals: new Map(),
  place,
  guards: [],
  calls: new Map(),
});

export function fail<C extends Code>(
  context: Pick<EvaluationContext, "call">,
  code: C,
  span: Span,
  about: DataOf<C>,
): never {
  throw new DiagnosticError([placed(code, span, about, context.call)]);
}

export const withLocal = (context: EvaluationContext, local: Local, value: TensorValue): EvaluationContext => ({
  ...context,
  locals: new Map([...context.locals, [local, value]]),
});

export const guarded = (context: EvaluationContext, condition: Expr): EvaluationContext => ({
  ...context,
  guards: [...context.guards, condition],
});

/** A whole number that is known: a size, or the length of a loop. */
export function wholeNumber(e: Typed, context: EvaluationContext): number {
  const { shape, whole } = context.evaluator.evaluate(e, context);
  const n = shape.length === 0 && whole?.kind === "lit" ? whole.value : undefined;
  if (n !== undefined && Number.isInteger(n) && n >= 0) return n;
  return fail(context, "ADK0310", e.span, {
    found: n === undefined ? "something that is not known when compiling" : String(n),
  });
}
