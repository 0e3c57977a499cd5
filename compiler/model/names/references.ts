/**
 * The names that an expression takes from outside. In: an expression. Out: its free names, in the order of the text.
 * Arguments, lets and loop variables hide what lies outside them; calls by name name arguments, not values.
 */
import type { Argument, Declaration, Expression, Loops, Name, TypeNode } from "../../source/ast.ts";
import type { Span } from "../../source/span.ts";

export interface Reference {
  readonly text: string;
  readonly span: Span;
}
type Hidden = ReadonlySet<string>;

const hide = (hidden: Hidden, ...names: readonly string[]): Hidden => new Set([...hidden, ...names]);

function ofLoops(loops: Loops, body: Expression, hidden: Hidden): Reference[] {
  const inner = hide(hidden, ...loops.ranges.map((r) => r.name.text));
  return [
    ...loops.ranges.flatMap((r) => freeNames(r.size, hidden)),
    ...(loops.condition === undefined ? [] : freeNames(loops.condition, inner)),
    ...freeNames(body, inner),
  ];
}

export function freeNames(e: Expression, hidden: Hidden = new Set()): Reference[] {
  const all = (list: readonly Expression[]): Reference[] => list.flatMap((x) => freeNames(x, hidden));
  switch (e.kind) {
    case "number":
      return [];
    case "name":
      return hidden.has(e.text) ? [] : [{ text: e.text, span: e.span }];
    case "unary":
    case "calculus":
      return freeNames(e.operand, hidden);
    case "binary":
      return all([e.left, e.right]);
    case "call":
      return all([e.callee, ...e.arguments.map((a) => a.value)]);
    case "reduce":
    case "comprehension":
      return ofLoops(e.loops, e.body, hidden);
    case "index":
      return all([e.tensor, ...e.indices]);
    case "list":
      return all(e.items);
    case "block": {
      const found: Reference[] = [];
      let inner = hidden;
      for (const step of e.lets) {
        found.push(...freeNames(step.value, inner));
        inner = hide(inner, step.name.text);
      }
      return [...found, ...freeNames(e.result, inner)];
    }
    case "fold":
      return [...all([e.initial, e.range.size]), ...freeNames(e.body, hide(hidden, e.state.text, e.range.name.text))];
  }
}

const ofType = (type: TypeNode | undefined, hidden: Hidden): Reference[] =>
  (type?.sizes ?? []).flatMap((s) => freeNames(s, hidden));
const some = (hidden: Hidden, ...list: readonly (Expression | undefined)[]): Reference[] =>
  list.flatMap((e) => (e === undefined ? [] : freeNames(e, hidden)));

/** The sizes that a signature introduces: names that stand alone in a type and are no arguments. */
export function genericSizes(list: readonly Argument[]): readonly Name[] {
  const given = new Set(list.map((a) => a.name.text)),
    found = new Map<string, Name>();
  for (const s of list.flatMap((a) => a.type?.sizes ?? []))
    if (s.kind === "name" && !given.has(s.text) && !found.has(s.text)) found.set(s.text, s);
  return [...found.values()];
}

/** What a declaration refers to in its file. */
export function referencesOf(declaration: Declaration): Reference[] {
  const none: Hidden = new Set();
  switch (declaration.kind) {
    case "import":
    case "coordinates":
      return [];
    case "dim":
      return declaration.items.flatMap((item) => some(none, item.value));
    case "const":
      return [...ofType(declaration.type, none), ...some(none, declaration.value)];
    case "input":
      return ofType(declaration.type, none);
    case "param":
      return [
        ...ofType(declaration.type, none),
        ...some(none, declaration.initial, declaration.bound?.lower, declaration.bound?.upper),
      ];
    case "fn": {
      const inner = hide(
        none,
        ...declaration.arguments.map((a) => a.name.text),
        ...genericSizes(declaration.arguments).map((s) => s.text),
      );
      return [
        ...some(none, ...declaration.arguments.map((a) => a.defaultValue)),
        ...freeNames(declaration.body, inner),
      ];
    }
    case "kernel":
      return freeNames(declaration.body, hide(none, ...declaration.points.map((p) => p.text)));
    case "latent":
      return [{ text: declaration.kernel.text, span: declaration.kernel.span }, ...some(none, declaration.mean)];
    case "observe":
      return some(
        hide(none, ...declaration.arguments.map((a) => a.name.text)),
        declaration.operator,
        declaration.value,
        declaration.noise,
      );
    case "offset":
      return freeNames(declaration.operator);
    case "predict":
      return some(hide(none, ...declaration.arguments.map((a) => a.name.text)), declaration.operator);
  }
}
