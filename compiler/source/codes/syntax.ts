/**
 * The diagnostics ADK01xx: syntax. In: the data of each code. Out: its texts.
 * The parser's expectations arrive here already in people's words; the entries only make sentences of them.
 */
import { alternatives, entry, quoted } from "./entry.ts";

/** Where a bracket was opened. */
export interface Opened {
  readonly bracket: string;
  readonly line: number;
  readonly column: number;
}

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

export const syntax = {
  /** Anything that has no code of its own. `expected` are phrases (`an expression`, `` `)` ``). */
  ADK0101: entry<{ expected: readonly string[]; found: string; hint?: string }>({
    severity: "error",
    message: ({ found }) => `${found} is out of place here`,
    expected: ({ expected }) => alternatives(expected),
    found: ({ found }) => found,
    hint: ({ hint }) => hint,
  }),
  ADK0102: entry<{ opened: Opened; found: string }>({
    severity: "error",
    message: ({ opened }) => `${quoted(opened.bracket)} is never closed`,
    expected: ({ opened }) =>
      `${quoted(closers[opened.bracket] ?? "")} to close the ${quoted(opened.bracket)} opened at ` +
      `${opened.line}:${opened.column}`,
    found: ({ found }) => found,
  }),
  ADK0103: entry<{ bracket: string }>({
    severity: "error",
    message: ({ bracket }) => `${quoted(bracket)} closes nothing`,
    hint: ({ bracket }) => `remove the ${quoted(bracket)}, or open its bracket before it`,
  }),
  ADK0104: entry<{ word: string }>({
    severity: "error",
    message: ({ word }) => `${quoted(word)} is a reserved word and cannot be a name`,
    expected: () => "a name",
    found: ({ word }) => `the reserved word ${quoted(word)}`,
    hint: ({ word }) => `call it something else, such as ${quoted(`${word}_`)}`,
  }),
  ADK0105: entry<{ character: string; hint?: string }>({
    severity: "error",
    message: ({ character }) => `${quoted(character)} has no meaning in this language`,
    hint: ({ hint }) => hint,
  }),
  ADK0106: entry<Record<never, never>>({
    severity: "error",
    message: () => "this string is not finished",
    expected: () => '`"` before the end of the line',
    hint: () => 'strings stand on one line, between `"` and `"`',
  }),
  ADK0107: entry<{ found: string }>({
    severity: "error",
    message: () => "the `;` after this `let` is missing",
    expected: () => "`;`",
    found: ({ found }) => found,
    hint: () => "every `let` ends with `;`, and the block's result follows the last: `{ let a = 1; a + 1 }`",
  }),
  ADK0108: entry<{ first: string; second: string }>({
    severity: "error",
    message: ({ second }) => `comparisons do not chain: ${quoted(second)} follows another comparison`,
    hint: ({ first, second }) => `join two comparisons: ${quoted(`a ${first} b and b ${second} c`)}`,
  }),
  /** `product` is what a product of the two would look like, where they are short enough to show. */
  ADK0109: entry<{ left: string; right: string; product?: string }>({
    severity: "error",
    message: ({ left, right }) => `there is no operator between ${quoted(left)} and ${quoted(right)}`,
    expected: () => "an operator",
    found: ({ right }) => quoted(right),
    hint: ({ product }) => `a product is written with \`*\`${product === undefined ? "" : `: ${quoted(product)}`}`,
  }),
  ADK0110: entry<{ text: string; mend: string }>({
    severity: "error",
    message: ({ text }) => `${quoted(text)} is not a number`,
    expected: () => "a number such as `1`, `1.0` or `1e-3`",
    hint: ({ mend }) => `write ${quoted(mend)}`,
  }),
  ADK0111: entry<{ text: string; integer: boolean }>({
    severity: "error",
    message: ({ integer }) => (integer ? "this whole number is too large to be exact" : "this number is too large"),
    expected: ({ integer }) => (integer ? "at most 9007199254740991" : "at most 1.7976931348623157e308"),
    found: ({ text }) => text,
  }),
  ADK0112: entry<{ declaration: string }>({
    severity: "error",
    message: ({ declaration }) => `${declaration} needs a model, and this file names none`,
    expected: () => "`model NAME` as the first declaration",
    hint: () =>
      "begin the file with `model NAME`; a library, which has none, holds `import`, `fn`, " +
      "`kernel` and `const … = …` alone",
  }),
  ADK0113: entry<{ declaration: string }>({
    severity: "error",
    message: () => "`model` is the first declaration of a file",
    found: ({ declaration }) => `${declaration} before it`,
    hint: () => "move this line to the top",
  }),
  ADK0114: entry<{ line: number }>({
    severity: "error",
    message: ({ line }) => `a file holds one model, and this one was named at line ${line}`,
    hint: () => "put the second model into a file of its own",
  }),
  ADK0115: entry<{ wrong: "=" | "=="; place: "value" | "definition" | "comparison" }>({
    severity: "error",
    message: ({ wrong }) => (wrong === "=" ? "`=` does not compare" : "`==` compares; it gives nothing a value"),
    expected: ({ wrong }) => (wrong === "=" ? "`==`" : "`=`"),
    found: ({ wrong }) => quoted(wrong),
    hint: ({ place }) =>
      ({
        value: "an observed value follows `=`: `observe wall : u = 0`",
        definition: "a definition is written with `=`",
        comparison: "two values are compared with `==`",
      })[place],
  }),
  ADK0116: entry<{ limit: number }>({
    severity: "error",
    message: ({ limit }) => `this is nested more than ${limit} levels deep`,
    hint: () => "give the inner parts names: `{ let part = …; … }`, or functions of their own",
  }),
  ADK0117: entry<{ word: string; nearest?: string }>({
    severity: "error",
    message: ({ word }) => `${quoted(word)} begins no declaration`,
    expected: () => "a declaration",
    found: ({ word }) => quoted(word),
    hint: ({ nearest }) => (nearest === undefined ? undefined : `did you mean ${quoted(nearest)}?`),
  }),
  ADK0118: entry<{ option: string }>({
    severity: "error",
    message: ({ option }) => `${quoted(option)} stands twice in this observation`,
    hint: () => "keep one of the two",
  }),
  ADK0119: entry<Record<never, never>>({
    severity: "error",
    message: () => "`=` and `from` exclude each other",
    found: () => "an observation whose values come from an expression and from the data",
    hint: () =>
      'keep `= …` where the values are known as a function of the point, `from "key"` where the data hold them',
  }),
  ADK0120: entry<{ found: string }>({
    severity: "error",
    message: () => "a reduction has one body before its `for`",
    expected: () => "`NAME(body for i in N)`",
    found: ({ found }) => found,
    hint: () => "reductions are `sum`, `mean`, `prod`, `max` and `min`: `sum(x[i]^2 for i in N)`",
  }),
  ADK0121: entry<{ expected: readonly string[]; found: string; hint?: string }>({
    severity: "error",
    message: () => "this declaration is not finished",
    expected: ({ expected }) => alternatives(expected),
    found: ({ found }) => found,
    hint: ({ hint }) => hint,
  }),
};
