/**
 * Records keyed by names from specs and data. In: nothing. Out: one that holds what was put into it alone.
 * A spec may call a label `__proto__` or `constructor`: in an ordinary object the first would change its prototype, and
 * the second would seem to be there from the beginning.
 */

/** An empty record that inherits nothing. */
export const emptyRecord = <T>(): Record<string, T> => Object.create(null) as Record<string, T>;
