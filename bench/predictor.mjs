/**
 * How the exported predictor's time grows with the molecule.
 * In: a GDML spec; synthetic molecules of 5, 10, 20, 40 atoms, random coefficients. Out: a table with medians, the
 * log-log slope in the number of atoms, and dense ÷ contraction. Rounds alternate between sizes and variants, so that a
 * busy moment of the machine hits all of them alike.
 *
 *     node bench/predictor.mjs [--quick]
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { compile } from "ad-kernels";

const isQuick = process.argv.includes("--quick");
const SIZES = [5, 10, 20, 40];
const TRAINING = isQuick ? 10 : 100;
const ROUNDS = isQuick ? 3 : 15;
const SAMPLE_MS = isQuick ? 2 : 20;
const SPEC = `model GDML
dim N
input R : real[N, 3]
param sigma = 10 > 0
fn inverse_distances(R : real[N, 3]) =
  [1 / norm(R[i] - R[j]) for i in N, j in N if i < j]
kernel k(R, S) = matern52(inverse_distances(R), inverse_distances(S), sigma)
u ~ GP(k)
observe forces : -∇u from "F"
predict energy : u
predict forces : -∇u
`;

/** The same pseudo-random numbers in [0, 1) in every run. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** `count` shaken copies of atoms on a cubic lattice of 1.5 Å. */
function molecules(atoms, count, random) {
  const side = Math.ceil(Math.cbrt(atoms));
  const x = new Float64Array(count * atoms * 3);
  for (let m = 0; m < count; m++) {
    for (let a = 0; a < atoms; a++) {
      const cell = [a % side, Math.floor(a / side) % side, Math.floor(a / side ** 2)];
      cell.forEach((c, axis) => {
        x[(m * atoms + a) * 3 + axis] = 1.5 * c + 0.4 * (random() - 0.5);
      });
    }
  }
  return x;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Milliseconds of one call, over as many calls as fill a sample. */
function timeOf(work) {
  let calls = 0;
  const start = performance.now();
  let now = start;
  while (now - start < SAMPLE_MS) {
    work();
    calls++;
    now = performance.now();
  }
  return (now - start) / calls;
}

/** The slope of log y against log x by least squares. */
function slope(xs, ys) {
  const [u, v] = [xs.map(Math.log), ys.map(Math.log)];
  const mean = (a) => a.reduce((s, b) => s + b, 0) / a.length;
  const [mu, mv] = [mean(u), mean(v)];
  return u.reduce((s, x, i) => s + (x - mu) * (v[i] - mv), 0) / u.reduce((s, x) => s + (x - mu) ** 2, 0);
}

/** The variants to be timed for one molecule size. */
async function prepare(atoms, folder) {
  const random = generator(atoms);
  const compiled = compile(SPEC, { name: "gdml.adk", bind: { N: atoms } });
  const x = molecules(atoms, TRAINING, random);
  const coefficients = x.map(() => random() - 0.5);
  const query = molecules(atoms, 1, random);
  const module = compiled.exportPredictor({
    name: `gdml${atoms}`,
    training: { forces: { points: { x }, coefficients } },
    parameters: { sigma: 10 },
    offsets: {},
    meta: {},
    inline: true,
  });
  const path = join(folder, `gdml${atoms}.mjs`);
  writeFileSync(path, module.js);
  const predictor = await import(pathToFileURL(path).href);
  const out = { energy: new Float64Array(1), forces: new Float64Array(3 * atoms) };
  predictor.prepare();
  const columns = Array.from({ length: 3 * atoms }, (_, c) => x.map((__, i) => (i % (3 * atoms) === c ? 1 : 0)));
  const contract = (alpha) => compiled.contract("forces", query, "forces", x, alpha, { sigma: 10 });
  return {
    atoms,
    variants: {
      predictor: () => predictor.predictInto(query, out),
      contraction: () => contract(coefficients),
      columns: () => columns.forEach(contract),
      blocks: () => compiled.covariance("forces", query, "forces", x, { sigma: 10 }),
    },
  };
}

const folder = mkdtempSync(join(tmpdir(), "adk-bench-"));
try {
  const subjects = [];
  for (const atoms of SIZES) subjects.push(await prepare(atoms, folder));
  // The compiler of the engine warms up.
  for (const { variants } of subjects) Object.values(variants).forEach((work) => timeOf(work));
  const times = subjects.map(({ variants }) => Object.fromEntries(Object.keys(variants).map((name) => [name, []])));
  for (let round = 0; round < ROUNDS; round++) {
    subjects.forEach(({ variants }, i) => {
      for (const [name, work] of Object.entries(variants)) times[i][name].push(timeOf(work));
    });
  }
  const medians = times.map((byName) =>
    Object.fromEntries(Object.entries(byName).map(([name, values]) => [name, median(values)])),
  );
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  console.log(
    `adk ${version}, Node ${process.version}, ${cpus()[0]?.model.trim() ?? "unknown processor"}; ` +
      `${TRAINING} training points, medians of ${ROUNDS} rounds, ms`,
  );
  const row = (cells) => console.log(cells.map((cell) => String(cell).padStart(12)).join(""));
  row(["atoms", "predictor", "contraction", "3N columns", "÷", "blocks", "÷", "3N"]);
  medians.forEach((m, i) =>
    row([
      SIZES[i],
      m.predictor.toFixed(3),
      m.contraction.toFixed(3),
      m.columns.toFixed(3),
      (m.columns / m.contraction).toFixed(1),
      m.blocks.toFixed(3),
      (m.blocks / m.contraction).toFixed(1),
      3 * SIZES[i],
    ]),
  );
  const growth = (name) =>
    slope(
      SIZES,
      medians.map((m) => m[name]),
    ).toFixed(2);
  row(["slope in N", growth("predictor"), growth("contraction"), growth("columns"), "", growth("blocks"), "", ""]);
  console.log("goal: slope of the predictor ≤ 2.3; columns ÷ contraction grows as 3N");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
