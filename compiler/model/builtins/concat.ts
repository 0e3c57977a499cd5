/**
 * `concat(a, b, …)`: tensors one after the other along their first axis. Linear in all of them together.
 * An entry chooses its part; the parts that are not chosen read their entry 0.
 */
import { lit, map, type Expr, type Index } from "../../ir/expr.ts";
import { additive, commonBase, sameShape } from "../check/combine.ts";
import { fault } from "../check/context.ts";
import { fail } from "../lower/evaluation.ts";
import { numberAt, printValue, virtual, type TensorValue } from "../lower/value.ts";
import { addSizes } from "../types/size.ts";
import { commonBaseOf, isScalar, printType, tensor, unknown } from "../types/type.ts";
import { primitive } from "./builtin.ts";
import { lookedUp } from "./positions.ts";
import { ofRank } from "./rank.ts";

const operation = "`concat` (all axes but the first)";

/** The entry at an index of the whole, from the parts that are not empty. */
function entryOf(parts: readonly TensorValue[], length: number): (indices: readonly Index[]) => Expr {
  const starts = parts.map((_, n) => parts.slice(0, n).reduce((total, a) => total + a.shape[0]!, 0));
  const inside = (k: Index, n: number): Index => {
    const start = starts[n]!,
      end = start + parts[n]!.shape[0]!;
    return lookedUp(
      "part",
      k,
      Array.from({ length }, (_, p) => (p >= start && p < end ? p - start : 0)),
    );
  };
  return ([k, ...others]) =>
    parts
      .map((part, n) => part.entry([inside(k!, n), ...others]))
      .reduceRight((later, own, n) => map("where", map("lt", numberAt(k!), lit(starts[n + 1]!)), own, later));
}

export const concat = primitive({
  name: "concat",
  arguments: ["a", "…"],
  page: {
    group: "tensors",
    call: "concat(a, b, …)",
    gives: "along the first axis",
    example: "concat(∇u, x * u)[2]",
  },
  type: (args, { span, context }) => {
    const [first] = args;
    if (!first) return unknown;
    for (const part of args)
      if (isScalar(part.type))
        ofRank("concat", [], "tensors, joined along their first axis; `[…]` makes one of scalars", part, context);
    if (args.some((a) => isScalar(a.type))) return unknown;
    const rest = first.type.shape.slice(1),
      odd = args.find((a) => !sameShape(a.type.shape.slice(1), rest));
    if (odd) {
      fault(context, "ADK0301", span, { operation, left: printType(first.type), right: printType(odd.type) });
      return unknown;
    }
    const dependence = additive(args, "`concat`", span, context),
      length = addSizes(...args.map((a) => a.type.shape[0]!));
    return dependence ? tensor(commonBase(args), [length, ...rest], dependence) : unknown;
  },
  value: (args, { span, context }) => {
    const first = args[0]!,
      rest = first.shape.slice(1),
      odd = args.find((a) => a.shape.slice(1).join() !== rest.join());
    if (odd) return fail(context, "ADK0301", span, { operation, left: printValue(first), right: printValue(odd) });
    const parts = args.filter((a) => a.shape[0]! > 0),
      length = parts.reduce((total, a) => total + a.shape[0]!, 0);
    return virtual(commonBaseOf(args.map((a) => a.base)), [length, ...rest], entryOf(parts, length));
  },
});
