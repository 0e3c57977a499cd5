/**
 * Did you mean …? In: a word and the words that would have been right. Out: the one most like it, if any is.
 * Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost one each.
 */

/** Number of edits between two words, capitals counting half. */
export function editDistance(a: string, b: string): number {
  const [s, t] = [[...a], [...b]];
  let older: number[] = [];
  let old = Array.from({ length: t.length + 1 }, (_, j) => j);
  for (let i = 1; i <= s.length; i++) {
    const row = [i];
    for (let j = 1; j <= t.length; j++) {
      const [x, y] = [s[i - 1] ?? "", t[j - 1] ?? ""];
      const change = x === y ? 0 : x.toLowerCase() === y.toLowerCase() ? 0.5 : 1;
      const swapped = i > 1 && j > 1 && x === t[j - 2] && y === s[i - 2];
      row[j] = Math.min(
        (old[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (old[j - 1] ?? 0) + change,
        ...(swapped ? [(older[j - 2] ?? 0) + 1] : []),
      );
    }
    [older, old] = [old, row];
  }
  return old[t.length] ?? 0;
}

/**
 * The nearest candidate within a third of the word's length (at least one edit); the first of equals; else `undefined`.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const allowed = Math.max(1, Math.floor([...word].length / 3));
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > allowed) continue;
    const edits = editDistance(word, candidate);
    if (edits < least) [best, least] = [candidate, edits];
  }
  return least <= allowed && least < [...word].length ? best : undefined;
}
