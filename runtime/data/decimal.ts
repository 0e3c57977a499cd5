/**
 * Numbers as people and programs write them. In: a word. Out: the number, or undefined where it is none.
 * JavaScript's own reading takes hexadecimal, blanks and nothing at all for numbers, which data never mean.
 */

/** A decimal number; the exponent may be Fortran's `D`, which commands and C never write. */
export function decimal(word: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?$/.test(word) ? Number(word.replace(/[dD]/, "e")) : undefined;
}
