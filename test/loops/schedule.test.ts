/**
 * Layouts that once went wrong. In: small tensors as passes leave them. Out: programs that verify and give the values
 * of
 * the expression.
 */
import { describe, expect, it } from "vitest";
import {
  add,
  axis,
  bindAt,
  bindBuild,
  bindMap,
  bindProduct,
  bindSum,
  delta,
  mul,
  param,
  pow,
  lit,
  table,
  type Expr,
} from "../../compiler/ir/expr.ts";
import { interpret } from "../../compiler/ir/interpret.ts";
import { execute } from "../../compiler/loops/interpret.ts";
import type { Buffer, Program } from "../../compiler/loops/loop.ts";
import { printProgram } from "../../compiler/loops/print.ts";
import { extentOf, schedule } from "../../compiler/loops/schedule.ts";
import { simplify } from "../../compiler/loops/simplify.ts";
import { verifyProgram } from "../../compiler/loops/verify.ts";
import { layoutPasses } from "../../compiler/opt/pipeline.ts";
import { stream } from "./support.ts";

const X = param("x", [5]),
  Y = param("y", [7]),
  DATA: readonly (readonly [Expr, Float64Array])[] = [X, Y].map((p, n) => {
    const draw = stream(n + 1);
    return [p, Float64Array.from({ length: n === 0 ? 5 : 7 }, () => draw())];
  });

/** Both as executed and as interpreted, and the program. */
function values(tensor: Expr): { got: number[]; expected: number[]; program: Program } {
  if (tensor.kind !== "build") throw new Error("a tensor");
  const input = (name: string, d: number): Buffer => ({ name, role: "input", dims: [d] }),
    out: Buffer = { name: "out", role: "output", dims: tensor.axes.map(extentOf) };
  const program = simplify(
    schedule({
      name: "p",
      doc: "p",
      sizes: [],
      inputs: new Map([
        [X, input("x", 5)],
        [Y, input("y", 7)],
      ]),
      results: [{ buffer: out, tensor }],
      notes: {},
    }),
  );
  verifyProgram(program);
  const got = new Float64Array(tensor.axes.reduce((n, a) => n * a.extent, 1)).fill(NaN);
  execute(program, { sizes: {}, buffers: { x: DATA[0]![1], y: DATA[1]![1], out: got } });
  const given = new Map(DATA.map(([p, data]) => [p, { shape: [data.length], data }]));
  return { program, got: [...got], expected: [...(interpret(tensor, given) as Float64Array)] };
}

const square = (e: Expr): Expr => pow(e, lit(2));

describe("arrays that several nests fill", () => {
  const [i, a, b, e] = [axis(5), axis(5), axis(5), axis(7)] as const,
    places = table("places", [7], Float64Array.of(1, 3, 3, 0, 4, 1, 1));
  const scattered = bindSum([e], mul(bindAt(Y, [e]), delta(a, bindAt(places, [e])), bindAt(X, [i]))),
    one = mul(bindAt(X, [i]), delta(a, i));

  it("are cleared once, before the first of them", () => {
    const filled = bindBuild([a], add(scattered, one)),
      { got, expected } = values(bindBuild([i, b], square(bindAt(filled, [b]))));
    got.forEach((v, n) => expect(v).toBeCloseTo(expected[n]!, 12));
  });

  it("are cleared as a whole, though one turn of the loop around writes one entry", () => {
    const filled = bindBuild([a], one),
      { got, expected } = values(bindBuild([i, b], square(bindAt(filled, [b]))));
    expect(got).toEqual(expected);
  });
});

describe("scatters", () => {
  const [i, b, c, d] = [axis(5), axis(5), axis(5), axis(7)] as const,
    places = table("places", [7], Float64Array.of(1, 3, 3, 0, 4, 1, 1)),
    written0 = bindProduct(bindAt(Y, [d]), delta(b, bindAt(places, [d])));
  const written = bindSum([d], written0);

  it.each<[string, Expr]>([
    ["a sum", bindMap("exp", [bindProduct(written, bindAt(X, [i]))])],
    ["a guarded value", bindMap("where", [bindMap("lt", [bindAt(X, [b]), lit(0)]), square(written), lit(0)])],
    ["a tensor of the inner loop's", square(bindAt(bindBuild([i], bindProduct(written, bindAt(X, [i]))), [i]))],
    [
      "a tensor of two axes' places",
      square(bindAt(bindBuild([c], bindSum([d], bindProduct(written0, delta(c, bindAt(places, [d]))))), [i])),
    ],
  ])("inside %s are written to arrays, and never found by looking through them", (_, body) => {
    const tensor = layoutPasses.reduce((e, pass) => pass.run(e), bindBuild([i], bindSum([b], body))),
      { got, expected, program } = values(tensor);
    got.forEach((v, n) => expect(v).toBeCloseTo(expected[n]!, 12));
    expect(printProgram(program)).toMatch(/\[.*places_index\[.\]\] \+= /);
    expect(printProgram(program)).not.toMatch(/ if [^ ]* = . else/);
  });
});
