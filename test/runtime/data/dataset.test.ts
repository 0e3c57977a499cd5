/** Data sets in all their forms, as models see them; and every way in which they can be wrong, by name. */
import { describe, expect, it } from "vitest";
import {
  DataError,
  bindingsOf,
  conversion,
  datasetOf,
  fit,
  framePoints,
  fromNested,
  groupData,
  readDataset,
  toNested,
  trainingGroups,
  unitsOf,
  writeNpz,
} from "../../../runtime/index.ts";
import type { CompiledModel, DatasetLike, GroupData } from "../../../runtime/index.ts";
import { gradient, rbfModel, sgdmlModel, slope, value } from "../models.ts";

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const json = (content: unknown, name = "d.json") => readDataset(text(JSON.stringify(content)), name);
const train = (compiled: CompiledModel, data: DatasetLike, frames?: readonly number[]) =>
  trainingGroups(
    { compiled, dataset: datasetOf(data, "d.json"), conversion: { length: 1, energy: 1, notices: [] } },
    frames === undefined ? {} : { frames },
  );
const group = (groups: readonly GroupData[], label: string): GroupData => groups.find((item) => item.label === label)!;

const GDML = sgdmlModel(2, [[0, 1]]);
const R = [
  [
    [0, 0, 0],
    [1, 0, 0],
  ],
  [
    [0, 0, 0],
    [0, 1.5, 0],
  ],
  [
    [0, 0, 0],
    [0, 0, 2],
  ],
];
const F = R.map((frame, f) => frame.map((atom, a) => atom.map((_, c) => 100 * f + 10 * a + c)));

