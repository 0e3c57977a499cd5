/** The trained model: its file, byte for byte; files that were changed; tests that leave known frames out. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  DataError,
  type Model,
  ModelFileError,
  fit,
  load,
  readSafetensors,
  save,
  split,
  writeSafetensors,
} from "../../../runtime/index.ts";
import type { CompileOptions, SafeTensor } from "../../../runtime/index.ts";
import { rbfModel, sgdmlModel } from "../models.ts";

const folder = mkdtempSync(join(tmpdir(), "adk-model-"));
afterAll(() => rmSync(folder, { recursive: true }));

const COUNT = 12;
const R = Array.from({ length: COUNT }, (_, f) => [
  [0, 0, 0],
  [1 + 0.3 * Math.sin(f), 0, 0.1 * f],
  [0, 1.2 + 0.2 * Math.cos(f), 0],
]);
/** Springs of length 1 between all atoms: energy Σ (r − 1)², forces downhill. */
const springs = (frame: number[][]): { energy: number; forces: number[][] } => {
  const forces = frame.map(() => [0, 0, 0]);
  let energy = -50;
  frame.forEach((a, i) =>
    frame.slice(0, i).forEach((b, j) => {
      const r = Math.hypot(...a.map((x, c) => x - b[c]!));
      energy += (r - 1) ** 2;
      a.forEach((x, c) => {
        const pull = (-2 * (r - 1) * (x - b[c]!)) / r;
        forces[i]![c]! += pull;
        forces[j]![c]! -= pull;
      });
    }),
  );
  return { energy, forces };
};
const E = R.map((frame) => springs(frame).energy);
const F = R.map((frame) => springs(frame).forces);
const data = { R, E, F, z: [8, 1, 1], r_unit: "Ang", e_unit: "kcal/mol" };
const compiled = sgdmlModel(3, [
  [0, 1, 2],
  [0, 2, 1],
]);
const frames = split(COUNT, { train: 5, validate: 2, test: 3, seed: 4 });
const model = fit(compiled, data, { split: frames, noise: { forces: 1e-6 }, parameters: { sigma: 7 } });
const bytes = model.toBytes();

/** The file with tensors or texts changed, its checksum left as it was. */
function changed(edit: (tensors: Map<string, SafeTensor>, metadata: Map<string, string>) => void): Uint8Array {
  const { tensors, metadata } = readSafetensors(bytes, "m");
  const copies = [new Map(tensors), new Map(metadata)] as const;
  edit(...copies);
  return writeSafetensors({ tensors: copies[0], metadata: copies[1] });
}

