/**
 * The printer of programs, for people. In: a program. Out: text: its signature with shapes, its tables, its loops and
 * statements in mathematical notation. Offsets are shown as the indices that they stand for.
 */
import {
  constant,
  countFrom,
  type Buffer,
  type Condition,
  type Extent,
  type Integer,
  type Program,
  type Scalar,
  type Statement,
} from "./loop.ts";

/** How tightly a text holds together: a sum is put in parentheses where a factor is wanted. */
const ATOM = 4,
  POWER = 3,
  PRODUCT = 2,
  SUM = 1,
  LOOSE = 0;
interface Text {
  readonly text: string;
  readonly level: number;
}
const atom = (text: string): Text => ({ text, level: ATOM });
const within = (t: Text, least: number): string => (t.level < least ? `(${t.text})` : t.text);

/** Entries of a table that are shown. */
const SHOWN = 12;

const extent = (e: Extent): string => (typeof e === "number" ? String(e) : e.size);
const numeral = (value: number): string => String(value).replace("-", "−");
const same = (a: Integer, b: Integer): boolean => JSON.stringify(a) === JSON.stringify(b);

/** An offset as indices, by Horner's rule backwards; indices that were folded away are 0. */
function indicesOf(offset: Integer, dims: readonly Extent[]): readonly Integer[] {
  const last = dims.at(-1),
    rest = dims.slice(0, -1);
  if (last === undefined || rest.length === 0) return dims.length === 0 ? [] : [offset];
  if (offset.kind === "constant" && typeof last === "number")
    return [...indicesOf(constant(Math.floor(offset.value / last)), rest), constant(offset.value % last)];
  const step = (i: Integer): Integer | undefined =>
    i.kind === "times" && same(i.right, typeof last === "number" ? constant(last) : { kind: "extent", extent: last })
      ? i.left
      : undefined;
  if (offset.kind === "plus") {
    const row = step(offset.left);
    if (row) return [...indicesOf(row, rest), offset.right];
  }
  const row = step(offset);
  return row ? [...indicesOf(row, rest), constant(0)] : [...rest.map(() => constant(0)), offset];
}

const integer = (i: Integer): string => integerText(i).text;
function integerText(i: Integer): Text {
  switch (i.kind) {
    case "constant":
      return atom(numeral(i.value));
    case "counter":
      return atom(i.name);
    case "extent":
      return atom(extent(i.extent));
    case "plus":
      return { text: `${within(integerText(i.left), SUM)} + ${within(integerText(i.right), SUM)}`, level: SUM };
    case "times":
      return {
        text: `${within(integerText(i.left), PRODUCT)} ${within(integerText(i.right), PRODUCT)}`,
        level: PRODUCT,
      };
    case "entry":
      return atom(entry(i.buffer, i.offset));
    case "whole":
      return scalarText(i.scalar);
  }
}

function entry(b: Buffer, offset: Integer): string {
  return b.dims.length === 0 ? b.name : `${b.name}[${indicesOf(offset, b.dims).map(integer).join(", ")}]`;
}

const scalar = (s: Scalar): string => scalarText(s).text;
function scalarText(s: Scalar): Text {
  switch (s.kind) {
    case "number":
      return s.value < 0 ? { text: numeral(s.value), level: SUM } : atom(numeral(s.value));
    case "variable":
      return atom(s.name);
    case "load":
      return atom(entry(s.buffer, s.offset));
    case "integer":
      return integerText(s.value);
    case "negate":
      return { text: `−${within(scalarText(s.of), PRODUCT)}`, level: SUM };
    case "call":
      return s.op === "sqrt"
        ? { text: `√${within(scalarText(s.args[0]!), ATOM)}`, level: POWER }
        : atom(`${s.op}(${s.args.map(scalar).join(", ")})`);
    case "select":
      return {
        text:
          `${within(scalarText(s.then), SUM)} if ${condition(s.condition)} else ` +
          `${within(scalarText(s.otherwise), LOOSE)}`,
        level: LOOSE,
      };
    case "binary":
      return binaryText(s);
  }
}

function binaryText({ op, left, right }: Scalar & { kind: "binary" }): Text {
  const [l, r] = [scalarText(left), scalarText(right)];
  switch (op) {
    case "+":
      return { text: `${within(l, SUM)} + ${within(r, SUM)}`, level: SUM };
    case "-":
      return { text: `${within(l, SUM)} − ${within(r, PRODUCT)}`, level: SUM };
    case "*":
      return l.text === r.text
        ? { text: `${within(l, ATOM)}²`, level: POWER }
        : { text: `${within(l, PRODUCT)} ${within(r, PRODUCT)}`, level: PRODUCT };
    case "/":
      return { text: `${within(l, PRODUCT)} / ${within(r, POWER)}`, level: PRODUCT };
  }
}

