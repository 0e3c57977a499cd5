/**
 * Truncated Taylor series: the oracle of derivatives. In: a primitive and its arguments as series in t. Out: the value
 * as a series.
 * Each primitive has its own recurrence, from the differential equation that defines it, and shares nothing with the
 * derivative rules under test. The k-th derivative along a direction is k! times the k-th coefficient, without
 * differences.
 */
import { reverseBessel } from "../../compiler/ir/matern.ts";
import { ops, type Op } from "../../compiler/ir/ops.ts";

/** Coefficients of t⁰ … tᴷ. */
export type Jet = readonly number[];

/** Arithmetic over which terms are evaluated. */
export interface Arithmetic<T> {
  lit(value: number): T;
  /** What conditions look at. */
  value(x: T): number;
  apply(op: Op, args: readonly T[]): T;
}

export const plainNumbers: Arithmetic<number> = {
  lit: (v) => v,
  value: (x) => x,
  apply: (op, args) => ops[op].value(...args),
};

const map2 = (a: Jet, b: Jet, f: (x: number, y: number) => number): Jet => a.map((x, k) => f(x, b[k]!));
const constant = (a: Jet, v: number): Jet => a.map((_, k) => (k === 0 ? v : 0));
const plus = (a: Jet, b: Jet): Jet => map2(a, b, (x, y) => x + y);
const minus = (a: Jet, b: Jet): Jet => map2(a, b, (x, y) => x - y);
const scale = (c: number, a: Jet): Jet => a.map((x) => c * x);
const times = (a: Jet, b: Jet): Jet =>
  a.map((_, k) => {
    let s = 0;
    for (let i = 0; i <= k; i++) s += a[i]! * b[k - i]!;
    return s;
  });

/** Solves coefficient by coefficient, each from those below it. */
function solve(order: number, first: number, next: (y: readonly number[], k: number) => number): Jet {
  const y = [first];
  for (let k = 1; k < order; k++) y.push(next(y, k));
  return y;
}
const over = (a: Jet, b: Jet): Jet =>
  solve(a.length, a[0]! / b[0]!, (y, k) => {
    let s = a[k]!;
    for (let i = 0; i < k; i++) s -= y[i]! * b[k - i]!;
    return s / b[0]!;
  });
/** y with y′ = a′ g, where g may depend on the coefficients of y below k. */
const integrate = (a: Jet, first: number, g: (y: readonly number[]) => Jet): Jet =>
  solve(a.length, first, (y, k) => {
    const slope = g([...y, ...a.slice(y.length).map(() => 0)]);
    let s = 0;
    for (let i = 1; i <= k; i++) s += i * a[i]! * slope[k - i]!;
    return s / k;
  });

const exp = (a: Jet): Jet => integrate(a, Math.exp(a[0]!), (y) => y);
const log = (a: Jet): Jet => integrate(a, Math.log(a[0]!), () => over(constant(a, 1), a));
const power = (a: Jet, p: number): Jet => {
  if (Number.isInteger(p) && p >= 0) {
    let y = constant(a, 1);
    for (let n = 0; n < p; n++) y = times(y, a);
    return y;
  }
  // a y′ = p a′ y
  return solve(a.length, a[0]! ** p, (y, k) => {
    let s = 0;
    for (let i = 1; i <= k; i++) s += (p * i - (k - i)) * a[i]! * y[k - i]!;
    return s / (k * a[0]!);
  });
};
function sine(a: Jet, sign: number): [Jet, Jet] {
  const s = [sign < 0 ? Math.sin(a[0]!) : Math.sinh(a[0]!)],
    c = [sign < 0 ? Math.cos(a[0]!) : Math.cosh(a[0]!)];
  for (let k = 1; k < a.length; k++) {
    let ds = 0,
      dc = 0;
    for (let i = 1; i <= k; i++) {
      ds += i * a[i]! * c[k - i]!;
      dc += i * a[i]! * s[k - i]!;
    }
    s.push(ds / k);
    c.push((sign * dc) / k);
  }
  return [s, c];
}
const one = (a: Jet): Jet => constant(a, 1);
const sigmoid = (a: Jet): Jet => over(one(a), plus(one(a), exp(scale(-1, a))));

