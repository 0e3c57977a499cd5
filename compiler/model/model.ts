/**
 * A specification that has been checked: what `lower` reads. In: scopes and types. Out: nothing; types alone.
 * Expressions stay syntax here; names in them are resolved by the scope of the file that they stand in.
 */
import type { Argument, Declaration, Expression, Name } from "../source/ast.ts";
import type { Source } from "../source/span.ts";
import type { FileScope } from "./names/scope.ts";
import type { Size } from "./types/size.ts";
import type { Orders } from "./types/type.ts";

type Of<K extends Declaration["kind"]> = Extract<Declaration, { kind: K }>;

/** A labelled linear expression, as the file states it first. */
export interface ModelQuantity {
  readonly label: string;
  readonly name: Name;
  readonly arguments: readonly Argument[];
  readonly operator: Expression;
  /** The highest number of derivatives that each latent in it undergoes. */
  readonly orders: Orders;
  readonly shape: readonly Size[];
}

export interface Model {
  readonly source: Source;
  readonly name: string;
  readonly file: FileScope;
  /** The texts of imported libraries by their paths, relative like the names of sources. */
  readonly libraries: ReadonlyMap<string, string>;
  readonly standard: readonly FileScope[];
  readonly input?: Of<"input"> | Of<"coordinates">;
  readonly dims: readonly Of<"dim">[];
  readonly constants: readonly Of<"const">[];
  readonly parameters: readonly Of<"param">[];
  readonly latents: readonly Of<"latent">[];
  readonly observations: readonly Of<"observe">[];
  readonly offsets: readonly Of<"offset">[];
  readonly predictions: readonly Of<"predict">[];
  /** By label, in the order of the file. */
  readonly quantities: ReadonlyMap<string, ModelQuantity>;
}
