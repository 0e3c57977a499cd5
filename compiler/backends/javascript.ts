/**
 * Statements and scalars as JavaScript text. In: Loop's trees. Out: text with the parentheses that precedence asks for.
 * Types are all numbers and Float64Arrays, so the same text is the body of the .js module and of the .ts project.
 */
import { ops, type Op } from "../ir/ops.ts";
import type { Condition, Extent, Gemm, Integer, Scalar, Statement } from "../loops/loop.ts";

/** Precedences of JavaScript, tight to loose. */
const PRIMARY = 20, UNARY = 15, TIMES = 13, PLUS = 12, COMPARE = 10, EQUAL = 9, AND = 5, OR = 4, CHOICE = 3, LOOSE = 0;
interface Text { readonly text: string; readonly level: number }
const wrap = (t: Text, above: number): string => (t.level < above ? `(${t.text})` : t.text);

export const printNumber = (value: number): string => {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  return Object.is(value, -0) ? "-0" : String(value);
};

function integerText(i: Integer): Text {
  switch (i.kind) {
    case "constant": return { text: String(i.value), level: PRIMARY };
    case "counter": return { text: i.name, level: PRIMARY };
    case "extent": return { text: extent(i.extent), level: PRIMARY };
    case "plus": return { text: `${wrap(integerText(i.left), PLUS)} + ${wrap(integerText(i.right), PLUS + 1)}`, level: PLUS };
    case "times": return { text: `${wrap(integerText(i.left), TIMES)} * ${wrap(integerText(i.right), TIMES + 1)}`, level: TIMES };
    case "entry": return { text: `${i.buffer.name}[${integerText(i.offset).text}]`, level: PRIMARY };
    case "whole": return scalarText(i.scalar);
  }
}

function scalarText(s: Scalar): Text {
  switch (s.kind) {
    case "number": return { text: printNumber(s.value), level: s.value < 0 ? UNARY : PRIMARY };
    case "variable": return { text: s.name, level: PRIMARY };
    case "load": return { text: `${s.buffer.name}[${integerText(s.offset).text}]`, level: PRIMARY };
    case "integer": return integerText(s.value);
    case "negate": return { text: `-${wrap(scalarText(s.of), UNARY + 1)}`, level: UNARY };
    case "call": return call(s.op, s.args);
    case "select": return { text: `${wrap(conditionText(s.condition), CHOICE + 1)} ? ${wrap(scalarText(s.then), CHOICE)} : ${wrap(scalarText(s.otherwise), CHOICE)}`, level: CHOICE };
    case "binary": {
      const level = s.op === "*" || s.op === "/" ? TIMES : PLUS;
      return { text: `${wrap(scalarText(s.left), level)} ${s.op} ${wrap(scalarText(s.right), level + 1)}`, level };
    }
  }
}

function call(op: Op, args: readonly Scalar[]): Text {
  const name = ops[op].spelling.call;
  if (name === undefined) throw new Error(`${op} has no spelling in JavaScript`);
  return { text: `${name}(${args.map((a) => scalarText(a).text).join(", ")})`, level: PRIMARY };
}

function conditionText(c: Condition): Text {
  switch (c.kind) {
    case "same": return { text: `${wrap(integerText(c.left), EQUAL + 1)} === ${wrap(integerText(c.right), EQUAL + 1)}`, level: EQUAL };
    case "compare": {
      const level = c.op === "<" || c.op === "<=" ? COMPARE : EQUAL;
      return { text: `${wrap(scalarText(c.left), level + 1)} ${c.op} ${wrap(scalarText(c.right), level + 1)}`, level };
    }
    case "both": {
      const level = c.op === "&&" ? AND : OR;
      return { text: `${wrap(conditionText(c.left), level)} ${c.op} ${wrap(conditionText(c.right), level + 1)}`, level };
    }
    case "not": return { text: `!${wrap(conditionText(c.of), UNARY + 1)}`, level: UNARY };
  }
}

export const extent = (e: Extent): string => (typeof e === "number" ? String(e) : e.size);
const scalar = (s: Scalar): string => wrap(scalarText(s), LOOSE);
const integer = (i: Integer): string => integerText(i).text;

/** Statements, indented. */
export function printStatements(body: readonly Statement[], indent: string): string[] {
  return body.flatMap((s) => printStatement(s, indent));
}

function printStatement(s: Statement, indent: string): string[] {
  const line = (text: string): string[] => [indent + text];
  const update = (place: string, value: Scalar): string[] => line(value.kind === "negate" ? `${place} -= ${scalar(value.of)};` : `${place} += ${scalar(value)};`);
  switch (s.kind) {
    case "block": return [...(s.doc === undefined ? [] : [`${indent}// ${s.doc}`]), ...printStatements(s.body, indent)];
    case "for": return [
      ...(s.doc === undefined ? [] : [`${indent}// ${s.doc}`]),
      `${indent}for (let ${s.counter} = 0; ${s.counter} < ${extent(s.extent)}; ${s.counter}++) {`, ...printStatements(s.body, `${indent}  `), `${indent}}`,
    ];
    case "define": return line(`const ${s.name} = ${scalar(s.value)};`);
    case "total": return line(`let ${s.name} = 0;`);
    case "increase": return update(s.name, s.value);
    case "clear": {
      const whole = s.offset.kind === "constant" && s.offset.value === 0 && s.buffer.role === "local";
      return line(whole ? `${s.buffer.name}.fill(0);` : `${s.buffer.name}.fill(0, ${integer(s.offset)}, ${integer(s.offset)} + ${integer(s.count)});`);
    }
    case "store": return line(`${s.buffer.name}[${integer(s.offset)}] = ${scalar(s.value)};`);
    case "accumulate": return update(`${s.buffer.name}[${integer(s.offset)}]`, s.value);
    case "gemm": return line(gemmCall(s));
  }
}

const gemmCall = (g: Gemm): string =>
  `gemm(${[extent(g.rows), extent(g.cols), extent(g.inner), ...[g.a, g.b, g.c].flatMap((x) => [x.buffer.name, integer(x.offset)])].join(", ")});`;

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
