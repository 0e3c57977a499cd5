/**
 * Names mean nothing. In: a specification whose declared names are drawn from those that could: JavaScript's words,
 * our own helpers', those in printed text, `__proto__`, letters of other alphabets. Out: the numbers of the same
 * specification with plain names, from the process and from modules; and one text, whatever was compiled before.
 */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Compiled } from "../../compiler/compiled.ts";
import { compile } from "../../compiler/driver.ts";
import { check } from "../../compiler/index.ts";
import { emitTypeScript } from "../../compiler/emit/typescript.ts";
import { RESERVED } from "../../compiler/backends/reserved.ts";
import { fit } from "../../runtime/fit/gp.ts";
import { load } from "../../runtime/model/load.ts";

/** What a renaming gives names to. */
const ROLES = ["input", "param", "weights", "features", "kernel", "latent", "value", "slope", "direction"] as const;
type Names = Readonly<Record<(typeof ROLES)[number], string>>;
const PLAIN: Names = Object.fromEntries(ROLES.map((role) => [role, `plain_${role}`])) as Names;

const specification = (n: Names): string => `model M
input ${n.input} : real[2]
param ${n.param} = 0.8 > 0
const ${n.weights} : real[2] = [1, 0.5]
fn ${n.features}(a : real[2]) = [a[i] * ${n.weights}[i] + erf(a[0] - a[i]) for i in 2]
kernel ${n.kernel}(a, b) = rbf(${n.features}(a), ${n.features}(b), ${n.param})
${n.latent} ~ GP(${n.kernel})
observe ${n.value} : ${n.latent} noise 1e-6
observe ${n.slope}(${n.direction} : real[2]) : dot(${n.direction}, ∇${n.latent}) noise 1e-6
predict ${n.value} : ${n.latent}
predict ${n.slope}(${n.direction} : real[2]) : dot(${n.direction}, ∇${n.latent})
`;

/** Names that something else has, or that an escape might make of another. */
const HARD = [
  ...RESERVED,
  ..."T_weights T_plain_weights T_index iota x y m n n_y train_value train_slope p_ out_ staged staged_points staged_alpha".split(
    " ",
  ),
  ..."__proto__ constructor toString valueOf hasOwnProperty prototype alpha alpha_y offset posterior covariance_a".split(
    " ",
  ),
  ..."é _ue9_ λ _u3bb_ α ü π_ σ train_é t sum a b i j array Δt out_é".split(" "),
];
const LINE = "model M\ninput z : real[1]\nkernel k(a, b) = rbf(a, b, 1)\nw ~ GP(k)\nobserve o : w\n";

let allowed: string[];
beforeAll(() => {
  // The language has words, too: a name that no declaration may have is no renaming.
  allowed = [...new Set(HARD)].filter(
    (name) =>
      check({ name: "s.adk", text: `${LINE}predict ${name} : w\n` }, { resolve: () => undefined, bind: {} }).model &&
      check(
        { name: "s.adk", text: specification({ ...PLAIN, features: name }) },
        { resolve: () => undefined, bind: {} },
      ).model,
  );
});

const draw = (length: number, seed: number): Float64Array =>
  Float64Array.from({ length }, (_, k) => Math.sin(seed + 1.3 * k));
interface Module {
  covariance(row: string, x: unknown, col: string, y: unknown): Float64Array;
}
interface Predictor {
  predictBatch(
    x: Float64Array,
    count: number,
    args: Readonly<Record<string, Float64Array>>,
  ): Record<string, Float64Array>;
}
const imported = async <T>(js: string): Promise<T> =>
  (await import(`data:text/javascript;base64,${Buffer.from(js).toString("base64")}`)) as T;

/** Everything that a specification gives, in one order. */
async function numbersOf(n: Names): Promise<{ numbers: number[]; texts: string[] }> {
  const compiled = compile(specification(n));
  const points = { x: draw(4, 1), arguments: { [n.direction]: draw(4, 2) } },
    groups = [n.value, n.slope];
  const module = await imported<Module>(compiled.printModule().js);
  const blocks = groups.flatMap((row) =>
    groups.map((col) => {
      const block = compiled.covariance(row, points, col, points);
      expect(module.covariance(row, points, col, points)).toEqual(block);
      return [...block, ...compiled.contract(row, points, col, points, draw(2, 3))];
    }),
  );
  const training = Object.fromEntries(groups.map((l, g) => [l, { points, coefficients: draw(2, 4 + g) }]));
  const predicted = compiled.predict(compiled.stage(training), points);
  const exported = exportOf(compiled, training);
  const { predictBatch } = await imported<Predictor>(exported);
  const again = predictBatch(points.x, 2, points.arguments);
  for (const l of groups) expect(again[l]).toEqual(predicted[l]);
  const numbers = [...blocks.flat(), ...groups.flatMap((l) => [...predicted[l]!])];
  return { numbers, texts: [compiled.printModule().js, compiled.printModule().dts, exported] };
}

