/**
 * Lowering of every spec in scope: operators on kernels, through the interpreter, against formulas written by hand and
 * their differences.
 */
import { describe, expect, test } from "vitest";
import { gradientOf, hessianOf, kernelValue, lowerSpec, operated, type Numbers } from "./support.ts";

const rows = (x: readonly number[], width: number): number[][] =>
  Array.from({ length: x.length / width }, (_, i) => x.slice(i * width, (i + 1) * width));
const squared = (x: readonly number[], y: readonly number[]): number =>
  x.reduce((sum, v, i) => sum + (v - y[i]!) ** 2, 0);
const rbf = (x: readonly number[], y: readonly number[], l = 1): number => Math.exp(-squared(x, y) / (2 * l * l));
const matern52 = (x: readonly number[], y: readonly number[], l: number): number => {
  const r = Math.sqrt(5 * squared(x, y)) / l;
  return (1 + r + (r * r) / 3) * Math.exp(-r);
};
function close(found: readonly number[], expected: readonly number[], digits = 8): void {
  expect(found).toHaveLength(expected.length);
  const scale = Math.max(...expected.map(Math.abs), 1e-3);
  found.forEach((v, i) => expect(Math.abs(v - expected[i]!)).toBeLessThan(scale * 10 ** -digits));
}

describe("Rosenbrock and Himmelblau", () => {
  const x = [0.3, -0.2],
    y = [0.7, 0.4],
    k = (p: readonly number[]): number => rbf(p, y);
  const rosenbrock = lowerSpec("rosenbrock"),
    himmelblau = lowerSpec("himmelblau");
  test("values, gradients, Hessians", () => {
    close(operated(rosenbrock, "value", x, y), [k(x)], 14);
    close(operated(rosenbrock, "gradient", x, y), gradientOf(k, x));
    close(operated(rosenbrock, "hessian", x, y), hessianOf(k, x).flat(), 6);
  });
  test("directional derivatives and Hessian-vector products", () => {
    const h = hessianOf(k, x),
      g = gradientOf(k, x);
    close(operated(himmelblau, "slope", x, y), [g[0]! + 2 * g[1]!]);
    close(operated(himmelblau, "bend", x, y), [2 * h[0]![0]! + 7 * h[0]![1]! + 6 * h[1]![1]!], 6);
    close(
      operated(himmelblau, "curvature", x, y, { arguments: { v: [0.5, -2] } }),
      h.map((r) => 0.5 * r[0]! - 2 * r[1]!),
      6,
    );
  });
  test("orders, shapes, arguments", () => {
    expect([...himmelblau.quantities.values()].map((q) => [q.label, q.order, q.shape])).toEqual([
      ["value", 0, []],
      ["gradient", 1, [2]],
      ["hessian", 2, [2, 2]],
      ["slope", 1, []],
      ["bend", 2, []],
      ["curvature", 2, [2]],
    ]);
    expect(himmelblau.quantities.get("curvature")?.arguments).toEqual([{ name: "v", shape: [2] }]);
  });
});

describe("molecules", () => {
  const perms = [
    [0, 1, 2, 3],
    [0, 2, 1, 3],
    [0, 1, 3, 2],
    [0, 2, 3, 1],
    [0, 3, 1, 2],
    [0, 3, 2, 1],
  ];
  const x = [0, 0, 0, 1.1, 0.1, 0, -0.3, 1.2, 0.2, -0.4, -0.5, 0.9],
    y = x.map((v, i) => v + 0.2 * Math.sin(3 * i));
  const distances = (r: readonly number[], p = 1): number[] => {
    const atoms = rows(r, 3);
    return atoms.flatMap((a, i) => atoms.slice(i + 1).map((b) => squared(a, b) ** (-p / 2)));
  };
  const permuted = (r: readonly number[], perm: readonly number[]): number[] => perm.flatMap((i) => rows(r, 3)[i]!);
  const symmetrised =
    (base: (a: readonly number[], b: readonly number[], l: number) => number, l: number, p = 1) =>
    (a: readonly number[]): number =>
      perms.reduce((sum, perm) => sum + base(distances(a, p), distances(permuted(y, perm), p), l), 0) / perms.length;
  const negative = (g: readonly number[]): number[] => g.map((v) => -v);

  test("GDML", () => {
    const lowered = lowerSpec("gdml", { bind: { N: 4 } }),
      k = (a: readonly number[]): number => matern52(distances(a), distances(y), 10);
    close([kernelValue(lowered, x, y)], [k(x)], 14);
    close(operated(lowered, "forces", x, y), negative(gradientOf(k, x)));
  });
  test.each([
    ["sgdml", matern52],
    ["sgdml_rbf", rbf],
  ] as const)("%s", (name, base) => {
    const lowered = lowerSpec(name, { bind: { perms } }),
      k = symmetrised(base, 10);
    expect(lowered.input.shape).toEqual([4, 3]);
    close([kernelValue(lowered, x, y)], [k(x)], 14);
    close(operated(lowered, "forces", x, y), negative(gradientOf(k, x)));
    expect([...lowered.bindings.keys()]).toEqual(["N", "P", "perms"]);
  });
  test("a tuned exponent, and a parameter that begins at a size", () => {
    const lowered = lowerSpec("sgdml_rbf_p", { bind: { perms } });
    expect(lowered.parameters.find((p) => p.name === "sigma")?.initial).toEqual(Float64Array.of(4));
    close([kernelValue(lowered, x, y, { p: 1.7 })], [symmetrised(rbf, 4, 1.7)(x)], 13);
  });
  test("the identity for permutations that nothing binds", () => {
    const lowered = lowerSpec("sgdml", { bind: { N: 4 }, identitySymmetry: true });
    close([kernelValue(lowered, x, y)], [matern52(distances(x), distances(y), 10)], 14);
  });
  test("points bind the sizes", () => {
    expect(lowerSpec("gdml", { point: [5, 3] }).quantities.get("forces")?.shape).toEqual([5, 3]);
  });
});

