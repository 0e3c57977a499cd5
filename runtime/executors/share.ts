/**
 * One executor for several drivers. In: an executor that others may use as well. Out: one for a driver of its own.
 * Its tickets are its own: answers to other drivers' tasks, which it may meet while it looks for one, go to them. Names
 * of blocks begin with a mark that no other driver has, in this process or another, so that no block is taken for
 * another of the same name.
 */
import type { Waiting } from "../fit/steps.ts";
import type { Answer, Block, BlockExecutor, Task } from "./executor.ts";

/** Whose each ticket is that wasn't answered yet, by the executor that is shared. */
const owners = new WeakMap<BlockExecutor, Map<number, Driver>>();

/** Told from every other with near certainty; it stands in names alone, and changes no bit. */
const mark = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(16).padStart(8, "0")).join("");

/**
 * The executor as a driver's own: it may be used while others use theirs. To close it ends what the driver has begun,
 * and leaves the executor as it is.
 */
export const share = (executor: BlockExecutor): BlockExecutor => new Driver(executor);

class Driver implements BlockExecutor {
  readonly width: number;
  readonly waiting: Waiting;
  private readonly pool: BlockExecutor;
  private readonly owners: Map<number, Driver>;
  private readonly prefix = `${mark()} `;
  private readonly open = new Set<number>();
  /** Answers that another driver has met. */
  private readonly kept = new Map<number, Answer>();
  private closed = false;

  constructor(pool: BlockExecutor) {
    this.pool = pool;
    this.width = pool.width;
    const known = owners.get(pool) ?? new Map<number, Driver>();
    owners.set(pool, known);
    this.owners = known;
    const { block, arrival } = pool.waiting;
    this.waiting = {
      ...(block === undefined ? {} : { block: () => (this.mustWait() ? block() : undefined) }),
      arrival: async () => (this.mustWait() ? arrival() : undefined),
    };
  }

  allocate(length: number): Float64Array {
    return this.pool.allocate(length);
  }

  submit(task: Task): number {
    if (this.closed) throw new Error("the executor is closed");
    const ticket = this.pool.submit({ ...task, blocks: task.blocks.map((block) => this.named(block)) });
    this.owners.set(ticket, this);
    this.open.add(ticket);
    return ticket;
  }

  take(): Answer | undefined {
    for (const [ticket, answer] of this.kept) {
      this.kept.delete(ticket);
      this.open.delete(ticket);
      return answer;
    }
    for (let answer = this.pool.take(); answer !== undefined; answer = this.pool.take()) {
      const owner = this.owners.get(answer.ticket);
      this.owners.delete(answer.ticket);
      if (owner === this) {
        this.open.delete(answer.ticket);
        return answer;
      }
      owner?.kept.set(answer.ticket, answer);
    }
    return undefined;
  }

  cancel(tickets: Iterable<number> = [...this.open]): void {
    const own = [...tickets].filter((ticket) => this.open.has(ticket));
    this.pool.cancel(own);
    for (const ticket of own) {
      this.open.delete(ticket);
      this.kept.delete(ticket);
      this.owners.delete(ticket);
    }
  }

  forget(prefix: string): void {
    this.pool.forget(this.prefix + prefix);
  }

  close(): Promise<void> {
    this.closed = true;
    this.cancel();
    this.forget("");
    return Promise.resolve();
  }

  private named(block: Block): Block {
    return block instanceof Float64Array ? block : { name: this.prefix + block.name, data: block.data };
  }

  /** Whether there's no answer yet. Throws where none will ever come. */
  private mustWait(): boolean {
    if (this.kept.size > 0) return false;
    if (this.open.size === 0)
      throw new Error(this.closed ? "the executor is closed" : "nothing to wait for: no ticket is open");
    return true;
  }
}
