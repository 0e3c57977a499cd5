/**
 * The primitive table: every entry's value, derivatives up to order 4, and spelling. In: its samples. Out: agreement
 * with
 * Math, with known values, and with truncated Taylor series that share nothing with the derivative rules.
 */
import { describe, expect, it } from "vitest";
import { jvp } from "../../compiler/ad/jvp.ts";
import { at, axis, build, lit, map, param, type Expr } from "../../compiler/ir/expr.ts";
import { interpret } from "../../compiler/ir/interpret.ts";
import { matern, MATERN_ZERO, reverseBessel } from "../../compiler/ir/matern.ts";
import { erf, ops, type Op, type Primitive } from "../../compiler/ir/ops.ts";
import { factorial, jets, type Jet } from "./jets.ts";

const names = Object.keys(ops) as Op[];
const entries = names.map((name): [Op, Primitive] => [name, ops[name]]);

/** A primitive of the entries of a vector; a Matérn's order is literal. */
function applied(name: Op, count: number, sample: readonly number[]): { e: Expr; point: Expr } {
  const point = param("p", [count]);
  const args = Array.from({ length: count }, (_, n) =>
    name === "matern" && n === 0 ? lit(sample[0]!) : at(point, [lit(n)]),
  );
  return { e: map(name, ...args), point };
}

describe("values", () => {
  it.each(names.filter((n) => ops[n].spelling.call?.startsWith("Math.")))("of %s are those of Math", (name) => {
    const spelled = Math[ops[name].spelling.call!.slice(5) as "exp"] as (...args: number[]) => number;
    for (const sample of ops[name].samples) expect(ops[name].value(...sample)).toBe(spelled(...sample));
  });

  it("of comparisons and choices are theirs", () => {
    const table: readonly [Op, readonly number[], number][] = [
      ["lt", [1, 2], 1],
      ["lt", [2, 2], 0],
      ["le", [2, 2], 1],
      ["le", [3, 2], 0],
      ["eq", [2, 2], 1],
      ["eq", [1, 2], 0],
      ["ne", [1, 2], 1],
      ["ne", [2, 2], 0],
      ["and", [2, 0], 0],
      ["and", [2, -1], 1],
      ["or", [0, 3], 1],
      ["or", [0, 0], 0],
      ["not", [0], 1],
      ["not", [0.5], 0],
      ["where", [1, 2, 3], 2],
      ["where", [0, 2, 3], 3],
      ["add", [1, 2, 3], 6],
      ["mul", [2, 3, 4], 24],
      ["floor", [-1.1], -2],
    ];
    for (const [op, args, value] of table) expect(ops[op].value(...args), op).toBe(value);
  });

  /** To 40 digits, rounded. */
  const ERF: readonly (readonly [number, number])[] = [
    [0.0625, 0.07043197772238707],
    [0.25, 0.27632639016823696],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [1.5, 0.9661051464753108],
    [2, 0.9953222650189527],
    [2.375, 0.9992170617821089],
    [2.5, 0.999593047982555],
    [2.75, 0.9998993780778803],
    [3, 0.9999779095030014],
    [3.5, 0.9999992569016276],
    [4, 0.9999999845827421],
    [5, 0.9999999999984626],
    [5.75, 0.9999999999999996],
  ];
  it("of erf are right to the last digits", () => {
    for (const [x, y] of ERF) {
      expect(Math.abs(erf(x) - y)).toBeLessThanOrEqual(1e-15);
      expect(erf(-x)).toBe(-erf(x));
    }
    expect([erf(0), erf(7), erf(-7), erf(Infinity)]).toEqual([0, 1, -1, 1]);
    // Across the change of method, and of small numbers relatively.
    expect(Math.abs(erf(2.4999999) - erf(2.5000001))).toBeLessThan(1e-9);
    expect(Math.abs(erf(1e-9) / (2e-9 / Math.sqrt(Math.PI)) - 1)).toBeLessThan(1e-15);
  });

  it("of softplus and sigmoid neither overflow nor cancel", () => {
    for (const [x, y] of [
      [800, 800],
      [-800, 0],
      [0, Math.LN2],
      [-40, Math.exp(-40)],
    ] as const)
      expect(Math.abs(ops.softplus.value(x) - y)).toBeLessThanOrEqual(1e-16 * Math.max(1, Math.abs(y)) * 4);
    expect([ops.sigmoid.value(800), ops.sigmoid.value(-800), ops.sigmoid.value(0)]).toEqual([1, 0, 0.5]);
  });

  it.each(entries.filter(([, p]) => p.spelling.helper !== undefined))(
    "of %s are those of the helper printed into modules",
    (name, { value, spelling }) => {
      const helper = new Function(`${spelling.helper}\nreturn ${spelling.call};`)() as (x: number) => number;
      for (const x of [-7, -2.6, -1, -0.3, 0, 1e-12, 0.4, 2.4, 2.6, 30])
        expect(helper(x), `${name}(${x})`).toBe(value(x));
    },
  );

  it("of the Matérn family are the closed forms, and finite where points meet", () => {
    const w = 1.7,
      z = Math.sqrt(w),
      decay = Math.exp(-z);
    const closed = [decay, (1 + z) * decay, (1 + z + w / 3) * decay, (1 + z + (2 / 5) * w + (w * z) / 15) * decay];
    closed.forEach((v, m) => expect(Math.abs(matern(m, w) - v)).toBeLessThan(1e-15));
    expect(Math.abs(matern(-1, w) - decay / z)).toBeLessThan(1e-15);
    expect(Math.abs(matern(-2, w) - (decay * (1 + z)) / z ** 3)).toBeLessThan(1e-15);
    for (let m = -3; m <= 4; m++) expect(matern(m, 0)).toBe(m >= 0 ? 1 : 0);
    expect(matern(-2, MATERN_ZERO * 0.99)).toBe(0);
    expect([0, 1, 2, 3, 4].map(reverseBessel)).toEqual([[1], [1, 1], [3, 3, 1], [15, 15, 6, 1], [105, 105, 45, 10, 1]]);
  });
});