describe("a model file", () => {
  it("gives the same model, the same predictions and the same bytes", () => {
    const loaded = load(bytes, compiled);
    const at = Float64Array.from(R.flat(2));
    expect(loaded.predict(at)).toEqual(model.predict(at));
    expect(loaded.toBytes()).toEqual(bytes);
    expect(loaded).toMatchObject({
      units: { r_unit: "Ang", e_unit: "kcal/mol" },
      parameters: { sigma: 7 },
      offsets: model.offsets,
      errors: model.errors,
      amplification: model.amplification,
    });
    expect(loaded.state.split).toEqual(frames);
    expect(loaded.state.noise).toEqual({ forces: 1e-6 });
    expect(loaded.report).toBeUndefined();
  });

  it("holds what the format says", () => {
    const { tensors, metadata } = readSafetensors(bytes, "m");
    expect([...tensors.keys()].sort()).toEqual([
      "atoms",
      "bindings.N",
      "bindings.perms",
      "coefficients.forces",
      "frames.train",
      "frames.validate",
      "offsets.u",
      "parameters.sigma",
      "points.forces",
    ]);
    expect(tensors.get("coefficients.forces")!.shape).toEqual([5, 3, 3]);
    expect(tensors.get("frames.validate")!.shape).toEqual([2, 32]);
    expect(Object.fromEntries(metadata)).toMatchObject({
      format: "1.0",
      model: "SGDML",
      spec: compiled.source,
      hash: compiled.hash,
      compiler: "0.0.0",
      train: JSON.stringify(frames.train),
      units: '{"e_unit":"kcal/mol","r_unit":"Ang"}',
      noise: '{"forces":0.000001}',
    });
    expect(Object.keys(JSON.parse(metadata.get("errors")!) as object)).toEqual(["test", "validate"]);
  });

  it("is compiled from its own spec, libraries and bindings", () => {
    const asked: [string, CompileOptions][] = [];
    const loaded = load(bytes, (source, options) => {
      asked.push([source, options]);
      return compiled;
    });
    expect(asked).toEqual([
      [
        compiled.source,
        {
          name: "SGDML",
          libraries: {},
          bind: compiled.bindings,
          parameters: { sigma: { shape: [], data: Float64Array.of(7) } },
        },
      ],
    ]);
    expect(loaded.toBytes()).toEqual(bytes);
  });

  it("is written beside its name and renamed, and read by path", () => {
    const path = join(folder, "m.safetensors");
    writeFileSync(path, "something older");
    save(model, path);
    expect(readdirSync(folder)).toEqual(["m.safetensors"]);
    expect(new Uint8Array(readFileSync(path))).toEqual(bytes);
    expect(load(path, compiled).toBytes()).toEqual(bytes);
    expect(() => model.save(join(folder, "missing", "m.safetensors"))).toThrow(/ENOENT/);
    expect(() => model.save(folder)).toThrow();
    expect(readdirSync(folder)).toEqual(["m.safetensors"]);
  });

  it("keeps points and arguments of groups, and models without frames", () => {
    const groups = {
      slope: {
        x: [
          [0, 1],
          [2, 3],
        ],
        v: [
          [1, 0],
          [0, 1],
        ],
        y: [1, 2],
      },
      gradient: { x: [[1, 1]], y: [[0, 1]] },
    };
    const made = fit(rbfModel(), groups);
    const loaded = load(made.toBytes(), rbfModel());
    expect(loaded.training).toEqual(made.training);
    expect(loaded.toBytes()).toEqual(made.toBytes());
    expect(loaded.test(groups)).toMatchObject({ points: 3, left_out: 0, notices: [] });
    expect(loaded.test({ value: { x: [[0, 1]], y: [2] } }).errors["value"]!.max).toBeGreaterThan(0);
    expect(() => loaded.test({ R })).toThrow(/expected values of value, gradient, slope to compare with/);
  });

  it("keeps errors measured elsewhere", () => {
    const more = model.withErrors({ other: { forces: { mae: 1, rmse: 2, max: 3 } } });
    expect(Object.keys(load(more.toBytes(), compiled).errors)).toEqual(["other", "test", "validate"]);
  });

  it.each<[string, Uint8Array | (() => Uint8Array), RegExp]>([
    [
      "a newer major format",
      () => changed((_, metadata) => metadata.set("format", "2.0")),
      /m: format 2\.0 is newer than this program/,
    ],
    [
      "a format that isn't one",
      () => changed((_, metadata) => metadata.set("format", "x")),
      /expected a format such as 1\.0/,
    ],
    [
      "coefficients that were changed",
      () => changed((tensors) => (tensors.get("coefficients.forces")!.data[3]! += 1e-9)),
      /checksum/,
    ],
    ["a tensor taken away", () => changed((tensors) => tensors.delete("points.forces")), /checksum/],
    [
      "a tensor of another shape",
      () => changed((tensors) => tensors.set("atoms", { ...tensors.get("atoms")!, shape: [3, 1] })),
      /checksum/,
    ],
    ["no metadata at all", writeSafetensors({ tensors: new Map(), metadata: new Map() }), /is this a model file/],
    [
      "a spec of another hash",
      () => changed((_, metadata) => metadata.set("hash", "0".repeat(64))),
      /made from another spec: expected one with hash 0{64}/,
    ],
    [
      "split indexes that aren't",
      () => changed((_, metadata) => metadata.set("train", "[-1]")),
      /metadata train isn't of the form/,
    ],
    [
      "errors that aren't JSON",
      () => changed((_, metadata) => metadata.set("errors", "{")),
      /metadata errors isn't JSON/,
    ],
    [
      "units that aren't texts",
      () => changed((_, metadata) => metadata.set("units", '{"r_unit":1}')),
      /metadata units/,
    ],
  ])("with %s is refused", (_what, file, message) => {
    const given = typeof file === "function" ? file() : file;
    const path = join(folder, "bad");
    writeFileSync(path, given);
    const attempt = (): Model => load(path, compiled);
    expect(attempt).toThrow(ModelFileError);
    expect(attempt).toThrow(message.source.startsWith("m:") ? new RegExp(message.source.slice(2)) : message);
  });

  it("accepts a newer minor format, and refuses to be cut short", () => {
    expect(
      load(
        changed((_, metadata) => metadata.set("format", "1.7")),
        compiled,
      ).predict(Float64Array.from(R[0]!.flat())),
    ).toEqual(model.predict(Float64Array.from(R[0]!.flat())));
    for (const length of [0, 7, 8, 100, bytes.length - 1])
      expect(() => load(bytes.subarray(0, length), compiled)).toThrow(DataError);
  });

  it("of another model is refused", () => {
    expect(() => load(bytes, sgdmlModel(3, [[0, 1, 2]]))).toThrow(/another spec/);
  });
});

