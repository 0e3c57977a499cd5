/**
 * Diagnostics: what is wrong with a spec, where, and what would mend it. In: a code, a span and the code's data.
 * Out: a `Diagnostic`, its text for people, its JSON for programs.
 * An error is data first: the table below is a closed sum of codes, each with its own data and its own texts.
 */
import { bindings } from "./codes/bindings.ts";
import { data } from "./codes/data.ts";
import type { Entry, Severity } from "./codes/entry.ts";
import { kernels } from "./codes/kernels.ts";
import { linearity } from "./codes/linearity.ts";
import { names } from "./codes/names.ts";
import { syntax } from "./codes/syntax.ts";
import { types } from "./codes/types.ts";
import { frame } from "./frame.ts";
import { pictured } from "./printable.ts";
import { positionOf, type Span } from "./span.ts";

/** Every code there is: 01xx syntax, 02xx names, 03xx types, 04xx linearity, 05xx kernels, 06xx bindings, 09xx data. */
export const codes = { ...syntax, ...names, ...types, ...linearity, ...kernels, ...bindings, ...data };

export type Code = keyof typeof codes;
/** What `diagnose` must be told for the code. */
export type DataOf<C extends Code> = (typeof codes)[C] extends Entry<infer Data> ? Data : never;

export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly span: Span;
  readonly message: string;
  readonly expected?: string;
  readonly found?: string;
  readonly hint?: string;
}

/** The diagnostic of a code at a place, from the code's own data. */
export function diagnose<C extends Code>(code: C, span: Span, about: DataOf<C>): Diagnostic {
  const row = codes[code] as unknown as Entry<DataOf<C>>;
  const expected = row.expected?.(about);
  const found = row.found?.(about);
  const hint = row.hint?.(about);
  return {
    code,
    severity: row.severity,
    span,
    message: pictured(row.message(about), "\n"),
    ...(expected === undefined ? {} : { expected: pictured(expected, "\n") }),
    ...(found === undefined ? {} : { found: pictured(found, "\n") }),
    ...(hint === undefined ? {} : { hint: pictured(hint, "\n") }),
  };
}

/** All errors (and warnings) of a stage, thrown together; the message is their rendering. */
export class DiagnosticError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(render).join("\n\n"));
    this.name = "DiagnosticError";
    this.diagnostics = diagnostics;
  }
}

/** Text for people: `FILE:LINE:COLUMN: error ADKnnnn: …`, the line with its underline, expected, found, hint. */
export function render(diagnostic: Diagnostic): string {
  const { span, severity, code, message, expected, found, hint } = diagnostic;
  const { line, column } = positionOf(span.source, span.start);
  return [
    `${pictured(span.source.name)}:${line}:${column}: ${severity} ${code}: ${message}`,
    ...frame(span),
    ...(expected === undefined ? [] : [`expected: ${expected}`]),
    ...(found === undefined ? [] : [`found: ${found}`]),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ].join("\n");
}

/** What `adk check --json` prints for one diagnostic; the end is exclusive. */
export interface DiagnosticJson {
  readonly code: string;
  readonly severity: Severity;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly message: string;
  readonly expected?: string;
  readonly found?: string;
  readonly hint?: string;
}

/** The same for programs; lines and columns begin at 1 and count UTF-16 units. */
export function toJson(diagnostic: Diagnostic): DiagnosticJson {
  const { span, severity, code, message, expected, found, hint } = diagnostic;
  const start = positionOf(span.source, span.start);
  const end = positionOf(span.source, span.end);
  return {
    code,
    severity,
    file: span.source.name,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    message,
    ...(expected === undefined ? {} : { expected }),
    ...(found === undefined ? {} : { found }),
    ...(hint === undefined ? {} : { hint }),
  };
}
