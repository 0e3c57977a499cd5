/**
 * The Loop IR: what a backend prints. In: nothing. Out: the types of statements, scalars and index arithmetic.
 * A program reads input buffers and fills output buffers by counted loops over scalar expressions. Index arithmetic
 * is a language of its own (Integer), so that it is never counted as, or mixed with, floating-point work.
 */
import type { Axis } from "../ir/node.ts";
import type { Op } from "../ir/ops.ts";

/** A number of iterations or entries: known, or a symbolic number of points. */
export type Extent = number | { readonly size: string };

export const extentOf = (a: Axis): Extent => (a.size === undefined ? a.extent : { size: a.size });

/** How entries are held. Index arithmetic reads i32; everything else is worked out in f64. */
export type Dtype = "f64" | "f32" | "i32";

export interface Buffer {
  readonly name: string;
  readonly dims: readonly Extent[];
  /** input, output: arguments of the program. table: constant data. local: scratch of the program. */
  readonly role: "input" | "output" | "table" | "local";
  /** f64 where left out. */
  readonly dtype?: Dtype;
  /** Of a table: its entries; of an i32 one, whole numbers. */
  readonly data?: Float64Array;
  /** A note for readers of the printed code. */
  readonly doc?: string;
}

export const dtypeOf = (b: Buffer): Dtype => b.dtype ?? "f64";

/** How a constant table is held: as i32 where all its entries are whole numbers of 32 bits. */
export const dtypeOfEntries = (data: Float64Array): Dtype => (data.every((v) => v === (v | 0)) ? "i32" : "f64");

/** Index arithmetic. */
export type Integer =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "counter"; readonly name: string }
  | { readonly kind: "extent"; readonly extent: Extent }
  | { readonly kind: "plus"; readonly left: Integer; readonly right: Integer }
  | { readonly kind: "times"; readonly left: Integer; readonly right: Integer }
  /** An entry of an integer table. */
  | { readonly kind: "entry"; readonly buffer: Buffer; readonly offset: Integer }
  /** A scalar that is whole. */
  | { readonly kind: "whole"; readonly scalar: Scalar };

/** Floating-point expressions. */
export type Scalar =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "load"; readonly buffer: Buffer; readonly offset: Integer }
  | { readonly kind: "integer"; readonly value: Integer }
  | { readonly kind: "binary"; readonly op: "+" | "-" | "*" | "/"; readonly left: Scalar; readonly right: Scalar }
  | { readonly kind: "negate"; readonly of: Scalar }
  | { readonly kind: "call"; readonly op: Op; readonly args: readonly Scalar[] }
  /** The chosen arm alone is evaluated. */
  | { readonly kind: "select"; readonly condition: Condition; readonly then: Scalar; readonly otherwise: Scalar };

export type Condition =
  | { readonly kind: "compare"; readonly op: "<" | "<=" | "===" | "!=="; readonly left: Scalar; readonly right: Scalar }
  | { readonly kind: "same"; readonly left: Integer; readonly right: Integer }
  | { readonly kind: "both"; readonly op: "&&" | "||"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "not"; readonly of: Condition };

export type Statement =
  | { readonly kind: "block"; readonly body: readonly Statement[]; readonly doc?: string }
  | {
      readonly kind: "for";
      readonly counter: string;
      readonly extent: Extent;
      readonly body: readonly Statement[];
      readonly doc?: string;
    }
  /** const name = value */
  | { readonly kind: "define"; readonly name: string; readonly value: Scalar }
  /** let name = 0, a sum to be accumulated */
  | { readonly kind: "total"; readonly name: string }
  | { readonly kind: "increase"; readonly name: string; readonly value: Scalar }
  /** Entries offset … offset + count − 1 become 0. */
  | { readonly kind: "clear"; readonly buffer: Buffer; readonly offset: Integer; readonly count: Integer }
  | { readonly kind: "store"; readonly buffer: Buffer; readonly offset: Integer; readonly value: Scalar }
  | { readonly kind: "accumulate"; readonly buffer: Buffer; readonly offset: Integer; readonly value: Scalar }
  | Gemm;

