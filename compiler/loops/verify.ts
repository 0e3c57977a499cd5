/**
 * The verifier of programs. In: a program. Out: nothing, or an Error that names the broken rule.
 * Every counter is used inside its loop, every variable is defined once and before its use, in its scope; scratch is
 * filled before it is read; inputs and tables are never written; index arithmetic reads integer tables only.
 */
import type { Buffer, Condition, Integer, Program, Scalar, Statement } from "./loop.ts";

interface Scope {
  readonly counters: ReadonlySet<string>;
  readonly variables: Set<string>;
  readonly totals: Set<string>;
}
interface Names {
  readonly counters: ReadonlySet<string>;
  readonly variables: ReadonlySet<string>;
  readonly totals: ReadonlySet<string>;
}

/** Throws an Error where the program breaks a rule. */
export function verifyProgram(program: Program): void {
  new Verifier(program).block(program.body, { counters: new Set(), variables: new Set(), totals: new Set() });
}

class Verifier {
  private readonly program: Program;
  private readonly known: ReadonlySet<Buffer>;
  private readonly names = new Set<string>();
  private readonly filled = new Set<Buffer>();

  constructor(program: Program) {
    this.program = program;
    this.known = new Set<Buffer>([...program.inputs, ...program.outputs, ...program.tables, ...program.locals]);
    for (const b of this.known) {
      if (this.names.has(b.name)) fail(`two buffers are called ${b.name}`);
      this.names.add(b.name);
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

  private integer(i: Integer, scope: Names): void {
    switch (i.kind) {
      case "constant":
        if (!Number.isInteger(i.value)) fail(`index ${i.value}`);
        return;
      case "counter":
        if (!scope.counters.has(i.name)) fail(`${i.name} is used outside its loop`);
        return;
      case "extent":
        if (typeof i.extent !== "number" && !this.program.sizes.includes(i.extent.size))
          fail(`no size ${i.extent.size}`);
        return;
      case "plus":
      case "times":
        this.integer(i.left, scope);
        this.integer(i.right, scope);
        return;
      case "entry":
        this.buffer(i.buffer);
        if (i.buffer.role !== "table" || !i.buffer.data!.every(Number.isInteger))
          fail(`${i.buffer.name} is not a table of whole numbers`);
        this.integer(i.offset, scope);
        return;
      case "whole":
        this.scalar(i.scalar, scope);
    }
  }

  private scalar(s: Scalar, scope: Names): void {
    switch (s.kind) {
      case "number":
        return;
      case "variable":
        if (!scope.variables.has(s.name) && !scope.totals.has(s.name)) fail(`${s.name} is used before it is defined`);
        return;
      case "load":
        this.read(s.buffer);
        this.integer(s.offset, scope);
        return;
      case "integer":
        this.integer(s.value, scope);
        return;
      case "binary":
        this.scalar(s.left, scope);
        this.scalar(s.right, scope);
        return;
      case "negate":
        this.scalar(s.of, scope);
        return;
      case "call":
        s.args.forEach((a) => this.scalar(a, scope));
        return;
      case "select":
        this.condition(s.condition, scope);
        this.scalar(s.then, scope);
        this.scalar(s.otherwise, scope);
    }
  }

  private condition(c: Condition, scope: Names): void {
    switch (c.kind) {
      case "same":
        this.integer(c.left, scope);
        this.integer(c.right, scope);
        return;
      case "compare":
        this.scalar(c.left, scope);
        this.scalar(c.right, scope);
        return;
      case "both":
        this.condition(c.left, scope);
        this.condition(c.right, scope);
        return;
      case "not":
        this.condition(c.of, scope);
    }
  }

  /** Names defined in a block are seen in it, and in what it holds, from their definition on. */
  block(body: readonly Statement[], outer: Names): void {
    const scope: Scope = {
      counters: outer.counters,
      variables: new Set(outer.variables),
      totals: new Set(outer.totals),
    };
    for (const s of body) this.statement(s, scope);
  }

  private statement(s: Statement, scope: Scope): void {
    switch (s.kind) {
      case "block":
        this.block(s.body, scope);
        return;
      case "for":
        if (scope.counters.has(s.counter) || this.names.has(s.counter))
          fail(`the counter ${s.counter} hides another name`);
        this.block(s.body, { ...scope, counters: new Set([...scope.counters, s.counter]) });
        return;
      case "define":
      case "total":
        if (scope.variables.has(s.name) || scope.totals.has(s.name) || this.names.has(s.name))
          fail(`${s.name} is defined twice`);
        if (s.kind === "define") this.scalar(s.value, scope);
        (s.kind === "define" ? scope.variables : scope.totals).add(s.name);
        return;
      case "increase":
        if (!scope.totals.has(s.name)) fail(`${s.name} is not a total`);
        this.scalar(s.value, scope);
        return;
      case "clear":
        this.written(s.buffer);
        this.integer(s.offset, scope);
        this.integer(s.count, scope);
        return;
      case "store":
      case "accumulate":
        this.written(s.buffer);
        this.integer(s.offset, scope);
        this.scalar(s.value, scope);
        return;
      case "gemm":
        this.written(s.c.buffer);
        for (const x of [s.a, s.b, s.c]) {
          this.read(x.buffer);
          this.integer(x.offset, scope);
        }
    }
  }
}

function fail(rule: string): never {
  throw new Error(`Loop: ${rule}`);
}