describe("reading", () => {
  it("gives the same from JSON and npz: frames, groups, bindings, units", () => {
    const object = {
      bind: { c: 1, perms: [[0, 1]] },
      R,
      E: [1, 2, 3],
      r_unit: "Ang",
      inner: { x: [[1, 2]], v: [[3, 4]] },
    };
    const tensor = (nested: unknown) => fromNested(nested);
    const npz = writeNpz([
      ["bind.c", tensor(1)],
      ["bind.perms", { ...tensor([[0, 1]]), dtype: "<i8" }],
      ["R", tensor(R)],
      ["E", tensor([1, 2, 3])],
      ["r_unit", tensor("Ang")],
      ["inner.x", tensor([[1, 2]])],
      ["inner.v", tensor([[3, 4]])],
    ]);
    const fromJson = json(object);
    const fromNpz = readDataset(npz, "d.npz");
    expect(unitsOf(fromJson)).toEqual({ r_unit: "Ang" });
    expect([...fromNpz.bind.keys()]).toEqual(["c", "perms"]);
    expect(fromNpz.bind).toEqual(fromJson.bind);
    for (const [key, { shape, data }] of fromJson.entries)
      expect(fromNpz.entries.get(key)).toMatchObject({ shape, data });
    expect(bindingsOf(fromJson)).toMatchObject({
      point: [2, 3],
      bind: { c: { shape: [], data: Float64Array.of(1) } },
      tensors: { E: { shape: [3] } },
    });
    expect(bindingsOf(json({ inner: { x: [[1, 2]] } })).point).toEqual([2]);
    expect(bindingsOf(json({ inner: { q: [[1, 2, 3]] } }), { input: "q" }).point).toEqual([3]);
    expect(bindingsOf(json({ inner: { x: [[1, 2]] } }), { labels: ["outer"] }).point).toBeUndefined();
  });

  it("reads tables for one group", () => {
    const compiled = rbfModel(2, { observe: [slope(2, "bend")] });
    const data = readDataset(text("# a comment\nx0,x1,v0,v1,y\n0,1,1,0,2.5\n\n1e-1,-.5,0,1,-3\n"), "t.csv");
    const bend = group(train(compiled, data).groups, "bend");
    expect(bend).toMatchObject({ count: 2, frames: true, values: Float64Array.of(2.5, -3) });
    expect(bend.points).toEqual({ x: Float64Array.of(0, 1, 0.1, -0.5), arguments: { v: Float64Array.of(1, 0, 0, 1) } });
    expect(group(train(compiled, data, [1]).groups, "bend").values).toEqual(Float64Array.of(-3));
    expect(readDataset(text("x y\r\n1 2\r\n"), "t.csv").entries.get("x")!.shape).toEqual([1]);
    for (const [table, message] of [
      ["", /t\.csv: expected a header line/],
      ["x0,x1,y\n1,2\n", /t\.csv: line 2: expected 3 columns/],
      ["x,y\n1,NaN\n", /t\.csv: y: line 2: expected a number, found "NaN"/],
      ["x1,x0\n", /in order/],
      ["y,y\n", /named once/],
      ["x,y\n1,0x10\n", /expected a number/],
    ] as const)
      expect(() => readDataset(text(table), "t.csv")).toThrow(message);
  });

  it.each<[string, Uint8Array, string, RegExp]>([
    ["text that isn't JSON", text("{"), "d.json", /d\.json: expected JSON/],
    ["an array", text("[1]"), "d.json", /expected an object/],
    ["bytes", Uint8Array.of(0xff, 0xfe), "d.json", /bytes that are none of them/],
    ["an npz by name only", text("{}"), "d.npz", /expected a zip archive/],
    [
      "a binding that is no tensor",
      text('{"bind": {"c": [1, [2]]}}'),
      "d.json",
      /bind\.c: expected a number or nested arrays of numbers, found entry \[1\] is an array/,
    ],
    ["a binding in words", text('{"bind": {"c": "one"}}'), "d.json", /bind\.c: expected numbers, found text/],
  ])("refuses %s", (_what, bytes, name, message) => {
    expect(() => readDataset(bytes, name)).toThrow(message);
  });

  it("keeps what can't be read until it's asked for", () => {
    const data = json({ R, F: [[1], [2, 3]], comment: null, ["__proto__x"]: 1, meta: { a: { b: [1] } } });
    expect(() => train(GDML, data)).toThrow(
      /d\.json: F: expected an array of numbers, found entry \[1\] has 2 entries where the others have 1/,
    );
    expect(train(GDML, json({ R, F, E: "none", junk: [1, [2]], deep: { a: { b: { c: 1 } } } })).groups).toHaveLength(1);
    expect(() => train(GDML, json({ R, F: "forces" }))).toThrow(/F: expected numbers, found text \("forces"\)/);
  });

  it("turns tensors into nested arrays and back", () => {
    for (const nested of [
      3,
      [1, 2],
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [[[1], [2]]],
      [],
    ]) {
      const { shape, data } = fromNested(nested);
      expect(toNested({ shape, data: data as Float64Array })).toEqual(nested);
    }
    expect(fromNested([[true, false], Float64Array.of(2, 3)])).toEqual({
      shape: [2, 2],
      data: Float64Array.of(1, 0, 2, 3),
    });
    let deep: unknown = 1;
    for (let i = 0; i < 40; i++) deep = [deep];
    expect(() => fromNested(deep)).toThrow(/more than 32 deep/);
  });
});

