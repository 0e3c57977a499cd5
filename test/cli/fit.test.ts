/**
 * What `fit`, `test` and `info` do with their options and outputs. In: a line's model, the examples' ethanol. Out:
 * refusals before any
 * work, checkpoints in folders that weren't there, as many test frames as were asked for, all that a model file says.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../built.ts";
import { adk } from "./terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "adk-fit-"));
const at = (name: string): string => join(folder, name);
const ethanol = join(root, "examples/ethanol");
const LINE =
  "model Line\ninput x : real[1]\nparam l = 1 > 0\nkernel k(a, b) = rbf(a, b, l)\nu ~ GP(k)\n" +
  "observe value : u   noise 1e-6\npredict value : u\n";

beforeAll(() => {
  writeFileSync(at("line.adk"), LINE);
  writeFileSync(at("data.json"), JSON.stringify({ value: { x: [[0], [1], [2]], y: [0, 1, 4] } }));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const fitLine = (...more: string[]) => adk("fit", at("line.adk"), "--data", at("data.json"), ...more);

describe("adk fit", () => {
  it("keeps checkpoints in a folder that it makes", async () => {
    const output = at("new/folder/line.safetensors");
    const { code, stderr } = await fitLine("--checkpoint-after", "0", "-o", output);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(readdirSync(at("new/folder"))).toEqual(["line.safetensors"]);
  });

  it("refuses an output that can't be written before any work", async () => {
    mkdirSync(at("taken.safetensors"));
    expect(await fitLine("-o", at("taken.safetensors"))).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/taken\.safetensors: expected the name of a file to write, found a folder/),
    });
    expect(await fitLine("-o", at("data.json/line.safetensors"))).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/not a folder|no such file|cannot mkdir/),
    });
  });

  it("takes a number of seconds before the first checkpoint", async () => {
    for (const wrong of ["soon", "-1"]) {
      expect(await fitLine("--checkpoint-after", wrong, "-o", at("line.safetensors"))).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/--checkpoint-after: expected a number/),
      });
    }
    expect(existsSync(at("line.safetensors"))).toBe(false);
  });
});

describe("adk test", () => {
  it("prints the errors of a model that predicts 0 as they come out by hand", async () => {
    writeFileSync(at("flat.json"), JSON.stringify({ value: { x: [[0], [1]], y: [0, 0] } }));
    writeFileSync(at("steps.json"), JSON.stringify({ value: { x: [[3], [4], [5], [6]], y: [3, -4, 0, 5] } }));
    const flat = await adk("fit", at("line.adk"), "--data", at("flat.json"), "-o", at("flat.safetensors"));
    expect(flat.code).toBe(0);
    const { stdout } = await adk("test", at("flat.safetensors"), "--data", at("steps.json"), "--json");
    expect(JSON.parse(stdout)).toEqual({
      value: { mae: 3, rmse: Math.sqrt(12.5), max: 5 },
      points: 4,
      left_out: 0,
    });
    const table = await adk("test", at("flat.safetensors"), "--data", at("steps.json"));
    expect(table.stdout).toMatch(/MAE +RMSE +largest\nvalue +3\.0000 +3\.5355 +5\.0000/);
  });
});

describe("adk test and adk info", () => {
  beforeAll(async () => {
    const fitted = await adk(
      "fit",
      join(ethanol, "sgdml.adk"),
      "--data",
      join(ethanol, "ethanol.npz"),
      "--bind",
      `perms=@${join(ethanol, "perms.json")}`,
      "--train",
      "8",
      "--test",
      "0",
      "--noise",
      "1e-6",
      "-o",
      at("ethanol.safetensors"),
      "--quiet",
    );
    expect(fitted.code).toBe(0);
    expect((await fitLine("-o", at("line.safetensors"))).code).toBe(0);
  });

  it("tests on as many frames as it's told, none of them the model's own", async () => {
    const { code, stdout } = await adk(
      "test",
      at("ethanol.safetensors"),
      "--data",
      join(ethanol, "ethanol.npz"),
      "--test",
      "15",
      "--json",
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ points: 15, left_out: 8 });
  });

  it("refuses to choose frames where there are none, or both ways, or none at all", async () => {
    writeFileSync(at("indexes.json"), "[1, 2]");
    const test = (model: string, data: string, ...more: string[]) => adk("test", at(model), "--data", data, ...more);
    expect(await test("line.safetensors", at("data.json"), "--test", "2")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/--test chooses frames, but .*data\.json has none/),
    });
    expect(await test("line.safetensors", at("data.json"), "--test-indexes", at("indexes.json"))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/--test-indexes chooses frames/),
    });
    expect(
      await test(
        "ethanol.safetensors",
        join(ethanol, "ethanol.npz"),
        "--test",
        "2",
        "--test-indexes",
        at("indexes.json"),
      ),
    ).toMatchObject({ code: 1, stderr: expect.stringMatching(/expected one of them, found both/) });
    expect(await test("ethanol.safetensors", join(ethanol, "ethanol.npz"), "--test", "0")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/from 1, found 0/),
    });
  });

  it("shows spec, sizes, units, permutations and A", async () => {
    const { code, stdout } = await adk("info", at("ethanol.safetensors"));
    expect(code).toBe(0);
    for (const text of [
      "N = 9",
      "P = 6",
      "perms = [[0,1,2,3,4,5,6,7,8],",
      "units: ",
      "kcal/mol",
      "amplification ",
      "the spec:",
      "  const perms : index[P, N] from symmetry",
    ])
      expect(stdout).toContain(text);
  });
});
