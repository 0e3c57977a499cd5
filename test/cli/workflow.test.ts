/**
 * The commands one after the other, on small models: what they print, what they write, how they fail.
 * In: specs and data in a temporary folder. Out: the contracts of the commands, checked on their own output.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readNpz } from "../../runtime/data/npz.ts";
import { root } from "../built.ts";
import { adk } from "./terminal.ts";

const LINE = `model Line
input x : real[1]
param l = 1 > 0
kernel k(a, b) = rbf(a, b, l)
u ~ GP(k)
observe value : u   noise 1e-6
observe slope : ∇u  noise 1e-6
predict value : u
predict slope : ∇u
`;
const ROUGH = `model Rough
input x : real[2]
kernel k(a, b) = matern32(a, b, 1)
u ~ GP(k)
observe value : u
observe bend : Δu
`;
let folder: string;
const at = (name: string): string => join(folder, name);
const json = (name: string): unknown => JSON.parse(readFileSync(at(name), "utf8")) as unknown;
const put = (name: string, content: unknown): string => {
  writeFileSync(at(name), typeof content === "string" ? content : JSON.stringify(content));
  return at(name);
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "adk-workflow-"));
  put("line.adk", LINE);
  put("rough.adk", ROUGH);
  put("line.json", { value: { x: [[0], [1]], y: [0, 1] }, slope: { x: [[0]], y: [[0.5]] } });
  put("points.json", { x: [[0], [0.25], [0.5]] });
  const fitted = await adk("fit", at("line.adk"), "--data", at("line.json"), "-o", at("line.safetensors"), "--quiet");
  if (fitted.code !== 0) throw new Error(fitted.stderr);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("adk check", () => {
  it("says that a spec is in order, sizes unbound", async () => {
    expect(await adk("check", `${root}examples/ethanol/sgdml.adk`)).toEqual({
      code: 0,
      stdout: "",
      stderr: "sgdml.adk: no errors\n",
    });
    expect(await adk("check", at("line.adk"), "--quiet")).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("shows errors with their place, and as JSON", async () => {
    const bad = put(
      "bad.adk",
      "model Bad\ninput x : real[2]\nkernel k(a, b) = rbf(a, b, 1)\nu ~ GP(k)\nobserve value : u^2\n" +
        "observe other : v\n",
    );
    const { code, stdout, stderr } = await adk("check", bad);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^bad\.adk:5:17: error ADK\d{4}: /m);
    expect(stdout).toMatch(/^bad\.adk:6:17: error ADK\d{4}: /m);
    expect(stderr).toBe("bad.adk: 2 errors\n");
    const report = JSON.parse((await adk("check", bad, "--json")).stdout) as { diagnostics: Record<string, unknown>[] };
    expect(report.diagnostics[0]).toMatchObject({
      severity: "error",
      file: "bad.adk",
      line: 5,
      column: 17,
      endLine: 5,
    });
    expect(report.diagnostics.length).toBe(2);
  });
});

describe("adk compile", () => {
  it("writes a module that contracts what it covaries", async () => {
    const { code, stdout } = await adk("compile", at("line.adk"), "-o", at("compiled"), "--ts");
    expect({
      code,
      files: stdout
        .trim()
        .split("\n")
        .map((path) => path.slice(at("compiled/").length))
        .sort(),
    }).toEqual({ code: 0, files: ["line.d.ts", "line.js", "line.ts"] });
    const module = (await import(pathToFileURL(at("compiled/line.js")).href)) as {
      groups: Record<string, { shape: number[] }>;
      covariance(
        row: string,
        x: Float64Array,
        col: string,
        y: Float64Array,
        params?: Record<string, number>,
      ): Float64Array;
      contract(
        row: string,
        x: Float64Array,
        col: string,
        y: Float64Array,
        alpha: Float64Array,
        params?: Record<string, number>,
      ): Float64Array;
    };
    expect(Object.keys(module.groups)).toEqual(["value", "slope"]);
    const [x, y, alpha] = [Float64Array.of(0, 0.3), Float64Array.of(1, 2, 3), Float64Array.of(1, -2, 0.5)];
    const dense = module.covariance("value", x, "slope", y, { l: 0.7 });
    const contracted = module.contract("value", x, "slope", y, alpha, { l: 0.7 });
    contracted.forEach((value, i) =>
      expect(value).toBeCloseTo(
        alpha.reduce((sum, a, j) => sum + a * (dense[3 * i + j] ?? 0), 0),
        13,
      ),
    );
  });

  it("names what isn't bound", async () => {
    const { code, stderr } = await adk("compile", `${root}examples/ethanol/sgdml.adk`, "-o", at("none"));
    expect(code).toBe(1);
    expect(stderr).toMatch(/ADK0601[\s\S]*`N`/);
    expect(stderr).toMatch(/perms|`P`/);
  });

  it("writes the same bytes twice", async () => {
    await adk("compile", at("line.adk"), "-o", at("first"));
    await adk("compile", at("line.adk"), "-o", at("second"));
    for (const name of readdirSync(at("first")))
      expect(readFileSync(at(`first/${name}`))).toEqual(readFileSync(at(`second/${name}`)));
  });
});

describe("adk covariance", () => {
  it("prints the joint matrix of groups, parameters from the file", async () => {
    const points = put("joint.json", {
      groups: [
        { operator: "value", x: [[0], [1]] },
        { operator: "slope", x: [[1]] },
      ],
      params: { l: 2 },
    });
    const { code, stdout } = await adk("covariance", at("line.adk"), "--points", points);
    const { groups, matrix } = JSON.parse(stdout) as { groups: unknown; matrix: number[][] };
    expect(code).toBe(0);
    expect(groups).toEqual([
      { operator: "value", offset: 0, shape: [2] },
      { operator: "slope", offset: 2, shape: [1, 1] },
    ]);
    const k = Math.exp(-1 / 8);
    const expected = [
      [1, k, -0.25 * k],
      [k, 1, 0],
      [-0.25 * k, 0, 0.25],
    ];
    matrix.forEach((row, i) =>
      row.forEach((value, j) => expect(Math.abs(value)).toBeCloseTo(Math.abs(expected[i]?.[j] ?? 0), 14)),
    );
    matrix.forEach((row, i) => row.forEach((value, j) => expect(value).toBe(matrix[j]?.[i])));
  });

  it("fills only the ordered pairs asked for, the mirror image from the transpose", async () => {
    const groups = [
      { operator: "value", x: [[0]] },
      { operator: "slope", x: [[1]] },
    ];
    const one = JSON.parse(
      (await adk("covariance", at("line.adk"), "--points", put("one.json", { groups, pairs: [[0, 1]] }))).stdout,
    ) as { matrix: (number | null)[][] };
    expect(one.matrix[0]?.[0]).toBeNull();
    expect(one.matrix[1]).toEqual([null, null]);
    expect(typeof one.matrix[0]?.[1]).toBe("number");
    const two = JSON.parse(
      (
        await adk(
          "covariance",
          at("line.adk"),
          "--points",
          put("two.json", {
            groups,
            pairs: [
              [0, 1],
              [1, 0],
            ],
          }),
        )
      ).stdout,
    ) as { matrix: (number | null)[][] };
    expect(two.matrix[1]?.[0]).toBe(two.matrix[0]?.[1]);
  });

  it("gives blocks at distinct points and refuses those that don't exist, naming the pair", async () => {
    const distinct = put("distinct.json", {
      groups: [
        { operator: "bend", x: [[0, 0]] },
        { operator: "bend", x: [[0.5, 0.2]] },
      ],
      pairs: [[0, 1]],
    });
    const block = JSON.parse((await adk("covariance", at("rough.adk"), "--points", distinct)).stdout) as {
      matrix: (number | null)[][];
    };
    expect(Number.isFinite(block.matrix[0]?.[1])).toBe(true);
    const meeting = put("meeting.json", { groups: [{ operator: "bend", x: [[0, 0]] }], pairs: [[0, 0]] });
    const { code, stderr } = await adk("covariance", at("rough.adk"), "--points", meeting);
    expect(code).toBe(1);
    expect(stderr).toMatch(/pair \[0, 0\] of bend and bend has no covariance where points coincide/);
    const harmless = put("harmless.json", { groups: [{ operator: "value", x: [[0, 0]] }] });
    expect(
      (JSON.parse((await adk("covariance", at("rough.adk"), "--points", harmless)).stdout) as { matrix: number[][] })
        .matrix,
    ).toEqual([[1]]);
  });

  it("takes the identity for permutations that nothing binds", async () => {
    const R = [
      [0, 0, 0],
      [0, 0, 1.1],
      [0, 1.2, 0.1],
    ];
    const points = put("mol.json", { groups: [{ operator: "forces", x: [R] }] });
    const { code, stdout } = await adk("covariance", `${root}examples/ethanol/sgdml.adk`, "--points", points);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { groups: unknown }).groups).toEqual([
      { operator: "forces", offset: 0, shape: [1, 3, 3] },
    ]);
  });

  it.each([
    [{ groups: [{ operator: "valeu", x: [[0]] }] }, /no label "valeu"; did you mean "value"\?/],
    [{ groups: [{ operator: "value", x: [[0, 1]] }] }, /expected the shape \[1, 1\], found \[1, 2\]/],
    [{ groups: [{ operator: "value", x: [[0]] }], params: { m: 1 } }, /parameter m/],
    [{ groups: [{ operator: "value", x: [[0]] }], params: { l: -1 } }, /parameter l/],
  ])("refuses %j", async (content, message) => {
    const { code, stdout, stderr } = await adk("covariance", at("line.adk"), "--points", put("refused.json", content));
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });
});

describe("adk fit, test, predict, export", () => {
  it("reports a fit as JSON, and writes the same bytes again", async () => {
    const { code, stdout } = await adk(
      "fit",
      at("line.adk"),
      "--data",
      at("line.json"),
      "-o",
      at("again.safetensors"),
      "--json",
      "--quiet",
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ n: 3, solver: "cholesky", threads: 1 });
    expect(readFileSync(at("again.safetensors"))).toEqual(readFileSync(at("line.safetensors")));
    expect(readdirSync(folder).filter((name) => name.endsWith(".partial"))).toEqual([]);
  });

  it("takes noise and parameters from options", async () => {
    const { code, stderr } = await adk(
      "fit",
      at("line.adk"),
      "--data",
      at("line.json"),
      "--set",
      "l=2",
      "--noise",
      "1e-3",
      "--noise",
      "value=1e-2",
      "-o",
      at("set.safetensors"),
      "--quiet",
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const info = JSON.parse((await adk("info", at("set.safetensors"), "--json")).stdout) as Record<string, unknown>;
    expect(info).toMatchObject({
      model: "Line",
      parameters: { l: 2 },
      noise: { value: 1e-2, slope: 1e-3 },
      training: { value: 2, slope: 1 },
    });
    for (const [option, value, message] of [
      ["--noise", "vale=1", /--noise vale: expected an observation/],
      ["--set", "m=1", /parameter m/],
      ["--bind", "N=3", /`N`/],
      ["--train", "1", /--train chooses frames/],
    ] as const) {
      const refused = await adk(
        "fit",
        at("line.adk"),
        "--data",
        at("line.json"),
        option,
        value,
        "-o",
        at("no.safetensors"),
      );
      expect(refused.stderr).toMatch(message);
      expect(refused.code).toBe(1);
    }
    expect(readdirSync(folder)).not.toContain("no.safetensors");
  });

  it("predicts as JSON and npz, in the shapes of the operators", async () => {
    expect((await adk("predict", at("line.safetensors"), "--data", at("points.json"), "-o", at("out.json"))).code).toBe(
      0,
    );
    const predicted = json("out.json") as { value: number[]; slope: number[][] };
    expect(predicted.value.length).toBe(3);
    expect(predicted.slope.map((row) => row.length)).toEqual([1, 1, 1]);
    expect(predicted.value[0]).toBeCloseTo(0, 4);
    expect((await adk("predict", at("line.safetensors"), "--data", at("points.json"), "-o", at("out.npz"))).code).toBe(
      0,
    );
    const { arrays } = readNpz(readFileSync(at("out.npz")), "out.npz");
    expect([...(arrays.get("slope")?.shape ?? [])]).toEqual([3, 1]);
    expect([...(arrays.get("value")?.data ?? [])]).toEqual(predicted.value);
  });

  it("tests against data", async () => {
    const { code, stdout } = await adk("test", at("line.safetensors"), "--data", at("line.json"), "--json");
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as Record<string, { mae: number; rmse: number; max: number }> & {
      points: number;
      left_out: number;
    };
    expect(report["value"]?.mae).toBeLessThan(1e-4);
    expect(report).toMatchObject({ points: 3, left_out: 0 });
  });

  it("exports a predictor with the same bits", async () => {
    expect((await adk("export", at("line.safetensors"), "-o", at("exported/line"), "--ts")).code).toBe(0);
    expect(readdirSync(at("exported/line")).sort()).toEqual(["line.d.ts", "line.js", "line.ts", "package.json"]);
    const module = (await import(pathToFileURL(at("exported/line/line.js")).href)) as {
      predictBatch(x: Float64Array, n: number): Record<string, Float64Array>;
      meta: unknown;
    };
    await adk("predict", at("line.safetensors"), "--data", at("points.json"), "-o", at("out.json"), "--quiet");
    const predicted = json("out.json") as { value: number[]; slope: number[][] };
    const batch = module.predictBatch(Float64Array.of(0, 0.25, 0.5), 3);
    expect([...(batch["value"] ?? [])]).toEqual(predicted.value);
    expect([...(batch["slope"] ?? [])]).toEqual(predicted.slope.flat());
    expect(readFileSync(at("exported/line/line.js"), "utf8")).not.toMatch(/\bimport\b|\beval\b|new Function/);
  });

  it("keeps parameters that came from a file of weights in the model", async () => {
    put(
      "deep.adk",
      `model Deep
input x : real[1]
param W : real[3, 1] from "W"
kernel k(a, b) = rbf(tanh(W @ a), tanh(W @ b), 1)
u ~ GP(k)
observe value : u   noise 1e-6
predict value : u
predict slope : ∇u
`,
    );
    put("weights.json", { W: [[0.5], [1], [-2]] });
    put("deep.json", { value: { x: [[0], [1]], y: [0, 1] } });
    expect(
      (
        await adk(
          "fit",
          at("deep.adk"),
          "--weights",
          at("weights.json"),
          "--data",
          at("deep.json"),
          "-o",
          at("deep.safetensors"),
          "--quiet",
        )
      ).code,
    ).toBe(0);
    const predicted = await adk(
      "predict",
      at("deep.safetensors"),
      "--data",
      put("near.json", { x: [[0.25 - 1e-4], [0.25], [0.25 + 1e-4]] }),
      "-o",
      at("deep.out.json"),
    );
    expect(predicted.code, predicted.stderr).toBe(0);
    const { value, slope } = json("deep.out.json") as { value: number[]; slope: number[][] };
    expect(slope[1]![0]!).toBeCloseTo((value[2]! - value[0]!) / 2e-4, 5);
    expect(slope[1]![0]!).toBeGreaterThan(0.1);
  });

  it("says what is wrong with files", async () => {
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [
        ["predict", at("absent.safetensors"), "--data", at("points.json"), "-o", at("x.json")],
        /absent\.safetensors: there is no such file/,
      ],
      [["predict", at("points.json"), "--data", at("points.json"), "-o", at("x.json")], /points\.json/],
      [["test", at("line.safetensors"), "--data", at("line.adk")], /line\.adk: expected JSON/],
      [
        ["fit", at("line.adk"), "--data", put("nothing.json", {}), "-o", at("x.safetensors")],
        /nothing\.json: expected data of at least one observation/,
      ],
      [
        [
          "fit",
          at("line.adk"),
          "--data",
          put("nan.json", { value: { x: [["a"]], y: [0] } }),
          "-o",
          at("x.safetensors"),
        ],
        /nan\.json: value\.x/,
      ],
      [["export", at("line.safetensors"), "-o", `${folder}/exported/..`], /cannot name a module/],
    ];
    for (const [args, message] of cases) {
      const { code, stderr } = await adk(...args);
      expect(stderr).toMatch(message);
      expect(code).toBe(1);
    }
  });
});
