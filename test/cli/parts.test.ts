/** The parts of the command line: options, suggestions, failures, files and what is printed. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeFailure, InputError } from "../../cli/failure.ts";
import { moduleName, readJson, readText, writeWhole } from "../../cli/files.ts";
import {
  assignments,
  count,
  indexes,
  noise,
  parseNested,
  parseNumber,
  text,
  type Arguments,
  type OptionName,
} from "../../cli/options.ts";
import { printable } from "../../cli/output.ts";
import { checkGroup, readPoints } from "../../cli/points.ts";
import { editDistance, nearest } from "../../cli/suggest.ts";
import { lookupIn, weightsReader } from "../../cli/weights.ts";

const given = (options: Partial<Record<OptionName, string | boolean | readonly string[]>>): Arguments => ({
  positional: {},
  options,
});
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "adk-cli-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

describe("options", () => {
  it("bind numbers, arrays and files", () => {
    const bare = file("perms.json", "[[0, 1], [1, 0]]");
    const report = file("report.json", '{ "order": 2, "perms": [[0, 1], [1, 0]] }');
    expect({ ...assignments(given({ bind: ["N=9", "w=[1, 2.5]", `perms=@${bare}`] }), "bind") }).toEqual({
      N: 9,
      w: [1, 2.5],
      perms: [
        [0, 1],
        [1, 0],
      ],
    });
    expect({ ...assignments(given({ bind: `perms=@${report}` }), "bind") }).toEqual({
      perms: [
        [0, 1],
        [1, 0],
      ],
    });
    expect(() => assignments(given({ bind: `other=@${report}` }), "bind")).toThrow(
      /object without "other"; it has order, perms/,
    );
  });

  it.each([
    ["N", /expected NAME=VALUE/],
    ["=3", /expected NAME=VALUE/],
    ["N=", /expected a number/],
    ["N=0x10", /expected a number/],
    ["N=[1,", /expected a number, a JSON array/],
    ["N=[[1], 2]", /ragged/],
    ["N=Infinity", /expected a number/],
  ])("refuse --bind %s", (written, message) => {
    expect(() => assignments(given({ bind: written }), "bind")).toThrow(message);
  });

  it("refuse what is given twice", () => {
    expect(() => assignments(given({ set: ["a=1", "a=2"] }), "set")).toThrow(/--set a: expected once/);
    expect(() => text(given({ data: ["a", "b"] }), "data")).toThrow(/--data: expected once, found 2 times/);
  });

  it("read noise with and without labels", () => {
    expect(noise(given({ noise: ["1e-6", "forces=2e-3"] }))).toMatchObject({ all: 1e-6, byLabel: { forces: 2e-3 } });
    expect(() => noise(given({ noise: "-1" }))).toThrow(/not negative/);
    expect(() => noise(given({ noise: "little" }))).toThrow(/expected a number/);
  });

  it("read counts and index files", () => {
    expect(count(given({ train: "200" }), "train")).toBe(200);
    for (const bad of ["-1", "1.5", "many", ""])
      expect(() => count(given({ train: bad }), "train")).toThrow(/whole number/);
    expect(indexes(given({ "train-indexes": file("a.json", "[3, 1]") }), "train-indexes", "train")).toEqual([3, 1]);
    expect(
      indexes(given({ "train-indexes": file("b.json", '{ "train": [2], "test": [4] }') }), "train-indexes", "train"),
    ).toEqual([2]);
    expect(() => indexes(given({ "train-indexes": file("c.json", "[1.5]") }), "train-indexes", "train")).toThrow(
      /c\.json/,
    );
  });

  it("read every number that JavaScript prints", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseNumber(String(value), "x")).toBe(value + 0);
      }),
    );
    expect(parseNested([true, [1]].slice(0, 1), "x")).toEqual([1]);
  });
});

describe("suggestions", () => {
  it("find slips and leave other words alone", () => {
    expect(nearest("chekc", ["check", "compile"])).toBe("check");
    expect(nearest("predcit", ["check", "predict"])).toBe("predict");
    expect(nearest("zebra", ["check", "predict"])).toBeUndefined();
  });

  it("measure a distance", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe("failures", () => {
  it("tell wrong input from bugs of ours", () => {
    expect(describeFailure(new InputError("no"), "1")).toEqual({ exitCode: 1, text: "no" });
    const bug = describeFailure(new TypeError("undefined is not a function"), "1.2.3");
    expect(bug.exitCode).toBe(2);
    expect(bug.text).toMatch(/bug in adk[\s\S]*report[\s\S]*adk 1\.2\.3/);
  });

  it("say what the system says in words", () => {
    try {
      readText(join(folder, "absent"));
      expect.unreachable();
    } catch (error) {
      expect(describeFailure(error, "1")).toMatchObject({
        exitCode: 1,
        text: expect.stringMatching(/cannot open .*absent: there is no such file/) as string,
      });
    }
  });

  it("name the file whose text is no JSON or no UTF-8", () => {
    expect(() => readJson(file("d.json", "{"))).toThrow(/d\.json: expected JSON/);
    expect(() => readText(file("e.adk", Uint8Array.of(0xff, 0xfe)))).toThrow(/e\.adk: expected text in UTF-8/);
  });
});

describe("files", () => {
  it("are written whole, without leaving neighbours", () => {
    const path = join(folder, "new", "out.json");
    writeWhole(path, "one");
    writeWhole(path, "two");
    expect(readFileSync(path, "utf8")).toBe("two");
    expect(readdirSync(join(folder, "new"))).toEqual(["out.json"]);
  });

  it("that cannot be written leave the old ones", () => {
    const path = file("kept.txt", "old");
    expect(() => writeWhole(join(path, "below"), "new")).toThrow();
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(existsSync(join(path, "below"))).toBe(false);
  });

  it("name modules after paths, where they can", () => {
    expect(moduleName("specs/wave.adk", ".adk")).toBe("wave");
    expect(moduleName("out/äthanol-2.b")).toBe("äthanol-2.b");
    for (const bad of ["out/..", "a b", "x;y", ".hidden", "out/\u001b[31m"])
      expect(() => moduleName(bad)).toThrow(/cannot name a module/);
  });
});

describe("printable", () => {
  it("shows control characters instead of sending them", () => {
    expect(printable("a\u001b[2Jb\n")).toBe("a\\u{1b}[2Jb\\u{a}");
    expect(printable("a\nb", "\n")).toBe("a\nb");
    expect(printable("x\u202ey")).toBe("x\\u{202e}y");
    expect(printable("∇u, Å, ÿ")).toBe("∇u, Å, ÿ");
  });
});

describe("points files", () => {
  const group = {
    operator: "forces",
    x: [
      [0, 1],
      [2, 3],
    ],
  };

  it("are read with their shapes", () => {
    const points = readPoints({ groups: [{ ...group, v: [1, 2] }], params: { sigma: 8 }, pairs: [[0, 0]] }, "p.json");
    expect(points.groups[0]?.x.shape).toEqual([2, 2]);
    expect(points.groups[0]?.arguments["v"]?.shape).toEqual([2]);
    expect([...(points.params["sigma"]?.data ?? [])]).toEqual([8]);
    expect(points.pairs).toEqual([[0, 0]]);
  });

  it.each([
    [[], /expected \{ "groups"/],
    [{ groups: [] }, /expected \{ "groups"/],
    [{ groups: [{ x: [[1]] }] }, /groups\[0\]: expected "operator"/],
    [{ groups: [{ operator: "u" }] }, /"x", the points, is missing/],
    [{ groups: [{ operator: "u", x: [[1], [2, 3]] }] }, /groups\[0\]\.x: expected numbers/],
    [{ groups: [{ operator: "u", x: [[null]] }] }, /groups\[0\]\.x: expected numbers/],
    [{ groups: [group], pairs: [[0, 1]] }, /from 0 to 0/],
    [{ groups: [group], params: 3 }, /params: expected an object/],
  ])("are refused: %j", (content, message) => {
    expect(() => readPoints(content, "p.json")).toThrow(message);
  });

  it("must fit the model", () => {
    const points = readPoints({ groups: [{ ...group, w: [1, 2] }] }, "p.json").groups[0];
    if (points === undefined) throw new Error("no group");
    expect(() => checkGroup(points, 0, { shape: [], arguments: [] }, [3], "p.json")).toThrow(
      /expected the shape \[2, 3\], found \[2, 2\]/,
    );
    expect(() => checkGroup(points, 0, { shape: [], arguments: [{ name: "v", shape: [] }] }, [2], "p.json")).toThrow(
      /argument "v" is missing/,
    );
    expect(() => checkGroup(points, 0, { shape: [], arguments: [] }, [2], "p.json")).toThrow(/no argument "w"/);
  });
});

describe("weights", () => {
  it("are found by key, and nothing that objects inherit", () => {
    const tensor = { shape: [1], data: Float64Array.of(5) };
    expect(lookupIn({ b: tensor })("b")).toBe(tensor);
    expect(lookupIn({ b: tensor })("toString")).toBeUndefined();
    const path = file("w.json", '{ "W1": [[1, 2]] }');
    expect(weightsReader(path)("W1")).toEqual({ shape: [1, 2], data: Float64Array.of(1, 2) });
    expect(weightsReader(undefined)("W1")).toBeUndefined();
  });
});
