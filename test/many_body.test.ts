/**
 * What descriptors of many bodies cost a pair of points: FCHL19 of ethanol, SchNet, a dihedral angle, sums of Gaussians
 * of distances (Behler and Parrinello's G2), a network of tanh layers. In: specs. Out: counted operations, that of a
 * force contraction at most four times the scalar kernel's; what belongs to a point is worked out there.
 */
import { describe, expect, it } from "vitest";
import { compile } from "../compiler/index.ts";
import type { Compiled } from "../compiler/compiled.ts";
import type { Tensor } from "../compiler/model/lower/lower.ts";
import { permutations, specText, stream } from "./loops/support.ts";

const resolve = (path: string): string => specText(path.replace("./", "").replace(".adk", ""));
const ETHANOL = [6, 6, 8, 1, 1, 1, 1, 1, 1];
const z: Tensor = { shape: [9], data: Float64Array.from(ETHANOL) };

/** Shapes of SchNet's weights, made up: two layers, 16 features, 6 Gaussians. */
const WEIGHTS: Readonly<Record<string, readonly number[]>> = {
  "embedding.weight": [9, 16],
  "interactions.*.in2f.weight": [2, 16, 16],
  "interactions.*.filter_network.0.weight": [2, 16, 6],
  "interactions.*.filter_network.0.bias": [2, 16],
  "interactions.*.filter_network.1.weight": [2, 16, 16],
  "interactions.*.filter_network.1.bias": [2, 16],
  "interactions.*.f2out.0.weight": [2, 16, 16],
  "interactions.*.f2out.0.bias": [2, 16],
  "interactions.*.f2out.1.weight": [2, 16, 16],
  "interactions.*.f2out.1.bias": [2, 16],
};

function weights(key: string): Tensor | undefined {
  const layer = /\.(\d+)\./.exec(key.replace("network.", "network_"))?.[1],
    whole = WEIGHTS[layer === undefined ? key : key.replace(`.${layer}.`, ".*.")],
    shape = layer === undefined ? whole : Number(layer) < 2 ? whole?.slice(1) : undefined,
    draw = stream(key.length);
  return shape && { shape, data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, draw) };
}

const fchl19 = (): Compiled =>
  compile(specText("fchl19_gpr"), {
    name: "fchl19_gpr",
    bind: { N: 9 },
    resolve,
    tensors: (key) => (key === "z" ? z : undefined),
  });

const schnet = (): Compiled =>
  compile(specText("schnet"), {
    name: "schnet",
    bind: { B: 6, perms: permutations(9) },
    resolve,
    tensors: (key) => (key === "z" ? z : weights(key)),
  });

const model = (descriptor: string, input = "R : real[5, 3]"): string => `
model M
input ${input}
${descriptor}
u ~ GP(k)
observe forces : -∇u
observe energy : u
predict energy : u
`;
const G2 = model(`
fn g2(R : real[5, 3]) =
  [sum(exp(-(1 + m) * (norm(R[i] - R[j]) - 0.3 * m)^2) for j in 5 if j != i) for i in 5, m in 12]
kernel k(R, S) = rbf(g2(R), g2(S), 2)
`);
const DIHEDRAL = specText("compile_cost/torsion").replace(
  "observe forces : -∇u",
  "observe forces : -∇u\nobserve energy : u",
);
const TANH = model(
  `
const W : real[12, 12] = [sin(1 + i * j) for i in 12, j in 12]
fn layer(h) = tanh(W @ h)
kernel k(p, q) = rbf(layer(layer(layer(p))), layer(layer(layer(q))), 1)
`,
  "x : real[12]",
);

/** Operations a pair: α contracted, of the scalar kernel, and of the dense block. */
function costs(compiled: Compiled): { readonly contraction: number; readonly scalar: number; readonly dense: number } {
  const of = (kind: "covariance" | "apply", label: string): number => compiled.pairs.flops(kind, label, label).pair;
  return { contraction: of("apply", "forces"), scalar: of("covariance", "energy"), dense: of("covariance", "forces") };
}

describe("operations a pair of points", () => {
  it("of FCHL19, ethanol: at most 4 scalar kernels, and 25 M a dense block", () => {
    const { contraction, scalar, dense } = costs(fchl19());
    expect(scalar).toBeLessThan(40_000);
    expect(contraction).toBeLessThanOrEqual(4 * scalar);
    expect(dense).toBeLessThanOrEqual(25e6);
  });

  // Symmetry functions: the sum over training points fills an array in two orders of its axes, which costs 0.3 more.
  it.each<readonly [string, () => Compiled, number]>([
    ["SchNet", schnet, 4],
    ["symmetry functions", () => compile(G2), 4.4],
    ["a network of tanh layers", () => compile(TANH), 4],
  ])("of %s: few scalar kernels", (_, of, limit) => {
    const { contraction, scalar } = costs(of());
    expect(contraction).toBeLessThanOrEqual(limit * scalar);
  });

  it("of a dihedral angle: a few operations, and a dense block of outer products", () => {
    const { contraction, dense } = costs(compile(DIHEDRAL));
    // One number describes the point: what is left is the kernel's derivatives times α·∇ and ∇ of the angles.
    expect(contraction).toBeLessThanOrEqual(70);
    expect(dense).toBeLessThanOrEqual(2 * 144);
  });
});

describe("operations a training point of FCHL19, ethanol", () => {
  it("are a few descriptors, α contracted", () => {
    const { column } = fchl19().pairs.flops("apply", "forces", "forces");
    const value = fchl19().pairs.flops("covariance", "energy", "energy").column;
    expect(column).toBeLessThanOrEqual(4 * value);
  });
});