/** A matrix inside a buffer: entry (r, k) stands at offset + r · row + k · inner. */
export interface MatrixView {
  readonly buffer: Buffer;
  readonly offset: Integer;
  readonly row: number;
  readonly inner: number;
}

/**
 * C[m, n] += Σ_k A[m, k] B[n, k], C dense: the shape of products between points, or between the atoms of two
 * molecules, which backends tile in registers.
 */
export interface Gemm {
  readonly kind: "gemm";
  readonly rows: Extent;
  readonly cols: Extent;
  readonly inner: Extent;
  readonly a: MatrixView;
  readonly b: MatrixView;
  readonly c: { readonly buffer: Buffer; readonly offset: Integer };
}

export interface Program {
  readonly name: string;
  readonly doc: string;
  /** Symbolic numbers of points, arguments of the program in this order. */
  readonly sizes: readonly string[];
  readonly inputs: readonly Buffer[];
  readonly outputs: readonly Buffer[];
  readonly tables: readonly Buffer[];
  readonly locals: readonly Buffer[];
  readonly body: readonly Statement[];
}

// ---- building blocks, folded where they are trivial

export const constant = (value: number): Integer => ({ kind: "constant", value });
export const counter = (name: string): Integer => ({ kind: "counter", name });
export const extentInteger = (extent: Extent): Integer =>
  typeof extent === "number" ? constant(extent) : { kind: "extent", extent };

export function plus(left: Integer, right: Integer): Integer {
  if (left.kind === "constant" && right.kind === "constant") return constant(left.value + right.value);
  if (left.kind === "constant" && left.value === 0) return right;
  if (right.kind === "constant" && right.value === 0) return left;
  return { kind: "plus", left, right };
}
export function times(left: Integer, right: Integer): Integer {
  if (left.kind === "constant" && right.kind === "constant") return constant(left.value * right.value);
  for (const [a, b] of [
    [left, right],
    [right, left],
  ] as const) {
    if (a.kind === "constant" && a.value === 1) return b;
    if (a.kind === "constant" && a.value === 0) return a;
  }
  return { kind: "times", left, right };
}

/** The row-major offset of an entry: Horner's rule over the dimensions. */
export function offsetOf(buffer: Buffer, indices: readonly Integer[]): Integer {
  return indices.reduce<Integer>((offset, i, n) => plus(times(offset, extentInteger(buffer.dims[n]!)), i), constant(0));
}
/** Entries of a buffer from a dimension on. */
export const countFrom = (buffer: Buffer, from: number): Integer =>
  buffer.dims.slice(from).reduce<Integer>((n, d) => times(n, extentInteger(d)), constant(1));

export const number = (value: number): Scalar => ({ kind: "number", value });
export const variable = (name: string): Scalar => ({ kind: "variable", name });

/** A binary operation; negations and ones are absorbed. */
export function binary(op: "+" | "-" | "*" | "/", left: Scalar, right: Scalar): Scalar {
  if (op === "*" && left.kind === "number" && left.value === 1) return right;
  if (op === "*" && left.kind === "number" && left.value === -1) return negate(right);
  if (op === "*" && left.kind === "negate") return negate(binary("*", left.of, right));
  if (op === "+" && right.kind === "negate") return binary("-", left, right.of);
  if (op === "+" && left.kind === "negate") return binary("-", right, left.of);
  if (op === "+" && right.kind === "binary" && right.op === "*" && right.left.kind === "number" && right.left.value < 0)
    return binary("-", left, binary("*", number(-right.left.value), right.right));
  return { kind: "binary", op, left, right };
}
export const negate = (of: Scalar): Scalar =>
  of.kind === "number" ? number(-of.value) : of.kind === "negate" ? of.of : { kind: "negate", of };
