/**
 * Work that an inner loop repeats. In: staged tensors, or the value of one nest of loops. Out: the same, with what lies
 * inside an inner loop but lacks an axis of an outer one read from a table over the inner axes, which is filled before
 * the outer loop begins.
 */
import {
  bindAt,
  bindBuild,
  bindMap,
  coefficientOf,
  isAxis,
  termsOf,
  type Axis,
  type Build,
  type Expr,
  type Index,
  type Sum,
} from "../ir/expr.ts";
import { takesFlops } from "../ir/cost.ts";
import { rebound } from "./rebind.ts";

/** Axes of the loops around, outermost first; those of one group have no order yet. */
type Groups = readonly (readonly Axis[])[];
/** What becomes of a sum or tensor inside. */
type Enter = (e: Sum | Build, groups: Groups, visit: Visit) => Expr;
type Visit = (e: Expr, groups: Groups) => Expr;

/** A sum, or at least two operations. */
const WORTH = 2;

const plain = (axes: readonly Axis[]): readonly Axis[] => axes.filter((a) => a.size === undefined);

/** The inner axes over which a node is a table, if an outer loop would repeat it. */
function repeatedOver(free: readonly Axis[], groups: Groups): readonly Axis[] {
  if (free.length === 0) return [];
  const missing = groups.findIndex((g) => g.some((a) => !free.includes(a)));
  return missing < 0
    ? []
    : groups
        .slice(missing + 1)
        .flat()
        .filter((a) => free.includes(a));
}

function hoist(root: Expr, around: Groups, enter: Enter): Expr {
  const memo = new Map<string, Expr>();
  const visit: Visit = (e, groups) => {
    if (e.kind === "lit" || e.kind === "param" || e.kind === "table" || e.kind === "delta") return e;
    const key = `${e.id};${groups.map((g) => g.map((a) => a.id).join()).join(";")}`;
    let made = memo.get(key);
    if (!made) memo.set(key, (made = rebuild(e, groups)));
    return made;
  };
  const index = (i: Index, groups: Groups): Index => (isAxis(i) ? i : visit(i, groups));
  const rebuild = (e: Expr, groups: Groups): Expr => {
    const over = repeatedOver(e.free, groups);
    if (over.length > 0 && (e.kind === "sum" || e.kind === "map") && takesFlops(e, WORTH))
      return bindAt(visit(bindBuild(over, e), groups), over);
    switch (e.kind) {
      case "map":
        return bindMap(
          e.op,
          e.args.map((a) => visit(a, groups)),
        );
      case "at":
        return read(e, groups);
      case "sum":
      case "build":
        return enter(e, groups, visit);
      default:
        return e;
    }
  };
  const read = (e: Expr & { kind: "at" }, groups: Groups): Expr => {
    const indices = e.indices.map((i) => index(i, groups));
    const over = e.tensor.kind === "build" ? repeatedOver(e.tensor.free, groups) : [];
    if (over.length === 0 || e.tensor.kind !== "build") return bindAt(visit(e.tensor, groups), indices);
    return bindAt(visit(bindBuild([...over, ...e.tensor.axes], e.tensor.body), groups), [...over, ...indices]);
  };
  return visit(root, around);
}

/** Between binders: the loops of every sum and tensor, but those over points, over which stages see to it. */
export const hoistInvariants = (root: Expr): Expr =>
  hoist(root, [], (e, groups, visit) =>
    rebound(e, e.kind === "sum" ? visit(e.body, inside(e, groups)) : body(e, inside(e, groups), visit)),
  );

/** Within a nest whose order is chosen; what stands in binders is left for their own nests. */
export const hoistAcross = (value: Expr, nest: readonly Axis[]): Expr =>
  hoist(
    value,
    nest.map((a) => [a]),
    (e) => e,
  );

/** A tensor's axes and those of the sums that fill it are one nest, whose order the scheduler chooses. */
function body(e: Build, groups: Groups, visit: Visit): Expr {
  const terms = termsOf(e.body);
  if (!terms.every((t) => coefficientOf(t)[1].kind === "sum")) return visit(e.body, groups);
  const filled = terms.map((t) => {
    const [, s] = coefficientOf(t);
    if (s.kind !== "sum") return t;
    const joint = [...groups.slice(0, -1), [...groups.at(-1)!, ...plain(s.axes)]];
    const summed = rebound(s, visit(s.body, joint));
    return s === t ? summed : bindMap("mul", [(t as Expr & { kind: "map" }).args[0]!, summed]);
  });
  return filled.length === 1 ? filled[0]! : bindMap("add", filled);
}

/**
 * The groups seen from inside a binder: of the outer axes only those that it depends on, for the rest is outside its
 * loops.
 */
function inside(e: Sum | Build, groups: Groups): Groups {
  const around = groups.map((g) => g.filter((a) => e.free.includes(a))).filter((g) => g.length > 0);
  return [...around, plain(e.axes)];
}
