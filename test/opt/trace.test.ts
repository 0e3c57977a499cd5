/**
 * What passes tell. In: a kernel built while somebody listens. Out: every pass by name, with its reason and sizes that
 * follow from one another.
 */
import { describe, expect, it } from "vitest";
import { KernelBuilder } from "../../compiler/kernels.ts";
import { countStatements } from "../../compiler/loops/count.ts";
import { SCALAR } from "../../compiler/loops/legalise.ts";
import { algebraicPasses, layoutPasses } from "../../compiler/opt/pipeline.ts";
import type { PassTrace } from "../../compiler/opt/trace.ts";
import { compileSpec } from "../loops/support.ts";

describe("a listener", () => {
  const heard: PassTrace[] = [],
    { lowered } = compileSpec("gdml", { N: 4 }),
    kernel = new KernelBuilder(lowered, {}, { ...SCALAR, listen: (t) => heard.push(t) }).contraction(
      "forces",
      "forces",
    );
  const names = (subject: string): string[] => heard.filter((t) => t.subject === subject).map((t) => t.pass);

  it("hears of every pass in its order, with its reason", () => {
    expect(names("the result")).toEqual([...algebraicPasses, ...layoutPasses].map((p) => p.name));
    expect(names(kernel.evaluate.name)).toEqual(SCALAR.passes.map((p) => p.name));
    expect(names("all results")).toEqual(["stage"]);
    for (const t of heard) expect(t.because.length).toBeGreaterThan(10);
  });

  it("hears sizes that follow from one another", () => {
    const loops = heard.filter((t) => t.subject === kernel.evaluate.name);
    loops.slice(1).forEach((t, n) => expect(t.before).toBe(loops[n]!.after));
    expect(loops.at(-1)!.after).toBe(countStatements(kernel.evaluate.body));
    expect(loops.every((t) => t.unit === "statements")).toBe(true);
    expect(heard.find((t) => t.pass === "contract")!.before).toBeGreaterThan(10);
  });

  it("changes nothing by listening", () => {
    const silent = new KernelBuilder(lowered).contraction("forces", "forces");
    expect(JSON.stringify(silent.evaluate.body)).toBe(JSON.stringify(kernel.evaluate.body));
  });
});
