/**
 * Insertions into a text.
 * In: a text, and what to put where. Out: the text with all of it. Positions are those of the original text, so a
 * module
 * is read once and written once, however many types it gets.
 */

export interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** The text with every insertion made; those at one place keep their order. */
export function insert(text: string, insertions: readonly Insertion[]): string {
  const ordered = insertions
    .map((insertion, order) => ({ ...insertion, order }))
    .sort((a, b) => a.at - b.at || a.order - b.order);
  const pieces: string[] = [];
  let done = 0;
  for (const insertion of ordered) {
    pieces.push(text.slice(done, insertion.at), insertion.text);
    done = insertion.at;
  }
  return pieces.join("") + text.slice(done);
}
