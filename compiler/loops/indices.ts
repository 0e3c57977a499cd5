/**
 * Cheaper index arithmetic. In: a program. Out: the same operations in the same order, with fewer loops and index
 * operations.
 * Two loops that walk through neighbouring entries together are one (`collapseLoops`); and what an innermost loop's
 * offsets don't owe to its counter is worked out before it (`hoistIndices`). Engines do neither by themselves: loops of
 * 3
 * around a store cost more than the store.
 */
import { constant, counter, plus, times, variable, type Integer, type Program, type Statement } from "./loop.ts";
import { keyOf, Rewriter } from "./rewrite.ts";

type For = Extract<Statement, { kind: "for" }>;
type Statements = readonly Statement[];

const isLoop = (s: Statement | undefined): s is For => s?.kind === "for";

// ---- loops over neighbours

/** Joins `for c in C: for e in E` wherever c and e occur as c E + e alone. */
function collapse(body: Statements): Statement[] {
  return body.map((s): Statement => {
    if (s.kind === "block") return { ...s, body: collapse(s.body) };
    if (!isLoop(s)) return s;
    const outer: For = { ...s, body: collapse(s.body) },
      inner = outer.body[0];
    return (outer.body.length === 1 && isLoop(inner) ? joined(outer, inner) : undefined) ?? outer;
  });
}

/** One loop for both; undefined where a counter occurs otherwise. */
function joined(outer: For, inner: For): For | undefined {
  if (typeof outer.extent !== "number" || typeof inner.extent !== "number") return undefined;
  const width = inner.extent;
  let apart = false;
  const body = new Rewriter({
    integer: (i) => {
      if (i.kind === "counter" && (i.name === outer.counter || i.name === inner.counter)) apart = true;
      return together(i, outer, inner, width);
    },
  }).statements(inner.body);
  return apart
    ? undefined
    : { ...outer, extent: outer.extent * width, body, ...(inner.doc === undefined ? {} : { doc: inner.doc }) };
}

const isCounter = (i: Integer, loop: For): boolean => i.kind === "counter" && i.name === loop.counter;

/** (X C + c) E + e as X (C E) + c, for X that may be missing. */
function together(i: Integer, outer: For, inner: For, width: number): Integer | undefined {
  if (i.kind !== "plus" || !isCounter(i.right, inner) || i.left.kind !== "times") return undefined;
  const { left, right } = i.left;
  if (right.kind !== "constant" || right.value !== width) return undefined;
  if (isCounter(left, outer)) return counter(outer.counter);
  if (left.kind !== "plus" || !isCounter(left.right, outer) || left.left.kind !== "times") return undefined;
  const before = left.left;
  if (
    before.right.kind !== "constant" ||
    before.right.value !== outer.extent ||
    dependsOn(before.left, new Set([outer.counter, inner.counter]))
  )
    return undefined;
  return plus(times(before.left, constant(before.right.value * width)), counter(outer.counter));
}

// ---- offsets

/** Names that innermost loops may read offsets from. */
class Names {
  private readonly taken = new Set<string>();
  private last = 0;

  constructor(program: Program) {
    const look = (x: unknown): void => {
      if (typeof x !== "object" || x === null || ArrayBuffer.isView(x)) return;
      for (const key of ["name", "counter", "size"])
        if (key in x) this.taken.add(String((x as Record<string, unknown>)[key]));
      Object.values(x).forEach(look);
    };
    look(program);
  }

  fresh(): string {
    for (;;) {
      const name = this.last++ === 0 ? "at" : `at${this.last}`;
      if (!this.taken.has(name)) return name;
    }
  }
}

/** Offsets that a block and those around it have defined: a text that tells them apart, and the name. */
type Offsets = ReadonlyMap<string, string>;

/** Defines, before each innermost loop, the parts of its offsets that its counter leaves alone. */
function hoistOffsets(body: Statements, names: Names, around: Offsets): Statement[] {
  const known = new Map(around);
  return body.flatMap((s): Statement[] => {
    if (s.kind === "block") return [{ ...s, body: hoistOffsets(s.body, names, known) }];
    if (!isLoop(s)) return [s];
    const isInnermost = !s.body.some((x) => x.kind === "for" || x.kind === "block");
    return isInnermost ? innermost(s, names, known) : [{ ...s, body: hoistOffsets(s.body, names, known) }];
  });
}

function innermost(loop: For, names: Names, known: Map<string, string>): Statement[] {
  const own = new Set([
    loop.counter,
    ...loop.body.flatMap((s) => (s.kind === "define" || s.kind === "total" ? [s.name] : [])),
  ]);
  const definitions: Statement[] = [];
  const outside = (i: Integer): Integer | undefined => {
    if (!isWork(i) || dependsOn(i, own)) return undefined;
    const key = keyOf(i);
    let name = known.get(key);
    if (name === undefined) {
      known.set(key, (name = names.fresh()));
      definitions.push({ kind: "define", name, value: { kind: "integer", value: i } });
    }
    return { kind: "whole", scalar: variable(name) };
  };
  const body = new Rewriter({ integer: outside }).statements(loop.body);
  return [...definitions, { ...loop, body }];
}

/** A product or an entry of a table; adding a counter is as cheap as a name. */
const isWork = (i: Integer): boolean =>
  i.kind === "times" || i.kind === "entry" || (i.kind === "plus" && (isWork(i.left) || isWork(i.right)));

/** Whether a tree mentions a counter or variable by these names, or reads what loops may write. */
function dependsOn(x: unknown, names: ReadonlySet<string>): boolean {
  if (typeof x !== "object" || x === null || ArrayBuffer.isView(x)) return false;
  if ("kind" in x && x.kind === "load") return true;
  if ("role" in x) return false;
  return ("name" in x && names.has(x.name as string)) || Object.values(x).some((value) => dependsOn(value, names));
}

export const collapseLoops = (program: Program): Program => ({ ...program, body: collapse(program.body) });

export const hoistIndices = (program: Program): Program => ({
  ...program,
  body: hoistOffsets(program.body, new Names(program), new Map()),
});
