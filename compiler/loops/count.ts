/**
 * Floating-point operations of a program, without running it. In: a program and values of its sizes. Out: a number.
 * The counts are those of the interpreter, but that a selection counts its costlier arm; loops multiply what they hold.
 */
import { ops } from "../ir/ops.ts";
import type { Condition, Extent, Integer, Program, Scalar, Statement } from "./loop.ts";

/** Statements of a body, loops included. */
export const countStatements = (body: readonly Statement[]): number =>
  body.reduce((n, s) => n + (s.kind === "block" ? 0 : 1) + ("body" in s ? countStatements(s.body) : 0), 0);

/** Operations of a program for given numbers of points. Throws an Error for a size that isn't given. */
export function countFlops(program: Program, sizes: Readonly<Record<string, number>>): number {
  const extent = (e: Extent): number => {
    const value = typeof e === "number" ? e : sizes[e.size];
    if (value === undefined) throw new Error(`the size ${typeof e === "number" ? e : e.size} isn't given`);
    return value;
  };
  const body = (statements: readonly Statement[]): number => statements.reduce((sum, s) => sum + statement(s), 0);
  const statement = (s: Statement): number => {
    switch (s.kind) {
      case "block":
        return body(s.body);
      case "for":
        return extent(s.extent) * body(s.body);
      case "define":
        return scalar(s.value);
      case "total":
      case "clear":
        return 0;
      case "increase":
        return 1 + scalar(s.value);
      case "store":
        return scalar(s.value) + integer(s.offset);
      case "accumulate":
        return 1 + scalar(s.value) + integer(s.offset);
      case "gemm":
        return 2 * extent(s.rows) * extent(s.cols) * extent(s.inner);
    }
  };
  return body(program.body);
}

function scalar(s: Scalar): number {
  switch (s.kind) {
    case "number":
    case "variable":
      return 0;
    case "load":
      return integer(s.offset);
    case "integer":
      return integer(s.value);
    case "negate":
      return scalar(s.of);
    case "call":
      return s.args.reduce<number>((sum, a) => sum + scalar(a), ops[s.op].flops);
    case "binary":
      return 1 + scalar(s.left) + scalar(s.right);
    case "select":
      return condition(s.condition) + Math.max(scalar(s.then), scalar(s.otherwise));
  }
}

function condition(c: Condition): number {
  switch (c.kind) {
    case "same":
      return integer(c.left) + integer(c.right);
    case "not":
      return condition(c.of);
    case "both":
      return condition(c.left) + condition(c.right);
    case "compare":
      return scalar(c.left) + scalar(c.right);
  }
}

/** Index arithmetic is free; a scalar within it isn't. */
function integer(i: Integer): number {
  switch (i.kind) {
    case "constant":
    case "counter":
    case "extent":
      return 0;
    case "plus":
    case "times":
      return integer(i.left) + integer(i.right);
    case "entry":
      return integer(i.offset);
    case "whole":
      return scalar(i.scalar);
  }
}
