/**
 * Golden operators against the compiler. In: a kernel's name. Out: tests of its covariances and contractions.
 * Each block goes two ways: the operated expression through the interpreter, before any pass; and the kernel's printed
 * text, which is what modules hold. `npm test` takes a sample with the pairs of highest order, ADK_FULL=1 takes all.
 */
import { setImmediate as settle } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { compileUnjudged } from "../../compiler/index.ts";
import type { Points } from "../../runtime/compiled.ts";
import { byInterpreter, byText, type Evaluate } from "./evaluate.ts";
import { difference, flat, golden, isFull, largest, type Nested } from "./golden.ts";
import { hasArgument, orders, specText, type Hyperparameters } from "./operator_specs.ts";

/** By left, then right operator. */
type Blocks<T = Nested> = Readonly<Record<string, Readonly<Record<string, T>>>>;
type PointList = readonly (readonly number[])[];

interface Case {
  readonly n: number;
  readonly v: readonly number[];
  readonly pairs: readonly { readonly x: readonly number[]; readonly xp: readonly number[]; readonly values: Blocks }[];
  readonly coincident: { readonly x: readonly number[]; readonly values: Blocks };
  readonly contracted: {
    readonly x_train: PointList;
    readonly x_test: PointList;
    readonly alphas: Readonly<Record<string, Nested>>;
    readonly values: Blocks;
  };
}

interface OperatorFile {
  readonly inputs: { readonly hyperparameters: Hyperparameters };
  readonly expected: { readonly cases: readonly Case[] };
  readonly rtol: { readonly by_total_order: Readonly<Record<string, number>> };
}

/** Contractions cancel between points. */
const CONTRACTED = 20;
/** Milliseconds for one kernel in one dimension, of which ADK_FULL takes all 144 pairs. */
const PATIENCE = 600_000;
/** Below this, values are leftovers of rounding at 60 digits. */
const LEFTOVER = 1e-50;
/** A block below this share of its point's scale has no digits of its own. */
const NEARLY_ZERO = 1e-10;

const orderOf = (left: string, right: string): number => orders[left]! + orders[right]!;
const valuesOf = (block: Nested): Float64Array => flat(block).map((x) => (Math.abs(x) < LEFTOVER ? 0 : x));

/**
 * The largest entry of the blocks of each total order, an order whose blocks all vanish having that of the next lower
 * even one.
 */
function scales(blocks: Blocks): number[] {
  const found = new Array<number>(9).fill(0);
  for (const [left, row] of Object.entries(blocks)) {
    for (const [right, block] of Object.entries(row))
      found[orderOf(left, right)] = Math.max(found[orderOf(left, right)]!, largest(valuesOf(block)));
  }
  found.forEach((scale, order) => {
    if (scale === 0 && order > 0) found[order] = found[order - 1 - ((order - 1) % 2)]!;
  });
  return found;
}

function tolerance(file: OperatorFile, order: number): number {
  const listed = file.rtol.by_total_order,
    highest = Object.values(listed).at(-1)!;
  return listed[order] ?? highest;
}

/** One block to be checked: where its sides stand, what is expected, and how far it may be off. */
interface Block {
  readonly name: string;
  readonly x: PointList;
  readonly y: PointList;
  readonly alpha?: Float64Array;
  readonly expected: Float64Array;
  readonly allowed: number;
}

/** Every block of a pair of operators, with its allowed absolute deviation. */
function blocksOf(file: OperatorFile, of: Case, left: string, right: string): Block[] {
  const order = orderOf(left, right);
  const block = (
    name: string,
    values: Blocks,
    x: PointList,
    y: PointList,
    factor: number,
    alpha?: Float64Array,
  ): Block[] => {
    const found = values[left]?.[right];
    if (found === undefined) return [];
    const expected = valuesOf(found),
      own = largest(expected),
      scale = scales(values)[order]!;
    const allowed = factor * tolerance(file, order) * (own <= NEARLY_ZERO * scale ? scale : own);
    return [{ name: `${name}: ${left}, ${right}`, x, y, expected, allowed, ...(alpha === undefined ? {} : { alpha }) }];
  };
  const { coincident, contracted } = of;
  return [
    ...of.pairs.flatMap((pair, i) => block(`pair ${i}`, pair.values, [pair.x], [pair.xp], 1)),
    ...block("coincident", coincident.values, [coincident.x], [coincident.x], 1),
    ...block(
      "contracted",
      contracted.values,
      contracted.x_test,
      contracted.x_train,
      CONTRACTED,
      flat(contracted.alphas[right]!),
    ),
  ];
}

/** Points of a side, the direction of a directed operator beside each where it is an argument. */
function pointsOf(of: Case, operator: string, points: PointList): Points {
  const x = flat(points);
  return hasArgument(operator, of.n) ? { x, arguments: { w: flat(points.map(() => of.v)) } } : { x };
}

/** Which pairs `npm test` takes: those of highest order, and others spread so that every operator has its turn. */
function isSampled(kernel: string, of: Case, i: number, j: number, operators: readonly string[]): boolean {
  const [left, right] = [operators[i]!, operators[j]!];
  // In one dimension, what grows as points come near cancels in Matérn functions: all digits hang on it.
  if (left === "biharmonic" && right === "biharmonic") return of.n === 2 || kernel.startsWith("matern");
  if (left === "hessian" && right === "hessian") return of.n === 3;
  return (7 * i + 5 * j + of.n) % 53 === 0;
}

function pairsOf(kernel: string, of: Case): [string, string][] {
  const operators = Object.keys(of.pairs[0]!.values);
  return operators.flatMap((left, i) =>
    operators.flatMap((right, j): [string, string][] =>
      isFull || operators.length === 1 || isSampled(kernel, of, i, j, operators) ? [[left, right]] : [],
    ),
  );
}

/** Deviations over what is allowed, of the blocks that are off. */
function failures(
  of: Case,
  [left, right]: readonly [string, string],
  blocks: readonly Block[],
  evaluate: Evaluate,
  way: string,
): string[] {
  return blocks.flatMap((block) => {
    const found = evaluate(pointsOf(of, left, block.x), pointsOf(of, right, block.y), block.alpha);
    const ratio = difference(found, block.expected) / block.allowed;
    return ratio <= 1 ? [] : [`${block.name} by ${way}: ${ratio} of what is allowed`];
  });
}

/** Tests of a kernel of the golden operators. */
export function testOperators(kernel: string): void {
  const file = golden<OperatorFile>(`operators-${kernel}`);
  describe(kernel, () => {
    it.each(file.expected.cases.map((of) => [of.n, of] as const))(
      "n = %i",
      async (_, of) => {
        const operators = Object.keys(of.pairs[0]!.values);
        const compiled = compileUnjudged(specText(kernel, file.inputs.hyperparameters, operators, of.v));
        const off: string[] = [];
        for (const [left, right] of pairsOf(kernel, of)) {
          const blocks = blocksOf(file, of, left, right);
          off.push(...failures(of, [left, right], blocks, byInterpreter(compiled, left, right), "the interpreter"));
          off.push(...failures(of, [left, right], blocks, byText(compiled, left, right), "the printed text"));
          await settle(); // Expressions are held weakly, and go between two turns only.
        }
        expect(off).toEqual([]);
      },
      PATIENCE,
    );
  });
}
