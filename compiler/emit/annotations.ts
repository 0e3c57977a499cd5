/**
 * The types of what every generated module has beside its kernels: points, parameters, weights.
 * In: the text of a module. Out: the same program with types where they can't be told from use.
 * The core prints these parts from fixed texts, so each row names one of them as printed and as typed; a row whose text
 * the core no longer prints leaves a module untyped, which the type check of `emit` then reports.
 */

/** Types for parts of modules that the declarations don't mention. */
export const SUPPORT_TYPES = {
  Rows: `/** Points of a group, with their number and per-point arguments. */
interface Rows {
  readonly count: number;
  readonly x: Float64Array;
  readonly arguments: Readonly<Record<string, Float64Array>>;
}`,
  WeightedRows: `/** Points with coefficients. */
interface WeightedRows extends Rows {
  readonly coefficients: Float64Array;
}`,
  Values: `/** Every hyperparameter with its value. */
type Values = Required<Parameters>;`,
  Table: `/** Numbers and arrays by name. */
type Table = Record<string, number | Float64Array>;`,
} as const;

type Row = readonly [printed: string, typed: string];

const MODULE_ROWS: readonly Row[] = [
  ["const defaults = {", "const defaults: Values = {"],
  [
    "function parametersOf(given) {\n  const values = { ...defaults };",
    "function parametersOf(given: Parameters | undefined): Values {\n  const values: Table = { ...defaults };",
  ],
  [
    "const value = given[name], initial = defaults[name];",
    "const value = (given as unknown as Table)[name]!, initial = (defaults as unknown as Table)[name]!;",
  ],
  ["value.length !== initial.length)", "value.length !== (initial as Float64Array).length)"],
  [
    "    values[name] = value;\n  }\n  return values;\n}",
    "    values[name] = value;\n  }\n  return values as unknown as Values;\n}",
  ],
  ["function pointsOf(label, given, what) {", "function pointsOf(label: Group, given: Points, what: string): Rows {"],
  [
    "const args = given.arguments ?? {};",
    "const args: Readonly<Record<string, Float64Array>> = (given as Partial<Rows>).arguments ?? {};",
  ],
  ["function groupOf(label) {", "function groupOf(label: Group): (typeof groups)[Group] {"],
  ["const componentsOf = (label) =>", "const componentsOf = (label: Group): number =>"],
  [
    "const covariances = {",
    "const covariances: Readonly<Record<string, (x: Rows, y: Rows, parameters: Values) => Float64Array>> = {",
  ],
  [
    "const contractions = {",
    "const contractions: Readonly<Record<string, (x: Rows, y: WeightedRows, parameters: Values) => Float64Array>> = {",
  ],
];

const PREDICTOR_ROWS: readonly Row[] = [
  ["function float64(base64) {", "function float64(base64: string): Float64Array {"],
  ["let weights;", "let weights: Record<string, Float64Array>;"],
  ["const layout = [", "const layout: readonly (readonly [string, number])[] = ["],
  ["found = {};", "found: Record<string, Float64Array> = {};"],
  ["  staged = undefined;", "  staged = undefined!;"],
  [
    "function evaluate(points, count, out) {",
    "function evaluate(points: Float64Array, count: number, out: Predictions): void {",
  ],
  [
    "function evaluate(points, count, out, args) {",
    "function evaluate(points: Float64Array, count: number, out: Predictions, args: Readonly<Record<string, Float64Array>>): void {",
  ],
];

/** The text with every row that occurs in it applied. */
export function annotate(text: string): string {
  return [...MODULE_ROWS, ...PREDICTOR_ROWS].reduce(
    (current, [printed, typed]) => current.replace(printed, () => typed),
    text,
  );
}

/** The support types that a text uses, in the order of the table, with what they use themselves. */
export function supportTypesOf(text: string): string[] {
  const isUsed = (name: string, where: string): boolean => new RegExp(`\\b${name}\\b`).test(where);
  const rows = Object.entries(SUPPORT_TYPES).filter(
    ([name]) => isUsed(name, text) || (name === "Rows" && isUsed("WeightedRows", text)),
  );
  return rows.map(([, declaration]) => declaration);
}
