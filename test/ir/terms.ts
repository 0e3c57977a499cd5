/**
 * Random well-formed terms, and what they mean. In: a depth and a scope. Out: terms as plain data; their values over
 * any
 * arithmetic by a direct evaluator; the same terms as expressions, through the constructors or as they stand.
 * The evaluator walks the plain data and knows nothing of the IR, so that it is an oracle of constructors and passes.
 */
import fc from "fast-check";
import {
  at,
  axis,
  bindAt,
  bindBuild,
  bindMap,
  bindSum,
  build,
  delta,
  iota,
  lit,
  map,
  param,
  sum,
  table,
  type Axis,
  type Expr,
  type Index,
  type Op,
} from "../../compiler/ir/expr.ts";
import type { Value } from "../../compiler/ir/interpret.ts";
import type { Arithmetic } from "./jets.ts";

/**
 * A place in 0 … extent − 1: a bound variable (counted from the outermost), a number, or an entry of a table at a
 * place.
 */
export type Place =
  | { readonly kind: "variable"; readonly n: number }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "entry"; readonly table: string; readonly at: Place };

export type Term =
  | { readonly kind: "lit"; readonly value: number }
  | { readonly kind: "read"; readonly name: string; readonly at: readonly Place[] }
  | { readonly kind: "iota"; readonly n: number }
  | { readonly kind: "op"; readonly op: Op; readonly args: readonly Term[] }
  | { readonly kind: "sum"; readonly extents: readonly number[]; readonly body: Term }
  /** An entry of the tensor of `body`; its axes are the innermost variables there. */
  | { readonly kind: "entry"; readonly extents: readonly number[]; readonly body: Term; readonly at: readonly Place[] }
  | { readonly kind: "delta"; readonly i: Place; readonly j: Place };

/** Tensors that terms read: x is what derivatives are taken by. */
export const tensors: Readonly<Record<string, readonly number[]>> = { x: [3], y: [2, 3], w: [2], s: [] };
/** Constant index tables, by the extents that they map from and into. */
const tables: Readonly<
  Record<string, { readonly from: number; readonly to: number; readonly data: readonly number[] }>
> = {
  two_two: { from: 2, to: 2, data: [1, 0] },
  two_three: { from: 2, to: 3, data: [2, 0] },
  three_two: { from: 3, to: 2, data: [1, 0, 1] },
  three_three: { from: 3, to: 3, data: [1, 2, 0] },
  three_same: { from: 3, to: 3, data: [2, 2, 0] },
};

// ---- generation

type Scope = readonly number[];
const EXTENTS = [2, 3] as const;

function place(extent: number, scope: Scope): fc.Arbitrary<Place> {
  const variables = scope.flatMap((e, n) => (e === extent ? [fc.constant<Place>({ kind: "variable", n })] : []));
  const entries = Object.entries(tables)
    .filter(([, t]) => t.to === extent)
    .flatMap(([name, t]) =>
      scope.flatMap((e, n) =>
        e === t.from ? [fc.constant<Place>({ kind: "entry", table: name, at: { kind: "variable", n } })] : [],
      ),
    );
  const numbers = fc.nat(extent - 1).map((value): Place => ({ kind: "number", value }));
  return fc.oneof(
    { arbitrary: numbers, weight: 1 },
    ...variables.map((arbitrary) => ({ arbitrary, weight: 3 })),
    ...entries.map((arbitrary) => ({ arbitrary, weight: 1 })),
  );
}

const op = (name: Op, ...args: Term[]): Term => ({ kind: "op", op: name, args });
const number = (value: number): Term => ({ kind: "lit", value });
/** 1 + t²: what roots, logarithms and quotients are taken of. */
const positive = (t: Term): Term => op("add", number(1), op("mul", t, t));

/** Smooth and tame, so that rounding stays small. */
const wrappers: readonly ((t: Term) => Term)[] = [
  (t) => op("sin", t),
  (t) => op("cos", t),
  (t) => op("tanh", t),
  (t) => op("exp", op("sin", t)),
  (t) => op("pow", t, number(2)),
  (t) => op("pow", op("sin", t), number(3)),
  (t) => op("pow", positive(t), number(0.5)),
  (t) => op("pow", positive(t), number(-1)),
  (t) => op("pow", positive(t), number(-1.5)),
  (t) => op("log", positive(t)),
  (t) => op("matern", number(2), positive(t)),
  (t) => op("matern", number(3), op("pow", positive(t), number(2))),
  (t) => op("erf", t),
  (t) => op("sigmoid", t),
];

