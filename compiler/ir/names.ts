/**
 * Names of nodes, for readers of generated code. In: nodes, hints. Out: names, for as long as a compilation lasts.
 */
import type { Expr } from "./node.ts";

/** Names that nodes have while something is compiled; there are none outside. */
let names: Map<Expr, string> | undefined;
/**
 * Names of nodes belong to one compilation: what `work` names is forgotten after it, and it knows no name given before
 * but those `known`. Nodes are shared by everything that is ever compiled, so names that outlived it would depend on
 * what came before.
 */
export function withNames<T>(
  work: (names: ReadonlyMap<Expr, string>) => T,
  known: Iterable<readonly [Expr, string]> = [],
): T {
  const outer = names;
  names = new Map(known);
  try {
    return work(names);
  } finally {
    names = outer;
  }
}
/** Gives a node a name for readers of generated code; the first name stays. */
export function named(e: Expr, hint: string): Expr {
  if (names !== undefined && !names.has(e)) names.set(e, hint);
  return e;
}
export const nameOf = (e: Expr): string | undefined => names?.get(e);
/** Passes the name of a node on to what a pass made of it. */
export function keepName(from: Expr, to: Expr): Expr {
  const name = nameOf(from);
  return name === undefined ? to : named(to, name);
}
