/**
 * The order of contraction. In: an expression. Out: the same, its sums of products nested in the cheapest order.
 * Nested sums are flattened into one network of factors and axes, and axes are eliminated one by one in the order
 * that costs least. Test and training points are axes like others, so that what belongs to the training point alone
 * is contracted there: Σ_c α_c Σ_p f_p J_pc = Σ_p f_p Σ_c J_pc α_c.
 */
import { add, bindSum, coefficientOf, factorsOf, isAxis, lit, mul, open, rename, termsOf, type Axis, type Expr, type Sum } from "../ir/expr.ts";
import { mergeAxes } from "../ir/node.ts";
import { normalRules, rewrite } from "../ir/rewrite.ts";
import { countUses, iteratedAxes, productCost, volumeOf, type Factor } from "./volume.ts";

/** Above this many summed axes the search is greedy. */
const EXACT = 7;
/** A factor that is a sum of more terms than this is not taken apart. */
const TERMS = 8;

interface Term { readonly coefficient: number; readonly axes: readonly Axis[]; readonly factors: readonly Expr[] }

/** Chooses the order of contraction of every sum inside. */
export function contract(root: Expr): Expr {
  const uses = countUses(root);
  return rewrite(root, { ...normalRules, sum: (e, visit) => contractSum(e, uses, visit) });
}

/** A sum as it is written, or taken apart into terms: whichever costs less. Factors are contracted in turn. */
function contractSum(e: Sum, uses: ReadonlyMap<Expr, number>, visit: (e: Expr) => Expr): Expr {
  const written: Term = { coefficient: 1, axes: e.axes, factors: factorsOf(e.body) }, apart = expand(written, uses);
  const costApart = apart.reduce((total, t) => total + order(t).cost, 0);
  const chosen = costApart < order(written).cost + innerCost(e, uses) ? apart : [written];
  return add(...chosen.map((t) => {
    const factors = factorsOf(mul(lit(t.coefficient), ...t.factors.map(visit)));
    return contractInOrder(order({ ...t, factors }).first, factors);
  }));
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

/** Axes in the order of their sums, innermost first, and what the sums cost. */
interface Order { readonly cost: number; readonly first: readonly Axis[] }

/** The cheapest nesting of one term's sums: exact up to a number of axes, greedy beyond. */
function order({ axes, factors }: Term): Order {
  return cheapest(axes, factors.filter((f) => f.kind !== "lit"), axes.length <= EXACT, new Map());
}

/** What is left after summing an axis depends on the set of axes summed, not on their order: so each set is costed once. */
function cheapest(axes: readonly Axis[], factors: readonly Factor[], exact: boolean, memo: Map<string, Order>): Order {
  if (axes.length === 0) return { cost: productCost(factors), first: [] };
  const key = axes.map((a) => a.id).join(), known = memo.get(key);
  if (known) return known;
  const steps = axes.map((a) => ({ a, ...step(a, factors) })).sort((p, q) => p.cost - q.cost || q.a.extent - p.a.extent);
  let best: Order | undefined;
  for (const s of exact ? steps : steps.slice(0, 1)) {
    if (best && s.cost >= best.cost) continue;
    const tail = cheapest(axes.filter((x) => x !== s.a), [...s.rest, s.summed], exact, memo);
    if (!best || s.cost + tail.cost < best.cost) best = { cost: s.cost + tail.cost, first: [s.a, ...tail.first] };
  }
  memo.set(key, best!);
  return best!;
}

/** One sum, without making it: its cost, the factors it leaves alone, and the axes of what it gives. */
function step(a: Axis, factors: readonly Factor[]): { cost: number; rest: Factor[]; summed: Factor } {
  const touched = factors.filter((f) => f.free.includes(a)), rest = factors.filter((f) => !f.free.includes(a));
  const free = mergeAxes(...touched.map((f) => f.free)).filter((x) => x !== a);
  return { cost: productCost(touched) + volumeOf(iteratedAxes(touched)), rest, summed: { kind: "sum", free } };
}

function contractInOrder(first: readonly Axis[], factors: readonly Expr[]): Expr {
  let left = factors;
  for (const a of first) {
    const touched = left.filter((f) => f.free.includes(a));
    left = [...left.filter((f) => !f.free.includes(a)), mergeNested(bindSum([a], mul(...touched)))];
  }
  return mul(...left);
}

/** Σ_a Σ_b f where nothing stands between the two sums is one sum over both. */
function mergeNested(e: Expr): Expr {
  if (e.kind !== "sum" || e.body.kind !== "sum") return e;
  const outer = open(e), inner = open(outer.body as Sum);
  return bindSum([...outer.axes, ...inner.axes], inner.body);
}
