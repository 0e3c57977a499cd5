/**
 * The order of contraction. In: an expression. Out: the same, its sums of products nested in the cheapest order.
 * Nested sums are flattened into one network of factors and axes, and axes are eliminated one by one in the order
 * that costs least. Test and training points are axes like others, so that what belongs to the training point alone
 * is contracted there: Σ_c α_c Σ_p f_p J_pc = Σ_p f_p Σ_c J_pc α_c.
 */
import {
  add,
  bindProduct,
  bindSum,
  coefficientOf,
  factorsOf,
  isAxis,
  lit,
  mul,
  open,
  rename,
  termsOf,
  type Axis,
  type Expr,
  type MapNode,
  type Sum,
} from "../ir/expr.ts";
import { mergeAxes } from "../ir/node.ts";
import { normalRules, rewrite } from "../ir/rewrite.ts";
import { mergeScatters, scattered, type Term } from "./scatter.ts";
import { countUses, isScatter, iteratedAxes, productCost, volumeOf, writes, type Factor } from "./volume.ts";

/** Above this many summed axes the search is greedy. */
const EXACT = 7;
/** A factor that is a sum of more terms than this is not taken apart. */
const TERMS = 8;

/** How many places use an expression. */
type Uses = (e: Expr) => number;

/** Chooses the order of contraction of every sum inside. */
export function contract(root: Expr): Expr {
  const counts = countUses(root),
    uses: Uses = (e) => counts.get(e) ?? 0;
  return rewrite(root, {
    ...normalRules,
    sum: (e, visit) => contractSum(e, uses, visit),
    map: (e, visit) => (e.op === "add" ? contractTerms(e, uses, visit) : undefined) ?? normalRules.map(e, visit),
  });
}

/** A sum as it is written, or taken apart into terms: whichever costs less. Factors are contracted in turn. */
function contractSum(e: Sum, uses: Uses, visit: (e: Expr) => Expr): Expr {
  const written: Term = { coefficient: 1, axes: e.axes, factors: factorsOf(e.body) },
    apart = expand(written, uses);
  const chosen = costOf(apart) < costOf([written]) + innerCost(written.factors, uses) ? apart : [written];
  return add(...chosen.map((t) => contractTerm(t, visit)));
}

function contractTerm({ coefficient, axes, factors }: Term, visit: (e: Expr) => Expr): Expr {
  const scatters = factors.filter((f) => f.kind !== "delta" && isScatter(f)),
    rest = factors.filter((f) => !scatters.includes(f)).map(visit);
  const all = [...factorsOf(mul(lit(coefficient), ...rest)), ...scatters];
  return contractInOrder(order({ coefficient, axes, factors: all }).first, all);
}

const costOf = (terms: readonly Term[]): number => terms.reduce((total, t) => total + order(t).cost, 0);

/**
 * The terms of a sum, those that differ only in where they write put together; then as they are written, or taken
 * apart, whichever costs less. Undefined where no two are alike.
 */
function contractTerms(e: MapNode, uses: Uses, visit: (e: Expr) => Expr): Expr | undefined {
  const parts = termsOf(e).map((t) => ({ t, term: termOf(t) })),
    others = parts.filter((p) => !p.term).map((p) => p.t);
  const written = parts.flatMap((p) => p.term ?? []);
  const freed = new Map<Expr, number>(),
    left: Uses = (f) => uses(f) - (freed.get(f) ?? 0);
  const merged = mergeScatters(written, freed);
  if (merged.length === written.length) return undefined;
  const cost =
    costOf(merged) +
    innerCost(
      merged.flatMap((t) => t.factors),
      left,
    );
  const apart = takenApart(merged, left, freed),
    chosen = costOf(apart) < cost ? apart : merged;
  return add(...others.map(visit), ...chosen.map((t) => contractTerm(t, visit)));
}

