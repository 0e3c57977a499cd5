/**
 * Text of a module with types in it. In: pieces that JavaScript doesn't have, marked. Out: the text without, and with.
 * The printer knows the type of everything that it declares, and says it where it declares it: one text for both.
 */
const OPEN = "\ue000",
  CLOSE = "\ue001";

/** A piece of text that stands in TypeScript alone. */
export const only = (text: string): string => `${OPEN}${text}${CLOSE}`;
/** The type of what stands before. */
export const type = (text: string): string => only(`: ${text}`);
/** Parameters with their types. */
export const parametersText = (list: readonly (readonly [name: string, type: string])[]): string =>
  list.map(([name, of]) => `${name}${type(of)}`).join(", ");

/** Marks in foreign texts, which could be taken for ours, are shown as their code. */
export const unmarked = (text: string): string =>
  text.replace(/[\ue000\ue001]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);

export const asJavaScript = (text: string): string => text.replace(/\ue000[^\ue001]*\ue001/g, "");
export const asTypeScript = (text: string): string => text.replace(/[\ue000\ue001]/g, "");
