/**
 * Mends for common slips that have no code of their own. In: the place of a syntax error. Out: a hint, if one fits.
 * A table of conditions and sentences; the first whose condition holds is taken.
 */
import type { Place } from "./place.ts";

interface Hint {
  readonly when: (place: Place) => boolean;
  readonly text: string;
}

const after = ({ previous }: Place, ...texts: readonly string[]): boolean =>
  previous !== undefined && texts.includes(previous.text);
const calculus = ["∇", "∇²", "Δ", "∆"];

const table: readonly Hint[] = [
  { when: (p) => after(p, ",") && /^[)\]}]$/.test(p.found.text), text: "remove the `,` before it" },
  { when: (p) => after(p, "*") && p.found.text === "*", text: "powers are written with `^`" },
  { when: (p) => after(p, "=") && /^[<>]$/.test(p.found.text), text: `comparisons are written \`<=\` and \`>=\`` },
  {
    when: (p) => after(p, ...calculus) && p.found.text === "^",
    text: "second derivatives are `∇²u` (the Hessian) and `Δu` (the Laplacian)",
  },
  {
    when: (p) => after(p, ...calculus) && p.found.text === "-",
    text: "`∇` and `Δ` bind tighter than `-`: write `-∇u`, or `∇(-u)`",
  },
  {
    when: (p) => after(p, "^") && calculus.includes(p.found.text),
    text: "an exponent with a derivative takes brackets: `2^(Δf)`",
  },
  {
    when: (p) => p.found.text === "fold",
    text: "`fold` binds loosest; inside an expression it takes brackets: `1 + (fold(h = a for t in T) f(h))`",
  },
  {
    when: (p) => p.found.text === "not",
    text: "`not` binds looser than comparisons and arithmetic; write it in brackets: `a == (not b)`",
  },
  {
    when: (p) => p.found.text === "if",
    text: "a choice is written `where(condition, a, b)`; `if` belongs to `for`: `[e for i in N if i < j]`",
  },
  { when: (p) => p.found.text === ";", text: "`;` ends a `let`; declarations end by themselves" },
  {
    when: (p) => p.expected.has("`~`") && p.found.text === "=",
    text: "a latent function is declared with `~`: `u ~ GP(k)`",
  },
  {
    when: (p) => p.expected.has("`~`") && p.found.text === "GP",
    text: "a latent function is declared with `~`: `u ~ GP(k)`",
  },
  {
    when: (p) => p.first?.kind === "name" && p.found.text === "(" && p.open !== undefined,
    text: "`GP` takes the name of a `kernel`; declare one and name it here",
  },
  {
    when: (p) => p.first?.text === "kernel" && p.found.text === ":",
    text: "the two points of a kernel have the input's type; it is not repeated",
  },
  {
    when: (p) => p.first?.text === "kernel" && p.found.text === ")" && p.expected.has("`,`"),
    text: "a kernel is a function of two points: `kernel k(a, b) = …`",
  },
  {
    when: (p) => /^(observe|predict)$/.test(p.first?.text ?? "") && p.expected.has("`:`") && p.open !== undefined,
    text: "what each point brings with it needs a type: `(v : real[2])`",
  },
  { when: (p) => p.expected.has("`>`") && p.found.text === ">=", text: "bounds are open: write `>`" },
  {
    when: (p) => p.expected.has("`>`") && /^<=?$/.test(p.found.text),
    text: "a bound from above needs one from below: `in (a, b)`",
  },
  {
    when: (p) => p.first?.text === "input" && p.expected.has("`:`"),
    text: "an input has a type, `input x : real[2]`; coordinates stand in brackets, `input (x, t)`",
  },
];

export function hintFor(place: Place): string | undefined {
  return table.find(({ when }) => when(place))?.text;
}
