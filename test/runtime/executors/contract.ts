/**
 * The contract of executors as a suite of tests. In: how to make an executor, and faulty ones of its kind. Out: tests.
 * Every executor must pass it: answers are those of the tasks, each ticket has one, sums have the same bits, whatever
 * happens to workers.
 */
import { describe, expect, it } from "vitest";
import { blocksOf, inOrder } from "../../../runtime/executors/executor.ts";
import type { Answer, BlockExecutor, Program, Task, TaskFunction } from "../../../runtime/executors/executor.ts";
import { Random } from "../../../runtime/random.ts";
import { run, runAsync } from "../../../runtime/fit/steps.ts";
import type { Steps } from "../../../runtime/fit/steps.ts";

/** An executor under test, and what happens to its workers. */
export interface Candidate {
  readonly name: string;
  readonly make: () => BlockExecutor;
  /** Whether a caller may block on it. */
  readonly blocks: boolean;
}

/** Functions for tests; sent as text, so they refer to nothing outside. */
function testFunctions({ shift }: { shift: number }): Readonly<Record<string, TaskFunction>> {
  return {
    /** [Σ sin(block · factor)], a sum whose last digits tell the order of everything. */
    sum: ([factor], blocks) => {
      let total = shift;
      for (const block of blocks) for (const value of block) total += Math.sin(value * factor!);
      return [Float64Array.of(total)];
    },
    /** A copy of each block, one added to each number. */
    increment: (_, blocks) => blocks.map((block) => block.map((value) => value + 1)),
    fail: ([code]) => {
      throw new RangeError(`no such thing as ${code}`);
    },
    nothing: () => [],
    /** Something that can't be sent, where a caller of another thread would have it. */
    unsendable: () => [(() => {}) as unknown as Float64Array],
  };
}

export const testProgram = (): Program => ({
  name: "test",
  create: () => testFunctions({ shift: 0.5 }),
  text: testFunctions.toString(),
  data: { shift: 0.5 },
});

const block = (executor: BlockExecutor, seed: number, length = 50): Float64Array => {
  const made = executor.allocate(length);
  for (let i = 0; i < length; i++) made[i] = Math.cos(seed + i);
  return made;
};

/** Many tasks of different kinds of blocks: the sum of their answers, in the order of the tasks. */
function* workload(
  executor: BlockExecutor,
  program: Program,
  count: number,
): Steps<{ total: number; order: number[] }> {
  const shared = block(executor, 7);
  const order: number[] = [];
  let total = 0;
  function* tasks(): Generator<Task> {
    for (let i = 0; i < count; i++) {
      yield {
        program,
        run: "sum",
        numbers: [1 + i / 7],
        blocks: [block(executor, i), Float64Array.of(i, 1 / (i + 1)), { name: "shared", data: shared }],
      };
    }
  }
  yield* inOrder(
    executor,
    tasks(),
    (blocks, index) => {
      order.push(index);
      total += blocks[0]![0]!;
    },
    (done) => ({ phase: "test", done, total: count }),
  );
  return { total, order };
}

function expectedTotal(count: number): number {
  const { sum } = testFunctions({ shift: 0.5 });
  const numbers = (seed: number): Float64Array => Float64Array.from({ length: 50 }, (_, i) => Math.cos(seed + i));
  let total = 0;
  for (let i = 0; i < count; i++)
    total += sum!([1 + i / 7], [numbers(i), Float64Array.of(i, 1 / (i + 1)), numbers(7)])[0]![0]!;
  return total;
}

/** Waits until as many answers have come, and takes them. */
async function takeAll(executor: BlockExecutor, count: number): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < count) {
    const answer = executor.take();
    if (answer === undefined) await executor.waiting.arrival();
    else answers.push(answer);
  }
  return answers;
}

/** Takes an answer as the caller waits: stopped, or between events. */
async function nextOf(executor: BlockExecutor, isStopped: boolean): Promise<Answer> {
  for (;;) {
    const answer = executor.take();
    if (answer !== undefined) return answer;
    if (isStopped) executor.waiting.block!();
    else await executor.waiting.arrival();
  }
}

/** What a task of the storm must be answered by. */
interface Expected {
  readonly value: number;
  readonly isError: boolean;
}

/**
 * Tasks of all kinds in no order, some cancelled before they are answered, named blocks forgotten and given anew, the
 * caller waiting
 * now this way, now that. Each answer is compared with the task's own.
 */
