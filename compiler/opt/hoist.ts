/**
 * Work that an inner loop repeats. In: staged tensors. Out: the same, with what lies inside an inner binder but lacks
 * an axis of an outer one read from a table over the inner axes, which is filled before the outer loop begins.
 */
import {
  bindAt,
  bindBuild,
  bindMap,
  bindSum,
  coefficientOf,
  isAxis,
  keepName,
  termsOf,
  type Axis,
  type Expr,
  type Index,
} from "../ir/expr.ts";
import { nodeFlops } from "../ir/cost.ts";
import { isWork } from "./stage.ts";

/** Axes of the binders around, outermost first; those of points aside, over which stages see to it. */
type Groups = readonly (readonly Axis[])[];

const plain = (axes: readonly Axis[]): readonly Axis[] => axes.filter((a) => a.size === undefined);

/** A sum, or at least two operations. */
export function worthATable(e: Expr): boolean {
  if (e.kind === "sum") return true;
  if (e.kind !== "map") return false;
  const flops = (x: Expr): number =>
    x.kind === "map" ? nodeFlops(x) + x.args.reduce((n, a) => n + flops(a), 0) : isWork(x) ? 2 : 0;
  return flops(e) >= 2;
}

/** The inner axes over which a node is a table, if an outer loop would repeat it. */
function repeatedOver(free: readonly Axis[], groups: Groups): readonly Axis[] {
  const missing = groups.findIndex((g) => g.some((a) => !free.includes(a)));
  return missing < 0
    ? []
    : groups
        .slice(missing + 1)
        .flat()
        .filter((a) => free.includes(a));
}

export function hoistInvariants(root: Expr): Expr {
  const memo = new Map<string, Expr>();
  const visit = (e: Expr, groups: Groups): Expr => {
    if (e.kind === "lit" || e.kind === "param" || e.kind === "table" || e.kind === "delta") return e;
    const key = `${e.id};${groups.map((g) => g.map((a) => a.id).join()).join(";")}`;
    let made = memo.get(key);
    if (!made) memo.set(key, (made = rebuild(e, groups)));
    return made;
  };
  const index = (i: Index, groups: Groups): Index => (isAxis(i) ? i : visit(i, groups));
  const rebuild = (e: Expr, groups: Groups): Expr => {
    const over = worthATable(e) ? repeatedOver(e.free, groups) : [];
    if (over.length > 0) return bindAt(visit(bindBuild(over, e), groups), over);
    switch (e.kind) {
      case "map":
        return bindMap(
          e.op,
          e.args.map((a) => visit(a, groups)),
        );
      case "at":
        return read(e, groups);
      case "sum":
        return bindSum(e.axes, visit(e.body, enter(e, groups)));
      case "build":
        return keepName(e, bindBuild(e.axes, body(e, enter(e, groups))));
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
  /** A tensor's axes and those of the sums that fill it are one nest, whose order the scheduler chooses. */
  const body = (e: Expr & { kind: "build" }, groups: Groups): Expr => {
    const terms = termsOf(e.body);
    if (!terms.every((t) => coefficientOf(t)[1].kind === "sum")) return visit(e.body, groups);
    const inside = terms.map((t) => {
      const [, s] = coefficientOf(t);
      if (s.kind !== "sum") return t;
      const joint = [...groups.slice(0, -1), [...groups.at(-1)!, ...plain(s.axes)]];
      const summed = bindSum(s.axes, visit(s.body, joint));
      return s === t ? summed : bindMap("mul", [(t as Expr & { kind: "map" }).args[0]!, summed]);
    });
    return inside.length === 1 ? inside[0]! : bindMap("add", inside);
  };
  return visit(root, []);
}

/**
 * The groups seen from inside a binder: of the outer axes only those that it depends on, for the rest is outside its
 * loops.
 */
function enter(e: Expr & { kind: "sum" | "build" }, groups: Groups): Groups {
  const around = groups.map((g) => g.filter((a) => e.free.includes(a))).filter((g) => g.length > 0);
  return [...around, plain(e.axes)];
}
