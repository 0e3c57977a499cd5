/**
 * The executor over threads. In: tasks. Out: their answers, as they come.
 * Each worker has one task at work and one in its queue, the rest wait here; so little is lost with a worker, and what
 * it had is done by another. Answers are matched to tickets that are still open, which makes late and repeated ones
 * harmless.
 */
import type { Waiting } from "../fit/steps.ts";
import type { Answer, Block, BlockExecutor, Program, Task } from "./executor.ts";
import { TaskRunner } from "./in_process.ts";
import { canBlock, canShare, startWorker } from "./platform.ts";
import type { Channel, Listener } from "./platform.ts";
import { workerMain } from "./worker.ts";
import type { Reply, Request, SentBlock } from "./worker.ts";

/** Tasks that a worker has at once: one at work, one in wait. */
const DEPTH = 2;
/**
 * Seconds without any answer after which a caller that is stopped does what its workers should, and so many times as
 * many where events tell of lost workers.
 */
const PATIENCE = 2;
const EVENTS = 10;
/** Programs that a worker keeps. */
const PROGRAMS = 256;
/** Shared memory is taken in pieces of this many numbers (16 MiB). */
const SLAB = 2 ** 21;

/** Starts a worker; the tests put faulty ones here. */
export type Start = (text: string, signal: Int32Array, listener: Listener) => Channel;

export interface ThreadOptions {
  /**
   * Seconds without any answer after which a caller that waits without events takes over what its workers have; 2 where
   * left out. With events, which tell of workers that are lost, ten times as many.
   */
  readonly patience?: number;
  readonly start?: Start;
}

interface Worker {
  readonly channel: Channel;
  readonly tickets: Set<number>;
  /** Names of the programs that it has, the last used last. */
  readonly programs: Set<string>;
  readonly names: Set<string>;
  /** It kept a caller waiting: it gets nothing more until it answers. */
  silent: boolean;
  lost: boolean;
}

export class ThreadExecutor implements BlockExecutor {
  readonly width: number;
  readonly waiting: Waiting;
  private readonly start: Start;
  private readonly patience: number;
  private readonly signal = new Int32Array(canShare ? new SharedArrayBuffer(4) : new ArrayBuffer(4));
  private readonly workers: Worker[] = [];
  /** Tickets that aren't answered, with their tasks, and those of them that nobody works on, in order. */
  private readonly open = new Map<number, Task>();
  private readonly queue = new Set<number>();
  private readonly answers = new Map<number, Answer>();
  private readonly runner = new TaskRunner();
  private readonly wakers = new Set<() => void>();
  /** Workers that may yet be started: each can be replaced twice. */
  private starts: number;
  private tickets = 0;
  private closed = false;
  private slab: Float64Array = new Float64Array(0);

  /** @param width number of workers, from 1 on; they start with the first task */
  constructor(width: number, { patience = PATIENCE, start = startWorker }: ThreadOptions = {}) {
    if (!(Number.isInteger(width) && width > 0))
      throw new RangeError(`a number of threads is a whole number from 1 on, not ${width}`);
    this.width = width;
    this.starts = 3 * width;
    this.patience = patience;
    this.start = start;
    this.waiting = { ...(canBlock ? { block: () => this.block() } : {}), arrival: () => this.arrival() };
  }

  allocate(length: number): Float64Array {
    if (!canShare) return new Float64Array(length);
    if (length > SLAB / 8) return new Float64Array(new SharedArrayBuffer(8 * length));
    if (length > this.slab.length) this.slab = new Float64Array(new SharedArrayBuffer(8 * SLAB));
    const block = this.slab.subarray(0, length);
    // Two numbers, so that blocks stay aligned to 16 bytes.
    this.slab = this.slab.subarray(length + (length % 2));
    return block;
  }

  submit(task: Task): number {
    if (this.closed) throw new Error("the executor is closed");
    const ticket = ++this.tickets;
    this.open.set(ticket, task);
    this.queue.add(ticket);
    this.distribute();
    return ticket;
  }

