/**
 * Laying out loops. In: tensors to be computed, and where their inputs lie. Out: a Program.
 * Level by level: what the open loops determine is worked out there, arrays and totals become units, units whose
 * outer loops run over the same range and don't wait for one another share a loop, and the same is done inside it.
 */
import {
  axis,
  children,
  isAxis,
  nameOf,
  rename,
  sameRange,
  type At,
  type Axis,
  type Build,
  type Expr,
  type Sum,
} from "../ir/expr.ts";
import { nodeFlops } from "../ir/cost.ts";
import {
  constant,
  countFrom,
  offsetOf,
  type Buffer,
  type Extent,
  type MatrixView,
  type Program,
  type Statement,
} from "./loop.ts";
import { Scalars, isPlain, usedTwice, type Scope } from "./scalars.ts";
import { unitOfSum, unitsOfTensor, type MatrixProduct, type Unit } from "./unit.ts";

export interface Result {
  readonly buffer: Buffer;
  readonly tensor: Expr;
}
export interface Job {
  readonly name: string;
  readonly doc: string;
  readonly sizes: readonly string[];
  readonly inputs: ReadonlyMap<Expr, Buffer>;
  readonly results: readonly Result[];
  /** Notes on the loops over each number of points, for readers of the printed code. */
  readonly notes: Readonly<Record<string, string>>;
}

const COUNTERS = [..."abcdefgh"];

/** Words that no name in printed code may be. */
const RESERVED = (
  "abstract arguments await boolean break byte case catch char class const continue debugger default delete do double else enum eval export extends " +
  "false final finally float for function gemm goto if implements import in instanceof int interface let long native new null package private protected " +
  "public return short static super switch synchronized this throw throws transient true try typeof undefined var void volatile while with yield " +
  "Math NaN Infinity Float64Array Int32Array erf softplus sigmoid"
).split(" ");

export const extentOf = (a: Axis): Extent => (a.size === undefined ? a.extent : { size: a.size });

/** Units that share their outer loop, or one that has none left. */
interface Group {
  readonly axis: Axis | undefined;
  readonly units: Unit[];
}

class Scheduler implements Scope {
  private readonly job: Job;
  private readonly scalars = new Scalars(this);
  private readonly arrays = new Map<Expr, Buffer>();
  private variables = new Map<Expr, string>();
  private readonly counters = new Map<Axis, string>();
  private readonly open = new Set<Axis>();
  /**
   * Arrays and totals that groups still to come complete. What a loop finds out that it needs of them it works out
   * itself.
   */
  private later = new Set<Expr>();
  readonly tables = new Map<string, Buffer>();
  readonly locals: Buffer[] = [];
  private readonly taken = new Set<string>();

  constructor(job: Job) {
    this.job = job;
    for (const b of [...job.inputs.values(), ...job.results.map((r) => r.buffer)]) this.taken.add(b.name);
    for (const name of [...job.sizes, ...RESERVED]) this.taken.add(name);
  }

  // ---- names and places

