/**
 * From 200 geometries of ethanol to a stand-alone force field: what `npm run demo` does.
 * In: sgdml.adk, ethanol.npz, permutations and indexes beside this file. Out: the errors on 1000 other geometries, a
 * predictor module that imports nothing, a check that it gives the same bits as `adk predict`, and a parity plot.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { readDataset } from "ad-kernels/runtime";
import { adk, here } from "../adk.mjs";
import { errorsOf, parityPlot } from "../parity.mjs";

const folder = here("examples/ethanol");
const out = here("out");
const model = `${out}/ethanol.safetensors`;
const data = `${folder}/ethanol.npz`;
mkdirSync(out, { recursive: true });
const started = performance.now();

// Published sGDML models use λ = 1e-10 with a kernel summed over permutations; this spec takes the mean over six.
const noise = String(1e-10 / 6);
adk(
  "fit",
  `${folder}/sgdml.adk`,
  "--data",
  data,
  "--bind",
  `perms=@${folder}/perms.json`,
  "--train-indexes",
  `${folder}/train.json`,
  "--set",
  "sigma=20",
  "--noise",
  noise,
  "-o",
  model,
);
process.stdout.write(adk("test", model, "--data", data, "--test-indexes", `${folder}/test.json`));
process.stdout.write(adk("export", model, "-o", `${out}/ethanol`));

/** The rows of a tensor [frames, …] at the given frames. */
function rows({ shape, data: all }, frames) {
  const size = all.length / shape[0];
  const picked = new Float64Array(frames.length * size);
  frames.forEach((frame, i) => picked.set(all.subarray(frame * size, (frame + 1) * size), i * size));
  return picked;
}

const dataset = readDataset(readFileSync(data), data);
const frames = JSON.parse(readFileSync(`${folder}/test.json`, "utf8"));
const atoms = dataset.entries.get("z").data.length;
const R = rows(dataset.entries.get("R"), frames);
const F = rows(dataset.entries.get("F"), frames);

const predictor = await import(pathToFileURL(`${out}/ethanol/ethanol.js`).href);
predictor.prepare();
const before = performance.now();
const predicted = predictor.predictBatch(R, frames.length);
const each = (performance.now() - before) / frames.length;
console.log(`the exported module predicts energy and forces of one geometry in ${each.toFixed(2)} ms`);

const geometries = frames.map((_, i) =>
  Array.from({ length: atoms }, (__, a) => [...R.subarray(3 * (atoms * i + a), 3 * (atoms * i + a + 1))]),
);
writeFileSync(`${out}/geometries.json`, JSON.stringify({ R: geometries }));
adk("predict", model, "--data", `${out}/geometries.json`, "-o", `${out}/predictions.json`);
const { energy, forces } = JSON.parse(readFileSync(`${out}/predictions.json`, "utf8"));
const isSame =
  energy.every((value, i) => Object.is(value, predicted.energy[i])) &&
  forces.flat(2).every((value, i) => Object.is(value, predicted.forces[i]));
if (!isSame) throw new Error("the exported module and adk predict differ");
console.log(`adk predict and the exported module agree in every bit of ${forces.flat(2).length} force components`);

const { mae } = errorsOf(F, predicted.forces);
writeFileSync(
  `${out}/parity.svg`,
  parityPlot(F, predicted.forces, {
    title: "Ethanol: forces learned from 200 geometries",
    subtitle: `sGDML (σ = 20), tested on ${frames.length} later geometries of the trajectory`,
    truth: "GFN2-xTB force",
    predicted: "predicted force",
    unit: "kcal/mol/Å",
  }),
);
console.log(`force MAE ${mae.toFixed(4)} kcal/mol/Å; see ${out}/parity.svg`);
console.log(`done in ${((performance.now() - started) / 1000).toFixed(0)} s`);
