/**
 * Kernels: what a module evaluates for a pair of groups, or for a whole prediction. In: nothing. Out: the types.
 * The stages are an interface: `prepare` fills the tables that training points and coefficients determine, once per
 * model; `evaluate` reads them, works out what belongs to a test point in its outer loop, and pairs inside.
 */
import type { Buffer, Program } from "./loop.ts";

/** Where an input of a kernel comes from. */
export type Origin =
  | { readonly kind: "points"; readonly side: string }
  | { readonly kind: "argument"; readonly side: string; readonly name: string }
  | { readonly kind: "coefficients"; readonly side: string }
  | { readonly kind: "parameter"; readonly name: string }
  | { readonly kind: "offset"; readonly latent: string }
  /** A staged table: of the training points alone, or of what coefficients are contracted into. */
  | { readonly kind: "table"; readonly holds: "points" | "coefficients" };

/** The side of the points at which a kernel is evaluated; training sides are called by their own names. */
export const TEST_SIDE = "x";

export interface Kernel {
  readonly name: string;
  readonly doc: string;
  /** Per model; absent where nothing can be prepared. Its outputs are inputs of `evaluate`. */
  readonly prepare?: Program;
  readonly evaluate: Program;
  readonly origins: ReadonlyMap<Buffer, Origin>;
  /** The size of each training side, by side. */
  readonly sizes: ReadonlyMap<string, string>;
}