async function storm(executor: BlockExecutor, seed: number, count: number, mayStop: boolean): Promise<void> {
  const random = new Random(seed);
  const chance = (part: number): boolean => random.next() / 2 ** 32 < part;
  const program = testProgram();
  const open = new Map<number, Expected>();
  let generation = 0,
    submitted = 0;
  const submit = (): void => {
    const seedOfTask = submitted++,
      named = { name: `kept ${seedOfTask % 3}`, data: Float64Array.of(generation + (seedOfTask % 3)) };
    const isError = chance(0.1);
    const task: Task = isError
      ? { program, run: "fail", numbers: [seedOfTask], blocks: [named] }
      : {
          program,
          run: "increment",
          numbers: [],
          blocks: [chance(0.5) ? named : Float64Array.of(generation + (seedOfTask % 3)), block(executor, seedOfTask)],
        };
    open.set(executor.submit(task), { value: generation + (seedOfTask % 3) + 1, isError });
  };
  while (submitted < count || open.size > 0) {
    for (let burst = 1 + (random.next() % 9); burst > 0 && submitted < count; burst--) submit();
    if (chance(0.1)) {
      const dropped = [...open.keys()].filter(() => chance(0.5));
      executor.cancel(dropped);
      dropped.forEach((ticket) => open.delete(ticket));
    }
    for (let takes = random.next() % 12; takes > 0 && open.size > 0; takes--) {
      const answer = await nextOf(executor, mayStop && chance(0.5)),
        expected = open.get(answer.ticket);
      expect(expected).toBeDefined();
      open.delete(answer.ticket);
      if (expected!.isError) expect(() => blocksOf(answer)).toThrow(/no such thing/);
      else expect(blocksOf(answer)[0]).toEqual(Float64Array.of(expected!.value));
    }
    // Names may be given other content once nothing that has them is out.
    if (open.size === 0 && chance(0.5)) {
      executor.forget("kept ");
      generation += 10;
    }
  }
}

async function using(candidate: Candidate, use: (executor: BlockExecutor) => Promise<void> | void): Promise<void> {
  const executor = candidate.make();
  try {
    await use(executor);
  } finally {
    await executor.close();
  }
}

