/**
 * A quantity whose expressions have no end in sight. In: its label, how many nodes are allowed and how many there would
 * be. Out: the diagnostic, at the quantity's operator. For every stage that counts what it makes.
 */
import { diagnose, type Diagnostic } from "../../source/diagnostic.ts";
import type { Lowered } from "../lower/lowered.ts";
import { originOf } from "../lower/origin.ts";

/**
 * ADK0322 for a label. `of`: what grows, for people, such as "the covariance". Throws RangeError for an unknown label.
 */
export function tooLarge(lowered: Lowered, label: string, of: string, limit: number, found: number): Diagnostic {
  const quantity = originOf(lowered).quantities.get(label);
  if (!quantity) throw new RangeError(`no quantity is called ${JSON.stringify(label)}`);
  return diagnose("ADK0322", quantity.operator.span, { what: `${of} of \`${label}\``, limit, found });
}
