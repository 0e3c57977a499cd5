/**
 * The same input gives the same bytes: whatever was compiled before, in whatever order, in this process or a new one.
 * In: specs. Out: equal fingerprints of printed modules and exported predictors.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { add, axis, at, lit, map, param, sum } from "../compiler/ir/expr.ts";
import { compileSpec } from "./loops/support.ts";
import { fingerprints, SPECS } from "./determinism_child.ts";

const specs = fileURLToPath(new URL("specs", import.meta.url)),
  names = Object.keys(SPECS);
const folder = mkdtempSync(join(tmpdir(), "adk-determinism-")),
  program = join(folder, "child.mjs");
let first: Record<string, string>;

beforeAll(async () => {
  const bundle = await rolldown({
    input: fileURLToPath(new URL("determinism_child.ts", import.meta.url)),
    platform: "node",
  });
  const { output } = await bundle.generate({ format: "esm" });
  writeFileSync(program, output[0].code);
  first = fingerprints(specs, names);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Compiles the specs in a process that has compiled nothing else. */
function apart(order: readonly string[]): Record<string, string> {
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, specs, ...order], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout) as Record<string, string>;
}

describe("the same bytes", () => {
  it("twice in one process, in the other order, after other specs", () => {
    compileSpec("laplace_disc").printModule();
    compileSpec("himmelblau").kernels.predictor(["value"], ["value", "gradient", "bend"]);
    expect(fingerprints(specs, [...names].reverse())).toEqual(first);
  });

  it("whatever terms exist already, and whatever axes are numbered", () => {
    const x = param("x", [2]),
      a = axis(2, "c");
    for (let n = 0; n < 200; n++) sum([a], map("exp", add(at(x, [a]), lit(n))));
    expect(fingerprints(specs, ["gdml", "rosenbrock"])).toEqual({ gdml: first.gdml, rosenbrock: first.rosenbrock });
  });

  it("in processes of their own, in any order", () => {
    expect(apart([...names].reverse())).toEqual(first);
    expect(apart(["sgdml"])).toEqual({ sgdml: first.sgdml });
  });

  it("and not because nothing is compared", () => {
    expect(new Set(Object.values(first)).size).toBe(names.length);
    expect(Object.values(first).every((f) => /^[0-9a-f]{64}(,[0-9a-f]{64}){2}$/.test(f))).toBe(true);
  });
});
