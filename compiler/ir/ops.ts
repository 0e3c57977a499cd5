/**
 * The primitive table: all that is known of each scalar operation, one entry each.
 * In: nothing. Out: values, partial derivatives, costs and spellings, for every other stage.
 * A partial derivative is written over an abstract algebra, so that this file knows no expression type; it
 * receives the primal result as well, and reuses it where it can.
 */

import { expandMatern, matern } from "./matern.ts";
import { difference, oneMinusSquare, rough, roughMatern, roughPower, type Roughness } from "./rough.ts";

/** The names of the primitives. */
export type Op =
  | "add"
  | "mul"
  | "pow"
  | "exp"
  | "log"
  | "sqrt"
  | "sin"
  | "cos"
  | "tan"
  | "asin"
  | "acos"
  | "atan"
  | "atan2"
  | "sinh"
  | "cosh"
  | "tanh"
  | "erf"
  | "abs"
  | "floor"
  | "softplus"
  | "sigmoid"
  | "max"
  | "min"
  | "where"
  | "lt"
  | "le"
  | "eq"
  | "ne"
  | "and"
  | "or"
  | "not"
  | "matern";

/** What derivative rules are written with. */
export interface Algebra<T> {
  lit(value: number): T;
  add(...terms: T[]): T;
  mul(...factors: T[]): T;
  pow(base: T, exponent: T): T;
  map(op: Op, ...args: T[]): T;
  /** The value of a literal; throws for anything else. */
  value(x: T): number;
}

type Partial1 = <T>($: Algebra<T>, y: T, a: T, b: T) => T;

/** A primitive in elementary ones. */
export interface Expansion {
  /**
   * The expansion over an algebra whose products stay as they are written; undefined where arguments don't allow it.
   */
  to<T>($: Algebra<T>, args: readonly T[], literals: readonly number[]): T | undefined;
  /** Operations that the expansion takes, by its literal arguments, NaN for the others. */
  flops(literals: readonly number[]): number;
}

export interface Primitive {
  /** Number of arguments; `null` for add and mul, which take any number. */
  readonly arity: number | null;
  value(...args: number[]): number;
  /**
   * ∂/∂(argument n) as an expression of (result y, arguments a, b); null where the derivative is zero or, for an
   * argument that must be literal, undefined. add, mul and where are linear and have their rules in jvp and vjp.
   */
  readonly partials: readonly (Partial1 | null)[];
  /** Floating-point operations it counts as: comparisons and selections 0, all else 1 (n − 1 for n-ary ones). */
  readonly flops: 0 | 1;
  /** How the TypeScript backend spells it: an infix operator, a Math function, or a helper printed into the module. */
  readonly spelling: { readonly infix?: string; readonly call?: string; readonly helper?: string };
  /** What it stands for once orders of contraction are chosen, so that its instances share what they can. */
  readonly expand?: Expansion;
  /** Where the value can be differentiated only so often; absent if it is smooth in its whole domain. */
  readonly rough?: Roughness;
  /** Arguments inside the domain, for the tests of value and derivatives. */
  readonly samples: readonly (readonly number[])[];
  readonly doc: string;
}

const unary = (
  value: (x: number) => number,
  partial: Partial1 | null,
  call: string,
  samples: readonly number[],
  doc: string,
  extra: { helper?: string; rough?: Roughness } = {},
): Primitive => ({
  arity: 1,
  value,
  partials: [partial],
  flops: 1,
  spelling: extra.helper === undefined ? { call } : { call, helper: extra.helper },
  ...(extra.rough === undefined ? {} : { rough: extra.rough }),
  samples: samples.map((x) => [x]),
  doc,
});

const comparison = (value: (a: number, b: number) => boolean, infix: string, doc: string): Primitive => ({
  arity: 2,
  value: (a, b) => Number(value(a, b)),
  partials: [null, null],
  flops: 0,
  spelling: { infix },
  samples: [
    [1, 2],
    [2, 1],
    [1, 1],
  ],
  doc,
});

/** erf to full double precision: a Maclaurin series where it converges fast, a continued fraction beyond. */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    let term = x,
      total = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n++) {
      term *= (-x * x) / n;
      total += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * total;
  }
  let fraction = 0;
  for (let n = 60; n >= 1; n--) fraction = n / 2 / (a + fraction);
  return Math.sign(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction));
}

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

