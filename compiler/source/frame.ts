/**
 * The code frame under a diagnostic's first line. In: a span. Out: lines of text, the source line and its underline.
 * Columns on the screen are not columns of the string: tabs, wide and combining characters are measured, and
 * characters that could steer a terminal are shown as pictures of themselves.
 */
import { pictured } from "./printable.ts";
import { positionOf, type Span } from "./span.ts";

/** Wider lines are cut around the span. */
const WIDTH = 120;
const TAB = 4;

/** One character as it will be shown, and the columns that it takes on the screen. */
interface Cell {
  readonly offset: number;
  readonly text: string;
  readonly width: number;
}

/** East Asian wide and fullwidth characters, and pictographs, take two columns. */
const wide = new RegExp(
  "^[\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\ua4cf\\ua960-\\ua97f\\uac00-\\ud7a3\\uf900-\\ufaff" +
    "\\ufe30-\\ufe6f\\uff00-\\uff60\\uffe0-\\uffe6" +
    "\\u{1f300}-\\u{1f64f}\\u{1f680}-\\u{1f6ff}\\u{1f900}-\\u{1f9ff}\\u{20000}-\\u{3fffd}]$",
  "u",
);
const combining = /^[\p{Mn}\p{Me}\u200c\u200d]$/u;

function cellsOf(line: string, lineStart: number): Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  let offset = lineStart;
  for (const character of line) {
    const width =
      character === "\t" ? TAB - (column % TAB) : combining.test(character) ? 0 : wide.test(character) ? 2 : 1;
    cells.push({ offset, text: character === "\t" ? " ".repeat(width) : pictured(character), width });
    column += width;
    offset += character.length;
  }
  return cells;
}

/** The cells to show, so that the span's beginning is among them and the line isn't longer than `WIDTH`. */
function visible(cells: readonly Cell[], start: number): { cells: readonly Cell[]; before: boolean; after: boolean } {
  const total = cells.reduce((sum, cell) => sum + cell.width, 0);
  if (total <= WIDTH) return { cells, before: false, after: false };
  const at = cells.findIndex((cell) => cell.offset >= start);
  const centre = at < 0 ? cells.length : at;
  const from = Math.max(0, Math.min(centre - WIDTH / 3, cells.length - WIDTH));
  let to = from;
  for (let width = 0; to < cells.length && width < WIDTH; to++) width += cells[to]?.width ?? 0;
  return { cells: cells.slice(from, to), before: from > 0, after: to < cells.length };
}

/** The source line with a gutter, and carets under the part of the span that lies on its first line. */
export function frame(span: Span): string[] {
  const { text } = span.source;
  const { line } = positionOf(span.source, span.start);
  const lineStart = text.slice(0, span.start).lastIndexOf("\n") + 1;
  const newline = text.indexOf("\n", span.start);
  const content = text.slice(lineStart, newline < 0 ? text.length : newline).replace(/\r$/, "");
  const shown = visible(cellsOf(content, lineStart), span.start);

  const columns = (from: number, to: number): number =>
    shown.cells.reduce((sum, cell) => sum + (cell.offset >= from && cell.offset < to ? cell.width : 0), 0);
  const before = columns(-1, span.start) + (shown.before ? 1 : 0);
  const carets = Math.max(1, columns(span.start, span.end));

  const number = String(line);
  const gutter = " ".repeat(number.length);
  const cut = (isCut: boolean): string => (isCut ? "…" : "");
  const shownLine = `${cut(shown.before)}${shown.cells.map((cell) => cell.text).join("")}${cut(shown.after)}`;
  return [
    ` ${gutter} |`,
    ` ${number} | ${shownLine}`.trimEnd(),
    ` ${gutter} | ${" ".repeat(before)}${"^".repeat(carets)}`,
  ];
}
