/**
 * Which number of an sGDML model stands where in the tables that predictions read. In: a compiled model. Out: a map.
 * The compiler is free in what it stages and how; so a probe is staged whose descriptors and projected coefficients are
 * all different, and every entry of every table is recognised by its value. What isn't recognised can't be imported.
 */
import type { CompiledModel, StageLayout } from "../compiled.ts";
import { describe, pairCount, project } from "./descriptor.ts";
import { Random } from "../random.ts";

/** Where an entry comes from: descriptor or projected coefficient of a pair of atoms, with its sign. */
export interface Origin { readonly of: "descriptors" | "projected"; readonly pair: number; readonly sign: 1 | -1 }

/** A table of one observation, [training points, …]: the origins of the entries of one training point. */
export interface Recognised { readonly name: string; readonly label: string; readonly entries: readonly Origin[] }

/** Rounding of the descriptors of a probe; distinct numbers are farther apart. */
const TOLERANCE = 1e-11;

/**
 * Recognises the tables of a model that observes `forces`, and perhaps `energy`, at molecules of `atoms` atoms.
 * @throws Error where the compiled model stages something else: a bug of ours
 */
export function recognise(compiled: CompiledModel, observed: readonly string[], atoms: number): { readonly layout: StageLayout; readonly tables: readonly Recognised[] } {
  const staging = compiled.staging;
  if (staging === undefined) throw new Error("the compiled model has no tables");
  const layout = staging.layout(observed);
  const random = new Random(1);
  const uniform = (): number => random.next() / 2 ** 32;
  const pairs = pairCount(atoms);
  const probes = Object.fromEntries(observed.map((label) => {
    const x = Float64Array.from({ length: 3 * atoms }, () => 3 * uniform());
    const size = label === "energy" ? 1 : 3 * atoms;
    const coefficients = Float64Array.from({ length: size }, () => 1 + uniform());
    const descriptors = describe(x, atoms);
    const projected = label === "energy" ? new Float64Array(0) : project(x, coefficients, atoms);
    return [label, { x, coefficients, descriptors, projected }] as const;
  }));
  const staged = staging.tables(Object.fromEntries(observed.map((label) => [label, { points: { x: probes[label]!.x, arguments: {} }, coefficients: probes[label]!.coefficients }])));
  const tables = layout.tables.map(({ name, dims }): Recognised => {
    const label = dims[0];
    if (typeof label !== "string" || dims.slice(1).some((d) => typeof d === "string")) throw new Error(`the table ${name} isn't one of training points`);
    const { descriptors, projected } = probes[label]!;
    const entries = Array.from(staged.tables[name]!, (value): Origin => {
      const found = find(descriptors, value, "descriptors", pairs) ?? find(projected, value, "projected", pairs);
      if (found === undefined) throw new Error(`the table ${name} holds something else than descriptors and projected coefficients`);
      return found;
    });
    return { name, label, entries };
  });
  return { layout, tables };
}

function find(numbers: Float64Array, value: number, of: Origin["of"], pairs: number): Origin | undefined {
  for (let pair = 0; pair < Math.min(pairs, numbers.length); pair++) {
    for (const sign of [1, -1] as const) {
      if (Math.abs(value - sign * numbers[pair]!) <= TOLERANCE * Math.abs(value)) return { of, pair, sign };
    }
  }
  return undefined;
}
