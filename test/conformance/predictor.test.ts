/**
 * Exported predictors against the models they come from. In: small fits of six specs. Out: the same bits by every way.
 * A module is written by `adk export` and imported from its file, as a user would; its ways are predict, predictInto
 * and predictBatch, those of the model are `model.predict` in process and `adk predict`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emitTypeScript } from "../../compiler/emit/typescript.ts";
import { compile } from "../../compiler/index.ts";
import { load, type Model } from "../../runtime/index.ts";
import { Workspace } from "./commands.ts";
import { flat, golden, type Nested } from "./golden.ts";

type Arguments = Readonly<Record<string, Float64Array>>;
type Arrays = Record<string, Float64Array>;
interface Module {
  readonly meta: Readonly<Record<string, unknown>>;
  prepare(): void;
  predict(point: Float64Array, args?: Arguments): Record<string, number | Float64Array>;
  predictInto(point: Float64Array, out: Arrays, args?: Arguments): Arrays;
  predictBatch(points: Float64Array, count: number, args?: Arguments): Arrays;
}

/** A spec, what it is fitted to and where it is asked. */
interface Example {
  readonly spec: string;
  readonly data: unknown;
  readonly options?: readonly string[];
  readonly points: readonly Nested[];
  readonly arguments?: Readonly<Record<string, readonly Nested[]>>;
}

const specOf = (name: string): string =>
  readFileSync(new URL(`../../examples/specs/${name}.adk`, import.meta.url), "utf8");
/** Points that look scattered, the same every time. */
const scattered = (count: number, size: number, seed = 1): number[][] =>
  Array.from({ length: count }, (_, i) =>
    Array.from({ length: size }, (_, c) => (Math.sin(12.9898 * (i + seed) + 78.233 * (c + 1)) * 43758.5453) % 1),
  );

const TWO_LATENTS = `model TwoLatents
input x : real[3]
param l = 0.8 > 0
param m = 1.1 > 0
kernel f(a, b) = rbf(a, b, l)
kernel g(a, b) = matern52(a, b, m)
phi ~ GP(f, mean = 0.5 * x[0])
A : real[3] ~ GP(g)
observe field : ∇phi + curl(A)  noise 1e-4
observe level : phi             noise 1e-6
predict level : phi
predict field : ∇phi + curl(A)
predict turn : curl(A)
`;

function examples(): Record<string, Example> {
  const { inputs } = golden<{
    inputs: { R_train: Nested[]; F_train: Nested[]; E_train: number[]; R_test: Nested[]; perms: number[][] };
  }>("sgdml-malonaldehyde-F");
  const wave = golden<{ inputs: { observations: Record<string, { x: number[][] }>; x_test: number[][] } }>(
    "wave",
  ).inputs;
  const frames = (count: number): unknown => ({
    R: inputs.R_train.slice(0, count),
    F: inputs.F_train.slice(0, count),
    E: inputs.E_train.slice(0, count),
  });
  const plane = scattered(12, 2),
    space = scattered(9, 3);
  // Three atoms have three distances: what is staged of a geometry is less than the geometry.
  const triatomic = (count: number, seed: number): number[][][] =>
    scattered(count, 9, seed).map((d) =>
      [0, 1, 2].map((a) => [0, 1, 2].map((c) => (a === c ? 1.5 : 0) + 0.2 * d[3 * a + c]!)),
    );
  const water = triatomic(6, 60);
  return {
    sgdml: { spec: specOf("sgdml"), data: frames(6), options: ["perms"], points: inputs.R_test.slice(0, 4) },
    gdml: { spec: specOf("gdml"), data: frames(5), points: inputs.R_test.slice(0, 4) },
    wave: {
      spec: specOf("wave"),
      points: wave.x_test.slice(0, 7),
      options: ["--noise", "1e-8"],
      data: {
        string: { x: wave.observations["wave"]!.x },
        left: { x: wave.observations["u(0,t)"]!.x },
        position: { x: wave.observations["u(x,0)"]!.x },
      },
    },
    flow2d: {
      spec: `${specOf("flow2d")}predict probe(n : real[2]) : dot(n, [d(psi, y), -d(psi, x)])\n`,
      data: {
        velocity: { x: plane, y: plane.map(([a, b]) => [b, -a!]) },
        wall: { x: scattered(4, 2, 50) },
        probe: { x: plane.slice(0, 5), n: scattered(5, 2, 70), y: [0.1, -0.2, 0.3, 0.2, -0.1] },
      },
      points: scattered(5, 2, 30),
      arguments: { n: scattered(5, 2, 90) },
    },
    water: {
      spec: specOf("gdml"),
      data: { R: water, F: water.map(([o, h, g]) => [h, g, o]), E: water.map(([o]) => o![0]!) },
      points: triatomic(3, 80),
    },
    two_latents: {
      spec: TWO_LATENTS,
      points: scattered(5, 3, 40),
      data: {
        field: { x: space, y: space.map(([a, b, c]) => [b! * c!, a! - c!, a! * b!]) },
        level: { x: space.slice(0, 2), y: [0.3, -0.1] },
      },
    },
  };
}

