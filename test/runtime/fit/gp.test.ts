/** Fits against golden values and closed forms: posterior means, offsets, groups, noise, errors by name. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile } from "../../../compiler/index.ts";
import type { CompiledModel } from "../../../runtime/compiled.ts";
import { InProcessExecutor } from "../../../runtime/executors/in_process.ts";
import {
  InterruptedError,
  NotPositiveDefiniteError,
  OptionError,
  fit,
  fitAsync,
  readDataset,
} from "../../../runtime/index.ts";
import { digitsNotice } from "../../../runtime/model/amplification.ts";
import { gradient, rbf, rbfModel, sgdmlModel, value } from "../models.ts";

const golden = (name: string): Uint8Array => readFileSync(new URL(`../../golden/${name}`, import.meta.url));
const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((best, x) => Math.max(best, Math.abs(x)), 0);
/** Largest difference over the largest expected magnitude. */
const deviation = (found: ArrayLike<number>, expected: ArrayLike<number>): number =>
  largest(Array.from(expected, (x, i) => x - found[i]!)) / largest(expected);

interface Rosenbrock {
  inputs: { x_train: number[][]; grid: number[][]; labels: { identity: number[]; gradient: number[][] } };
  expected: {
    observations: string;
    alpha: { identity: number[]; gradient?: number[][] };
    mean: number[];
    mean_gradient: number[][];
    rtol: { mean_rel_to_max: number; alpha_rel_to_max: number };
  }[];
}

