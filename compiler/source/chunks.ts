/**
 * Where declarations begin. In: tokens. Out: the stretches of text between one beginning and the next.
 * A reserved word begins every declaration but a latent, which is a name before `~`; neither occurs inside another
 * declaration, so an error in one says nothing about the next.
 */
import { declarationWords, type Token } from "./tokens.ts";

/** Half open, from the first token of a declaration to the first of the next. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
  /** Stands on the line on which the declaration before it ends. */
  readonly sameLine: boolean;
}

const words: ReadonlySet<string> = new Set(declarationWords);

/** Whether the token at `at` begins a declaration. */
export function beginsDeclaration(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token === undefined) return false;
  if (token.kind === "keyword") return words.has(token.text);
  if (token.kind !== "name") return false;
  const before = tokens[at - 1];
  return (before?.kind !== "keyword" || !words.has(before.text)) && isLatent(tokens, at + 1);
}

/** `~`, or `: type ~`, where `at` is the token after the name. */
function isLatent(tokens: readonly Token[], at: number): boolean {
  if (tokens[at]?.text === "~") return true;
  if (tokens[at]?.text !== ":" || tokens[at + 1]?.kind !== "name") return false;
  if (tokens[at + 2]?.text !== "[") return tokens[at + 2]?.text === "~";
  let depth = 0;
  for (let place = at + 2; place < tokens.length; place++) {
    const { kind, text } = tokens[place] ?? { kind: "end", text: "" };
    if (kind === "keyword" || kind === "end" || text === ":") return false;
    if (text === "[" || text === "(") depth++;
    if (text === "]" || text === ")") depth--;
    if (depth === 0) return tokens[place + 1]?.text === "~";
  }
  return false;
}

/**
 * Whether a declaration may have been meant: a name that begins a line, outside brackets, after something that is
 * complete. Nothing in the language continues like that, so a misspelt `kernal` doesn't spoil its neighbours.
 */
function mayBegin(tokens: readonly Token[], at: number): boolean {
  const [before, token] = [tokens[at - 1], tokens[at]];
  if (token?.kind !== "name" || before === undefined || onOneLine(before, token)) return false;
  return before.kind !== "keyword" && (before.kind !== "sign" || ")]}".includes(before.text));
}

/** Cuts the text at the beginnings; what stands before the first one is a chunk too. */
export function beginnings(tokens: readonly Token[]): Chunk[] {
  const starts: number[] = [];
  let depth = 0;
  tokens.forEach((token, at) => {
    const begins = beginsDeclaration(tokens, at);
    if (begins) depth = 0;
    if (begins || (depth === 0 && mayBegin(tokens, at))) starts.push(at);
    if (token.kind !== "sign") return;
    if ("([{".includes(token.text)) depth++;
    else if (")]}".includes(token.text)) depth = Math.max(0, depth - 1);
  });
  const length = tokens.at(-1)?.span.end ?? 0;
  const startOf = (at: number | undefined): number => (at === undefined ? length : (tokens[at]?.span.start ?? length));
  const chunks = starts.map((at, order) => ({
    start: startOf(at),
    end: startOf(starts[order + 1]),
    sameLine: onOneLine(tokens[at - 1], tokens[at]),
  }));
  return [{ start: 0, end: startOf(starts[0]), sameLine: false }, ...chunks];
}

/** Whether no line break stands between two tokens. */
export function onOneLine(a: Token | undefined, b: Token | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return !a.span.source.text.slice(a.span.end, b.span.start).includes("\n");
}

/**
 * The chunks that an error at `offset` spoils: the one that holds the place; and where the error is at the very
 * beginning of the next declaration, but on the same line, that one too, as it was hardly meant as one.
 */
export function chunkAt(chunks: readonly Chunk[], offset: number): readonly Chunk[] {
  const at = chunks.findLastIndex((chunk) => chunk.start < offset);
  const chunk = chunks[Math.max(at, 0)];
  if (chunk === undefined) return [];
  const next = chunks[at + 1];
  return next !== undefined && next.start === offset && next.sameLine ? [chunk, next] : [chunk];
}
