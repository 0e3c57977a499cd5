/**
 * What a printed module executes is what is counted. In: every kernel of several specs, and random kernels. Out: the
 * printed
 * text, instrumented, does exactly as many floating-point operations as the counting interpreter says, with the same
 * results.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KernelText, stages } from "../../compiler/backends/kernel_text.ts";
import { asJavaScript } from "../../compiler/backends/typed.ts";
import { execute } from "../../compiler/loops/interpret.ts";
import type { Kernel } from "../../compiler/loops/kernel.ts";
import { counter, type Buffer, type Program, type Scalar, type Statement } from "../../compiler/loops/loop.ts";
import { simplify } from "../../compiler/loops/simplify.ts";
import { terms } from "../ir/terms.ts";
import { pairBuffers, pairKernel, pairSizes, pairTensor, pairValues } from "../loops/pairs.ts";
import { compileSpec, compileText, entriesOf, fill, SMALL } from "../loops/support.ts";
import { instrumented } from "./instrument.ts";

type Stage = (...args: unknown[]) => void;

/**
 * Both stages as printed and as interpreted, on copies of the same buffers; an error where counts or (beyond a relative
 * tolerance) numbers differ.
 */
function compare(
  kernel: Kernel,
  sizes: Readonly<Record<string, number>>,
  buffers: Readonly<Record<string, Float64Array>>,
  tolerance = 0,
): number {
  const text = new KernelText();
  const name = text.add(kernel, stages(kernel));
  const { value, count } = instrumented<{ evaluate: Stage; prepare?: Stage }>(asJavaScript(text.text()), name);
  const printed = Object.fromEntries(Object.entries(buffers).map(([name, data]) => [name, data.slice()])),
    read = { ...printed };
  const interpreted = Object.fromEntries(Object.entries(buffers).map(([name, data]) => [name, data.slice()]));
  const argumentsOf = (p: Program): unknown[] => [
    ...p.sizes.map((s) => sizes[s]),
    ...p.inputs.map((b) => (b.dims.length === 0 ? read[b.name]![0] : read[b.name])),
    ...p.outputs.map((b) => read[b.name]),
  ];
  let flops = 0;
  if (kernel.prepare) {
    value.prepare!(...argumentsOf(kernel.prepare));
    flops += execute(kernel.prepare, { sizes, buffers: interpreted }).flops;
  }
  value.evaluate(...argumentsOf(kernel.evaluate));
  flops += execute(kernel.evaluate, { sizes, buffers: interpreted }).flops;
  if (count() !== flops)
    throw new Error(`${kernel.name}: ${count()} operations executed, ${flops} counted\n${text.text()}`);
  // Register tiles sum in an order of their own; everything else gives the same bits.
  for (const b of kernel.evaluate.outputs) {
    if (tolerance === 0) expect(printed[b.name]).toEqual(interpreted[b.name]);
    else
      printed[b.name]!.forEach((v, n) =>
        expect(Math.abs(v - interpreted[b.name]![n]!)).toBeLessThanOrEqual(tolerance * Math.abs(v)),
      );
  }
  return flops;
}

/** Buffers of a kernel at the sizes: inputs filled, outputs empty. */
function buffersOf(kernel: Kernel, sizes: Readonly<Record<string, number>>): Record<string, Float64Array> {
  const programs = [...(kernel.prepare ? [kernel.prepare] : []), kernel.evaluate];
  const inputs = new Map(
    programs
      .flatMap((p) => p.inputs)
      .filter((b) => kernel.origins.get(b)?.kind !== "table")
      .map((b) => [b.name, b]),
  );
  return {
    ...fill([...inputs.values()], kernel, sizes),
    ...Object.fromEntries(
      programs.flatMap((p) => p.outputs).map((b) => [b.name, new Float64Array(entriesOf(b.dims, sizes))]),
    ),
  };
}

describe.each(Object.keys(SMALL))("%s", (name) => {
  const { kernels, lowered } = compileSpec(name),
    labels = [...lowered.quantities.keys()],
    observed = lowered.observations.map((o) => o.label);
  const all: readonly (readonly [string, () => Kernel])[] = [
    ...labels.map((row): [string, () => Kernel] => [
      `contractions of ${row}`,
      () => kernels.contraction(row, labels[0]!),
    ]),
    ...labels.map((col): [string, () => Kernel] => [
      `covariances with ${col}`,
      () => kernels.covariance(labels[0]!, col),
    ]),
    ["the predictor", () => kernels.predictor(lowered.predictions, observed)],
    ...lowered.observations.map((o): [string, () => Kernel] => [`noise of ${o.label}`, () => kernels.noise(o)]),
  ];
  it.each(all)("%s execute what is counted", (_, make) => {
    const kernel = make(),
      names = [...new Set([...(kernel.prepare?.sizes ?? []), ...kernel.evaluate.sizes])],
      sizes = Object.fromEntries(names.map((s, n) => [s, n + 2]));
    compare(kernel, sizes, buffersOf(kernel, sizes));
  });
});