const condition = (scope: Scope): fc.Arbitrary<Term> => {
  const split = fc.constantFrom(0.7, 1.1).map((v) => op("lt", { kind: "read", name: "s", at: [] }, number(v)));
  const counted = scope.map((_, n) =>
    fc.constantFrom<Op>("lt", "eq", "ne", "le").map((o) => op(o, { kind: "iota", n }, number(1))),
  );
  return fc.oneof(split, ...counted);
};

const known = new Map<string, fc.Arbitrary<Term>>();
/** Terms of at most the depth over variables of the scope's extents. */
export function terms(depth: number, scope: Scope = []): fc.Arbitrary<Term> {
  const key = `${depth};${scope.join()}`;
  let made = known.get(key);
  if (!made) known.set(key, (made = fc.oneof(...choices(depth, scope))));
  return made;
}

function choices(depth: number, scope: Scope): fc.WeightedArbitrary<Term>[] {
  const read = fc
    .constantFrom(...Object.entries(tensors))
    .chain(([name, shape]) =>
      fc.tuple(...shape.map((e) => place(e, scope))).map((at): Term => ({ kind: "read", name, at })),
    );
  const literal = fc.constantFrom(-2, -1, -0.5, 0.5, 1, 2, 3).map(number);
  const deltas = fc
    .constantFrom(...EXTENTS)
    .chain((e) => fc.tuple(place(e, scope), place(e, scope)).map(([i, j]): Term => ({ kind: "delta", i, j })));
  const leaves = [
    { arbitrary: read, weight: 6 },
    { arbitrary: literal, weight: 1 },
    { arbitrary: deltas, weight: 2 },
  ];
  if (depth === 0) return leaves;
  const inner = terms(depth - 1, scope),
    binary = fc.constantFrom<Op>("add", "mul", "add", "mul", "max");
  const under = fc.constantFrom<readonly number[]>([2], [3], [2, 3]);
  return [
    ...leaves,
    { arbitrary: fc.tuple(binary, inner, inner).map(([o, a, b]) => op(o, a, b)), weight: 8 },
    { arbitrary: fc.tuple(inner, inner, inner).map((args) => op("add", ...args)), weight: 2 },
    { arbitrary: fc.tuple(fc.constantFrom(...wrappers), inner).map(([f, a]) => f(a)), weight: 4 },
    { arbitrary: fc.tuple(inner, inner).map(([a, b]) => op("add", a, op("mul", number(-1), b))), weight: 2 },
    {
      arbitrary: fc
        .tuple(condition(scope), inner, fc.oneof(inner, fc.constant(number(0))))
        .map(([c, a, b]) => op("where", c, a, b)),
      weight: 1,
    },
    {
      arbitrary: under.chain((extents) =>
        terms(depth - 1, [...scope, ...extents]).map((body): Term => ({ kind: "sum", extents, body })),
      ),
      weight: 6,
    },
    {
      arbitrary: under.chain((extents) =>
        fc
          .tuple(terms(depth - 1, [...scope, ...extents]), fc.tuple(...extents.map((e) => place(e, scope))))
          .map(([body, at]): Term => ({ kind: "entry", extents, body, at })),
      ),
      weight: 3,
    },
  ];
}

/** Values of the tensors, away from kinks and zero. */
export const inputs: fc.Arbitrary<Readonly<Record<string, readonly number[]>>> = fc.record(
  Object.fromEntries(
    Object.entries(tensors).map(([name, shape]) => {
      const length = shape.reduce((a, b) => a * b, 1);
      return [
        name,
        fc.array(
          fc.integer({ min: -1500, max: 1500 }).map((n) => n / 1000 + (n < 0 ? -0.013 : 0.017)),
          { minLength: length, maxLength: length },
        ),
      ];
    }),
  ),
);

// ---- meaning

