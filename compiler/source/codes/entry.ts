/**
 * One row of the table of diagnostics. In: nothing. Out: the types of a row, and the function that makes one.
 * A code owns its data and the four texts made of them, so a new diagnostic is one entry in one file.
 */

export type Severity = "error" | "warning";

/** A code's severity, and how its texts are built from the data that `diagnose` is given. */
export interface Entry<Data> {
  readonly severity: Severity;
  readonly message: (data: Data) => string;
  /** What would have been right at this place, in people's words; `undefined` where the message says it all. */
  readonly expected?: (data: Data) => string | undefined;
  readonly found?: (data: Data) => string | undefined;
  /** A way out. */
  readonly hint?: (data: Data) => string | undefined;
}

/** Writes an entry down with its type: `entry<{ name: string }>({ severity: "error", message: (d) => … })`. */
export function entry<Data>(row: Entry<Data>): Entry<Data> {
  return row;
}

/** `a`, `a or b`, `a, b or c`. */
export function alternatives(words: readonly string[], conjunction = "or"): string {
  if (words.length <= 1) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${conjunction} ${words[words.length - 1] ?? ""}`;
}

/** Program text inside a message: between backticks. */
export function quoted(text: string): string {
  return `\`${text}\``;
}