const COMPARISONS = { "<": "<", "<=": "≤", "===": "=", "!==": "≠" } as const;
function condition(c: Condition): string {
  switch (c.kind) {
    case "compare":
      return `${within(scalarText(c.left), SUM)} ${COMPARISONS[c.op]} ${within(scalarText(c.right), SUM)}`;
    case "same":
      return `${integer(c.left)} = ${integer(c.right)}`;
    case "both":
      return `(${condition(c.left)} ${c.op === "&&" ? "and" : "or"} ${condition(c.right)})`;
    case "not":
      return `not (${condition(c.of)})`;
  }
}

/** Entries that become 0, as the indices that they have in common. */
function cleared(b: Buffer, offset: Integer, count: Integer): string {
  const from = b.dims.findIndex((_, n) => same(countFrom(b, n), count)),
    start = offset.kind === "constant" && offset.value === 0;
  if (from === 0 && start) return b.name;
  const row = start ? offset : offset.kind === "times" && same(offset.right, count) ? offset.left : undefined;
  if (from <= 0 || !row) return `${b.name}[flat ${integer(offset)} … +${integer(count)}]`;
  return `${b.name}[${[...indicesOf(row, b.dims.slice(0, from)).map(integer), "…"].join(", ")}]`;
}

const update = (place: string, value: Scalar): string =>
  value.kind === "negate" ? `${place} −= ${scalar(value.of)}` : `${place} += ${scalar(value)}`;

function statement(s: Statement, indent: string): string[] {
  const line = (text: string): string[] => [indent + text];
  const doc = s.kind === "block" || s.kind === "for" ? (s.doc === undefined ? [] : line(`# ${s.doc}`)) : [];
  switch (s.kind) {
    case "block":
      return [...doc, ...statements(s.body, indent)];
    case "for":
      return [...doc, ...line(`for ${s.counter} in ${extent(s.extent)}`), ...statements(s.body, `${indent}  `)];
    case "define":
      return line(`${s.name} := ${scalar(s.value)}`);
    case "total":
      return line(`${s.name} = 0`);
    case "increase":
      return line(update(s.name, s.value));
    case "clear":
      return line(`${cleared(s.buffer, s.offset, s.count)} = 0`);
    case "store":
      return line(`${entry(s.buffer, s.offset)} = ${scalar(s.value)}`);
    case "accumulate":
      return line(update(entry(s.buffer, s.offset), s.value));
    case "gemm": {
      const [c, a, b] = [s.c, s.a, s.b].map((x) =>
        x.offset.kind === "constant" && x.offset.value === 0
          ? x.buffer.name
          : `${x.buffer.name}[flat ${integer(x.offset)}]`,
      );
      return line(`${c} += ${a} ${b}ᵀ (${[s.rows, s.cols, s.inner].map(extent).join(" × ")})`);
    }
  }
}
const statements = (body: readonly Statement[], indent: string): string[] => body.flatMap((s) => statement(s, indent));

const shaped = (b: Buffer): string => (b.dims.length === 0 ? b.name : `${b.name}[${b.dims.map(extent).join(", ")}]`);
function tableText(b: Buffer): string {
  const data = [...(b.data ?? [])],
    shown = data.slice(0, SHOWN).map(numeral).join(" ");
  return `${shaped(b)} = ${shown}${data.length > SHOWN ? " …" : ""}`;
}

/**
 * A program as text: `:=` defines, `=` stores, `x[i, 2]` is an entry by its indices, `for b in 10` counts from 0.
 * The same program has the same text.
 */
export function printProgram(p: Program): string {
  const list = (head: string, items: readonly string[]): string[] =>
    items.length === 0 ? [] : [`  ${head} ${items.join(", ")}`];
  return [
    `${p.name}(${p.sizes.join(", ")})`,
    `  # ${p.doc}`,
    ...list("in", p.inputs.map(shaped)),
    ...list("out", p.outputs.map(shaped)),
    ...p.tables.map((t) => `  table ${tableText(t)}`),
    ...list("scratch", p.locals.map(shaped)),
    ...statements(p.body, "  "),
  ].join("\n");
}
