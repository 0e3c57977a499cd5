/**
 * Speed of the Cholesky factorisation. In: orders on the command line (1000 2000 4000 where left out). Out: a table in GF/s.
 * Who factors: the kernels in TypeScript; the WebAssembly kernels on one thread and on more; ml-matrix and OpenBLAS (through
 * numpy) where they are installed. The rounds alternate between them and medians are printed, with the best
 * in brackets, and the best by the processor time that all threads took, which other work on the machine disturbs least. Each factor is checked by entries of L Lᵀ picked across the matrix.
 * Run after `npm run build`: node bench/cholesky.mjs 1000 2000
 */
import { spawnSync } from "node:child_process";

const { cholesky } = await import("../dist/runtime/linalg/cholesky.js");
const { PackedLower } = await import("../dist/runtime/linalg/packed.js");
const { scalarTileFunctions } = await import("../dist/runtime/linalg/tile_scalar.js");
const { InProcessExecutor } = await import("../dist/runtime/executors/in_process.js");
const { ThreadExecutor } = await import("../dist/runtime/executors/threads.js");
const { availableThreads } = await import("../dist/runtime/executors/platform.js");

const orders = process.argv.slice(2).map(Number);
const entry = (i, j) => Math.exp(-Math.abs(i - j) / 50) + (i === j ? 0.1 : 0);

/** An executor in process that runs the kernels in TypeScript whatever the program says. */
class ScalarExecutor extends InProcessExecutor {
  program = { name: "tiles in TypeScript", create: scalarTileFunctions };
  submit(task) {
    return super.submit({ ...task, program: this.program });
  }
}

function packed(n, executor) {
  const matrix = new PackedLower(n, (length) => executor.allocate(length));
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) matrix.set(i, j, entry(i, j));
  return matrix;
}

function error(n, get) {
  let worst = 0;
  for (let t = 0; t < 200; t++) {
    const i = (t * 7919) % n;
    const j = (t * 104729) % (i + 1);
    let sum = 0;
    for (let k = 0; k <= j; k++) sum += get(i, k) * get(j, k);
    worst = Math.max(worst, Math.abs(sum - entry(i, j)));
  }
  return worst;
}

function ours(name, executor, limit = Infinity) {
  return { name, limit, run(n) {
    const matrix = packed(n, executor);
    const begin = performance.now(), used = process.cpuUsage();
    const { lower } = cholesky(matrix, {}, { executor });
    const { user, system } = process.cpuUsage(used);
    return { seconds: (performance.now() - begin) / 1000, cpu: (user + system) / 1e6, error: error(n, (i, j) => lower.get(i, j)) };
  }, close: () => executor.close() };
}

async function mlMatrix() {
  const { Matrix, CholeskyDecomposition } = await import("ml-matrix").catch(() => ({}));
  if (Matrix === undefined) return undefined;
  return { name: "ml-matrix", limit: 2000, run(n) {
    const matrix = Matrix.zeros(n, n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) matrix.set(i, j, entry(i, j));
    const begin = performance.now();
    const lower = new CholeskyDecomposition(matrix).lowerTriangularMatrix;
    return { seconds: (performance.now() - begin) / 1000, error: error(n, (i, j) => lower.get(i, j)) };
  } };
}

const PYTHON = `
import sys, time, numpy as np
n = int(sys.argv[1]); i = np.arange(n)
a = np.exp(-np.abs(i[:, None] - i[None, :]) / 50) + 0.1 * np.eye(n)
t = time.perf_counter(); l = np.linalg.cholesky(a); t = time.perf_counter() - t
print(t, np.abs(l @ l.T - a).max())
`;

function openBlas(threads) {
  if (spawnSync("python3", ["-c", "import numpy"]).status !== 0) return undefined;
  return { name: `OpenBLAS, ${threads} thread${threads > 1 ? "s" : ""}`, limit: Infinity, run(n) {
    const { stdout } = spawnSync("python3", ["-c", PYTHON, String(n)], { encoding: "utf8", env: { ...process.env, OPENBLAS_NUM_THREADS: String(threads) } });
    const [seconds, worst] = stdout.trim().split(" ").map(Number);
    return { seconds, error: worst };
  } };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const cores = availableThreads();
const contenders = [
  ours("TypeScript", new ScalarExecutor(), 4000),
  ours("WebAssembly, 1 thread", new InProcessExecutor()),
  ...[...new Set([2, cores])].filter((threads) => threads > 1).map((threads) => ours(`WebAssembly, ${threads} threads`, new ThreadExecutor(threads))),
  await mlMatrix() ?? "ml-matrix: not installed, left out",
  ...[1, cores].map((threads) => openBlas(threads) ?? "OpenBLAS: no numpy for python3, left out"),
];
const skipped = new Set(contenders.filter((item) => typeof item === "string"));
const present = contenders.filter((item) => typeof item !== "string");

console.log(`${cores} cores, Node ${process.version.slice(1)}; GF/s: median (best), best a second of processor time; largest error`);
for (const line of skipped) console.log(line);
for (const n of orders.length > 0 ? orders : [1000, 2000, 4000]) {
  const rounds = n <= 1000 ? 15 : n <= 2000 ? 9 : n <= 4000 ? 5 : 1;
  const results = present.filter(({ limit }) => n <= limit).map((contender) => ({ contender, seconds: [], cpu: [], worst: 0 }));
  for (let round = 0; round < rounds; round++) {
    for (const result of results) {
      const { seconds, cpu, error: found } = result.contender.run(n);
      result.seconds.push(seconds);
      if (cpu !== undefined) result.cpu.push(cpu);
      result.worst = Math.max(result.worst, found);
    }
  }
  console.log(`n = ${n}`);
  for (const { contender, seconds, cpu, worst } of results) {
    const rate = (time) => (n ** 3 / 3 / time / 1e9).toFixed(1).padStart(6);
    console.log(`  ${contender.name.padEnd(24)} ${rate(median(seconds))} (${rate(Math.min(...seconds)).trim()})`.padEnd(48) + (cpu.length > 0 ? rate(Math.min(...cpu)) : "").padEnd(8) + worst.toExponential(1));
  }
}
await Promise.all(present.map((contender) => contender.close?.()));
