/**
 * The place where parsing failed. In: the parser's failure, the text and its tokens. Out: what stands there, what
 * could have stood there, what came before and which bracket is open.
 * The rules that explain an error look at nothing else.
 */
import { beginsDeclaration, onOneLine, type Chunk } from "./chunks.ts";
import { expectationsOf, type Expectations } from "./expectations.ts";
import { parse as parseText, SyntaxError as ParserError } from "./grammar.generated.js";
import type { Source, Span } from "./span.ts";
import type { Token } from "./tokens.ts";

export interface Failed {
  readonly source: Source;
  /** The text that was parsed: the source's, blank where an earlier error was. */
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly chunks: readonly Chunk[];
  readonly failure: ParserError;
}

/** What the rules look at. */
export interface Place {
  readonly expected: Expectations;
  readonly found: Token;
  /** The token before; absent at the beginning of the text. */
  readonly previous?: Token;
  readonly before: readonly Token[];
  /** The innermost bracket that the declaration has open here. */
  readonly open?: Token;
  readonly sameLine: boolean;
  /** The token found begins a declaration, or is the end. */
  readonly over: boolean;
  /** The first token of the declaration. */
  readonly first?: Token;
}

export const closerOf: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

export const isCloser = (token: Token): boolean => token.kind === "sign" && ")]}".includes(token.text);

/** Token text inside a message. */
export const code = (token: Token): string => `\`${token.text}\``;

/** Looks around at the farthest place that the parser reached. */
export function placeOf(failed: Failed): Place {
  const { tokens, failure } = failed;
  const expected = expectationsOf(failure);
  const at = tokenAt(tokens, failure.location.start.offset);
  const word = at - 1;
  // A name where a declaration could begin is taken for a latent; unless `~` was nearly written, the name is the
  // trouble.
  const nearlyLatent = tokens[at]?.text === "=" || tokens[at]?.text === "GP";
  if (expected.has("`~`") && !nearlyLatent && tokens[word]?.kind === "name") {
    return contextOf(failed, expectedAt(failed, tokens[word]?.span.start ?? 0), word);
  }
  return contextOf(failed, expected, at);
}

function contextOf({ tokens, chunks }: Failed, expected: Expectations, at: number): Place {
  const found = tokens[at] ?? tokens[tokens.length - 1];
  if (found === undefined) throw new Error("a text has no token for its end");
  const chunk = chunks.findLast(({ start }) => start < found.span.start) ?? chunks[0];
  const before = tokens.slice(0, at).filter((token) => token.span.start >= (chunk?.start ?? 0));
  const previous = before.at(-1);
  const open = openBracket(before);
  return {
    expected,
    found,
    before,
    ...(previous === undefined ? {} : { previous }),
    ...(open === undefined ? {} : { open }),
    sameLine: onOneLine(previous, found),
    over: found.kind === "end" || (chunks.length > 0 && beginsDeclaration(tokens, at)),
    ...(before[0] === undefined ? {} : { first: before[0] }),
  };
}

function tokenAt(tokens: readonly Token[], offset: number): number {
  const at = tokens.findIndex((token) => token.span.end > offset || token.kind === "end");
  return at < 0 ? tokens.length - 1 : at;
}

/** What could have stood at an offset: a character that nothing accepts is put there. */
function expectedAt({ source, text }: Failed, offset: number): Expectations {
  try {
    parseText(`${text.slice(0, offset)}\0`, {
      source,
      fail: () => {
        throw new Error("not reached: the text before has been parsed");
      },
    });
  } catch (error) {
    if (error instanceof ParserError) return expectationsOf(error);
    throw error;
  }
  throw new Error("a character without meaning was accepted");
}

function openBracket(before: readonly Token[]): Token | undefined {
  const open: Token[] = [];
  for (const token of before) {
    if (token.kind !== "sign") continue;
    if (token.text in closerOf) open.push(token);
    else if (isCloser(token)) open.pop();
  }
  return open.at(-1);
}

/** An empty place right after the token before, where something is missing. */
export function gap({ previous, found }: Place): Span {
  const end = previous?.span.end ?? found.span.start;
  return { source: found.span.source, start: end, end };
}

/** The token found, in words. */
export function describe({ found, over }: Place): string {
  if (found.kind === "end") return "the end of the file";
  if (over) return `${code(found)}, which begins the next declaration`;
  if (found.kind === "keyword") return `the reserved word ${code(found)}`;
  return code(found);
}
