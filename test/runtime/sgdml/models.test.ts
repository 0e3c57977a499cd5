/**
 * Models of the sGDML package: imported ones predict what the package predicts, exported ones come back the same.
 * The formula is written here once more, as the package's documentation has it, and independently of the runtime's.
 * With
 * ADK_DATA also the eight published models; with ADK_PYTHON (an interpreter that has sgdml) the package loads our
 * files.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compile } from "../../../compiler/index.ts";
import {
  DataError,
  fit,
  load,
  ModelFileError,
  OptionError,
  readDataset,
  readNpz,
  readSafetensors,
  writeNpz,
  writeSafetensors,
} from "../../../runtime/index.ts";
import type { Model, NpyArray } from "../../../runtime/index.ts";
import { geometryOf } from "../../../runtime/sgdml/descriptor.ts";
import { exportSgdml } from "../../../runtime/sgdml/export.ts";
import { importSgdml } from "../../../runtime/sgdml/import.ts";

type Nested = number | readonly Nested[];
const flat = (value: Nested): number[] => (typeof value === "number" ? [value] : value.flatMap(flat));
const bytesOf = (name: string): Uint8Array => readFileSync(new URL(`../../golden/${name}`, import.meta.url));
interface Golden {
  readonly inputs: {
    readonly R_test: Nested;
    readonly R_train: readonly Nested[];
    readonly F_train: Nested;
    readonly E_train: Nested;
    readonly z: readonly number[];
    readonly sig: number;
    readonly lam: number;
    readonly perms: readonly (readonly number[])[];
  };
  readonly expected: { readonly F_pred: Nested; readonly E_pred: Nested };
}
const golden = (name: string): Golden => JSON.parse(new TextDecoder().decode(bytesOf(`${name}.json`))) as Golden;
const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((best, value, i) => Math.max(best, Math.abs(value - b[i]!)), 0);
/** What a prediction of a model may be off. */
const tolerance = (model: Model): number => Math.max(1e-9, 100 * Number.EPSILON * model.amplification);

/**
 * Energy of one molecule by the package's formula: c + std Σ (1 + d) 5/(3 σ²) e^(−d) (x − X)·A + α_E k, forces by
 * differences of it.
 */
function formulaEnergy(arrays: ReadonlyMap<string, NpyArray>, R: readonly number[]): number {
  const get = (...names: string[]): number[] =>
    Array.from(
      (names.map((name) => arrays.get(name)).find((found) => found !== undefined)?.data ?? []) as Float64Array,
    );
  const z = get("z"),
    perms = get("perms"),
    sigma = get("sig")[0]!,
    X = get("R_desc", "Rt_desc"),
    A = get("R_d_desc_alpha", "Rt_d_desc_alpha"),
    alphaE = get("alphas_E");
  const n = z.length,
    first = perms.includes(0) ? 0 : 1,
    P = perms.length / n,
    pairs: [number, number][] = [];
  for (let a = 1; a < n; a++) for (let b = 0; b < a; b++) pairs.push([a, b]);
  const D = pairs.length,
    M = A.length / D,
    index = (a: number, b: number): number => (a > b ? (a * (a - 1)) / 2 + b : (b * (b - 1)) / 2 + a);
  const x = pairs.map(([a, b]) => 1 / Math.hypot(...[0, 1, 2].map((c) => R[3 * a + c]! - R[3 * b + c]!)));
  let energy = 0;
  for (let p = 0; p < P; p++) {
    const at = pairs.map(([a, b]) => index(perms[p * n + a]! - first, perms[p * n + b]! - first));
    for (let j = 0; j < M; j++) {
      const difference = at.map((d, k) => x[k]! - X[d * M + j]!);
      const d = (Math.sqrt(5) / sigma) * Math.hypot(...difference);
      energy +=
        (1 + d) *
        (5 / (3 * sigma ** 2)) *
        Math.exp(-d) *
        at.reduce((sum, k, i) => sum + difference[i]! * A[j * D + k]!, 0);
      energy += (alphaE[j] ?? 0) * (1 + d + d ** 2 / 3) * Math.exp(-d);
    }
  }
  return get("c")[0]! + (get("std")[0] ?? 1) * energy;
}

