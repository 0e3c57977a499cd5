/**
 * Speed of the Cholesky factorisation. In: orders on the command line (1000 2000 4000 where left out). Out: a table.
 * Who factors: the kernels in TypeScript; the WebAssembly kernels on one thread and on more; ml-matrix and OpenBLAS
 * (through
 * numpy) where they are installed: ADK_MODULES is a folder with ml-matrix, ADK_PYTHON a Python with numpy (python3
 * where unset). Rounds alternate
 * between them. Printed are the median and the best in GF/s; the best a second of processor time of all threads, which
 * other
 * work on the machine disturbs least; and ‖A − L Lᵀ‖ ÷ ‖A‖ in the Frobenius norm, estimated by products with vectors of
 * signs.
 * Run after `npm run build`: node bench/cholesky.mjs 1000 2000
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { cholesky } = await import("../dist/runtime/linalg/cholesky.js");
const { PackedLower, TILE } = await import("../dist/runtime/linalg/packed.js");
const { scalarTileFunctions } = await import("../dist/runtime/linalg/tile_scalar.js");
const { InProcessExecutor } = await import("../dist/runtime/executors/in_process.js");
const { ThreadExecutor } = await import("../dist/runtime/executors/threads.js");
const { availableThreads } = await import("../dist/runtime/executors/platform.js");

const PROBES = 4;
const orders = process.argv.slice(2).map(Number);
const python = process.env.ADK_PYTHON ?? "python3";
const modules = process.env.ADK_MODULES;
const entry = (i, j) => Math.exp(-Math.abs(i - j) / 50) + (i === j ? 0.1 : 0);

/** An executor in process that runs the kernels in TypeScript whatever the program says. */
class ScalarExecutor extends InProcessExecutor {
  program = { name: "tiles in TypeScript", create: scalarTileFunctions };
  submit(task) {
    return super.submit({ ...task, program: this.program });
  }
}

/** The matrix, and what is known of it. */
function problem(n) {
  const matrix = new PackedLower(n);
  let squares = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      matrix.set(i, j, entry(i, j));
      squares += (i === j ? 1 : 2) * entry(i, j) ** 2;
    }
  }
  return { n, matrix, norm: Math.sqrt(squares) };
}

const signs = (n, seed) =>
  Float64Array.from({ length: n }, (_, i) => ((Math.sin(12.9898 * i + 78.233 * seed) * 43758.5453) % 1 > 0 ? 1 : -1));

/** ‖A − L Lᵀ‖ ÷ ‖A‖, row(i) being that of L: the mean of ‖(A − L Lᵀ) x‖² over signs x is the square of the norm. */
function residual({ n, matrix, norm }, row) {
  let squares = 0;
  for (let probe = 0; probe < PROBES; probe++) {
    const x = signs(n, probe),
      y = new Float64Array(n),
      z = matrix.multiply(x);
    for (let i = 0; i < n; i++)
      row(i).forEach((value, j) => {
        y[j] += value * x[i];
      });
    for (let i = 0; i < n; i++) squares += (z[i] - row(i).reduce((sum, value, j) => sum + value * y[j], 0)) ** 2;
  }
  return Math.sqrt(squares / PROBES) / norm;
}

/** A row of a factor in tiles. */
function rowOf(lower, i) {
  const row = new Float64Array(i + 1),
    I = Math.floor(i / TILE);
  for (let J = 0; J <= I; J++) {
    const width = lower.height(J),
      at = (i % TILE) * width;
    row.set(lower.tiles[I][J].subarray(at, at + Math.min(width, i + 1 - J * TILE)), J * TILE);
  }
  return row;
}

function ours(name, executor, limit = Infinity) {
  return {
    name,
    limit,
    run(given) {
      const matrix = new PackedLower(given.n, (length) => executor.allocate(length));
      given.matrix.tiles.forEach((row, I) => row.forEach((tile, J) => matrix.tiles[I][J].set(tile)));
      const begin = performance.now(),
        used = process.cpuUsage();
      const { lower } = cholesky(matrix, {}, { executor });
      const { user, system } = process.cpuUsage(used);
      return {
        seconds: (performance.now() - begin) / 1000,
        cpu: (user + system) / 1e6,
        residual: () => residual(given, (i) => rowOf(lower, i)),
      };
    },
    close: () => executor.close(),
  };
}

