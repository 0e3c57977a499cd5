/**
 * Terms that differ only in where they write. In: terms of a sum. Out: fewer terms, with sums of Deltas as factors.
 * The derivative of x[i] − x[j] writes to i and, with the other sign, to j, so each such derivative doubles the number
 * of terms: Σ f δ(i, a) − Σ f δ(j, a). As Σ f (δ(i, a) − δ(j, a)) they are one term again, whose order of contraction
 * is
 * chosen once, and what they share is shared no more.
 */
import {
  add,
  bindMap,
  bindProduct,
  bindSum,
  coefficientOf,
  factorsOf,
  inOrder,
  rename,
  scaled,
  termsOf,
  type Axis,
  type Expr,
} from "../ir/expr.ts";
import { deltasOf, isScatter } from "./volume.ts";

/** coefficient · Σ over the axes of the product of the factors. */
export interface Term {
  readonly coefficient: number;
  readonly axes: readonly Axis[];
  readonly factors: readonly Expr[];
}

/** Of several terms made one: how many places read each factor no more. */
export type Freed = Map<Expr, number>;

/** A term without one of its scatters, its axes in an order that doesn't depend on it. */
interface Rest {
  readonly term: Term;
  readonly scatter: Expr;
  readonly axes: readonly Axis[];
  readonly factors: readonly Expr[];
}

/** Puts terms together until no two of them differ in one scatter alone. */
export function mergeScatters(terms: readonly Term[], freed: Freed): readonly Term[] {
  let left = terms;
  for (let group = alike(left); group; group = alike(left)) {
    const first = group[0]!,
      members = group.map((r) => r.term);
    const scatters = group.map((r) => {
      const own = rename(r.scatter, new Map(r.axes.map((a, n) => [a, first.axes[n]!])));
      return scaledScatter(r.term.coefficient, own);
    });
    for (const f of first.factors) freed.set(f, (freed.get(f) ?? 0) + group.length - 1);
    const together = add(...scatters),
      made: Term = { coefficient: 1, axes: first.term.axes, factors: [...first.factors, together] };
    left = [...left.filter((t) => !members.includes(t)), made];
  }
  return left;
}

/** A sum of Deltas times a number. */
function scaledScatter(coefficient: number, scatter: Expr): Expr {
  const terms = termsOf(scatter).map((t) => {
    const [c, d] = coefficientOf(t);
    return scaled(c * coefficient, d);
  });
  return terms.length === 1 ? terms[0]! : bindMap("add", terms);
}

/** Terms that are alike but for one scatter to the same axis. */
function alike(terms: readonly Term[]): Rest[] | undefined {
  const found = new Map<string, Rest[]>();
  for (const term of terms) {
    for (const scatter of term.factors.filter(isScatter)) {
      const place = placeOf(scatter, term.axes);
      if (!place) continue;
      const factors = term.factors.filter((f) => f !== scatter),
        product = bindProduct(...factors),
        axes = inOrder(term.axes, product);
      const key = `${bindSum(term.axes, product).id} ${place.id}`,
        rest: Rest = { term, scatter, axes, factors };
      const group = found.get(key) ?? [];
      if (group.every((r) => r.term !== term) && (group.length === 0 || isSame(group[0]!, rest)))
        found.set(key, [...group, rest]);
    }
  }
  return [...found.values()].find((group) => group.length > 1);
}

/** Whether the rests are the same product once the axes of one are called as those of the other. */
function isSame(a: Rest, b: Rest): boolean {
  return (
    rename(bindProduct(...b.factors), new Map(b.axes.map((x, n) => [x, a.axes[n]!]))) === bindProduct(...a.factors)
  );
}

/** The axis outside the sum that all Deltas of a scatter fix. */
function placeOf(scatter: Expr, summed: readonly Axis[]): Axis | undefined {
  const places = deltasOf(scatter).map((d) => [d.i, d.j].find((i): i is Axis => !("kind" in i) && !summed.includes(i)));
  return places.every((p) => p === places[0]) ? places[0] : undefined;
}

/** The products that a product with scatters stands for: one for each combination of Deltas. */
export function scattered(factors: readonly Expr[]): readonly Expr[][] {
  const plain = factors.filter((f) => deltasOf(f).length < 2);
  return factors
    .filter((f) => deltasOf(f).length > 1)
    .reduce<Expr[][]>((all, f) => all.flatMap((done) => termsOf(f).map((t) => [...done, ...factorsOf(t)])), [plain]);
}
