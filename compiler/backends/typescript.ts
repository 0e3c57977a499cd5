/**
 * The TypeScript backend: modules of float64 loops that run anywhere. In: facts and kernels. Out: .js, .d.ts and .ts
 * text, which differ in their types alone. A module imports nothing and evaluates nothing from strings.
 */
import { SCALAR } from "../loops/legalise.ts";
import type { Backend, ModelFacts, ModuleRequest, PrintedModule } from "./backend.ts";
import { javascriptCode } from "./code.ts";
import { key, KernelText, quote } from "./kernel_text.ts";
import { argumentChecks, factsText, header, runner, SUPPORT_TYPES } from "./module_text.ts";
import { printPredictor } from "./predictor.ts";
import { asJavaScript, asTypeScript, only, parametersText, type } from "./typed.ts";

/** The untrained model: `groups`, `covariance`, `contract`. */
function printModule(request: ModuleRequest): PrintedModule {
  const { facts } = request,
    kernels = new KernelText(),
    { groups, parameters } = factsText(facts);
  const table = (pairs: ModuleRequest["covariances"]): string => {
    const rows = pairs.map((k) => `  ${quote(`${k.row} ${k.col}`)}: ${kernels.add(k.kernel, runner(k.kernel))},`);
    return `{\n${rows.join("\n")}\n}`;
  };
  const covariances = table(request.covariances),
    contractions = table(request.contractions);
  const types = moduleTypes(facts),
    text = `${header(facts, "covariances of its observed and predicted quantities, and their products with coefficients")}

${only(`${types.interfaces}\n${SUPPORT_TYPES}\n`)}/** Shape of one value, and shapes of the per-point arguments, of each group. */
export const groups${type(types.groups)} = ${groups};

const defaults${type("Values")} = ${parameters};

${argumentChecks(facts)}

${kernels.text()}

const covariances${type(functionTable("Rows"))} = ${covariances};

const contractions${type(functionTable("WeightedRows"))} = ${contractions};

/** The prior covariance of two groups: (points of x × components of row) × (points of y × components of col). */
export function covariance(${types.covariance})${type("Float64Array")} {
  const rows = pointsOf(row, x, "x"), cols = pointsOf(col, y, "y"), parameters = parametersOf(params);
  const direct = covariances[\`\${row} \${col}\`];
  if (direct) return direct(rows, cols, parameters);
  const n = rows.count * componentsOf(row), m = cols.count * componentsOf(col);
  const mirrored = covariances[\`\${col} \${row}\`](cols, rows, parameters), out = new Float64Array(n * m);
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) out[i * m + j] = mirrored[j * n + i];
  return out;
}

/** Σ over y of [Lx ⊗ L'y'ᵀ k] α: points of x × components of row. */
export function contract(${types.contract})${type("Float64Array")} {
  const rows = pointsOf(row, x, "x"), cols = pointsOf(col, y, "y"), length = cols.count * componentsOf(col);
  if (alpha.length !== length) throw new RangeError(\`alpha: \${alpha.length} numbers, where \${cols.count} points of \${col} have \${length}\`);
  return contractions[\`\${row} \${col}\`](rows, { ...cols, coefficients: alpha }, parametersOf(params));
}
`;
  return { js: asJavaScript(text), dts: types.declarations, ts: asTypeScript(text) };
}

const RECORD = "Readonly<Record<string, Float64Array>>";
/** Kernels by their pair of groups. */
const functionTable = (second: string): string =>
  `Readonly<Record<string, (x: Rows, y: ${second}, parameters: Values) => Float64Array>>`;

/** The types of what a module exports: its interfaces, and the rest of its declarations. */
function moduleTypes({ groups, parameters }: ModelFacts): {
  readonly interfaces: string;
  readonly groups: string;
  readonly covariance: string;
  readonly contract: string;
  readonly declarations: string;
} {
  // A file without quantities has no groups to ask for.
  const labels = groups.map((g) => quote(g.label)).join(" | ") || "never";
  const rows = parameters.map(
    (p) => `  readonly ${key(p.name)}?: ${p.shape.length === 0 ? "number" : "Float64Array"};`,
  );
  const interfaces = `/** The quantities of the model. */
export type Group = ${labels};
/** Coordinates of points, flat; with per-point arguments by name where the group has some. */
export type Points = Float64Array | { readonly x: Float64Array; readonly arguments: ${RECORD} };
/** Hyperparameters; what is left out has its value from the specification. */
export interface Parameters {
${rows.join("\n")}
}
`;
  const pair = [
    ["row", "Group"],
    ["x", "Points"],
    ["col", "Group"],
    ["y", "Points"],
  ] as const;
  const params = `params${only("?: Parameters")}`,
    covariance = `${parametersText(pair)}, ${params}`,
    contract = `${parametersText([...pair, ["alpha", "Float64Array"]])}, ${params}`;
  const quantity =
    "{ readonly shape: readonly number[]; readonly arguments: Readonly<Record<string, readonly number[]>> }";
  const all = `Readonly<Record<Group, ${quantity}>>`;
  const declarations = `${interfaces}/** Shape of one value, and shapes of the per-point arguments, of each group. */
export declare const groups: ${all};
/** The prior covariance of two groups: (points of x × components of row) × (points of y × components of col). */
export declare function covariance(${asTypeScript(covariance)}): Float64Array;
/** Σ over y of [Lx ⊗ L'y'ᵀ k] α: points of x × components of row. */
export declare function contract(${asTypeScript(contract)}): Float64Array;
`;
  return { interfaces, groups: all, covariance, contract, declarations };
}

export const typescriptBackend: Backend = {
  target: "ts",
  programs: SCALAR,
  compile: javascriptCode,
  printModule,
  printPredictor,
};
