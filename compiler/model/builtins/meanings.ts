/**
 * The meanings of what is built in. In: tensors, in the order of the arguments. Out: tensors made of IR.
 * One entry for each name, as `signatures.ts` has one; norms are powers of sums of squares, so that 1 / norm(v) is one
 * power.
 */
import { at, axis, delta, lit, map, mul, pow, sum, table, type Expr, type Index, type Op } from "../../ir/expr.ts";
import { commonBase, contraction, elementwise, entries, numeric, type Application } from "../lower/arithmetic.ts";
import { elementwise as unaryNames, type BuiltinName, type Elementwise } from "./builtin_names.ts";
import { fail } from "../lower/evaluation.ts";
import { operatorMeanings } from "./operators.ts";
import { axesOf, numberAt, positionOf, printValue, scalar, virtual, type TensorValue } from "../lower/value.ts";

export type Meaning = (args: readonly TensorValue[], application: Application) => TensorValue;

const unary =
  (name: Elementwise): Meaning =>
  ([x]) => {
    const base = name === "floor" || (name === "abs" && x!.base === "int") ? "int" : "real";
    return entries(base, x!, (e) => map(name, e));
  };
const binary =
  (op: Op, base: (args: readonly TensorValue[]) => "real" | "int" | "bool"): Meaning =>
  (args, application) =>
    elementwise(base(args), args, (a, b) => map(op, a!, b!), `\`${op}\``, application);
const real = (): "real" => "real";

const where: Meaning = (args, application) =>
  elementwise(commonBase(args.slice(1)), args, (c, a, b) => map("where", c!, a!, b!), "`where`", application);

const norm: Meaning = ([x]) => {
  const axes = axesOf(x!.shape);
  return scalar("real", pow(sum(axes, pow(x!.entry(axes), lit(2))), lit(0.5)));
};

const outer: Meaning = ([a, b]) =>
  virtual(numeric([a!, b!]), [...a!.shape, ...b!.shape], (i) =>
    mul(a!.entry(i.slice(0, a!.shape.length)), b!.entry(i.slice(a!.shape.length))),
  );

const transpose: Meaning = ([a]) => virtual(a!.base, [...a!.shape].reverse(), ([i, j]) => a!.entry([j!, i!]));

const trace: Meaning = ([a], { span, context }) => {
  const [rows, columns] = a!.shape;
  if (rows === undefined || rows !== columns)
    return fail(context, "ADK0313", span, { operator: "trace", expected: "a square matrix", found: printValue(a!) });
  const i = axis(rows);
  return scalar(numeric([a!]), sum([i], a!.entry([i, i])));
};

/** A position, looked up in a constant table. */
function lookedUp(name: string, k: Index, data: readonly number[]): Index {
  const position = positionOf(k);
  return position === undefined ? at(table(name, [data.length], data), [k]) : lit(data[position] ?? 0);
}

/** All entries in row-major order: the position along each axis is a table of the position in the list. */
const flatten: Meaning = ([x]) => {
  const { base, shape } = x!,
    length = shape.reduce((a, b) => a * b, 1);
  if (shape.length === 1) return x!;
  const strides = shape.map((_, n) => shape.slice(n + 1).reduce((a, b) => a * b, 1));
  const positions = shape.map((extent, n) => Array.from({ length }, (_, k) => Math.floor(k / strides[n]!) % extent));
  return virtual(base, [length], ([k]) => x!.entry(positions.map((p) => lookedUp("position", k!, p))));
};

/** One after the other along the first axis; the arm that is not chosen reads its entry 0. */
const concat: Meaning = (args, { span, context }) => {
  const rest = args[0]!.shape.slice(1),
    odd = args.find((a) => a.shape.slice(1).join() !== rest.join());
  if (odd)
    return fail(context, "ADK0301", span, {
      operation: "`concat` (all axes but the first)",
      left: printValue(args[0]!),
      right: printValue(odd),
    });
  const parts = args.filter((a) => a.shape[0]! > 0),
    length = parts.reduce((sum_, a) => sum_ + a.shape[0]!, 0);
  const starts = parts.map((_, n) => parts.slice(0, n).reduce((sum_, a) => sum_ + a.shape[0]!, 0));
  const inside = (k: Index, n: number): Index => {
    const local = Array.from({ length }, (_, p) =>
      p >= starts[n]! && p < starts[n]! + parts[n]!.shape[0]! ? p - starts[n]! : 0,
    );
    return lookedUp("part", k, local);
  };
  const entry = ([k, ...others]: readonly Index[]): Expr =>
    parts
      .map((part, n) => part.entry([inside(k!, n), ...others]))
      .reduceRight((later, own, n) => map("where", map("lt", numberAt(k!), lit(starts[n + 1]!)), own, later));
  return virtual(commonBase(args), [length, ...rest], entry);
};

const eye: Meaning = ([n]) => {
  const size = n!.entry([]),
    extent = size.kind === "lit" ? size.value : 0;
  return virtual("real", [extent, extent], ([i, j]) => delta(i!, j!));
};

const matern: Meaning = (args, application) =>
  elementwise("real", args, (m, w) => map("matern", m!, w!), "the Matérn function", application);

export const meanings: { readonly [K in BuiltinName]: Meaning } = {
  ...(Object.fromEntries(unaryNames.map((name) => [name, unary(name)])) as unknown as { [K in Elementwise]: Meaning }),
  atan2: binary("atan2", real),
  pow: binary("pow", real),
  max: binary("max", numeric),
  min: binary("min", numeric),
  where,
  dot: ([a, b], application) => scalar(numeric([a!, b!]), contraction(a!, b!, application)),
  norm,
  outer,
  transpose,
  trace,
  flatten,
  concat,
  eye,
  matern,
  ...operatorMeanings,
};
