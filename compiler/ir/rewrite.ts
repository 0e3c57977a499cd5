/**
 * Rebuilding expressions bottom-up, every node once. In: an expression, and rules for the kinds that a pass changes.
 * Out: the rebuilt expression. The rules that a pass doesn't give put the rebuilt parts together: into normal form
 * (`normalRules`), or as they stand (`plainRules`), where a choice made before must not be undone.
 */
import {
  at,
  bindAt,
  bindBuild,
  bindMap,
  bindSum,
  build,
  delta,
  isAxis,
  keepName,
  map,
  sum,
  type At,
  type Build,
  type Expr,
  type Index,
  type MapNode,
  type Sum,
} from "./expr.ts";

type Visit = (e: Expr) => Expr;
export interface Rules {
  map(e: MapNode, visit: Visit): Expr;
  at(e: At, visit: Visit): Expr;
  build(e: Build, visit: Visit): Expr;
  sum(e: Sum, visit: Visit): Expr;
}

const index = (i: Index, visit: Visit): Index => (isAxis(i) ? i : visit(i));

export const normalRules: Rules = {
  map: (e, visit) => map(e.op, ...e.args.map(visit)),
  at: (e, visit) =>
    at(
      visit(e.tensor),
      e.indices.map((i) => index(i, visit)),
    ),
  build: (e, visit) => keepName(e, build(e.axes, visit(e.body), e.stored)),
  sum: (e, visit) => sum(e.axes, visit(e.body)),
};

export const plainRules: Rules = {
  map: (e, visit) => bindMap(e.op, e.args.map(visit)),
  at: (e, visit) =>
    bindAt(
      visit(e.tensor),
      e.indices.map((i) => index(i, visit)),
    ),
  build: (e, visit) => keepName(e, bindBuild(e.axes, visit(e.body))),
  sum: (e, visit) => bindSum(e.axes, visit(e.body)),
};

export function rewrite(root: Expr, rules: Rules): Expr {
  const memo = new Map<Expr, Expr>();
  const rebuild = (e: Expr): Expr => {
    switch (e.kind) {
      case "lit":
      case "param":
      case "table":
        return e;
      case "delta":
        return delta(index(e.i, visit), index(e.j, visit));
      case "map":
        return rules.map(e, visit);
      case "at":
        return rules.at(e, visit);
      case "build":
        return rules.build(e, visit);
      case "sum":
        return rules.sum(e, visit);
    }
  };
  const visit = (e: Expr): Expr => {
    let made = memo.get(e);
    if (!made) memo.set(e, (made = rebuild(e)));
    return made;
  };
  return visit(root);
}
