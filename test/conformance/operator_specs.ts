/**
 * The specifications that the golden operators are compiled from. In: a kernel's name, its parameters, a dimension.
 * Out: the text of a spec with one label for each operator, written as a user would write it.
 * The direction of jvp and hvp is a constant in one of them and an argument of the points in the other, by turns.
 */

export type Hyperparameters = Readonly<Record<string, number | readonly number[]>>;

/** Derivatives that each operator takes. */
export const orders: Readonly<Record<string, number>> = {
  identity: 0,
  gradient: 1,
  hessian: 2,
  laplacian: 2,
  jvp: 1,
  hvp: 2,
  div_a_grad: 2,
  div_A_grad: 2,
  dalembertian: 2,
  d000: 3,
  biharmonic: 4,
  xcoef_d0: 1,
};

const kernels: Readonly<Record<string, string>> = {
  rbf: "rbf(a, b, l)",
  "rbf-ard": "rbf(a / l, b / l, 1)",
  matern12: "matern12(a, b, l)",
  matern32: "matern32(a, b, l)",
  matern52: "matern52(a, b, l)",
  matern72: "matern72(a, b, l)",
  polynomial3: "polynomial(a, b, c, 3)",
  polynomial4: "polynomial(a, b, c, 4)",
  linear: "linear(a, b, c)",
  "rational-quadratic": "rational_quadratic(a, b, l, alpha)",
  periodic: "periodic(a, b, l, p)",
  "sum-rbf-matern52": "w1 * rbf(a, b, l1) + w2 * matern52(a, b, l2)",
  "prod-rbf-poly2": "rbf(a, b, l) * polynomial(a, b, c, 2)",
};

/** Whether the direction of this operator is given point by point. */
export const hasArgument = (operator: string, n: number): boolean => operator === (n % 2 === 0 ? "jvp" : "hvp");

function operatorText(operator: string, n: number): string {
  const directed = (name: string): string =>
    hasArgument(operator, n) ? `${name}(w : real[${n}]) : ${name}(u, w)` : `${name} : ${name}(u, v)`;
  switch (operator) {
    case "identity":
      return "identity : u";
    case "gradient":
      return "gradient : ∇u";
    case "hessian":
      return "hessian : ∇²u";
    case "laplacian":
      return "laplacian : Δu";
    case "jvp":
    case "hvp":
      return directed(operator);
    case "div_a_grad":
      return "div_a_grad : div(a(x) * ∇u)";
    case "div_A_grad":
      return "div_A_grad : div(A(x) * ∇u)";
    case "dalembertian":
      return "dalembertian : d(u, x[1], x[1]) - d(u, x[0], x[0])";
    case "d000":
      return "d000 : d(u, x[0], x[0], x[0])";
    case "biharmonic":
      return "biharmonic : ΔΔu";
    case "xcoef_d0":
      return "xcoef_d0 : (1 + x[0]^2) * d(u, x[0])";
    default:
      throw new RangeError(`no operator is called ${operator}`);
  }
}

function parameterText([name, value]: readonly [string, number | readonly number[]], n: number): string {
  return typeof value === "number"
    ? `param ${name} = ${value} > 0`
    : `param ${name} : real[${n}] = [${value.slice(0, n).join(", ")}] > 0`;
}

/** The spec of a kernel in n dimensions, with the operators as labels and v as the direction. */
export function specText(
  kernel: string,
  hyperparameters: Hyperparameters,
  operators: readonly string[],
  v: readonly number[],
): string {
  const n = v.length,
    axes = v.map((_, i) => i);
  return [
    "model Operators",
    `input x : real[${n}]`,
    ...Object.entries(hyperparameters)
      .filter(([name]) => name !== "p" || kernel === "periodic")
      .map((p) => parameterText(p, n)),
    `const v : real[${n}] = [${v.join(", ")}]`,
    `fn a(x) = 1 + 0.5 * sin(x[0]) + 0.25 * x[${n - 1}]^2`,
    `fn A(x) = [${axes.map((i) => `exp(0.3 * x[${i}]) + 0.5 * x[${i}] * x[${(i + 1) % n}]`).join(", ")}]`,
    `kernel k(a, b) = ${kernels[kernel]}`,
    "u ~ GP(k)",
    ...operators.map((operator) => `observe ${operatorText(operator, n)}`),
  ].join("\n");
}