export const ops: { readonly [Name in Op]: Primitive } = {
  add: {
    arity: null,
    value: (...xs) => xs.reduce((a, b) => a + b, 0),
    partials: [],
    flops: 1,
    spelling: { infix: "+" },
    samples: [[1, 2, 3]],
    doc: "a + b + …",
  },
  mul: {
    arity: null,
    value: (...xs) => xs.reduce((a, b) => a * b, 1),
    partials: [],
    flops: 1,
    spelling: { infix: "*" },
    samples: [[2, 3, 4]],
    doc: "a b …",
  },
  pow: {
    arity: 2,
    value: (a, p) => a ** p,
    partials: [($, _y, a, p) => $.mul(p, $.pow(a, $.add(p, $.lit(-1)))), ($, y, a) => $.mul(y, $.map("log", a))],
    flops: 1,
    spelling: { call: "Math.pow" },
    rough: roughPower,
    samples: [
      [1.3, 2],
      [0.7, -0.5],
      [2.1, 1.7],
    ],
    doc: "a to the p",
  },
  exp: unary(Math.exp, (_$, y) => y, "Math.exp", [-1.1, 0, 0.7], "the exponential"),
  log: unary(Math.log, ($, _y, a) => $.pow(a, $.lit(-1)), "Math.log", [0.3, 1, 2.5], "the natural logarithm", {
    rough: rough((_$, a) => a, 0, 1, "a logarithm of what becomes 0 there"),
  }),
  sqrt: unary(
    Math.sqrt,
    ($, y) => $.mul($.lit(0.5), $.pow(y, $.lit(-1))),
    "Math.sqrt",
    [0.3, 1, 2.5],
    "the square root",
  ),
  sin: unary(Math.sin, ($, _y, a) => $.map("cos", a), "Math.sin", [-1.1, 0, 0.7], "the sine"),
  cos: unary(Math.cos, ($, _y, a) => $.mul($.lit(-1), $.map("sin", a)), "Math.cos", [-1.1, 0, 0.7], "the cosine"),
  tan: unary(Math.tan, ($, y) => $.add($.lit(1), $.pow(y, $.lit(2))), "Math.tan", [-1.1, 0, 0.7], "the tangent"),
  asin: unary(
    Math.asin,
    ($, _y, a) => $.pow($.add($.lit(1), $.mul($.lit(-1), a, a)), $.lit(-0.5)),
    "Math.asin",
    [-0.6, 0, 0.7],
    "the inverse sine",
    { rough: rough(oneMinusSquare, 0.5, 2, "`asin` of what becomes 1 there") },
  ),
  acos: unary(
    Math.acos,
    ($, _y, a) => $.mul($.lit(-1), $.pow($.add($.lit(1), $.mul($.lit(-1), a, a)), $.lit(-0.5))),
    "Math.acos",
    [-0.6, 0, 0.7],
    "the inverse cosine",
    { rough: rough(oneMinusSquare, 0.5, 2, "`acos` of what becomes 1 there") },
  ),
  atan: unary(
    Math.atan,
    ($, _y, a) => $.pow($.add($.lit(1), $.mul(a, a)), $.lit(-1)),
    "Math.atan",
    [-1.1, 0, 0.7],
    "the inverse tangent",
  ),
  atan2: {
    arity: 2,
    value: Math.atan2,
    partials: [
      ($, _y, a, b) => $.mul(b, $.pow($.add($.mul(a, a), $.mul(b, b)), $.lit(-1))),
      ($, _y, a, b) => $.mul($.lit(-1), a, $.pow($.add($.mul(a, a), $.mul(b, b)), $.lit(-1))),
    ],
    flops: 1,
    spelling: { call: "Math.atan2" },
    rough: rough(($, a, b) => $.add($.mul(a, a), $.mul(b, b)), 0, 2, "the angle of a point that becomes 0 there", {
      jumps: true,
    }),
    samples: [
      [1, 2],
      [-0.3, 0.8],
      [0.4, -1],
    ],
    doc: "the angle of the point (b, a)",
  },
  sinh: unary(Math.sinh, ($, _y, a) => $.map("cosh", a), "Math.sinh", [-1.1, 0, 0.7], "the hyperbolic sine"),
  cosh: unary(Math.cosh, ($, _y, a) => $.map("sinh", a), "Math.cosh", [-1.1, 0, 0.7], "the hyperbolic cosine"),
  tanh: unary(
    Math.tanh,
    ($, y) => $.add($.lit(1), $.mul($.lit(-1), y, y)),
    "Math.tanh",
    [-1.1, 0, 0.7],
    "the hyperbolic tangent",
  ),
  erf: unary(
    erf,
    ($, _y, a) => $.mul($.lit(2 / Math.sqrt(Math.PI)), $.map("exp", $.mul($.lit(-1), a, a))),
    "erf",
    [-1.1, 0, 0.7, 3],
    "the error function",
    {
      helper: `function erf(x) {
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    let term = x, total = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n++) {
      term *= -x * x / n;
      total += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * total;
  }
  let fraction = 0;
  for (let n = 60; n >= 1; n--) fraction = n / 2 / (a + fraction);
  return Math.sign(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction));
}`,
    },
  ),
  abs: unary(
    Math.abs,
    ($, _y, a) => $.map("where", $.map("lt", a, $.lit(0)), $.lit(-1), $.lit(1)),
    "Math.abs",
    [-1.1, 0.7],
    "the absolute value",
    { rough: rough((_$, a) => a, 1, 1, "an absolute value of what becomes 0 there") },
  ),
  floor: unary(Math.floor, null, "Math.floor", [-1.1, 0.7], "the whole number at or below; its derivative is 0"),
  softplus: unary(
    softplus,
    ($, _y, a) => $.map("sigmoid", a),
    "softplus",
    [-1.1, 0, 0.7],
    "log(1 + e^a), without overflow",
    {
      helper: "function softplus(x) {\n  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));\n}",
    },
  ),
  sigmoid: unary(
    sigmoid,
    ($, y) => $.mul(y, $.add($.lit(1), $.mul($.lit(-1), y))),
    "sigmoid",
    [-1.1, 0, 0.7],
    "1 / (1 + e^(−a))",
    {
      helper: "function sigmoid(x) {\n  return 1 / (1 + Math.exp(-x));\n}",
    },
  ),
  max: {
    arity: 2,
    value: Math.max,
    partials: [
      ($, _y, a, b) => $.map("where", $.map("lt", a, b), $.lit(0), $.lit(1)),
      ($, _y, a, b) => $.map("where", $.map("lt", a, b), $.lit(1), $.lit(0)),
    ],
    flops: 1,
    spelling: { call: "Math.max" },
    rough: rough(difference, 1, 1, "`max` of what becomes equal there"),
    samples: [
      [1, 2],
      [2, 1],
    ],
    doc: "the larger; the first where equal",
  },
  min: {
    arity: 2,
    value: Math.min,
    partials: [
      ($, _y, a, b) => $.map("where", $.map("lt", b, a), $.lit(0), $.lit(1)),
      ($, _y, a, b) => $.map("where", $.map("lt", b, a), $.lit(1), $.lit(0)),
    ],
    flops: 1,
    spelling: { call: "Math.min" },
    rough: rough(difference, 1, 1, "`min` of what becomes equal there"),
    samples: [
      [1, 2],
      [2, 1],
    ],
    doc: "the smaller; the first where equal",
  },
  where: {
    arity: 3,
    value: (c, a, b) => (c !== 0 ? a : b),
    partials: [null],
    flops: 0,
    spelling: {},
    samples: [
      [1, 2, 3],
      [0, 2, 3],
    ],
    doc: "a where c holds, else b; only the chosen arm is evaluated",
  },
  lt: comparison((a, b) => a < b, "<", "a < b, as 0 or 1"),
  le: comparison((a, b) => a <= b, "<=", "a ≤ b, as 0 or 1"),
  eq: comparison((a, b) => a === b, "===", "a = b, as 0 or 1"),
  ne: comparison((a, b) => a !== b, "!==", "a ≠ b, as 0 or 1"),
  and: comparison((a, b) => a !== 0 && b !== 0, "&&", "both, as 0 or 1"),
  or: comparison((a, b) => a !== 0 || b !== 0, "||", "one of them, as 0 or 1"),
  not: {
    arity: 1,
    value: (a) => Number(a === 0),
    partials: [null],
    flops: 0,
    spelling: {},
    samples: [[0], [1]],
    doc: "1 where a is 0, else 0",
  },
  matern: {
    arity: 2,
    value: matern,
    partials: [
      null,
      ($, _y, m, w) => {
        const order = $.value(m);
        return $.mul($.lit(order >= 1 ? -0.5 / (2 * order - 1) : -0.5), $.map("matern", $.lit(order - 1), w));
      },
    ],
    flops: 1,
    spelling: {},
    expand: expandMatern,
    rough: roughMatern,
    samples: [
      [2, 0.7],
      [3, 1.9],
      [1, 0.2],
      [0, 0.5],
    ],
    doc:
      "the half-integer Matérn function of order m + 1/2 of a squared, scaled distance; " +
      "expanded before loops are laid out",
  },
};

/** The primitives that finite arguments may take to infinity or out of their domain; `pow` by its exponent alone. */
export const unbounded: ReadonlySet<Op> = new Set<Op>(["exp", "log", "tan", "asin", "acos", "sinh", "cosh"]);
