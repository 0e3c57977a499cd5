/**
 * Operations counted without running, against those of the interpreter that runs. In: the kernels of the specs, at
 * several sizes,
 * and a program by hand. Out: equal numbers; where there's a selection the costlier arm, so never fewer.
 */
import { describe, expect, it } from "vitest";
import { countFlops } from "../../compiler/loops/count.ts";
import { execute } from "../../compiler/loops/interpret.ts";
import type { Kernel } from "../../compiler/loops/kernel.ts";
import type { Buffer, Integer, Program, Scalar } from "../../compiler/loops/loop.ts";
import { compileSpec, compileText, entriesOf, fill, SMALL } from "./support.ts";

const hasSelection = (p: Program): boolean =>
  JSON.stringify(p.body, (key, value: unknown) => (key === "buffer" ? undefined : value)).includes('"select"');

interface Counts {
  readonly counted: number;
  readonly executed: number;
  readonly selects: boolean;
}

/** Both programs of a kernel, counted and run, at sizes that differ from each other. */
function countsOf(kernel: Kernel, least: number): Counts[] {
  const programs = [...(kernel.prepare ? [kernel.prepare] : []), kernel.evaluate];
  const sizes = Object.fromEntries([...new Set(programs.flatMap((p) => p.sizes))].map((s, n) => [s, least + n]));
  const inputs = new Map(
    programs
      .flatMap((p) => p.inputs)
      .filter((b) => kernel.origins.get(b)?.kind !== "table")
      .map((b) => [b.name, b]),
  );
  const buffers = fill([...inputs.values()], kernel, sizes);
  for (const b of programs.flatMap((p) => p.outputs)) buffers[b.name] = new Float64Array(entriesOf(b.dims, sizes));
  return programs.map((p) => ({
    counted: countFlops(p, sizes),
    executed: execute(p, { sizes, buffers }).flops,
    selects: hasSelection(p),
  }));
}

describe.each(Object.keys(SMALL))("kernels of %s", (name) => {
  const { kernels, lowered } = compileSpec(name);
  const labels = [...lowered.quantities.keys()],
    last = labels.at(-1)!;
  it.each<[string, () => Kernel]>([
    ["a contraction", () => kernels.contraction(labels[0]!, last)],
    ["a covariance", () => kernels.covariance(labels[0]!, last)],
    [
      "the predictor",
      () =>
        kernels.predictor(
          lowered.predictions,
          lowered.observations.map((o) => o.label),
        ),
    ],
  ])("%s", (_, make) => {
    const kernel = make();
    for (const { counted, executed, selects } of [1, 2, 5].flatMap((least) => countsOf(kernel, least))) {
      if (selects) expect(counted).toBeGreaterThanOrEqual(executed);
      else expect(counted).toBe(executed);
    }
    expect(countsOf(kernel, 2).at(-1)!.executed).toBeGreaterThan(0);
  });
});

it("matrix products count two operations for each pair and depth", () => {
  const text = `model Atoms
input R : real[4, 3]
fn features(R : real[4, 3]) = [[sum(exp(-dot(R[i] - R[j], R[i] - R[j]) * f) for j in 4) for f in 8] for i in 4]
kernel k(R, S) = { let q = features(R); let t = features(S); sum((dot(q[i], t[j]) + 1)^2 for i in 4, j in 4) }
u ~ GP(k)
observe energy : u
`;
  const kernel = compileText(text).kernels.covariance("energy", "energy");
  expect(
    JSON.stringify(kernel.evaluate.body, (key, value: unknown) => (key === "buffer" ? undefined : value)),
  ).toContain('"gemm"');
  for (const { counted, executed } of countsOf(kernel, 3)) expect(counted).toBe(executed);
});

describe("a program by hand", () => {
  const x: Buffer = { name: "x", dims: [{ size: "m" }], role: "input" },
    out: Buffer = { name: "out", dims: [{ size: "m" }], role: "output" };
  const i: Integer = { kind: "counter", name: "i" },
    load: Scalar = { kind: "load", buffer: x, offset: i };
  const number = (value: number): Scalar => ({ kind: "number", value });
  const plus = (left: Scalar, right: Scalar): Scalar => ({ kind: "binary", op: "+", left, right });
  /** out[i] = x[i] < 0 ? x[i] + 1 + 2 : √x[i] */
  const chosen: Scalar = {
    kind: "select",
    condition: { kind: "compare", op: "<", left: load, right: number(0) },
    then: plus(plus(load, number(1)), number(2)),
    otherwise: { kind: "call", op: "sqrt", args: [load] },
  };
  const program: Program = {
    name: "choose",
    doc: "",
    sizes: ["m"],
    inputs: [x],
    outputs: [out],
    tables: [],
    locals: [],
    body: [
      {
        kind: "for",
        counter: "i",
        extent: { size: "m" },
        body: [{ kind: "store", buffer: out, offset: i, value: chosen }],
      },
    ],
  };

  it("counts the costlier arm of a selection, whichever is taken", () => {
    const executed = (...values: number[]): number =>
      execute(program, {
        sizes: { m: values.length },
        buffers: { x: Float64Array.from(values), out: new Float64Array(values.length) },
      }).flops;
    expect(countFlops(program, { m: 3 })).toBe(6);
    expect([executed(-1, -2, -3), executed(1, 2, 3), executed(-1, 2, -3)]).toEqual([6, 3, 5]);
  });

  it("asks for every size", () => {
    expect(() => countFlops(program, { n: 3 })).toThrow(/the size m isn't given/);
    expect(countFlops(program, { m: 0 })).toBe(0);
  });
});
