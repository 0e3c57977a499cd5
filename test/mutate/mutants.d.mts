/** Types of mutants.mjs. */
export interface Mutant {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly kind: string;
  readonly original: string;
  readonly replacement: string;
}
export declare function mutantsOf(file: string, text: string): Mutant[];
export declare function mutate(text: string, mutant: Mutant): string;
export declare function shuffled(mutants: readonly Mutant[], seed: string): Mutant[];