  fresh(stem: string): string {
    const clean = stem.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(\d)/, "_$1") || "v";
    let name = /^[a-z]\d*$/.test(clean) && clean !== "t" ? `${clean}_` : clean;
    for (let n = 2; this.taken.has(name); n++) name = `${clean}${n}`;
    this.taken.add(name);
    return name;
  }

  counterOf(a: Axis): string {
    const name = this.counters.get(a);
    if (name === undefined) throw new Error(`the axis ${a.name} (${a.extent}) is used outside its loop`);
    return name;
  }

  variableOf(e: Expr): string | undefined {
    return this.variables.get(e);
  }

  bufferOf(tensor: Expr, asIndex: boolean): Buffer {
    if (tensor.kind === "table") return this.tableOf(tensor, asIndex);
    const buffer = tensor.kind === "param" ? this.job.inputs.get(tensor) : this.arrays.get(tensor);
    if (!buffer)
      throw new Error(
        tensor.kind === "param" ? `nothing gives ${tensor.name}` : "a tensor is read before it is laid out",
      );
    return buffer;
  }

  private tableOf(tensor: Expr & { kind: "table" }, asIndex: boolean): Buffer {
    const key = `${tensor.id}${asIndex ? "i" : ""}`;
    let buffer = this.tables.get(key);
    if (!buffer) {
      buffer = {
        name: this.fresh(asIndex ? `${tensor.name}_index` : tensor.name),
        dims: tensor.dims,
        role: "table",
        data: tensor.data,
      };
      this.tables.set(key, buffer);
    }
    return buffer;
  }

  private readonly closed = (e: Expr): boolean => e.free.every((a) => this.open.has(a));

  /** i and j over points, letters by depth for the rest. No other name is one letter, so none is hidden. */
  private counterName(a: Axis): string {
    const inUse = [...this.open].map((o) => this.counters.get(o));
    const letters = a.size !== undefined ? ["i", "j"] : COUNTERS.slice(Math.min(this.open.size, COUNTERS.length - 1));
    for (let round = 0; ; round++) {
      const name = letters.map((l) => (round === 0 ? l : `${l}${round}`)).find((l) => !inUse.includes(l));
      if (name !== undefined) return name;
    }
  }

  // ---- a level

  /** The statements that complete the units, all of whose outer loops are open. */
  level(pending: readonly Unit[]): Statement[] {
    const { later, arrays } = this,
      before = new Map([...later].map((e) => [e, arrays.get(e)]));
    this.later = new Set(later);
    const units = this.discover(pending),
      out: Statement[] = [];
    const uses = this.countUses(units),
      groups = this.group(units),
      outer = this.later,
      cleared = new Set<Buffer>();
    groups.forEach((group, n) => {
      this.later = new Set([...outer, ...groups.slice(n + 1).flatMap((g) => g.units.flatMap((u) => u.key ?? []))]);
      for (const u of group.units) this.clear(u, cleared, out);
      if (group.axis === undefined) {
        for (const u of group.units) this.finish(u, uses, out);
        return;
      }
      for (const u of group.units) this.hoist(u.value, uses, out);
      out.push(this.loop(group.axis, group.units));
    });
    this.later = later;
    for (const [e, buffer] of before) if (buffer) arrays.set(e, buffer);
    return out;
  }

  private loop(a: Axis, units: readonly Unit[]): Statement {
    const opened = axis(a.extent, a.name, a.size),
      name = this.counterName(a);
    this.counters.set(opened, name);
    this.open.add(opened);
    const inner = units.map((u): Unit => {
      const by = new Map([[u.nest[0]!, opened]]);
      const target =
        u.target.kind === "total"
          ? u.target
          : { ...u.target, indices: u.target.indices.map((i) => (isAxis(i) ? (by.get(i) ?? i) : rename(i, by))) };
      return { ...u, target, nest: u.nest.slice(1), value: rename(u.value, by), cleared: true };
    });
    const outside = new Map(this.variables);
    const body = this.level(inner);
    this.variables = outside; // What the body defined ends with it, though it may not depend on the counter.
    this.open.delete(opened);
    const note = a.size === undefined ? undefined : this.job.notes[a.size];
    return { kind: "for", counter: name, extent: extentOf(a), body, ...(note === undefined ? {} : { doc: note }) };
  }

  /**
   * A total or array that is accumulated begins at zero, before its outermost loop: the whole array, once a level,
   * however many units fill it.
   */
  private clear(u: Unit, cleared: Set<Buffer>, out: Statement[]): void {
    if (u.cleared || u.mode === "store") return;
    if (u.target.kind === "total") {
      out.push({ kind: "total", name: u.target.name });
      return;
    }
    const { buffer } = u.target;
    if (!cleared.has(buffer)) out.push({ kind: "clear", buffer, offset: constant(0), count: countFrom(buffer, 0) });
    cleared.add(buffer);
  }

  private finish(u: Unit, uses: ReadonlyMap<Expr, number>, out: Statement[]): void {
    if (u.product) {
      out.push(this.multiplication(u, u.product));
      return;
    }
    const value = this.evaluate(u.value, uses, out);
    if (u.target.kind === "total") {
      out.push({ kind: "increase", name: u.target.name, value });
      return;
    }
    const { buffer, indices } = u.target;
    out.push({
      kind: u.mode === "store" ? "store" : "accumulate",
      buffer,
      offset: offsetOf(
        buffer,
        indices.map((i) => this.scalars.integer(i)),
      ),
      value,
    });
  }

  private multiplication(u: Unit, { rows, cols, inner, a, b }: MatrixProduct): Statement {
    const view = (read: At, row: Axis): MatrixView => {
      const buffer = this.bufferOf(read.tensor, false);
      const offset = offsetOf(
        buffer,
        read.indices.map((i) => (i === row || i === inner ? constant(0) : this.scalars.integer(i))),
      );
      const stride = (a: Axis): number =>
        buffer.dims
          .slice(read.indices.indexOf(a) + 1)
          .reduce<number>((n, d) => n * (typeof d === "number" ? d : NaN), 1);
      return { buffer, offset, row: stride(row), inner: stride(inner) };
    };
    if (u.target.kind !== "array") throw new Error("a matrix product fills an array");
    return {
      kind: "gemm",
      rows: extentOf(rows),
      cols: extentOf(cols),
      inner: extentOf(inner),
      a: view(a, rows),
      b: view(b, cols),
      c: { buffer: u.target.buffer, offset: constant(0) },
    };
  }

  // ---- scalars

  /** How many places at this level need each scalar; what loops inside need counts as well. */
  private countUses(units: readonly Unit[]): Map<Expr, number> {
    const uses = new Map<Expr, number>();
    const visit = (e: Expr): void => {
      if (this.variables.has(e)) return;
      uses.set(e, (uses.get(e) ?? 0) + 1);
      if (uses.get(e) !== 1) return;
      children(e).forEach(visit);
      const again = usedTwice(e);
      if (again) visit(again);
    };
    for (const u of units) visit(u.value);
    return uses;
  }

  private evaluate(e: Expr, uses: ReadonlyMap<Expr, number>, out: Statement[]): ReturnType<Scalars["scalar"]> {
    this.prepare(e, uses, out);
    return this.scalars.scalar(e);
  }

  /** Defines the shared scalars inside an expression, innermost first. */
  private prepare(e: Expr, uses: ReadonlyMap<Expr, number>, out: Statement[]): void {
    if (this.variables.has(e)) return;
    if (e.kind === "map") e.args.forEach((a) => this.prepare(a, uses, out));
    if (e.kind === "at")
      e.indices.forEach((i) => {
        if (!isAxis(i) && i.kind === "map") this.prepare(i, uses, out);
      });
    if (e.kind === "map" && (uses.get(e) ?? 0) > 1 && nodeFlops(e) > 0 && !isPlain(e)) this.define(e, out);
  }

  private define(e: Expr, out: Statement[]): void {
    const value = this.scalars.compute(e),
      name = this.fresh("t");
    out.push({ kind: "define", name, value });
    this.variables.set(e, name);
  }

  /** Defines, before a loop, the scalars that it needs and the open loops determine. */
  private hoist(value: Expr, uses: ReadonlyMap<Expr, number>, out: Statement[]): void {
    const seen = new Set<Expr>();
    const visit = (e: Expr): void => {
      if (seen.has(e) || this.variables.has(e) || this.arrays.has(e)) return;
      seen.add(e);
      if (e.kind === "map" && this.closed(e) && nodeFlops(e) > 0 && !isPlain(e)) {
        e.args.forEach((a) => this.prepare(a, uses, out));
        this.define(e, out);
        return;
      }
      children(e).forEach(visit);
    };
    visit(value);
  }

  // ---- units

  /**
   * The units of this level: the pending ones and, before them, those for the sums and tensors inside that it
   * determines.
   */
  private discover(pending: readonly Unit[]): Unit[] {
    const units: Unit[] = [],
      seen = new Set<Expr>();
    const visit = (e: Expr): void => {
      if (seen.has(e) || ((this.variables.has(e) || this.arrays.has(e)) && !this.later.has(e))) return;
      seen.add(e);
      if ((e.kind === "sum" || e.kind === "build") && this.closed(e)) {
        this.later.delete(e);
        const made = e.kind === "sum" ? [this.total(e)] : this.array(e);
        made.forEach((u) => visit(u.value));
        units.push(...made);
        return;
      }
      children(e).forEach(visit);
    };
    for (const u of pending) {
      visit(u.value);
      units.push(u);
    }
    return units;
  }

  private total(e: Sum): Unit {
    const name = this.fresh("sum");
    const unit = unitOfSum(e, name, this.closed);
    this.variables.set(e, name);
    return unit;
  }

  private array(e: Build): Unit[] {
    const buffer: Buffer = { name: this.fresh(nameHint(e)), dims: e.axes.map(extentOf), role: "local" };
    this.locals.push(buffer);
    const units = unitsOfTensor(e, e, buffer, this.closed);
    this.arrays.set(e, buffer);
    return units;
  }

  /** Groups units by their outer loops, each as early as what it reads allows. */
  private group(units: readonly Unit[]): Group[] {
    const groups: Group[] = [],
      home = new Map<Unit, number>();
    for (const u of units) {
      const needs = units.filter((p) => p.key !== undefined && p.key !== u.key && home.has(p) && reads(u.value, p.key));
      let first = 0;
      for (const p of needs) {
        const at = home.get(p)!;
        first = Math.max(first, canShare(p, u) ? at : at + 1);
      }
      let at = -1;
      for (let g = first; g < groups.length && at < 0; g++) {
        const shared = needs.filter((p) => home.get(p) === g);
        if (joins(groups[g]!, u) && shared.every((p) => canShare(p, u))) at = g;
      }
      if (at < 0) {
        at = groups.length;
        groups.push({ axis: u.nest[0], units: [] });
      }
      groups[at]!.units.push(u);
      home.set(u, at);
    }
    return groups;
  }

  program(): Program {
    const roots = this.job.results.flatMap(({ buffer, tensor }) =>
      tensor.kind === "build"
        ? unitsOfTensor(tensor, undefined, buffer, this.closed)
        : [this.scalarResult(tensor, buffer)],
    );
    const body = this.level(roots);
    const { name, doc, sizes, inputs, results } = this.job;
    return {
      name,
      doc,
      sizes,
      inputs: [...inputs.values()],
      outputs: results.map((r) => r.buffer),
      tables: [...this.tables.values()],
      locals: this.locals,
      body,
    };
  }

  private scalarResult(value: Expr, buffer: Buffer): Unit {
    return { target: { kind: "array", buffer, indices: [] }, mode: "store", nest: [], value, cleared: true };
  }
}

