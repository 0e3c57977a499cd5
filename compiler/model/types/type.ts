/**
 * The types of expressions: base, shape, how they depend on the latents, and when they are known.
 * In: nothing. Out: the closed sum `Type`, its printing and its identity.
 * An expression whose error has been reported is `unknown`, and everything that touches it is silent.
 */
import type { Declaration } from "../../source/ast.ts";
import type { Builtin } from "../builtins/builtin.ts";
import type { FileScope } from "../names/scope.ts";
import { printSize, sizeKey, type Size } from "./size.ts";

export type Base = "real" | "int" | "bool";
/** The base of numbers put together: the widest. */
export const commonBaseOf = (bases: readonly Base[]): Base =>
  bases.includes("real") ? "real" : bases.includes("int") ? "int" : "bool";
/** The base of a number worked out from others. */
export const numericBase = (bases: readonly Base[]): "int" | "real" => (bases.includes("real") ? "real" : "int");
/** The base of a declared type: an index is an int. */
export const baseOf = (base: Base | "index"): Base => (base === "index" ? "int" : base);

/** Dependence on the latents: identically zero, none, or linear. */
export type Degree = "zero" | "known" | "linear";

/** Numbers of derivatives by latent; a latent that does not occur is not in it. */
export type Orders = Readonly<Record<string, number>>;

export interface TensorType {
  readonly kind: "tensor";
  readonly base: Base;
  readonly shape: readonly Size[];
  readonly degree: Degree;
  /** The highest number of derivatives that each latent in it has undergone. */
  readonly orders: Orders;
  /** Known when compiling: made of constants, sizes and loop variables alone. */
  readonly constant: boolean;
  /** The value of a whole number, where it is a polynomial of sizes and loop variables. */
  readonly value?: Size;
  /** Entries lie from 0 to below this size. */
  readonly below?: Size;
  /**
   * A part of the input: this many of its indices are given. All given, it is a coordinate, and can be differentiated
   * by.
   */
  readonly coordinate?: number | undefined;
}

/** A `fn` or `kernel` and the file in which its names are looked up. */
export interface DeclaredFunction {
  readonly declaration: Extract<Declaration, { kind: "fn" | "kernel" }>;
  readonly file: FileScope;
}
/** A function is named by its declaration, or is built in: nothing else makes one, so there is nothing to capture. */
export type Callable =
  | ({ readonly kind: "declared" } & DeclaredFunction)
  | { readonly kind: "builtin"; readonly builtin: Builtin };
export interface FunctionType {
  readonly kind: "function";
  readonly callable: Callable;
}
export interface UnknownType {
  readonly kind: "unknown";
}
export type Type = TensorType | FunctionType | UnknownType;

export const unknown: UnknownType = { kind: "unknown" };

export function tensor(
  base: Base,
  shape: readonly Size[],
  more: Partial<Omit<TensorType, "kind" | "base" | "shape">> = {},
): TensorType {
  return { kind: "tensor", base, shape, degree: "known", orders: {}, constant: false, ...more };
}

/** A whole number known when compiling. */
export const whole = (value: Size): TensorType =>
  tensor("int", [], { constant: true, value, degree: value.terms.length === 0 ? "zero" : "known" });

/** The highest number of each latent, latents in alphabetical order. */
export function mergeOrders(types: readonly Pick<TensorType, "orders">[]): Orders {
  const all = new Map<string, number>();
  for (const [name, n] of types.flatMap((t) => Object.entries(t.orders)))
    all.set(name, Math.max(n, all.get(name) ?? 0));
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}
/** One derivative more of every latent. */
export const raised = (orders: Orders): Orders =>
  Object.fromEntries(Object.entries(orders).map(([name, n]) => [name, n + 1]));

export const isScalar = (t: TensorType): boolean => t.shape.length === 0;

export function printShape(base: string, shape: readonly Size[]): string {
  return shape.length === 0 ? base : `${base}[${shape.map(printSize).join(", ")}]`;
}

export function printType(t: Type): string {
  switch (t.kind) {
    case "tensor":
      return printShape(t.base, t.shape);
    case "function":
      return `the function ${t.callable.kind === "builtin" ? t.callable.builtin.name : t.callable.declaration.name.text}`;
    case "unknown":
      return "unknown";
  }
}

/** Equal keys mean that a function's body need not be checked again. */
export function typeKey(t: Type): string {
  switch (t.kind) {
    case "unknown":
      return "?";
    case "function":
      return t.callable.kind === "builtin"
        ? `builtin ${t.callable.builtin.name}`
        : `${t.callable.file.source.name}#${t.callable.declaration.name.span.start}`;
    case "tensor": {
      const optional = [t.value, t.below].map((s) => (s === undefined ? "" : sizeKey(s)));
      return [
        t.base,
        t.shape.map(sizeKey).join(),
        t.degree,
        JSON.stringify(t.orders),
        t.constant,
        ...optional,
        t.coordinate ?? "",
      ].join(";");
    }
  }
}