describe("partial differential equations", () => {
  test("Laplace's equation with a Neumann condition", () => {
    const lowered = lowerSpec("laplace_disc"),
      x = [0.3, -0.2],
      y = [0.5, 0.4],
      k = (p: readonly number[]): number => rbf(p, y, 0.5);
    const h = hessianOf(k, x),
      g = gradientOf(k, x),
      length = Math.hypot(...x);
    close(operated(lowered, "interior", x, y), [h[0]![0]! + h[1]![1]!], 6);
    close(operated(lowered, "boundary", x, y), [(x[0]! * g[0]! + x[1]! * g[1]!) / length]);
  });
  test("a wave, by names of coordinates", () => {
    const lowered = lowerSpec("wave", { bind: { c: 3 } }),
      x = [0.3, 0.2],
      y = [0.5, 0.4],
      k = (p: readonly number[]): number => rbf(p, y, 0.4);
    const h = hessianOf(k, x),
      setting = { parameters: { l: 0.4 } };
    close(operated(lowered, "string", x, y, setting), [h[1]![1]! - 9 * h[0]![0]!], 6);
    close(operated(lowered, "velocity", x, y, setting), [gradientOf(k, x)[1]!]);
    expect(lowered.input).toMatchObject({ shape: [2], coordinates: ["x", "t"] });
  });
  test("a curl-free field and a plane flow", () => {
    const free = lowerSpec("curl_free"),
      x = [0.3, -0.2, 0.1],
      y = [0.5, 0.4, 0];
    close(
      operated(free, "field", x, y),
      gradientOf((p) => -rbf(p, y, 0.5), x),
    );
    const flow = lowerSpec("flow2d"),
      [p, q] = [
        [0.3, -0.2],
        [0.5, 0.4],
      ];
    const k = ([a, b]: readonly number[]): number => rbf([a! / 0.3, b! / 0.5], [q![0]! / 0.3, q![1]! / 0.5]);
    const g = gradientOf(k, p!);
    close(operated(flow, "velocity", p!, q!), [g[1]!, -g[0]!]);
    close(operated(flow, "probe", p!, q!, { arguments: { n: [2, -3] } }), [2 * g[1]! + 3 * g[0]!]);
    close(operated(flow, "vorticity", p!, q!), [-hessianOf(k, p!).reduce((sum, row, i) => sum + row[i]!, 0)], 6);
  });
  test("values at other points, fluxes, quadrature", () => {
    const heat = lowerSpec("heat"),
      x = [0.3, 0.2],
      y = [0.6, 0.5];
    const k = ([a, t]: readonly number[]): number => rbf([a! / 0.2, t! / 0.5], [y[0]! / 0.2, y[1]! / 0.5]);
    const c = (s: number): number => 1 + Math.sin(2 * Math.PI * s) / 2,
      flux = (s: number): number => -c(s) * gradientOf(k, [s, x[1]!])[0]!;
    close(operated(heat, "ring", x, y), [k([0, x[1]!]) - k([1, x[1]!])], 12);
    close(operated(heat, "ringflux", x, y), [flux(0) - flux(1)]);
    const inside = gradientOf(k, x)[1]! - gradientOf(([s]) => -flux(s!), [x[0]!])[0]!;
    close(operated(heat, "inside", x, y), [inside], 6);
  });
});

