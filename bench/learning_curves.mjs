/**
 * Learning curves: errors of forces and energies against the number of training points, adk's and the sGDML package's.
 * In: options
 * below. Out: a table in Markdown, and a log-log plot as SVG. Rows are shared with solvers.mjs: what stands in
 * bench/results/rows.json, by whichever solver and number of threads, isn't measured again.
 *
 *     node bench/learning_curves.mjs [--molecule ethanol,aspirin] [--sizes 50,100,200] [--threads 2] [--again] [--limit
 *     7200] [--rows FILE]
 *                                    [--render] [--svg docs/images/learning_curves.svg] [--out
 *                                    bench/results/learning_curves.md]
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { settings } from "./contenders.mjs";
import { measureAll, Results, rowsFile } from "./measure.mjs";
import { sizesOf, Workplace } from "./molecules.mjs";
import { logLogPlot } from "./plot.mjs";
import { markdown, provenance } from "./tables.mjs";

const WHO = { adk: ["adk cholesky", "adk cg"], sGDML: ["sGDML analytic", "sGDML iterative", "sGDML iterative 1e-7"] };
const TITLE = "Errors on 1000 frames that were not trained on";

const { values: options } = parseArgs({
  options: {
    molecule: { type: "string", default: "ethanol,aspirin" },
    sizes: { type: "string" },
    threads: { type: "string", default: "2" },
    again: { type: "boolean", default: false }, // Measures what stands, too.
    limit: { type: "string", default: "7200" }, // Seconds of one measurement.
    rows: { type: "string", default: rowsFile },
    render: { type: "boolean", default: false }, // Measures nothing.
    svg: { type: "string" },
    out: { type: "string" },
  },
});
const molecules = options.molecule.split(",");
const results = new Results(options.rows);

/** A row with errors, of the first of some contenders that has one; errors don't depend on threads. */
function rowOf(molecule, points, names) {
  const found = results
    .rows()
    .filter((row) => row.molecule === molecule && row.points === points && row.errors !== undefined);
  return names.map((name) => found.find((row) => row.contender === name)).find((row) => row !== undefined);
}

/** Dense solvers where the matrix fits into the memory; one job for each point that no row stands for. */
function jobsOf(workplace) {
  const sizes = (molecule) => options.sizes?.split(",").map(Number) ?? sizesOf(molecule);
  return molecules.flatMap((molecule) =>
    sizes(molecule).flatMap((points) =>
      Object.values(WHO).flatMap((names) => {
        const n = 3 * (workplace.molecule(molecule).atoms ?? 0) * points;
        const contender = 4 * n * n <= settings.memory ? names[0] : names[1];
        return options.again || rowOf(molecule, points, names) === undefined
          ? [{ molecule, points, contender, threads: Number(options.threads) }]
          : [];
      }),
    ),
  );
}

if (!options.render) {
  const workplace = new Workplace();
  try {
    await measureAll(jobsOf(workplace), {
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

const rows = results.rows().filter(({ molecule, errors }) => molecules.includes(molecule) && errors !== undefined);
const measuredSizes = (molecule) =>
  [...new Set(rows.filter((row) => row.molecule === molecule).map(({ points }) => points))].sort((a, b) => a - b);
const lines = molecules.flatMap((molecule) =>
  measuredSizes(molecule).map((points) => ({
    molecule,
    points,
    ...Object.fromEntries(Object.entries(WHO).map(([who, names]) => [who, rowOf(molecule, points, names)?.errors])),
  })),
);

const mae = (who, label) => (line) => line[who]?.[label].mae.toFixed(4) ?? "";
const table = markdown(
  [
    ["molecule", ({ molecule }) => molecule, "left"],
    ["points", ({ points }) => String(points)],
    ["forces, adk", mae("adk", "forces")],
    ["forces, sGDML", mae("sGDML", "forces")],
    ["energy, adk", mae("adk", "energy")],
    ["energy, sGDML", mae("sGDML", "energy")],
  ],
  lines,
);
const how =
  `σ = ${settings.sigma}, λ = ${settings.lambda} of the kernel summed over permutations; MAE on 1000 other frames, ` +
  "forces in kcal/mol/Å, energies in kcal/mol.";
const text = [provenance(rows), how, table].join("\n\n");
console.log(text);
if (options.out !== undefined) writeFileSync(options.out, `# Learning curves\n\n${text}\n`);

/** Dots on lines for adk, rings for the package. */
function series(label) {
  return molecules
    .flatMap((molecule) =>
      Object.keys(WHO).map((who) => ({
        name: molecule,
        isOpen: who === "sGDML",
        points: lines
          .filter((line) => line.molecule === molecule && line[who] !== undefined)
          .map((line) => [line.points, line[who][label].mae]),
      })),
    )
    .filter(({ points }) => points.length > 0);
}

if (options.svg !== undefined) {
  const panels = [
    ["forces", "MAE of forces (kcal/mol/Å)"],
    ["energy", "MAE of energies (kcal/mol)"],
  ].map(([label, y]) => ({ names: { x: "training points", y }, series: series(label) }));
  writeFileSync(options.svg, logLogPlot(panels, { title: TITLE, filled: "adk", open: "sGDML package" }));
}
