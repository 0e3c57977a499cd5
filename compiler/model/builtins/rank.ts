/** Numbers of axes that builtins ask for. In: an operand. Out: whether it has them, and a report where it hasn't. */
import type { TensorOperand } from "../check/combine.ts";
import { fault, type Context } from "../check/context.ts";
import { printType } from "../types/type.ts";

/** Complains unless the argument has as many axes as the function needs. */
export function ofRank(
  operator: string,
  ranks: readonly number[],
  expected: string,
  x: TensorOperand,
  context: Context,
): boolean {
  if (ranks.includes(x.type.shape.length)) return true;
  fault(context, "ADK0313", x.span, { operator, expected, found: printType(x.type) });
  return false;
}
