/**
 * Characters that look like ours, and spellings of other languages. In: what has no meaning here. Out: what to write.
 * A spec is often pasted from a paper, a chat or another language; these are the mends for what comes along.
 */

const mends: Readonly<Record<string, string>> = {
  "∂": "write `d(u, x)` for ∂u/∂x; ∂ is reserved",
  "−": "write `-`",
  "–": "write `-`",
  "—": "write `-`",
  "·": "write `*`, or `dot(a, b)` for vectors",
  "⋅": "write `*`, or `dot(a, b)` for vectors",
  "×": "write `*`",
  "÷": "write `/`",
  "²": "write `^2`",
  "³": "write `^3`",
  "≤": "write `<=`",
  "≥": "write `>=`",
  "≠": "write `!=`",
  "√": "write `sqrt(x)`",
  "∑": "write `sum(e for i in N)`",
  "∏": "write `prod(e for i in N)`",
  "∈": "write `in`",
  "∼": "write `~`",
  "→": "definitions are written with `=`",
  "“": 'strings stand between `"`',
  "”": 'strings stand between `"`',
  "‘": 'strings stand between `"`',
  "’": 'strings stand between `"`',
  "\u00a0": "write an ordinary space",
  "'": 'strings stand between `"`',
  "#": "comments begin with `//`",
  "!": "write `not`, or `!=`",
  "&": "write `and`",
  "&&": "write `and`",
  "|": "write `or`",
  "||": "write `or`",
  ".": "decimals are written `0.5`; nothing else has a dot",
};

/** A hint for a run of characters that mean nothing, by the whole run or by its first character. */
export function strayCharacterHint(text: string): string | undefined {
  return mends[text] ?? mends[[...text][0] ?? ""];
}
