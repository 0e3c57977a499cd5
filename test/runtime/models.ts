/**
 * Compiled models written by hand, for the runtime's tests. In: sizes and labels. Out: `CompiledModel`s.
 * Both work out dense blocks of first-order operators from formulas on paper and contract by multiplying them out:
 * slow, plain, and nothing in common with what a compiler makes.
 */
import type {
  ArgumentInfo,
  CompiledModel,
  GroupInfo,
  ObservationInfo,
  OffsetInfo,
  Parameters,
  Points,
  PointsLike,
  Tensor,
  TrainingGroup,
} from "../../runtime/compiled.ts";
import { sha256 } from "../../runtime/sha256.ts";

/** One component of an operator at a point: value · u + slope · ∇u. */
interface Functional {
  readonly value: number;
  readonly slope: Float64Array;
}

/** A labelled operator of first order. */
export interface Operator {
  readonly label: string;
  readonly shape: readonly number[];
  readonly arguments?: readonly ArgumentInfo[];
  /** Its components at point i. */
  readonly at: (points: Points, i: number) => Functional[];
  readonly key?: string;
  /** Values that the spec gives. */
  readonly given?: (x: Float64Array) => number[];
  readonly noise?: number;
}

export interface Design {
  readonly name: string;
  readonly input: CompiledModel["input"];
  readonly parameter: { readonly name: string; readonly initial: number };
  readonly observe: readonly Operator[];
  readonly predict: readonly Operator[];
  readonly offsets?: readonly OffsetInfo[];
  readonly bindings?: Readonly<Record<string, Tensor>>;
  /** Prior mean of u, with its gradient. */
  readonly mean?: (x: Float64Array) => Functional;
  /** k and its derivatives at a pair of points: value, ∂x, ∂y, and ∂x∂y row-major. */
  readonly kernel: (
    x: Float64Array,
    y: Float64Array,
    length: number,
  ) => { k: number; dx: Float64Array; dy: Float64Array; dxy: Float64Array };
}

const asPoints = (points: PointsLike): Points => (points instanceof Float64Array ? { x: points } : points);
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** f at x and g at y, applied to k. */
function apply(f: Functional, g: Functional, pair: ReturnType<Design["kernel"]>): number {
  const size = f.slope.length;
  let value = f.value * g.value * pair.k;
  for (let i = 0; i < size; i++) {
    value += g.slope[i]! * f.value * pair.dy[i]! + f.slope[i]! * g.value * pair.dx[i]!;
    if (f.slope[i] === 0) continue;
    for (let j = 0; j < size; j++) if (g.slope[j] !== 0) value += f.slope[i]! * g.slope[j]! * pair.dxy[i * size + j]!;
  }
  return value;
}