describe("the table", () => {
  it.each(entries)("is complete for %s", (name, p) => {
    expect(p.doc.length).toBeGreaterThan(2);
    expect(p.samples.length).toBeGreaterThan(0);
    for (const sample of p.samples) {
      if (p.arity !== null) expect(sample.length).toBe(p.arity);
      expect(Number.isFinite(p.value(...sample))).toBe(true);
    }
    expect(p.flops).toBe(["lt", "le", "eq", "ne", "and", "or", "not", "where"].includes(name) ? 0 : 1);
  });
});

describe("derivatives", () => {
  const direction = [0.7, -0.4, 0.9];
  /** Everything that has derivatives: the rest is constant in pieces. */
  const smooth = entries
    .flatMap(([name, p]) =>
      p.samples.map((sample): [string, Op, readonly number[]] => [`${name}(${sample.join(", ")})`, name, sample]),
    )
    .filter(
      ([, name, sample]) => ops[name].flops === 1 && name !== "floor" && !(name === "where" && sample.length === 0),
    );

  it.each(smooth)("of %s in a direction, up to order 4, are the Taylor coefficients", (_, name, sample) => {
    const { e, point } = applied(name, sample.length, sample),
      tangent = param("t", [sample.length]),
      $ = jets(4);
    const moved = sample.map(
      (v, n): Jet => $.lit(v).map((c, k) => (k === 1 && !(name === "matern" && n === 0) ? direction[n]! : c)),
    );
    const series = $.apply(name, moved);
    const given = new Map([
      [point, { shape: [sample.length], data: sample }],
      [tangent, { shape: [sample.length], data: direction }],
    ]);
    let derivative = e;
    for (let k = 0; k <= 4; k++) {
      const expected = series[k]! * factorial(k),
        found = interpret(derivative, given) as number;
      expect(Math.abs(found - expected), `order ${k}`).toBeLessThanOrEqual(
        1e-12 * Math.max(1, Math.abs(expected)) * factorial(k) ** 2,
      );
      derivative = jvp(derivative, point, tangent);
    }
  });

  it("of what is constant in pieces are zero", () => {
    const point = param("p", [2]),
      k = axis(2),
      ones = build([k], lit(1));
    for (const op of ["lt", "le", "eq", "ne", "and", "or"] as const)
      expect(jvp(map(op, at(point, [lit(0)]), at(point, [lit(1)])), point, ones)).toBe(lit(0));
    for (const op of ["floor", "not"] as const) expect(jvp(map(op, at(point, [lit(0)])), point, ones)).toBe(lit(0));
  });

  it("of a choice are those of the arm that is chosen, and nothing else is evaluated", () => {
    const point = param("p", []),
      apart = map("where", map("lt", lit(0), point), map("pow", point, lit(-1)), lit(0));
    const twice = jvp(jvp(apart, point, lit(1)), point, lit(1));
    const value = (x: number): number => interpret(twice, new Map([[point, { shape: [], data: [x] }]])) as number;
    expect(value(0)).toBe(0);
    expect(Math.abs(value(2) - 0.25)).toBeLessThan(1e-15);
  });

  it("of the Matérn family lower the order, at coinciding points too", () => {
    // k(t) = M₂(w) with w = 5 t² has k'' = −5/3 at 0, whatever the order of the members met on the way.
    const t = param("t", []),
      k = map("matern", lit(2), map("mul", lit(5), t, t));
    let e: Expr = k;
    const at0 = (): number => interpret(e, new Map([[t, { shape: [], data: [0] }]])) as number,
      found: number[] = [];
    for (let order = 0; order <= 4; order++) {
      found.push(at0());
      e = jvp(e, t, lit(1));
    }
    [1, 0, -5 / 3, 0, 25].forEach((v, n) => expect(Math.abs(found[n]! - v)).toBeLessThan(1e-12));
  });
});
