/** Both executors, and threads whose workers die, dawdle, repeat themselves or can't be started: the contract holds. */
import { describe, expect, it } from "vitest";
import { createExecutor } from "../../../runtime/executors/index.ts";
import { InProcessExecutor } from "../../../runtime/executors/in_process.ts";
import { startWorker } from "../../../runtime/executors/platform.ts";
import { ThreadExecutor } from "../../../runtime/executors/threads.ts";
import type { Start } from "../../../runtime/executors/threads.ts";
import { executorContract } from "./contract.ts";
import { broken, deafThenGood, dying, muddled, refused, slow, suicidal } from "./faults.ts";

executorContract({ name: "in process", make: () => new InProcessExecutor(), blocks: true });
executorContract({ name: "two threads", make: () => new ThreadExecutor(2), blocks: true });
executorContract({ name: "three threads", make: () => new ThreadExecutor(3), blocks: true });

executorContract({
  name: "the first worker dies at its second task",
  make: () => new ThreadExecutor(2, { start: dying((n) => (n === 0 ? 2 : Infinity)), patience: 0.1 }),
  blocks: true,
});
executorContract({
  name: "every worker dies sooner or later",
  make: () => new ThreadExecutor(2, { start: dying((n) => 1 + n), patience: 0.05 }),
  blocks: true,
});
executorContract({
  name: "answers come late and twice",
  make: () => new ThreadExecutor(2, { start: muddled, patience: 0.05 }),
  blocks: true,
});
executorContract({
  name: "workers are slow",
  make: () => new ThreadExecutor(2, { start: slow, patience: 0.05 }),
  blocks: true,
});
executorContract({
  name: "workers end by themselves",
  make: () => new ThreadExecutor(3, { start: suicidal(), patience: 0.05 }),
  blocks: true,
});
executorContract({
  name: "workers break down at their start",
  make: () => new ThreadExecutor(2, { start: broken, patience: 0.05 }),
  blocks: true,
});
executorContract({
  name: "no worker can be started",
  make: () => new ThreadExecutor(2, { start: refused }),
  blocks: true,
});

describe("threads", () => {
  it.each(["stopped", "between events"])(
    "do without a worker that says nothing, once a caller that waits %s has lost patience",
    async (way) => {
      const executor = new ThreadExecutor(2, { start: deafThenGood(), patience: way === "stopped" ? 0.05 : 0.005 });
      const program = {
        name: "numbers",
        create: () => ({ one: () => [Float64Array.of(1)] }),
        text: "() => ({ one: () => [Float64Array.of(1)] })",
      };
      for (let i = 0; i < 8; i++) executor.submit({ program, run: "one", numbers: [], blocks: [] });
      let answers = 0;
      while (answers < 8) {
        if (executor.take() !== undefined) answers++;
        else if (way === "stopped") executor.waiting.block!();
        else await executor.waiting.arrival();
      }
      expect(executor.take()).toBeUndefined();
      await executor.close();
    },
  );

  it("send memory of `allocate` without a copy, and named blocks once", async () => {
    const sent: unknown[] = [];
    const spying: Start = (text, signal, listener) => {
      const channel = startWorker(text, signal, listener);
      return {
        ...channel,
        send: (message) => {
          sent.push(message);
          channel.send(message);
        },
      };
    };
    const executor = new ThreadExecutor(1, { start: spying });
    const data = executor.allocate(5);
    expect(data.buffer).toBeInstanceOf(SharedArrayBuffer);
    const program = {
      name: "sums",
      create: () => ({}),
      text: "() => ({ sum: (_, blocks) => [Float64Array.of(blocks[0][0] + 1)] })",
    };
    for (let i = 0; i < 3; i++) executor.submit({ program, run: "sum", numbers: [], blocks: [{ name: "a", data }] });
    for (let answers = 0; answers < 3; ) {
      if (executor.take() === undefined) await executor.waiting.arrival();
      else answers++;
    }
    expect(sent.map((message) => Object.keys((message as { blocks: object[] }).blocks[0]!))).toEqual([
      ["name", "data"],
      ["name"],
      ["name"],
    ]);
    expect(sent.filter((message) => "install" in (message as object))).toHaveLength(1);
    await executor.close();
  });

  it("don't keep a process alive", async () => {
    const executor = new ThreadExecutor(1);
    const program = { name: "numbers", create: () => ({}), text: "() => ({ one: () => [Float64Array.of(1)] })" };
    executor.submit({ program, run: "one", numbers: [], blocks: [] });
    while (executor.take() === undefined) await executor.waiting.arrival();
    await executor.close();
    expect(() => executor.submit({ program, run: "one", numbers: [], blocks: [] })).toThrow(/closed/);
  });

  it("are chosen by their number", async () => {
    expect(createExecutor(1)).toBeInstanceOf(InProcessExecutor);
    const two = createExecutor(2);
    expect(two.width).toBe(2);
    await two.close();
    for (const bad of [0, -1, 1.5, NaN]) expect(() => createExecutor(bad)).toThrow(RangeError);
  });
});