describe("matrix products", () => {
  const atoms = `
model Atoms
input R : real[5, 3]
fn square(v) = dot(v, v)
fn features(R : real[5, 3]) =
  [[sum(exp(-square(R[i] - R[j]) * (f + 1) / 8) for j in 5 if j != i) for f in 8] for i in 5]
kernel k(R, S) = { let q = features(R); let t = features(S); sum((dot(q[i], t[j]) + 1)^2 for i in 5, j in 5) }
u ~ GP(k)
observe energy : u
predict energy : u
`;
  it("execute what is counted", () => {
    const kernel = compileText(atoms).kernels.covariance("energy", "energy"),
      sizes = { m: 2, n_y: 3 };
    expect(
      JSON.stringify(kernel.evaluate.body, (key, value: unknown) => (key === "buffer" ? undefined : value)),
    ).toContain('"gemm"');
    compare(kernel, sizes, buffersOf(kernel, sizes), 1e-12);
  });
});

describe("random kernels", () => {
  it("execute what is counted, and give the same bits as the interpreter of programs", () => {
    fc.assert(
      fc.property(terms(3, [2, 3]), fc.nat(1000), (t, seed) => {
        const { kernel } = pairKernel(pairTensor(t)),
          short = {
            ...kernel,
            ...(kernel.prepare ? { prepare: simplify(kernel.prepare) } : {}),
            evaluate: simplify(kernel.evaluate),
          };
        compare(short, pairSizes, pairBuffers(kernel, pairValues(seed)));
      }),
      { numRuns: 150, seed: 47 },
    );
  });
});

describe("buffers of f32", () => {
  it("round what is written to them, printed and interpreted alike", () => {
    const x: Buffer = { name: "x", dims: [3], role: "input" },
      half: Buffer = { name: "half", dims: [3], role: "local", dtype: "f32" },
      out: Buffer = { name: "out", dims: [3], role: "output" },
      c = counter("c");
    const load = (buffer: Buffer): Scalar => ({ kind: "load", buffer, offset: c });
    const loop = (body: Statement): Statement => ({ kind: "for", counter: "c", extent: 3, body: [body] });
    const evaluate: Program = {
      name: "rounded",
      doc: "",
      sizes: [],
      inputs: [x],
      outputs: [out],
      tables: [],
      locals: [half],
      body: [
        loop({ kind: "store", buffer: half, offset: c, value: load(x) }),
        loop({ kind: "accumulate", buffer: half, offset: c, value: load(x) }),
        loop({ kind: "store", buffer: out, offset: c, value: load(half) }),
      ],
    };
    const buffers = { x: Float64Array.of(0.1, 1 / 3, 1e300), out: new Float64Array(3) };
    compare({ name: "rounded", doc: "", evaluate, origins: new Map(), sizes: new Map() }, {}, buffers);
    execute(evaluate, { sizes: {}, buffers });
    const twice = (v: number): number => Math.fround(Math.fround(v) + v);
    expect([...buffers.out]).toEqual([...buffers.x].map(twice));
  });
});

describe("the instruments", () => {
  it("count arithmetic and calls, and nothing else", () => {
    const text = `function helper(x) { return x * x + 1; }
const T_i = Int32Array.of(1, 0);
const scratch = new Float64Array(2 * 3);
function evaluate(n, x, out) {
  const more = new Float64Array(n * 2);
  scratch.fill(0, n * 1, n + 1);
  const t = 1 / (x[n * 0 + 1] * -x[0]);
  for (let i = 0; i < n; i++) {
    out[T_i[i] * 1 + 0] += t < i + 2 ? helper(t) : -t;
    out[i] -= Math.sqrt(t - 1);
  }
}`;
    const { value, count } = instrumented<(n: number, x: Float64Array, out: Float64Array) => void>(text, "evaluate");
    value(2, Float64Array.of(-1, 0.5), new Float64Array(2));
    // t: 2; each turn: the sum compared and an update; the helper, chosen in the second turn; an update, a call and a
    // difference.
    expect(count()).toBe(2 + 2 * (2 + 3) + 1);
  });
});
