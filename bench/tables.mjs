/** Tables in Markdown. In: rows of the results. Out: text. */
const cell = (value, text) => (value === undefined || value === null ? "" : text(value));
const seconds = (value) => (value < 9.95 ? value.toFixed(2) : value < 99.5 ? value.toFixed(1) : value.toFixed(0));
const megabytes = (value) => (value / 1e6).toFixed(0);
const ratio = (expected, found) => (expected / found).toFixed(2);

/** The share of the processors that other programs may take without a word. */
const NOTABLE = 0.05;

/** A Markdown table; `columns` are [head, row → text]. Numbers stand to the right. */
export function markdown(columns, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [
    line(columns.map(([head]) => head)),
    line(columns.map(([, , side]) => (side === "left" ? "---" : "---:"))),
    ...rows.map((row) => line(columns.map(([, text]) => text(row)))),
  ].join("\n");
}

const COLUMNS = [
  ["points", (row) => String(row.points)],
  ["equations", (row) => String(row.n)],
  ["solver", (row) => row.contender, "left"],
  ["matrix or preconditioner, s", (row) => cell(row.build, seconds)],
  ["solution, s", (row) => row.failed ?? cell(row.solve, seconds)],
  ["processor time, s", (row) => cell(row.cpu, seconds)],
  ["command, s", (row) => cell(row.seconds, seconds)],
  ["peak, MB", (row) => cell(row.bytes, megabytes)],
  ["of that imports", (row) => cell(row.imported, megabytes)],
  ["rank", (row) => cell(row.rank, String)],
  ["iterations", (row) => cell(row.iterations, String)],
  ["residual", (row) => cell(row.residual, (value) => value.toExponential(0))],
  ["force MAE", (row) => cell(row.errors?.forces.mae, (value) => value.toFixed(4))],
  ["forecast ÷ found, s", (row) => cell(row.plan, (plan) => ratio(plan.seconds, row.build + row.solve))],
  ["forecast ÷ found, MB", (row) => cell(row.plan, (plan) => ratio(plan.bytes, row.bytes))],
  ["forecast ÷ found, iterations", (row) => cell(row.plannedIterations, (value) => ratio(value, row.iterations))],
  ["other programs", (row) => cell(row.others, (value) => (value > NOTABLE ? `${(100 * value).toFixed(0)} %` : ""))],
];

/** What solvers take for one molecule; columns without an entry are left out. */
export const solverTable = (rows) =>
  markdown(
    COLUMNS.filter(([, text]) => rows.some((row) => text(row) !== "")),
    rows,
  );

/** The machines and versions that rows were measured with. */
export function provenance(rows) {
  const versions = new Map();
  for (const row of rows) {
    for (const [name, version] of Object.entries(row.versions))
      versions.set(name, new Set(versions.get(name)).add(version));
  }
  const machines = [
    ...new Set(rows.map(({ machine, threads }) => `${machine}, ${threads === 1 ? "1 thread" : `${threads} threads`}`)),
  ];
  return [...machines, ...[...versions].map(([name, all]) => `${name} ${[...all].join(" and ")}`)].join("; ");
}
