/**
 * Fits that SIGKILL ends, of which they don't learn. In: the built command, killed at several moments of both solvers.
 * Out: the bytes of an undisturbed fit when it's run again; the old model whole until then.
 */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSafetensors } from "../../runtime/index.ts";
import { adk, ensureBuilt } from "../built.ts";

const folder = mkdtempSync(join(tmpdir(), "adk-kill-"));
const at = (name: string): string => join(folder, name);

beforeAll(ensureBuilt, 180_000);
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

/** What tells one content of a file from another: each write makes a new file, or a longer one. */
function markOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? "" : `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
}

/** Runs a command and kills it as soon as a file is there, or another. Its exit code where it was faster. */
async function killAtChange(args: readonly string[], path: string): Promise<number | undefined> {
  const before = markOf(path);
  const child = start(args);
  const exit = once(child, "exit") as Promise<[number | null, string | null]>;
  let isOver = false;
  void exit.then(() => {
    isOver = true;
  });
  while (!isOver && (markOf(path) === before || markOf(path) === ""))
    await new Promise((resolve) => setTimeout(resolve, 2));
  child.kill("SIGKILL");
  return (await exit)[0] ?? undefined;
}

const phaseOf = (path: string): string | undefined => readSafetensors(readFileSync(path), path).metadata.get("phase");

/** Runs that are killed, at most, until each phase has been hit. */
const MOST_RUNS = 40;

describe.skipIf(process.platform === "win32")("SIGKILL", () => {
  it.each([
    ["assembly, factor", 1600, ["--solver", "cholesky"]],
    ["preconditioner, cg", 600, ["--solver", "cg", "--memory", "0.002"]],
  ] as const)("at any moment (%s) costs no more than time", { timeout: 120_000 }, async (phases, count, options) => {
    const args = [...writeProblem(`${count}.json`, count), ...options];
    const path = at(`${count}.safetensors`),
      state = `${path}.checkpoint`,
      old = Buffer.from("an old model");
    expect(await once(start([...args, "-o", at(`${count}-calm.safetensors`)]), "exit")).toEqual([0, null]);
    writeFileSync(path, old);
    const seen = new Set<string>();
    const killed = async (after: string, file: string): Promise<void> => {
      expect(await killAtChange([...args, "-o", path, "--checkpoint-after", after], file)).toBeUndefined();
      expect(readFileSync(path)).toEqual(old);
    };
    // Before there's any state: the log alone is nothing to go on from.
    await killed("0.02", `${state}.log`);
    for (let runs = 0; phases.split(", ").some((phase) => !seen.has(phase)) && runs < MOST_RUNS; runs++) {
      await killed(seen.size === 0 ? "0.02" : "0.1", state);
      seen.add(phaseOf(state)!);
    }
    expect([...seen]).toEqual(phases.split(", "));
    expect(await once(start([...args, "-o", path]), "exit")).toEqual([0, null]);
    expect(readFileSync(path)).toEqual(readFileSync(at(`${count}-calm.safetensors`)));
    expect(readdirSync(folder).filter((name) => name.startsWith(`${count}.safetensors.`))).toEqual([]);
  });
});