function matern(m: number, w: Jet): Jet {
  const z = power(w, 0.5),
    theta = reverseBessel(m >= 0 ? m : -m - 1);
  const polynomial = theta.reduceRight<Jet>((sum, c) => plus(times(sum, z), constant(w, c)), constant(w, 0));
  const value = times(exp(scale(-1, z)), polynomial);
  return m >= 0 ? scale(1 / theta[0]!, value) : times(value, power(w, m + 0.5));
}

const rules: { readonly [Name in Op]: (a: Jet, b: Jet, c: Jet) => Jet } = {
  add: plus,
  mul: times,
  exp,
  log,
  sqrt: (a) => power(a, 0.5),
  pow: (a, b) => (b.slice(1).every((x) => x === 0) ? power(a, b[0]!) : exp(times(b, log(a)))),
  sin: (a) => sine(a, -1)[0],
  cos: (a) => sine(a, -1)[1],
  sinh: (a) => sine(a, 1)[0],
  cosh: (a) => sine(a, 1)[1],
  tan: (a) => {
    const [s, c] = sine(a, -1);
    return over(s, c);
  },
  tanh: (a) => {
    const [s, c] = sine(a, 1);
    return over(s, c);
  },
  asin: (a) => integrate(a, Math.asin(a[0]!), () => power(minus(one(a), times(a, a)), -0.5)),
  acos: (a) => integrate(a, Math.acos(a[0]!), () => scale(-1, power(minus(one(a), times(a, a)), -0.5))),
  atan: (a) => integrate(a, Math.atan(a[0]!), () => over(one(a), plus(one(a), times(a, a)))),
  // The angle is the arctangent of b/a or a/b, up to a constant.
  atan2: (a, b) => {
    const slope =
      Math.abs(b[0]!) > Math.abs(a[0]!) ? rules.atan(over(a, b), a, a) : scale(-1, rules.atan(over(b, a), a, a));
    return [Math.atan2(a[0]!, b[0]!), ...slope.slice(1)];
  },
  erf: (a) => integrate(a, ops.erf.value(a[0]!), () => scale(2 / Math.sqrt(Math.PI), exp(scale(-1, times(a, a))))),
  abs: (a) => (a[0]! < 0 ? scale(-1, a) : a),
  floor: (a) => constant(a, Math.floor(a[0]!)),
  sigmoid,
  softplus: (a) => log(plus(one(a), exp(a))),
  max: (a, b) => (a[0]! < b[0]! ? b : a),
  min: (a, b) => (b[0]! < a[0]! ? b : a),
  where: (c, a, b) => (c[0]! !== 0 ? a : b),
  lt: (a, b) => constant(a, Number(a[0]! < b[0]!)),
  le: (a, b) => constant(a, Number(a[0]! <= b[0]!)),
  eq: (a, b) => constant(a, Number(a[0]! === b[0]!)),
  ne: (a, b) => constant(a, Number(a[0]! !== b[0]!)),
  and: (a, b) => constant(a, Number(a[0]! !== 0 && b[0]! !== 0)),
  or: (a, b) => constant(a, Number(a[0]! !== 0 || b[0]! !== 0)),
  not: (a) => constant(a, Number(a[0]! === 0)),
  matern: (m, w) => matern(m[0]!, w),
};

/** Series up to tᴷ. */
export const jets = (order: number): Arithmetic<Jet> => ({
  lit: (v) => Array.from({ length: order + 1 }, (_, k) => (k === 0 ? v : 0)),
  value: (x) => x[0]!,
  apply: (op, args) =>
    op === "add" || op === "mul"
      ? args.reduce((a, b) => rules[op](a, b, b))
      : rules[op](args[0]!, args[1] ?? args[0]!, args[2] ?? args[0]!),
});

export const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));
