/**
 * What the documents and examples say is run as it stands: README's commands, its library code, and the small examples.
 * In: the built package and the texts. Out: exit codes and what they print. (The ethanol demo is run by .ci/run.)
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { adk, ensureBuilt, root } from "./built.ts";

const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map((match) => match[1] ?? "");

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
const node = (...args: readonly string[]): Run => spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });

beforeAll(ensureBuilt);

describe("README", () => {
  const lines = blocks("sh")
    .flatMap((block) => block.split("\n"))
    .filter((line) => line !== "");
  const commands = lines.filter((line) => line.startsWith("npx adk "));

  it("has commands to run, and no others in its sh blocks", () => {
    expect(commands.length).toBeGreaterThan(5);
    expect(lines.filter((line) => !/^(npx adk|node examples\/\w+\/run\.mjs$)/.test(line))).toEqual([]);
  });

  it("has commands that work in the order given", () => {
    for (const command of commands) {
      const { status, stderr } = node(adk, ...command.split(" ").slice(2));
      expect({ command, status, stderr: status === 0 ? "" : stderr }).toEqual({ command, status: 0, stderr: "" });
    }
    for (const made of [
      "laplace_disc.js",
      "laplace_disc.d.ts",
      "laplace_disc.ts",
      "u.json",
      "disc/disc.js",
      "disc/disc.d.ts",
      "disc/package.json",
    ]) {
      expect(existsSync(join(root, "out/readme", made)), made).toBe(true);
    }
  });

  it("shows the spec as it stands in the example", () => {
    const [spec] = blocks("adk");
    const example = readFileSync(join(root, "examples/laplace_disc/laplace_disc.adk"), "utf8");
    expect(example.replace(/^\/\/.*\n/gm, "")).toBe(spec);
  });

  it("has library code that runs", () => {
    mkdirSync(join(root, "out/readme"), { recursive: true });
    blocks("js").forEach((code, i) => {
      const path = join(root, `out/readme/library-${i}.mjs`);
      writeFileSync(path, code);
      const { status, stdout, stderr } = node(path);
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout).toMatch(/\d/);
    });
  });

  it("links to files that exist", () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1] ?? "");
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });
});

describe("examples", () => {
  const error = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? Number.NaN);

  it("laplace_disc comes as near to the solution as it says", () => {
    const { status, stdout, stderr } = node("examples/laplace_disc/run.mjs");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(error(stdout, /largest error ([\d.]+)/)).toBeLessThan(0.03);
  });

  it("wave gains by the equation inside", () => {
    const { status, stdout, stderr } = node("examples/wave/run.mjs");
    expect(status, stderr).toBe(0);
    const [inside, border] = [
      error(stdout, /inside: largest error [\d.]+, mean ([\d.]+)/),
      error(stdout, /alone: +largest error [\d.]+, mean ([\d.]+)/),
    ];
    expect(inside).toBeLessThan(border);
    expect(inside).toBeLessThan(0.05);
  });

  it("rosenbrock gains by gradients and Hessians", () => {
    const { status, stdout, stderr } = node("examples/rosenbrock/run.mjs");
    expect(status, stderr).toBe(0);
    const errors = [...stdout.matchAll(/mean error ([\d.]+)/g)].map((match) => Number(match[1]));
    expect(errors.length).toBe(3);
    expect(errors[1]).toBeLessThan(errors[0] ?? 0);
    expect(errors[2]).toBeLessThan(errors[1] ?? 0);
  });
});
