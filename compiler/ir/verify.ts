/**
 * The verifier of expressions. In: an expression. Out: nothing, or an Error that names the broken rule.
 * Run after passes in the tests and by the driver in checks: scalars where scalars belong, whole indexing, no
 * out-of-range axis, no axis that is free but not allowed, canonical binders.
 */
import { ops } from "./ops.ts";
import { children, dims, isAxis, type Axis, type Expr } from "./node.ts";

const isScalar = (e: Expr): boolean => dims(e).length === 0;

function verifyNode(e: Expr): string | undefined {
  switch (e.kind) {
    case "lit":
      return undefined;
    case "param":
    case "table":
      return e.dims.every((d) => Number.isInteger(d) && d >= 0) ? undefined : "a dimension is not a whole number";
    case "map": {
      const { arity } = ops[e.op];
      if (arity !== null && e.args.length !== arity) return `${e.op} has ${e.args.length} arguments`;
      if (arity === null && e.args.length < 2) return `${e.op} of fewer than two`;
      return e.args.every(isScalar) ? undefined : `${e.op} of a tensor`;
    }
    case "sum":
    case "build":
      if (!isScalar(e.body)) return `the body of a ${e.kind} is a tensor`;
      if (e.axes.some((a) => a.level === 0)) return `a ${e.kind} over an axis that isn't canonical`;
      return new Set(e.axes).size === e.axes.length ? undefined : `a ${e.kind} binds an axis twice`;
    case "at": {
      const shape = dims(e.tensor);
      if (shape.length !== e.indices.length || shape.length === 0)
        return `${e.indices.length} indices into ${shape.length} axes`;
      const over = e.indices.findIndex((i, n) => isAxis(i) && i.size === undefined && i.extent > shape[n]!);
      return over < 0 ? undefined : `index ${over} runs beyond its axis`;
    }
    case "delta":
      return e.i !== e.j ? undefined : "a Delta of equal indices";
  }
}

/**
 * Throws an Error where the expression, or one inside, breaks a rule of the IR; `free` are the axes it may have free.
 */
export function verify(root: Expr, free: readonly Axis[] = []): void {
  const loose = root.free.find((a) => !free.includes(a));
  if (loose) throw new Error(`IR: the axis ${loose.name} (${loose.extent}) is free`);
  const seen = new Set<Expr>();
  const visit = (e: Expr): void => {
    if (seen.has(e)) return;
    seen.add(e);
    children(e).forEach(visit);
    const broken = verifyNode(e);
    if (broken !== undefined) throw new Error(`IR: ${broken}`);
  };
  visit(root);
}
