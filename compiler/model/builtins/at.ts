/** `at(L, p)`: L at the point p, coefficients and all. Everything that depends on the point moves. */
import { fault } from "../check/context.ts";
import { fromExpr, scalar, written } from "../lower/value.ts";
import { tensor, unknown } from "../types/type.ts";
import { primitive } from "./builtin.ts";
import { differentiationAt, hasShape, pointType } from "./differentiation.ts";

export const at = primitive({
  name: "at",
  arguments: ["L", "p"],
  page: {
    group: "operators",
    call: "at(L, p)",
    gives: "L at the point p, coefficients and all; a derivative outside follows the chain rule",
    example: "at(u, [0, x[1]])",
  },
  type: ([L, p], site) => {
    const { context } = site,
      point = pointType("at", site);
    if (!L || !p || !point) return unknown;
    if (p.type.degree === "linear") {
      fault(context, "ADK0407", p.span, { operation: "the point of `at`" });
      return unknown;
    }
    if (!hasShape("at", "p", p, point.shape, context)) return unknown;
    const { base, shape, degree, orders } = L.type;
    return tensor(base, shape, { degree, orders });
  },
  value: ([L, p], site) => {
    const moved = differentiationAt(site).moved(written(L!), written(p!));
    return L!.shape.length === 0 ? scalar(L!.base, moved) : fromExpr(L!.base, moved);
  },
});
