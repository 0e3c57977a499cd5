/**
 * Time, memory and iterations of training a force field against the number of training points: adk's solvers, the sGDML
 * package's,
 * and dense factorisations by OpenBLAS and ml-matrix. In: options below. Out: a table in Markdown for each molecule.
 * Rows
 * are kept in bench/results/rows.json; those that stand there aren't measured again.
 *
 *     node bench/solvers.mjs [--molecule ethanol,aspirin] [--sizes 50,100] [--solver "adk cg,sGDML iterative"]
 *                            [--threads 2] [--again] [--limit 7200] [--rows FILE] [--render] [--out
 *                            bench/results/solvers.md]
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { contenders, settings } from "./contenders.mjs";
import { measureAll, Results, rowsFile } from "./measure.mjs";
import { sizesOf, Workplace } from "./molecules.mjs";
import { provenance, solverTable } from "./tables.mjs";

const HOW =
  `Force fields, σ = ${settings.sigma}, λ = ${settings.lambda} of the kernel summed over permutations; ` +
  "force MAE in kcal/mol/Å on 1000 other frames.";

const { values: options } = parseArgs({
  options: {
    molecule: { type: "string", default: "ethanol,aspirin" },
    sizes: { type: "string" },
    solver: { type: "string", default: Object.keys(contenders).join() },
    threads: { type: "string", default: "2" },
    again: { type: "boolean", default: false }, // Measures what stands, too.
    limit: { type: "string", default: "7200" }, // Seconds of one measurement.
    rows: { type: "string", default: rowsFile },
    render: { type: "boolean", default: false }, // Measures nothing.
    out: { type: "string" },
  },
});
const threads = Number(options.threads);
const list = (text) => text.split(",").map((item) => item.trim());
const unknown = list(options.solver).filter((name) => contenders[name] === undefined);
if (unknown.length > 0)
  throw new RangeError(`unknown solver ${unknown.join()}: one of ${Object.keys(contenders).join()}`);

/** Sizes outside, contenders inside, so that they alternate. */
function jobsOf(molecule) {
  const sizes = options.sizes === undefined ? sizesOf(molecule) : list(options.sizes).map(Number);
  return sizes.flatMap((points) => list(options.solver).map((contender) => ({ molecule, points, contender, threads })));
}

const results = new Results(options.rows);
const selected = list(options.molecule);
if (!options.render) {
  const workplace = new Workplace();
  try {
    const jobs = selected.flatMap(jobsOf);
    await measureAll(jobs, {
      workplace,
      results,
      again: options.again,
      limit: Number(options.limit),
      say: (line) => console.error(line),
    });
  } finally {
    workplace.remove();
  }
}

const rows = results.rows().filter((row) => selected.includes(row.molecule) && row.threads === threads);
const text = [
  provenance(rows),
  HOW,
  ...selected
    .filter((molecule) => rows.some((row) => row.molecule === molecule))
    .map((molecule) => `## ${molecule}\n\n${solverTable(rows.filter((row) => row.molecule === molecule))}`),
].join("\n\n");
console.log(text);
if (options.out !== undefined)
  writeFileSync(options.out, `# Solvers against the number of training points\n\n${text}\n`);