let workspace: Workspace;
const made = new Map<string, { example: Example; model: Model; path: string; text: string; module: Module }>();

beforeAll(async () => {
  workspace = new Workspace();
  const perms = workspace.put(
    "perms.json",
    golden<{ inputs: { perms: unknown } }>("sgdml-malonaldehyde-F").inputs.perms,
  );
  for (const [name, example] of Object.entries(examples())) {
    const options = (example.options ?? []).flatMap((option) =>
      option === "perms" ? ["--bind", `perms=@${perms}`] : [option],
    );
    const path = await workspace.fit(
      name,
      workspace.put(`${name}.adk`, example.spec),
      workspace.put(`${name}.json`, example.data),
      ...options,
    );
    await workspace.run("export", path, "-o", workspace.path(`out/${name}`));
    const file = workspace.path(`out/${name}/${name}.js`);
    const module = (await import(pathToFileURL(file).href)) as Module;
    made.set(name, {
      example,
      model: load(readFileSync(path), compile),
      path,
      text: readFileSync(file, "utf8"),
      module,
    });
  }
});
afterAll(() => {
  workspace.remove();
});

const bits = (values: ArrayLike<number>): string => Buffer.from(Float64Array.from(values).buffer).toString("hex");
const bitsOf = (predictions: Readonly<Record<string, Float64Array>>): Record<string, string> =>
  Object.fromEntries(Object.entries(predictions).map(([label, values]) => [label, bits(values)]));
const argumentsOf = ({ arguments: given }: Example, from: number, to: number): Arguments | undefined =>
  given && Object.fromEntries(Object.entries(given).map(([name, values]) => [name, flat(values.slice(from, to))]));

describe.each(["sgdml", "gdml", "wave", "flow2d", "water", "two_latents"])("the predictor of %s", (name) => {
  it("gives the model's bits by every way and in every number", async () => {
    const { example, model, path, module } = made.get(name)!,
      { points } = example,
      count = points.length;
    const given = argumentsOf(example, 0, count),
      whole = model.predict({ x: flat(points), ...(given ? { arguments: given } : {}) });
    const expected = bitsOf(whole);
    expect(Object.keys(expected).length).toBe(model.compiled.predictions.length);
    expect(bitsOf(module.predictBatch(flat(points), count, given))).toEqual(expected);
    const singles = points.map((point, i) => module.predict(flat(point), argumentsOf(example, i, i + 1)));
    const kept: Arrays = Object.fromEntries(
      model.compiled.predictions.map(({ label, shape }) => [label, new Float64Array(shape.reduce((a, b) => a * b, 1))]),
    );
    for (const [label, values] of Object.entries(whole)) {
      expect(
        bits(
          singles.flatMap((single) => {
            const value = single[label]!;
            return typeof value === "number" ? [value] : [...value];
          }),
        ),
        label,
      ).toBe(expected[label]);
      const size = values.length / count;
      points.forEach((point, i) => {
        expect(module.predictInto(flat(point), kept, argumentsOf(example, i, i + 1))).toBe(kept);
        expect(bits(kept[label]!), label).toBe(bits(values.subarray(i * size, (i + 1) * size)));
      });
      for (const part of [0, 1, 3]) {
        expect(
          bits(module.predictBatch(flat(points.slice(0, part)), part, argumentsOf(example, 0, part))[label]!),
          label,
        ).toBe(bits(values.subarray(0, part * size)));
      }
    }
    const said = await workspace.predict(path, { x: points, ...example.arguments });
    expect(Object.fromEntries(Object.entries(said).map(([label, values]) => [label, bits(flat(values))]))).toEqual(
      expected,
    );
  });

  it("stands alone", () => {
    const { text } = made.get(name)!;
    expect(text).not.toMatch(/\bimport\b(?!\.meta)|\brequire\b|\beval\b|\bFunction\b|\bsetTimeout\b/);
    expect(text).not.toContain(workspace.folder);
  });

  it("names a wrong length and a number that isn't finite", () => {
    const { example, model, module } = made.get(name)!,
      point = flat(example.points[0]!),
      given = argumentsOf(example, 0, 1);
    const input = model.compiled.input.name;
    expect(() => module.predict(point.subarray(1), given)).toThrow(
      new RangeError(`${input} has ${point.length - 1} numbers, not ${point.length}`),
    );
    expect(() => module.predictBatch(point, 2, given)).toThrow(RangeError);
    const broken = point.slice();
    broken[1] = NaN;
    expect(() => module.predict(broken, given)).toThrow(new TypeError(`${input}[1] is NaN`));
    expect(() => module.predictInto(point, {}, given)).toThrow(/^out\.\w+ has undefined entries, not \d+$/);
  });

  it("says what it is", () => {
    const { model, module } = made.get(name)!,
      { compiled } = model;
    expect(module.meta).toMatchObject({
      name: compiled.name,
      specHash: compiled.hash,
      compiler: compiled.version,
      hyperparameters: JSON.parse(
        JSON.stringify(model.parameters, (_, v: unknown) => (v instanceof Float64Array ? [...v] : v)),
      ),
      units: model.units,
      amplification: model.amplification,
      dataHash: model.state.dataHash,
      trainingPoints: Object.fromEntries(
        Object.entries(model.training).map(([label, { points }]) => [
          label,
          points.x.length / compiled.input.shape.reduce((a, b) => a * b, 1),
        ]),
      ),
      outputs: Object.fromEntries(
        compiled.predictions.map(({ label, shape, arguments: args }) => [
          label,
          { shape, arguments: Object.fromEntries(args.map((a) => [a.name, a.shape])) },
        ]),
      ),
    });
    expect(module.meta["bytes"]).toBeGreaterThan(0);
  });
});

