/**
 * What could have stood where parsing failed. In: the parser's failure. Out: phrases for people, and tests for rules.
 * Many tokens begin an expression, and many continue one; people want to read "an expression" and "an operator".
 */
import type { Expectation, SyntaxError as ParserError } from "./grammar.generated.js";
import { declarationWords } from "./tokens.ts";

export interface Expectations {
  /** Without repetitions, the general before the particular. */
  readonly phrases: readonly string[];
  readonly has: (phrase: string) => boolean;
  /** A comparison could have stood here. */
  readonly comparison: boolean;
  /** `and` or `or` could have stood here. */
  readonly logical: boolean;
}

/** A group of tokens: it is there where `sign` is, and its phrase stands for all in `members`. */
interface Group {
  readonly phrase: string;
  readonly sign: string;
  readonly members: readonly string[];
}

const groups: readonly Group[] = [
  {
    phrase: "an expression",
    sign: "a number",
    members: ["a name", "a number", "`(`", "`[`", "`{`", "`∇`", "`∇²`", "`Δ`", "`not`", "`fold`", "`-`"],
  },
  {
    phrase: "an operator",
    sign: "an operator",
    members: ["an operator", "a comparison", "`and`", "`or`", "`(`", "`[`"],
  },
];
const declaration: Group = {
  phrase: "a declaration",
  sign: "`param`",
  members: ["a name", "the end of the file", ...declarationWords.map((word) => `\`${word}\``)],
};

/** White space and comments may stand everywhere. */
const silent: ReadonlySet<string> = new Set(["white space", "any character"]);

function phraseOf(expectation: Expectation): string {
  switch (expectation.type) {
    case "literal":
      return `\`${expectation.text ?? ""}\``;
    case "end":
      return "the end of the file";
    case "other":
      return expectation.description ?? "";
    case "class":
    case "any":
      return "any character";
  }
}

/** Boils the parser's list down. */
export function expectationsOf(failure: ParserError): Expectations {
  const raw = new Set((failure.expected ?? []).map(phraseOf).filter((phrase) => !silent.has(phrase)));
  const general = groups.filter((group) => raw.has(group.sign));
  const last = raw.has(declaration.sign) ? [declaration] : [];
  const covered = new Set([...general, ...last].flatMap((group) => group.members));
  const particular = [...raw].filter((phrase) => !covered.has(phrase)).sort();
  const phrases = [...general.map((group) => group.phrase), ...particular, ...last.map((group) => group.phrase)];
  return {
    phrases,
    has: (phrase) => phrases.includes(phrase),
    comparison: raw.has("a comparison"),
    logical: raw.has("`or`"),
  };
}