/** The value of a term where variables stand at `at`. `largest` is told the size of every value on the way. */
export function evaluate<T>(
  $: Arithmetic<T>,
  t: Term,
  values: Readonly<Record<string, readonly T[]>>,
  at: readonly number[] = [],
  seen: (x: T) => void = () => {},
): T {
  const go = (x: Term, env: readonly number[]): T => {
    const v = meaning(x, env);
    seen(v);
    return v;
  };
  const where = (p: Place, env: readonly number[]): number =>
    p.kind === "number" ? p.value : p.kind === "variable" ? env[p.n]! : tables[p.table]!.data[where(p.at, env)]!;
  const meaning = (x: Term, env: readonly number[]): T => {
    switch (x.kind) {
      case "lit":
        return $.lit(x.value);
      case "iota":
        return $.lit(env[x.n]!);
      case "read":
        return values[x.name]![x.at.reduce((offset, p, n) => offset * tensors[x.name]![n]! + where(p, env), 0)]!;
      case "delta":
        return $.lit(where(x.i, env) === where(x.j, env) ? 1 : 0);
      case "op":
        if (x.op === "where") return go($.value(go(x.args[0]!, env)) !== 0 ? x.args[1]! : x.args[2]!, env);
        return $.apply(
          x.op,
          x.args.map((a) => go(a, env)),
        );
      case "entry":
        return go(x.body, [...env, ...x.at.map((p) => where(p, env))]);
      case "sum":
        return $.apply("add", [$.lit(0), ...positions(x.extents).map((p) => go(x.body, [...env, ...p]))]);
    }
  };
  return go(t, at);
}

export function positions(extents: readonly number[]): number[][] {
  const [first, ...rest] = extents;
  if (first === undefined) return [[]];
  return Array.from({ length: first }, (_, n) => positions(rest).map((p) => [n, ...p])).flat();
}

/** Value, and what rounding of it to allow: the largest number on the way sets the scale. */
export function valueAndTolerance(
  t: Term,
  values: Readonly<Record<string, readonly number[]>>,
  $: Arithmetic<number>,
  at: readonly number[] = [],
): { value: number; tolerance: number } {
  let largest = 1;
  const value = evaluate($, t, values, at, (x) => {
    largest = Math.max(largest, Math.abs(x));
  });
  return { value, tolerance: 1e-11 * largest };
}

// ---- as expressions

/** The constructors that a term is made with. */
interface Makers {
  op(op: Op, args: readonly Expr[]): Expr;
  sum(axes: readonly Axis[], body: Expr): Expr;
  entry(axes: readonly Axis[], body: Expr, at: readonly Index[]): Expr;
}
const normal: Makers = {
  op: (o, args) => map(o, ...args),
  sum,
  entry: (axes, body, indices) => at(build(axes, body), indices),
};
const standing: Makers = {
  op: bindMap,
  sum: bindSum,
  entry: (axes, body, indices) => bindAt(bindBuild(axes, body), indices),
};

export const params: Readonly<Record<string, Expr>> = Object.fromEntries(
  Object.entries(tensors).map(([name, shape]) => [name, param(name, shape)]),
);

/** A term as an expression; `env` are the axes of the variables around it. */
export function express(t: Term, env: readonly Axis[] = [], how: "normal" | "standing" = "normal"): Expr {
  const make = how === "normal" ? normal : standing;
  const index = (p: Place, axes: readonly Axis[]): Index => {
    if (p.kind === "number") return lit(p.value);
    if (p.kind === "variable") return axes[p.n]!;
    const { from, data } = tables[p.table]!;
    return at(table(p.table, [from], data), [index(p.at, axes)]);
  };
  const go = (x: Term, axes: readonly Axis[]): Expr => {
    switch (x.kind) {
      case "lit":
        return lit(x.value);
      case "iota":
        return iota(axes[x.n]!);
      case "read":
        return at(
          params[x.name]!,
          x.at.map((p) => index(p, axes)),
        );
      case "delta":
        return delta(index(x.i, axes), index(x.j, axes));
      case "op":
        return make.op(
          x.op,
          x.args.map((a) => go(a, axes)),
        );
      case "sum":
      case "entry": {
        const own = x.extents.map((e) => axis(e)),
          body = go(x.body, [...axes, ...own]);
        return x.kind === "sum"
          ? make.sum(own, body)
          : make.entry(
              own,
              body,
              x.at.map((p) => index(p, axes)),
            );
      }
    }
  };
  return go(t, env);
}

/** Values for the interpreter. */
export const bound = (
  values: Readonly<Record<string, readonly number[]>>,
  more: readonly (readonly [Expr, Value])[] = [],
): Map<Expr, Value> =>
  new Map<Expr, Value>([
    ...Object.entries(params).map(([name, p]): [Expr, Value] => [p, { shape: tensors[name]!, data: values[name]! }]),
    ...more,
  ]);