describe("predictors", () => {
  it("name an argument that is missing", () => {
    const { example, module } = made.get("flow2d")!;
    expect(() => module.predict(flat(example.points[0]!))).toThrow(/argument n has undefined numbers, not 2/);
    expect(() => module.predict(flat(example.points[0]!), { n: Float64Array.of(1) })).toThrow(
      /argument n has 1 numbers, not 2/,
    );
  });

  it("carry inputs or what is staged of them, whichever is smaller", () => {
    const holdsInputs = [...made].map(([name, { text }]) => [name, /^ {2}"\w+\.x": float64\(/m.test(text)] as const);
    expect(new Set(holdsInputs.map(([, inputs]) => inputs))).toEqual(new Set([true, false]));
  });

  it("are declared as they are used", async () => {
    const { default: ts } = await import("typescript");
    const consumer = `import { meta, predict, predictBatch, predictInto, prepare } from "./gdml/gdml.js";
import { predict as probe } from "./flow2d/flow2d.js";
prepare();
const { energy, forces } = predict(new Float64Array(27));
export const level: number = energy;
export const first: number | undefined = forces[0];
export const out = predictInto(new Float64Array(27), { energy: new Float64Array(1), forces: new Float64Array(27) });
export const energies: Float64Array = predictBatch(new Float64Array(54), 2).energy;
export const seen: number = probe(new Float64Array(2), { n: new Float64Array(2) }).probe;
export const name: string = meta.name;
`;
    const check = (file: string, text: string): string[] => {
      const options = {
        strict: true,
        noEmit: true,
        types: [],
        skipLibCheck: false,
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.NodeNext,
        moduleResolution: ts.ModuleResolutionKind.NodeNext,
      };
      const program = ts.createProgram([workspace.put(`out/${file}`, text)], options);
      return ts.getPreEmitDiagnostics(program).map((d) => ts.flattenDiagnosticMessageText(d.messageText, "\n"));
    };
    expect(check("consumer.mts", consumer)).toEqual([]);
    expect(
      check(
        "wrong.mts",
        'import { predict } from "./flow2d/flow2d.js";\nexport const a: string = predict(new Float64Array(2)).probe;\n',
      ).length,
    ).toBeGreaterThan(0);
  });
});

describe("a predictor with its weights beside it", () => {
  const COUNT = 720_000;
  const spec =
    "model Many\ninput x : real[2]\nkernel k(a, b) = rbf(a, b, 1)\nu ~ GP(k)\nobserve level : u\npredict level : u\n";
  const compiled = compile(spec);
  const training = {
    level: {
      points: { x: Float64Array.from({ length: 2 * COUNT }, (_, i) => Math.sin(i)) },
      coefficients: Float64Array.from({ length: COUNT }, (_, i) => Math.cos(3 * i)),
    },
  };
  const request = { name: "many", training, parameters: {}, offsets: {}, meta: {} };
  const at = Float64Array.of(0.3, -0.2);

  it("loads them from the file, from bytes, and only whole", async () => {
    const { js, ts, weights } = compiled.exportPredictor(request);
    expect(weights!.byteLength).toBe(3 * 8 * COUNT);
    expect(emitTypeScript({ js, ...(ts === undefined ? {} : { ts }) })).toContain("export async function load(");
    const file = workspace.put("many.mjs", js);
    workspace.put("many.weights.bin", weights!);
    const module = (await import(pathToFileURL(file).href)) as Module & {
      load(source?: URL | string | Uint8Array | ArrayBuffer): Promise<void>;
    };
    expect(() => module.predict(at)).toThrow(/load\(\) first/);
    await expect(module.load(weights!.subarray(8))).rejects.toThrow(
      `the weights have ${weights!.byteLength - 8} bytes, not ${weights!.byteLength}`,
    );
    const expected = compiled.predict(compiled.stage(training), at)["level"]![0];
    for (const source of [
      undefined,
      weights!,
      weights!.slice().buffer as ArrayBuffer,
      pathToFileURL(join(workspace.folder, "many.weights.bin")),
    ]) {
      await module.load(source);
      expect(module.predict(at)["level"]).toBe(expected);
    }
  });

  it("is one file where that is asked for", () => {
    const { js, weights } = compiled.exportPredictor({ ...request, inline: true });
    expect(weights).toBeUndefined();
    expect(js.length).toBeGreaterThan(16 * 2 ** 20);
    expect(js).not.toContain("weights.bin");
  });
});
