/**
 * What compiling may cost: every spec of test/specs/compile_cost checks and compiles within budgets, or is refused. In:
 * the table below. Out: counts of constructor calls and nodes, and bytes of code; nothing is timed.
 * `pending` says what a case still does instead; a pending case isn't run, as some never end.
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { kernelSizes } from "../bench/code_size.mjs";
import { check, compile, DiagnosticError, type CompileOptions } from "../compiler/index.ts";
import { counters } from "../compiler/ir/expr.ts";

interface Case {
  readonly spec: string;
  readonly bind?: NonNullable<CompileOptions["bind"]>;
  /** Constructor calls and new nodes of the whole module. */
  readonly calls: number;
  readonly nodes: number;
  /** It may be refused instead, by a diagnostic with a place. */
  readonly refused?: boolean;
  readonly pending?: string;
}

/** Code of one kernel, tables apart. */
const CODE = 64 * 1024;

const CASES: readonly Case[] = [
  { spec: "cross", calls: 60_000, nodes: 15_000 },
  { spec: "torsion", calls: 100_000, nodes: 20_000 },
  { spec: "hessian", bind: { N: 3 }, calls: 400_000, nodes: 140_000 },
  { spec: "hessian", bind: { N: 9 }, calls: 400_000, nodes: 140_000 },
  { spec: "forces_to_hessian", bind: { N: 3 }, calls: 450_000, nodes: 140_000 },
  { spec: "forces_to_hessian", bind: { N: 9 }, calls: 450_000, nodes: 140_000 },
  { spec: "root_of_product", calls: 25_000, nodes: 5_000 },
  { spec: "product_of_sums", calls: 80_000, nodes: 20_000 },
  { spec: "nabla12", calls: 400_000, nodes: 120_000, refused: true },
  { spec: "nested_folds", calls: 400_000, nodes: 120_000, refused: true },
];

const folder = new URL("specs/compile_cost/", import.meta.url);
const textOf = (spec: string): string => readFileSync(new URL(`${spec}.adk`, folder), "utf8");
const nameOf = ({ spec, bind }: Case): string => `${spec}${bind === undefined ? "" : ` ${JSON.stringify(bind)}`}`;

/** Compiles a spec and prints its module. Out: the sizes of its kernels, or the diagnostic that refuses it. */
function compiled({ spec, bind = {} }: Case): ReturnType<typeof kernelSizes> | DiagnosticError {
  try {
    return kernelSizes(compile(textOf(spec), { name: `${spec}.adk`, bind }).printModule().js);
  } catch (error) {
    if (error instanceof DiagnosticError) return error;
    throw error;
  }
}

describe("a spec", () => {
  const due = CASES.filter(({ pending }) => pending === undefined);

  it.each(due.map((c) => [nameOf(c), c] as const))("%s checks and compiles within its budget", (_, c) => {
    const name = `${c.spec}.adk`;
    expect(check({ name, text: textOf(c.spec) }).diagnostics.filter((d) => d.severity === "error")).toEqual([]);
    const before = { ...counters };
    const result = compiled(c);
    expect(counters.constructed - before.constructed).toBeLessThanOrEqual(c.calls);
    expect(counters.created - before.created).toBeLessThanOrEqual(c.nodes);
    if (result instanceof DiagnosticError) {
      expect(c.refused, result.message).toBe(true);
      expect(result.diagnostics.every(({ span }) => span.end > span.start)).toBe(true);
    } else expect(result.filter(({ bytes }) => bytes > CODE)).toEqual([]);
  });

  const pending = CASES.filter((c) => c.pending !== undefined);
  it.skip.each(pending.map((c) => [nameOf(c), c.pending] as const))("%s is still to come: %s", () => {});

  it("of the folder has a case", () => {
    const specs = readdirSync(folder).map((file) => file.replace(/\.adk$/, ""));
    expect([...new Set(CASES.map(({ spec }) => spec))].sort()).toEqual(specs.sort());
  });
});

describe("the code of kernels", () => {
  it("is counted without tables and wrappers", () => {
    const js = compile("model M\ninput x : real[2]\nkernel k(a, b) = rbf(a, b, 1)\nu ~ GP(k)\nobserve v : u\n");
    const text = js.printModule().js;
    const sizes = kernelSizes(text);
    expect(sizes.map(({ name }) => name)).toEqual(["covariance_v_v", "contract_v_v"]);
    const table = `const T_w = Float64Array.of(${"1, ".repeat(9999)}1);\n`;
    expect(kernelSizes(table + text)).toEqual(sizes);
    for (const { bytes, statements } of sizes) {
      expect(bytes).toBeLessThan(text.length / 2);
      expect(statements).toBeGreaterThan(5);
    }
    expect(() => kernelSizes("const a = 1;\n")).toThrow("no kernels");
  });
});
