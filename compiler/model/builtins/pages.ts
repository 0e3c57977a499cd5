/**
 * The tables of functions and operators in docs/language.md. In: the entries' own pages, and what the library defines.
 * Out: Markdown, which `npm run generate` puts into the page.
 */
import type { Group } from "./builtin.ts";
import { builtins } from "./table.ts";

type Row = readonly [string, string];

/** What the language has beside the table of builtins: signs, and definitions of std/*.adk. */
const further: Readonly<Record<"functions" | "first" | "last", readonly Row[]>> = {
  functions: [
    ["`A @ B`", "Σ over the last axis of A and the first of B"],
    ["`pi`", "3.14159…"],
  ],
  first: [
    ["`∇u`, `grad(u)`", "all first derivatives, as `jac(u)`"],
    ["`∇²u`, `hess(u)`", "all second derivatives"],
    ["`Δu`, `laplacian(u)`", "Σ ∂²/∂xᵢ², of every component"],
  ],
  last: [["`hvp(u, v)`", "∇²u v; v is not differentiated"]],
};

const rowsOf = (group: Group): Row[] =>
  [...builtins.values()].filter((b) => b.page.group === group).map(({ page }) => [`\`${page.call}\``, page.gives]);

const headed = (title: string, group: Group): Row[] => [[`*${title}*`, ""], ...rowsOf(group)];

const table = (rows: readonly Row[]): string =>
  ["| | |", "|---|---|", ...rows.map(([left, right]) => `| ${left} | ${right}${right === "" ? "" : " "}|`)].join("\n");

/** Both tables, by the name that the page marks them with. */
export const tables: Readonly<Record<"functions" | "operators", string>> = {
  functions: table([
    ...headed("of every entry", "entries"),
    ...headed("of two numbers or tensors, entry by entry", "numbers"),
    ...headed("choice", "choice"),
    ...headed("tensors", "tensors"),
    ...further.functions,
  ]),
  operators: table([...further.first, ...rowsOf("operators"), ...further.last]),
};
