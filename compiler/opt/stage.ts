/**
 * Staging. In: optimised tensors over test and training points. Out: the same, with what depends on the training
 * side alone taken out into named tables (per model), and what depends on the test point alone read from tensors
 * that the loop over test points fills before it meets a training point (per point). The rest is paid per pair.
 * The tables are an interface: a trained model may hold them instead of points and coefficients.
 */
import {
  bindAt,
  bindBuild,
  bindMap,
  bindProduct,
  bindSum,
  children,
  coefficientOf,
  dims,
  isAxis,
  isLit,
  keepName,
  lit,
  nameOf,
  param,
  type Axis,
  type Build,
  type Expr,
  type Index,
} from "../ir/expr.ts";
import { isWork } from "../ir/cost.ts";

/** A table worked out once per model: `[training point, …]`, or without points where it depends on parameters alone. */
export interface StagedTable {
  /** The Param by which the later stages read it. */
  readonly param: Expr;
  /** The tensor, over the training side's Params. */
  readonly tensor: Expr;
}

export interface Staged {
  readonly perModel: readonly StagedTable[];
  /** The results, over the test side's Params, hyperparameters and the tables. */
  readonly results: readonly Expr[];
}

/** Which side an expression depends on: bit 1 the test side, bit 2 the training side. */
type SideOf = (e: Expr) => number;
const TEST = 1,
  TRAINING = 2,
  PAIR = 3;

export interface Sides {
  /** Params of the test side (points, arguments) and the names of its numbers of points. */
  readonly test: ReadonlySet<Expr | string>;
  /** The same of the training side, with the coefficients. */
  readonly training: ReadonlySet<Expr | string>;
  /** The coefficients among them, for the names of tables. */
  readonly coefficients: ReadonlySet<Expr>;
}

function sideFinder(sides: Sides): SideOf {
  const memo = new Map<Expr, number>();
  const given = (x: Expr | string): number => (sides.test.has(x) ? TEST : 0) | (sides.training.has(x) ? TRAINING : 0);
  const own = (x: Expr | Axis): number => ("kind" in x ? given(x) : x.size === undefined ? 0 : given(x.size));
  const of = (e: Expr): number => {
    let known = memo.get(e);
    if (known === undefined) {
      const axes = e.kind === "at" ? e.indices.filter(isAxis) : e.kind === "delta" ? [e.i, e.j].filter(isAxis) : [];
      known = [...children(e).map(of), ...axes.map(own), own(e)].reduce((a, b) => a | b, 0);
      memo.set(e, known);
    }
    return known;
  };
  return of;
}

/** Whether an expression reads one of the Params. */
function isAbout(e: Expr, params: ReadonlySet<Expr>): boolean {
  const seen = new Set<Expr>();
  const visit = (x: Expr): boolean => {
    if (seen.has(x)) return false;
    seen.add(x);
    return params.has(x) || children(x).some(visit);
  };
  return visit(e);
}

/** Takes per-model work out of the results, which share their tables. */
export function stage(results: readonly Expr[], sides: Sides, prefix = "staged"): Staged {
  const tables = new Tables(sides, prefix),
    stager = new Stager(sides, tables);
  return { results: results.map((r) => stager.visit(r, false)), perModel: tables.all() };
}

/** The tables made so far, and their names. */
class Tables {
  private readonly made = new Map<Expr, StagedTable>();
  private readonly names = new Set<string>();
  private readonly sides: Sides;
  private readonly prefix: string;

  constructor(sides: Sides, prefix: string) {
    this.sides = sides;
    this.prefix = prefix;
  }

  all(): StagedTable[] {
    return [...this.made.values()];
  }

  /** A scalar of the training side as an entry of a table over its free axes, points first. */
  scalar(e: Expr): Expr {
    const axes = tableOrder(e.free);
    return bindAt(this.paramOf(bindBuild(axes, e)), axes);
  }

  /** An entry of a tensor of the training side: the tensor's own axes follow its free ones. */
  entry(tensor: Build, indices: readonly Index[]): Expr {
    const [sign, rest] = coefficientOf(tensor.body);
    // Signs stay outside: one table serves J α and −J α.
    if (sign === -1)
      return bindMap("mul", [lit(-1), this.entry(keepName(tensor, bindBuild(tensor.axes, rest)) as Build, indices)]);
    const free = tableOrder(tensor.free),
      whole = keepName(tensor, bindBuild([...free, ...tensor.axes], tensor.body));
    return bindAt(this.paramOf(whole), [...free, ...indices]);
  }

  private paramOf(tensor: Expr): Expr {
    let table = this.made.get(tensor);
    if (!table) {
      const sizes = tensor.kind === "build" ? tensor.axes.map((a) => a.size) : [];
      this.made.set(tensor, (table = { param: param(this.nameFor(tensor), dims(tensor), sizes), tensor }));
    }
    return table.param;
  }

