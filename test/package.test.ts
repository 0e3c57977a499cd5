/**
 * The package as npm would publish it: packed, extracted elsewhere, linted, imported, run, and type-checked.
 * In: the built project. Out: what a user gets from `npm install ad-kernels`, without a network.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt, root } from "./built.ts";

const require = createRequire(import.meta.url);
let folder: string;
let installed: string;

/** npm as a script, since `npm` itself is a shell command that differs between systems. */
function npm(args: readonly string[], cwd: string): string {
  const cli = process.env["npm_execpath"];
  return cli === undefined
    ? execFileSync("npm", args, { cwd, encoding: "utf8" })
    : execFileSync(process.execPath, [cli, ...args], { cwd, encoding: "utf8" });
}

beforeAll(async () => {
  await ensureBuilt();
  folder = realpathSync(mkdtempSync(join(tmpdir(), "adk-package-")));
  installed = join(folder, "node_modules", "ad-kernels");
  mkdirSync(installed, { recursive: true });
  npm(["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], root);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm pack wrote no tarball");
  execFileSync("tar", ["-xzf", join(folder, tarball), "-C", installed, "--strip-components=1"]);
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (!name.startsWith("."))
      symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name), "junction");
  }
  writeFileSync(join(folder, "package.json"), '{ "name": "consumer", "private": true, "type": "module" }\n');
});

afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

describe("the packed package", () => {
  it("holds what it needs and no sources, tests or data", () => {
    const entries = readdirSync(installed, { recursive: true, encoding: "utf8" }).map((name) =>
      name.replaceAll("\\", "/"),
    );
    for (const needed of [
      "package.json",
      "README.md",
      "CHANGELOG.md",
      "LICENSE",
      "cli/adk.mjs",
      "dist/cli/main.js",
      "dist/compiler/index.js",
      "dist/compiler/index.d.ts",
      "dist/runtime/index.js",
      "dist/runtime/index.d.ts",
    ]) {
      expect(entries).toContain(needed);
    }
    expect(
      entries.filter(
        (name) =>
          /^(test|examples|bench|node_modules|docs)\//.test(name) || (/\.ts$/.test(name) && !/\.d\.ts$/.test(name)),
      ),
    ).toEqual([]);
  });

  it("is accepted by publint", async () => {
    const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it("is imported by both of its names", () => {
    const script = join(folder, "use.mjs");
    writeFileSync(
      script,
      `
      import { compile, VERSION } from "ad-kernels";
      import { fit, load } from "ad-kernels/runtime";
      const spec = "model Line\\ninput x : real[1]\\nkernel k(a, b) = rbf(a, b, 1)\\nu ~ GP(k)\\n" +
        "observe value : u\\npredict slope : ∇u\\n";
      const compiled = compile(spec, { name: "line.adk" });
      const block = compiled.covariance("value", Float64Array.of(0), "value", Float64Array.of(1));
      const kinds = [typeof compile, typeof fit, typeof load];
      console.log(JSON.stringify({ version: VERSION, kinds, block: [...block] }));
    `,
    );
    const result = spawnSync(process.execPath, [script], { cwd: folder, encoding: "utf8" });
    expect(result.stderr).toBe("");
    const said = JSON.parse(result.stdout) as { version: string; kinds: string[]; block: number[] };
    expect(said.version).toBe((require("../package.json") as { version: string }).version);
    expect(said.kinds).toEqual(["function", "function", "function"]);
    expect(said.block[0]).toBeCloseTo(Math.exp(-0.5), 14);
  });

  it("runs its command from another folder", () => {
    writeFileSync(
      join(folder, "line.adk"),
      "model Line\ninput x : real[1]\nkernel k(a, b) = rbf(a, b, 1)\nu ~ GP(k)\nobserve value : u\n" +
        "predict slope : ∇u\n",
    );
    const result = spawnSync(process.execPath, [join(installed, "cli", "adk.mjs"), "check", "line.adk"], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(result.stderr).toBe("line.adk: no errors\n");
    expect(result.status).toBe(0);
  });

  it("has types that a strict consumer compiles against", () => {
    writeFileSync(
      join(folder, "consumer.ts"),
      `
      import { compile, type CompileOptions } from "ad-kernels";
      import { fit, load } from "ad-kernels/runtime";
      const options: CompileOptions = { bind: { N: 9 } };
      export const compiled = compile("model M", options);
      export const label: readonly string[] = compiled.predictions.map((p) => p.label);
      // @ts-expect-error: a number is no spec
      compile(1);
      export const used = [fit, load];
    `,
    );
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          target: "ES2022",
          module: "NodeNext",
          moduleResolution: "NodeNext",
          strict: true,
          noEmit: true,
          lib: ["ES2022", "DOM"],
          types: [],
        },
        files: ["consumer.ts"],
      }),
    );
    const result = spawnSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", folder], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(result.stdout).toBe("");
    expect(result.status).toBe(0);
  });
});