describe("frames", () => {
  it("take points from R or x, values from the keys of `from`, and only the frames asked for", () => {
    for (const points of [{ R }, { x: R }]) {
      const { groups, notices } = train(GDML, { ...points, F }, [2, 0]);
      expect(group(groups, "forces").values).toEqual(Float64Array.from([...F[2]!, ...F[0]!].flat()));
      expect(group(groups, "forces").points.x).toEqual(Float64Array.from([...R[2]!, ...R[0]!].flat()));
      expect(notices).toEqual([]);
    }
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["no points", { F }, /d\.json: R or x: expected points \[frames, 2, 3\], found no such key among F/],
    ["points twice", { R, x: R, F }, /d\.json: R: expected the points under one key, found x and R/],
    [
      "no values",
      { R },
      /d\.json: F: expected the values of forces \(from "F"\) for each frame, found no such key among R/,
    ],
    ["another number of atoms", { R: [[[0, 0, 0]]], F }, /R: expected shape \[frames, 2, 3\], found \[1, 1, 3\]/],
    [
      "one frame without its axis",
      { R: R[0], F },
      /R: expected shape \[frames, 2, 3\], found \[2, 3\]; one frame has shape \[1, 2, 3\]/,
    ],
    [
      "fewer values than frames",
      { R, F: F.slice(1) },
      /F: expected shape \[frames, 2, 3\], found 2 frames, where R has 3/,
    ],
    ["a number for points", { R: 1, F }, /R: expected shape .*, found a single number/],
    [
      "NaN",
      { R: { shape: [3, 2, 3], data: Float64Array.from(R.flat(2)).fill(NaN, 16, 17) }, F },
      /R: frame 2: expected finite numbers, found NaN at entry \[1, 1\]/,
    ],
    [
      "infinity",
      { R, F: { shape: [3, 2, 3], data: Float64Array.from(F.flat(2)).fill(-Infinity, 0, 1) } },
      /F: frame 0: .*-Infinity at entry \[0, 0\]/,
    ],
    [
      "coinciding atoms",
      {
        R: [
          R[0],
          [
            [1, 2, 3],
            [1, 2, 3],
          ],
          R[2],
        ],
        F,
      },
      /R: frame 1: expected atoms at distinct places, found atoms 0 and 1 both at \(1, 2, 3\)/,
    ],
    ["as many atomic numbers as not atoms", { R, F, z: [1] }, /z: expected \[2\] atomic numbers, found shape \[1\]/],
  ])("with %s are refused", (_what, data, message) => {
    expect(() => train(GDML, data)).toThrow(message);
    expect(() => train(GDML, data)).toThrow(DataError);
  });

  it("refuses indexes out of range", () => {
    expect(() => train(GDML, { R, F }, [3])).toThrow(/frame indexes from 0 to 2, found 3/);
  });

  it("reads energies as [frames] and [frames, 1]", () => {
    const compiled = sgdmlModel(2, [[0, 1]], { energies: true });
    for (const E of [
      [1, 2, 3],
      [[1], [2], [3]],
    ])
      expect(group(train(compiled, { R, F, E }).groups, "energy").values).toEqual(Float64Array.of(1, 2, 3));
    expect(() =>
      train(compiled, {
        R,
        F,
        E: [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      }),
    ).toThrow(/E: expected shape \[frames\], found \[3, 2\]/);
  });

  it("holds the model's atoms against the data's", () => {
    const model = fit(GDML, { R, F, z: [6, 8] });
    expect(() => model.test({ R, F, z: [8, 6] })).toThrow(
      /z: entry 0: expected the model's atoms \(6 8\), found 8 6; put the atoms in the order/,
    );
    const bound = { ...GDML, bindings: { z: { shape: [2], data: Float64Array.of(6, 8) } } };
    expect(() => train(bound, { R, F, z: [6, 7] })).toThrow(/z: entry 1/);
    expect(train(bound, { R, F, z: [6, 8] }).groups).toHaveLength(1);
  });
});

describe("groups", () => {
  const compiled = rbfModel(2, {
    observe: [value(2, "edge", { given: ([a, b]) => [a! + b!] }), gradient([2], "inner", 1), slope(2, "bend")],
  });
  const inner = {
    x: [
      [1, 2],
      [3, 4],
    ],
    y: [
      [1, 0],
      [0, 1],
    ],
  };

  it("take points, arguments and values of their own; absent ones are said once", () => {
    const { groups, notices } = train(compiled, {
      inner,
      bend: { x: [[0, 0]], v: [[1, 0]], y: [7] },
      stray: { x: [[1, 1]] },
    });
    expect(groups.map((item) => [item.label, item.count])).toEqual([
      ["inner", 2],
      ["bend", 1],
    ]);
    expect(group(groups, "bend").points.arguments).toEqual({ v: Float64Array.of(1, 0) });
    expect(notices).toEqual([
      "d.json: no data for the observation edge: it has no rows",
      "d.json: stray is no label of the model; its data are left out",
    ]);
  });

  it("serve under the name of a tensor input, not under coordinates", () => {
    const named = { ...compiled, input: { name: "q", shape: [2] } };
    expect(train(named, { inner: { q: inner.x, y: inner.y } }).groups).toHaveLength(1);
    const coordinates = { ...compiled, input: { name: "q", shape: [2], coordinates: ["q", "t"] } };
    expect(() => train(coordinates, { inner: { q: inner.x, y: inner.y } })).toThrow(
      /expected data of at least one observation/,
    );
  });

  it("accept values that the spec gives where they're equal, and refuse others, naming both", () => {
    expect(group(train(compiled, { edge: { x: inner.x } }).groups, "edge").values).toEqual(Float64Array.of(3, 7));
    expect(train(compiled, { edge: { x: inner.x, y: [3 + 1e-9, 7] } }).groups).toHaveLength(1);
    expect(() => train(compiled, { edge: { x: inner.x, y: [3, 7.1] } })).toThrow(
      /d\.json: edge\.y: point 1: expected 7, which the spec gives for edge, found 7\.1/,
    );
    const zero = rbfModel(2, { observe: [value(2, "edge", { given: () => [0] })] });
    expect(train(zero, { edge: { x: inner.x, y: [0, 0] } }).groups).toHaveLength(1);
    expect(() => train(zero, { edge: { x: inner.x, y: [0, 1e-3] } })).toThrow(
      /expected 0, which the spec gives for edge, found 0\.001/,
    );
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      "nothing at all",
      {},
      /expected data of at least one observation \(edge\.x, inner\.x, bend\.x\), found the keys none at all/,
    ],
    ["empty groups only", { inner: { x: [], y: [] } }, /expected data of at least one observation/],
    [
      "no values",
      { inner: { x: inner.x } },
      /inner\.y: expected the observed values, \[2, 2\], found no such key; the spec doesn't give them/,
    ],
    [
      "values of another shape",
      { inner: { x: inner.x, y: [1, 2] } },
      /inner\.y: expected shape \[points, 2\], found \[2\]/,
    ],
    [
      "fewer values than points",
      { inner: { x: inner.x, y: [[1, 0]] } },
      /inner\.y: .*found 1 points, where inner\.x has 2/,
    ],
    [
      "points in three dimensions",
      { inner: { x: [[1, 2, 3]], y: [[1, 0]] } },
      /inner\.x: expected shape \[points, 2\], found \[1, 3\]/,
    ],
    [
      "no arguments",
      { bend: { x: [[0, 0]], y: [7] } },
      /bend\.v: expected the argument v of each point, \[points, 2\]/,
    ],
  ])("with %s are refused", (_what, data, message) => {
    expect(() => train(compiled, data)).toThrow(message);
  });
});

