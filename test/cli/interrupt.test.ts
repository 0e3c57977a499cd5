/**
 * A fit that is interrupted: the exit code, and that nothing half done stays behind.
 * In: the built command on the ethanol data. Out: exit code 130, no model, and at most the checkpoint to resume from.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { adk, ensureBuilt, root } from "../built.ts";

beforeAll(ensureBuilt, 180_000);

it.skipIf(process.platform === "win32")("adk fit exits with 130 and leaves nothing but a checkpoint", async () => {
  const folder = mkdtempSync(join(tmpdir(), "adk-interrupt-"));
  const ethanol = join(root, "examples/ethanol");
  const child = spawn(process.execPath, [
    adk, "fit", join(ethanol, "sgdml.adk"), "--data", join(ethanol, "ethanol.npz"), "--bind", `perms=@${join(ethanol, "perms.json")}`,
    "--train", "250", "--test", "0", "-o", join(folder, "model.safetensors"),
  ], { stdio: ["ignore", "pipe", "pipe"] });
  const exit = once(child, "exit");
  const [line] = (await once(child.stderr, "data")) as [Buffer];
  expect(line.toString()).toMatch(/(assembly|factorisation): \d+ %/);
  child.kill("SIGINT");
  expect(await exit).toEqual([130, null]);
  expect(readdirSync(folder).filter((name) => !/^model\.safetensors\.checkpoint(\.log)?$/.test(name))).toEqual([]);
  rmSync(folder, { recursive: true });
});
