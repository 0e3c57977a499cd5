/**
 * Statements of a plan. In: the plan, and where the program's inputs and results lie. Out: statements, with the scratch
 * and the tables that they use. Every choice has been made: here holders get their names, and expressions are spelled.
 */
import { isAxis, nameOf, type At, type Axis, type Expr } from "../ir/expr.ts";
import type { MatrixProduct } from "../opt/multiply.ts";
import {
  constant,
  countFrom,
  dtypeOfEntries,
  extentOf,
  offsetOf,
  type Buffer,
  type MatrixView,
  type Statement,
} from "./loop.ts";
import type { Nest, Holder } from "./nest.ts";
import type { PlanStep } from "./plan.ts";
import { Scalars, type Storage } from "./scalars.ts";

/** What a whole program shares. */
export interface Setting {
  readonly inputs: ReadonlyMap<Expr, Buffer>;
  /** Notes on the loops over each number of points. */
  readonly notes: Readonly<Record<string, string>>;
  /** A name that nothing else has. */
  fresh(stem: string): string;
}

/** Scratch and tables, in the order in which they are first met. */
export class Room {
  readonly locals: Buffer[] = [];
  readonly tables = new Map<string, Buffer>();
  readonly given: Setting;

  constructor(given: Setting) {
    this.given = given;
  }

  local(tensor: Expr & { kind: "build" }): Buffer {
    const name = this.given.fresh(nameOf(tensor) ?? "array");
    const buffer: Buffer = { name, dims: tensor.axes.map(extentOf), role: "local", dtype: "f64" };
    this.locals.push(buffer);
    return buffer;
  }

  /** A constant table; one that is read both as an index and as a value is two. */
  table(tensor: Expr & { kind: "table" }, asIndex: boolean): Buffer {
    const key = `${tensor.id}${asIndex ? "i" : ""}`;
    let buffer = this.tables.get(key);
    if (!buffer) {
      const name = this.given.fresh(asIndex ? `${tensor.name}_index` : tensor.name),
        { dims, data } = tensor;
      this.tables.set(key, (buffer = { name, dims, role: "table", data, dtype: dtypeOfEntries(data) }));
    }
    return buffer;
  }
}

const COUNTERS = [..."abcdefgh"];

/** Statements inside the open loops: the block of one loop, or the whole program. */
export class StatementBlock implements Storage {
  private readonly room: Room;
  private readonly around: StatementBlock | undefined;
  private readonly counter: { readonly axis: Axis; readonly name: string } | undefined;
  private readonly depth: number;
  private readonly buffers = new Map<Expr, Buffer>();
  private readonly variables = new Map<Expr, string>();
  private readonly scalars = new Scalars(this);

  constructor(room: Room, around?: StatementBlock, opened?: Axis) {
    this.room = room;
    this.around = around;
    this.depth = around ? around.depth + 1 : 0;
    this.counter = opened && { axis: opened, name: this.counterName(opened) };
  }

  // ---- where values are

  counterOf(a: Axis): string {
    if (this.counter?.axis === a) return this.counter.name;
    if (!this.around) throw new Error(`the axis ${a.name} (${a.extent}) is used outside its loop`);
    return this.around.counterOf(a);
  }

  variableOf(e: Expr): string | undefined {
    return this.variables.get(e) ?? this.around?.variableOf(e);
  }

  bufferOf(tensor: Expr, asIndex: boolean): Buffer {
    if (tensor.kind === "table") return this.room.table(tensor, asIndex);
    const buffer = tensor.kind === "param" ? this.room.given.inputs.get(tensor) : this.arrayOf(tensor);
    if (buffer) return buffer;
    throw new Error(
      tensor.kind === "param" ? `nothing gives ${tensor.name}` : "a tensor is read before it is laid out",
    );
  }

  private arrayOf(tensor: Expr): Buffer | undefined {
    return this.buffers.get(tensor) ?? this.around?.arrayOf(tensor);
  }

