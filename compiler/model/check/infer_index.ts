/**
 * Indexing. In: a tensor and its indices. Out: the rest of its shape.
 * A scalar index takes an axis away, an int tensor puts its own axes there (a gather). An index is refused here only
 * where it provably leaves its range; what depends on constants' values is decided when they are bound.
 */
import type { Expression } from "../../source/ast.ts";
import type { Typed } from "../tree.ts";
import {
  addSizes,
  boundsOf,
  printSize,
  provablyPositive,
  scaleSize,
  sizeOf,
  subtractSizes,
  type Size,
} from "../types/size.ts";
import { isScalar, printType, tensor, unknown, type Type } from "../types/type.ts";
import { tensorsOnly, type TensorOperand } from "./combine.ts";
import { fault, type Context } from "./context.ts";

type Indexing = Extract<Expression, { kind: "index" }>;

export function inferIndex(e: Indexing, context: Context): Typed {
  const { infer } = context.checking;
  const subject = infer(e.tensor, context),
    indices = e.indices.map((i) => infer(i, context));
  return { ...e, tensor: subject, indices, type: typeOf(subject, indices, e, context) };
}

function typeOf(operand: Typed, given: readonly Typed[], e: Indexing, context: Context): Type {
  const indices = tensorsOnly(given, "an index", context);
  const [subject] = tensorsOnly([operand], "what is indexed", context) ?? [];
  if (!subject || !indices) return unknown;
  const { shape, coordinate } = subject.type;
  if (indices.length > shape.length) {
    fault(context, "ADK0305", e.span, { found: printType(subject.type), count: indices.length });
    return unknown;
  }
  const right = indices.filter((i) => isIndex(i, context));
  if (right.length < indices.length) return unknown;
  indices.forEach((i, n) => checkRange(i, shape[n]!, context));
  const { base, degree, orders, below } = subject.type;
  const constant = subject.type.constant;
  const part =
    coordinate !== undefined && indices.every((i) => isScalar(i.type))
      ? { coordinate: coordinate + indices.length }
      : {};
  const kept = [...indices.flatMap((i) => i.type.shape), ...shape.slice(indices.length)];
  return tensor(base, kept, { degree, orders, constant, ...(below === undefined ? {} : { below }), ...part });
}

function isIndex(index: TensorOperand, context: Context): boolean {
  if (index.type.base === "int" && index.type.constant) return true;
  const found =
    index.type.base === "int" ? `${printType(index.type)} that is not known when compiling` : printType(index.type);
  fault(context, "ADK0306", index.span, { found });
  return false;
}

function checkRange(index: TensorOperand, size: Size, context: Context): void {
  const last = addSizes(size, sizeOf(-1));
  const { value, below } = index.type;
  const bounds =
    value !== undefined && context.certain
      ? boundsOf(value)
      : value === undefined && below !== undefined
        ? { least: sizeOf(0), greatest: addSizes(below, sizeOf(-1)) }
        : undefined;
  if (!bounds) return;
  const leaves =
    provablyPositive(scaleSize(bounds.least, -1)) || provablyPositive(subtractSizes(bounds.greatest, last));
  if (leaves)
    fault(context, "ADK0307", index.span, {
      least: printSize(bounds.least),
      greatest: printSize(bounds.greatest),
      size: printSize(size),
    });
}