const nameHint = (e: Expr): string => nameOf(e) ?? "array";

function reads(value: Expr, key: Expr): boolean {
  const seen = new Set<Expr>();
  const visit = (e: Expr): boolean => {
    if (e === key) return true;
    if (seen.has(e)) return false;
    seen.add(e);
    return children(e).some(visit);
  };
  return visit(value);
}

const joins = (g: Group, u: Unit): boolean =>
  g.axis === undefined ? u.nest.length === 0 : u.nest.length > 0 && sameRange(g.axis, u.nest[0]!);

/** Whether a reader may stand in the loop that fills what it reads: it reads only the entries of that very turn. */
function canShare(producer: Unit, reader: Unit): boolean {
  const a = producer.nest[0],
    b = reader.nest[0];
  if (a === undefined && b === undefined) return true;
  if (a === undefined || b === undefined || !sameRange(a, b) || producer.target.kind === "total") return false;
  const position = producer.target.indices.indexOf(a);
  if (position < 0) return false;
  const seen = new Set<Expr>();
  const visit = (e: Expr): boolean => {
    if (seen.has(e)) return true;
    seen.add(e);
    if (e.kind === "at" && e.tensor === producer.key)
      return e.indices[position] === b && e.indices.every((i) => isAxis(i) || visit(i));
    return children(e).every(visit);
  };
  return visit(reader.value);
}

/** Lays out the loops that compute the results. */
export function schedule(job: Job): Program {
  return new Scheduler(job).program();
}
