/**
 * Tables of text with one group's points and values. In: the text of a `.csv`. Out: tensors by key.
 * A header names the columns; `x0 x1 …` together are the key `x`, so are the numbered columns of any other name.
 */
import { decimal } from "./decimal.ts";
import { DataError } from "../errors.ts";
import type { Entry } from "./nested.ts";

/** Keys, each with the columns that make it, in order. */
interface Column {
  readonly key: string;
  readonly columns: number[];
  readonly single: boolean;
}

/**
 * Reads a table: a header line, then one line a point; separated by commas, semicolons, tabs or blanks.
 * Lines that are empty or begin with # are left out. A lone column `y` has shape [n], columns `x0 x1` [n, 2].
 * @throws DataError naming file, column and line
 */
export function readCsv(text: string, file: string): Map<string, Entry> {
  const lines = text
    .split(/\r\n|\n|\r/)
    .map((line, number) => ({ line: line.trim(), number: number + 1 }))
    .filter(({ line }) => line !== "" && !line.startsWith("#"));
  const header = lines.shift();
  if (header === undefined)
    throw new DataError({ file, expected: "a header line such as x0,x1,y", found: "no line at all" });
  const separator = /[,;]/.exec(header.line)?.[0] ?? /\s+/;
  const names = header.line.split(separator).map(unquote);
  const columns = groupColumns(names, file);
  const rows = lines.map(({ line, number }) => {
    const cells = line.split(separator).map(unquote);
    if (cells.length !== names.length) {
      throw new DataError({
        file,
        row: number,
        rowName: "line",
        expected: `${names.length} columns (${names.join(" ")})`,
        found: `${cells.length}`,
      });
    }
    return cells.map((cell, column) => parse(cell, names[column]!, number, file));
  });
  return new Map(columns.map((column) => [column.key, gather(column, rows)]));
}

function unquote(cell: string): string {
  return cell.trim().replace(/^"(.*)"$/, "$1");
}

function parse(cell: string, key: string, line: number, file: string): number {
  const value = decimal(cell);
  if (value === undefined) {
    throw new DataError({
      file,
      key,
      row: line,
      rowName: "line",
      expected: "a number",
      found: JSON.stringify(cell.slice(0, 40)),
    });
  }
  return value;
}

function groupColumns(names: readonly string[], file: string): Column[] {
  const groups = new Map<string, Column>();
  names.forEach((name, column) => {
    const numbered = /^(.*?[^0-9])(\d+)$/.exec(name);
    const key = numbered?.[1] ?? name;
    const single = numbered === null;
    const group = groups.get(key) ?? { key, columns: [], single };
    if (
      group.single !== single ||
      (single && group.columns.length > 0) ||
      (!single && Number(numbered[2]) !== group.columns.length)
    ) {
      throw new DataError({
        file,
        key: name,
        expected: `columns named once, or numbered ${key}0 ${key}1 … in order`,
        found: names.join(" "),
      });
    }
    group.columns.push(column);
    groups.set(key, group);
  });
  return [...groups.values()];
}

function gather({ columns, single }: Column, rows: readonly (readonly number[])[]): Entry {
  const data = new Float64Array(rows.length * columns.length);
  rows.forEach((row, i) => columns.forEach((column, k) => (data[i * columns.length + k] = row[column]!)));
  return { shape: single ? [rows.length] : [rows.length, columns.length], data };
}