describe("fit", () => {
  const rosenbrock = JSON.parse(new TextDecoder().decode(golden("rosenbrock.json"))) as Rosenbrock;
  const { x_train: x, grid, labels } = rosenbrock.inputs;
  const at = Float64Array.from(grid.flat());

  it.each(["value", "value+gradient"])(
    "gives the golden posterior of the Rosenbrock function from %s",
    (observations) => {
      const expected = rosenbrock.expected.find((item) => item.observations === observations)!;
      const gradients = observations === "value" ? {} : { gradient: { x, y: labels.gradient } };
      const model = fit(rbfModel(), { value: { x, y: labels.identity }, ...gradients }, { noise: 1e-10 });
      const { value: mean, gradient: slopes } = model.predict(at);
      expect(deviation(mean!, expected.mean)).toBeLessThan(expected.rtol.mean_rel_to_max);
      expect(deviation(slopes!, expected.mean_gradient.flat())).toBeLessThan(expected.rtol.mean_rel_to_max);
      expect(deviation(model.training["value"]!.coefficients, expected.alpha.identity)).toBeLessThan(
        expected.rtol.alpha_rel_to_max,
      );
      expect(model.report!.notices.filter((text) => text.includes("no rows"))).toHaveLength(
        observations === "value" ? 2 : 1,
      );
    },
  );

  it("gives sGDML's forces and energies from sGDML's own data set", () => {
    const expected = JSON.parse(new TextDecoder().decode(golden("sgdml-ethanol-F.json"))) as {
      inputs: { R_test: number[][][]; perms: number[][]; idxs_train_in_dataset: number[] };
      expected: { F_pred: number[][][]; E_pred: number[] };
      rtol: { F_pred: number; E_pred_abs: number };
    };
    const { perms, R_test, idxs_train_in_dataset: train } = expected.inputs;
    const spec = readFileSync(new URL("../../../examples/specs/sgdml.adk", import.meta.url), "utf8");
    const compiled = compile(spec, { bind: { N: 9, perms } });
    const dataset = readDataset(golden("sgdml-ethanol-dataset.npz"), "sgdml-ethanol-dataset.npz");
    // The package sums over permutations where the model averages: its noise of 1e-10 is 1e-10 / 6 here.
    const model = fit(compiled, dataset, { noise: 1e-10 / perms.length, split: { train } });
    const { forces, energy } = model.predict(Float64Array.from(R_test.flat(2)));
    expect(deviation(forces!, expected.expected.F_pred.flat(2))).toBeLessThan(expected.rtol.F_pred);
    expect(largest(expected.expected.E_pred.map((e, i) => e - energy![i]!))).toBeLessThan(expected.rtol.E_pred_abs);
    expect(model.units).toEqual({ r_unit: "Ang", e_unit: "kcal/mol" });
    expect(model.amplification).toBeGreaterThan(1e3);
    expect(model.report!.residual).toBeLessThan(1e-6);
    const tested = model.test(dataset, {
      indexes: [
        ...train.slice(0, 4),
        ...Array.from({ length: 100 }, (_, i) => i)
          .filter((i) => !train.includes(i))
          .slice(0, 16),
      ],
    });
    expect(tested).toMatchObject({ points: 16, left_out: 4 });
    expect(tested.errors["forces"]!.mae).toBeLessThan(3);
  });

  it("reproduces the posterior of one value by hand: mean k y / (1 + noise)", () => {
    const model = fit(rbfModel(1), { value: { x: [[0]], y: [2] } }, { noise: { value: 0.5 } });
    const predicted = model.predict(Float64Array.of(0, 1), ["value"])["value"]!;
    expect(predicted[0]).toBeCloseTo(2 / 1.5, 14);
    expect(predicted[1]).toBeCloseTo((2 / 1.5) * Math.exp(-0.5), 14);
    expect(model.report).toMatchObject({ n: 1, solver: "cholesky", threads: 1 });
    expect(model.report!.residual).toBeLessThan(1e-15);
    expect(model.report!.logDeterminant).toBeCloseTo(Math.log(1.5), 14);
  });

  it("observes through arguments, and predicts with them", () => {
    const angle = Array.from({ length: 12 }, (_, i) => i);
    const points = angle.map((i) => [Math.cos(i), Math.sin(1.3 * i)]);
    const v = angle.map((i) => [Math.sin(i), Math.cos(2 * i)]);
    const f = ([a, b]: number[]): number => Math.sin(a!) + b! * b!;
    const y = points.map(([a, b], i) => Math.cos(a!) * v[i]![0]! + 2 * b! * v[i]![1]!);
    const model = fit(rbfModel(), { slope: { x: points, v, y }, value: { x: points.slice(0, 1), y: [f(points[0]!)] } });
    const fitted = model.predict({
      x: Float64Array.from(points.flat()),
      arguments: { v: Float64Array.from(v.flat()) },
    });
    expect(Object.keys(fitted)).toEqual(["value", "gradient", "slope"]);
    expect(largest(fitted["slope"]!.map((s, i) => s - y[i]!))).toBeLessThan(1e-4);
    expect(Object.keys(model.predict(Float64Array.of(0, 0)))).toEqual(["value", "gradient"]);
    expect(() => model.predict(Float64Array.of(0, 0), ["slope"])).toThrow(/argument v/);
  });

  it("subtracts the prior mean before and adds it after", () => {
    const mean = (x: Float64Array) => ({ value: 3 + x[0]!, slope: Float64Array.of(1) });
    const model = fit(rbfModel(1, { mean }), { value: { x: [[0], [1]], y: [3, 4] } });
    expect(largest(model.training["value"]!.coefficients)).toBe(0);
    expect(model.predict(Float64Array.of(7))).toMatchObject({
      value: Float64Array.of(10),
      gradient: Float64Array.of(1),
    });
    expect(model.amplification).toBe(1);
  });

  it("takes the mean of observed energies off and puts it back, whatever the label", () => {
    const frames = {
      R: [
        [
          [0, 0, 0],
          [1, 0, 0],
        ],
        [
          [0, 0, 0],
          [1.2, 0, 0],
        ],
      ],
      E: [100, 102],
      F: [
        [
          [1, 0, 0],
          [-1, 0, 0],
        ],
        [
          [0.5, 0, 0],
          [-0.5, 0, 0],
        ],
      ],
    };
    const model = fit(sgdmlModel(2, [[0, 1]], { energies: true }), frames);
    expect(model.offsets).toEqual({ u: 101 });
    const energy = value(6, "level", { key: "E" });
    const other = rbfModel(6, {
      input: { name: "R", shape: [2, 3] },
      observe: [energy],
      predict: [value(6, "energy")],
      offsets: [{ label: "energy", latent: "u", key: "E" }],
    });
    const renamed = fit(other, frames);
    expect(renamed.offsets).toEqual({ u: 101 });
    expect(
      largest(renamed.predict(Float64Array.from(frames.R.flat(2)))["energy"]!.map((e, i) => e - frames.E[i]!)),
    ).toBeLessThan(1e-6);
  });

  it("finds the constant that forces leave open, or says that there's none", () => {
    const frames = {
      R: [
        [
          [0, 0, 0],
          [1, 0, 0],
        ],
        [
          [0, 0, 0],
          [1.2, 0, 0],
        ],
      ],
      F: [
        [
          [1, 0, 0],
          [-1, 0, 0],
        ],
        [
          [0.5, 0, 0],
          [-0.5, 0, 0],
        ],
      ],
    };
    const compiled = sgdmlModel(2, [[0, 1]]);
    const R = Float64Array.from(frames.R.flat(2));
    const model = fit(compiled, { ...frames, E: [[-7], [-9]] });
    const [a, b] = model.predict(R)["energy"]!;
    expect(a! + b!).toBeCloseTo(-16, 8);
    const said: string[] = [];
    const without = fit(compiled, frames, { notice: (message) => said.push(message) });
    expect(without.offsets).toEqual({ u: 0 });
    expect(said).toEqual(["data: no E for the offset of u (energy): its constant is 0"]);
  });

  it("names the observation whose row fails, and proposes a noise that helps", () => {
    const data = {
      value: {
        x: [
          [0, 0],
          [1, 0],
          [1, 0],
        ],
        y: [1, 2, 2],
      },
    };
    let caught: unknown;
    try {
      fit(rbfModel(), data, { noise: 0 });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(NotPositiveDefiniteError);
    expect((caught as Error).message).toMatch(/point 2 of value\..*noise of about 1e-14/s);
    expect(() => fit(rbfModel(), data, { noise: (caught as NotPositiveDefiniteError).noise })).not.toThrow();
  });

  it("refuses options that don't fit", () => {
    const data = { value: { x: [[0, 0]], y: [1] } };
    expect(() => fit(rbfModel(), data, { noise: { valu: 1 } })).toThrow(
      /noise of valu: expected an observation \(value, gradient, slope\)/,
    );
    expect(() => fit(rbfModel(), data, { noise: -1 })).toThrow(OptionError);
    expect(() => fit(rbfModel(), data, { parameters: { sigma: 1 } })).toThrow(/parameter sigma/);
    expect(() => fit(rbfModel(), data, { parameters: { l: 0 } })).toThrow(/expected a number in \(0, ∞\), found 0/);
    expect(() => fit(rbfModel(), data, { split: { train: [0] } })).toThrow(/no frames/);
  });

  it("refuses a kernel that isn't finite where two points meet, naming them", () => {
    const kernel: typeof rbf = (x, y, l) => (x[0] === y[0] ? { ...rbf(x, y, l), k: NaN } : rbf(x, y, l));
    expect(() => fit(rbfModel(1, { kernel }), { value: { x: [[0], [1]], y: [1, 2] } })).toThrow(
      /covariance of point 0 of value and point 0 of value is NaN/,
    );
  });

  it("gives the same bytes again, and through fitAsync", async () => {
    const x = Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
    const data = { value: { x, y: x.map(([a, b]) => a! * b!) }, gradient: { x, y: x.map(([a, b]) => [b!, a!]) } };
    const first = fit(rbfModel(), data, { noise: 1e-6 }).toBytes();
    expect(fit(rbfModel(), data, { noise: 1e-6 }).toBytes()).toEqual(first);
    expect((await fitAsync(rbfModel(), data, { noise: 1e-6 })).toBytes()).toEqual(first);
  });

  it("is none the worse for threads that don't end well", async () => {
    // No spy of the test framework: it would look after the promise itself.
    const { close } = InProcessExecutor.prototype;
    let closed = 0;
    InProcessExecutor.prototype.close = () => {
      closed++;
      return Promise.reject(new Error("a thread hangs"));
    };
    const lost: unknown[] = [];
    const note = (reason: unknown): void => void lost.push(reason);
    process.on("unhandledRejection", note);
    try {
      expect(fit(rbfModel(1), { value: { x: [[0]], y: [2] } }).report).toMatchObject({ n: 1 });
      await new Promise((resolve) => setImmediate(resolve));
      expect(closed).toBe(1);
      expect(lost).toEqual([]);
    } finally {
      process.off("unhandledRejection", note);
      InProcessExecutor.prototype.close = close;
    }
  });

  it("reports progress phase by phase and can be stopped by a signal from outside", async () => {
    const x = Array.from({ length: 900 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
    const data = { value: { x, y: x.map(([a]) => a!) } };
    const phases = new Set<string>();
    fit(
      rbfModel(),
      { value: { x: x.slice(0, 300), y: data.value.y.slice(0, 300) } },
      { noise: 1e-3, progress: ({ phase }) => phases.add(phase) },
    );
    expect([...phases]).toEqual(["assembly", "factorisation", "refinement", "amplification"]);
    const controller = new AbortController();
    controller.abort();
    await expect(fitAsync(rbfModel(), data, { noise: 1e-3, signal: controller.signal })).rejects.toBeInstanceOf(
      InterruptedError,
    );
  });

  it("assembles groups of several tiles as the dense formula says", () => {
    const x = Array.from({ length: 130 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
    const compiled = rbfModel(2, { observe: [value(2, "value"), gradient([2], "gradient", 1)] });
    const data = { value: { x, y: x.map(([a]) => a!) }, gradient: { x, y: x.map(() => [1, 0]) } };
    const model = fit(compiled, data, { noise: 1e-4, refinements: 0 });
    const flat = Float64Array.from(x.flat());
    const alpha = [...model.training["value"]!.coefficients, ...model.training["gradient"]!.coefficients];
    const fitted = [...model.predict(flat)["value"]!, ...model.predict(flat)["gradient"]!].map(
      (y, i) => y + 1e-4 * alpha[i]!,
    );
    expect(deviation(fitted, [...data.value.y, ...data.gradient.y.flat()])).toBeLessThan(1e-10);
  });
});

describe("amplification", () => {
  const SPEC = `model Swapped
dim N, P
const perms : index[P, N]
input R : real[N, 1]
fn flat(R : real[N, 1]) = [R[i][0] for i in N]
kernel k(R, S) = mean(rbf(flat(R), flat(S[perms[p]]), 1) for p in P)
u ~ GP(k)
observe level : u   from "E"   noise 0.01
predict slope : ∇u
`;
  const geometries: readonly (readonly [number, number])[] = [
    [-0.5, 0.5],
    [0.1, 0.1],
    [0.7, -0.2],
  ];
  const frames = { R: geometries.map(([a, b]) => [[a], [b]]), E: [1, 0.3, -0.4] };

  it("counts each training point and permutation, as the formula has it", () => {
    const model = fit(
      compile(SPEC, {
        bind: {
          N: 2,
          perms: [
            [0, 1],
            [1, 0],
          ],
        },
      }),
      frames,
    );
    const alpha = model.training["level"]!.coefficients;
    let most = 0,
      result = 0;
    for (const x of geometries) {
      for (const axis of [0, 1]) {
        // ∂/∂x of e^(−|x − y|² / 2), half of it for each permutation.
        const terms = geometries.flatMap(([a, b], j) =>
          [
            [a, b],
            [b, a],
          ].map(
            (y) => 0.5 * alpha[j]! * (y[axis]! - x[axis]!) * Math.exp(-((x[0] - y[0]!) ** 2 + (x[1] - y[1]!) ** 2) / 2),
          ),
        );
        most = Math.max(
          most,
          terms.reduce((sum, term) => sum + Math.abs(term), 0),
        );
        result = Math.max(result, Math.abs(terms.reduce((sum, term) => sum + term, 0)));
      }
    }
    expect(model.state.amplifications["slope"]! / (most / result)).toBeCloseTo(1, 12);
  });

  it("takes a kernel that isn't a sum over its permutations as a whole", () => {
    const other = SPEC.replace(
      "mean(rbf(flat(R), flat(S[perms[p]]), 1) for p in P)",
      "mean(rbf(flat(R), flat(S[perms[p]]), 1) for p in P)^2",
    );
    const compiled = compile(other, {
      bind: {
        N: 2,
        perms: [
          [0, 1],
          [1, 0],
        ],
      },
    });
    const whole = {
      ...fit(Object.assign(Object.create(compiled) as typeof compiled, { rebind: undefined }), frames).state
        .amplifications,
    };
    expect(fit(compiled, frames).state.amplifications).toEqual(whole);
  });

  it("does so too where the number of permutations is bound apart", () => {
    expect(
      fit(
        compile(SPEC, {
          bind: {
            N: 2,
            P: 2,
            perms: [
              [0, 1],
              [1, 0],
            ],
          },
        }),
        frames,
      ).amplification,
    ).toBeGreaterThan(1);
  });

  it("hides no mistake of ours in what binds the identity", () => {
    const perms = [
      [0, 1],
      [1, 0],
    ];
    const binding = (error: Error): CompiledModel =>
      Object.assign(Object.create(compile(SPEC, { bind: { N: 2, perms } })) as CompiledModel, {
        rebind: () => {
          throw error;
        },
      });
    expect(() => fit(binding(new TypeError("undefined has no length")), frames)).toThrow(/undefined has no length/);
    const refused = Object.assign(new Error("P is 2"), { name: "DiagnosticError" });
    expect(fit(binding(refused), frames).amplification).toBeGreaterThan(1);
  });

  it("warns where float64 loses its digits, and only there", () => {
    // Two values a millionth apart, whose difference asks for coefficients of 1e12; the slope between them is of their
    // size.
    const data = (distance: number) => ({ value: { x: [[0], [distance], [2]], y: [0, 1, 0.5] } });
    const lost = digitsNotice(fit(rbfModel(1), data(1e-6), { noise: 1e-14 }));
    expect(lost.map((text) => text.split(" of the largest value of ")[1]!.split(" ")[0])).toEqual(["value"]);
    expect(lost[0]).toMatch(
      /^rounding makes errors of about \de-\d+ .*amplification \d\.\de\+1\d\): a larger noise loses fewer digits$/,
    );
    expect(digitsNotice(fit(rbfModel(1), data(1e-6), { noise: 1e-6 }))).toEqual([]);
    expect(digitsNotice(fit(rbfModel(1), data(1), { noise: 1e-14 }))).toEqual([]);
  });

  it("draws the line at A · eps = 1e-4 for each label", () => {
    const notices = digitsNotice({ state: { amplifications: { fine: 0.99e-4 / 2 ** -52, bad: 1.01e-4 / 2 ** -52 } } });
    expect(notices).toEqual([expect.stringMatching(/of about 1e-4 of the largest value of bad/)]);
  });
});
