/**
 * The compiler in a browser: bundled for one, and run where nothing of Node exists.
 * In: compiler/index.ts. Out: the same numbers as in Node, from a context that has the language and nothing else.
 */
import { createContext, runInContext } from "node:vm";
import { rolldown } from "rolldown";
import { beforeAll, describe, expect, it } from "vitest";
import { compile } from "../compiler/index.ts";
import { root } from "./built.ts";

const SPEC = `model Wave
input (x, t)
param l = 0.2 > 0
const c : real = 1
kernel k(a, b) = rbf(a, b, l)
u ~ GP(k)
observe string : d(u, t, t) - c^2 * d(u, x, x) = 0
observe position : u = x * (1 - x)
predict u
`;
const X = [0.1, 0.2, 0.5, 0.4];
const Y = [0.3, 0.1];

let bundle: string;

beforeAll(async () => {
  const build = await rolldown({ input: `${root}compiler/index.ts`, platform: "browser", logLevel: "silent" });
  const { output } = await build.generate({ format: "iife", name: "adk", codeSplitting: false });
  await build.close();
  bundle = output[0].code;
});

/**
 * A context with JavaScript's own globals and three that every browser has; the bundle's exports stand there as `adk`.
 */
function bareContext(): object {
  const web = Object.assign(Object.create(null) as object, { TextEncoder, atob, btoa });
  const context = createContext(web, { codeGeneration: { strings: true, wasm: false } });
  runInContext(`${bundle}\nglobalThis.adk = adk;`, context);
  return context;
}

describe("the bundled compiler", () => {
  it("is one script that asks for nothing", () => {
    expect(
      /\brequire\(|\bprocess\.(env|platform|argv|cwd|std\w+|getBuiltinModule)|\bBuffer\.|from ["']node:/.exec(
        bundle,
      )?.[0],
    ).toBeUndefined();
  });

  it("compiles a spec and evaluates a covariance without Node", () => {
    const context = bareContext();
    const seen = runInContext(
      `
      const compiled = adk.compile(${JSON.stringify(SPEC)}, { name: "wave.adk" });
      const x = Float64Array.from(${JSON.stringify(X)}), y = Float64Array.from(${JSON.stringify(Y)});
      const block = compiled.covariance("string", x, "position", y);
      JSON.stringify({ hash: compiled.hash, block: Array.from(block) });
    `,
      context,
    ) as string;
    const here = compile(SPEC, { name: "wave.adk" });
    const block = here.covariance("string", Float64Array.from(X), "position", Float64Array.from(Y));
    expect(JSON.parse(seen)).toEqual({ hash: here.hash, block: [...block] });
  });

  it("reports errors there as here", () => {
    const context = bareContext();
    const text = runInContext(
      `
      const spec = "model M\\ninput x : real[2]\\nkernel k(a, b) = rbf(a, b, 1)\\nu ~ GP(k)\\nobserve v : u^2\\n";
      try { adk.compile(spec, {}); "nothing" } catch (error) { error.message }
    `,
      context,
    ) as string;
    expect(text).toMatch(/ADK\d{4}/);
  });
});
