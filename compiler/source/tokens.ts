/**
 * The tokens of a text. In: a source. Out: its tokens, its comments, and what is wrong with single characters.
 * The parser reads characters by itself; tokens serve what it cannot do: tell comments, find where declarations
 * begin, bound the nesting before anything recurses, and say in people's words what stands at an error.
 */
import type { Comment } from "./ast.ts";
import { diagnose, type Diagnostic } from "./diagnostic.ts";
import { strayCharacterHint } from "./lookalikes.ts";
import type { Source, Span } from "./span.ts";

export type TokenKind = "name" | "keyword" | "number" | "string" | "sign" | "end";
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly span: Span;
}

/** The words that begin a declaration, all reserved. */
export const declarationWords = [
  "model",
  "import",
  "dim",
  "const",
  "input",
  "param",
  "fn",
  "kernel",
  "observe",
  "offset",
  "predict",
] as const;

export const reservedWords: ReadonlySet<string> = new Set([
  ...declarationWords,
  "from",
  "noise",
  "for",
  "in",
  "if",
  "let",
  "and",
  "or",
  "not",
  "fold",
  "fixed",
]);

interface Scan {
  readonly source: Source;
  readonly tokens: Token[];
  readonly comments: Comment[];
  readonly diagnostics: Diagnostic[];
}

/** What one rule of the scanner makes of the text that it matched. */
type Action = (scan: Scan, text: string, span: Span) => void;

const push =
  (kind: TokenKind): Action =>
  (scan, text, span) => {
    scan.tokens.push({ kind, text, span });
  };

/** Tried in order at each place; the last one matches any character. */
const rules: readonly (readonly [pattern: RegExp, action: Action])[] = [
  [/[ \t\r\n]+|(?<![\s\S])\ufeff/uy, () => {}],
  [/\/\/[^\n]*/uy, (scan, text, span) => void scan.comments.push({ text: text.trimEnd(), span })],
  [
    /(?![Δ])[_\p{L}](?:(?![Δ])[_\p{L}\p{M}\p{Nd}])*/uy,
    (scan, text, span) => {
      scan.tokens.push({ kind: reservedWords.has(text) ? "keyword" : "name", text: text.normalize("NFC"), span });
    },
  ],
  [/[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/uy, scanNumber],
  [/"[^"\r\n]*"/uy, push("string")],
  [/"[^\r\n]*/uy, (scan, _, span) => void scan.diagnostics.push(diagnose("ADK0106", span, {}))],
  [/∇²|<=|>=|==|!=|[∇Δ∆()[\]{},:;~=<>+\-*/@^]/uy, push("sign")],
  [/(?:(?![ \t\r\n"/_0-9∇∆()[\]{},:;~=<>+\-*/@^]|\p{L}).)+/suy, scanUnknown],
];

/** A number by itself; `1.` and numbers too large to hold are refused. */
function scanNumber(scan: Scan, text: string, span: Span): void {
  scan.tokens.push({ kind: "number", text, span });
  if (scan.source.text[span.end] === ".") {
    const dots: Span = { ...span, end: span.end + 1 };
    scan.diagnostics.push(
      diagnose("ADK0110", dots, { text: `${text}.`, mend: text.includes(".") ? text : `${text}.0` }),
    );
  }
  const integer = /^[0-9]+$/.test(text);
  if (integer ? !Number.isSafeInteger(Number(text)) : !Number.isFinite(Number(text))) {
    scan.diagnostics.push(
      diagnose("ADK0111", span, { text: text.length > 40 ? `${text.slice(0, 40)}…` : text, integer }),
    );
  }
}

function scanUnknown(scan: Scan, text: string, span: Span): void {
  const { text: whole } = scan.source;
  const digits = /^[0-9]+/.exec(whole.slice(span.end))?.[0];
  if (text === "." && scan.tokens.at(-1)?.kind === "number" && scan.tokens.at(-1)?.span.end === span.start) return;
  if (text === "." && digits !== undefined) {
    const number: Span = { ...span, end: span.end + digits.length };
    scan.diagnostics.push(diagnose("ADK0110", number, { text: `.${digits}`, mend: `0.${digits}` }));
    return;
  }
  const hint = strayCharacterHint(text);
  scan.diagnostics.push(diagnose("ADK0105", span, { character: text, ...(hint === undefined ? {} : { hint }) }));
}

/** Scans a whole text; the last token is the end, empty and after the last one that isn't white space. */
export function tokenise(source: Source): Omit<Scan, "source"> {
  const scan: Scan = { source, tokens: [], comments: [], diagnostics: [] };
  let place = 0;
  while (place < source.text.length) {
    for (const [pattern, action] of rules) {
      pattern.lastIndex = place;
      const text = pattern.exec(source.text)?.[0];
      if (text === undefined) continue;
      action(scan, text, { source, start: place, end: place + text.length });
      place += text.length;
      break;
    }
  }
  scan.tokens.push({ kind: "end", text: "", span: { source, start: source.text.length, end: source.text.length } });
  return scan;
}
