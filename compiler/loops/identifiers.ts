/**
 * Identifiers for generated code. In: texts of any kind, names that are taken. Out: names that are free.
 * One allocator serves a scope: whoever needs a name asks it, so no two things ever share one. Which words are taken
 * from the beginning is the affair of who prints.
 */

/**
 * A text of letters, digits and `_` that is told apart from every other text's: other characters become their code
 * between two `$`, which itself is such a character.
 */
export const identifier = (text: string): string =>
  text.replace(/[^A-Za-z0-9_]/gu, (c) => `$${c.codePointAt(0)!.toString(16)}$`);

/** Names of one scope, and of those around it. */
export class Identifiers {
  private readonly taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.taken = new Set(taken);
  }

  /** A name like the stem, with a number where that is taken; taken from now on. */
  allocate(stem: string): string {
    const clean = identifier(stem).replace(/^(?=\d)/, "_") || "_";
    let name = clean;
    for (let n = 2; this.taken.has(name); n++) name = `${clean}_${n}`;
    this.taken.add(name);
    return name;
  }

  /** A name that is given by something else. */
  take(name: string): void {
    this.taken.add(name);
  }

  /** Names inside a scope of this one: all that is taken here is taken there. */
  inner(): Identifiers {
    return new Identifiers(this.taken);
  }
}
