/** How the command line is called: help, slips, missing and superfluous arguments. Nothing here compiles a spec. */
import { describe, expect, it } from "vitest";
import { createRequire } from "node:module";
import { adk } from "./terminal.ts";

const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };

describe("adk", () => {
  it("prints its version and help on stdout", async () => {
    expect(await adk("--version")).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
    const help = await adk("--help");
    expect(help.code).toBe(0);
    for (const command of ["check", "compile", "covariance", "fit", "predict", "test", "export", "info"])
      expect(help.stdout).toContain(`adk ${command}`);
    expect((await adk("fit", "--help")).stdout).toMatch(/--noise[\s\S]*--train-indexes/);
  });

  it.each([
    [[], /a command is missing; known are check,/],
    [["chekc", "a.adk"], /unknown command "chekc"; did you mean check\?/],
    [["zebra"], /unknown command "zebra"; known are check, compile/],
    [["check"], /Not enough|missing/i],
    [["check", "a.adk", "b.adk"], /expected SPEC alone, found "b.adk" too/],
    [["fit", "a.adk", "--trian", "3"], /unknown option --trian; did you mean --train\?/],
    [["fit", "a.adk", "--data"], /data/],
    [["check", "a.adk", "--data", "x"], /unknown option --data/],
    [["fit", "a.adk", "-o", "m"], /--data is missing; for example/],
    [["fit", "a.adk", "--data", "d.npz"], /--output is missing; for example: -o/],
    [["predict", "m", "--data", "d", "-o", "out.txt"], /expected an ending of \.json, \.npz/],
    [["check", "\u001b[31mno.adk"], /no such file/],
  ])("refuses %j with exit code 1", async (args, message) => {
    const { code, stdout, stderr } = await adk(...args);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^adk: /);
    expect(stderr).not.toContain("\u001b");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });
});
