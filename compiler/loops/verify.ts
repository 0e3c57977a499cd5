/**
 * The verifier of programs. In: a program. Out: nothing, or an Error that names the broken rule.
 * Every counter is used inside its loop, every variable is defined once and before its use, in its scope; scratch is
 * filled before it is read; inputs and tables are never written; index arithmetic reads i32 tables alone, and i32
 * tables hold whole numbers.
 */
import {
  dtypeOf,
  type Buffer,
  type Condition,
  type Integer,
  type Program,
  type Scalar,
  type Statement,
} from "./loop.ts";

/** Throws an Error where the program breaks a rule. */
export function verifyProgram(program: Program): void {
  new Verifier(program).block(program.body);
}

/** What a name stands for in a block, so that a block can forget its own at its end. */
type Meaning = "counter" | "variable" | "total";

class Verifier {
  private readonly program: Program;
  private readonly known: ReadonlySet<Buffer>;
  private readonly names = new Set<string>();
  private readonly filled = new Set<Buffer>();
  private readonly scope = new Map<string, Meaning>();

  constructor(program: Program) {
    this.program = program;
    this.known = new Set<Buffer>([...program.inputs, ...program.outputs, ...program.tables, ...program.locals]);
    for (const b of this.known) {
      if (this.names.has(b.name)) fail(`two buffers are called ${b.name}`);
      this.names.add(b.name);
      checkEntries(b);
    }
  }

  private buffer(b: Buffer): void {
    if (!this.known.has(b)) fail(`${b.name} is not a buffer of ${this.program.name}`);
  }

  private written(b: Buffer): void {
    this.buffer(b);
    if (b.role === "input" || b.role === "table") fail(`${b.name} is written, but is an ${b.role}`);
    this.filled.add(b);
  }

  private read(b: Buffer): void {
    this.buffer(b);
    if (b.role === "local" && !this.filled.has(b)) fail(`${b.name} is read before anything fills it`);
  }

  private integer(i: Integer): void {
    switch (i.kind) {
      case "constant":
        if (!Number.isInteger(i.value)) fail(`index ${i.value}`);
        return;
      case "counter":
        if (this.scope.get(i.name) !== "counter") fail(`${i.name} is used outside its loop`);
        return;
      case "extent":
        if (typeof i.extent !== "number" && !this.program.sizes.includes(i.extent.size))
          fail(`no size ${i.extent.size}`);
        return;
      case "plus":
      case "times":
        this.integer(i.left);
        this.integer(i.right);
        return;
      case "entry":
        this.buffer(i.buffer);
        if (dtypeOf(i.buffer) !== "i32") fail(`${i.buffer.name} is not a table of i32, as indices are`);
        this.integer(i.offset);
        return;
      case "whole":
        this.scalar(i.scalar);
    }
  }

  private scalar(s: Scalar): void {
    switch (s.kind) {
      case "number":
        return;
      case "variable":
        if (!this.scope.has(s.name) || this.scope.get(s.name) === "counter")
          fail(`${s.name} is used before it is defined`);
        return;
      case "load":
        this.read(s.buffer);
        this.integer(s.offset);
        return;
      case "integer":
        this.integer(s.value);
        return;
      case "binary":
        this.scalar(s.left);
        this.scalar(s.right);
        return;
      case "negate":
        this.scalar(s.of);
        return;
      case "call":
        s.args.forEach((a) => this.scalar(a));
        return;
      case "select":
        this.condition(s.condition);
        this.scalar(s.then);
        this.scalar(s.otherwise);
    }
  }

  private condition(c: Condition): void {
    switch (c.kind) {
      case "same":
        this.integer(c.left);
        this.integer(c.right);
        return;
      case "compare":
        this.scalar(c.left);
        this.scalar(c.right);
        return;
      case "both":
        this.condition(c.left);
        this.condition(c.right);
        return;
      case "not":
        this.condition(c.of);
    }
  }

  /** Names defined in a block are seen in it, and in what it holds, from their definition on. */
  block(body: readonly Statement[]): void {
    const own: string[] = [];
    for (const s of body) {
      this.statement(s);
      if (s.kind === "define" || s.kind === "total") own.push(s.name);
    }
    for (const name of own) this.scope.delete(name);
  }

  /** A name that nothing around has. */
  private enter(name: string, meaning: Meaning, fault: string): void {
    if (this.scope.has(name) || this.names.has(name)) fail(fault);
    this.scope.set(name, meaning);
  }

  private statement(s: Statement): void {
    switch (s.kind) {
      case "block":
        this.block(s.body);
        return;
      case "for":
        this.enter(s.counter, "counter", `the counter ${s.counter} hides another name`);
        this.block(s.body);
        this.scope.delete(s.counter);
        return;
      case "define":
        this.scalar(s.value);
        this.enter(s.name, "variable", `${s.name} is defined twice`);
        return;
      case "total":
        this.enter(s.name, "total", `${s.name} is defined twice`);
        return;
      case "increase":
        if (this.scope.get(s.name) !== "total") fail(`${s.name} is not a total`);
        this.scalar(s.value);
        return;
      case "clear":
        this.written(s.buffer);
        this.integer(s.offset);
        this.integer(s.count);
        return;
      case "store":
      case "accumulate":
        this.written(s.buffer);
        this.integer(s.offset);
        this.scalar(s.value);
        return;
      case "gemm":
        this.written(s.c.buffer);
        if (dtypeOf(s.c.buffer) !== "f64") fail(`a matrix product fills ${s.c.buffer.name}, which isn't f64`);
        for (const x of [s.a, s.b, s.c]) {
          this.read(x.buffer);
          this.integer(x.offset);
        }
    }
  }
}

/** A table's entries must be of its dtype. */
function checkEntries(b: Buffer): void {
  if (b.role === "table" && !b.data) fail(`the table ${b.name} has no entries`);
  if (dtypeOf(b) === "i32" && !(b.role === "table" && b.data!.every((v) => v === (v | 0))))
    fail(`${b.name} is i32, but not a table of whole numbers of 32 bits`);
  if (dtypeOf(b) === "f32" && b.data?.some((v) => !Object.is(Math.fround(v), v)))
    fail(`the table ${b.name} has entries that f32 can't hold`);
}

function fail(rule: string): never {
  throw new Error(`Loop: ${rule}`);
}
