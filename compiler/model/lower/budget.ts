/**
 * How much one lowering may lay out. In: what is evaluated, and what it makes. Out: nothing, or a diagnostic that names
 * the place that grows and the size that it would have.
 * Work is counted, never timed: the same text is refused everywhere, or nowhere.
 */
import { counters, children, type Expr } from "../../ir/expr.ts";
import type { Span } from "../../source/span.ts";
import { fail, type EvaluationContext } from "./evaluation.ts";

export interface Limits {
  /** Evaluations of single expressions. */
  readonly evaluations: number;
  /** Calls of the IR's constructors. */
  readonly nodes: number;
}

/** Twenty times what the largest known models need (PaiNN: 2515 evaluations, 6156 nodes; FCHL19: 902 and 2616). */
export const LIMITS: Limits = { evaluations: 50_000, nodes: 500_000 };

export class Budget {
  private evaluations = 0;
  /** The most rounds in one another that were met. */
  private rounds = 0;
  private readonly start = counters.constructed;
  private readonly limits: Limits;

  constructor(limits: Limits = LIMITS) {
    this.limits = limits;
  }

  /** Counts one evaluation. */
  spend(span: Span, context: EvaluationContext): void {
    const { unrolled } = context,
      { evaluations, nodes } = this.limits,
      made = counters.constructed - this.start;
    if (unrolled && unrolled.times > this.rounds) this.rounds = unrolled.times;
    if (++this.evaluations <= evaluations && made <= nodes) return;
    const tooOften = this.evaluations > evaluations,
      limit = tooOften ? evaluations : nodes,
      found = Math.max(this.rounds, tooOften ? this.evaluations : made);
    fail(context, "ADK0322", unrolled?.span ?? span, { what: "this", limit, found });
  }

  /** Refuses to lay a body out more often than nodes are left. */
  foresee(rounds: number, body: Expr, span: Span, context: EvaluationContext): void {
    const found = rounds * nodesIn(body);
    if (found > this.limits.nodes) fail(context, "ADK0322", span, { what: "this", limit: this.limits.nodes, found });
  }
}

/** How many different nodes an expression has. */
export function nodesIn(e: Expr, seen = new Set<Expr>()): number {
  if (seen.has(e)) return 0;
  seen.add(e);
  return children(e).reduce((n, c) => n + nodesIn(c, seen), 1);
}