describe("units", () => {
  const EV = 23.060547830619026;
  it("of other data are converted to the model's", () => {
    const { length, energy, notices } = conversion(
      { r_unit: "bohr", e_unit: "eV" },
      { r_unit: "Ang", e_unit: "kcal/mol" },
      "d",
    );
    expect([length, energy, notices]).toEqual([0.529177210903, EV, []]);
    expect(conversion({ r_unit: "Å", e_unit: "kcal / mol" }, { r_unit: "Angstrom", e_unit: "kcal/mol" }, "d")).toEqual({
      length: 1,
      energy: 1,
      notices: [],
    });
    expect(conversion({ e_unit: "kJ/mol" }, { e_unit: "Hartree" }, "d").energy).toBeCloseTo(1 / 2625.4996, 9);
  });

  it("that aren't known are taken as the model's, with a warning", () => {
    const { length, notices } = conversion({ r_unit: "furlong" }, { r_unit: "Ang" }, "d.npz");
    expect(length).toBe(1);
    expect(notices).toEqual(['d.npz: r_unit "furlong" isn\'t known; its numbers are taken as the model\'s, "Ang"']);
    expect(conversion({}, { r_unit: "Ang" }, "d").notices).toEqual([]);
  });

  it("convert points, energies and forces", () => {
    const source = {
      compiled: sgdmlModel(2, [[0, 1]], { energies: true }),
      dataset: datasetOf({ R, F, E: [1, 2, 3] }),
      conversion: { length: 2, energy: 6, notices: [] },
    };
    expect(framePoints(source).x[3]).toBe(2);
    expect(groupData(source, "energy")!.values).toEqual(Float64Array.of(6, 12, 18));
    expect(groupData(source, "forces")!.values[3]).toBe(30);
  });
});