describe("kernels by hand", () => {
  const data = (n: number, f: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => f(i));
  const W1 = data(32, (i) => Math.sin(i)),
    W2 = data(16, (i) => Math.cos(2 * i));
  const lowered = lowerSpec("kernels_by_hand", {
    tensors: (key) =>
      key === "W1" ? { shape: [8, 4], data: W1 } : key === "W2" ? { shape: [2, 8], data: W2 } : undefined,
  });
  const net = (x: readonly number[]): number[] => {
    const hidden = rows(W1, 4).map((w) => Math.tanh(w.reduce((sum, v, i) => sum + v * x[i]!, 0)));
    return rows(W2, 8).map((w) => w.reduce((sum, v, i) => sum + v * hidden[i]!, 0));
  };
  const y = [0.1, -0.3, 0.4, 0.8],
    x = [0.5, 0.1, -0.2, 0.6];
  const k = (p: readonly number[]): number => {
    const mixture = [0.1, 1, 10].reduce((sum, l) => sum + rbf(p, y, l) / 3, 0),
      dot = p.reduce((sum, v, i) => sum + v * y[i]!, 0);
    return matern52(net(p), net(y), 1) / (1 + squared(p, y) / 2) + mixture + 0.1 * dot;
  };
  test("value, gradient, Laplacian", () => {
    close(operated(lowered, "value", x, y), [k(x)], 13);
    close(operated(lowered, "gradient", x, y), gradientOf(k, x), 7);
    close(operated(lowered, "laplacian", x, y), [hessianOf(k, x).reduce((sum, row, i) => sum + row[i]!, 0)], 5);
  });
  test("weights are initial values, scalars fill, a mean of zero is none", () => {
    expect(lowered.parameters.map((p) => [p.name, p.shape, p.fixed, p.lower])).toEqual([
      ["l", [4], false, 0],
      ["scale", [3], false, 0],
      ["w", [3], false, 0],
      ["alpha", [], false, 0],
      ["W1", [8, 4], false, undefined],
      ["b1", [8], false, undefined],
      ["W2", [2, 8], false, undefined],
    ]);
    expect([...lowered.parameters[2]!.initial]).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(lowered.latents[0]!.mean).toBeUndefined();
  });
});

describe("the catalogue of operators", () => {
  const lowered = lowerSpec("operators_catalogue"),
    x = [0.3, -0.2, 0.1],
    y: Numbers = [0.7, 0.4, 0.2];
  const k = (p: readonly number[]): number => rbf(p, y as number[]);
  const a = (p: readonly number[]): number => 1 + Math.sin(p[0]!) / 2 + p[2]! ** 2 / 4;
  const A = (p: readonly number[], i: number): number => Math.exp(0.3 * p[i]!) + (p[i]! * p[(i + 1) % 3]!) / 2;
  const h = hessianOf(k, x),
    g = gradientOf(k, x);
  test("half a Hessian, divergences of fluxes, diffusion", () => {
    close(operated(lowered, "upper", x, y), [h[0]![0]!, h[0]![1]!, h[0]![2]!, h[1]![1]!, h[1]![2]!, h[2]![2]!], 6);
    const divergence = (f: (p: readonly number[], i: number) => number): number =>
      x.reduce((sum, _, i) => sum + gradientOf((p) => f(p, i) * gradientOf(k, p)[i]!, x)[i]!, 0);
    close(operated(lowered, "div_a_grad", x, y), [divergence((p) => a(p))], 6);
    close(operated(lowered, "div_A_grad", x, y), [divergence(A)], 6);
    close(
      operated(lowered, "diffusion", x, y),
      [0.1 * (h[0]![0]! + h[1]![1]! + h[2]![2]!) - g.reduce((sum, v, i) => sum + A(x, i) * v, 0)],
      6,
    );
  });
  test("the bi-Laplacian of a Gaussian", () => {
    const s = squared(x, y as number[]);
    close(operated(lowered, "biharmonic", x, y), [(s * s - (2 * 3 + 4) * s + 3 * 5) * Math.exp(-s / 2)], 12);
  });
  test("a third derivative, and directions that come with the data", () => {
    const u = x[0]! - 0.7;
    close(operated(lowered, "third", x, y), [(3 * u - u ** 3) * k(x)], 12);
    const v = [1, 2, -1],
      w = [0, 1, 3],
      hv = h.map((row) => row.reduce((sum, e, i) => sum + e * v[i]!, 0));
    close(operated(lowered, "bend", x, y, { arguments: { v, w } }), [hv.reduce((sum, e, i) => sum + e * w[i]!, 0)], 6);
    close(operated(lowered, "along", x, y, { arguments: { v } }), hv, 6);
  });
});
