/**
 * Fits that SIGKILL ends, of which they don't learn. In: the built command, killed in the middle of what both solvers
 * write.
 * Out: the bytes of an undisturbed fit when it's run again; the old model whole until then.
 */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSafetensors } from "../../runtime/index.ts";
import { adk, ensureBuilt } from "../built.ts";

const folder = mkdtempSync(join(tmpdir(), "adk-kill-"));
const at = (name: string): string => join(folder, name);

beforeAll(ensureBuilt);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const SPEC = `model Plane
input x : real[2]
param l = 1 > 0
kernel k(a, b) = matern52(a, b, l)
u ~ GP(k)
observe value : u   noise 1e-3
predict value : u
`;

function writeProblem(name: string, count: number): string[] {
  const x = Array.from({ length: count }, (_, i) => [8 * Math.sin(3 * i), 8 * Math.cos(1.7 * i * i)]);
  writeFileSync(at("plane.adk"), SPEC);
  writeFileSync(at(name), JSON.stringify({ value: { x, y: x.map(([a, b]) => Math.sin(a!) + Math.cos(b!)) } }));
  return ["fit", at("plane.adk"), "--data", at(name), "--threads", "2", "--quiet"];
}

const start = (args: readonly string[]): ChildProcess => spawn(process.execPath, [adk, ...args], { stdio: "ignore" });

/** The moments at which a command kills itself; see kill_child.mjs. */
type Moment = "log" | "before" | "after";

/** Runs a command that kills itself at the n-th of such moments, which must come. */
async function kill(args: readonly string[], moment: Moment, n: number): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "kill_child.mjs"), moment, String(n), ...args], {
    stdio: "ignore",
  });
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
}

const phaseOf = (path: string): string | undefined => readSafetensors(readFileSync(path), path).metadata.get("phase");

/** Runs that are killed, at most, until each phase has been hit. */
const MOST_RUNS = 12;

describe.skipIf(process.platform === "win32")("SIGKILL", () => {
  it.each([
    ["assembly, factor", 1600, ["--solver", "cholesky"]],
    ["preconditioner, cg", 600, ["--solver", "cg", "--memory", "0.002"]],
  ] as const)("at any moment (%s) costs no more than time", async (phases, count, options) => {
    const args = [...writeProblem(`${count}.json`, count), ...options];
    const path = at(`${count}.safetensors`),
      state = `${path}.checkpoint`,
      old = Buffer.from("an old model");
    expect(await once(start([...args, "-o", at(`${count}-calm.safetensors`)]), "exit")).toEqual([0, null]);
    writeFileSync(path, old);
    const seen = new Set<string>();
    const killed = async (moment: Moment, n: number): Promise<void> => {
      await kill([...args, "-o", path, "--checkpoint-after", "0"], moment, n);
      expect(readFileSync(path)).toEqual(old);
    };
    // Before there's any state: half a record of the log, or the whole of it, is nothing to go on from.
    await killed("log", 1);
    await killed("before", 1);
    expect(existsSync(state)).toBe(false);
    for (let runs = 0; phases.split(", ").some((phase) => !seen.has(phase)) && runs < MOST_RUNS; runs++) {
      await killed("after", 2);
      seen.add(phaseOf(state)!);
    }
    expect([...seen]).toEqual(phases.split(", "));
    expect(await once(start([...args, "-o", path]), "exit")).toEqual([0, null]);
    expect(readFileSync(path)).toEqual(readFileSync(at(`${count}-calm.safetensors`)));
    expect(readdirSync(folder).filter((name) => name.startsWith(`${count}.safetensors.`))).toEqual([]);
  });
});
