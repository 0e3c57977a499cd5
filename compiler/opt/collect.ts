/**
 * Common factors. In: an expression. Out: the same, sums of terms factored and sums over like ranges merged.
 * p Σ_a f_a g_a + q Σ_a f_a h_a becomes Σ_a f_a (p g_a + q h_a): one pass where there were two, and what the inner
 * sum leaves often belongs to the training point alone. Greedy by what each step saves under ideal staging.
 */
import {
  add,
  axis,
  baseAndPower,
  bindProduct,
  bindSum,
  coefficientOf,
  factorsOf,
  lit,
  mul,
  order,
  pow,
  rename,
  termsOf,
  type Axis,
  type Expr,
  type Sum,
} from "../ir/expr.ts";
import { normalRules, plainRules, rewrite } from "../ir/rewrite.ts";
import { countUses, iteratedAxes, productCost, volumeOf } from "./volume.ts";

/** Factors every sum of terms inside, and merges sums. */
export function collect(root: Expr): Expr {
  const uses = countUses(root),
    shared = (e: Expr): boolean => (uses.get(e) ?? 0) > 1;
  return rewrite(root, {
    ...normalRules,
    sum: plainRules.sum,
    map: (e, visit) =>
      e.op === "add"
        ? collectTerms(e.args.map(visit), shared)
        : e.op === "mul"
          ? bindProduct(...e.args.map(visit))
          : normalRules.map(e, visit),
  });
}

interface Step {
  readonly saving: number;
  readonly terms: readonly Expr[];
  apply(): Expr;
}

/** The sum of the terms, factored. */
function collectTerms(terms: readonly Expr[], shared: (e: Expr) => boolean): Expr {
  let current = termsOf(add(...terms));
  for (;;) {
    const best = [...mergers(current, shared), ...extractions(current, shared)].reduce<Step | undefined>(
      (a, b) => (!a || b.saving > a.saving ? b : a),
      undefined,
    );
    if (!best) return add(...current);
    const rest = current.filter((t) => !best.terms.includes(t));
    const made = best.apply();
    if (rest.length === 0) return made;
    // Kept apart from the rest: adding a factored term must not expand it again.
    current = [...rest, made].sort(order);
    if (made.kind === "map" && made.op === "add") return add(...current);
  }
}

/** Splits a term into coefficient and a map from base to power. */
function powersOf(term: Expr): Map<Expr, number> {
  const powers = new Map<Expr, number>();
  for (const f of factorsOf(coefficientOf(term)[1])) {
    if (f.kind === "lit") continue;
    const [base, p] = baseAndPower(f);
    powers.set(base, p);
  }
  return powers;
}

/** Dividing several terms by a base that all of them have. Deltas stay: a product over a sum of them is distributed. */
function extractions(terms: readonly Expr[], shared: (e: Expr) => boolean): Step[] {
  const having = new Map<Expr, { term: Expr; power: number }[]>();
  for (const term of terms) {
    for (const [base, power] of powersOf(term)) {
      if (base.kind !== "delta") having.set(base, [...(having.get(base) ?? []), { term, power }]);
    }
  }
  const steps: Step[] = [];
  for (const [base, uses] of having) {
    for (const sign of [1, -1]) {
      const group = uses.filter((u) => Math.sign(u.power) === sign);
      if (group.length < 2 || group.some((u) => factorsOf(u.term).some((f) => f.kind === "delta"))) continue;
      const power = sign * Math.min(...group.map((u) => Math.abs(u.power)));
      const members = group.map((u) => u.term);
      steps.push({
        saving:
          members.reduce((v, t) => v + volumeOf(iteratedAxes(factorsOf(t))), 0) -
          volumeOf(iteratedAxes(factorsOf(members[0]!))),
        terms: members,
        apply: () =>
          bindProduct(
            pow(base, lit(power)),
            collectTerms(
              members.map((t) => bindProduct(t, pow(base, lit(-power)))),
              shared,
            ),
          ),
      });
    }
  }
  return steps;
}

/** A term that holds a sum: what stands outside, and the factors of the body over the axes that the group shares. */
interface Summed {
  readonly term: Expr;
  readonly outside: readonly Expr[];
  readonly body: readonly Expr[] /** Both, as one product. */;
  readonly all: readonly Expr[];
}

/** Putting sums over like ranges together, by a factor that their bodies share. */
function mergers(terms: readonly Expr[], shared: (e: Expr) => boolean): Step[] {
  const groups = new Map<string, { axes: Axis[]; members: Summed[] }>();
  for (const term of terms) {
    const inner = factorsOf(term).find((f): f is Sum => f.kind === "sum");
    if (!inner || shared(inner)) continue;
    const key = inner.axes.map((a) => `${a.extent}${a.size ?? ""}`).join();
    const group = groups.get(key) ?? { axes: inner.axes.map((a) => axis(a.extent, "a", a.size)), members: [] };
    groups.set(key, group);
    const body = factorsOf(rename(inner.body, new Map(inner.axes.map((a, n) => [a, group.axes[n]!]))));
    const outside = factorsOf(term).filter((f) => f !== inner);
    group.members.push({ term, outside, body, all: factorsOf(bindProduct(...outside, ...body)) });
  }
  return [...groups.values()].flatMap(({ axes, members }) => mergersOver(axes, members, shared));
}

/** Only sums that scatter alike are merged: a Delta must stay a factor of the whole. */
const scatterKey = (m: Summed): string =>
  m.all
    .filter((f) => f.kind === "delta")
    .map((f) => f.id)
    .join();

function mergersOver(axes: readonly Axis[], members: readonly Summed[], shared: (e: Expr) => boolean): Step[] {
  const having = new Map<string, Summed[]>();
  for (const m of members) {
    for (const f of m.all) {
      if (f.kind === "lit" || f.kind === "delta" || !axes.some((a) => f.free.includes(a))) continue;
      const key = `${f.id};${scatterKey(m)}`;
      having.set(key, [...(having.get(key) ?? []), m]);
    }
  }
  const steps: Step[] = [];
  for (const group of having.values()) {
    if (group.length < 2) continue;
    const step = merger(axes, group, shared);
    if (step.saving > 0) steps.push(step);
  }
  return steps;
}

function merger(axes: readonly Axis[], group: readonly Summed[], shared: (e: Expr) => boolean): Step {
  const all = group.map((m) => m.all);
  const common = all[0]!.filter((f) => f.kind !== "lit" && all.every((factors) => factors.includes(f)));
  const rests = all.map((factors) => factors.filter((f) => !common.includes(f)));
  const inside = mul(...rests.flat().filter((f) => f.kind !== "lit"));
  const before = group.reduce(
    (cost, m) => cost + volumeOf(iteratedAxes(m.body)) + productCost(m.body) + volumeOf(iteratedAxes(m.outside)),
    0,
  );
  const sumVolume = volumeOf(iteratedAxes([...common, inside]));
  const after =
    sumVolume +
    productCost([...common, inside]) +
    rests.reduce((cost, r) => cost + productCost(r), 0) +
    (group.length - 1) * volumeOf(iteratedAxes([inside]));
  return {
    saving: before - after,
    terms: group.map((m) => m.term),
    apply: () =>
      bindSum(
        axes,
        bindProduct(
          ...common,
          collectTerms(
            rests.map((r) => bindProduct(...r)),
            shared,
          ),
        ),
      ),
  };
}
