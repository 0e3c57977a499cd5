/**
 * Posterior means against 60-digit solutions: Rosenbrock's function, Laplace's equation, the wave equation.
 * In: golden points, values and noise. Out: the golden means and derivatives, through `adk fit --noise` and `adk
 * predict`, and the same in process. The specs are those of the examples, with predictions of the probed derivatives.
 */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../compiler/index.ts";
import { fit } from "../../runtime/index.ts";
import { Workspace, type Predictions } from "./commands.ts";
import { deviation, flat, golden, type Nested } from "./golden.ts";

type Points = readonly (readonly number[])[];
interface Group {
  readonly x: Points;
  readonly y?: readonly Nested[];
}
type Data = Readonly<Record<string, Group>>;

const exampleSpec = (name: string): string =>
  readFileSync(new URL(`../../examples/specs/${name}.adk`, import.meta.url), "utf8");
let workspace: Workspace;
beforeAll(() => {
  workspace = new Workspace();
});
afterAll(() => {
  workspace.remove();
});

/** Checks predictions by label, made by commands and in process, against what is expected. */
async function check(
  spec: string,
  data: Data,
  noise: number,
  points: Points,
  expected: Readonly<Record<string, Nested>>,
  rtol: number,
): Promise<void> {
  const model = await workspace.fit(
    "model",
    workspace.put("model.adk", spec),
    workspace.put("data.json", data),
    "--noise",
    String(noise),
  );
  const said = await workspace.predict(model, { x: points });
  const made = fit(compile(spec), data as never, { noise }).predict(flat(points));
  for (const [label, values] of Object.entries(expected)) {
    expect(deviation(flat(said[label]!), flat(values)), label).toBeLessThan(rtol);
    expect([...made[label]!], label).toEqual([...flat(said[label]!)]);
  }
}

describe("rosenbrock", () => {
  interface Expected {
    readonly observations: string;
    readonly mean: Nested;
    readonly mean_gradient: Nested;
    readonly mean_hessian_every_10th: readonly Nested[];
    readonly alpha: Readonly<Record<string, Nested>>;
    readonly rtol: { readonly mean_rel_to_max: number; readonly alpha_rel_to_max: number };
  }
  const { inputs, expected } = golden<{
    inputs: {
      x_train: Points;
      labels: { identity: number[]; gradient: number[][]; hessian: [[number, number], [number, number]][] };
      reg: number;
      grid: Points;
    };
    expected: Expected[];
  }>("rosenbrock");
  const { x_train: x, labels } = inputs;
  const groups: Data = {
    value: { x, y: labels.identity },
    gradient: { x, y: labels.gradient },
    hessian: { x, y: labels.hessian },
    upper: { x, y: labels.hessian.map(([[xx, xy], [, yy]]) => [xx, xy, yy]) },
  };
  /** Observed groups by the golden file's name of the case. */
  const cases: Readonly<Record<string, readonly string[]>> = {
    value: ["value"],
    "value+gradient": ["value", "gradient"],
    "value+gradient+hessian": ["value", "gradient", "hessian"],
    "value+gradient+hessian-upper-triangle": ["value", "gradient", "upper"],
  };
  const spec = `${exampleSpec("rosenbrock")}observe upper : { let H = ∇²u; [H[0, 0], H[0, 1], H[1, 1]] }\n`;
  const observed = (name: string): Data => Object.fromEntries(cases[name]!.map((label) => [label, groups[label]!]));

  it.each(expected.map((e) => [e.observations, e] as const))("from %s", async (name, e) => {
    await check(
      spec,
      observed(name),
      inputs.reg,
      inputs.grid,
      { value: e.mean, gradient: e.mean_gradient },
      e.rtol.mean_rel_to_max,
    );
    const every10th = inputs.grid.filter((_, i) => i % 10 === 0);
    const model = fit(compile(spec), observed(name) as never, { noise: inputs.reg });
    expect(deviation(model.predict(flat(every10th))["hessian"]!, flat(e.mean_hessian_every_10th))).toBeLessThan(
      e.rtol.mean_rel_to_max,
    );
  });

  it.each(expected.map((e) => [e.observations, e] as const))("has the golden coefficients from %s", (name, e) => {
    const { training } = fit(compile(spec), observed(name) as never, { noise: inputs.reg });
    const found = Object.values(training)
      .filter((group) => group.coefficients.length > 0)
      .flatMap((group) => [...group.coefficients]);
    expect(
      deviation(
        found,
        Object.values(e.alpha).flatMap((part) => [...flat(part)]),
      ),
    ).toBeLessThan(e.rtol.alpha_rel_to_max);
  });
});

/** A golden solution of a differential equation. */
interface Solution {
  readonly inputs: {
    readonly observations: Readonly<Record<string, { readonly x: Points; readonly y: readonly number[] }>>;
    readonly x_test: Points;
  };
  readonly expected: readonly {
    readonly reg: number;
    readonly u: Nested;
    readonly probes: Predictions;
    readonly rtol: { readonly u_rel_to_max: number };
  }[];
}

/** Tests of a solution; `labels` name the spec's observations in the file's terms, `probes` its predictions. */
function testSolution(
  file: string,
  spec: string,
  labels: Readonly<Record<string, string>>,
  probes: Readonly<Record<string, string>>,
): void {
  const { inputs, expected } = golden<Solution>(file);
  const data = Object.fromEntries(Object.entries(inputs.observations).map(([name, { x }]) => [labels[name]!, { x }]));
  it.each(expected.map((e) => [e.reg, e] as const))(`${file} with noise %d`, async (reg, e) => {
    const wanted = Object.fromEntries(Object.entries(e.probes).map(([probe, values]) => [probes[probe]!, values]));
    await check(spec, data, reg, inputs.x_test, { u: e.u, ...wanted }, e.rtol.u_rel_to_max);
  });
}

describe("laplace's equation on the disc", () => {
  const spec = `${exampleSpec("laplace_disc")}predict east : d(u, x[0])\npredict north : d(u, x[1])\n`;
  testSolution(
    "laplace-disc",
    spec,
    { interior: "interior", boundary: "boundary" },
    { du_dx0: "east", du_dx1: "north" },
  );
});

describe("the wave equation", () => {
  // The golden file's operator is u_xx − u_tt: with values of zero the sign is of no account, but its probe shows it.
  const spec = `${exampleSpec("wave")}predict minus_string : -wave(u)\npredict speed : d(u, t)\n`;
  const labels = { wave: "string", "u(0,t)": "left", "u(1,t)": "right", "u(x,0)": "position", "ut(x,0)": "velocity" };
  testSolution("wave", spec, labels, { u_xx_minus_u_tt: "minus_string", u_t: "speed" });
  testSolution("wave-boundary-only", spec, labels, {});
});
