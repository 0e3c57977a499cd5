/**
 * Statements and scalars as JavaScript text. In: Loop's trees. Out: text with the parentheses that precedence asks for.
 * Types are all numbers and Float64Arrays, so the same text is the body of the .js module and of the .ts project.
 */
import { ops, type Op } from "../ir/ops.ts";
import type { Buffer, Condition, Dtype, Extent, Gemm, Integer, Scalar, Statement } from "../loops/loop.ts";

/** Precedences of JavaScript, tight to loose. */
const PRIMARY = 20,
  UNARY = 15,
  TIMES = 13,
  PLUS = 12,
  COMPARE = 10,
  EQUAL = 9,
  AND = 5,
  OR = 4,
  CHOICE = 3,
  LOOSE = 0;
interface Text {
  readonly text: string;
  readonly level: number;
}
const wrap = (t: Text, above: number): string => (t.level < above ? `(${t.text})` : t.text);

export const printNumber = (value: number): string => {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  return Object.is(value, -0) ? "-0" : String(value);
};

export const extent = (e: Extent): string => (typeof e === "number" ? String(e) : e.size);

/** What holds entries of each dtype. */
export const ARRAYS: { readonly [K in Dtype]: string } = {
  f64: "Float64Array",
  f32: "Float32Array",
  i32: "Int32Array",
};

/** Prints with the names that a module gives to buffers. */
export class Printer {
  private readonly nameOf: (b: Buffer) => string;
  constructor(nameOf: (b: Buffer) => string) {
    this.nameOf = nameOf;
  }

  integer(i: Integer): string {
    return this.integerText(i).text;
  }
  scalar(s: Scalar): string {
    return wrap(this.scalarText(s), LOOSE);
  }

  private integerText(i: Integer): Text {
    switch (i.kind) {
      case "constant":
        return { text: String(i.value), level: PRIMARY };
      case "counter":
        return { text: i.name, level: PRIMARY };
      case "extent":
        return { text: extent(i.extent), level: PRIMARY };
      case "plus":
        return {
          text: `${wrap(this.integerText(i.left), PLUS)} + ${wrap(this.integerText(i.right), PLUS + 1)}`,
          level: PLUS,
        };
      case "times":
        return {
          text: `${wrap(this.integerText(i.left), TIMES)} * ${wrap(this.integerText(i.right), TIMES + 1)}`,
          level: TIMES,
        };
      case "entry":
        return { text: `${this.nameOf(i.buffer)}[${this.integer(i.offset)}]`, level: PRIMARY };
      case "whole":
        return this.scalarText(i.scalar);
    }
  }

  private scalarText(s: Scalar): Text {
    switch (s.kind) {
      case "number":
        return { text: printNumber(s.value), level: s.value < 0 ? UNARY : PRIMARY };
      case "variable":
        return { text: s.name, level: PRIMARY };
      case "load":
        return {
          text: isNumber(s.buffer) ? this.nameOf(s.buffer) : `${this.nameOf(s.buffer)}[${this.integer(s.offset)}]`,
          level: PRIMARY,
        };
      case "integer":
        return this.integerText(s.value);
      case "negate":
        return { text: `-${wrap(this.scalarText(s.of), UNARY + 1)}`, level: UNARY };
      case "call":
        return this.call(s.op, s.args);
      case "select":
        return {
          text:
            `${wrap(this.conditionText(s.condition), CHOICE + 1)} ? ${wrap(this.scalarText(s.then), CHOICE)} : ` +
            `${wrap(this.scalarText(s.otherwise), CHOICE)}`,
          level: CHOICE,
        };
      case "binary": {
        const level = s.op === "*" || s.op === "/" ? TIMES : PLUS;
        return {
          text: `${wrap(this.scalarText(s.left), level)} ${s.op} ${wrap(this.scalarText(s.right), level + 1)}`,
          level,
        };
      }
    }
  }

  private call(op: Op, args: readonly Scalar[]): Text {
    const name = ops[op].spelling.call;
    if (name === undefined) throw new Error(`${op} has no spelling in JavaScript`);
    return { text: `${name}(${args.map((a) => this.scalar(a)).join(", ")})`, level: PRIMARY };
  }

