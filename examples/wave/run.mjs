/**
 * A plucked string: the wave equation with the ends held, solved by a Gaussian process.
 * In: wave.adk and the collocation points of data.json. Out: errors with and without the equation inside.
 * The exact solution is the Fourier series Σ 8/(nπ)³ sin(nπx) cos(nπt) over odd n.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { adk, here } from "../adk.mjs";

const folder = here("examples/wave");
const out = here("out/wave");
mkdirSync(out, { recursive: true });

const grid = Array.from({ length: 21 }, (_, i) => i / 20);
const points = grid.flatMap((t) => grid.map((x) => [x, t]));
writeFileSync(`${out}/points.json`, JSON.stringify({ x: points }));

function exact([x, t]) {
  let u = 0;
  for (let n = 1; n < 400; n += 2)
    u += (8 / (n * Math.PI) ** 3) * Math.sin(n * Math.PI * x) * Math.cos(n * Math.PI * t);
  return u;
}

/** Fits the given data, and returns the largest and the mean error on the grid. */
function solve(name, data) {
  adk("fit", `${folder}/wave.adk`, "--data", data, "--noise", "1e-6", "-o", `${out}/${name}.safetensors`, "--quiet");
  adk("predict", `${out}/${name}.safetensors`, "--data", `${out}/points.json`, "-o", `${out}/${name}.json`, "--quiet");
  const { u } = JSON.parse(readFileSync(`${out}/${name}.json`, "utf8"));
  const errors = u.map((value, i) => Math.abs(value - exact(points[i])));
  return { largest: Math.max(...errors), mean: errors.reduce((a, b) => a + b, 0) / errors.length };
}

const { string, ...border } = JSON.parse(readFileSync(`${folder}/data.json`, "utf8"));
writeFileSync(`${out}/border.json`, JSON.stringify(border));
const whole = solve("whole", `${folder}/data.json`);
const borderOnly = solve("border", `${out}/border.json`);
console.log(
  `with the equation at ${string.x.length} points inside: largest error ${whole.largest.toFixed(4)}, ` +
    `mean ${whole.mean.toFixed(4)}`,
);
console.log(
  `from the border alone:                 largest error ${borderOnly.largest.toFixed(4)}, ` +
    `mean ${borderOnly.mean.toFixed(4)}`,
);
