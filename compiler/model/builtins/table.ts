/**
 * Everything that is built in, by name. In: the entries, one file each (scalar functions share a file by their kind).
 * Out: the table, and which names the standard library keeps to itself.
 */
import { at } from "./at.ts";
import type { Builtin } from "./builtin.ts";
import { concat } from "./concat.ts";
import { curl } from "./curl.ts";
import { d } from "./d.ts";
import { div } from "./div.ts";
import { dot } from "./dot.ts";
import { elementwiseFunctions } from "./elementwise.ts";
import { eye } from "./eye.ts";
import { flatten } from "./flatten.ts";
import { jac } from "./jac.ts";
import { jvp } from "./jvp.ts";
import { matern } from "./matern.ts";
import { norm } from "./norm.ts";
import { functionsOfTwoNumbers } from "./of_two_numbers.ts";
import { outer } from "./outer.ts";
import { trace } from "./trace.ts";
import { transpose } from "./transpose.ts";
import { vjp } from "./vjp.ts";
import { where } from "./where.ts";

const all: readonly Builtin[] = [
  ...elementwiseFunctions,
  ...functionsOfTwoNumbers,
  ...[where, dot, norm, outer, transpose, trace, flatten, concat, eye],
  ...[jac, d, div, curl, jvp, vjp, at],
  matern,
];

export const builtins: ReadonlyMap<string, Builtin> = new Map(all.map((b) => [b.name, b]));

/** Names of the standard library that specs do not see. */
export const standardOnly: ReadonlySet<string> = new Set([
  ...all.filter((b) => b.page.group === "hidden").map((b) => b.name),
  ...["curl_of_potential", "curl_in_plane", "curl_in_space"],
]);