describe("test", () => {
  it("leaves known frames out, by index where the data are the model's own", () => {
    expect(model.test(data)).toMatchObject({ points: COUNT - 7, left_out: 7 });
    expect(model.test(data, { indexes: [...frames.train.slice(0, 2), ...frames.test] })).toMatchObject({
      points: 3,
      left_out: 2,
    });
    expect(model.test(data, { indexes: frames.test }).errors).toEqual(model.errors["test"]);
    expect(model.test(data, { indexes: frames.train, includeKnown: true }).errors["forces"]!.mae).toBeLessThan(0.05);
  });

  it("leaves them out by content elsewhere, also after loading", () => {
    const turned = { ...data, R: [...R].reverse(), E: [...E].reverse(), F: [...F].reverse() };
    for (const each of [model, load(bytes, compiled)]) {
      const result = each.test(turned);
      expect(result).toMatchObject({ points: COUNT - 7, left_out: 7 });
      expect(result.errors["forces"]!.mae).toBeCloseTo(model.test(data).errors["forces"]!.mae, 12);
    }
  });

  it("leaves them out by content in other units, whose conversion rounds", () => {
    const scaled = (values: number[][][], factor: number): number[][][] =>
      values.map((frame) => frame.map((atom) => atom.map((value) => value * factor)));
    const decimals = R.map((frame) => frame.map((atom) => atom.map((value) => Number(value.toFixed(8)))));
    for (const [unit, factor] of [
      ["nm", 0.1],
      ["bohr", 1 / 0.529177210903],
    ] as const) {
      const there = (places: number[][][]) => ({ R: scaled(places, factor), F: scaled(F, 1 / factor), r_unit: unit });
      const short = fit(compiled, { ...data, R: decimals }, { split: frames, noise: { forces: 1e-6 } });
      expect(short.test({ ...data, ...there(decimals) })).toMatchObject({ points: COUNT - 7, left_out: 7 });
      // All digits of a training frame are in the model, those of a validation frame aren't.
      expect(model.test({ ...data, ...there(R) }, { indexes: [...frames.train, ...frames.test] })).toMatchObject({
        points: 3,
        left_out: 5,
      });
    }
  });

  it("refuses where none is left", () => {
    expect(() => model.test(data, { indexes: frames.train })).toThrow(
      /expected frames that the model doesn't know, found 5/,
    );
  });

  it("measures what the data have, and converts their units", () => {
    expect(Object.keys(model.test({ R, F, z: data.z }).errors)).toEqual(["forces"]);
    const EV = 23.060547830619026;
    const inEv = {
      ...data,
      E: E.map((e) => e / EV),
      F: F.map((frame) => frame.map((atom) => atom.map((f) => f / EV))),
      e_unit: "eV",
    };
    const result = model.test(inEv, { indexes: frames.test });
    expect(result.errors["energy"]!.mae).toBeCloseTo(model.errors["test"]!["energy"]!.mae, 8);
    expect(result.errors["forces"]!.max).toBeCloseTo(model.errors["test"]!["forces"]!.max, 8);
    expect(model.test({ ...data, e_unit: "quux" }, { indexes: frames.test }).notices).toHaveLength(1);
  });
});

describe("a model", () => {
  it("refuses points that can't be, naming them", () => {
    expect(() => model.predict(new Float64Array(8))).toThrow(
      /R: expected \[points, 3, 3\], a multiple of 9 numbers, found 8/,
    );
    expect(() => model.predict(new Float64Array(9).fill(NaN, 4, 5))).toThrow(
      /R: expected finite numbers, found NaN at 4/,
    );
    expect(() => model.predict(new Float64Array(9), ["energies"])).toThrow(
      /"energies": expected one of energy, forces/,
    );
  });

  it("gives the same bits for a label alone and for one point of many", () => {
    const at = Float64Array.from(R.flat(2));
    const all = model.predict(at);
    expect(model.predict(at, ["forces"])).toEqual({ forces: all["forces"] });
    expect(model.predict(at.slice(9, 18))["energy"]![0]).toBe(all["energy"]![1]);
  });

  it("evaluates what it doesn't predict", () => {
    const quiet = fit({ ...compiled, predictions: [] }, data, { split: frames });
    expect(quiet.evaluate("forces", Float64Array.from(R[0]!.flat()))).toHaveLength(9);
    expect(quiet.evaluate("energy", Float64Array.from(R[0]!.flat()))[0]).toBeLessThan(-40);
  });

  it("exports through its compiler with its meta", () => {
    const { js } = model.export("water");
    expect(js).toContain('"units":{');
    expect(js).toContain(`"amplification":${model.amplification}`);
  });
});
