/**
 * Executors in a browser: workers of blob URLs, messages as events, memory shared or not. The contract holds, and a fit
 * has the same bytes.
 */
import { describe, expect, it } from "vitest";
import { compile } from "../../../compiler/index.ts";
import type { BlockExecutor } from "../../../runtime/executors/executor.ts";
import type * as Runtime from "../../../runtime/index.ts";
import { fit } from "../../../runtime/index.ts";
import { root } from "../../built.ts";
import { executorContract, testProgram } from "./contract.ts";
import { bundled, inPage } from "./web.ts";

const bundle = await bundled(`${root}runtime/index.ts`);
const { exports: web, seen } = inPage<typeof Runtime>(bundle, false);
const { exports: isolated } = inPage<typeof Runtime>(bundle, true);

executorContract({ name: "two workers of a page", make: () => web.createExecutor(2), blocks: false });
executorContract({ name: "two workers of an isolated page", make: () => isolated.createExecutor(2), blocks: false });

describe("a page", () => {
  const answer = async (executor: BlockExecutor): Promise<unknown> => {
    for (;;) {
      const next = executor.take();
      if (next !== undefined) return next;
      await executor.waiting.arrival();
    }
  };

  it("has as many threads as its navigator says", async () => {
    const executor = web.createExecutor();
    expect(executor.width).toBe(3);
    expect(executor.waiting.block).toBeUndefined();
    await executor.close();
  });

  it("starts workers with the first task, and gives them and their URLs back", async () => {
    const before = { ...seen };
    const executor = web.createExecutor(2);
    expect(seen.started).toBe(before.started);
    expect(executor.allocate(3).buffer).toBeInstanceOf(ArrayBuffer);
    expect(isolated.createExecutor(2).allocate(3).buffer).toBeInstanceOf(SharedArrayBuffer);
    for (let i = 0; i < 4; i++) executor.submit({ program: testProgram(), run: "nothing", numbers: [], blocks: [] });
    await answer(executor);
    await executor.close();
    expect([seen.started - before.started, seen.terminated - before.terminated, seen.revoked - before.revoked]).toEqual(
      [2, 2, 2],
    );
  });

  it("replaces a worker that reports an error of its own", async () => {
    const before = { ...seen };
    const executor = web.createExecutor(2);
    // The error comes after the task, where nothing catches it.
    const text =
      "() => ({ later: () => { setTimeout(() => { throw new Error('late'); }, 0); return [Float64Array.of(1)]; } })";
    executor.submit({ program: { name: "later", create: () => ({}), text }, run: "later", numbers: [], blocks: [] });
    expect(await answer(executor)).toMatchObject({ blocks: [Float64Array.of(1)] });
    while (seen.terminated === before.terminated) await new Promise((resolve) => setTimeout(resolve, 1));
    executor.submit({ program: testProgram(), run: "nothing", numbers: [], blocks: [] });
    expect(await answer(executor)).toMatchObject({ blocks: [] });
    await executor.close();
    expect([seen.started - before.started, seen.terminated - before.terminated]).toEqual([2, 2]);
  });

  it("does a task itself whose workers can't be understood, one after the other", async () => {
    const before = { ...seen };
    const executor = web.createExecutor(2);
    const text = "() => ({ garble: () => { postMessage({ unreadable: true }); return []; } })";
    executor.submit({
      program: { name: "garble", create: () => ({ garble: () => [Float64Array.of(7)] }), text },
      run: "garble",
      numbers: [],
      blocks: [],
    });
    expect(await answer(executor)).toMatchObject({ blocks: [Float64Array.of(7)] });
    // Each of two workers is replaced twice.
    expect(seen.started - before.started).toBe(6);
    await executor.close();
    expect(seen.terminated - before.terminated).toBe(6);
  });

  it("refuses the waiting function by name, and fits to the same bytes by the other", async () => {
    const spec =
      "model Plane\ninput x : real[2]\nparam l = 1 > 0\nkernel k(a, b) = rbf(a, b, l)\nu ~ GP(k)\n" +
      "observe value : u\npredict value : u\n";
    const compiled = compile(spec, { name: "plane.adk" });
    const x = Array.from({ length: 300 }, (_, i) => [4 * Math.sin(3 * i), 4 * Math.cos(1.7 * i * i)]);
    const data = { value: { x, y: x.map(([a, b]) => Math.sin(a!) + b! * b!) } };
    const executor = web.createExecutor(2);
    expect(() => web.fit(compiled, data, { noise: 1e-4, executor })).toThrow(/fitAsync/);
    for (const solver of ["cholesky", "cg"] as const) {
      const model = await web.fitAsync(compiled, data, { noise: 1e-4, solver, executor });
      expect(model.toBytes()).toEqual(fit(compiled, data, { noise: 1e-4, solver }).toBytes());
    }
    await executor.close();
  });
});
