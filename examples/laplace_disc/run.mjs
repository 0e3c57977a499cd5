/**
 * Laplace's equation on the unit disc with a Neumann condition, solved by a Gaussian process.
 * In: laplace_disc.adk and the collocation points of data.json. Out: the solution's error on a polar grid.
 * The exact solution is r⁵ cos(5φ) / 5 and any constant, which such a condition leaves open: means are taken off first.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { adk, here } from "../adk.mjs";

const folder = here("examples/laplace_disc");
const out = here("out/laplace_disc");
mkdirSync(out, { recursive: true });

const points = [];
for (let ring = 1; ring <= 10; ring++) {
  for (let spoke = 0; spoke < 24; spoke++) {
    const [r, phi] = [ring / 10, (2 * Math.PI * spoke) / 24];
    points.push([r * Math.cos(phi), r * Math.sin(phi)]);
  }
}
writeFileSync(`${out}/points.json`, JSON.stringify({ x: points }));

adk("check", `${folder}/laplace_disc.adk`, "--quiet");
adk(
  "fit",
  `${folder}/laplace_disc.adk`,
  "--data",
  `${folder}/data.json`,
  "--noise",
  "1e-6",
  "-o",
  `${out}/model.safetensors`,
  "--quiet",
);
adk("predict", `${out}/model.safetensors`, "--data", `${out}/points.json`, "-o", `${out}/u.json`, "--quiet");

const { u } = JSON.parse(readFileSync(`${out}/u.json`, "utf8"));
const exact = points.map(([x, y]) => (Math.hypot(x, y) ** 5 * Math.cos(5 * Math.atan2(y, x))) / 5);
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
const shift = mean(u) - mean(exact);
const errors = u.map((value, i) => Math.abs(value - shift - exact[i]));
console.log(
  `largest error ${Math.max(...errors).toFixed(4)} and mean error ${mean(errors).toFixed(4)} on ${points.length} ` +
    "points, where |u| reaches 0.2",
);
