/**
 * The printer of programs: two kernels in full (golden/*.txt), and every form of statement once.
 */
import { describe, expect, it } from "vitest";
import {
  binary,
  constant,
  counter,
  negate,
  number,
  plus,
  times,
  variable,
  type Buffer,
  type Program,
  type Statement,
} from "../../compiler/loops/loop.ts";
import { printProgram } from "../../compiler/loops/print.ts";
import { compileSpec, laidOut } from "./support.ts";

const golden = (text: string): string => text.replace(/^\n/, "").replace(/\n *$/, "").replaceAll(/^ {6}/gm, "");

describe("printProgram", () => {
  it.each([
    ["rosenbrock", "value", "gradient", {}],
    ["gdml", "forces", "forces", { N: 5 }],
  ] as const)("shows %s, %s from %s, as one would write it", async (name, row, col, bind) => {
    const { prepare, evaluate } = laidOut(compileSpec(name, bind).lowered).contraction(row, col);
    const text = [prepare, evaluate].flatMap((p) => (p ? [printProgram(p)] : [])).join("\n");
    await expect(`${text}\n`).toMatchFileSnapshot(`./golden/${name}_${row}_${col}.txt`);
  });

  it("has a notation for every statement, and the least parentheses", () => {
    const a: Buffer = { name: "a", dims: [{ size: "n" }, 2, 3], role: "output" },
      s: Buffer = { name: "s", dims: [], role: "input" };
    const long: Buffer = {
      name: "T",
      dims: [14],
      role: "table",
      data: Float64Array.from({ length: 14 }, (_, k) => k - 1),
    };
    const i = counter("i"),
      t = variable("t"),
      load = { kind: "load", buffer: s, offset: constant(0) } as const;
    const row = plus(times(i, constant(2)), { kind: "entry", buffer: long, offset: constant(2) });
    const body: Statement[] = [
      {
        kind: "block",
        doc: "A block.",
        body: [{ kind: "define", name: "t", value: negate(binary("*", binary("+", load, number(1)), number(-2))) }],
      },
      {
        kind: "clear",
        buffer: a,
        offset: constant(0),
        count: times(times({ kind: "extent", extent: { size: "n" } }, constant(2)), constant(3)),
      },
      {
        kind: "for",
        counter: "i",
        extent: { size: "n" },
        body: [
          { kind: "clear", buffer: a, offset: times(i, constant(6)), count: constant(6) },
          { kind: "clear", buffer: a, offset: plus(i, constant(1)), count: constant(4) },
          { kind: "total", name: "u" },
          { kind: "increase", name: "u", value: negate(binary("/", number(1), binary("*", t, t))) },
          {
            kind: "store",
            buffer: a,
            offset: plus(times(row, constant(3)), constant(1)),
            value: {
              kind: "select",
              condition: {
                kind: "both",
                op: "&&",
                left: { kind: "compare", op: "<=", left: t, right: number(0) },
                right: { kind: "not", of: { kind: "same", left: i, right: constant(1) } },
              },
              then: { kind: "call", op: "sqrt", args: [binary("+", t, t)] },
              otherwise: { kind: "integer", value: i },
            },
          },
          {
            kind: "accumulate",
            buffer: a,
            offset: times(row, constant(3)),
            value: binary("-", t, binary("+", t, { kind: "call", op: "pow", args: [t, number(1.5)] })),
          },
          {
            kind: "store",
            buffer: a,
            offset: constant(5),
            value: { kind: "integer", value: { kind: "whole", scalar: t } },
          },
        ],
      },
    ];
    const p: Program = {
      name: "forms",
      doc: "Every form.",
      sizes: ["n"],
      inputs: [s],
      outputs: [a],
      tables: [long],
      locals: [],
      body,
    };
    expect(printProgram(p)).toBe(
      golden(`
      forms(n)
        # Every form.
        in s
        out a[n, 2, 3]
        table T[14] = −1 0 1 2 3 4 5 6 7 8 9 10 …
        # A block.
        t := −(s + 1) (−2)
        a = 0
        for i in n
          a[i, …] = 0
          a[flat i + 1 … +4] = 0
          u = 0
          u −= 1 / t²
          a[i, T[2], 1] = √(t + t) if (t ≤ 0 and not (i = 1)) else i
          a[i, T[2], 0] += t − (t + pow(t, 1.5))
          a[0, 1, 2] = t
    `),
    );
  });
});
