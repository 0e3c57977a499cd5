/**
 * The counting interpreter of programs: the oracle of backends. In: a program, sizes and buffers. Out: filled outputs,
 * and counts. What is written to f32 buffers is rounded to them.
 * Additions, multiplications, divisions and function calls count 1; index arithmetic, comparisons, selections and
 * signs 0. What a printed module executes is the same number, which a test establishes.
 */
import { ops } from "../ir/ops.ts";
import {
  dtypeOf,
  type Buffer,
  type Condition,
  type Extent,
  type Gemm,
  type Integer,
  type Program,
  type Scalar,
  type Statement,
} from "./loop.ts";

export interface Run {
  /** Values of the symbolic sizes. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Inputs and outputs by name; outputs are filled in place. */
  readonly buffers: Readonly<Record<string, Float64Array>>;
}

class Machine {
  flops = 0;
  private readonly run: Run;
  private readonly counters = new Map<string, number>();
  private readonly variables = new Map<string, number>();
  private readonly locals = new Map<Buffer, Float64Array>();

  constructor(run: Run) {
    this.run = run;
  }

  extent(e: Extent): number {
    return typeof e === "number" ? e : this.run.sizes[e.size]!;
  }

  data(b: Buffer): Float64Array {
    if (b.role === "table") return b.data!;
    if (b.role !== "local") {
      const given = this.run.buffers[b.name];
      if (!given) throw new Error(`no buffer ${b.name}`);
      return given;
    }
    let local = this.locals.get(b);
    if (!local) this.locals.set(b, (local = new Float64Array(b.dims.reduce<number>((n, d) => n * this.extent(d), 1))));
    return local;
  }

  integer(i: Integer): number {
    switch (i.kind) {
      case "constant":
        return i.value;
      case "counter": {
        const c = this.counters.get(i.name);
        if (c === undefined) throw new Error(`no loop counts ${i.name}`);
        return c;
      }
      case "extent":
        return this.extent(i.extent);
      case "plus":
        return this.integer(i.left) + this.integer(i.right);
      case "times":
        return this.integer(i.left) * this.integer(i.right);
      case "entry":
        return this.entry(i.buffer, i.offset);
      case "whole":
        return this.scalar(i.scalar);
    }
  }

  private entry(b: Buffer, offset: Integer): number {
    const at = this.integer(offset),
      data = this.data(b),
      value = data[at];
    if (value === undefined) throw new Error(`${b.name}[${at}] leaves 0 … ${data.length - 1}`);
    return value;
  }

  scalar(s: Scalar): number {
    switch (s.kind) {
      case "number":
        return s.value;
      case "variable": {
        const v = this.variables.get(s.name);
        if (v === undefined) throw new Error(`${s.name} is not defined`);
        return v;
      }
      case "load":
        return this.entry(s.buffer, s.offset);
      case "integer":
        return this.integer(s.value);
      case "negate":
        return -this.scalar(s.of);
      case "call": {
        this.flops += ops[s.op].flops;
        return ops[s.op].value(...s.args.map((a) => this.scalar(a)));
      }
      case "select":
        return this.condition(s.condition) ? this.scalar(s.then) : this.scalar(s.otherwise);
      case "binary": {
        const l = this.scalar(s.left),
          r = this.scalar(s.right);
        this.flops++;
        return s.op === "+" ? l + r : s.op === "-" ? l - r : s.op === "*" ? l * r : l / r;
      }
    }
  }

  private condition(c: Condition): boolean {
    switch (c.kind) {
      case "same":
        return this.integer(c.left) === this.integer(c.right);
      case "not":
        return !this.condition(c.of);
      case "both":
        return c.op === "&&"
          ? this.condition(c.left) && this.condition(c.right)
          : this.condition(c.left) || this.condition(c.right);
      case "compare": {
        const l = this.scalar(c.left),
          r = this.scalar(c.right);
        return c.op === "<" ? l < r : c.op === "<=" ? l <= r : c.op === "===" ? l === r : l !== r;
      }
    }
  }

  statements(body: readonly Statement[]): void {
    for (const s of body) this.statement(s);
  }

  private statement(s: Statement): void {
    switch (s.kind) {
      case "block":
        this.statements(s.body);
        return;
      case "for":
        for (let n = 0; n < this.extent(s.extent); n++) {
          this.counters.set(s.counter, n);
          this.statements(s.body);
        }
        this.counters.delete(s.counter);
        return;
      case "define":
        this.variables.set(s.name, this.scalar(s.value));
        return;
      case "total":
        this.variables.set(s.name, 0);
        return;
      case "increase":
        this.variables.set(s.name, this.variables.get(s.name)! + this.scalar(s.value));
        this.flops++;
        return;
      case "clear": {
        const from = this.integer(s.offset);
        this.data(s.buffer).fill(0, from, from + this.integer(s.count));
        return;
      }
      case "store":
        this.write(s.buffer, s.offset, this.scalar(s.value));
        return;
      case "accumulate":
        this.flops++;
        this.write(s.buffer, s.offset, this.entry(s.buffer, s.offset) + this.scalar(s.value));
        return;
      case "gemm":
        this.gemm(s);
        return;
    }
  }

  private write(b: Buffer, offset: Integer, value: number): void {
    const at = this.integer(offset),
      data = this.data(b);
    if (!(at >= 0 && at < data.length)) throw new Error(`${b.name}[${at}] leaves 0 … ${data.length - 1}`);
    data[at] = dtypeOf(b) === "f32" ? Math.fround(value) : value;
  }

  private gemm({ rows, cols, inner, a, b, c }: Gemm): void {
    const [m, n, k] = [this.extent(rows), this.extent(cols), this.extent(inner)];
    const [oa, ob, oc] = [a, b, c].map((x) => this.integer(x.offset)) as [number, number, number];
    const [da, db, dc] = [a, b, c].map((x) => this.data(x.buffer)) as [Float64Array, Float64Array, Float64Array];
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++)
        for (let q = 0; q < k; q++)
          dc[oc + i * n + j]! += da[oa + i * a.row + q * a.inner]! * db[ob + j * b.row + q * b.inner]!;
    this.flops += 2 * m * n * k;
  }
}

/**
 * Executes a program on the buffers; returns the floating-point operations counted. Throws an Error where an index
 * leaves its buffer.
 */
export function execute(program: Program, run: Run): { flops: number } {
  const machine = new Machine(run);
  machine.statements(program.body);
  return { flops: machine.flops };
}
