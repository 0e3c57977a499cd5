/**
 * The sGDML descriptor. In: a molecule, coefficients of its forces. Out: inverse distances, and coefficients projected
 * on them.
 * Pairs stand in the package's order, (1,0), (2,0), (2,1), (3,0), …: the lower triangle row by row.
 */
import { symmetricEigen } from "../symmetry/eigen.ts";

/** Number of pairs of `atoms` atoms. */
export const pairCount = (atoms: number): number => (atoms * (atoms - 1)) / 2;

/** The pair of atoms a > b, as a number. */
export const pairOf = (a: number, b: number): number => (a * (a - 1)) / 2 + b;

/** 1 / |R_a − R_b| for each pair; `x` is [atoms, 3]. */
export function describe(x: Float64Array, atoms: number): Float64Array {
  const out = new Float64Array(pairCount(atoms));
  for (let a = 1; a < atoms; a++)
    for (let b = 0; b < a; b++) out[pairOf(a, b)] = 1 / Math.sqrt(squaredDistance(x, a, b));
  return out;
}

/** J α: the derivative of each inverse distance in the direction α. Both `x` and `alpha` are [atoms, 3]. */
export function project(x: Float64Array, alpha: Float64Array, atoms: number): Float64Array {
  const out = new Float64Array(pairCount(atoms));
  for (let a = 1; a < atoms; a++) {
    for (let b = 0; b < a; b++) {
      let dot = 0;
      for (let c = 0; c < 3; c++) dot += (x[3 * a + c]! - x[3 * b + c]!) * (alpha[3 * a + c]! - alpha[3 * b + c]!);
      const square = squaredDistance(x, a, b);
      out[pairOf(a, b)] = -dot / (square * Math.sqrt(square));
    }
  }
  return out;
}

function squaredDistance(x: Float64Array, a: number, b: number): number {
  let square = 0;
  for (let c = 0; c < 3; c++) square += (x[3 * a + c]! - x[3 * b + c]!) ** 2;
  return square;
}

/**
 * A molecule with the given inverse distances, up to rotation, reflection and what they contradict each other: the
 * best three dimensions of classical scaling (Torgerson 1952). [atoms, 3].
 */
export function geometryOf(descriptor: Float64Array, atoms: number): Float64Array {
  const squares = new Float64Array(atoms * atoms);
  for (let a = 1; a < atoms; a++)
    for (let b = 0; b < a; b++) squares[a * atoms + b] = squares[b * atoms + a] = 1 / descriptor[pairOf(a, b)]! ** 2;
  const rows = Float64Array.from(
    { length: atoms },
    (_, a) => squares.subarray(a * atoms, (a + 1) * atoms).reduce((s, v) => s + v, 0) / atoms,
  );
  const mean = rows.reduce((s, v) => s + v, 0) / atoms;
  const gram = squares.map((square, i) => -0.5 * (square - rows[Math.floor(i / atoms)]! - rows[i % atoms]! + mean));
  const { values, vectors } = symmetricEigen(gram, atoms);
  const x = new Float64Array(3 * atoms);
  for (let a = 0; a < atoms; a++)
    for (let c = 0; c < Math.min(3, atoms); c++)
      x[3 * a + c] = vectors[a * atoms + c]! * Math.sqrt(Math.max(0, values[c]!));
  return x;
}
