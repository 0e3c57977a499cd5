/**
 * The printed module of an untrained model, loaded as a user loads it. In: a spec of five operators. Out: the bits of
 * the
 * compiled model in process, golden covariances and contractions, and errors that name what is wrong.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { compileUnjudged, type Compiled } from "../../compiler/index.ts";
import type { Points } from "../../runtime/compiled.ts";
import { deviation, flat, golden, type Nested } from "./golden.ts";
import { hasArgument, orders, specText, type Hyperparameters } from "./operator_specs.ts";

interface Module {
  readonly groups: Readonly<
    Record<
      string,
      { readonly shape: readonly number[]; readonly arguments: Readonly<Record<string, readonly number[]>> }
    >
  >;
  covariance(
    row: string,
    x: Float64Array | Points,
    col: string,
    y: Float64Array | Points,
    params?: Readonly<Record<string, number>>,
  ): Float64Array;
  contract(
    row: string,
    x: Float64Array | Points,
    col: string,
    y: Float64Array | Points,
    alpha: Float64Array,
    params?: Readonly<Record<string, number>>,
  ): Float64Array;
}
type Blocks = Readonly<Record<string, Readonly<Record<string, Nested>>>>;
interface Contracted {
  readonly x_train: number[][];
  readonly x_test: number[][];
  readonly alphas: Readonly<Record<string, Nested>>;
  readonly values: Blocks;
}

const operators = ["identity", "gradient", "jvp", "hvp", "d000"];
const { inputs, expected, rtol } = golden<{
  inputs: { hyperparameters: Hyperparameters };
  expected: { cases: { n: number; v: number[]; contracted: Contracted }[] };
  rtol: { by_total_order: Readonly<Record<string, number>> };
}>("operators-rational-quadratic");
const { n, v, contracted } = expected.cases[1]!;
const pairs = operators.flatMap((row) => operators.map((col) => [row, col] as const));
const pointsOf = (operator: string, list: readonly (readonly number[])[]): Points => ({
  x: flat(list),
  ...(hasArgument(operator, n) ? { arguments: { w: flat(list.map(() => v)) } } : {}),
});

let compiled: Compiled;
let module: Module;
beforeAll(async () => {
  compiled = compileUnjudged(specText("rational-quadratic", inputs.hyperparameters, operators, v));
  const { js } = compiled.printModule();
  module = (await import(`data:text/javascript;base64,${Buffer.from(js).toString("base64")}`)) as Module;
});

describe("a printed module", () => {
  it("has every label with its shape and arguments", () => {
    expect(module.groups).toEqual(
      Object.fromEntries(
        operators.map((label) => [
          label,
          {
            shape: compiled.groups[label]!.shape,
            arguments: hasArgument(label, n) ? { w: [n] } : {},
          },
        ]),
      ),
    );
  });

  it.each(pairs)("gives the golden contraction and the bits of the process: %s, %s", (row, col) => {
    const x = pointsOf(row, contracted.x_test),
      y = pointsOf(col, contracted.x_train),
      alpha = flat(contracted.alphas[col]!);
    const found = module.contract(row, x, col, y, alpha);
    expect(deviation(found, flat(contracted.values[row]![col]!))).toBeLessThan(
      20 * rtol.by_total_order[orders[row]! + orders[col]!]!,
    );
    expect([...found]).toEqual([...compiled.contract(row, x, col, y, alpha)]);
    expect([...module.covariance(row, x, col, y)]).toEqual([...compiled.covariance(row, x, col, y)]);
    expect([...module.covariance(row, x, col, y, { l: 1.7 })]).toEqual([
      ...compiled.covariance(row, x, col, y, { l: 1.7 }),
    ]);
  });

  it("is the same text whatever was asked of the model before", () => {
    const fresh = compileUnjudged(compiled.source);
    expect(compiled.printModule()).toEqual(fresh.printModule());
  });

  it("names what is wrong", () => {
    const x = Float64Array.of(0, 0),
      rows: readonly (readonly [() => unknown, RegExp])[] = [
        [() => module.covariance("identity", x, "slope", x), /slope/],
        [() => module.covariance("identity", Float64Array.of(1), "identity", x), /1 numbers/],
        [() => module.covariance("jvp", x, "identity", x), /w/],
        [
          () => module.contract("identity", x, "gradient", x, Float64Array.of(1)),
          /alpha: 1 numbers, where 1 points of gradient have 2/,
        ],
        [() => module.covariance("identity", x, "identity", x, { length: 1 }), /length/],
      ];
    for (const [act, message] of rows) expect(act).toThrow(message);
  });
});
