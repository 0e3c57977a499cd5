/**
 * Arguments of a call. In: the function's own arguments, and what is given by place and by name. Out: what stands for
 * which; the only place where the two are matched.
 */
import type { Name } from "../../source/ast.ts";
import type { Span } from "../../source/span.ts";
import type { Typed } from "../tree.ts";
import { fault, type Context } from "./context.ts";

/** An argument as it was given. */
export interface Actual {
  readonly value: Typed;
  readonly name?: Name;
}

export interface Assigned {
  readonly name: string;
  /** It may be left out. */
  readonly optional: boolean;
}

const count = (n: number): string => (n === 0 ? "no arguments" : n === 1 ? "one argument" : `${n} arguments`);

/**
 * The given argument for each of the function's own, in their order; undefined for those left out, and in place of all
 * after a report.
 */
export function assign(
  formals: readonly Assigned[],
  actuals: readonly Actual[],
  callee: string,
  signature: string,
  span: Span,
  context: Context,
): readonly (Typed | undefined)[] | undefined {
  const given = new Map<string, Typed>();
  const complain = (place: Span, problem: string): undefined => {
    fault(context, "ADK0303", place, { callee, problem, signature });
    return undefined;
  };
  let named: Name | undefined;
  for (const [n, { name, value }] of actuals.entries()) {
    if (name === undefined && named)
      return complain(value.span, `has an argument by place after \`${named.text} = …\``);
    named = name ?? named;
    const formal = name === undefined ? formals[n] : formals.find((f) => f.name === name.text);
    const place = name?.span ?? value.span;
    if (!formal)
      return complain(
        place,
        name ? `has no argument \`${name.text}\`` : `takes ${count(formals.length)}, not ${actuals.length}`,
      );
    if (given.has(formal.name)) return complain(place, `is given \`${formal.name}\` twice`);
    given.set(formal.name, value);
  }
  const missing = formals.filter((f) => !given.has(f.name) && !f.optional);
  if (missing.length > 0) return complain(span, `lacks ${missing.map((f) => `\`${f.name}\``).join(" and ")}`);
  return formals.map((f) => given.get(f.name));
}
