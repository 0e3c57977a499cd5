/**
 * Permutations found in geometries, against those of the sGDML package on the same frames: the examples' ethanol, and
 * the golden data sets. With ADK_DATA (a folder with sgdml_models/ and md17/) also the groups of published models.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "../../../compiler/index.ts";
import { DataError, datasetOf, readDataset } from "../../../runtime/index.ts";
import type { Dataset } from "../../../runtime/index.ts";
import { run } from "../../../runtime/fit/steps.ts";
import { dataSymmetrySteps, permutationTensor, symmetryReport } from "../../../runtime/symmetry/data.ts";
import type { Found } from "../../../runtime/symmetry/data.ts";
import { findSymmetry, symmetrySteps } from "../../../runtime/symmetry/find.ts";
import { closure, PermutationGroup } from "../../../runtime/symmetry/group.ts";
import { readSgdml } from "../../../runtime/sgdml/read.ts";

const read = (path: string): Dataset => readDataset(readFileSync(new URL(`../../${path}`, import.meta.url)), path);
const json = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")) as unknown;
const find = (dataset: Dataset, frames?: readonly number[]): Found => run(dataSymmetrySteps(dataset, frames));

interface Golden {
  readonly inputs: {
    readonly perms: readonly (readonly number[])[];
    readonly idxs_train_in_dataset: readonly number[];
  };
}

describe("the package's groups", () => {
  it("of ethanol's training frames", () => {
    const found = find(read("../examples/ethanol/ethanol.npz"), json("../examples/ethanol/train.json") as number[]);
    expect(found.order).toBe(6n);
    expect(symmetryReport(found)).toEqual({
      order: 6,
      perms: closure(json("../examples/ethanol/perms.json") as number[][], 9),
      generators: found.generators,
      orbits: [[0], [1], [2], [3, 4, 5], [6, 7], [8]],
    });
  });

  it.each(["ethanol", "malonaldehyde"])("of the golden %s", (molecule) => {
    const { inputs } = json(`golden/sgdml-${molecule}-F.json`) as Golden;
    const found = find(read(`golden/sgdml-${molecule}-dataset.npz`), inputs.idxs_train_in_dataset);
    expect(symmetryReport(found).perms).toEqual(closure(inputs.perms, 9));
  });

  const data = process.env["ADK_DATA"];
  const models = data === undefined ? "" : join(data, "other/sgdml_models");
  it.skipIf(!existsSync(models))("of published models (ADK_DATA)", () => {
    for (const [model, frames] of [
      ["ethanol", "ethanol"],
      ["malonaldehyde", "malonaldehyde"],
      ["uracil", "uracil"],
      ["salicylic_acid", "salicylic"],
      ["benzene2018", "benzene2018"],
      ["toluene", "toluene"],
      ["naphthalene", "naphthalene"],
      ["aspirin", "aspirin"],
    ] as const) {
      const { perms, order, atoms } = readSgdml(readFileSync(join(models, `${model}.npz`)), model);
      const path = join(data!, `md17/md17_${frames}_recon.npz`);
      const dataset = readDataset(readFileSync(path), path);
      const found = find(
        dataset,
        Array.from({ length: 200 }, (_, k) => 4 * k),
      );
      const rows = Array.from({ length: order }, (_, p) =>
        Array.from(perms.subarray(p * atoms.length, (p + 1) * atoms.length)),
      );
      expect([model, found.group.elements(100)]).toEqual([model, closure(rows, atoms.length)]);
    }
  });
  if (data === undefined)
    console.warn(
      "skipped: the groups of published sGDML models (set ADK_DATA to a folder with other/sgdml_models and md17)",
    );
});

describe("what is found", () => {
  const x = Float64Array.from(
    { length: 3 * 3 * 6 },
    (_, i) => [0, 0, 0, 0, 0.76, 0.59, 0, -0.76, 0.59][i % 9]! + 0.1 * Math.sin(3 * i + (i % 7)),
  );

  it("is found in steps of one geometry or one pair, so that it can be stopped at any of them", () => {
    const phases: string[] = [];
    const many = 40,
      steps = symmetrySteps(
        Float64Array.from({ length: 9 * many }, (_, i) => x[i % 9]! + 0.2 * Math.sin(1.3 * i)),
        [8, 1, 1],
      );
    let last = { phase: "", done: 0, total: 0 };
    for (let next = steps.next(); next.done !== true; next = steps.next()) {
      if (next.value.phase === last.phase) expect(next.value.done).toBeGreaterThan(last.done);
      last = next.value;
      phases.push(last.phase);
    }
    expect(phases.filter((phase) => phase === "geometries")).toHaveLength(many);
    // All pairs of the first geometry are matched, and few of the others: their bounds leave them out.
    expect(phases.filter((phase) => phase === "symmetry").length).toBeGreaterThanOrEqual(many - 1);
    expect(last.total).toBe((many * (many - 1)) / 2);
    expect(last.done).toBeLessThanOrEqual(last.total);
  });

  it("never exchanges atoms of different elements", () => {
    expect(findSymmetry(x, [8, 1, 1]).order).toBe(2n);
    expect(findSymmetry(x, [8, 1, 2]).order).toBe(1n);
  });

  it("doesn't depend on where the molecule is, nor on how its atoms are numbered", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([0, 1, 2], { minLength: 3, maxLength: 3 }),
        fc.double({ min: -5, max: 5, noNaN: true }),
        (p, shift) => {
          const y = Float64Array.from(
            x,
            (_, i) => x[Math.floor(i / 9) * 9 + 3 * p[Math.floor((i % 9) / 3)]! + (i % 3)]! + shift,
          );
          expect(
            findSymmetry(
              y,
              p.map((a) => [8, 1, 1][a]!),
            ).orbits.filter((orbit) => orbit.length > 1),
          ).toEqual([[p.indexOf(1), p.indexOf(2)].sort()]);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("is the identity for one frame", () => {
    expect(findSymmetry(x.slice(0, 9), [8, 1, 1]).order).toBe(1n);
  });

  it("may be a group of thousands: its tables are printed and read again", () => {
    const spec = readFileSync(new URL("../../../examples/specs/sgdml.adk", import.meta.url), "utf8");
    const all = closure(
      [
        [1, 0, 2, 3, 4, 5, 6],
        [1, 2, 3, 4, 5, 6, 0],
      ],
      7,
    )!;
    const compiled = compile(spec, {
      bind: { N: 7, perms: { shape: [all.length, 7], data: Float64Array.from(all.flat()) } },
    });
    const R = Float64Array.from({ length: 21 }, (_, i) => Math.sin(i * i));
    const [energy] = compiled.contract("energy", R, "energy", R, Float64Array.of(1));
    const permuted = Float64Array.from({ length: 21 }, (_, i) => R[3 * all[4321]![Math.floor(i / 3)]! + (i % 3)]!);
    expect(all).toHaveLength(5040);
    expect(compiled.contract("energy", permuted, "energy", R, Float64Array.of(1))[0]).toBeCloseTo(energy!, 12);
  });

  it("refuses data without elements, and groups too large for a kernel", () => {
    const frames = {
      R: [
        [
          [0, 0, 0],
          [1, 0, 0],
        ],
      ],
    };
    expect(() => find(datasetOf(frames, "d"))).toThrow(/d: z: expected \[2\] atomic numbers.*--bind perms/);
    expect(() => find(datasetOf({ x: [1] }, "d"))).toThrow(/d: R: expected geometries/);
    expect(() => find(datasetOf({ ...frames, z: [1, 1] }), [])).toThrow(DataError);
    expect(() =>
      find(
        datasetOf({
          R: [
            [
              [0, 0, 0],
              [0, 0, 0],
            ],
          ],
          z: [1, 1],
        }),
      ),
    ).toThrow(/distinct places/);
    const n = 12;
    const group = new PermutationGroup(
      [Array.from({ length: n }, (_, i) => (i + 1) % n), [1, 0, ...Array.from({ length: n - 2 }, (_, i) => i + 2)]],
      n,
    );
    const symmetry = { atoms: n, order: group.order, generators: group.generators, orbits: group.orbits(), group };
    expect(() => permutationTensor(symmetry, "d")).toThrow(
      /at most 10000 permutations, found one of 479001600, with 2 generators/,
    );
    const report = symmetryReport(symmetry);
    expect([report.order, report.perms.length, new Set(report.perms.map((p) => p.join())).size]).toEqual([
      479001600, 100, 100,
    ]);
  });
});
