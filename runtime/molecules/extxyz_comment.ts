/**
 * The second line of a frame in extended XYZ. In: the line. Out: words by key.
 * `key=value`, keys and values quoted where they have blanks (`"…"`, `'…'`, `{…}`, `[…]`); a key alone is true. The
 * words of a
 * value are its numbers: `"1 2 3"`, `[1, 2, 3]` and `[[1, 2], [3, 4]]` are lists.
 */

/** Ends the reading with a message. */
type Refuse = (expected: string, found: string) => never;

const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", "{": "}", "[": "]" };

/** The values of a line, as words. Of a key that is there twice the last counts, as in ASE. */
export function parseComment(line: string, refuse: Refuse): Map<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  let at = 0;
  const skip = (): void => {
    while (at < line.length && /\s/.test(line[at]!)) at++;
  };
  for (skip(); at < line.length; skip()) {
    const key = token(line, at, true, refuse);
    at = key.end;
    if (key.text === "") refuse("key=value", JSON.stringify(line.slice(at, at + 20)));
    if (line[at] !== "=") {
      values.set(key.text, ["T"]);
      continue;
    }
    const value = token(line, at + 1, false, refuse);
    at = value.end;
    values.set(key.text, words(value.text));
  }
  return values;
}

/** A quoted or bare piece of the line; a bare key ends at "=" or a blank, a bare value at a blank. */
function token(
  line: string,
  from: number,
  isKey: boolean,
  refuse: Refuse,
): { readonly text: string; readonly end: number } {
  const open = line[from];
  const close = open === undefined ? undefined : CLOSING[open];
  if (close === undefined || (isKey && open !== '"' && open !== "'")) {
    let end = from;
    while (end < line.length && !/\s/.test(line[end]!) && !(isKey && line[end] === "=")) end++;
    return { text: line.slice(from, end), end };
  }
  let text = "";
  let depth = 1;
  for (let at = from + 1; at < line.length; at++) {
    const c = line[at]!;
    if (c === "\\" && (open === '"' || open === "'") && at + 1 < line.length) {
      text += line[++at] === "n" ? "\n" : line[at];
      continue;
    }
    if (c === close && --depth === 0) return { text, end: at + 1 };
    if (c === open) depth++;
    text += c;
  }
  return refuse(`${close} that ends what begins with ${open}`, JSON.stringify(line.slice(from, from + 30)));
}

const words = (value: string): string[] =>
  value
    .replace(/[[\],{}]/g, " ")
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "");