export function handWritten(design: Design): CompiledModel {
  const size = design.input.shape.reduce((product, extent) => product * extent, 1);
  const operators = new Map([...design.predict, ...design.observe].map((operator) => [operator.label, operator]));
  const info = (operator: Operator): GroupInfo => ({ shape: operator.shape, arguments: operator.arguments ?? [] });
  const point = (points: Points, i: number): Float64Array => points.x.subarray(i * size, (i + 1) * size);
  const functionals = (label: string, like: PointsLike): { x: Float64Array; f: Functional }[] => {
    const points = asPoints(like);
    return Array.from({ length: points.x.length / size }, (_, i) => i).flatMap((i) =>
      operators
        .get(label)!
        .at(points, i)
        .map((f) => ({ x: point(points, i), f })),
    );
  };
  const lengthOf = (parameters?: Parameters): number =>
    Number(parameters?.[design.parameter.name] ?? design.parameter.initial);

  const covariance: CompiledModel["covariance"] = (row, x, col, y, parameters) => {
    const rows = functionals(row, x);
    const cols = functionals(col, y);
    const [perRow, perCol] = [row, col].map((label) =>
      operators.get(label)!.shape.reduce((product, extent) => product * extent, 1),
    ) as [number, number];
    const block = new Float64Array(rows.length * cols.length);
    for (let r0 = 0; r0 < rows.length; r0 += perRow) {
      for (let c0 = 0; c0 < cols.length; c0 += perCol) {
        const pair = design.kernel(rows[r0]!.x, cols[c0]!.x, lengthOf(parameters));
        for (let r = r0; r < r0 + perRow; r++) {
          for (let c = c0; c < c0 + perCol; c++) block[r * cols.length + c] = apply(rows[r]!.f, cols[c]!.f, pair);
        }
      }
    }
    return block;
  };
  const contract: CompiledModel["contract"] = (row, x, col, y, alpha, parameters) => {
    const block = covariance(row, x, col, y, parameters);
    return Float64Array.from({ length: block.length / alpha.length }, (_, r) => {
      let sum = 0;
      for (let c = 0; c < alpha.length; c++) sum += block[r * alpha.length + c]! * alpha[c]!;
      return sum;
    });
  };
  const mean: CompiledModel["mean"] = (label, points, _parameters, offsets) =>
    Float64Array.from(functionals(label, points), ({ x, f }) => {
      const m = design.mean?.(x) ?? { value: 0, slope: new Float64Array(size) };
      return f.value * (m.value + (offsets?.["u"] ?? 0)) + dot(f.slope, m.slope);
    });
  const predict: CompiledModel["predict"] = (staged, points, offsets, labels) => {
    const { training, parameters } = staged as { training: Record<string, TrainingGroup>; parameters?: Parameters };
    return Object.fromEntries(
      (labels ?? design.predict.map((item) => item.label)).map((label) => {
        const values = mean(label, points, parameters, offsets).slice();
        for (const [col, group] of Object.entries(training)) {
          contract(label, points, col, group.points, group.coefficients, parameters).forEach(
            (value, i) => (values[i]! += value),
          );
        }
        return [label, values];
      }),
    );
  };
  const observation = (operator: Operator): ObservationInfo => ({
    ...info(operator),
    label: operator.label,
    given: operator.given !== undefined,
    ...(operator.key === undefined ? {} : { key: operator.key }),
  });
  const source = `model ${design.name}\n`;
  return {
    name: design.name,
    source,
    libraries: {},
    version: "0.0.0",
    hash: sha256(
      source + JSON.stringify(Object.entries(design.bindings ?? {}).map(([name, { data }]) => [name, [...data]])),
    ),
    bindings: design.bindings ?? {},
    input: design.input,
    parameters: [
      {
        name: design.parameter.name,
        shape: [],
        initial: Float64Array.of(design.parameter.initial),
        lower: 0,
        fixed: false,
      },
    ],
    observations: design.observe.map(observation),
    offsets: design.offsets ?? [],
    predictions: design.predict.map((operator) => ({ ...info(operator), label: operator.label })),
    groups: Object.fromEntries([...operators.values()].map((operator) => [operator.label, info(operator)])),
    noise: (label, points) =>
      new Float64Array(functionals(label, points).length).fill(operators.get(label)!.noise ?? 1e-10),
    values: (label, points) => {
      const { x } = asPoints(points);
      return Float64Array.from(
        Array.from({ length: x.length / size }, (_, i) =>
          operators.get(label)!.given!(x.subarray(i * size, (i + 1) * size)),
        ).flat(),
      );
    },
    mean,
    covariance,
    contract,
    stage: (training, parameters) => ({ training, parameters }),
    predict,
    exportPredictor: ({ name, meta }) => ({
      js: `export const meta = ${JSON.stringify({ name, ...meta })};\n`,
      dts: "export declare const meta: unknown;\n",
    }),
  };
}

const zeros = (n: number): Float64Array => new Float64Array(n);
const unit = (n: number, i: number, value = 1): Float64Array => zeros(n).fill(value, i, i + 1);

/** u, ∇u and v · ∇u in n dimensions. */
export const value = (n: number, label: string, more: Partial<Operator> = {}): Operator => ({
  label,
  shape: [],
  at: () => [{ value: 1, slope: zeros(n) }],
  ...more,
});
export const gradient = (
  shape: readonly number[],
  label: string,
  sign: number,
  more: Partial<Operator> = {},
): Operator => {
  const n = shape.reduce((product, extent) => product * extent, 1);
  return {
    label,
    shape,
    at: () => Array.from({ length: n }, (_, i) => ({ value: 0, slope: unit(n, i, sign) })),
    ...more,
  };
};
export const slope = (n: number, label: string, more: Partial<Operator> = {}): Operator => ({
  label,
  shape: [],
  arguments: [{ name: "v", shape: [n] }],
  at: (points, i) => [{ value: 0, slope: points.arguments!["v"]!.subarray(i * n, (i + 1) * n) }],
  ...more,
});

/** exp(−½ |x − y|²/l²). */
export const rbf: Design["kernel"] = (x, y, l) => {
  const n = x.length;
  const d = x.map((value, i) => value - y[i]!);
  const k = Math.exp((-0.5 * dot(d, d)) / l ** 2);
  const dxy = Float64Array.from({ length: n * n }, (_, at) => {
    const i = Math.floor(at / n);
    const j = at % n;
    return k * ((i === j ? 1 : 0) / l ** 2 - (d[i]! * d[j]!) / l ** 4);
  });
  return { k, dx: d.map((value) => (-value / l ** 2) * k), dy: d.map((value) => (value / l ** 2) * k), dxy };
};

