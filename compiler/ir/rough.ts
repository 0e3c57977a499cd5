/**
 * Where primitives can be differentiated only so often. In: the algebra that rules are written with. Out: the entries
 * `rough` of the primitive table, which the check of kernels reads where two points meet.
 */
import type { Algebra } from "./ops.ts";

/**
 * Near the zeros of an expression a value is like a power of it: |s|^p, with ⌈np⌉ − 1 derivatives where s vanishes to
 * the order n. Literal arguments are given as numbers, others as NaN.
 */
export interface Roughness {
  /** s, of the arguments. */
  zeroOf<T>($: Algebra<T>, a: T, b: T): T;
  /** p; undefined where the value is smooth after all, NaN where that turns on what isn't literal. */
  power(...literals: number[]): number | undefined;
  /** The order to which the domain makes s vanish at least: 2 for what can't be negative. */
  least(...literals: number[]): 1 | 2;
  /** The value stays finite there, and has no limit. */
  readonly jumps?: boolean;
  /** For people: what becomes what "there", where two points meet. */
  because(...literals: number[]): string;
}

export const rough = (
  zeroOf: Roughness["zeroOf"],
  power: number,
  least: 1 | 2,
  because: string,
  more: Pick<Roughness, "jumps"> = {},
): Roughness => ({ zeroOf, power: () => power, least: () => least, because: () => because, ...more });

export const oneMinusSquare: Roughness["zeroOf"] = ($, a) => $.add($.lit(1), $.mul($.lit(-1), a, a));
export const difference: Roughness["zeroOf"] = ($, a, b) => $.add(a, $.mul($.lit(-1), b));

export const roughPower: Roughness = {
  zeroOf: (_$, a) => a,
  power: (_a, p) => (Number.isInteger(p!) && p! >= 0 ? undefined : p!),
  least: (_a, p) => (Number.isInteger(p!) ? 1 : 2),
  because: (_a, p) =>
    Number.isNaN(p!)
      ? "a power whose exponent is a parameter"
      : p === 0.5
        ? "a norm or square root of what becomes 0 there"
        : `the power ${p} of what becomes 0 there`,
};

export const roughMatern: Roughness = {
  zeroOf: (_$, _m, w) => w,
  power: (m) => (Number.isNaN(m!) ? 0 : m!) + 0.5,
  least: () => 2,
  because: (m) => `the Matérn function of order ${2 * m! + 1}/2`,
};
