/**
 * The order of contraction. In: an expression. Out: the same, its sums of products nested in the cheapest order.
 * Nested sums are flattened into one network of factors and axes, and axes are eliminated one by one in the order
 * that costs least. Test and training points are axes like others, so that what belongs to the training point alone
 * is contracted there: Σ_c α_c Σ_p f_p J_pc = Σ_p f_p Σ_c J_pc α_c.
 */
import { add, at, bindSum, build, coefficientOf, delta, factorsOf, isAxis, keepName, lit, map, mul, open, rename, termsOf, type Axis, type Expr, type Index, type Sum } from "../ir/expr.ts";
import { mergeAxes } from "../ir/node.ts";
import { countUses, iteratedAxes, productCost, volumeOf } from "./volume.ts";

/** Above this many summed axes the search is greedy. */
const EXHAUSTIVE = 5;
/** A factor that is a sum of more terms than this is not taken apart. */
const TERMS = 8;

interface Term { readonly coefficient: number; readonly axes: readonly Axis[]; readonly factors: readonly Expr[] }
interface Plan { readonly cost: number; readonly expr: Expr }

/** Chooses the order of contraction of every sum inside. */
export function contract(root: Expr): Expr {
  const uses = countUses(root), memo = new Map<Expr, Expr>();
  const index = (i: Index): Index => (isAxis(i) ? i : visit(i));
  const rebuild = (e: Expr): Expr => {
    switch (e.kind) {
      case "lit": case "param": case "table": return e;
      case "map": return map(e.op, ...e.args.map(visit));
      case "at": return at(visit(e.tensor), e.indices.map(index));
      case "delta": return delta(index(e.i), index(e.j));
      case "build": return keepName(e, build(e.axes, visit(e.body)));
      case "sum": return contractSum(e, uses, visit);
    }
  };
  const visit = (e: Expr): Expr => {
    let made = memo.get(e);
    if (!made) memo.set(e, made = rebuild(e));
    return made;
  };
  return visit(root);
}

function contractSum(e: Sum, uses: ReadonlyMap<Expr, number>, visit: (e: Expr) => Expr): Expr {
  const asWritten = eliminate({ coefficient: 1, axes: e.axes, factors: factorsOf(e.body) });
  const exclusive = innerCost(e, uses);
  const terms = expand({ coefficient: 1, axes: e.axes, factors: factorsOf(e.body) }, uses);
  const plans = terms.map(eliminate);
  const flat = plans.reduce((total, p) => total + p.cost, 0);
  // The chosen order is laid out once more over optimised factors: nested sums have orders of their own.
  const chosen = terms.length > 1 || flat < asWritten.cost + exclusive ? terms.map((t) => eliminate({ ...t, factors: t.factors.map(visit) })) : [eliminate({ coefficient: 1, axes: e.axes, factors: factorsOf(e.body).map(visit) })];
  return flat < asWritten.cost + exclusive ? add(...chosen.map((p) => p.expr)) : eliminate({ coefficient: 1, axes: e.axes, factors: factorsOf(visit(e.body)) }).expr;
}

/** Cost of the nested linear parts of a sum that are used nowhere else. */
function innerCost(e: Sum, uses: ReadonlyMap<Expr, number>): number {
  let cost = 0;
  const visit = (f: Expr): void => {
    if ((uses.get(f) ?? 0) > 1) return;
    if (f.kind === "sum") { const own = factorsOf(f.body); cost += productCost(own) + volumeOf(iteratedAxes(own)); own.forEach(visit); }
    if (f.kind === "at" && f.tensor.kind === "build" && (uses.get(f.tensor) ?? 0) <= 1) visit(f.tensor.body);
    if (f.kind === "map" && f.op === "add") { cost += (f.args.length - 1) * volumeOf(f.free); f.args.forEach(visit); }
    if (f.kind === "map" && f.op === "mul") { cost += productCost(f.args); f.args.forEach(visit); }
  };
  factorsOf(e.body).forEach(visit);
  return cost;
}

