/**
 * Cheaper index arithmetic. In: a program. Out: the same operations in the same order, with fewer loops and index
 * operations.
 * Two loops that walk through neighbouring entries together are one; and what an innermost loop's offsets don't owe
 * to its counter is worked out before it. Engines do neither by themselves: loops of 3 around a store cost more than
 * the store.
 */
import { constant, counter, plus, times, variable, type Integer, type Program, type Statement } from "./loop.ts";
import { verifyProgram } from "./verify.ts";

type For = Extract<Statement, { kind: "for" }>;
type Block = readonly Statement[];

/**
 * Rebuilds a tree of statements, scalars and integers: `f` says what an integer becomes, or undefined where its parts
 * are rebuilt.
 */
function mapIntegers<T>(tree: T, f: (i: Integer) => Integer | undefined): T {
  const visit = (x: unknown): unknown => {
    if (Array.isArray(x)) return x.map(visit);
    if (typeof x !== "object" || x === null || ArrayBuffer.isView(x) || "role" in x) return x;
    const made = isInteger(x) ? f(x) : undefined;
    return made ?? Object.fromEntries(Object.entries(x).map(([key, value]) => [key, visit(value)]));
  };
  return visit(tree) as T;
}

const INTEGERS: ReadonlySet<string> = new Set<Integer["kind"]>([
  "constant",
  "counter",
  "extent",
  "plus",
  "times",
  "entry",
  "whole",
]);
const isInteger = (x: object): x is Integer => "kind" in x && INTEGERS.has(x.kind as string);

const isLoop = (s: Statement | undefined): s is For => s?.kind === "for";

// ---- loops over neighbours

/** Joins `for c in C: for e in E` wherever c and e occur as c E + e alone. */
function collapse(body: Block): Statement[] {
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
  const body = mapIntegers(inner.body, (i) => {
    if (i.kind === "counter" && (i.name === outer.counter || i.name === inner.counter)) apart = true;
    return together(i, outer, inner, width);
  });
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
type Known = ReadonlyMap<string, string>;

/** Defines, before each innermost loop, the parts of its offsets that its counter leaves alone. */
function hoistOffsets(body: Block, names: Names, around: Known): Statement[] {
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
  const body = mapIntegers(loop.body, (i) => {
    if (!isWork(i) || dependsOn(i, own)) return undefined;
    const key = JSON.stringify(i, (name, value: unknown) =>
      name === "buffer" ? (value as { name: string }).name : value,
    );
    let name = known.get(key);
    if (name === undefined) {
      known.set(key, (name = names.fresh()));
      definitions.push({ kind: "define", name, value: { kind: "integer", value: i } });
    }
    return { kind: "whole", scalar: variable(name) };
  });
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

/** The program as backends print it. */
export function cheaperIndices(program: Program): Program {
  const made = { ...program, body: hoistOffsets(collapse(program.body), new Names(program), new Map()) };
  verifyProgram(made);
  return made;
}