describe.each(["sgdml-ethanol-F", "sgdml-ethanol-EF", "sgdml-malonaldehyde-F"])("%s", (name) => {
  const { inputs, expected } = golden(name);
  const file = bytesOf(`${name}-model.npz`);
  const { model } = importSgdml(file, name, compile);
  const x = Float64Array.from(flat(inputs.R_test));
  const found = model.predict(x);

  it("predicts what the package predicts", () => {
    expect(largest(found["forces"]!, flat(expected.F_pred))).toBeLessThan(tolerance(model));
    expect(largest(found["energy"]!, flat(expected.E_pred))).toBeLessThan(tolerance(model));
  });

  it("is the package's formula", () => {
    const { arrays } = readNpz(file, name);
    const R = Array.from(x.subarray(0, 27));
    expect(Math.abs(found["energy"]![0]! - formulaEnergy(arrays, R))).toBeLessThan(tolerance(model));
  });

  it("comes back from its model file with the same bits, and says what it lacks", () => {
    const again = load(model.toBytes(), compile);
    expect(again.predict(x)).toEqual(found);
    expect(again.toBytes()).toEqual(model.toBytes());
    expect(again.training).toEqual({});
    expect(Number.isNaN(again.state.residual)).toBe(true);
    expect(again.state.split.train).toHaveLength(again.state.tables!.counts["forces"]!);
  });

  it("is exported as a module that predicts the same bits", async () => {
    const { js } = model.export("model");
    const module = (await import(
      /* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(js).toString("base64")}`
    )) as { predict(R: Float64Array): { energy: number; forces: Float64Array } };
    const { energy, forces } = module.predict(x.slice(0, 27));
    expect([energy, ...forces]).toEqual([found["energy"]![0], ...found["forces"]!.subarray(0, 27)]);
  });

  it("is exported to the package's file and comes back the same", () => {
    const again = importSgdml(exportSgdml(model), "again", compile).model.predict(x);
    expect(largest(again["forces"]!, found["forces"]!)).toBeLessThan(tolerance(model));
    expect(largest(again["energy"]!, found["energy"]!)).toBeLessThan(tolerance(model));
    const [mine, theirs] = [readNpz(exportSgdml(model), "mine").arrays, readNpz(file, "theirs").arrays];
    for (const key of ["tril_perms_lin", "perms", "z", "idxs_train", "sig", "type", "r_unit"])
      expect([key, mine.get(key)!.data]).toEqual([key, theirs.get(key)!.data]);
  });

  it("leaves out the frames it was trained on", () => {
    const set = {
      R: { shape: [inputs.R_train.length, 9, 3], data: Float64Array.from(flat(inputs.R_train)) },
      z: inputs.z,
      F: { shape: [inputs.R_train.length, 9, 3], data: Float64Array.from(flat(inputs.F_train)) },
    };
    expect(() => model.test(set)).toThrow(/on all of which it was trained/);
    const { left_out: leftOut, errors } = model.test(set, { includeKnown: true });
    expect([leftOut, errors["forces"]!.mae < 0.1]).toEqual([0, true]);
  });
});

describe("a model trained here", () => {
  const spec = readFileSync(new URL("../../../examples/specs/sgdml.adk", import.meta.url), "utf8");
  const { inputs } = golden("sgdml-ethanol-F");
  const data = {
    R: { shape: [40, 9, 3], data: Float64Array.from(flat(inputs.R_train)) },
    F: { shape: [40, 9, 3], data: Float64Array.from(flat(inputs.F_train)) },
    E: { shape: [40], data: Float64Array.from(flat(inputs.E_train)) },
    z: inputs.z,
  };
  const bind = { N: 9, perms: inputs.perms };
  const x = Float64Array.from(flat(inputs.R_test));

  it.each(["forces", "energies and forces"])("on %s is exported to the package and back", (kind) => {
    const text =
      kind === "forces"
        ? spec
        : spec.replace("observe forces", 'observe energy : u from "E" noise 1e-10\nobserve forces');
    const model = fit(compile(text, { bind }), data, { noise: 1e-8, parameters: { sigma: inputs.sig } });
    const again = importSgdml(exportSgdml(model), "again", compile).model;
    const [mine, theirs] = [model.predict(x), again.predict(x)];
    expect(largest(theirs["forces"]!, mine["forces"]!)).toBeLessThan(tolerance(model));
    expect(largest(theirs["energy"]!, mine["energy"]!)).toBeLessThan(tolerance(model));
  });

  it("with another kernel is refused", () => {
    const model = fit(compile(spec.replace("matern52", "rbf"), { bind }), data, {
      noise: 1e-8,
      parameters: { sigma: 2 },
    });
    expect(() => exportSgdml(model)).toThrow(OptionError);
    expect(() => exportSgdml(model)).toThrow(/Matérn-5\/2 of inverse distances/);
  });
});

describe("files that are none, or lie", () => {
  const { arrays } = readNpz(bytesOf("sgdml-ethanol-F-model.npz"), "m");
  const changed = (changes: Readonly<Record<string, NpyArray | undefined>>): string => {
    const entries = new Map<string, NpyArray>([...arrays].filter(([key]) => !(key in changes)));
    for (const [key, array] of Object.entries(changes)) if (array !== undefined) entries.set(key, array);
    try {
      importSgdml(writeNpz(entries), "m.npz", compile);
      return "imported";
    } catch (error) {
      return error instanceof DataError ? error.message : String(error);
    }
  };
  const of = (data: readonly number[] | readonly string[], shape: readonly number[]): NpyArray => ({
    shape,
    dtype: "<f8",
    data: typeof data[0] === "string" ? (data as string[]) : Float64Array.from(data as number[]),
  });
  const { data: perms } = arrays.get("perms")! as { data: Float64Array };
  it.each([
    ["a data set", { type: of(["d"], []) }, /m\.npz: type: expected a trained model \(m\), found a data set/],
    [
      "a periodic cell",
      { lattice: of([1, 0, 0, 0, 1, 0, 0, 0, 1], [3, 3]) },
      /lattice: expected a model of free molecules/,
    ],
    ["no descriptors", { R_desc: undefined }, /R_desc: expected a model of the sGDML package, with R_desc or Rt_desc/],
    [
      "descriptors of other atoms",
      { R_desc: of([1, 2], [1, 2]) },
      /R_desc: expected \[36, training points\] for 9 atoms, found \[1, 2\]/,
    ],
    [
      "a descriptor of 0",
      {
        R_desc: of(
          Array.from(arrays.get("R_desc")!.data as Float64Array, (v, i) => (i === 5 ? 0 : v)),
          [36, 40],
        ),
      },
      /inverse distances, which are positive, found 0 at training point 5/,
    ],
    [
      "projected coefficients of another number",
      { R_d_desc_alpha: of(Array<number>(36).fill(1), [1, 36]) },
      /R_d_desc_alpha: expected \[40, 36\]/,
    ],
    ["NaN", { c: of([NaN], []) }, /c: expected finite numbers, found NaN/],
    ["a length scale of 0", { sig: of([0], []) }, /sig: expected a positive length scale, found 0/],
    ["no permutation", { perms: of([0, 0, 0, 0, 0, 0, 0, 0, 0], [1, 9]) }, /perms: expected permutations of 9 atoms/],
    [
      "no group",
      { perms: of(Array.from(perms.subarray(0, 45)), [5, 9]) },
      /perms: expected a group of permutations, found 5/,
    ],
    ["text for numbers", { z: of(["H"], [1]) }, /z: expected numbers, found text/],
  ] as const)("%s", (_, changes, message) => {
    expect(changed(changes)).toMatch(message);
  });

  it("old names, permutations from 1, and no std", () => {
    const [m, alpha] = [arrays.get("R_desc")!, arrays.get("R_d_desc_alpha")!];
    const old: Record<string, NpyArray | undefined> = {
      R_desc: undefined,
      R_d_desc_alpha: undefined,
      Rt_desc: m,
      Rt_d_desc_alpha: { ...alpha, shape: [...alpha.shape, 1] },
      perms: of(
        Array.from(perms, (i) => i + 1),
        [6, 9],
      ),
      std: undefined,
      type: undefined,
      idxs_train: undefined,
      r_unit: undefined,
      e_unit: undefined,
    };
    const entries = new Map<string, NpyArray>([...arrays].filter(([key]) => !(key in old)));
    for (const [key, array] of Object.entries(old)) if (array !== undefined) entries.set(key, array);
    const bytes = writeNpz(entries);
    const { model } = importSgdml(bytes, "old", compile);
    const x = Float64Array.from(flat(golden("sgdml-ethanol-F").inputs.R_test)).slice(0, 27);
    expect(model.units).toEqual({});
    expect(
      Math.abs(model.predict(x)["energy"]![0]! - formulaEnergy(readNpz(bytes, "old").arrays, Array.from(x))),
    ).toBeLessThan(tolerance(model));
  });
});

it("a model file whose account of its tables is wrong is refused", () => {
  const bytes = importSgdml(bytesOf("sgdml-malonaldehyde-F-model.npz"), "m", compile).model.toBytes();
  const { tensors, metadata } = readSafetensors(bytes, "m");
  const changed = (staged: string): string => {
    try {
      load(writeSafetensors({ tensors, metadata: new Map([...metadata, ["staged", staged]]) }), compile);
      return "loaded";
    } catch (error) {
      return error instanceof ModelFileError ? error.message : String(error);
    }
  };
  expect(changed('{"forces":20}')).toBe("loaded");
  expect(changed('{"forces":21}')).toMatch(/tables\.\w+: expected F64 \[21, 36\], found F64 \[20, 36\]/);
  expect(changed('{"energy":20}')).toMatch(/staged names "energy": expected observations/);
  expect(changed("{}")).toMatch(/staged names "nothing"/);
  expect(changed('{"forces":-1}')).toMatch(/the metadata staged isn't of the form/);
});

it("descriptors give back the distances they were made of", () => {
  const { arrays } = readNpz(bytesOf("sgdml-ethanol-F-model.npz"), "m");
  const stored = arrays.get("R_desc")!.data as Float64Array;
  const descriptor = Float64Array.from({ length: 36 }, (_, d) => stored[d * 40]!);
  const x = geometryOf(descriptor, 9);
  let d = 0;
  for (let a = 1; a < 9; a++)
    for (let b = 0; b < a; b++)
      expect(1 / Math.hypot(...[0, 1, 2].map((c) => x[3 * a + c]! - x[3 * b + c]!))).toBeCloseTo(descriptor[d++]!, 12);
});

const python = process.env["ADK_PYTHON"];
if (python === undefined)
  console.warn("skipped: the sGDML package loads our file (set ADK_PYTHON to an interpreter that has sgdml)");
it.skipIf(python === undefined)("the package loads our file and predicts the same (ADK_PYTHON)", () => {
  const folder = mkdtempSync(join(tmpdir(), "adk-sgdml-"));
  try {
    const { inputs, expected } = golden("sgdml-ethanol-F");
    writeFileSync(
      join(folder, "model.npz"),
      exportSgdml(importSgdml(bytesOf("sgdml-ethanol-F-model.npz"), "m", compile).model),
    );
    writeFileSync(join(folder, "R.json"), JSON.stringify(flat(inputs.R_test)));
    const script =
      "import json,sys,numpy as np\nfrom sgdml.predict import GDMLPredict\nR=np.array(json.load(open(sys.argv[2]))).reshape(-1,27)\nE,F=GDMLPredict(np.load(sys.argv[1]),use_torch=False,max_processes=1).predict(R)\nprint(json.dumps([E.ravel().tolist(),F.ravel().tolist()]))\n";
    const out = execFileSync(python!, ["-c", script, join(folder, "model.npz"), join(folder, "R.json")], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [energy, forces] = JSON.parse(out.trim().split("\n").at(-1)!) as [number[], number[]];
    expect(largest(energy, flat(expected.E_pred))).toBeLessThan(1e-7);
    expect(largest(forces, flat(expected.F_pred))).toBeLessThan(1e-7);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const data = process.env["ADK_DATA"];
if (data === undefined)
  console.warn("skipped: the published sGDML models (set ADK_DATA to a folder with other/sgdml_models and md17)");
it.skipIf(data === undefined || !existsSync(join(data, "other/sgdml_models")))(
  "the published models predict by the package's formula (ADK_DATA)",
  () => {
    for (const name of [
      "aspirin",
      "benzene2018",
      "ethanol",
      "malonaldehyde",
      "naphthalene",
      "salicylic_acid",
      "toluene",
      "uracil",
    ]) {
      const bytes = readFileSync(join(data!, `other/sgdml_models/${name}.npz`));
      const { model } = importSgdml(bytes, name, compile);
      const path = join(data!, `md17/md17_${name === "salicylic_acid" ? "salicylic" : name}_recon.npz`);
      const R = readDataset(readFileSync(path), path).entries.get("R")!.data as Float64Array;
      const x = R.slice(0, 3 * model.state.atoms!.length).map((value, i) => value + 0.02 * Math.sin(i));
      const found = model.predict(x);
      const difference = Math.abs(found["energy"]![0]! - formulaEnergy(readNpz(bytes, name).arrays, Array.from(x)));
      // A is relative: the rounding of large forces is larger.
      expect([name, difference < tolerance(model) * Math.max(...found["forces"]!.map(Math.abs))]).toEqual([name, true]);
    }
    const published = importSgdml(
      readFileSync(join(data!, "other/sgdml_models/ethanol.npz")),
      "ethanol",
      compile,
    ).model;
    const frames = readDataset(readFileSync(join(data!, "md17/md17_ethanol.npz")), "md17_ethanol.npz");
    const { errors } = published.test(frames, { indexes: Array.from({ length: 400 }, (_, k) => 9 * k) });
    expect(errors["forces"]!.mae).toBeGreaterThan(0.31);
    expect(errors["forces"]!.mae).toBeLessThan(0.36);
  },
);