/** A model like the paper's figure 1C: values, gradients and directional derivatives under an RBF kernel. */
export function rbfModel(n = 2, more: Partial<Design> = {}): CompiledModel {
  return handWritten({
    name: "Rbf",
    input: { name: "x", shape: [n] },
    parameter: { name: "l", initial: 1 },
    kernel: rbf,
    observe: [value(n, "value"), gradient([n], "gradient", 1), slope(n, "slope", { noise: 1e-6 })],
    predict: [value(n, "value"), gradient([n], "gradient", 1), slope(n, "slope")],
    ...more,
  });
}

/**
 * Inverse distances of atoms b < a, in that order of pairs, and their six derivatives each: those of atom a, then of b.
 */
function inverseDistances(R: Float64Array): { d: Float64Array; J: Float64Array; index: Int32Array } {
  const N = R.length / 3;
  const d = zeros((N * (N - 1)) / 2);
  const J = zeros(6 * d.length);
  const index = new Int32Array(6 * d.length);
  for (let a = 0, p = 0; a < N; a++) {
    for (let b = 0; b < a; b++, p++) {
      const delta = [0, 1, 2].map((c) => R[3 * a + c]! - R[3 * b + c]!);
      d[p] = 1 / Math.hypot(...delta);
      for (let c = 0; c < 3; c++) {
        index[6 * p + c] = 3 * a + c;
        index[6 * p + 3 + c] = 3 * b + c;
        J[6 * p + c] = -delta[c]! * d[p]! ** 3;
        J[6 * p + 3 + c] = delta[c]! * d[p]! ** 3;
      }
    }
  }
  return { d, J, index };
}

/** sGDML's kernel: the mean over permutations of Matérn-5/2 between inverse distances. */
export function sgdmlKernel(perms: readonly (readonly number[])[]): Design["kernel"] {
  return (x, y, l) => {
    const n = x.length;
    const out = { k: 0, dx: zeros(n), dy: zeros(n), dxy: zeros(n * n) };
    const first = inverseDistances(x);
    for (const perm of perms) {
      const second = inverseDistances(
        Float64Array.from(perm.flatMap((a) => [y[3 * a]!, y[3 * a + 1]!, y[3 * a + 2]!])),
      );
      const home = second.index.map((i) => 3 * perm[Math.floor(i / 3)]! + (i % 3));
      const diff = first.d.map((value, p) => value - second.d[p]!);
      const q = (Math.sqrt(5) * Math.sqrt(dot(diff, diff))) / l;
      const e = Math.exp(-q) / perms.length;
      const inner = (5 / (3 * l * l)) * e;
      out.k += (1 + q + (q * q) / 3) * e;
      const left = zeros(n); // Jᵀ diff at x
      const right = zeros(n); // and at y
      for (let at = 0; at < first.J.length; at++) {
        const p = Math.floor(at / 6);
        left[first.index[at]!]! += first.J[at]! * diff[p]!;
        right[home[at]!]! += second.J[at]! * diff[p]!;
        for (let other = 6 * p; other < 6 * p + 6; other++) {
          out.dxy[first.index[at]! * n + home[other]!]! += inner * (1 + q) * first.J[at]! * second.J[other]!;
        }
      }
      for (let i = 0; i < n; i++) {
        out.dx[i]! -= inner * (1 + q) * left[i]!;
        out.dy[i]! += inner * (1 + q) * right[i]!;
        for (let j = 0; j < n; j++) out.dxy[i * n + j]! -= inner * (5 / (l * l)) * left[i]! * right[j]!;
      }
    }
    return out;
  };
}

/** Forces in, energies and forces out, as in sGDML; with `energies`, energies in as well. */
export function sgdmlModel(
  N: number,
  perms: readonly (readonly number[])[],
  options: { readonly energies?: boolean; readonly sigma?: number } = {},
): CompiledModel {
  const energy = value(3 * N, "energy", options.energies === true ? { key: "E" } : {});
  const forces = gradient([N, 3], "forces", -1, { key: "F" });
  return handWritten({
    name: "SGDML",
    input: { name: "R", shape: [N, 3] },
    parameter: { name: "sigma", initial: options.sigma ?? 10 },
    kernel: sgdmlKernel(perms),
    observe: options.energies === true ? [energy, forces] : [forces],
    predict: [energy, forces],
    offsets: [{ label: "energy", latent: "u", key: "E" }],
    bindings: {
      N: { shape: [], data: Float64Array.of(N) },
      perms: { shape: [perms.length, N], data: Float64Array.from(perms.flat()) },
    },
  });
}
