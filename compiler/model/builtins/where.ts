/**
 * `where(condition, a, b)`: a choice, entry by entry. In: a condition and two arms. Out: the chosen entries.
 * Linear in the arms; what isn't chosen influences nothing, so each arm's indices need to be in range only where it is.
 */
import { map } from "../../ir/expr.ts";
import { additive, commonBase, commonShape } from "../check/combine.ts";
import { fault } from "../check/context.ts";
import { elementwise } from "../lower/arithmetic.ts";
import { commonBaseOf, printType, tensor, unknown } from "../types/type.ts";
import { primitive } from "./builtin.ts";

export const where = primitive({
  name: "where",
  arguments: ["condition", "a", "b"],
  page: {
    group: "choice",
    call: "where(condition, a, b)",
    gives: "entry by entry",
    example: "where(x[0] > 0, x[0], 0) * u",
  },
  type: (args, { span, context }) => {
    const [condition, ...arms] = args;
    if (!condition) return unknown;
    if (condition.type.base !== "bool") {
      fault(context, "ADK0309", condition.span, {
        operation: "the condition of `where`",
        expected: "a condition, such as `r < rc`",
        found: printType(condition.type),
      });
      return unknown;
    }
    const shape = commonShape(args, "`where`", span, context),
      dependence = shape && additive(arms, "`where`", span, context);
    if (arms.filter((a) => a.type.base === "bool").length === 1) {
      fault(context, "ADK0311", arms[1]!.span, {
        what: "this arm of `where`",
        expected: printType(arms[0]!.type),
        found: printType(arms[1]!.type),
      });
      return unknown;
    }
    const constant = dependence?.constant === true && condition.type.constant;
    return dependence ? tensor(commonBase(arms), shape, { ...dependence, constant }) : unknown;
  },
  value: (args, site) =>
    elementwise(
      commonBaseOf(args.slice(1).map((a) => a.base)),
      args,
      (c, a, b) => map("where", c!, a!, b!),
      "`where`",
      site,
    ),
});
