/**
 * The typed, resolved tree: what `check` makes of syntax, and what `lower` and editors read.
 * In: nothing. Out: its types, and the parts of a node.
 * Every node has its place and its type; every name is what it refers to; arguments stand in the order of the
 * function's
 * own, defaults put in. A function's body is there once for each combination of argument types, so nothing in it is
 * open: which function a name calls is decided by then, and functions are no values any more.
 */
import type { BinaryOperator, Name, UnaryOperator } from "../source/ast.ts";
import type { Span } from "../source/span.ts";
import type { Primitive } from "./builtins/builtin.ts";
import type { DeclaredName } from "./names/scope.ts";
import type { DeclaredFunction, Type } from "./types/type.ts";

/** A name that an expression binds. Each is an object of its own, so what refers to it can't be captured. */
export interface Local {
  readonly name: Name;
  readonly role: "argument" | "size" | "let" | "loop variable" | "state";
  type: Type;
}

export const reductions = ["sum", "mean", "prod", "max", "min"] as const;
export type Reduction = (typeof reductions)[number];

export interface TypedRange {
  readonly variable: Local;
  readonly size: Typed;
}
export interface TypedLoops {
  readonly ranges: readonly TypedRange[];
  readonly condition?: Typed;
}

export type Typed = { readonly span: Span; readonly type: Type } & (
  | { readonly kind: "number"; readonly value: number; readonly integer: boolean }
  | { readonly kind: "local"; readonly local: Local }
  /** A dim, constant, parameter, latent, the input or a coordinate of it. */
  | { readonly kind: "declared"; readonly declared: DeclaredName }
  /** A name of a function: its type says which. */
  | { readonly kind: "function" }
  | { readonly kind: "unary"; readonly operator: UnaryOperator; readonly operand: Typed }
  | { readonly kind: "binary"; readonly operator: BinaryOperator; readonly left: Typed; readonly right: Typed }
  /** A call of what is built in; `callee` is absent where a sign stands for it. */
  | {
      readonly kind: "apply";
      readonly builtin: Primitive;
      readonly arguments: readonly Typed[];
      readonly callee?: Typed;
    }
  | {
      readonly kind: "call";
      readonly instance: Instance;
      readonly arguments: readonly Typed[];
      readonly callee?: Typed;
    }
  | { readonly kind: "reduce"; readonly reduction: Reduction; readonly loops: TypedLoops; readonly body: Typed }
  | { readonly kind: "index"; readonly tensor: Typed; readonly indices: readonly Typed[] }
  | { readonly kind: "list"; readonly items: readonly Typed[] }
  | { readonly kind: "comprehension"; readonly loops: TypedLoops; readonly body: Typed }
  | { readonly kind: "block"; readonly lets: readonly TypedLet[]; readonly result: Typed }
  | {
      readonly kind: "fold";
      readonly state: Local;
      readonly initial: Typed;
      readonly range: TypedRange;
      readonly body: Typed;
    }
  /** What was complained of; its type is unknown. No model has it. */
  | { readonly kind: "wrong"; readonly parts: readonly Typed[] }
);

export interface TypedLet {
  readonly local: Local;
  readonly value: Typed;
}

/** A declared type: `real[N, 3]`. */
export interface Annotation {
  readonly base: "real" | "int" | "bool" | "index";
  readonly sizes: readonly Typed[];
  readonly span: Span;
}

export interface Formal {
  readonly local: Local;
  readonly annotation?: Annotation;
}

/** A function or kernel for one combination of argument types. */
export interface Instance {
  readonly of: DeclaredFunction;
  readonly formals: readonly Formal[];
  /** The sizes that the signature introduces; a size that stands alone in an annotation binds them. */
  readonly sizes: readonly Local[];
  readonly result?: Annotation;
  readonly body: Typed;
  /** The result's type. */
  readonly type: Type;
}

const ofLoops = ({ ranges, condition }: TypedLoops): Typed[] => [
  ...ranges.map((r) => r.size),
  ...(condition === undefined ? [] : [condition]),
];

/** The nodes directly inside a node; a called function's body is not inside. */
export function partsOf(e: Typed): readonly Typed[] {
  switch (e.kind) {
    case "number":
    case "local":
    case "declared":
    case "function":
      return [];
    case "wrong":
      return e.parts;
    case "unary":
      return [e.operand];
    case "binary":
      return [e.left, e.right];
    case "apply":
    case "call":
      return [...(e.callee === undefined ? [] : [e.callee]), ...e.arguments];
    case "reduce":
    case "comprehension":
      return [...ofLoops(e.loops), e.body];
    case "index":
      return [e.tensor, ...e.indices];
    case "list":
      return e.items;
    case "block":
      return [...e.lets.map((step) => step.value), e.result];
    case "fold":
      return [e.initial, e.range.size, e.body];
  }
}

/** Every name that a node binds itself. */
export function localsOf(e: Typed): readonly Local[] {
  switch (e.kind) {
    case "reduce":
    case "comprehension":
      return e.loops.ranges.map((r) => r.variable);
    case "block":
      return e.lets.map((step) => step.local);
    case "fold":
      return [e.state, e.range.variable];
    default:
      return [];
  }
}
