/**
 * Takes weights out of a module's text before it is parsed, and puts them back afterwards.
 * In: a JavaScript text. Out: the text with each large literal replaced by a small one of the same kind, and the
 * originals.
 * A model's weights are megabytes of one string or one array of numbers; a syntax tree of them would cost minutes and
 * tell nothing, so they are never parsed: a placeholder of the same type stands in their place.
 */

/** Literals of at least this many characters are cut. */
const LARGE = 257;

export interface CutModule {
  readonly text: string;
  readonly literals: readonly string[];
  /** How the placeholders' numbers begin; the text contained it nowhere. */
  readonly mark: string;
}

/** A beginning of hexadecimal numbers that does not occur in the text. */
function freeMark(text: string): string {
  let first = 0x5adc;
  while (text.includes(`0x${first.toString(16)}`)) first++;
  return `0x${first.toString(16)}`;
}

/** A literal of the same kind; the index makes it unique within a module. */
function placeholder(literal: string, index: number, mark: string): string {
  const number = `${mark}${index.toString(16).padStart(6, "0")}`;
  return literal.startsWith("[") ? `[${number}]` : `"${number}"`;
}

/** The end of a quoted text that begins at `start`: just after its closing quote. */
function endOfString(text: string, start: number): number {
  const quote = text[start];
  let i = start + 1;
  while (i < text.length && text[i] !== quote) i += text[i] === "\\" ? 2 : 1;
  return i + 1;
}

/** The end of an array of plain numbers that begins at `start`, or undefined where it holds anything else. */
function endOfNumbers(text: string, start: number): number | undefined {
  let i = start + 1;
  while (i < text.length && "0123456789.eE+-, \n".includes(text.charAt(i))) i++;
  return text[i] === "]" ? i + 1 : undefined;
}

/** The end of a comment that begins at `start`, or undefined where none does. */
function endOfComment(text: string, start: number): number | undefined {
  const [terminator, isOpen] = text.startsWith("//", start) ? ["\n", true] : ["*/", text.startsWith("/*", start)];
  if (!isOpen) return undefined;
  const end = text.indexOf(terminator, start + 2);
  return end < 0 ? text.length : end + terminator.length;
}

/** Replaces every large literal of `text`. */
export function cutLiterals(text: string): CutModule {
  const mark = freeMark(text);
  const literals: string[] = [];
  const pieces: string[] = [];
  let kept = 0;
  const interesting = /["'`[/]/g;
  for (let match = interesting.exec(text); match !== null; match = interesting.exec(text)) {
    const start = match.index;
    const first = match[0];
    const end =
      first === "/" ? endOfComment(text, start) : first === "[" ? endOfNumbers(text, start) : endOfString(text, start);
    if (end === undefined) continue;
    interesting.lastIndex = end;
    if (end - start < LARGE || first === "/" || first === "`") continue;
    const literal = text.slice(start, end);
    pieces.push(text.slice(kept, start), placeholder(literal, literals.length, mark));
    literals.push(literal);
    kept = end;
  }
  return { text: pieces.join("") + text.slice(kept), literals, mark };
}

/** Puts the literals back. Throws unless each placeholder stands in `text` exactly once. */
export function restoreLiterals(text: string, { literals, mark }: CutModule): string {
  return literals.reduce((current, literal, index) => {
    const parts = current.split(placeholder(literal, index, mark));
    if (parts.length !== 2)
      throw new Error(`emit: the literal ${index} occurs ${parts.length - 1} times in the emitted module, not once`);
    return parts.join(literal);
  }, text);
}
