/**
 * Collecting diagnostics. In: codes, places and data, as the checks meet them. Out: the diagnostics, each once, in the
 * order of the text.
 * A function is checked at every call, so the same complaint may arrive many times; and a complaint inside the
 * standard library is the caller's, so it moves to the call.
 */
import { diagnose, type Code, type DataOf, type Diagnostic } from "./diagnostic.ts";
import type { Source, Span } from "./span.ts";

/** Where a function was called, for complaints inside it; `standard` if the function belongs to the library. */
export interface CallSite {
  readonly callee: string;
  readonly span: Span;
  readonly standard: boolean;
  readonly outer?: CallSite;
}

const standardSources = new WeakSet<Source>();
/** Marks a text as the standard library's own: no diagnostic points there. */
export function markStandard(source: Source): void {
  standardSources.add(source);
}
export const isStandard = (source: Source): boolean => standardSources.has(source);

/** The diagnostic, moved to the nearest call in the user's own text. */
export function placed<C extends Code>(code: C, span: Span, about: DataOf<C>, call?: CallSite): Diagnostic {
  let place = span,
    site = call,
    inside: string | undefined;
  while (isStandard(place.source) && site !== undefined) {
    place = site.span;
    inside = site.callee;
    site = site.outer;
  }
  const found = diagnose(code, place, about);
  return inside === undefined || found.message.startsWith(`\`${inside}\``)
    ? found
    : { ...found, message: `in \`${inside}\`: ${found.message}` };
}

export class Report {
  private readonly found = new Map<string, Diagnostic>();
  private readonly files: Source[] = [];

  add<C extends Code>(code: C, span: Span, about: DataOf<C>, call?: CallSite): void {
    this.take(placed(code, span, about, call));
  }

  take(diagnostic: Diagnostic): void {
    const { source, start, end } = diagnostic.span;
    if (!this.files.includes(source)) this.files.push(source);
    const key = `${this.files.indexOf(source)}:${start}:${end}:${diagnostic.code}`;
    if (!this.found.has(key)) this.found.set(key, diagnostic);
  }

  get failed(): boolean {
    return [...this.found.values()].some((d) => d.severity === "error");
  }

  /** File by file in the order in which they were read, then by place. */
  diagnostics(): Diagnostic[] {
    const file = (d: Diagnostic): number => this.files.indexOf(d.span.source);
    return [...this.found.values()].sort(
      (a, b) =>
        file(a) - file(b) || a.span.start - b.span.start || a.span.end - b.span.end || (a.code < b.code ? -1 : 1),
    );
  }
}
