/** `adk plan` and what `adk fit --json` says beside it: their contracts, and the memory that was forecast. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FitReport, Plan } from "../../runtime/index.ts";
import { adk as entry, ensureBuilt } from "../built.ts";
import { adk } from "./terminal.ts";

const SPEC = `model Plane
input x : real[2]
param l = 1 > 0
kernel k(a, b) = rbf(a, b, l)
u ~ GP(k)
observe value : u   noise 1e-3
predict value : u
`;
const folder = mkdtempSync(join(tmpdir(), "adk-plan-"));
const at = (name: string): string => join(folder, name);
const points = (count: number) => ({
  value: {
    x: Array.from({ length: count }, (_, i) => [4 * Math.sin(3 * i), 4 * Math.cos(1.7 * i * i)]),
    y: Array.from({ length: count }, (_, i) => Math.sin(i)),
  },
});
beforeAll(async () => {
  writeFileSync(at("plane.adk"), SPEC);
  writeFileSync(at("few.json"), JSON.stringify(points(200)));
  writeFileSync(at("some.json"), JSON.stringify(points(1500)));
  writeFileSync(at("many.json"), JSON.stringify(points(3500)));
  await ensureBuilt();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The command in a process of its own; it's interrupted once `isStopped` is true. */
async function child(
  args: readonly string[],
  isStopped: () => boolean = () => false,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const started = spawn(process.execPath, [entry, ...args]);
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    started[stream].on("data", (chunk: Buffer) => {
      said[stream] += chunk.toString();
    });
  const closed = once(started, "close");
  while (started.exitCode === null && started.signalCode === null && !isStopped()) await sleep(2);
  started.kill("SIGINT");
  await closed;
  return { code: started.exitCode ?? (started.signalCode === "SIGINT" ? 130 : null), ...said };
}

describe("adk plan", () => {
  it("says solver, memory and time, and what it left out", async () => {
    const { code, stdout } = await adk("plan", at("plane.adk"), "--data", at("few.json"), "--json", "--threads", "1");
    expect(code).toBe(0);
    const plan = JSON.parse(stdout) as Plan;
    expect(plan).toMatchObject({
      n: 200,
      solver: "cholesky",
      threads: 1,
      alternatives: [{ solver: "cg", why: expect.stringContaining("cholesky fits") as string }],
    });
    for (const { bytes, seconds } of [plan, ...plan.alternatives]) {
      expect(bytes).toBeGreaterThan(1e6);
      expect(seconds).toBeGreaterThan(0);
    }
    const text = await adk("plan", at("plane.adk"), "--data", at("few.json"), "--solver", "cg");
    const [chosen, alternative, ...rest] = text.stdout.split("\n");
    expect(chosen).toMatch(
      /^200 equations by cg with a preconditioner of rank \d+, about \d+ iterations: .* of memory, about .*$/,
    );
    expect(alternative).toMatch(/^not cholesky .*: cg was asked for$/);
    expect(rest).toEqual([""]);
  });

  it("refuses what can't fit, with what would, as fit does", async () => {
    for (const command of [["plan"], ["fit", "-o", at("none.safetensors")]]) {
      const { code, stderr } = await adk(
        command[0]!,
        at("plane.adk"),
        ...command.slice(1),
        "--data",
        at("few.json"),
        "--memory",
        "0.00001",
      );
      expect(code).toBe(1);
      expect(stderr).toMatch(/200 equations don't fit .* training points in place of 200 would fit/);
    }
    expect(existsSync(at("none.safetensors"))).toBe(false);
    expect((await adk("plan", at("plane.adk"), "--data", at("few.json"), "--solver", "lu")).stderr).toMatch(
      /--solver: expected auto, cholesky or cg, found "lu"/,
    );
  });
});

describe("adk fit", () => {
  it.each([
    ["cholesky", "many.json", 3500],
    ["cg", "some.json", 1500],
  ])("by %s takes the memory that was forecast within a factor of 1.5", async (solver, data, n) => {
    const { code, stdout, stderr } = await child([
      "fit",
      at("plane.adk"),
      "--data",
      at(data),
      "-o",
      at(`${solver}.safetensors`),
      "--json",
      "--quiet",
      "--solver",
      solver,
    ]);
    expect(code, stderr).toBe(0);
    const report = JSON.parse(stdout) as FitReport;
    expect(Object.keys(report)).toEqual(
      expect.arrayContaining([
        "n",
        "solver",
        "threads",
        "seconds",
        "bytes",
        "plan",
        "iterations",
        "residual",
        "amplification",
        "errors",
      ]),
    );
    expect(report).toMatchObject({ n, solver, plan: { n, solver } });
    expect(report.bytes / report.plan!.bytes).toBeGreaterThan(1 / 1.5);
    expect(report.bytes / report.plan!.bytes).toBeLessThan(1.5);
    expect(existsSync(at(`${solver}.safetensors.checkpoint`))).toBe(false);
  });

  it("that is interrupted exits with 130, leaves a checkpoint, and goes on from it", async () => {
    const args = [
      "fit",
      at("plane.adk"),
      "--data",
      at("many.json"),
      "--solver",
      "cg",
      "--tolerance",
      "1e-9",
      "--noise",
      "1e-9",
      "--threads",
      "1",
      "--checkpoint-after",
      "0",
      "-o",
      at("stopped.safetensors"),
    ];
    // It may be over before it hears of the signal, and is stopped the next time.
    let code: number | null = 0;
    while (code === 0) {
      rmSync(at("stopped.safetensors"), { force: true });
      ({ code } = await child(args, () => existsSync(at("stopped.safetensors.checkpoint"))));
    }
    expect(code).toBe(130);
    expect(existsSync(at("stopped.safetensors"))).toBe(false);
    expect(existsSync(at("stopped.safetensors.checkpoint"))).toBe(true);
    const other = await adk(
      "fit",
      at("plane.adk"),
      "--data",
      at("many.json"),
      "--solver",
      "cg",
      "--noise",
      "1e-3",
      "-o",
      at("stopped.safetensors"),
    );
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/is the checkpoint of another fit\. What differs: .*--fresh/);
    const resumed = await child(args);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(resumed.stderr).toMatch(/resuming from/);
    expect(existsSync(at("stopped.safetensors.checkpoint"))).toBe(false);
  });
});