  private conditionText(c: Condition): Text {
    switch (c.kind) {
      case "same":
        return {
          text: `${wrap(this.integerText(c.left), EQUAL + 1)} === ${wrap(this.integerText(c.right), EQUAL + 1)}`,
          level: EQUAL,
        };
      case "compare": {
        const level = c.op === "<" || c.op === "<=" ? COMPARE : EQUAL;
        return {
          text: `${wrap(this.scalarText(c.left), level + 1)} ${c.op} ${wrap(this.scalarText(c.right), level + 1)}`,
          level,
        };
      }
      case "both": {
        const level = c.op === "&&" ? AND : OR;
        return {
          text: `${wrap(this.conditionText(c.left), level)} ${c.op} ${wrap(this.conditionText(c.right), level + 1)}`,
          level,
        };
      }
      case "not":
        return { text: `!${wrap(this.conditionText(c.of), UNARY + 1)}`, level: UNARY };
    }
  }

  /** Statements as indented lines. */
  statements(body: readonly Statement[], indent: string): string[] {
    return body.flatMap((s) => this.statement(s, indent));
  }

  private statement(s: Statement, indent: string): string[] {
    const line = (text: string): string[] => [indent + text];
    const doc = (text: string | undefined): string[] => (text === undefined ? [] : line(`// ${text}`));
    switch (s.kind) {
      case "block":
        return [...doc(s.doc), ...this.statements(s.body, indent)];
      case "for":
        return [
          ...doc(s.doc),
          `${indent}for (let ${s.counter} = 0; ${s.counter} < ${extent(s.extent)}; ${s.counter}++) {`,
          ...this.statements(s.body, `${indent}  `),
          `${indent}}`,
        ];
      case "define":
        return line(`const ${s.name} = ${this.scalar(s.value)};`);
      case "total":
        return line(`let ${s.name} = 0;`);
      case "increase":
        return line(this.update(s.name, s.value));
      case "clear":
        return line(this.clear(s.buffer, s.offset, s.count));
      case "store":
        return line(`${this.nameOf(s.buffer)}[${this.integer(s.offset)}] = ${this.scalar(s.value)};`);
      case "accumulate":
        return line(this.update(`${this.nameOf(s.buffer)}[${this.integer(s.offset)}]`, s.value));
      case "gemm":
        return line(this.gemm(s));
    }
  }

  private update(place: string, value: Scalar): string {
    return value.kind === "negate" ? `${place} -= ${this.scalar(value.of)};` : `${place} += ${this.scalar(value)};`;
  }

  private clear(b: Buffer, offset: Integer, count: Integer): string {
    const start = this.integerText(offset);
    if (start.text === "0")
      return b.role === "local"
        ? `${this.nameOf(b)}.fill(0);`
        : `${this.nameOf(b)}.fill(0, 0, ${this.integer(count)});`;
    return (
      `${this.nameOf(b)}.fill(0, ${start.text}, ${wrap(start, PLUS)} + ` +
      `${wrap(this.integerText(count), PLUS + 1)});`
    );
  }

  private gemm(g: Gemm): string {
    const views = [g.a, g.b].flatMap((x) => [
      this.nameOf(x.buffer),
      this.integer(x.offset),
      String(x.row),
      String(x.inner),
    ]);
    const places = [...views, this.nameOf(g.c.buffer), this.integer(g.c.offset)];
    return `gemm(${[extent(g.rows), extent(g.cols), extent(g.inner), ...places].join(", ")});`;
  }
}

/** Scalar inputs are passed as numbers. */
export const isNumber = (b: Buffer): boolean => b.role === "input" && b.dims.length === 0;

/** The primitives called in statements, for the helpers that a module must carry. */
export function calledOps(body: readonly Statement[]): Set<Op> {
  const found = new Set<Op>();
  const look = (x: unknown): void => {
    if (typeof x !== "object" || x === null || ArrayBuffer.isView(x)) return;
    if ("kind" in x && x.kind === "call" && "op" in x) found.add(x.op as Op);
    for (const value of Object.values(x)) look(value);
  };
  look(body);
  return found;
}
