/**
 * Solves a force field's linear system with ml-matrix.
 * In: a JSON object as first argument: data (.npz), train (frames), perms, spec (path), sigma, noise, and the module's
 * address. Out: one line of JSON; `solve` is factorisation and solution, in seconds, `cpu` their processor time. The
 * matrix
 * is adk's own.
 */
import { readFileSync } from "node:fs";
import { compile } from "ad-kernels";
import { readDataset } from "ad-kernels/runtime";

const job = JSON.parse(process.argv[2]);
const { CholeskyDecomposition, Matrix } = await import(job.module);
const { entries } = readDataset(readFileSync(job.data), job.data);

/** The rows of a tensor [frames, N, 3] at the training frames, one after another. */
function rows(key) {
  const { shape, data } = entries.get(key);
  const size = shape[1] * shape[2];
  return Float64Array.from(
    { length: job.train.length * size },
    (_, i) => data[job.train[Math.floor(i / size)] * size + (i % size)],
  );
}

const x = rows("R");
const y = rows("F");
const n = y.length;
const atoms = entries.get("R").shape[1];
const compiled = compile(readFileSync(job.spec, "utf8"), {
  name: job.spec,
  bind: { N: atoms, P: job.perms.length, perms: job.perms },
});
const matrix = Matrix.from1DArray(n, n, compiled.covariance("forces", x, "forces", x, { sigma: job.sigma }));
for (let i = 0; i < n; i++) {
  // It refuses a matrix whose halves differ in the last bit.
  for (let j = 0; j < i; j++) matrix.set(j, i, matrix.get(i, j));
  matrix.set(i, i, matrix.get(i, i) + job.noise);
}

const begin = performance.now(),
  used = process.cpuUsage();
const alpha = new CholeskyDecomposition(matrix).solve(Matrix.columnVector(y));
const solve = (performance.now() - begin) / 1000;
const { user, system } = process.cpuUsage(used);
const rest = matrix
  .mmul(alpha)
  .to1DArray()
  .map((value, i) => value - y[i]);
console.log(JSON.stringify({ n, solve, cpu: (user + system) / 1e6, residual: Math.hypot(...rest) / Math.hypot(...y) }));
