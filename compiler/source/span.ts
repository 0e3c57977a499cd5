/**
 * Places in a text. In: a source's text. Out: spans, and lines and columns for people.
 * Offsets count UTF-16 units, as JavaScript strings do; lines and columns begin at 1.
 */

/** The `.adk` text and the name under which diagnostics speak of it. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** Half open: from `start` up to, not including, `end`. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The line and column of an offset. */
export function positionOf(source: Source, offset: number): Position {
  const before = source.text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - (before.lastIndexOf("\n") + 1) + 1 };
}
