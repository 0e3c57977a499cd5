/**
 * From text to syntax. In: a source. Out: its `Ast`, or a `DiagnosticError` with one error for each declaration that
 * has one. The generated parser stops at its first error; the declaration that holds it is blanked out and the
 * rest parsed again, since a reserved word (or `u ~`) begins every declaration and nothing else.
 */
import type { Ast, Declaration, Expression, Name } from "./ast.ts";
import { beginnings, chunkAt, type Chunk } from "./chunks.ts";
import { diagnose, DiagnosticError, type Code, type DataOf, type Diagnostic } from "./diagnostic.ts";
import { explain } from "./explain.ts";
import {
  parse as parseText,
  SyntaxError as ParserError,
  type ModelDeclaration,
  type ParserOptions,
} from "./grammar.generated.js";
import { bracketNesting, treeNesting } from "./nesting.ts";
import type { Source } from "./span.ts";
import { tokenise } from "./tokens.ts";
import { illFormed } from "./wellformed.ts";

/** Errors beyond these would help nobody. */
const MOST_ERRORS = 20;

/** Parses a file. Throws `DiagnosticError` with every syntax error found. */
export function parse(source: Source): Ast {
  const { tokens, comments, diagnostics } = tokenise(source);
  const chunks = beginnings(tokens);
  const errors: Diagnostic[] = [];
  let text = withoutMark(source.text);

  const refuse = (diagnostic: Diagnostic, offset = diagnostic.span.start): void => {
    errors.push(diagnostic);
    for (const chunk of chunkAt(chunks, offset)) text = blanked(text, chunk);
  };

  for (const diagnostic of [...diagnostics, ...bracketNesting(tokens)]) {
    const alone = text.slice(diagnostic.span.start, diagnostic.span.end + 1).trim() !== "";
    if (alone && errors.length < MOST_ERRORS) refuse(diagnostic);
  }
  let items: readonly (Declaration | ModelDeclaration)[] = [];
  while (errors.length < MOST_ERRORS) {
    const result = attempt(() => parseText(text, optionsFor(source)));
    if (result.items !== undefined) {
      items = result.items;
      break;
    }
    const { failure } = result;
    if (failure instanceof ParserError) {
      const { diagnostic, offset } = explain({ source, text, tokens, chunks, failure });
      refuse(diagnostic, offset);
    } else {
      refuse(failure);
    }
  }

  errors.push(...illFormed(items, errors.length > 0));
  if (errors.length > 0) throw new DiagnosticError(inOrder(errors).slice(0, MOST_ERRORS));
  return {
    ...modelOf(items),
    declarations: items.filter((item) => item.kind !== "model"),
    comments,
  };
}

/** Parses one expression that stands alone. Throws `DiagnosticError`. */
export function parseExpression(source: Source): Expression {
  const { tokens, diagnostics } = tokenise(source);
  const errors = [...diagnostics, ...bracketNesting(tokens)];
  if (errors.length > 0) throw new DiagnosticError(errors);
  const text = withoutMark(source.text);
  try {
    const expression = parseText(text, { ...optionsFor(source), startRule: "Fragment" });
    const deep = treeNesting([expression]);
    if (deep !== undefined) throw new DiagnosticError([deep]);
    return expression;
  } catch (error) {
    if (!(error instanceof ParserError)) throw error;
    throw new DiagnosticError([explain({ source, text, tokens, chunks: [], failure: error }).diagnostic]);
  }
}

type Attempt =
  | { readonly items: readonly (Declaration | ModelDeclaration)[] }
  | { readonly items?: undefined; readonly failure: ParserError | Diagnostic };

function attempt(run: () => readonly (Declaration | ModelDeclaration)[]): Attempt {
  try {
    return { items: run() };
  } catch (error) {
    if (error instanceof ParserError) return { failure: error };
    const [diagnostic] = error instanceof DiagnosticError ? error.diagnostics : [];
    if (diagnostic === undefined) throw error;
    return { failure: diagnostic };
  }
}

/** The parser's actions refuse what a grammar cannot say, through `fail`. */
function optionsFor(source: Source): ParserOptions {
  return {
    source,
    fail: <C extends Code>(code: C, start: number, end: number, data: DataOf<C>): never => {
      throw new DiagnosticError([diagnose(code, { source, start, end }, data)]);
    },
  };
}

/** A byte order mark is white space to us, and to the grammar a blank. */
function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, " ");
}

function blanked(text: string, { start, end }: Chunk): string {
  return text.slice(0, start) + " ".repeat(end - start) + text.slice(end);
}

function modelOf(items: readonly (Declaration | ModelDeclaration)[]): { readonly model?: Name } {
  const [first] = items;
  return first?.kind === "model" ? { model: first.name } : {};
}

function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}
