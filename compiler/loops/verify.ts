/**
 * The verifier of programs. In: a program. Out: nothing, or an Error that names the broken rule.
 * Every counter is used inside its loop, every variable is defined once and before its use, in its scope; inputs and
 * tables are never written; index arithmetic reads integer tables only.
 */
import type { Buffer, Condition, Integer, Program, Scalar, Statement } from "./loop.ts";

interface Names { readonly counters: ReadonlySet<string>; readonly variables: ReadonlySet<string>; readonly totals: ReadonlySet<string> }

export function verifyProgram(program: Program): void {
  const known = new Set<Buffer>([...program.inputs, ...program.outputs, ...program.tables, ...program.locals]);
  const names = new Set<string>();
  for (const b of known) {
    if (names.has(b.name)) fail(`two buffers are called ${b.name}`);
    names.add(b.name);
  }
  const buffer = (b: Buffer): void => { if (!known.has(b)) fail(`${b.name} is not a buffer of ${program.name}`); };

  const integer = (i: Integer, scope: Names): void => {
    switch (i.kind) {
      case "constant": if (!Number.isInteger(i.value)) fail(`index ${i.value}`); return;
      case "counter": if (!scope.counters.has(i.name)) fail(`${i.name} is used outside its loop`); return;
      case "extent": if (typeof i.extent !== "number" && !program.sizes.includes(i.extent.size)) fail(`no size ${i.extent.size}`); return;
      case "plus": case "times": integer(i.left, scope); integer(i.right, scope); return;
      case "entry":
        buffer(i.buffer);
        if (i.buffer.role !== "table" || !i.buffer.data!.every(Number.isInteger)) fail(`${i.buffer.name} is not a table of whole numbers`);
        integer(i.offset, scope);
        return;
      case "whole": scalar(i.scalar, scope);
    }
  };
  const scalar = (s: Scalar, scope: Names): void => {
    switch (s.kind) {
      case "number": return;
      case "variable": if (!scope.variables.has(s.name) && !scope.totals.has(s.name)) fail(`${s.name} is used before it is defined`); return;
      case "load": buffer(s.buffer); integer(s.offset, scope); return;
      case "integer": integer(s.value, scope); return;
      case "binary": scalar(s.left, scope); scalar(s.right, scope); return;
      case "negate": scalar(s.of, scope); return;
      case "call": s.args.forEach((a) => scalar(a, scope)); return;
      case "select": condition(s.condition, scope); scalar(s.then, scope); scalar(s.otherwise, scope);
    }
  };
  const condition = (c: Condition, scope: Names): void => {
    switch (c.kind) {
      case "same": integer(c.left, scope); integer(c.right, scope); return;
      case "compare": scalar(c.left, scope); scalar(c.right, scope); return;
      case "both": condition(c.left, scope); condition(c.right, scope); return;
      case "not": condition(c.of, scope);
    }
  };
  const written = (b: Buffer): void => { buffer(b); if (b.role === "input" || b.role === "table") fail(`${b.name} is written, but is an ${b.role}`); };
  const block = (body: readonly Statement[], outer: Names): void => {
    const variables = new Set(outer.variables), totals = new Set(outer.totals), scope = { counters: outer.counters, variables, totals };
    for (const s of body) {
      switch (s.kind) {
        case "block": block(s.body, scope); break;
        case "for":
          if (outer.counters.has(s.counter) || names.has(s.counter)) fail(`the counter ${s.counter} hides another name`);
          block(s.body, { ...scope, counters: new Set([...outer.counters, s.counter]) });
          break;
        case "define": case "total":
          if (variables.has(s.name) || totals.has(s.name) || names.has(s.name)) fail(`${s.name} is defined twice`);
          if (s.kind === "define") scalar(s.value, scope);
          (s.kind === "define" ? variables : totals).add(s.name);
          break;
        case "increase": if (!totals.has(s.name)) fail(`${s.name} is not a total`); scalar(s.value, scope); break;
        case "clear": written(s.buffer); integer(s.offset, scope); integer(s.count, scope); break;
        case "store": case "accumulate": written(s.buffer); integer(s.offset, scope); scalar(s.value, scope); break;
        case "gemm": written(s.c.buffer); for (const x of [s.a, s.b, s.c]) { buffer(x.buffer); integer(x.offset, scope); }
      }
    }
  };
  block(program.body, { counters: new Set(), variables: new Set(), totals: new Set() });
}

function fail(rule: string): never { throw new Error(`Loop: ${rule}`); }
