/**
 * Plans: what is worked out in which loop. In: specs, and families of expressions that grow. Out: the steps of a plan,
 * and
 * nodes looked at while planning, which grow as the expression does.
 */
import { describe, expect, it } from "vitest";
import {
  add,
  axis,
  bindAt,
  bindBuild,
  bindMap,
  bindSum,
  counters,
  lit,
  mul,
  param,
  type Expr,
} from "../../compiler/ir/expr.ts";
import { nodeCount } from "../../compiler/ir/cost.ts";
import type { Buffer } from "../../compiler/loops/loop.ts";
import { effort, planText, type PlanStep } from "../../compiler/loops/plan.ts";
import { extentOf, plan, schedule } from "../../compiler/loops/schedule.ts";
import { legalise, SCALAR } from "../../compiler/loops/legalise.ts";
import { countStatements } from "../../compiler/loops/count.ts";

const X = param("x", [4]);
const result = (tensor: Expr): { buffer: Buffer; tensor: Expr } => ({
  buffer: { name: "out", role: "output", dims: tensor.kind === "build" ? tensor.axes.map(extentOf) : [] },
  tensor,
});
const planned = (tensor: Expr): readonly PlanStep[] => plan({ results: [result(tensor)] });

/** y[a] = tanh(Σ_b y[b] (a + 2 b + 1)): a layer reads all of the one before. */
function layer(y: Expr): Expr {
  const [a, b] = [axis(4), axis(4)] as const,
    weights = param("w", [4, 4]);
  return bindBuild([a], bindMap("tanh", [bindSum([b], mul(bindAt(y, [b]), bindAt(weights, [a, b])))]));
}
const layers = (n: number): Expr => Array.from({ length: n }).reduce<Expr>(layer, X);

/** Σ_n Σ_a exp(n x[a]): totals side by side. */
const totals = (n: number): Expr =>
  bindMap(
    "add",
    Array.from({ length: n }, (_, k) => {
      const a = axis(4);
      return bindMap("sin", [bindSum([a], bindMap("exp", [mul(lit(k + 1.5), bindAt(X, [a]))]))]);
    }),
  );

/** Arrays that all read each other's forerunner: n nests at one level. */
function chain(n: number): Expr {
  let made = X;
  for (let k = 0; k < n; k++) {
    const [a, b] = [axis(4), axis(4)] as const;
    made = bindBuild([a], add(bindAt(made, [a]), bindSum([b], mul(bindAt(made, [b]), lit(k + 0.5)))));
  }
  return made;
}

describe("the effort of planning", () => {
  it.each([
    ["layers", layers],
    ["totals", totals],
    ["chains of arrays", chain],
  ] as const)("%s: linear in nodes", (_, family) => {
    const perNode = [8, 16, 32, 64].map((n) => {
      const tensor = family(n),
        nodes = nodeCount(tensor),
        start = { ...counters, ...effort };
      planned(tensor);
      return [effort.visits - start.visits, counters.constructed - start.constructed].map((x) => x / nodes);
    });
    const [small, large] = [perNode[0]!, perNode[3]!];
    large.forEach((x, n) => expect(x).toBeLessThanOrEqual(1.1 * small[n]!));
    expect(Math.max(...large)).toBeLessThanOrEqual(12);
  });

  it("leaves statements linear in layers", () => {
    const statements = [8, 16, 32].map((n) => {
      const job = {
        name: "p",
        doc: "p",
        sizes: [],
        inputs: new Map<Expr, Buffer>([
          [X, { name: "x", role: "input", dims: [4] }],
          [param("w", [4, 4]), { name: "w", role: "input", dims: [4, 4] }],
        ]),
        results: [result(layers(n))],
        notes: {},
      };
      return countStatements(legalise(schedule(job), SCALAR).body);
    });
    expect(statements[2]! - statements[1]!).toBe(2 * (statements[1]! - statements[0]!));
  });
});

describe("a plan as text", () => {
  it("says what is worked out in which loop", () => {
    const y = layer(X);
    expect(planText(planned(layer(y)))).toBe(
      `array of 4
for 4
  total over 4
  for 4
    add to total over 4
  fill array of 4
for 4
  total over 4
  for 4
    add to total over 4
  fill out`,
    );
  });
});
