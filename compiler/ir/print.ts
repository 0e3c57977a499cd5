/**
 * The printer of expressions, for people: `adk explain`, tests and error reports of ours.
 * In: an expression. Out: text, with shared nodes named once. Axes are named by order of appearance.
 */
import { nameOf } from "./names.ts";
import { children, isAxis, type Axis, type Expr, type Index } from "./node.ts";

const infix: Readonly<Record<string, [string, number]>> = {
  add: [" + ", 1],
  mul: [" ", 2],
  lt: [" < ", 0],
  le: [" ≤ ", 0],
  eq: [" = ", 0],
  ne: [" ≠ ", 0],
  and: [" and ", -1],
  or: [" or ", -2],
};

/** One line for the expression, preceded by a line `name = …` for each non-trivial node that is used more than once. */
export function print(root: Expr): string {
  const uses = new Map<Expr, number>();
  const count = (e: Expr): void => {
    uses.set(e, (uses.get(e) ?? 0) + 1);
    if (uses.get(e) === 1) children(e).forEach(count);
  };
  count(root);
  const axes = new Map<Axis, string>(),
    names = new Map<Expr, string>(),
    lines: string[] = [];
  const axisName = (a: Axis): string => {
    if (!axes.has(a)) axes.set(a, a.level === 0 ? `${a.name}${axes.size}` : `a${axes.size}`);
    return axes.get(a)!;
  };
  const index = (i: Index): string => (isAxis(i) ? axisName(i) : show(i, -9));
  const shared = (e: Expr): boolean =>
    (uses.get(e) ?? 0) > 1 &&
    (e.kind === "build" || e.kind === "sum" || (e.kind === "map" && e.args.some((a) => children(a).length > 0)));
  const show = (e: Expr, above: number): string => {
    const known = names.get(e);
    if (known !== undefined) return known;
    if (!shared(e)) return text(e, above);
    const definition = text(e, -9),
      name = nameOf(e) ?? `t${names.size}`;
    names.set(e, name);
    lines.push(`${name} = ${definition}`);
    return name;
  };
  const text = (e: Expr, above: number): string => {
    switch (e.kind) {
      case "lit":
        return String(e.value);
      case "param":
      case "table":
        return e.name;
      case "delta":
        return `δ(${index(e.i)}, ${index(e.j)})`;
      case "at":
        return `${show(e.tensor, 9)}[${e.indices.map(index).join(", ")}]`;
      case "sum":
        return wrap(`Σ_${e.axes.map(axisName).join("")} ${show(e.body, 2)}`, 2, above);
      case "build":
        return `[${show(e.body, -9)} for ${e.axes.map((a) => `${axisName(a)} in ${a.size ?? a.extent}`).join(", ")}]`;
      case "map": {
        if (e.op === "pow") return wrap(`${show(e.args[0]!, 4)}^${show(e.args[1]!, 4)}`, 3, above);
        const form = infix[e.op];
        if (!form) return `${e.op}(${e.args.map((a) => show(a, -9)).join(", ")})`;
        return wrap(e.args.map((a) => show(a, form[1] + 1)).join(form[0]), form[1], above);
      }
    }
  };
  const wrap = (s: string, mine: number, above: number): string => (mine < above ? `(${s})` : s);
  const last = show(root, -9);
  return [...lines, last].join("\n");
}
