/**
 * Where blocks of work are done: the interface of executors, and its contract. In: tasks. Out: their answers.
 * A solver says what is to be done as tasks that are pure functions of blocks of numbers, and combines their answers in
 * an order of its own; who works, where, and how often, is the executor's affair and changes no bit.
 *
 * The contract, which the suite in the tests demands of every executor:
 *
 *  1. A task is a name in a program, a few numbers, and blocks. Its answer depends on these alone; it changes none of
 *  its
 *     blocks and nothing else that outlives it, so it may be run again, elsewhere, or twice at once.
 *  2. From `submit` until its answer was taken or it was cancelled, the caller leaves the blocks of a task as they are.
 *  Answers are the
 *     caller's, to change and to keep.
 *  3. A block with a name has the same content whenever an executor sees that name, until `forget`: it may be kept
 *     where the work is done instead of being sent again. Nameless blocks are read anew for each task.
 *  4. Each ticket is answered exactly once, in no promised order. A worker that is lost has its tasks done elsewhere; a
 *  second answer
 *     to the same ticket, or one to a ticket that was cancelled, is thrown away.
 *  5. A task that throws is answered by its error; it isn't tried again, as it would throw again.
 *  6. After `cancel` no answer to the tickets in question is handed out, and the executor can be used on.
 *  7. Nothing starts before `submit`, and after `close` nothing runs on; a task that is submitted then is refused.
 *  8. Nobody waits for ever: an executor does itself, or has done elsewhere, what a worker doesn't answer. To wait
 *  while no ticket is
 *     open is an error.
 *
 * One driver uses an executor at a time; share.ts makes several of one. A fit takes its own of what it is given.
 */
import type { Steps, Step, Waiting } from "../fit/steps.ts";

/** Numbers that a task reads; with a name where their content stays what it is. */
export interface NamedBlock {
  readonly name: string;
  readonly data: Float64Array;
}
export type Block = Float64Array | NamedBlock;

/** One function of a program: numbers and blocks to blocks. */
export type TaskFunction = (numbers: readonly number[], blocks: readonly Float64Array[]) => Float64Array[];

/** A collection of task functions. */
export interface Program {
  /** Equal names mean the same functions. */
  readonly name: string;
  /** Makes the functions where the caller runs. */
  readonly create: () => Readonly<Record<string, TaskFunction>>;
  /**
   * The same program for elsewhere: an expression in JavaScript, our own code or the compiler's, that gives a function
   * from `data` to the functions.
   * It refers to nothing outside itself. A program without the property runs where the caller does. It's read when a
   * worker first has a task of the program.
   */
  readonly text?: string;
  /** What `text` is called with: plain data, copied. */
  readonly data?: unknown;
}

export interface Task {
  /** The program, installed by its first task. */
  readonly program: Program;
  /** The function of it. */
  readonly run: string;
  readonly numbers: readonly number[];
  readonly blocks: readonly Block[];
}

/** The answer to a ticket: blocks, or what the task threw. */
export type Answer =
  | { readonly ticket: number; readonly blocks: readonly Float64Array[] }
  | { readonly ticket: number; readonly error: Error };

export interface BlockExecutor {
  /** How many tasks can be at work at once: from 1 on. */
  readonly width: number;
  /**
   * A block of zeros that tasks can read with the least copying: shared memory for threads. Any other Float64Array will
   * do as well.
   */
  allocate(length: number): Float64Array;
  /** Takes a task on. Tasks are begun in the order of their submission. */
  submit(task: Task): number;
  /** An answer that has come, or undefined while there's none. */
  take(): Answer | undefined;
  /** How to wait for the next answer; to be yielded in a step. Throws, or rejects, where no ticket is open. */
  readonly waiting: Waiting;
  /** Drops these tickets, all that aren't taken where left out. */
  cancel(tickets?: Iterable<number>): void;
  /** Lets go of the content of names that begin so. */
  forget(prefix: string): void;
  /** Ends all work, and gives back threads. */
  close(): Promise<void>;
}

/** Blocks of an answer; throws what the task threw. */
export function blocksOf(answer: Answer): readonly Float64Array[] {
  if ("error" in answer) throw answer.error;
  return answer.blocks;
}

/** The next answer, whenever it comes; yields `step` while it waits. */
export function* nextAnswer(executor: BlockExecutor, step: () => Step): Steps<Answer> {
  for (;;) {
    const answer = executor.take();
    if (answer !== undefined) return answer;
    yield { ...step(), waiting: executor.waiting };
  }
}

/**
 * Runs tasks and hands their answers to `use` one by one in the order of the tasks, whatever the order in which they
 * come:
 * sums that `use` accumulates have the same bits for any executor. About twice `width` tasks are out at a time, so
 * tasks may be made lazily. Yields `step(answers used)` after each. Cancels what is out when it is left early.
 */
export function* inOrder(
  executor: BlockExecutor,
  tasks: Iterable<Task>,
  use: (blocks: readonly Float64Array[], index: number) => void,
  step: (done: number) => Step,
): Steps<void> {
  const source = tasks[Symbol.iterator]();
  const indexes = new Map<number, number>();
  const early = new Map<number, Answer>();
  let submitted = 0,
    used = 0,
    exhausted = false;
  try {
    for (;;) {
      while (!exhausted && submitted - used < 2 * executor.width + 1) {
        const next = source.next();
        if (next.done === true) exhausted = true;
        else indexes.set(executor.submit(next.value), submitted++);
      }
      if (used === submitted) return;
      const answer = yield* nextAnswer(executor, () => step(used));
      early.set(indexes.get(answer.ticket)!, answer);
      indexes.delete(answer.ticket);
      for (let ready = early.get(used); ready !== undefined; ready = early.get(used)) {
        early.delete(used);
        use(blocksOf(ready), used++);
        yield step(used);
      }
    }
  } finally {
    executor.cancel(indexes.keys());
  }
}
