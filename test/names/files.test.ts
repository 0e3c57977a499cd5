/**
 * Model files of earlier versions, and tables told by what they hold. In: the files of test/golden/models-0.1.0. Out:
 * the predictions that their own version made, in this process, in a new one, and after other specs were compiled.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../compiler/driver.ts";
import { readSafetensors, writeSafetensors } from "../../runtime/data/safetensors.ts";
import { load } from "../../runtime/model/load.ts";
import { casesOf, predictAt, predictions, type Predicted } from "./child.ts";

const models = fileURLToPath(new URL("../golden/models-0.1.0", import.meta.url)),
  cases = casesOf(models);
const folder = mkdtempSync(join(tmpdir(), "adk-files-")),
  program = join(folder, "child.mjs");

beforeAll(async () => {
  const bundle = await rolldown({ input: fileURLToPath(new URL("child.ts", import.meta.url)), platform: "node" });
  await bundle.write({ format: "esm", file: program });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The specs of the imported models, with other names for all that they declare. */
const renamed = (word: string): string => `model M
dim N
input Q : real[N, 3]
param s = 10 > 0
fn ${word}(Q : real[N, 3]) = [1 / norm(Q[i] - Q[j]) for i in N, j in N if i < j]
kernel k(a, b) = matern52(${word}(a), ${word}(b), s)
u ~ GP(k)
observe forces : -∇u noise 1e-10
predict energy : u
`;

const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(join(models, `${name}.safetensors`)));

/** To rounding, which each model amplifies as its file says: the order of sums is the compiler's affair. */
function expectAlike(found: Predicted): void {
  expect(Object.keys(found)).toEqual(Object.keys(cases));
  for (const [name, { expected }] of Object.entries(cases)) {
    const amplification = Number(readSafetensors(bytesOf(name), name).metadata.get("amplification"));
    const rounding = 10 * Number.EPSILON * amplification;
    expect(rounding).toBeLessThan(1e-4);
    for (const [label, values] of Object.entries(expected)) {
      const scale = Math.max(...values.map(Math.abs));
      values.forEach((value, n) => {
        expect(Math.abs(found[name]![label]![n]! - value), `${name}: ${label}[${n}]`).toBeLessThan(rounding * scale);
      });
    }
  }
}

describe("files of 0.1.0", () => {
  it("predict the same here", () => {
    expectAlike(predictions(models));
  });

  it("and in a process of their own, whatever it compiled before: the same bits", () => {
    const runs = [[], [renamed("first"), renamed("alpha")], [renamed("points")]].map((specs) => {
      const { stdout, stderr, status } = spawnSync(process.execPath, [program, models, ...specs], { encoding: "utf8" });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      return JSON.parse(stdout) as Predicted;
    });
    expectAlike(runs[0]!);
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).toEqual(runs[0]);
  });
});

describe("files of today", () => {
  const name = "sgdml-imported-energies-forces",
    old = bytesOf(name);

  it("find their tables by what these hold, whatever they are called", () => {
    const { tensors, metadata } = readSafetensors(load(old, compile).toBytes(), "m");
    const tables = [...tensors.keys()].filter((key) => key.startsWith("tables."));
    expect(tables.length).toBeGreaterThan(1);
    // Names go round in a ring. The checksum covers names, so a file is made that has these from the beginning.
    const state = load(old, compile).state;
    const ring = new Map(tables.map((key, n) => [key.slice(7), tables[(n + 1) % tables.length]!.slice(7)]));
    const samples = JSON.parse(metadata.get("tables")!) as Record<string, unknown>;
    const shuffled = {
      ...state.compiled,
      staging: {
        ...state.compiled.staging!,
        layout: (observed: readonly string[]) => {
          const layout = state.compiled.staging!.layout(observed);
          return { ...layout, tables: layout.tables.map((t) => ({ ...t, name: ring.get(t.name)! })) };
        },
      },
    };
    const called = (record: Readonly<Record<string, Float64Array>>): Record<string, Float64Array> =>
      Object.fromEntries(Object.entries(record).map(([key, value]) => [ring.get(key)!, value]));
    const written = Object.assign(
      Object.create(Object.getPrototypeOf(state.compiled) as object),
      shuffled,
    ) as typeof state.compiled;
    const model = load(old, compile);
    const bytes = Object.assign(Object.create(Object.getPrototypeOf(model) as object), model, {
      state: { ...state, compiled: written, tables: { ...state.tables!, tables: called(state.tables!.tables) } },
    }) as typeof model;
    const file = bytes.toBytes(),
      other = readSafetensors(file, "m");
    expect(JSON.parse(other.metadata.get("tables")!)).not.toEqual(samples);
    expect(predictAt(load(file, compile), cases[name]!)).toEqual(predictAt(model, cases[name]!));
  });

  it("are refused where a table holds something else", () => {
    const { tensors, metadata } = readSafetensors(load(old, compile).toBytes(), "m");
    const samples = JSON.parse(metadata.get("tables")!) as Record<string, number[]>;
    const [first] = Object.keys(samples);
    const changed = { ...samples, [first!]: samples[first!]!.map((value) => 2 * value) };
    const file = writeSafetensors({ tensors, metadata: new Map([...metadata, ["tables", JSON.stringify(changed)]]) });
    expect(() => load(file, compile)).toThrow(/expected the table staged_\w+, found none.*import the model again/s);
  });
});
