/**
 * Derivatives by the point while an operator is lowered. In: expressions of the point, directions, points. Out:
 * derivatives, or placeholders for them.
 * What holds a latent is differentiated only when the operator is applied: a step is noted, and its result stands for
 * it. What is known is differentiated at once.
 */
import { along, gradient, weighted, type Step } from "../../ad/operator.ts";
import { at, axis, build, children, dims, param, replaceParams, type Axis, type Expr } from "../../ir/expr.ts";

/** `Omit` for each member of a sum. */
type Taken<S> = S extends Step ? Omit<S, "axes" | "result"> : never;

export class Differentiation {
  readonly steps: Step[] = [];
  readonly point: Expr;
  /** Latents and results of steps, and whether an expression holds one. */
  private readonly unknowns: Set<Expr>;
  private readonly memo = new Map<Expr, boolean>();

  constructor(point: Expr, latents: Iterable<Expr>) {
    this.point = point;
    this.unknowns = new Set(latents);
  }

  private holdsUnknown(e: Expr): boolean {
    let known = this.memo.get(e);
    if (known === undefined)
      this.memo.set(e, (known = this.unknowns.has(e) || children(e).some((c) => this.holdsUnknown(c))));
    return known;
  }

  /** ∂e/∂point of a scalar. */
  gradient(of: Expr): Expr {
    return this.holdsUnknown(of)
      ? this.note({ kind: "gradient", of }, dims(this.point), [of])
      : gradient(of, this.point);
  }

  /** The derivative along a direction. */
  along(of: Expr, direction: Expr): Expr {
    return this.holdsUnknown(of)
      ? this.note({ kind: "along", of, direction }, dims(of), [of, direction])
      : along(of, this.point, direction);
  }

  /** Σ weights ∂e/∂point. */
  weighted(of: Expr, weights: Expr): Expr {
    return this.holdsUnknown(of)
      ? this.note({ kind: "weighted", of, weights }, dims(this.point), [of, weights])
      : weighted(of, this.point, weights);
  }

  /** e at another point. */
  moved(of: Expr, to: Expr): Expr {
    return this.holdsUnknown(of)
      ? this.note({ kind: "moved", of, to }, dims(of), [of, to])
      : replaceParams(of, new Map([[this.point, to]]));
  }

  /** Notes a step; equal steps are one. */
  private note(step: Taken<Step>, shape: readonly number[], reads: readonly Expr[]): Expr {
    const axes = [...new Set(reads.flatMap((e) => e.free))].sort((a, b) => a.id - b.id);
    const known = this.steps.find((s) => sameStep(s, step));
    const result = known?.result ?? this.placeholder([...axes.map((a) => a.extent), ...shape]);
    if (!known) this.steps.push({ ...step, axes, result });
    const rows: Axis[] = shape.map((d) => axis(d));
    return build(rows, at(result, [...axes, ...rows]));
  }

  private placeholder(shape: readonly number[]): Expr {
    const result = param(`step ${this.steps.length + 1}`, shape);
    this.unknowns.add(result);
    return result;
  }
}

const partsOf = (s: Taken<Step>): readonly (string | Expr)[] => {
  switch (s.kind) {
    case "gradient":
      return [s.kind, s.of];
    case "along":
      return [s.kind, s.of, s.direction];
    case "weighted":
      return [s.kind, s.of, s.weights];
    case "moved":
      return [s.kind, s.of, s.to];
  }
};
const sameStep = (a: Taken<Step>, b: Taken<Step>): boolean => {
  const [x, y] = [partsOf(a), partsOf(b)];
  return x.length === y.length && x.every((part, n) => part === y[n]);
};
