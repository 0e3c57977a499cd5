/** `vjp(F, w)`: Σ wₖ ∂Fₖ/∂x, one reverse sweep; the weights are not differentiated. */
import { multiplicative, numbersOnly } from "../check/combine.ts";
import { fromExpr, written } from "../lower/value.ts";
import { mergeOrders, tensor, unknown } from "../types/type.ts";
import { primitive } from "./builtin.ts";
import { derived, differentiationAt, hasShape, pointType } from "./differentiation.ts";

export const vjp = primitive({
  name: "vjp",
  arguments: ["F", "w"],
  page: {
    group: "operators",
    call: "vjp(F, w)",
    gives: "Σ wₖ ∂Fₖ/∂x; w is not differentiated",
    example: "vjp(x * u, x)[0]",
  },
  type: (args, site) => {
    const { context, span } = site;
    const numbers = numbersOnly(args, "`vjp`", context),
      [F, w] = numbers ?? [],
      point = pointType("vjp", site);
    if (!numbers || !F || !w || !point || !hasShape("vjp", "w", w, F.type.shape, context)) return unknown;
    const linear = multiplicative(numbers, "`vjp`", span, context),
      orders = mergeOrders([derived(F.type, []), w.type]);
    return linear ? tensor("real", point.shape, { ...linear, orders, constant: false }) : unknown;
  },
  value: ([F, w], site) => fromExpr("real", differentiationAt(site).weighted(written(F!), written(w!))),
});
