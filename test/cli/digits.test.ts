/**
 * Digits that rounding takes: `fit` and `test` say so. In: values a millionth apart that differ, with hardly any noise,
 * and with
 * some. Out: a warning on stderr, or none.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { adk } from "./terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "adk-digits-"));
const at = (name: string): string => join(folder, name);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const SPEC =
  "model Line\ninput x : real[1]\nparam l = 1 > 0\nkernel k(a, b) = rbf(a, b, l)\nu ~ GP(k)\nobserve value : u\n" +
  "predict value : u\n";

it.each([
  ["1e-14", true],
  ["1e-6", false],
])("with a noise of %s fit and test warn: %s", async (noise, isLost) => {
  writeFileSync(at("line.adk"), SPEC);
  writeFileSync(at("data.json"), JSON.stringify({ value: { x: [[0], [1e-6], [2]], y: [0, 1, 0.5] } }));
  const warning = new RegExp(
    "^warning: rounding makes errors of about \\de-\\d+ of the largest value of value \\(amplification .*\\): " +
      "a larger noise loses fewer digits$",
    "m",
  );
  for (const args of [
    ["fit", at("line.adk"), "--noise", noise, "-o", at("line.safetensors")],
    ["test", at("line.safetensors")],
  ]) {
    // Warnings aren't silenced by --quiet.
    const { code, stderr } = await adk(...args, "--data", at("data.json"), "--quiet");
    expect(code).toBe(0);
    expect(warning.test(stderr)).toBe(isLost);
  }
});