  private nameFor(tensor: Expr): string {
    const hint = nameOf(tensor)?.replace(/\W/g, "_") ?? (isAbout(tensor, this.sides.coefficients) ? "alpha" : "points");
    let name = `${this.prefix}_${hint}`;
    for (let n = 2; this.names.has(name); n++) name = `${this.prefix}_${hint}${n}`;
    this.names.add(name);
    return name;
  }
}

/** Walks the results; `under` tells whether a loop over training points is around. */
class Stager {
  private readonly side: SideOf;
  private readonly sides: Sides;
  private readonly tables: Tables;
  private readonly memo = { outside: new Map<Expr, Expr>(), under: new Map<Expr, Expr>() };

  constructor(sides: Sides, tables: Tables) {
    this.side = sideFinder(sides);
    this.sides = sides;
    this.tables = tables;
  }

  visit(e: Expr, under: boolean): Expr {
    const known = under ? this.memo.under : this.memo.outside;
    let made = known.get(e);
    if (!made) known.set(e, (made = this.side(e) === PAIR ? this.rebuild(e, under) : this.settle(e, under)));
    return made;
  }

  /**
   * What one side alone determines: read from a table where it costs work, or left where its own loop is cheap enough.
   */
  private settle(e: Expr, under: boolean): Expr {
    if (dims(e).length > 0 || !isWork(e)) return e;
    if (this.side(e) === TEST) return under && e.free.some((a) => a.size === undefined) ? tabulatePoint(e) : e;
    if (e.free.length === 0) return e;
    // Signs stay outside: tables hold what their name says.
    if (e.kind === "map" && e.op === "mul" && isLit(e.args[0]!, -1))
      return bindMap("mul", [e.args[0]!, this.settle(bindMap("mul", e.args.slice(1)), under)]);
    const isEntry = e.kind === "at" && e.tensor.kind === "build" && !e.indices.some((i) => !isAxis(i) && isWork(i));
    return isEntry ? this.tables.entry(e.tensor as Build, e.indices) : this.tables.scalar(e);
  }

  private rebuild(e: Expr, under: boolean): Expr {
    const inside =
      under ||
      ((e.kind === "sum" || e.kind === "build") &&
        e.axes.some((a) => a.size !== undefined && this.sides.training.has(a.size)));
    switch (e.kind) {
      case "map": {
        const args = e.op === "mul" || e.op === "add" ? groupBySide(e.op, e.args, this.side) : e.args;
        return bindMap(
          e.op,
          args.map((a) => this.visit(a, inside)),
        );
      }
      case "at":
        return bindAt(
          this.visit(e.tensor, inside),
          e.indices.map((i) => (isAxis(i) ? i : this.visit(i, inside))),
        );
      case "build":
        return keepName(e, bindBuild(e.axes, this.visit(e.body, inside)));
      case "sum":
        return bindSum(e.axes, this.visit(e.body, inside));
      default:
        return e;
    }
  }
}

/**
 * Points first, then from the shortest axis to the longest: one order for one table wherever it is read, and long rows.
 */
const tableOrder = (axes: readonly Axis[]): Axis[] =>
  [...axes].sort(
    (a, b) =>
      Number(b.size !== undefined) - Number(a.size !== undefined) ||
      a.extent - b.extent ||
      b.level - a.level ||
      a.id - b.id,
  );

/** Work of the test side alone, as an entry of a tensor over the axes that are not points. */
function tabulatePoint(e: Expr): Expr {
  const axes = tableOrder(e.free.filter((a) => a.size === undefined));
  if (e.kind !== "at" || e.tensor.kind !== "build") return bindAt(bindBuild(axes, e), axes);
  const { tensor } = e,
    outside = axes.filter((a) => tensor.free.includes(a));
  return outside.length === 0
    ? e
    : bindAt(keepName(tensor, bindBuild([...outside, ...tensor.axes], tensor.body)), [...outside, ...e.indices]);
}

/** Of a product or sum, the arguments of one side put together where one has all axes of the other. */
function groupBySide(op: "mul" | "add", args: readonly Expr[], side: SideOf): readonly Expr[] {
  const groups: Expr[][] = [];
  for (const a of [...args].sort((p, q) => q.free.length - p.free.length)) {
    const s = side(a),
      fits = (g: Expr[]): boolean => side(g[0]!) === s && a.free.every((x) => g[0]!.free.includes(x));
    const group = s === PAIR || s === 0 || a.kind === "delta" || a.free.length === 0 ? undefined : groups.find(fits);
    if (group) group.push(a);
    else groups.push([a]);
  }
  if (groups.length === args.length || groups.length === 1) return args;
  const kept = groups.map((g) =>
    g.length === 1 ? g[0]! : op === "mul" ? bindProduct(...g) : bindMap("add", [...g].reverse()),
  );
  return args[0]!.kind === "lit" && op === "mul" ? [args[0]!, ...kept.filter((x) => x !== args[0])] : kept;
}
