/**
 * `adk symmetry DATA`: the permutations of atoms found in a data set.
 * In: geometries and atomic numbers, and which frames to look at. Out: order, generators, orbits, and up to 100
 * elements.
 */
import { DataError } from "../../runtime/errors.ts";
import { geometryCount, geometryKey, symmetryReport } from "../../runtime/symmetry/data.ts";
import type { Permutation } from "../../runtime/symmetry/group.ts";
import { EXIT_DONE } from "../exit_codes.ts";
import { chooseFrames } from "../frames.ts";
import type { Arguments } from "../options.ts";
import type { Reporter } from "../output.ts";
import { readData, searchSymmetry, symmetryText } from "../specs.ts";

/** A permutation as its cycles: (0 4)(1 3). */
function cycles(p: Permutation): string {
  const seen = new Set<number>();
  let text = "";
  for (let start = 0; start < p.length; start++) {
    if (seen.has(start) || p[start] === start) continue;
    const cycle: number[] = [];
    for (let at = start; !seen.has(at); at = p[at] ?? start) {
      seen.add(at);
      cycle.push(at);
    }
    text += `(${cycle.join(" ")})`;
  }
  return text === "" ? "()" : text;
}

export async function run(args: Arguments, reporter: Reporter): Promise<number> {
  const dataset = readData(args.positional["data"] ?? "");
  const key = geometryKey(dataset);
  if (key === undefined)
    throw new DataError({
      file: dataset.name,
      key: "R",
      expected: "geometries [frames, atoms, 3]",
      found: `the keys ${[...dataset.entries.keys()].slice(0, 12).join(", ") || "none"}`,
    });
  const frames = chooseFrames(args, geometryCount(dataset, key))?.train;
  const found = await searchSymmetry(dataset, reporter, frames);
  const report = symmetryReport(found);
  const moved = found.orbits.filter((orbit) => orbit.length > 1);
  reporter.result(
    report,
    [
      `${dataset.name}: ${symmetryText(found)}`,
      ...(found.generators.length === 0 ? [] : [`generators: ${found.generators.map(cycles).join("  ")}`]),
      ...(moved.length === 0
        ? []
        : [`atoms that change places: ${moved.map((orbit) => `{${orbit.join(", ")}}`).join("  ")}`]),
    ].join("\n"),
  );
  return EXIT_DONE;
}