/** All that is demanded of an executor. */
export function executorContract(candidate: Candidate): void {
  describe(`the contract of executors: ${candidate.name}`, () => {
    it("gives the bits of one thread, in the order of the tasks, between events", () =>
      using(candidate, async (executor) => {
        const { total, order } = await runAsync(workload(executor, testProgram(), 40));
        expect(total).toBe(expectedTotal(40));
        expect(order).toEqual(Array.from({ length: 40 }, (_, i) => i));
      }));

    it.runIf(candidate.blocks)("gives them to a caller that blocks, too", () =>
      using(candidate, (executor) => {
        expect(run(workload(executor, testProgram(), 40)).total).toBe(expectedTotal(40));
        expect(run(workload(executor, testProgram(), 3)).total).toBe(expectedTotal(3));
      }),
    );

    it("answers every ticket once", () =>
      using(candidate, async (executor) => {
        const tickets = Array.from({ length: 12 }, (_, i) =>
          executor.submit({ program: testProgram(), run: "increment", numbers: [], blocks: [block(executor, i)] }),
        );
        const answers = await takeAll(executor, 12);
        expect(new Set(tickets).size).toBe(12);
        expect(answers.map((answer) => answer.ticket).sort((a, b) => a - b)).toEqual(tickets);
        for (const answer of answers)
          expect(blocksOf(answer)[0]![0]).toBe(Math.cos(tickets.indexOf(answer.ticket)) + 1);
        await new Promise((resolve) => setTimeout(resolve, 20));
        expect(executor.take()).toBeUndefined();
      }));

    it("leaves the caller's blocks as they are, and reads nameless ones anew", () =>
      using(candidate, async (executor) => {
        const values = block(executor, 3),
          before = values.slice(),
          program = testProgram();
        for (const expected of [before[0]! + 1, 43]) {
          executor.submit({ program, run: "increment", numbers: [], blocks: [values] });
          expect(blocksOf((await takeAll(executor, 1))[0]!)[0]![0]).toBe(expected);
          if (expected !== 43) expect(values).toEqual(before);
          values[0] = 42;
        }
      }));

    it("takes a name for the same content until it's told to forget it", () =>
      using(candidate, async (executor) => {
        const program = testProgram();
        for (const value of [5, 6]) {
          for (let i = 0; i < 6; i++)
            executor.submit({
              program,
              run: "increment",
              numbers: [],
              blocks: [{ name: "points 1", data: Float64Array.of(value) }],
            });
          for (const answer of await takeAll(executor, 6)) expect(blocksOf(answer)[0]![0]).toBe(value + 1);
          executor.forget("points ");
        }
      }));

    it("hands out what a task throws, and goes on", () =>
      using(candidate, async (executor) => {
        const program = testProgram();
        executor.submit({ program, run: "fail", numbers: [17], blocks: [] });
        executor.submit({ program, run: "missing", numbers: [], blocks: [] });
        executor.submit({ program, run: "nothing", numbers: [], blocks: [] });
        const answers = (await takeAll(executor, 3)).sort((a, b) => a.ticket - b.ticket);
        expect(() => blocksOf(answers[0]!)).toThrow(/no such thing as 17/);
        expect(() => blocksOf(answers[1]!)).toThrow(/no function missing/);
        expect(blocksOf(answers[2]!)).toEqual([]);
      }));

    it("hands out nothing that was cancelled", () =>
      using(candidate, async (executor) => {
        const program = testProgram();
        const submit = (i: number): number =>
          executor.submit({ program, run: "increment", numbers: [], blocks: [Float64Array.of(i)] });
        const tickets = [0, 1, 2, 3, 4, 5].map(submit);
        executor.cancel(tickets.slice(1, 4));
        const kept = (await takeAll(executor, 3)).map((answer) => answer.ticket).sort((a, b) => a - b);
        expect(kept).toEqual([tickets[0], tickets[4], tickets[5]]);
        [6, 7, 8].map(submit);
        executor.cancel();
        const last = submit(9);
        expect((await takeAll(executor, 1)).map((answer) => answer.ticket)).toEqual([last]);
      }));

    it("is left clean by work that was stopped in its middle", () =>
      using(candidate, async (executor) => {
        const controller = new AbortController();
        const work = runAsync(workload(executor, testProgram(), 40), {
          signal: controller.signal,
          progress: ({ done }) => {
            if (done === 3) controller.abort();
          },
        });
        await expect(work).rejects.toThrow(/interrupted during test/);
        expect(executor.take()).toBeUndefined();
        expect((await runAsync(workload(executor, testProgram(), 10))).total).toBe(expectedTotal(10));
      }));

    it("runs programs that can't be sent where the caller is", () =>
      using(candidate, async (executor) => {
        const { text: _, data: _unused, ...program } = testProgram();
        expect((await runAsync(workload(executor, program, 10))).total).toBe(expectedTotal(10));
      }));

    it("answers a task whose result can't be sent, or that can't be sent itself", () =>
      using(candidate, async (executor) => {
        const { text: _, ...rest } = testProgram();
        const broken: Program = {
          ...rest,
          get text(): string {
            throw new Error("the text couldn't be printed");
          },
        };
        const program = testProgram();
        executor.submit({ program, run: "unsendable", numbers: [], blocks: [] });
        executor.submit({ program: broken, run: "nothing", numbers: [], blocks: [] });
        executor.submit({
          program: { ...testProgram(), data: { shift: 1, unsendable: () => {} } },
          run: "nothing",
          numbers: [],
          blocks: [],
        });
        // Where the caller is there's nothing to send, and all three have answers.
        for (const answer of await takeAll(executor, 3))
          if ("error" in answer) expect(answer.error.message).toMatch(/could ?n[o']t be (cloned|printed)/);
        executor.submit({ program, run: "increment", numbers: [], blocks: [{ name: "a", data: Float64Array.of(1) }] });
        expect(blocksOf((await takeAll(executor, 1))[0]!)[0]).toEqual(Float64Array.of(2));
      }));

    it("bears a storm of tasks, cancellations and forgotten names, and another after it", () =>
      using(candidate, async (executor) => {
        await storm(executor, 5, 150, false);
        await storm(executor, 6, 150, candidate.blocks);
        expect(executor.take()).toBeUndefined();
      }));

    it("doesn't let anybody wait for what will never come", () =>
      using(candidate, async (executor) => {
        await expect(executor.waiting.arrival()).rejects.toThrow(/no ticket is open/);
        executor.cancel([executor.submit({ program: testProgram(), run: "nothing", numbers: [], blocks: [] })]);
        await expect(executor.waiting.arrival()).rejects.toThrow(/no ticket is open/);
        if (candidate.blocks) expect(() => executor.waiting.block!()).toThrow(/no ticket is open/);
      }));

    it("tells those who wait when it is closed", async () => {
      const executor = candidate.make();
      const work = runAsync(workload(executor, testProgram(), 40), {
        progress: ({ done }) => {
          if (done === 5) void executor.close();
        },
      });
      await expect(work).rejects.toThrow(/closed/);
      expect(() => executor.submit({ program: testProgram(), run: "nothing", numbers: [], blocks: [] })).toThrow(
        /closed/,
      );
    });

    it("closes with work at hand", async () => {
      const executor = candidate.make();
      for (let i = 0; i < 5; i++) executor.submit({ program: testProgram(), run: "nothing", numbers: [], blocks: [] });
      await executor.close();
      expect(executor.take()).toBeUndefined();
    });
  });
}
