/**
 * The executor that works where its caller does. In: tasks. Out: their answers, in the order of submission.
 * A task runs when its answer is asked for; nothing is copied, and nothing is ever waited for.
 */
import type { Answer, Block, BlockExecutor, Program, Task, TaskFunction } from "./executor.ts";
import type { Waiting } from "../fit/steps.ts";

const dataOf = (block: Block): Float64Array => (block instanceof Float64Array ? block : block.data);

/** Programs whose functions are kept. */
const PROGRAMS = 256;

/** Runs tasks of any program, making the functions of each name once. */
export class TaskRunner {
  /** By name, the last used last. */
  private readonly programs = new Map<string, Readonly<Record<string, TaskFunction>>>();

  /** The answer to one task; what it throws is part of it. */
  answer(ticket: number, task: Task): Answer {
    try {
      const functions = this.functionsOf(task.program);
      const run = Object.hasOwn(functions, task.run) ? functions[task.run] : undefined;
      if (run === undefined) throw new TypeError(`the program ${task.program.name} has no function ${task.run}`);
      return { ticket, blocks: run(task.numbers, task.blocks.map(dataOf)) };
    } catch (error) {
      return { ticket, error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  private functionsOf(program: Program): Readonly<Record<string, TaskFunction>> {
    const functions = this.programs.get(program.name) ?? program.create();
    this.programs.delete(program.name);
    this.programs.set(program.name, functions);
    for (const oldest of this.programs.keys()) {
      if (this.programs.size <= PROGRAMS) break;
      this.programs.delete(oldest);
    }
    return functions;
  }
}

export class InProcessExecutor implements BlockExecutor {
  readonly width = 1;
  readonly waiting: Waiting = { block: () => this.requireWork(), arrival: async () => this.requireWork() };
  private readonly queue = new Map<number, Task>();
  private readonly runner = new TaskRunner();
  private tickets = 0;
  private closed = false;

  allocate(length: number): Float64Array {
    return new Float64Array(length);
  }

  submit(task: Task): number {
    if (this.closed) throw new Error("the executor is closed");
    this.queue.set(++this.tickets, task);
    return this.tickets;
  }

  take(): Answer | undefined {
    for (const [ticket, task] of this.queue) {
      this.queue.delete(ticket);
      return this.runner.answer(ticket, task);
    }
    return undefined;
  }

  cancel(tickets: Iterable<number> = [...this.queue.keys()]): void {
    for (const ticket of tickets) this.queue.delete(ticket);
  }

  forget(): void {}

  close(): Promise<void> {
    this.closed = true;
    this.queue.clear();
    return Promise.resolve();
  }

  private requireWork(): void {
    if (this.queue.size === 0)
      throw new Error(this.closed ? "the executor is closed" : "nothing to wait for: no ticket is open");
  }
}
