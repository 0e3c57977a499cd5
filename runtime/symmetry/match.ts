/**
 * How the atoms of one molecule best match those of another. In: geometries. Out: a permutation for each pair, and its
 * cost.
 * A molecule is a graph whose edges are distances; atoms that play the same role have the same absolute values in the
 * eigenvectors of its distance matrix (Umeyama 1988), whatever their numbers. Atoms of different elements never match.
 */
import type { Steps } from "../fit/steps.ts";
import { symmetricEigen } from "./eigen.ts";
import { assign } from "./hungarian.ts";
import type { Permutation } from "./group.ts";

/** Makes geometries ready for matching, one a step. `x` is [count, atoms, 3], `z` [atoms] atomic numbers. */
export function* matcherSteps(x: Float64Array, z: ArrayLike<number>): Steps<Matcher> {
  const size = 3 * z.length;
  const matcher = new Matcher(x.length / size, z);
  for (let i = 0; i < matcher.count; i++) {
    matcher.add(i, x.subarray(size * i, size * (i + 1)));
    yield { phase: "geometries", done: i + 1, total: matcher.count };
  }
  return matcher;
}

/** Geometries, with what matching asks of them. */
export class Matcher {
  readonly count: number;
  readonly atoms: number;
  /** [count, atoms, atoms] */
  private readonly distances: Float64Array;
  /** [count, atoms, atoms]: absolute values of eigenvectors, an atom a row, by descending eigenvalue. */
  private readonly vectors: Float64Array;
  /**
   * [count, pairs]: the distances between atoms of the same two elements, those of each two elements in ascending
   * order.
   */
  private readonly sorted: Float64Array;
  /** Atoms of each element. */
  private readonly classes: readonly (readonly number[])[];

  /** Room for so many geometries of atoms with these numbers. */
  constructor(count: number, z: ArrayLike<number>) {
    const n = z.length;
    this.atoms = n;
    this.count = count;
    this.distances = new Float64Array(count * n * n);
    this.vectors = new Float64Array(count * n * n);
    this.sorted = new Float64Array((count * n * (n - 1)) / 2);
    const elements = [...new Set(Array.from(z))];
    this.classes = elements.map((element) => Array.from({ length: n }, (_, a) => a).filter((a) => z[a] === element));
  }

  /** Puts geometry i, [atoms, 3], in its place. */
  add(i: number, x: Float64Array): void {
    const n = this.atoms;
    const d = this.distances.subarray(i * n * n, (i + 1) * n * n);
    fillDistances(d, x, n);
    symmetricEigen(d, n).vectors.forEach((value, k) => {
      this.vectors[i * n * n + k] = Math.abs(value);
    });
    let at = (i * n * (n - 1)) / 2;
    for (const [k, rows] of this.classes.entries()) {
      for (const columns of this.classes.slice(0, k + 1)) {
        const of = rows.flatMap((a) => columns.filter((b) => columns !== rows || b < a).map((b) => d[a * n + b]!));
        this.sorted.set(Float64Array.from(of).sort(), at);
        at += of.length;
      }
    }
  }

  /** No permutation brings the distances of two geometries closer than this: sorted lists are the closest of all. */
  bound(i: number, j: number): number {
    const pairs = (this.atoms * (this.atoms - 1)) / 2;
    const { sorted } = this;
    let sum = 0;
    for (let k = 0; k < pairs; k++) sum += (sorted[i * pairs + k]! - sorted[j * pairs + k]!) ** 2;
    return Math.sqrt(2 * sum);
  }

  /** The permutation p for which atom a of geometry i plays the role of atom p[a] of geometry j. */
  private align(i: number, j: number): Int32Array {
    const { atoms: n, vectors } = this;
    const p = new Int32Array(n);
    for (const members of this.classes) {
      const m = members.length;
      const cost = new Float64Array(m * m);
      for (let r = 0; r < m; r++) {
        const a = (i * n + members[r]!) * n;
        for (let s = 0; s < m; s++) {
          const b = (j * n + members[s]!) * n;
          let overlap = 0;
          for (let k = 0; k < n; k++) overlap += vectors[a + k]! * vectors[b + k]!;
          cost[r * m + s] = -overlap;
        }
      }
      const columns = assign(cost, m);
      for (let r = 0; r < m; r++) p[members[r]!] = members[columns[r]!]!;
    }
    return p;
  }

  /** ‖D_i − D_j permuted‖: how far the distances of two geometries are apart; unpermuted where p is left out. */
  residual(i: number, j: number, p?: ArrayLike<number>): number {
    const { atoms: n, distances } = this;
    let sum = 0;
    for (let a = 1; a < n; a++) {
      const from = (i * n + a) * n;
      const to = (j * n + (p === undefined ? a : p[a]!)) * n;
      for (let b = 0; b < a; b++) {
        const difference = distances[from + b]! - distances[to + (p === undefined ? b : p[b]!)]!;
        sum += difference * difference;
      }
    }
    return Math.sqrt(2 * sum);
  }

  /**
   * The better of the permutation that spectra suggest and the identity, which is left out; and the distance that is
   * left.
   */
  match(i: number, j: number): { readonly cost: number; readonly permutation?: Permutation } {
    const before = this.residual(i, j);
    const p = this.align(i, j);
    const after = this.residual(i, j, p);
    // Differences like rounding don't make a permutation.
    return after < before - 1e-5 * before - 1e-8
      ? { cost: after, permutation: Array.from(p) }
      : { cost: Math.min(after, before) };
  }
}

function fillDistances(out: Float64Array, x: Float64Array, n: number): void {
  for (let a = 1; a < n; a++) {
    for (let b = 0; b < a; b++) {
      let square = 0;
      for (let c = 0; c < 3; c++) square += (x[3 * a + c]! - x[3 * b + c]!) ** 2;
      out[a * n + b] = out[b * n + a] = Math.sqrt(square);
    }
  }
}
