/** `transpose(A)`: a matrix with its two axes exchanged. */
import { virtual } from "../lower/value.ts";
import { tensor, unknown } from "../types/type.ts";
import { primitive } from "./builtin.ts";
import { ofRank } from "./rank.ts";

export const transpose = primitive({
  name: "transpose",
  arguments: ["A"],
  page: { group: "tensors", call: "transpose(A)", gives: "of a matrix", example: "transpose(outer(x, ∇u))[1, 0]" },
  type: ([a], { context }) => {
    if (!a || !ofRank("transpose", [2], "a matrix", a, context)) return unknown;
    const { base, shape, degree, orders, constant } = a.type;
    return tensor(base, [...shape].reverse(), { degree, orders, constant });
  },
  value: ([a]) => virtual(a!.base, [...a!.shape].reverse(), ([i, j]) => a!.entry([j!, i!])),
});
