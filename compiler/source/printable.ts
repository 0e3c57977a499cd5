/**
 * Text from outside, made safe to show. In: text that may steer a terminal or reverse the reading direction. Out: text
 * that can't: as pictures, one character each, under which an underline fits; or as escapes, which tell the character.
 */

/** Control characters, marks of direction, invisible ones, halves of pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const unseen = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\p{Surrogate}]/gu;

/** The picture of a character that is not shown as it is: one column wide. */
function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? "\u2421" : "\ufffd";
}

/** Pictures in place of unseen characters; a character for a character, those in `keep` as they are. */
export const pictured = (text: string, keep = ""): string =>
  text.replace(unseen, (c) => (keep.includes(c) ? c : picture(c)));

/** `\u{…}` in place of unseen characters, those in `keep` as they are. */
export const escaped = (text: string, keep = ""): string =>
  text.replace(unseen, (c) => (keep.includes(c) ? c : `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`));
