/**
 * A specification that has been checked: what `lower` reads. In: typed trees. Out: nothing; types alone.
 * Declarations stand in the order of the file.
 */
import type { Name } from "../source/ast.ts";
import type { Source, Span } from "../source/span.ts";
import type { DeclaredName, FileScope } from "./names/scope.ts";
import type { Annotation, Instance, Local, Typed } from "./tree.ts";
import type { Size } from "./types/size.ts";
import type { Orders, Type } from "./types/type.ts";

/** A dim, constant or parameter, of the model's file or of a library: its type, and what its text says of its value. */
export interface DeclaredValue {
  readonly declared: DeclaredName;
  readonly type: Type;
  readonly annotation?: Annotation;
  /** The written value; a parameter's initial one. */
  readonly value?: Typed;
  readonly lower?: Typed;
  readonly upper?: Typed;
}

export interface ModelConstant {
  readonly name: Name;
  readonly value: DeclaredValue;
  readonly key?: string;
  readonly symmetry: boolean;
}
export interface ModelParameter {
  readonly name: Name;
  readonly value: DeclaredValue;
  readonly key?: string;
  readonly fixed: boolean;
}

export interface ModelLatent {
  readonly name: Name;
  readonly annotation?: Annotation;
  readonly kernelName: Name;
  /** The kernel for two points of the input. */
  readonly kernel: Instance;
  readonly mean?: Typed;
}

/** A per-point argument of an observation or prediction. */
export interface ModelArgument {
  readonly local: Local;
  readonly annotation?: Annotation;
}

/** A labelled linear expression, as the file states it first. */
export interface ModelQuantity {
  readonly label: string;
  readonly name: Name;
  readonly arguments: readonly ModelArgument[];
  readonly operator: Typed;
  /** The highest number of derivatives that each latent in it undergoes. */
  readonly orders: Orders;
  readonly shape: readonly Size[];
}

export interface ModelObservation {
  readonly name: Name;
  readonly arguments: readonly ModelArgument[];
  readonly key?: string;
  readonly value?: Typed;
  readonly noise?: Typed;
}
export interface ModelOffset {
  readonly name: Name;
  /** The latent's name. */
  readonly latent: string;
  readonly key: string;
}

export type ModelInput =
  | { readonly kind: "input"; readonly name: Name; readonly type: Annotation }
  | { readonly kind: "coordinates"; readonly names: readonly Name[] };

export interface Model {
  readonly source: Source;
  readonly name: string;
  /** Where the model is named. */
  readonly place: Span;
  readonly file: FileScope;
  /** The texts of imported libraries by their paths, relative like the names of sources. */
  readonly libraries: ReadonlyMap<string, string>;
  readonly input?: ModelInput;
  readonly dims: readonly DeclaredValue[];
  readonly constants: readonly ModelConstant[];
  readonly parameters: readonly ModelParameter[];
  readonly latents: readonly ModelLatent[];
  readonly observations: readonly ModelObservation[];
  readonly offsets: readonly ModelOffset[];
  readonly predictions: readonly Name[];
  /** By label, in the order of the file. */
  readonly quantities: ReadonlyMap<string, ModelQuantity>;
  /** Every dim, constant and parameter that the model refers to, its libraries' too. */
  readonly values: ReadonlyMap<DeclaredName, DeclaredValue>;
}
