/**
 * The passes over expressions. In: tensors as operators left them. Out: staged tensors, ready to be laid out in loops.
 * The lists are the order: choices of contraction first, on terms in normal form; spelling last, on terms as they
 * stand.
 */
import { nodeCount } from "../ir/cost.ts";
import type { Expr } from "../ir/expr.ts";
import { print } from "../ir/print.ts";
import { collect } from "./collect.ts";
import { contract } from "./contract.ts";
import { hoistInvariants } from "./hoist.ts";
import { blockProducts } from "./multiply.ts";
import { expandPowers, expandSpecial } from "./special.ts";
import { stage, type Sides, type Staged } from "./stage.ts";
import { tabulateSums } from "./tabulate.ts";
import { through, type PassListener, type Pass } from "./trace.ts";

/** Before staging. */
export const algebraicPasses: readonly Pass<Expr>[] = [
  { name: "contract", because: "sums of products nest in the cheapest order", run: contract },
  { name: "collect", because: "common factors leave sums, and sums over like ranges become one", run: collect },
  {
    name: "special",
    because: "instances of one primitive share what their expansions have in common",
    run: expandSpecial,
  },
];

/** After staging. */
export const layoutPasses: readonly Pass<Expr>[] = [
  { name: "tabulate", because: "a sum over points or a scatter fills an array in one pass", run: tabulateSums },
  { name: "hoist", because: "what an outer loop would repeat is read from a table", run: hoistInvariants },
  { name: "multiply", because: "products of all pairs of rows are one matrix product", run: blockProducts },
  { name: "powers", because: "powers are squares, roots and reciprocals", run: expandPowers },
];

/** The passes of a program: algebra, staging, layout. `listen` hears what each did. */
export function optimise(results: readonly Expr[], sides: Sides, prefix: string, listen?: PassListener): Staged {
  const pass = (passes: readonly Pass<Expr>[], e: Expr, subject: string): Expr =>
    through(passes, e, listen && { listen, subject, unit: "nodes", size: nodeCount });
  const result = (n: number): string => (results.length === 1 ? "the result" : `result ${n + 1}`),
    algebraic = results.map((e, n) => pass(algebraicPasses, e, result(n))),
    staged = stage(algebraic, sides, prefix);
  listen?.({
    pass: "stage",
    because: "what training points alone determine is worked out once per model",
    subject: "all results",
    unit: "nodes",
    before: nodeCount(...algebraic),
    after: nodeCount(...staged.results, ...staged.perModel.map((t) => t.tensor)),
  });
  return {
    perModel: staged.perModel.map((t) => ({ ...t, tensor: pass(layoutPasses, t.tensor, print(t.param)) })),
    results: staged.results.map((e, n) => pass(layoutPasses, e, result(n))),
  };
}
