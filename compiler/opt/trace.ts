/**
 * What passes did. In: nothing. Out: the types of a trace, which says of each pass why it exists, and the size of what
 * it
 * was given and of what it left: nodes of expressions, or statements of programs.
 */
export interface PassTrace {
  readonly pass: string;
  readonly because: string;
  /** What was worked on: the results, a table, a program. */
  readonly subject: string;
  readonly unit: "nodes" | "statements";
  readonly before: number;
  readonly after: number;
}

/** Hears of passes as they end. */
export type PassListener = (t: PassTrace) => void;

/** Something that a pass turns into its like. */
export interface Pass<T> {
  readonly name: string;
  readonly because: string;
  run(x: T): T;
}

/** Through the passes, in their order. Sizes are counted only where somebody listens. */
export function through<T>(
  passes: readonly Pass<T>[],
  x: T,
  told?: {
    readonly listen: PassListener;
    readonly subject: string;
    readonly unit: PassTrace["unit"];
    size(x: T): number;
  },
): T {
  return passes.reduce((given, { name, because, run }) => {
    const made = run(given);
    if (told) {
      const { listen, subject, unit, size } = told;
      listen({ pass: name, because, subject, unit, before: size(given), after: size(made) });
    }
    return made;
  }, x);
}
