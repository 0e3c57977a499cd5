/**
 * Pages whose policy forbids code from text. In: a process that forbids it as such a page does. Out: an error that says
 * so and what to do; modules are printed all the same.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { expect, it } from "vitest";

it("get an error that says what to do", async () => {
  const folder = mkdtempSync(join(tmpdir(), "adk-policy-")),
    program = join(folder, "child.mjs");
  try {
    const input = fileURLToPath(new URL("policy_child.ts", import.meta.url));
    await (await rolldown({ input, platform: "node" })).write({ format: "esm", file: program });
    const { stdout, stderr } = spawnSync(process.execPath, ["--disallow-code-generation-from-strings", program], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    const [error, isPrinted] = stdout.trim().split("\n");
    expect(JSON.parse(error!)).toEqual({
      message: expect.stringMatching(/'unsafe-eval'.*`adk compile`.*`adk export`.*import/s) as string,
      cause: "EvalError",
    });
    expect(isPrinted).toBe("true");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