const exportOf = (compiled: Compiled, training: Parameters<Compiled["stage"]>[0]): string =>
  compiled.exportPredictor({ name: "p", training, parameters: {}, offsets: {}, meta: { units: { __proto__: 1 } } }).js;

const renamings = fc
  .shuffledSubarray(
    HARD.map((_, k) => k),
    { minLength: ROLES.length, maxLength: ROLES.length },
  )
  .map((picks) => (): Names => {
    const free = [...allowed];
    const names = picks.map((k) => free.splice(k % free.length, 1)[0]!);
    return Object.fromEntries(ROLES.map((role, r) => [role, names[r]!])) as Names;
  });

describe("any renaming", () => {
  it("gives the same numbers, and the same text whatever was compiled before", async () => {
    const plain = await numbersOf(PLAIN);
    let before: Names = PLAIN;
    await fc.assert(
      fc.asyncProperty(renamings, async (make) => {
        const names = make();
        const first = await numbersOf(names);
        const scale = Math.max(...plain.numbers.map(Math.abs));
        first.numbers.forEach((value, k) => {
          expect(Math.abs(value - plain.numbers[k]!)).toBeLessThan(1e-13 * scale);
        });
        compile(specification(before)).kernels.contraction(before.slope, before.value);
        const compiled = compile(specification(names));
        compiled.kernels.predictor([names.slope], [names.value]);
        expect(compiled.printModule().js).toBe(first.texts[0]);
        before = names;
      }),
      { numRuns: 20, seed: 13 },
    );
  }, 240_000);

  it("tells names apart that look alike once they are escaped", async () => {
    const names = {
      ...PLAIN,
      value: "é",
      slope: "_ue9_",
      features: "T_weights",
      weights: "weights",
      latent: "_u3bb_",
      param: "λ",
    };
    const [plain, hard] = [await numbersOf(PLAIN), await numbersOf(names)];
    const scale = Math.max(...plain.numbers.map(Math.abs));
    hard.numbers.forEach((value, k) => {
      expect(Math.abs(value - plain.numbers[k]!)).toBeLessThan(1e-13 * scale);
    });
  });

  it("is typed as strictly", () => {
    const names = {
      ...PLAIN,
      value: "__proto__",
      slope: "toString",
      direction: "constructor",
      features: "evaluate",
      param: "__proto",
    };
    const compiled = compile(specification(names));
    expect(emitTypeScript(compiled.printModule())).toContain("__proto__");
  });
});

describe("names in model files", () => {
  it.each(["__proto__", "constructor", "hasOwnProperty"])("a label, a parameter and an argument %s", (name) => {
    const text = (label: string, param: string): string =>
      `model P\ninput x : real[1]\nparam ${param} = 1 > 0\nkernel k(a, b) = rbf(a, b, ${param})\nu ~ GP(k)\n` +
      `observe ${label} : u noise 1e-8\npredict ${label} : u\npredict toString(v : real) : v * u\n`;
    const data = JSON.parse(`{"${name}":{"x":[[0],[1],[2]],"y":[1,2,3]}}`) as Record<string, never>;
    for (const other of [text(name, "l"), text(name, name === "constructor" ? "__proto__" : "constructor")]) {
      const model = fit(compile(other), data);
      const again = load(model.toBytes(), compile),
        at = Float64Array.of(0, 1, 2);
      const values = again.predict(at);
      expect(Object.keys(values)).toEqual([name]);
      expect([...values[name]!].every((value, k) => Math.abs(value - k - 1) < 1e-5)).toBe(true);
      const moved = again.predict({ x: at, arguments: { v: Float64Array.of(2, 2, 2) } }, ["toString"]);
      expect(Math.abs(moved["toString"]![2]! - 6)).toBeLessThan(1e-5);
    }
  });
});

describe("files that hold little", () => {
  it("a model line alone gives types that parse", () => {
    const module = compile("model M\ninput x : real[1]\n").printModule();
    expect(emitTypeScript(module)).toContain("covariance");
    expect(emitTypeScript(compile("model M\n").printModule())).toContain("contract");
  });

  it("a library is refused as one", () => {
    const text = "fn silu(x) = x * sigmoid(x)\n";
    expect(() => compile(text, { name: "nets.adk" })).toThrow(/nets\.adk is a library.*`model NAME`/s);
  });

  it("a parameter and a constant of very many entries are printed without calls of very many arguments", async () => {
    const size = 70_000;
    const compiled = compile(
      `model M\ndim D\ninput x : real[1]\nparam p : real[D] = 1\nkernel k(a, b) = rbf(a, b, 1) * p[0]\nu ~ GP(k)\n` +
        "observe value : u\npredict value : u\n",
      { bind: { D: size } },
    );
    const module = await imported<Module>(compiled.printModule().js);
    expect(module.covariance("value", draw(1, 1), "value", draw(1, 1))).toEqual(Float64Array.of(1));
    const training = { value: { points: { x: draw(1, 1) }, coefficients: draw(1, 2) } };
    const { predictBatch } = await imported<Predictor>(exportOf(compiled, training));
    expect(predictBatch(draw(1, 1), 1, {})["value"]).toEqual(draw(1, 2));
  });
});