/** Takes nested sums, tensors and sums of terms apart where nothing else uses them. */
function expand(term: Term, uses: ReadonlyMap<Expr, number>): Term[] {
  for (const [n, f] of term.factors.entries()) {
    if ((uses.get(f) ?? 0) > 1 || f.kind === "lit") continue;
    const others = term.factors.filter((_, k) => k !== n);
    if (f.kind === "sum") {
      const { axes, body } = open(f);
      return expand({ coefficient: term.coefficient, axes: [...term.axes, ...axes], factors: [...others, ...factorsOf(body)] }, uses);
    }
    const inlined = inline(f, uses);
    if (inlined) return expand({ ...term, factors: [...others, ...factorsOf(inlined)] }, uses);
    if (f.kind === "map" && f.op === "add" && f.args.length <= TERMS && f.args.some((t) => factorsOf(t).some((x) => x.kind === "sum"))) {
      const parts = termsOf(f).map((t) => {
        const [c, rest] = coefficientOf(t);
        return expand({ coefficient: term.coefficient * c, axes: term.axes, factors: [...others, ...factorsOf(rest)] }, uses);
      });
      if (parts.flat().length <= TERMS) return parts.flat();
    }
  }
  return [term];
}

/** The entry of a tensor that only this place reads, over plain axes. */
function inline(f: Expr, uses: ReadonlyMap<Expr, number>): Expr | undefined {
  if (f.kind !== "at" || f.tensor.kind !== "build" || (uses.get(f.tensor) ?? 0) > 1) return undefined;
  const to = f.indices.filter(isAxis);
  if (to.length !== f.indices.length || new Set(to).size !== to.length || to.some((a) => f.tensor.free.includes(a))) return undefined;
  return rename(f.tensor.body, new Map(f.tensor.axes.map((a, n) => [a, to[n]!])));
}

/** The cheapest nesting of one term's sums, among all orders of elimination up to a limit, greedily beyond. */
function eliminate(term: Term): Plan {
  const literals = term.factors.filter((f) => f.kind === "lit").reduce((c, f) => c * (f.kind === "lit" ? f.value : 1), term.coefficient);
  const factors = term.factors.filter((f) => f.kind !== "lit");
  const best = search(term.axes, factors, term.axes.length <= EXHAUSTIVE ? Infinity : 1);
  return { cost: best.cost, expr: mul(lit(literals), best.expr) };
}

/** One step: the axis summed, its factors, and what the sum becomes. */
function step(a: Axis, factors: readonly Expr[]): { cost: number; rest: Expr[]; summed: Expr } {
  const touched = factors.filter((f) => f.free.includes(a)), rest = factors.filter((f) => !f.free.includes(a));
  return { cost: productCost(touched) + volumeOf(iteratedAxes(touched)), rest, summed: bindSum([a], product(touched)) };
}

/** A product as it stands: `mul` would distribute over sums that hold Deltas, which has been done. */
const product = (factors: readonly Expr[]): Expr => mul(...factors);

function search(axes: readonly Axis[], factors: readonly Expr[], width: number): Plan {
  if (axes.length === 0) return { cost: productCost(factors), expr: product(factors) };
  const steps = axes.map((a) => ({ a, ...step(a, factors) })).sort((p, q) => p.cost - q.cost || q.a.extent - p.a.extent);
  let best: Plan | undefined;
  for (const s of steps.slice(0, width)) {
    const tail = search(axes.filter((x) => x !== s.a), [...s.rest, s.summed], width);
    if (!best || s.cost + tail.cost < best.cost) best = { cost: s.cost + tail.cost, expr: tail.expr };
  }
  return mergeNested(best!);
}

/** Σ_a Σ_b f where nothing stands between the two sums is one sum over both. */
function mergeNested(plan: Plan): Plan {
  const { expr } = plan;
  if (expr.kind !== "sum" || expr.body.kind !== "sum") return plan;
  const outer = open(expr), inner = open(outer.body as Sum);
  return { cost: plan.cost, expr: bindSum(mergeAxes(outer.axes, inner.axes), inner.body) };
}
