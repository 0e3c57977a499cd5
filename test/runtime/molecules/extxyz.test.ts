/** Extended XYZ: a file that ASE wrote, round trips, and files that lie. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError, readDataset, unitsOf, writeSafetensors } from "../../../runtime/index.ts";
import type { Dataset } from "../../../runtime/index.ts";
import { numbersAt } from "../../../runtime/data/dataset.ts";
import { writeExtxyz } from "../../../runtime/molecules/extxyz.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string): Dataset => readDataset(bytes(text), "f.extxyz");
const numbers = (dataset: Dataset, key: string): readonly number[] => Array.from(numbersAt(dataset, key)!.data);
const problem = (text: string): string => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof DataError) return error.message;
    throw error;
  }
  return "nothing";
};

describe("a file of ASE's", () => {
  it("has the frames of the data set it was made of", () => {
    const ase = readDataset(
      readFileSync(new URL("../../golden/ethanol-50.extxyz", import.meta.url)),
      "ethanol-50.extxyz",
    );
    const npz = readDataset(
      readFileSync(new URL("../../../examples/ethanol/ethanol.npz", import.meta.url)),
      "ethanol.npz",
    );
    expect(unitsOf(ase)).toEqual({ r_unit: "Ang", e_unit: "eV" });
    expect(numbers(ase, "z")).toEqual(numbers(npz, "z"));
    const near = (key: string, factor: number, tolerance: number): void => {
      const [mine, theirs] = [numbersAt(ase, key)!, numbersAt(npz, key)!];
      expect(mine.shape).toEqual([50, ...theirs.shape.slice(1)]);
      mine.data.forEach((value, i) => expect(Math.abs(value - factor * theirs.data[i]!)).toBeLessThan(tolerance));
    };
    // ASE has 8 decimals, F float32, and the two have their constants of different years.
    near("R", 1, 1e-8);
    near("F", 1 / 23.060547830619026, 1e-7);
    near("E", 1 / 23.060547830619026, 1e-5);
  });
});

describe("round trips", () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  it("give the same numbers", () => {
    const shape = fc.record({ n: fc.integer({ min: 1, max: 4 }), frames: fc.integer({ min: 1, max: 3 }) });
    fc.assert(
      fc.property(
        shape.chain(({ n, frames }) =>
          fc.record({
            z: fc.array(fc.integer({ min: 1, max: 118 }), { minLength: n, maxLength: n }),
            positions: fc.array(finite, { minLength: 3 * n * frames, maxLength: 3 * n * frames }),
            forces: fc.array(finite, { minLength: 3 * n * frames, maxLength: 3 * n * frames }),
            charges: fc.array(finite, { minLength: n * frames, maxLength: n * frames }),
            energy: fc.array(finite, { minLength: frames, maxLength: frames }),
            dipole: fc.array(finite, { minLength: 3 * frames, maxLength: 3 * frames }),
          }),
        ),
        ({ z, positions, forces, charges, energy, dipole }) => {
          const flat = (list: readonly number[]): Float64Array => Float64Array.from(list);
          const text = writeExtxyz({
            z,
            positions: flat(positions),
            columns: { forces: { width: 3, data: flat(forces) }, charges: { width: 1, data: flat(charges) } },
            info: { energy: { length: 1, data: flat(energy) }, dipole: { length: 3, data: flat(dipole) } },
          });
          const again = read(text);
          const zeroes = (list: readonly number[]): number[] => list.map((value) => value + 0);
          for (const [key, list] of [
            ["z", z],
            ["R", positions],
            ["F", forces],
            ["E", energy],
            ["charges", charges],
            ["dipole", dipole],
          ] as const) {
            expect(zeroes(numbers(again, key))).toEqual(zeroes(list));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("of a safetensors file as data", () => {
    const tensors = new Map([
      ["R", { dtype: "F64", shape: [1, 2, 3], data: Float64Array.of(0, 0, 0, 1, 2, 3) }],
      ["z", { dtype: "I64", shape: [2], data: Float64Array.of(1, 8) }],
    ] as const);
    const set = readDataset(writeSafetensors({ tensors, metadata: new Map([["e_unit", "eV"]]) }), "d.safetensors");
    expect([numbersAt(set, "R")!.shape, numbers(set, "z"), unitsOf(set)]).toEqual([
      [1, 2, 3],
      [1, 8],
      { e_unit: "eV" },
    ]);
  });
});

describe("what other programs write", () => {
  it("is read: quoted keys and values, brackets, bare keys, Fortran numbers, other names", () => {
    const set = read(
      [
        "2",
        `Properties=Z:I:1:positions:R:3:REF_forces:R:3:tag:I:1:name:S:1 "a key"="x \\"y\\"" REF_energy=-1.5D+01 ` +
          `periodic pbc=[F, F, F] Lattice="9 0 0 0 9 0 0 0 9" dipole={1 2 3}`,
        "1 0 0 0  .1 -2. 3e0  7 A",
        "8 0 0 1  0 0 0  8 B",
        "",
      ].join("\n"),
    );
    expect(numbers(set, "z")).toEqual([1, 8]);
    expect(numbers(set, "E")).toEqual([-15]);
    expect(numbers(set, "F")).toEqual([0.1, -2, 3, 0, 0, 0]);
    expect(numbersAt(set, "Lattice")).toMatchObject({ shape: [1, 3, 3] });
    expect(numbers(set, "dipole")).toEqual([1, 2, 3]);
    expect(numbers(set, "tag")).toEqual([7, 8]);
    expect([numbers(set, "pbc"), numbers(set, "periodic")]).toEqual([[0, 0, 0], [1]]);
    expect(set.unusable.get("name")).toBe("text");
    expect(set.unusable.has("a key")).toBe(true);
  });

  it("is read as plain XYZ where it says nothing of columns", () => {
    expect(numbers(read("1\nwater, perhaps\r\nO 1 2 3\n"), "R")).toEqual([1, 2, 3]);
  });
});

describe("hostile files are refused, naming file, frame and line", () => {
  const frame = "2\nProperties=species:S:1:pos:R:3 energy=1\nH 0 0 0\nO 0 0 1\n";
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ["nothing", "", /^f\.extxyz: expected frames in extended XYZ, found an empty file/],
    ["no number of atoms", "hello\n", /frame 0: line 1: expected the number of atoms of a frame, found "hello"/],
    ["no atoms", "0\n\n", /expected the number of atoms/],
    [
      "a frame cut short",
      `${frame}2\nenergy=2\nH 0 0 0\n`,
      /frame 1: line 5: expected 2 atoms after line 6, found 1 lines; the file may be cut short/,
    ],
    ["a claim of many atoms", "999999999\n\nH 0 0 0\n", /expected 999999999 atoms.*found 1 lines/],
    [
      "a missing column",
      "1\nProperties=species:S:1:pos:R:3\nH 0 0\n",
      /frame 0: line 3: expected 4 columns for Properties=species:S:1:pos:R:3, found 3/,
    ],
    [
      "Properties that lie",
      "1\nProperties=species:S:1:pos:R\nH 0 0 0\n",
      /line 2: expected Properties=name:type:width/,
    ],
    ["a column twice", "1\nProperties=pos:R:3:pos:R:3\n1 1 1 1 1 1\n", /found "pos" twice/],
    ["a width that lies", "1\nProperties=species:S:1:pos:R:99999\nH 0 0 0\n", /expected 100000 columns/],
    ["an open quote", '1\nProperties="species:S:1\nH 0 0 0\n', /line 2: expected " that ends what begins with "/],
    [
      "a position that's no number",
      "1\n\nH 0 zero 0\n",
      /frame 0: pos: line 3: expected a finite number, found "zero"/,
    ],
    ["an infinite position", "1\n\nH 0 inf 0\n", /expected a finite number, found "inf"/],
    ["an element that isn't one", "1\n\nXx 0 0 0\n", /line 3: expected the symbol of an element, found "Xx"/],
    ["other atoms", `${frame}2\nenergy=2\nO 0 0 0\nO 0 0 1\n`, /frame 1: line 7: expected H, as in frame 0, found O/],
    ["another molecule", `${frame}1\nenergy=2\nO 0 0 0\n`, /frame 1: line 5: expected 2 atoms, as in frame 0, found 1/],
    ["no positions", "1\nProperties=species:S:1\nH\n", /expected a column pos:R:3/],
  ];
  it.each(cases)("%s", (_, text, message) => {
    expect(problem(text)).toMatch(message);
  });

  it("or when they're asked for: energies that some frames lack", () => {
    const set = read(`${frame}2\nProperties=species:S:1:pos:R:3\nH 0 0 0\nO 0 0 1\n`);
    expect(() => numbersAt(set, "E")).toThrow(
      /f\.extxyz: E: expected an array of numbers, found none in frame 1 \(line 6\)/,
    );
  });

  it("whatever the bytes, an error of ours or a data set results", () => {
    const piece = fc.constantFrom(
      "1\n",
      "2\n",
      "H 0 0 0\n",
      "Properties=species:S:1:pos:R:3",
      "=",
      '"',
      "{",
      "[",
      "\\",
      " ",
      "energy=1",
      "\n",
      "nan",
      ":R:",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        problem(pieces.join(""));
      }),
      { numRuns: 300 },
    );
  });
});
