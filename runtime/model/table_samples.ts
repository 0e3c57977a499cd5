/**
 * Which table of a model file is which table of a compiled model. In: what each holds, as samples. Out: names.
 * Tables are told by what they hold; names are for readers, and alone tell the tables of files that have no samples.
 */
import type { StageLayout, TableStaging } from "../compiled.ts";

/** Far above rounding in sums that may cancel, far below what distinguishes other tables. */
const TOLERANCE = 1e-6;

type Sample = readonly (number | null)[];

/** What each table holds, by the name that it has in the file; JSON says null for NaN. */
export function samplesByName(staging: TableStaging, observed: readonly string[]): Record<string, Sample> {
  const samples = staging.samples(observed);
  return Object.fromEntries(
    staging
      .layout(observed)
      .tables.map(({ name }, n) => [name, samples[n]!.map((value) => (Number.isFinite(value) ? value : null))]),
  );
}

/**
 * The file's name of each table of the layout; undefined where the file has none that holds the same.
 * @param stored the samples that the file has, or undefined for one that was written without
 */
export function storedNames(
  { tables }: StageLayout,
  staging: TableStaging,
  observed: readonly string[],
  stored: Readonly<Record<string, Sample>> | undefined,
): (string | undefined)[] {
  if (stored === undefined) return tables.map(({ name }) => name);
  const samples = samplesByName(staging, observed);
  return tables.map(({ name }) => {
    const mine = samples[name]!;
    const isAlike = ([other, sample]: readonly [string, Sample]): boolean =>
      sample.includes(null) || mine.includes(null) ? other === name : holdSame(mine as number[], sample as number[]);
    return Object.entries(stored).find(isAlike)?.[0];
  });
}

function holdSame(a: readonly number[], b: readonly number[]): boolean {
  const scale = Math.max(...a.map(Math.abs), ...b.map(Math.abs));
  return a.length === b.length && a.every((value, k) => Math.abs(value - b[k]!) <= TOLERANCE * scale);
}

/** Whether parsed JSON is samples by name. */
export const areSamples = (value: unknown): value is Record<string, Sample> =>
  typeof value === "object" &&
  value !== null &&
  Object.values(value).every(
    (sample) => Array.isArray(sample) && sample.every((item) => item === null || typeof item === "number"),
  );
