/**
 * Speed of the Cholesky factorisation. In: orders on the command line (default 500 1000 2000 4000). Out: a table.
 * Each row is the best of some repeats, with the largest error of L Lᵀ among entries picked across the matrix.
 * Run after `npm run build`: node bench/cholesky.mjs 1000 2000
 */
const { cholesky } = await import("../dist/runtime/linalg/cholesky.js");
const { PackedLower } = await import("../dist/runtime/linalg/packed.js");

const orders = process.argv.slice(2).map(Number);
const entry = (i, j) => Math.exp(-Math.abs(i - j) / 50) + (i === j ? 0.1 : 0);

function fill(n) {
  const matrix = new PackedLower(n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) matrix.set(i, j, entry(i, j));
  return matrix;
}

function error(n, lower) {
  let worst = 0;
  for (let t = 0; t < 200; t++) {
    const i = (t * 7919) % n;
    const j = (t * 104729) % (i + 1);
    let sum = 0;
    for (let k = 0; k <= j; k++) sum += lower.get(i, k) * lower.get(j, k);
    worst = Math.max(worst, Math.abs(sum - entry(i, j)));
  }
  return worst;
}

console.log("     n   seconds   GF/s     error");
for (const n of orders.length > 0 ? orders : [500, 1000, 2000, 4000]) {
  let best = Infinity;
  let worst = 0;
  for (let repeat = 0; repeat < (n > 2000 ? 2 : 4); repeat++) {
    const matrix = fill(n);
    const begin = performance.now();
    const { lower } = cholesky(matrix);
    best = Math.min(best, (performance.now() - begin) / 1000);
    worst = Math.max(worst, error(n, lower));
  }
  const rate = n ** 3 / 3 / best / 1e9;
  console.log(`${String(n).padStart(6)} ${best.toFixed(3).padStart(9)} ${rate.toFixed(2).padStart(6)}   ${worst.toExponential(1)}`);
}
