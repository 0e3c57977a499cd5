/**
 * The order of contraction. In: an expression. Out: the same, its sums of products nested in the cheapest order.
 * Nested sums are flattened into one network of factors and axes, and axes are eliminated one by one in the order
 * that costs least. Test and training points are axes like others, so that what belongs to the training point alone
 * is contracted there: Σ_c α_c Σ_p f_p J_pc = Σ_p f_p Σ_c J_pc α_c.
 */
import { add, at, bindSum, build, coefficientOf, delta, factorsOf, isAxis, keepName, lit, map, mul, open, rename, termsOf, type Axis, type Expr, type Index, type Sum } from "../ir/expr.ts";
import { mergeAxes } from "../ir/node.ts";
import { countUses, iteratedAxes, productCost, volumeOf, type Factor } from "./volume.ts";

/** Above this many summed axes the search is greedy. */
const EXACT = 7;
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

/** The cheapest nesting of one term's sums: exact up to a number of axes, greedy beyond. */
function eliminate(term: Term): Plan {
  const literals = term.factors.filter((f) => f.kind === "lit").reduce((c, f) => c * (f.kind === "lit" ? f.value : 1), term.coefficient);
  const factors = term.factors.filter((f) => f.kind !== "lit");
  const { cost, first } = cheapest(term.axes, factors, term.axes.length <= EXACT, new Map());
  return { cost, expr: mul(lit(literals), contractInOrder(first, factors)) };
}

/** Axes in the order of their sums, innermost first. */
interface Order { readonly cost: number; readonly first: readonly Axis[] }

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