  take(): Answer | undefined {
    this.readPorts();
    for (const [ticket, answer] of this.answers) {
      this.answers.delete(ticket);
      return answer;
    }
    return this.queue.size > 0 ? this.runHere() : undefined;
  }

  cancel(tickets: Iterable<number> = [...this.open.keys(), ...this.answers.keys()]): void {
    for (const ticket of tickets) {
      this.open.delete(ticket);
      this.queue.delete(ticket);
      this.answers.delete(ticket);
    }
    this.hold();
  }

  forget(prefix: string): void {
    for (const worker of this.workers) {
      if (worker.lost || worker.names.size === 0) continue;
      for (const name of worker.names) if (name.startsWith(prefix)) worker.names.delete(name);
      worker.channel.send({ kind: "forget", prefix } satisfies Request);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    this.cancel();
    const ended = this.workers.map((worker) => {
      worker.lost = true;
      return worker.channel.end();
    });
    this.workers.length = 0;
    this.wake();
    await Promise.all(ended);
  }

  // ---- handing out

  /** Gives waiting tasks to workers that have room, the least busy first. */
  private distribute(): void {
    for (const ticket of this.queue) {
      const task = this.open.get(ticket)!;
      const worker = isPortable(task.program) ? this.workerWithRoom() : undefined;
      if (worker === undefined) continue;
      this.queue.delete(ticket);
      this.send(worker, ticket, task);
    }
    this.hold();
  }

  private workerWithRoom(): Worker | undefined {
    const usable = this.workers.filter((worker) => !worker.lost && !worker.silent && worker.tickets.size < DEPTH);
    const best = usable.reduce<Worker | undefined>(
      (least, worker) => (least === undefined || worker.tickets.size < least.tickets.size ? worker : least),
      undefined,
    );
    if (best?.tickets.size === 0 || this.workers.filter((worker) => !worker.lost).length >= this.width) return best;
    return this.startOne() ?? best;
  }

  private startOne(): Worker | undefined {
    if (this.starts-- <= 0) return undefined;
    const listener: Listener = {
      onMessage: (message) => this.receive(worker, message as Reply),
      onLost: () => this.lose(worker),
    };
    let channel: Channel;
    try {
      channel = this.start(workerMain.toString(), this.signal, listener);
    } catch {
      // No thread is to be had now: the work is done by those that there are, or here.
      return undefined;
    }
    const worker: Worker = {
      channel,
      tickets: new Set(),
      programs: new Set(),
      names: new Set(),
      silent: false,
      lost: false,
    };
    this.workers.push(worker);
    return worker;
  }

  /** A task that can't be sent, since its text or its data fail, is answered by that error. */
  private send(worker: Worker, ticket: number, { program, run, numbers, blocks }: Task): void {
    try {
      const install = worker.programs.has(program.name) ? {} : { install: { text: program.text!, data: program.data } };
      worker.channel.send({
        kind: "task",
        ticket,
        program: program.name,
        ...install,
        run,
        numbers,
        blocks: blocks.map((block) => sent(worker, block)),
      } satisfies Request);
    } catch (error) {
      this.settle({ ticket, error: error instanceof Error ? error : new Error(String(error)) });
      return;
    }
    this.use(worker, program.name);
    worker.tickets.add(ticket);
    for (const block of blocks) if (!(block instanceof Float64Array)) worker.names.add(block.name);
  }

  /** The worker keeps the programs that it used last; it lets the oldest go after what was sent before. */
  private use(worker: Worker, name: string): void {
    worker.programs.delete(name);
    worker.programs.add(name);
    for (const oldest of worker.programs) {
      if (worker.programs.size <= PROGRAMS) return;
      worker.programs.delete(oldest);
      worker.channel.send({ kind: "drop", program: oldest } satisfies Request);
    }
  }

  // ---- taking in

  private receive(worker: Worker, reply: Reply): void {
    worker.silent = false;
    worker.tickets.delete(reply.ticket);
    this.settle("blocks" in reply ? reply : { ticket: reply.ticket, error: errorOf(reply) });
    this.distribute();
    this.wake();
  }

  /** Takes the first answer to a ticket that is open; any other is dropped. */
  private settle(answer: Answer): void {
    if (!this.open.delete(answer.ticket)) return;
    this.queue.delete(answer.ticket);
    this.answers.set(answer.ticket, answer);
  }

  private lose(worker: Worker): void {
    if (worker.lost) return;
    this.readPort(worker);
    worker.lost = true;
    void worker.channel.end();
    this.reclaim(worker);
    this.distribute();
    this.wake();
  }

  /** What a worker has and hasn't answered goes to the front of the queue. */
  private reclaim(worker: Worker): void {
    const waiting = [...this.queue];
    this.queue.clear();
    for (const ticket of worker.tickets) if (this.open.has(ticket)) this.queue.add(ticket);
    for (const ticket of waiting) this.queue.add(ticket);
    worker.tickets.clear();
  }

  private readPorts(): void {
    for (const worker of this.workers) this.readPort(worker);
  }

  private readPort(worker: Worker): void {
    for (let reply = worker.channel.poll?.(); reply !== undefined; reply = worker.channel.poll?.())
      this.receive(worker, reply as Reply);
  }

  /** Does a task in the caller's thread: one whose program can't be sent, or for which there's no worker left. */
  private runHere(): Answer | undefined {
    const noWorkers = this.workers.every((worker) => worker.lost || worker.silent);
    for (const ticket of this.queue) {
      const task = this.open.get(ticket)!;
      if (isPortable(task.program) && !noWorkers) continue;
      this.queue.delete(ticket);
      this.open.delete(ticket);
      return this.runner.answer(ticket, task);
    }
    return undefined;
  }

  // ---- waiting

  /** Stops the thread until an answer comes. No event says that a worker was lost meanwhile, hence the patience. */
  private block(): void {
    const end = performance.now() + 1000 * this.patience;
    for (;;) {
      const seen = Atomics.load(this.signal, 0);
      if (!this.mustWait()) return;
      const left = end - performance.now();
      if (left <= 0) {
        this.losePatience();
        return;
      }
      Atomics.wait(this.signal, 0, seen, left);
    }
  }

  private async arrival(): Promise<void> {
    if (!this.mustWait()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.losePatience(), 1000 * EVENTS * this.patience);
      this.wakers.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Whether `take` has nothing, and a worker may yet change that. Throws where nothing ever will. */
  private mustWait(): boolean {
    this.readPorts();
    if (this.answers.size > 0) return false;
    if (this.open.size === 0)
      throw new Error(this.closed ? "the executor is closed" : "nothing to wait for: no ticket is open");
    return this.workers.some((worker) => !worker.lost && !worker.silent && worker.tickets.size > 0);
  }

  /** What no worker answers is done by others, or here; whoever answers late is taken on again. */
  private losePatience(): void {
    for (const worker of this.workers.filter((candidate) => candidate.tickets.size > 0)) {
      worker.silent = true;
      this.reclaim(worker);
    }
    this.distribute();
    this.wake();
  }

  private wake(): void {
    for (const waker of this.wakers) waker();
    this.wakers.clear();
  }

  /** The process stays alive while answers are awaited. */
  private hold(): void {
    for (const worker of this.workers) if (!worker.lost) worker.channel.hold(this.open.size > 0);
  }
}

/** Asked without reading the text, which may be printed at that moment. */
const isPortable = (program: Program): boolean => "text" in program;

function sent(worker: Worker, block: Block): SentBlock {
  if (block instanceof Float64Array) return { data: whole(block) };
  return worker.names.has(block.name) ? { name: block.name } : { name: block.name, data: whole(block.data) };
}

/** A view would be sent with all of its buffer, unless that is shared and isn't copied at all. */
const whole = (block: Float64Array): Float64Array =>
  block.byteLength === block.buffer.byteLength || (canShare && block.buffer instanceof SharedArrayBuffer)
    ? block
    : block.slice();

function errorOf({ message, stack }: Extract<Reply, { message: string }>): Error {
  const error = new Error(message);
  error.stack = stack;
  return error;
}
