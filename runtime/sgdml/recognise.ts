/**
 * Which number of an sGDML model stands where in the tables that predictions read. In: a compiled model. Out: a map.
 * The compiler is free in what it stages, in which order, and with which factors; so a few random molecules are staged,
 * and
 * every entry of every table is recognised by its values among them. What isn't recognised can't be imported.
 */
import type { CompiledModel, Parameters, StagedTraining, StageLayout } from "../compiled.ts";
import { Random } from "../random.ts";
import { describe, pairCount, project } from "./descriptor.ts";

/**
 * A table of one observation, [training points, …]: for each entry of one training point the number it is, and its
 * factor.
 */
export interface Recognised {
  readonly name: string;
  readonly label: string;
  readonly entries: readonly Entry[];
}
export interface Entry {
  readonly number: number;
  readonly factor: number;
}

export interface Tables {
  readonly layout: StageLayout;
  readonly tables: readonly Recognised[];
}

const PROBES = 3;
/**
 * Relative: far above rounding in sums of three products that may cancel, far below the distance of unrelated numbers.
 */
const TOLERANCE = 1e-8;

/** What may be staged of one training point: descriptors x, projected coefficients a, and x·x, x·a, a·a. */
export function numbersOf(descriptors: Float64Array, projected: Float64Array): Float64Array {
  const pairs = descriptors.length;
  const out = new Float64Array(2 * pairs + 3);
  out.set(descriptors);
  out.set(projected, pairs);
  for (let d = 0; d < pairs; d++) {
    out[2 * pairs]! += descriptors[d]! ** 2;
    out[2 * pairs + 1]! += descriptors[d]! * projected[d]!;
    out[2 * pairs + 2]! += projected[d]! ** 2;
  }
  return out;
}

interface Probe {
  readonly x: Float64Array;
  readonly coefficients: Float64Array;
  readonly numbers: readonly Float64Array[];
}

/** Random molecules in a box that leaves their atoms apart, with random coefficients. */
function probesOf(label: string, atoms: number, random: Random): Probe {
  const uniform = (): number => random.next() / 2 ** 32;
  const components = label === "energy" ? 1 : 3 * atoms;
  const x = Float64Array.from({ length: 3 * atoms * PROBES }, () => 3 * uniform());
  const coefficients = Float64Array.from({ length: components * PROBES }, () => uniform() - 0.5);
  const numbers = Array.from({ length: PROBES }, (_, k) => {
    const at = x.subarray(3 * atoms * k, 3 * atoms * (k + 1));
    const projected =
      label === "energy"
        ? new Float64Array(pairCount(atoms))
        : project(at, coefficients.subarray(components * k, components * (k + 1)), atoms);
    return numbersOf(describe(at, atoms), projected);
  });
  return { x, coefficients, numbers };
}

/**
 * Recognises the tables of a model that observes `forces`, and perhaps `energy`, at molecules of `atoms` atoms.
 * @param parameters those of the model: factors may depend on them
 * @throws Error where the compiled model stages something else
 */
export function recognise(compiled: CompiledModel, atoms: number, parameters: Parameters): Tables {
  const { staging } = compiled;
  if (staging === undefined) throw new Error("the compiled model can't be held as tables");
  const observed = compiled.observations.map((item) => item.label);
  const random = new Random(1);
  const probes = new Map(observed.map((label) => [label, probesOf(label, atoms, random)]));
  const training = Object.fromEntries(
    [...probes].map(([label, { x, coefficients }]) => [label, { points: { x, arguments: {} }, coefficients }]),
  );
  const staged = staging.tables(training, parameters);
  const layout = staging.layout(observed);
  return { layout, tables: layout.tables.map((table) => recogniseTable(table, staged, probes)) };
}

function recogniseTable(
  { name, dims, holds }: StageLayout["tables"][number],
  staged: StagedTraining,
  probes: ReadonlyMap<string, Probe>,
): Recognised {
  const label = dims[0];
  if (typeof label !== "string" || dims.slice(1).some((d) => typeof d === "string"))
    throw new Error(`the table ${name} isn't one of training points`);
  const numbers = probes.get(label)!.numbers.map((all) => candidates(all, holds));
  const values = staged.tables[name]!;
  const length = values.length / PROBES;
  const found = Array.from({ length }, (_, entry) => {
    const match = matchOf(
      Array.from({ length: PROBES }, (__, k) => values[k * length + entry]!),
      numbers,
    );
    if (match === undefined)
      throw new Error(`the table ${name} holds something else than descriptors and projected coefficients`);
    return match;
  });
  // The entries of a table have one factor, which the median knows best.
  const sizes = found.map(({ factor }) => Math.abs(factor)).sort((a, b) => a - b);
  const median = sizes[Math.floor(sizes.length / 2)]!;
  const size = Math.abs(median - 1) < TOLERANCE ? 1 : median;
  const isShared = found.every(({ factor }) => Math.abs(Math.abs(factor) - median) <= TOLERANCE * median);
  return {
    name,
    label,
    entries: isShared ? found.map(({ number, factor }) => ({ number, factor: Math.sign(factor) * size })) : found,
  };
}

/**
 * The numbers that a table may hold, as the compiler says what it is of: without coefficients x and x·x alone, with
 * them what is linear in them, a and x·a. All others are 0, which nothing is a multiple of.
 */
function candidates(numbers: Float64Array, holds: "points" | "coefficients"): Float64Array {
  const pairs = (numbers.length - 3) / 2;
  const isLinear = (n: number): boolean => (n >= pairs && n < 2 * pairs) || n === 2 * pairs + 1;
  const isOfPoints = (n: number): boolean => n < pairs || n === 2 * pairs;
  return numbers.map((value, n) => ((holds === "points" ? isOfPoints(n) : isLinear(n)) ? value : 0));
}

/** The number that the values are a multiple of, by the same factor at every probe. */
function matchOf(values: readonly number[], numbers: readonly Float64Array[]): Entry | undefined {
  for (let number = 0; number < numbers[0]!.length; number++) {
    let best = 0;
    for (let k = 1; k < values.length; k++)
      if (Math.abs(numbers[k]![number]!) > Math.abs(numbers[best]![number]!)) best = k;
    const factor = values[best]! / numbers[best]![number]!;
    if (factor === 0 || !Number.isFinite(factor)) continue;
    if (values.every((value, k) => Math.abs(value - factor * numbers[k]![number]!) <= TOLERANCE * Math.abs(value)))
      return { number, factor };
  }
  return undefined;
}
