/**
 * The TypeScript backend: modules of float64 loops that run anywhere. In: facts and kernels. Out: .js and .d.ts text.
 * The .ts project of \`emit\` is made from these two. A module imports nothing and evaluates nothing from strings.
 */
import { SCALAR } from "../loops/legalise.ts";
import type { Backend, ModuleRequest, PrintedModule } from "./backend.ts";
import { javascriptCode } from "./code.ts";
import { key, KernelText, quote } from "./kernel_text.ts";
import { argumentChecks, factsText, header, runner } from "./module_text.ts";
import { printPredictor } from "./predictor.ts";

/** The untrained model: `groups`, `covariance`, `contract`. */
function printModule(request: ModuleRequest): PrintedModule {
  const { facts } = request,
    text = new KernelText(),
    { groups, parameters } = factsText(facts);
  const table = (kernels: ModuleRequest["covariances"]): string => {
    const rows = kernels.map((k) => `  ${quote(`${k.row} ${k.col}`)}: ${text.add(k.kernel, runner(k.kernel))},`);
    return `{\n${rows.join("\n")}\n}`;
  };
  const covariances = table(request.covariances),
    contractions = table(request.contractions);
  const js = `${header(facts, "covariances of its observed and predicted quantities, and their products with coefficients")}

/** Shape of one value, and shapes of the per-point arguments, of each group. */
export const groups = ${groups};

const defaults = ${parameters};

${argumentChecks(facts)}

${text.text()}

const covariances = ${covariances};

const contractions = ${contractions};

/** The prior covariance of two groups: (points of x × components of row) × (points of y × components of col). */
export function covariance(row, x, col, y, params) {
  const rows = pointsOf(row, x, "x"), cols = pointsOf(col, y, "y"), parameters = parametersOf(params);
  const direct = covariances[\`\${row} \${col}\`];
  if (direct) return direct(rows, cols, parameters);
  const n = rows.count * componentsOf(row), m = cols.count * componentsOf(col);
  const mirrored = covariances[\`\${col} \${row}\`](cols, rows, parameters), out = new Float64Array(n * m);
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) out[i * m + j] = mirrored[j * n + i];
  return out;
}

/** Σ over y of [Lx ⊗ L'y'ᵀ k] α: points of x × components of row. */
export function contract(row, x, col, y, alpha, params) {
  const rows = pointsOf(row, x, "x"), cols = pointsOf(col, y, "y"), length = cols.count * componentsOf(col);
  if (alpha.length !== length) throw new RangeError(\`alpha: \${alpha.length} numbers, where \${cols.count} points of \${col} have \${length}\`);
  return contractions[\`\${row} \${col}\`](rows, { ...cols, coefficients: alpha }, parametersOf(params));
}
`;
  return { js, dts: moduleTypes(request) };
}

function moduleTypes({ facts }: ModuleRequest): string {
  // A file without quantities has no groups to ask for.
  const labels = facts.groups.map((g) => quote(g.label)).join(" | ") || "never";
  const parameters = facts.parameters.map(
    (p) => `  readonly ${key(p.name)}?: ${p.shape.length === 0 ? "number" : "Float64Array"};`,
  );
  return `/** The quantities of the model. */
export type Group = ${labels};
/** Coordinates of points, flat; with per-point arguments by name where the group has some. */
export type Points = Float64Array | { readonly x: Float64Array; readonly arguments: Readonly<Record<string, Float64Array>> };
/** Hyperparameters; what is left out has its value from the specification. */
export interface Parameters {
${parameters.join("\n")}
}
/** Shape of one value, and shapes of the per-point arguments, of each group. */
export declare const groups: Readonly<Record<Group, { readonly shape: readonly number[]; readonly arguments: Readonly<Record<string, readonly number[]>> }>>;
/** The prior covariance of two groups: (points of x × components of row) × (points of y × components of col). */
export declare function covariance(row: Group, x: Points, col: Group, y: Points, params?: Parameters): Float64Array;
/** Σ over y of [Lx ⊗ L'y'ᵀ k] α: points of x × components of row. */
export declare function contract(row: Group, x: Points, col: Group, y: Points, alpha: Float64Array, params?: Parameters): Float64Array;
`;
}

export const typescriptBackend: Backend = {
  target: "ts",
  programs: SCALAR,
  compile: javascriptCode,
  printModule,
  printPredictor,
};