  /** i and j over points, letters by depth for the rest. No other name is one letter, so none is hidden. */
  private counterName(a: Axis): string {
    const inUse = new Set<string>();
    for (let b = this.around; b; b = b.around) if (b.counter) inUse.add(b.counter.name);
    const letters = a.size !== undefined ? ["i", "j"] : COUNTERS.slice(Math.min(this.depth - 1, COUNTERS.length - 1));
    for (let round = 0; ; round++) {
      const name = letters.map((l) => (round === 0 ? l : `${l}${round}`)).find((l) => !inUse.has(l));
      if (name !== undefined) return name;
    }
  }

  // ---- steps

  statements(steps: readonly PlanStep[]): Statement[] {
    return steps.flatMap((s) => this.step(s));
  }

  private step(s: PlanStep): Statement[] {
    switch (s.kind) {
      case "begin":
        return this.begin(s.holder, s.zero);
      case "define": {
        const value = this.scalars.compute(s.value),
          name = this.room.given.fresh("t");
        this.variables.set(s.value, name);
        return [{ kind: "define", name, value }];
      }
      case "fill":
        return [this.fill(s.nest)];
      case "loop": {
        const inside = new StatementBlock(this.room, this, s.axis),
          note = s.axis.size === undefined ? undefined : this.room.given.notes[s.axis.size];
        const doc = note === undefined ? {} : { doc: note };
        const body = inside.statements(s.steps);
        return [{ kind: "for", counter: inside.counterOf(s.axis), extent: extentOf(s.axis), body, ...doc }];
      }
    }
  }

  private begin(holder: Holder, zero: boolean): Statement[] {
    if (holder.kind === "total") {
      const name = this.room.given.fresh("sum");
      this.variables.set(holder.sum, name);
      return [{ kind: "total", name }];
    }
    if (holder.kind === "array") this.buffers.set(holder.tensor, this.room.local(holder.tensor));
    const buffer = this.bufferAt(holder);
    return zero ? [{ kind: "clear", buffer, offset: constant(0), count: countFrom(buffer, 0) }] : [];
  }

  private bufferAt(holder: Holder): Buffer {
    if (holder.kind === "result") return holder.buffer;
    const buffer = holder.kind === "array" ? this.arrayOf(holder.tensor) : undefined;
    if (!buffer) throw new Error("an array is filled before it is begun");
    return buffer;
  }

  private fill(nest: Nest): Statement {
    const { holder, mode, indices, product } = nest;
    if (product) return this.multiplication(product, this.bufferAt(holder));
    const value = this.scalars.scalar(nest.value);
    if (holder.kind === "total") return { kind: "increase", name: this.variableOf(holder.sum)!, value };
    const buffer = this.bufferAt(holder);
    const offset = offsetOf(
      buffer,
      indices.map((i) => this.scalars.integer(i)),
    );
    return { kind: mode === "store" ? "store" : "accumulate", buffer, offset, value };
  }

  private multiplication({ rows, cols, inner, a, b }: MatrixProduct, into: Buffer): Statement {
    const view = (read: At, row: Axis): MatrixView => {
      const buffer = this.bufferOf(read.tensor, false);
      const offset = offsetOf(
        buffer,
        read.indices.map((i) => (isAxis(i) && (i === row || i === inner) ? constant(0) : this.scalars.integer(i))),
      );
      const stride = (of: Axis): number =>
        buffer.dims
          .slice(read.indices.indexOf(of) + 1)
          .reduce<number>((n, d) => n * (typeof d === "number" ? d : NaN), 1);
      return { buffer, offset, row: stride(row), inner: stride(inner) };
    };
    return {
      kind: "gemm",
      rows: extentOf(rows),
      cols: extentOf(cols),
      inner: extentOf(inner),
      a: view(a, rows),
      b: view(b, cols),
      c: { buffer: into, offset: constant(0) },
    };
  }
}
