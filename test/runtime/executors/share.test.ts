/**
 * What several drivers have in common. In: executors that fits share, and messages to workers, counted. Out: the bits
 * of
 * fits that run alone, one set of programs for equal fits, and no byte sent that no task reads.
 */
import { describe, expect, it } from "vitest";
import { compile } from "../../../compiler/driver.ts";
import { InProcessExecutor } from "../../../runtime/executors/in_process.ts";
import { startWorker } from "../../../runtime/executors/platform.ts";
import { share } from "../../../runtime/executors/share.ts";
import { ThreadExecutor, type Start } from "../../../runtime/executors/threads.ts";
import { fit, fitAsync } from "../../../runtime/fit/gp.ts";
import type { Model } from "../../../runtime/model/model.ts";
import { executorContract } from "./contract.ts";

executorContract({ name: "a share of the caller's thread", make: () => share(new InProcessExecutor()), blocks: true });
executorContract({ name: "a share of two threads", make: () => share(new ThreadExecutor(2)), blocks: true });

interface Message {
  readonly kind: string;
  readonly program?: string;
  readonly install?: object;
  readonly blocks?: readonly { readonly name?: string; readonly data?: Float64Array }[];
}

/** Threads whose messages are kept. */
function spied(threads: number): { executor: ThreadExecutor; sent: Message[] } {
  const sent: Message[] = [];
  const start: Start = (text, signal, listener) => {
    const channel = startWorker(text, signal, listener);
    return {
      ...channel,
      send: (message) => {
        sent.push(message as Message);
        channel.send(message);
      },
    };
  };
  return { executor: new ThreadExecutor(threads, { start }), sent };
}

const SPEC = (length: string): string => `model M
input x : real[2]
param l = ${length} > 0
kernel k(a, b) = rbf(a, b, l)
u ~ GP(k)
observe value : u noise 1e-6
observe slope : ∇u noise 1e-6
predict value : u
`;

/** More than one tile of rows: factors have final tiles that are sent by name. */
function data(seed: number): { value: object; slope: object } {
  const draw = (n: number, shift: number): number[] =>
    Array.from({ length: n }, (_, k) => Math.sin(seed + shift + 1.7 * k * k));
  const points = (n: number, shift: number): number[][] => draw(n, shift).map((v, k) => [v, Math.cos(seed + 2.3 * k)]);
  return {
    value: { x: points(40, 0), y: draw(40, 1) },
    slope: { x: points(60, 2), y: points(60, 3) },
  };
}

const bytesOf = (model: Model): string => Buffer.from(model.toBytes()).toString("base64");

describe("an executor that several fits share", () => {
  it.each<[string, () => InProcessExecutor | ThreadExecutor]>([
    ["the caller's thread", () => new InProcessExecutor()],
    ["two threads", () => new ThreadExecutor(2)],
  ])("at once gives each its own bits: %s", async (_, make) => {
    const executor = make();
    const jobs = [
      [compile(SPEC("0.6")), data(1)],
      [compile(SPEC("0.9")), data(2)],
      [compile(SPEC("0.6")), data(3)],
    ] as const;
    const alone = jobs.map(([compiled, set]) => bytesOf(fit(compiled, set, { solver: "cholesky" })));
    const together = await Promise.all(
      jobs.map(([compiled, set]) => fitAsync(compiled, set, { executor, solver: "cholesky" })),
    );
    expect(together.map(bytesOf)).toEqual(alone);
    await executor.close();
  });

  it("one after the other sends equal programs once a worker", async () => {
    const { executor, sent } = spied(1);
    const names: Set<string>[] = [];
    for (let n = 0; n < 5; n++) {
      await fitAsync(compile(SPEC("0.7")), data(n), { executor, solver: "cholesky" });
      names.push(new Set(sent.flatMap(({ program }) => program ?? [])));
    }
    // Covariances of the three pairs, products with them, and factors: as many after five fits as after one.
    expect(names[4]!.size).toBe(names[0]!.size);
    expect(sent.filter(({ install }) => install !== undefined)).toHaveLength(names[0]!.size);
    await executor.close();
  });

  it("lets programs go that weren't used for long", async () => {
    const { executor, sent } = spied(1);
    const text = "(value) => ({ one: () => [Float64Array.of(value)] })";
    const ask = async (n: number): Promise<number> => {
      const program = { name: `number ${n}`, create: () => ({ one: () => [Float64Array.of(n)] }), text, data: n };
      executor.submit({ program, run: "one", numbers: [], blocks: [] });
      for (;;) {
        const answer = executor.take();
        if (answer !== undefined) return "blocks" in answer ? answer.blocks[0]![0]! : NaN;
        await executor.waiting.arrival();
      }
    };
    for (let n = 0; n < 300; n++) expect(await ask(n)).toBe(n);
    expect(sent.filter(({ kind }) => kind === "drop").map(({ program }) => program)).toContain("number 0");
    expect(await ask(0)).toBe(0);
    await executor.close();
  });
});

describe("blocks", () => {
  it("are sent as what they show, not with all of their buffer", async () => {
    const { executor, sent } = spied(1);
    const buffer = new Float64Array(100_000).map((_, n) => n),
      view = buffer.subarray(5000, 5010);
    const program = {
      name: "sums",
      create: () => ({}),
      text: "() => ({ sum: (_, blocks) => [Float64Array.of(blocks[0].reduce((a, b) => a + b), blocks[0].buffer.byteLength)] })",
    };
    for (const block of [view, { name: "part", data: view }]) {
      executor.submit({ program, run: "sum", numbers: [], blocks: [block] });
      for (;;) {
        const answer = executor.take();
        if (answer === undefined) await executor.waiting.arrival();
        else {
          expect(answer).toMatchObject({ blocks: [Float64Array.of(50_045, 80)] });
          break;
        }
      }
    }
    const bytes = sent.flatMap(({ blocks }) => (blocks ?? []).map(({ data: part }) => part!.buffer.byteLength));
    expect(bytes).toEqual([80, 80]);
    await executor.close();
  });
});
