/**
 * Trees of Loop rebuilt. In: statements, scalars or index arithmetic, and rules for some of their nodes. Out: the same
 * trees with what the rules say; a rule that gives undefined leaves a node to be rebuilt from its parts.
 */
import type { Condition, Integer, MatrixView, Scalar, Statement } from "./loop.ts";

export interface Rules {
  scalar?(s: Scalar): Scalar | undefined;
  integer?(i: Integer): Integer | undefined;
}

export class Rewriter {
  private readonly rules: Rules;
  constructor(rules: Rules) {
    this.rules = rules;
  }

  integer(i: Integer): Integer {
    const made = this.rules.integer?.(i);
    if (made) return made;
    switch (i.kind) {
      case "constant":
      case "counter":
      case "extent":
        return i;
      case "plus":
      case "times":
        return { ...i, left: this.integer(i.left), right: this.integer(i.right) };
      case "entry":
        return { ...i, offset: this.integer(i.offset) };
      case "whole":
        return { ...i, scalar: this.scalar(i.scalar) };
    }
  }

  scalar(s: Scalar): Scalar {
    const made = this.rules.scalar?.(s);
    if (made) return made;
    switch (s.kind) {
      case "number":
      case "variable":
        return s;
      case "load":
        return { ...s, offset: this.integer(s.offset) };
      case "integer":
        return { ...s, value: this.integer(s.value) };
      case "binary":
        return { ...s, left: this.scalar(s.left), right: this.scalar(s.right) };
      case "negate":
        return { ...s, of: this.scalar(s.of) };
      case "call":
        return { ...s, args: s.args.map((a) => this.scalar(a)) };
      case "select":
        return {
          ...s,
          condition: this.condition(s.condition),
          then: this.scalar(s.then),
          otherwise: this.scalar(s.otherwise),
        };
    }
  }

  private condition(c: Condition): Condition {
    switch (c.kind) {
      case "compare":
        return { ...c, left: this.scalar(c.left), right: this.scalar(c.right) };
      case "same":
        return { ...c, left: this.integer(c.left), right: this.integer(c.right) };
      case "both":
        return { ...c, left: this.condition(c.left), right: this.condition(c.right) };
      case "not":
        return { ...c, of: this.condition(c.of) };
    }
  }

  private view(v: MatrixView): MatrixView {
    return { ...v, offset: this.integer(v.offset) };
  }

  statements(body: readonly Statement[]): Statement[] {
    return body.map((s) => this.statement(s));
  }

  statement(s: Statement): Statement {
    switch (s.kind) {
      case "block":
      case "for":
        return { ...s, body: this.statements(s.body) };
      case "define":
      case "increase":
        return { ...s, value: this.scalar(s.value) };
      case "total":
        return s;
      case "clear":
        return { ...s, offset: this.integer(s.offset), count: this.integer(s.count) };
      case "store":
      case "accumulate":
        return { ...s, offset: this.integer(s.offset), value: this.scalar(s.value) };
      case "gemm":
        return { ...s, a: this.view(s.a), b: this.view(s.b), c: { ...s.c, offset: this.integer(s.c.offset) } };
    }
  }
}

/** A text that index arithmetic shares with its equals alone. */
export function keyOf(i: Integer): string {
  switch (i.kind) {
    case "constant":
      return String(i.value);
    case "counter":
      return i.name;
    case "extent":
      return typeof i.extent === "number" ? String(i.extent) : `#${i.extent.size}`;
    case "plus":
      return `(${keyOf(i.left)}+${keyOf(i.right)})`;
    case "times":
      return `(${keyOf(i.left)}*${keyOf(i.right)})`;
    case "entry":
      return `${i.buffer.name}[${keyOf(i.offset)}]`;
    case "whole":
      return JSON.stringify(i.scalar, (name, value: unknown) =>
        name === "buffer" ? (value as { name: string }).name : value,
      );
  }
}
