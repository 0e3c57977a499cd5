/**
 * Commands that Ctrl-C ends: the exit code, and that nothing half done stays behind.
 * In: commands on the ethanol data. Out: exit code 130, no model, and at most the checkpoint to resume from.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askToStop } from "../../cli/interrupt.ts";
import { adk as command, ensureBuilt, root } from "../built.ts";
import { adk } from "./terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "adk-interrupt-"));
const at = (name: string): string => join(folder, name);
const ethanol = join(root, "examples/ethanol");

beforeAll(ensureBuilt, 180_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(process.platform === "win32")("Ctrl-C", () => {
  it("ends adk fit with 130 and leaves nothing but a checkpoint", async () => {
    const child = spawn(
      process.execPath,
      [
        command,
        "fit",
        join(ethanol, "sgdml.adk"),
        "--data",
        join(ethanol, "ethanol.npz"),
        "--bind",
        `perms=@${join(ethanol, "perms.json")}`,
        "--train",
        "250",
        "--test",
        "0",
        "-o",
        at("stopped.safetensors"),
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    const exit = once(child, "exit");
    const [line] = (await once(child.stderr, "data")) as [Buffer];
    expect(line.toString()).toMatch(/(assembly|factorisation): \d+ %/);
    child.kill("SIGINT");
    expect(await exit).toEqual([130, null]);
    expect(
      readdirSync(folder).filter((name) => /^stopped/.test(name) && !/\.safetensors\.checkpoint(\.log)?$/.test(name)),
    ).toEqual([]);
  });

  it.each([
    ["symmetry", [join(ethanol, "ethanol.npz")]],
    [
      "fit",
      [
        join(ethanol, "sgdml.adk"),
        "--data",
        join(ethanol, "ethanol.npz"),
        "--train",
        "500",
        "--test",
        "0",
        "-o",
        at("searched.safetensors"),
      ],
    ],
  ])("stops the search for permutations of adk %s", async (name, args) => {
    let isOver = false;
    const said = adk(name, ...args).finally(() => {
      isOver = true;
    });
    // Nothing but a pause of the search itself lets this loop go on.
    while (!isOver && !askToStop()) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(await said).toMatchObject({
      code: 130,
      stderr: expect.stringMatching(/interrupted during (geometries|symmetry)/),
    });
  });
});
