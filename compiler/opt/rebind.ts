/**
 * Binders rebuilt by passes. In: a binder and what became of its body. Out: the binder with that body, the very node
 * where nothing changed: binding again costs a renaming of the whole body.
 */
import { bindBuild, bindSum, keepName, type Build, type Expr, type Sum } from "../ir/expr.ts";

export function rebound(e: Sum | Build, body: Expr): Expr {
  if (body === e.body) return e;
  return e.kind === "sum" ? bindSum(e.axes, body) : keepName(e, bindBuild(e.axes, body));
}
