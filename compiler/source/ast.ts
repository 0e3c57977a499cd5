/**
 * The abstract syntax of an `.adk` file, one to one with its text.
 * In: nothing. Out: the types that `parse` builds and `check` and `lower` read.
 * Every node has a span; sums are closed, so a `switch` over `kind` is checked for completeness.
 */
import type { Span } from "./span.ts";

export interface Name {
  readonly text: string;
  readonly span: Span;
}

/** `real`, `int`, `bool`, `index`, with sizes: `real[N, 3]`. */
export interface TypeNode {
  readonly base: "real" | "int" | "bool" | "index";
  readonly sizes: readonly Expression[];
  readonly span: Span;
}

export type BinaryOperator = "+" | "-" | "*" | "/" | "@" | "^" | "<" | "<=" | ">" | ">=" | "==" | "!=" | "and" | "or";
export type UnaryOperator = "-" | "not";
/** The prefix operators of calculus: ∇, ∇², Δ. */
export type CalculusOperator = "∇" | "∇²" | "Δ";

/** `i in N` */
export interface Range {
  readonly name: Name;
  readonly size: Expression;
}
/** `for i in N, j in 3 if i < j` */
export interface Loops {
  readonly ranges: readonly Range[];
  readonly condition?: Expression;
}
/** `let a = e;` */
export interface Let {
  readonly name: Name;
  readonly value: Expression;
}
export interface CallArgument {
  readonly name?: Name;
  readonly value: Expression;
}

export type Expression = { readonly span: Span } & (
  | { readonly kind: "number"; readonly value: number; readonly integer: boolean }
  | { readonly kind: "name"; readonly text: string }
  | { readonly kind: "unary"; readonly operator: UnaryOperator; readonly operand: Expression }
  | { readonly kind: "calculus"; readonly operator: CalculusOperator; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "call"; readonly callee: Expression; readonly arguments: readonly CallArgument[] }
  | { readonly kind: "reduce"; readonly operator: Name; readonly body: Expression; readonly loops: Loops }
  | { readonly kind: "index"; readonly tensor: Expression; readonly indices: readonly Expression[] }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "comprehension"; readonly body: Expression; readonly loops: Loops }
  | { readonly kind: "block"; readonly lets: readonly Let[]; readonly result: Expression }
  | {
      readonly kind: "fold";
      readonly state: Name;
      readonly initial: Expression;
      readonly range: Range;
      readonly body: Expression;
    }
);

/** An argument of a function, or a per-point datum of an observation. */
export interface Argument {
  readonly name: Name;
  readonly type?: TypeNode;
  readonly defaultValue?: Expression;
}

/** `> a` is { lower }; `in (a, b)` is both. Open. */
export interface Bound {
  readonly lower: Expression;
  readonly upper?: Expression;
}

export type Declaration = { readonly span: Span } & (
  | { readonly kind: "import"; readonly names: readonly Name[]; readonly path: string; readonly pathSpan: Span }
  | { readonly kind: "dim"; readonly items: readonly { readonly name: Name; readonly value?: Expression }[] }
  | {
      readonly kind: "const";
      readonly name: Name;
      readonly type?: TypeNode;
      readonly key?: string;
      readonly symmetry: boolean;
      readonly value?: Expression;
    }
  | { readonly kind: "input"; readonly name: Name; readonly type: TypeNode }
  | { readonly kind: "coordinates"; readonly names: readonly Name[] }
  | {
      readonly kind: "param";
      readonly name: Name;
      readonly type?: TypeNode;
      readonly initial?: Expression;
      readonly key?: string;
      readonly bound?: Bound;
      readonly fixed: boolean;
    }
  | {
      readonly kind: "fn";
      readonly name: Name;
      readonly arguments: readonly Argument[];
      readonly result?: TypeNode;
      readonly body: Expression;
    }
  | { readonly kind: "kernel"; readonly name: Name; readonly points: readonly [Name, Name]; readonly body: Expression }
  | {
      readonly kind: "latent";
      readonly name: Name;
      readonly type?: TypeNode;
      readonly kernel: Name;
      readonly mean?: Expression;
    }
  | {
      readonly kind: "observe";
      readonly name: Name;
      readonly arguments: readonly Argument[];
      readonly operator: Expression;
      readonly value?: Expression;
      readonly key?: string;
      readonly noise?: Expression;
    }
  | { readonly kind: "offset"; readonly name: Name; readonly operator: Expression; readonly key: string }
  | {
      readonly kind: "predict";
      readonly name: Name;
      readonly arguments: readonly Argument[];
      readonly operator?: Expression;
    }
);

export interface Comment {
  readonly text: string;
  readonly span: Span;
}

export interface Ast {
  readonly model?: Name;
  readonly declarations: readonly Declaration[];
  readonly comments: readonly Comment[];
}