async function mlMatrix() {
  const require = createRequire(modules === undefined ? import.meta.url : pathToFileURL(join(modules, "index.js")));
  const found = await import("ml-matrix").catch(() => {
    try {
      return require("ml-matrix");
    } catch {
      return {};
    }
  });
  const { Matrix, CholeskyDecomposition } = found;
  if (Matrix === undefined) return "ml-matrix: not installed, left out";
  return {
    name: "ml-matrix",
    limit: 2000,
    run(given) {
      const matrix = Matrix.zeros(given.n, given.n);
      for (let i = 0; i < given.n; i++) for (let j = 0; j < given.n; j++) matrix.set(i, j, entry(i, j));
      const begin = performance.now(),
        used = process.cpuUsage();
      const lower = new CholeskyDecomposition(matrix).lowerTriangularMatrix;
      const { user, system } = process.cpuUsage(used);
      const row = (i) => Float64Array.from({ length: i + 1 }, (_, j) => lower.get(i, j));
      return {
        seconds: (performance.now() - begin) / 1000,
        cpu: (user + system) / 1e6,
        residual: () => residual(given, row),
      };
    },
  };
}

const PYTHON = `
import sys, time, numpy as np
n = int(sys.argv[1]); i = np.arange(n)
a = np.exp(-np.abs(i[:, None] - i[None, :]) / 50) + 0.1 * np.eye(n)
np.linalg.cholesky(a[:200, :200])
t, c = time.perf_counter(), time.process_time()
l = np.linalg.cholesky(a)
t, c = time.perf_counter() - t, time.process_time() - c
print(t, c, np.linalg.norm(l @ l.T - a) / np.linalg.norm(a))
`;

function openBlas(threads) {
  if (spawnSync(python, ["-c", "import numpy"]).status !== 0) return "OpenBLAS: no numpy for Python, left out";
  return {
    name: `OpenBLAS, ${threads} thread${threads > 1 ? "s" : ""}`,
    limit: Infinity,
    run({ n }) {
      const { stdout } = spawnSync(python, ["-c", PYTHON, String(n)], {
        encoding: "utf8",
        env: { ...process.env, OPENBLAS_NUM_THREADS: String(threads) },
      });
      const [seconds, cpu, found] = stdout.trim().split(" ").map(Number);
      return { seconds, cpu, residual: () => found };
    },
  };
}

const cores = availableThreads();
const contenders = [
  ours("TypeScript", new ScalarExecutor(), 4000),
  ours("WebAssembly, 1 thread", new InProcessExecutor()),
  ...[...new Set([2, cores])]
    .filter((threads) => threads > 1)
    .map((threads) => ours(`WebAssembly, ${threads} threads`, new ThreadExecutor(threads))),
  await mlMatrix(),
  ...[...new Set([1, cores])].map(openBlas),
];
const present = contenders.filter((item) => typeof item !== "string");

/** One order: rounds that alternate between the contenders. */
function measure(given, rounds) {
  const results = present
    .filter(({ limit }) => given.n <= limit)
    .map((contender) => ({ name: contender.name, contender, seconds: [], cpu: [], residual: 0 }));
  for (let round = 0; round < rounds; round++) {
    for (const result of results) {
      const found = result.contender.run(given);
      result.seconds.push(found.seconds);
      result.cpu.push(found.cpu);
      if (round === 0) result.residual = found.residual();
    }
  }
  return results;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
console.log(`${cores} cores, Node ${process.version.slice(1)}; GF/s`);
for (const line of new Set(contenders.filter((item) => typeof item === "string"))) console.log(line);
console.log(
  "\n| n | who | median | best | a second of processor time | ‖A − L Lᵀ‖ ÷ ‖A‖ |\n|---:|---|---:|---:|---:|---:|",
);
for (const n of orders.length > 0 ? orders : [1000, 2000, 4000]) {
  const rate = (seconds) => (n ** 3 / 3 / seconds / 1e9).toFixed(1);
  for (const { name, seconds, cpu, residual: found } of measure(
    problem(n),
    n <= 1000 ? 15 : n <= 2000 ? 9 : n <= 4000 ? 7 : 1,
  )) {
    console.log(
      `| ${n} | ${name} | ${rate(median(seconds))} | ${rate(Math.min(...seconds))} | ${rate(Math.min(...cpu))} | ` +
        `${found.toExponential(1)} |`,
    );
  }
}
await Promise.all(present.map((contender) => contender.close?.()));
