/**
 * The passes over expressions. In: tensors as operators left them. Out: staged tensors, ready to be laid out in loops.
 * The lists are the order: choices of contraction first, on terms in normal form; spelling last, on terms as they
 * stand.
 */
import type { Expr } from "../ir/expr.ts";
import { collect } from "./collect.ts";
import { contract } from "./contract.ts";
import { hoistInvariants } from "./hoist.ts";
import { blockProducts } from "./multiply.ts";
import { expandPowers, expandSpecial } from "./special.ts";
import { stage, type Sides, type Staged } from "./stage.ts";
import { tabulateSums } from "./tabulate.ts";

export interface Pass {
  readonly name: string;
  readonly because: string;
  run(e: Expr): Expr;
}

/** Before staging. */
export const algebraicPasses: readonly Pass[] = [
  { name: "contract", because: "sums of products nest in the cheapest order", run: contract },
  { name: "collect", because: "common factors leave sums, and sums over like ranges become one", run: collect },
  { name: "special", because: "all orders of one Matérn distance share a root and an exponential", run: expandSpecial },
];

/** After staging. */
export const layoutPasses: readonly Pass[] = [
  { name: "tabulate", because: "a sum over points or a scatter fills an array in one pass", run: tabulateSums },
  { name: "hoist", because: "what an outer loop would repeat is read from a table", run: hoistInvariants },
  { name: "multiply", because: "products of all pairs of rows are one matrix product", run: blockProducts },
  { name: "powers", because: "powers are squares, roots and reciprocals", run: expandPowers },
];

const through = (passes: readonly Pass[], e: Expr): Expr => passes.reduce((x, pass) => pass.run(x), e);

/** The passes of a program: algebra, staging, layout. */
export function optimise(results: readonly Expr[], sides: Sides, prefix: string): Staged {
  const staged = stage(
    results.map((e) => through(algebraicPasses, e)),
    sides,
    prefix,
  );
  return {
    perModel: staged.perModel.map((t) => ({ ...t, tensor: through(layoutPasses, t.tensor) })),
    results: staged.results.map((e) => through(layoutPasses, e)),
  };
}
