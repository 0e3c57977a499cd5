/**
 * The Rosenbrock function from two points: values, then gradients and Hessians too.
 * In: rosenbrock.adk and data.json. Out: the mean error on a grid over the unit square for each set of observations.
 * Groups that the data lack have no rows, so one spec serves all three.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { adk, here } from "../adk.mjs";

const folder = here("examples/rosenbrock");
const out = here("out/rosenbrock");
mkdirSync(out, { recursive: true });

const axis = Array.from({ length: 31 }, (_, i) => i / 30);
const points = axis.flatMap((y) => axis.map((x) => [x, y]));
const exact = points.map(([x, y]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2);
writeFileSync(`${out}/points.json`, JSON.stringify({ x: points }));

const data = JSON.parse(readFileSync(`${folder}/data.json`, "utf8"));
const labels = Object.keys(data);
for (let count = 1; count <= labels.length; count++) {
  const seen = labels.slice(0, count);
  const name = seen.at(-1);
  writeFileSync(`${out}/${name}.json`, JSON.stringify(Object.fromEntries(seen.map((label) => [label, data[label]]))));
  adk(
    "fit",
    `${folder}/rosenbrock.adk`,
    "--data",
    `${out}/${name}.json`,
    "-o",
    `${out}/${name}.safetensors`,
    "--quiet",
  );
  adk(
    "predict",
    `${out}/${name}.safetensors`,
    "--data",
    `${out}/points.json`,
    "-o",
    `${out}/${name}-predicted.json`,
    "--quiet",
  );
  const { value } = JSON.parse(readFileSync(`${out}/${name}-predicted.json`, "utf8"));
  const mae = value.reduce((sum, v, i) => sum + Math.abs(v - exact[i]), 0) / value.length;
  console.log(`observing ${seen.join(", ")} at two points: mean error ${mae.toFixed(3)}`);
}
