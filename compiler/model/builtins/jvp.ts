/** `jvp(F, v)`: Σ vᵢ ∂F/∂xᵢ, the derivative along v, which is not differentiated itself. */
import { multiplicative, numbersOnly } from "../check/combine.ts";
import { fromExpr, written } from "../lower/value.ts";
import { mergeOrders, tensor, unknown } from "../types/type.ts";
import { primitive } from "./builtin.ts";
import { derived, differentiationAt, hasShape, pointType } from "./differentiation.ts";

export const jvp = primitive({
  name: "jvp",
  arguments: ["F", "v"],
  page: { group: "operators", call: "jvp(F, v)", gives: "Σ vᵢ ∂F/∂xᵢ; v is not differentiated", example: "jvp(u, x)" },
  type: (args, site) => {
    const { context, span } = site;
    const numbers = numbersOnly(args, "`jvp`", context),
      [F, v] = numbers ?? [],
      point = pointType("jvp", site);
    if (!numbers || !F || !v || !point || !hasShape("jvp", "v", v, point.shape, context)) return unknown;
    const dependence = multiplicative(numbers, "`jvp`", span, context),
      orders = mergeOrders([derived(F.type, []), v.type]);
    return dependence ? tensor("real", F.type.shape, { ...dependence, orders, constant: false }) : unknown;
  },
  value: ([F, v], site) => fromExpr("real", differentiationAt(site).along(written(F!), written(v!))),
});
