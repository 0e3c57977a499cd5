/**
 * `flatten(x)`: all entries in row-major order; the position along each axis is a table of the position in the list.
 */
import { virtual } from "../lower/value.ts";
import { productOf } from "../types/size.ts";
import { tensor, unknown } from "../types/type.ts";
import { primitive } from "./builtin.ts";
import { lookedUp } from "./positions.ts";

export const flatten = primitive({
  name: "flatten",
  arguments: ["x"],
  page: { group: "tensors", call: "flatten(x)", gives: "row-major", example: "flatten(∇²u)[1]" },
  type: ([x]) => {
    if (!x) return unknown;
    const { base, shape, degree, orders, constant } = x.type;
    return tensor(base, [productOf(shape)], { degree, orders, constant });
  },
  value: ([x]) => {
    const { base, shape } = x!,
      length = shape.reduce((a, b) => a * b, 1);
    if (shape.length === 1) return x!;
    const strides = shape.map((_, n) => shape.slice(n + 1).reduce((a, b) => a * b, 1));
    const positions = shape.map((extent, n) => Array.from({ length }, (_, k) => Math.floor(k / strides[n]!) % extent));
    return virtual(base, [length], ([k]) => x!.entry(positions.map((p) => lookedUp("position", k!, p))));
  },
});