/** A product with one sum that writes, as a term. */
function termOf(e: Expr): Term | undefined {
  const [coefficient, rest] = coefficientOf(e),
    factors = factorsOf(rest),
    sums = factors.filter((f): f is Sum => f.kind === "sum" && f.sparse.length > 0);
  if (sums.length !== 1) return undefined;
  return {
    coefficient,
    axes: sums[0]!.axes,
    factors: [...factors.filter((f) => f !== sums[0]), ...factorsOf(sums[0]!.body)],
  };
}

/** Terms taken apart and put together again until neither changes them. */
function takenApart(terms: readonly Term[], uses: Uses, freed: Map<Expr, number>): readonly Term[] {
  for (let before = terms; ; ) {
    const apart = before.flatMap((t) => expand(t, uses)),
      after = mergeScatters(apart, freed);
    if (after.length === before.length && apart.every((t, n) => t.factors.length === before[n]?.factors.length))
      return after;
    before = after;
  }
}

/** Cost of the nested linear parts of a product that are used nowhere else. */
function innerCost(factors: readonly Expr[], uses: Uses): number {
  let cost = 0;
  const visit = (f: Expr): void => {
    if (uses(f) > 1) return;
    if (f.kind === "sum") {
      const own = factorsOf(f.body);
      cost += productCost(own) + volumeOf(iteratedAxes(own));
      own.forEach(visit);
    }
    if (f.kind === "at" && f.tensor.kind === "build" && uses(f.tensor) <= 1) visit(f.tensor.body);
    if (f.kind === "map" && f.op === "add") {
      cost += (f.args.length - 1) * volumeOf(f.free);
      f.args.forEach(visit);
    }
    if (f.kind === "map" && f.op === "mul") {
      cost += productCost(f.args);
      f.args.forEach(visit);
    }
  };
  factors.filter((f) => !isScatter(f)).forEach(visit);
  return cost;
}

/**
 * Takes nested sums, tensors and sums of terms apart where nothing else uses them: step by step, and a sum of terms
 * only while there are few of them in all.
 */
function expand(whole: Term, uses: Uses): Term[] {
  let terms = [whole];
  for (let n = 0; n < terms.length; ) {
    const made = takeApart(terms[n]!, uses, TERMS - terms.length);
    if (made) terms = [...terms.slice(0, n), ...made, ...terms.slice(n + 1)];
    else n++;
  }
  return terms;
}

/** One step: the first factor that can be taken apart. `room`: how many terms more there may be. */
function takeApart(term: Term, uses: Uses, room: number): Term[] | undefined {
  const { coefficient } = term;
  for (const [n, f] of term.factors.entries()) {
    if (f.kind === "lit" || isScatter(f) || uses(f) > 1) continue;
    const others = term.factors.filter((_, k) => k !== n);
    if (f.kind === "sum") {
      // The sum's own axes where nothing else has them: what is inside is then still known by its uses.
      const clashes = f.axes.some((a) => term.axes.includes(a) || others.some((o) => o.free.includes(a)));
      const { axes, body } = clashes ? open(f) : f;
      return [{ coefficient, axes: [...term.axes, ...axes], factors: [...others, ...factorsOf(body)] }];
    }
    const inlined = inline(f, uses);
    if (inlined) return [{ ...term, factors: [...others, ...factorsOf(inlined)] }];
    if (f.kind !== "map" || f.op !== "add" || f.args.length - 1 > room) continue;
    if (!f.args.some((t) => factorsOf(t).some((x) => x.kind === "sum"))) continue;
    return termsOf(f).map((t) => {
      const [c, rest] = coefficientOf(t);
      return { coefficient: coefficient * c, axes: term.axes, factors: [...others, ...factorsOf(rest)] };
    });
  }
  return undefined;
}

/** The entry of a tensor that only this place reads, over plain axes. */
function inline(f: Expr, uses: Uses): Expr | undefined {
  if (f.kind !== "at" || f.tensor.kind !== "build" || f.tensor.stored || uses(f.tensor) > 1) return undefined;
  const to = f.indices.filter(isAxis);
  if (to.length !== f.indices.length || new Set(to).size !== to.length || to.some((a) => f.tensor.free.includes(a)))
    return undefined;
  return rename(f.tensor.body, new Map(f.tensor.axes.map((a, n) => [a, to[n]!])));
}

