/**
 * Conjugate gradients where it's hard: condition numbers of a million and more, products and preconditioners that
 * round. In: matrices with known eigenvalues. Out: how many iterations and new starts the search takes, which is what
 * its formulas are for.
 */
import { describe, expect, it } from "vitest";
import { run } from "../../../runtime/index.ts";
import { Random } from "../../../runtime/random.ts";
import { cgSteps, type CgRequest, type CgResult } from "../../../runtime/solvers/cg.ts";
import { norm } from "../../../runtime/solvers/vectors.ts";

const uniform = (random: Random): number => random.next() / 2 ** 31 - 1;
const uniforms = (n: number, seed: number): Float64Array => {
  const random = new Random(seed);
  return Float64Array.from({ length: n }, () => uniform(random));
};

/** A symmetric function of the matrix with eigenvalues 1 … `condition` in a basis of three reflections. */
class Matrix {
  readonly n: number;
  private readonly eigenvalues: Float64Array;
  private readonly mirrors: readonly Float64Array[];

  constructor(n: number, condition: number) {
    this.n = n;
    this.eigenvalues = Float64Array.from({ length: n }, (_, i) => condition ** (i / (n - 1)));
    this.mirrors = [1, 2, 3].map((seed) => {
      const v = uniforms(n, seed);
      return v.map((value) => value / norm(v));
    });
  }

  /** The matrix to a power, times x. */
  power(x: Float64Array, exponent: number): Float64Array {
    const reflect = (z: Float64Array, mirror: Float64Array): Float64Array => {
      const projection = z.reduce((sum, value, i) => sum + value * mirror[i]!, 0);
      return z.map((value, i) => value - 2 * projection * mirror[i]!);
    };
    const inBasis = this.mirrors.reduce(reflect, x).map((value, i) => value * this.eigenvalues[i]! ** exponent);
    return this.mirrors.toReversed().reduce(reflect, inBasis);
  }
}

interface Rounding {
  /** Relative errors of the entries of products and of preconditioned residuals. */
  readonly product?: number;
  readonly preconditioner?: number;
}

/** Solves with the preconditioner A^−0.6, which leaves a condition number of its own. */
function search(matrix: Matrix, tolerance: number, { product = 0, preconditioner = 0 }: Rounding): CgResult {
  const rounded = (seed: number, size: number): ((values: Float64Array) => Float64Array) => {
    const random = new Random(seed);
    return (values) => values.map((value) => value * (1 + size * uniform(random)));
  };
  const [roundProduct, roundResidual] = [rounded(5, product), rounded(6, preconditioner)];
  const request: CgRequest = {
    product: {
      *apply(x, step) {
        yield step(1);
        return roundProduct(matrix.power(x, 1));
      },
    },
    *precondition(r, step) {
      yield step();
      return roundResidual(matrix.power(r, -0.6));
    },
    noise: new Float64Array(matrix.n),
    y: uniforms(matrix.n, 9),
    tolerance,
    expected: 10,
    limit: 3000,
  };
  return run(cgSteps(request));
}

describe("conjugate gradients on hard systems", () => {
  it("come to the tolerance, by the true residual", () => {
    const matrix = new Matrix(200, 1e8);
    const { alpha, relative, stalled } = search(matrix, 1e-8, {});
    const y = uniforms(200, 9);
    const rest = norm(matrix.power(alpha, 1).map((value, i) => value - y[i]!)) / norm(y);
    expect(stalled).toBe(false);
    expect(rest).toBeLessThan(1e-8);
    expect(relative / rest).toBeCloseTo(1, 6);
  });

  it("forgive a preconditioner its rounding", () => {
    const matrix = new Matrix(600, 1e8);
    const exact = search(matrix, 1e-8, {}),
      rough = search(matrix, 1e-8, { preconditioner: 0.05 });
    // β of Fletcher and Reeves takes twice as many.
    expect(rough.iterations).toBeLessThan(1.5 * exact.iterations);
  });

  it.each([
    [1e-4, 1e-5],
    [1e-4, 1e-6],
    [1e-6, 1e-7],
  ])("come to %f without a new start where products are good to %f", (tolerance, product) => {
    const { relative, restarts } = search(new Matrix(200, 1e6), tolerance, { product });
    expect(relative).toBeLessThanOrEqual(tolerance);
    // What the recurrence carries drifts; it's replaced before it's too far off to go on from.
    expect(restarts).toBe(0);
  });
});
