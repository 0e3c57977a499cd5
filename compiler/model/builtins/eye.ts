/** `eye(n)`: the unit matrix. In: a whole number that is known when compiling. Out: real[n, n]. */
import { delta } from "../../ir/expr.ts";
import { fault } from "../check/context.ts";
import { virtual } from "../lower/value.ts";
import { printType, tensor, unknown } from "../types/type.ts";
import { primitive } from "./builtin.ts";

export const eye = primitive({
  name: "eye",
  arguments: ["n"],
  page: { group: "tensors", call: "eye(n)", gives: "the unit matrix", example: "eye(2)[0, 0] * u" },
  type: ([n], { context }) => {
    if (!n) return unknown;
    const { value, base, constant } = n.type;
    if (value !== undefined && base === "int") return tensor("real", [value, value], { constant: true });
    fault(context, "ADK0310", n.span, {
      found: printType(n.type) + (constant ? "" : " that is not known when compiling"),
    });
    return unknown;
  },
  value: ([n]) => {
    const size = n!.entry([]),
      extent = size.kind === "lit" ? size.value : 0;
    return virtual("real", [extent, extent], ([i, j]) => delta(i!, j!));
  },
});