/** Axes in the order of their sums, innermost first, and what the sums cost. */
interface Order {
  readonly cost: number;
  readonly first: readonly Axis[];
}

/** The cheapest nesting of one term's sums: exact up to a number of axes, greedy beyond. */
function order({ axes, factors }: Term): Order {
  return cheapest(
    axes,
    factors.filter((f) => f.kind !== "lit"),
    axes.length <= EXACT,
    new Map(),
  );
}

/**
 * What is left after summing an axis depends on the set of axes summed, not on their order: so each set is costed once.
 */
function cheapest(axes: readonly Axis[], factors: readonly Factor[], exact: boolean, memo: Map<string, Order>): Order {
  if (axes.length === 0) return { cost: productCost(factors), first: [] };
  const key = axes.map((a) => a.id).join(),
    known = memo.get(key);
  if (known) return known;
  const steps = axes
    .map((a) => ({ a, ...step(a, factors) }))
    .sort((p, q) => p.cost - q.cost || q.a.extent - p.a.extent);
  let best: Order | undefined;
  for (const s of exact ? steps : steps.slice(0, 1)) {
    if (best && s.cost >= best.cost) continue;
    const tail = cheapest(
      axes.filter((x) => x !== s.a),
      [...s.rest, s.summed],
      exact,
      memo,
    );
    if (!best || s.cost + tail.cost < best.cost) best = { cost: s.cost + tail.cost, first: [s.a, ...tail.first] };
  }
  memo.set(key, best!);
  return best!;
}

/** One sum, without making it: its cost, the factors it leaves alone, and the axes of what it gives. */
function step(a: Axis, factors: readonly Factor[]): { cost: number; rest: Factor[]; summed: Factor } {
  const touched = factors.filter((f) => f.free.includes(a)),
    rest = factors.filter((f) => !f.free.includes(a));
  const free = mergeAxes(...touched.map((f) => f.free)).filter((x) => x !== a);
  return {
    cost: productCost(touched) + writes(touched) * volumeOf(iteratedAxes(touched)),
    rest,
    summed: { kind: "sum", free },
  };
}

function contractInOrder(first: readonly Axis[], factors: readonly Expr[]): Expr {
  let left = factors;
  for (const a of first) {
    const touched = left.filter((f) => f.free.includes(a));
    left = [
      ...left.filter((f) => !f.free.includes(a)),
      add(...scattered(touched).map((own) => mergeNested(bindSum([a], productOf(own))))),
    ];
  }
  return add(...scattered(left).flatMap((own) => writtenApart(own).map((term) => mul(...term))));
}

/** A product with one factor that is a sum of scatters as that many products: each is a term that others may join. */
function writtenApart(factors: readonly Expr[]): readonly (readonly Expr[])[] {
  const writing = factors.filter((f) => f.kind === "map" && f.op === "add" && f.sparse.length > 0);
  if (writing.length !== 1) return [factors];
  const rest = factors.filter((f) => f !== writing[0]);
  return termsOf(writing[0]!).map((term) => [...rest, ...factorsOf(term)]);
}

/**
 * A product in normal form, but for factors that are sums which write: distributing over them would undo what was put
 * together.
 */
function productOf(factors: readonly Expr[]): Expr {
  return factors.some((f) => f.kind === "map" && f.op === "add" && f.sparse.length > 0)
    ? bindProduct(...factors)
    : mul(...factors);
}

/** Σ_a Σ_b f where nothing stands between the two sums is one sum over both. */
function mergeNested(e: Expr): Expr {
  if (e.kind !== "sum" || e.body.kind !== "sum") return e;
  const outer = open(e),
    inner = open(outer.body as Sum);
  return bindSum([...outer.axes, ...inner.axes], inner.body);
}
