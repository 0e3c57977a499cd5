/**
 * The commands on molecules: permutations found, extended XYZ in and out, models of the sGDML package in and out.
 * In: golden files and the example's ethanol. Out: the contracts of `symmetry`, `import`, `export --format` and
 * `.extxyz`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { numbersAt } from "../../runtime/data/dataset.ts";
import { readDataset } from "../../runtime/data/read.ts";
import { adk } from "./terminal.ts";

const here = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const SPEC = here("examples/specs/sgdml.adk"),
  FRAMES = here("test/golden/ethanol-50.extxyz"),
  ETHANOL = here("examples/ethanol/ethanol.npz");
let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "adk-molecules-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Report {
  readonly order: number;
  readonly perms: number[][];
  readonly generators: number[][];
  readonly orbits: number[][];
}

describe("adk symmetry", () => {
  it("prints order, elements, generators and orbits, and --bind perms=@ takes them", async () => {
    const { code, stdout } = await adk(
      "symmetry",
      ETHANOL,
      "--train-indexes",
      here("examples/ethanol/train.json"),
      "--json",
    );
    const report = JSON.parse(stdout) as Report;
    expect([code, report.order, report.perms.length]).toEqual([0, 6, 6]);
    expect(report.orbits).toEqual([[0], [1], [2], [3, 4, 5], [6, 7], [8]]);
    writeFileSync(at("perms.json"), stdout);
    const compiled = await adk(
      "compile",
      SPEC,
      "--bind",
      "N=9",
      "--bind",
      `perms=@${at("perms.json")}`,
      "-o",
      at("compiled"),
    );
    expect([compiled.code, compiled.stderr]).toEqual([0, ""]);
  });

  it("in part, of a large group, isn't taken for the whole", async () => {
    writeFileSync(
      at("part.json"),
      JSON.stringify({ order: 720, perms: [[0, 1, 2, 3, 4, 5]], generators: [], orbits: [] }),
    );
    expect(
      await adk("compile", SPEC, "--bind", "N=6", "--bind", `perms=@${at("part.json")}`, "-o", at("no")),
    ).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/expected all 720 permutations of the group, found 1 of them/),
    });
  });

  it("says it in words", async () => {
    const { code, stdout } = await adk("symmetry", FRAMES, "--train", "40");
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(
        /6 permutations found in 40 geometries\ngenerators: \(.*\)\natoms that change places: \{3, 4, 5\} {2}\{6, 7\}/,
      ),
    ]);
  });

  it("refuses data without molecules", async () => {
    writeFileSync(at("none.json"), JSON.stringify({ x: [1, 2] }));
    expect(await adk("symmetry", at("none.json"))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/none\.json: R: expected geometries/),
    });
  });
});

describe("extended XYZ", () => {
  it("trains, finds its permutations, and predicts into extended XYZ in Å and eV", async () => {
    const fitted = await adk(
      "fit",
      SPEC,
      "--data",
      FRAMES,
      "--train",
      "8",
      "--noise",
      "1e-8",
      "-o",
      at("model.safetensors"),
    );
    expect([fitted.code, fitted.stderr]).toEqual([0, expect.stringContaining("perms: ")]);
    const predicted = await adk("predict", at("model.safetensors"), "--data", FRAMES, "-o", at("out.extxyz"));
    expect([predicted.code, predicted.stdout]).toEqual([
      0,
      expect.stringMatching(/energy \[50\] in eV; forces \[50, 9, 3\] in eV\/Ang/),
    ]);
    await adk("predict", at("model.safetensors"), "--data", FRAMES, "-o", at("out.json"));
    const json = JSON.parse(readFileSync(at("out.json"), "utf8")) as { energy: number[]; forces: number[][][] };
    const out = readDataset(readFileSync(at("out.extxyz")), "out.extxyz");
    expect(Array.from(numbersAt(out, "E")!.data)).toEqual(json.energy);
    expect(Array.from(numbersAt(out, "F")!.data)).toEqual(json.forces.flat(2));
    expect(numbersAt(out, "R")!.data).toEqual(numbersAt(readDataset(readFileSync(FRAMES), FRAMES), "R")!.data);
  });

  it("leaves a cell out, and says so", async () => {
    writeFileSync(
      at("cell.extxyz"),
      readFileSync(FRAMES, "utf8").replaceAll('pbc="F F F"', 'Lattice="9 0 0 0 9 0 0 0 9" pbc="T T T"'),
    );
    const { code, stderr } = await adk("test", at("model.safetensors"), "--data", at("cell.extxyz"), "--json");
    expect([code, stderr]).toEqual([0, expect.stringMatching(/the model has no periodic cell: Lattice is left out/)]);
  });
});

describe("models of the sGDML package", () => {
  it("are imported, and then test, predict, show and export; what can't be done says why", async () => {
    const model = at("imported.safetensors");
    const imported = await adk("import", "sgdml", here("test/golden/sgdml-ethanol-F-model.npz"), "-o", model);
    expect([imported.code, imported.stdout]).toEqual([
      0,
      expect.stringMatching(/9 atoms, 40 training geometries \(forces\), 6 permutations, sigma 10/),
    ]);
    const tested = JSON.parse(
      (await adk("test", model, "--data", here("test/golden/sgdml-ethanol-dataset.npz"), "--json")).stdout,
    ) as { forces: { mae: number }; points: number; left_out: number };
    expect([tested.left_out, tested.points]).toEqual([40, 60]);
    expect(tested.forces.mae).toBeLessThan(3);
    expect((await adk("info", model)).stdout).toMatch(/forces at 40 points \(held as staged tables: no refit\)/);
    expect((await adk("export", model, "-o", at("module"))).code).toBe(0);
    const written = await adk("export", model, "--format", "sgdml", "-o", at("again.npz"));
    expect([written.code, written.stdout]).toEqual([
      0,
      expect.stringMatching(/again\.npz \(\d+ KiB\), a model of the sGDML package/),
    ]);
    expect((await adk("import", "sgdml", at("again.npz"), "-o", at("again.safetensors"))).code).toBe(0);
    expect(await adk("fit", model, "--data", ETHANOL, "-o", at("no.safetensors"))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/expected a spec \(\.adk\), found a trained model/),
    });
    expect(await adk("import", "sgdlm", ETHANOL, "-o", model)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/did you mean sgdml\?/),
    });
    expect(await adk("import", "sgdml", ETHANOL, "-o", model)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/expected a trained model \(m\), found a data set/),
    });
    expect(await adk("export", model, "--format", "onnx", "-o", at("x"))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/--format: expected js or sgdml/),
    });
  });
});
