/**
 * Checkpoints of a fit: when to write one, and whose it is. In: a store, what the fit is, a clock. Out: what to go on
 * from.
 * A checkpoint is a small state that is replaced whole, and a log of blocks that only grows. A state names all that the
 * result depends on; one of another fit is refused. Writing is rationed: all of it takes a fiftieth of the time at
 * most.
 */
import { OptionError } from "../errors.ts";
import { readSafetensors, writeSafetensors } from "../data/safetensors.ts";
import type { SafeTensor } from "../data/safetensors.ts";
import { clock as realClock } from "./steps.ts";
import type { Steps } from "./steps.ts";

/** A block of the log: what it is, and its numbers. */
export interface LogRecord {
  readonly key: readonly [number, number, number];
  readonly data: Float64Array;
}

/** Where checkpoints are kept; see checkpoint-files.ts for files. */
export interface CheckpointStore {
  /** For messages. */
  readonly name: string;
  /** The state that was written last, or undefined. */
  readState(): Uint8Array | undefined;
  /** Replaces the state: whoever reads finds the old one or the new one, whole. */
  writeState(bytes: Uint8Array): void;
  /**
   * The whole records of the log in order; what is torn at its end is left out, and overwritten by what is appended.
   */
  readLog(): Iterable<LogRecord>;
  /** Appends, and returns once it's safe. */
  append(records: readonly LogRecord[]): void;
  /** Removes state and log. */
  remove(): void;
}

/** Numbers and arrays that a solver goes on from. */
export interface SolverState {
  /** Where the work is: `assembly`, `factor`, `preconditioner`, `cg`. */
  readonly phase: string;
  readonly numbers: Readonly<Record<string, number>>;
  readonly arrays: Readonly<Record<string, Float64Array>>;
}

export interface CheckpointOptions {
  readonly store: CheckpointStore;
  /** Seconds before the first one, where a large one isn't due later by its share; 5 where left out. */
  readonly first?: number;
  /** The part of the time that writing may take; 0.02 where left out. */
  readonly share?: number;
  /** Seconds since some fixed moment. */
  readonly clock?: () => number;
  /** Leaves what is there unread and starts anew. */
  readonly fresh?: boolean;
}

/**
 * Bytes a second that a disk is believed to take at most: small writes, which caches take, don't foretell large ones.
 */
const BANDWIDTH = 100e6;
/** Seconds that a checkpoint may take when the fit is interrupted: somebody is waiting. */
const PARTING = 0.2;
/** Bytes that are worth a write of their own. */
const PART = 16 * 2 ** 20;
/** A fit whose state can't be written goes on without; it tries again after this many seconds. */
const RETRY = 60;

export class Checkpoints {
  private readonly options: CheckpointOptions;
  private readonly identity: Readonly<Record<string, string>>;
  private readonly clock: () => number;
  private readonly begin: number;
  private readonly notice: (message: string) => void;
  /** Seconds and bytes of all checkpoints, and seconds of the shortest. */
  private spent = 0;
  private written = 0;
  private shortest = Infinity;
  /** Seconds from the beginning before which none can be due. */
  private notBefore = 0;
  /** Checkpoints written. */
  count = 0;

  /** @param identity all that the result depends on, in words, by name */
  constructor(
    options: CheckpointOptions,
    identity: Readonly<Record<string, string>>,
    notice: (message: string) => void,
  ) {
    this.options = options;
    this.identity = identity;
    this.notice = notice;
    this.clock = options.clock ?? realClock;
    this.begin = this.clock();
  }

  /**
   * What an earlier run has left, or undefined.
   * @throws OptionError where it's of another fit, naming what differs
   */
  open(): SolverState | undefined {
    const { store, fresh } = this.options;
    const bytes = fresh === true ? undefined : store.readState();
    const state = bytes === undefined ? undefined : this.read(bytes);
    if (state === undefined) store.remove();
    else this.notice(`resuming from ${store.name}`);
    return state;
  }

  private read(bytes: Uint8Array): SolverState | undefined {
    const { store } = this.options;
    try {
      const { tensors, metadata } = readSafetensors(bytes, store.name);
      const found = JSON.parse(metadata.get("identity") ?? "{}") as Record<string, string>;
      this.compare(found);
      const numbers = JSON.parse(metadata.get("numbers") ?? "{}") as Record<string, number>;
      return {
        phase: metadata.get("phase") ?? "",
        numbers,
        arrays: Object.fromEntries([...tensors].map(([name, { data }]) => [name, data])),
      };
    } catch (error) {
      if (error instanceof OptionError) throw error;
      this.notice(
        `${store.name}: not a whole checkpoint (${error instanceof Error ? error.message : String(error)}); ` +
          "starting anew",
      );
      return undefined;
    }
  }

  private compare(found: Readonly<Record<string, unknown>>): void {
    const names = [...new Set([...Object.keys(found), ...Object.keys(this.identity)])];
    const differing = names.filter((name) => found[name] !== this.identity[name]);
    if (differing.length === 0) return;
    const spell = (value: unknown): string => (value === undefined ? "not set" : String(value).slice(0, 60));
    const list = differing
      .map((name) => `${name} (${spell(found[name])} there, ${spell(this.identity[name])} here)`)
      .join("; ");
    throw new OptionError(
      `${this.options.store.name} is the checkpoint of another fit. What differs: ${list}. ` +
        "Give the same options to resume it, or --fresh to start anew",
    );
  }

  /** The log of an earlier run. */
  log(): Iterable<LogRecord> {
    return this.options.store.readLog();
  }

  /**
   * Whether one of about so many bytes may be written now. Where it may not, neither may one of as many or more until
   * enough
   * time has passed for it: to be asked again costs nothing then.
   */
  due(bytes: number): boolean {
    const elapsed = this.clock() - this.begin;
    if (elapsed < this.notBefore) return false;
    const { first = 5, share = 0.02 } = this.options;
    if (this.count === 0) this.notBefore = Math.max(first, bytes > PART ? this.secondsFor(bytes) / share : 0);
    else this.notBefore = (this.spent + this.secondsFor(bytes)) / share;
    return elapsed >= this.notBefore;
  }

  /**
   * How many of so many bytes may be written now; 0 where it isn't worth beginning. Large states are written in parts,
   * the most valuable
   * first, as time allows.
   */
  allowance(bytes: number): number {
    const least = Math.min(bytes, PART);
    if (!this.due(least)) return 0;
    const { share = 0.02 } = this.options;
    const seconds = share * (this.clock() - this.begin) - this.spent - this.secondsFor(0);
    return Math.max(least, Math.min(bytes, (seconds * bytes) / (this.secondsFor(bytes) - this.secondsFor(0))));
  }

  /** How many of so many bytes to write when the fit is left. */
  parting(bytes: number): number {
    return Math.min(bytes, PARTING * BANDWIDTH);
  }

  /**
   * Seconds that writing so many bytes will take: those of the shortest write, which is the disk's delay, and what
   * bytes have added.
   */
  private secondsFor(bytes: number): number {
    if (this.count === 0) return bytes / BANDWIDTH;
    const added = this.spent - this.count * this.shortest;
    return this.shortest + bytes / (added > 0 ? Math.min(BANDWIDTH, this.written / added) : BANDWIDTH);
  }

  /** Writes one: first what the state needs of the log, then the state. A full disk is said, and the fit goes on. */
  save(state: SolverState, records: readonly LogRecord[] = []): boolean {
    const { store } = this.options;
    const begin = this.clock();
    try {
      if (records.length > 0) store.append(records);
      const tensors = new Map(
        Object.entries(state.arrays).map(([name, data]): [string, SafeTensor] => [
          name,
          { dtype: "F64", shape: [data.length], data },
        ]),
      );
      const metadata = new Map([
        ["identity", JSON.stringify(this.identity)],
        ["phase", state.phase],
        ["numbers", JSON.stringify(state.numbers)],
      ]);
      const bytes = writeSafetensors({ tensors, metadata });
      store.writeState(bytes);
      this.written += bytes.length + records.reduce((sum, { data }) => sum + data.byteLength, 0);
    } catch (error) {
      this.notice(
        `${store.name}: no checkpoint could be written ` +
          `(${error instanceof Error ? error.message : String(error)}); the fit goes on`,
      );
      this.notBefore = this.clock() - this.begin + RETRY;
      return false;
    }
    const seconds = this.clock() - begin;
    this.count++;
    this.spent += seconds;
    this.shortest = Math.min(this.shortest, seconds);
    return true;
  }

  /** Removes what there is: the fit is done, and its model written. */
  finish(): void {
    this.options.store.remove();
  }
}

/**
 * Drives work that is worth keeping: where it's left before its end without an error, by an interruption, `flush` is
 * called.
 */
export function* kept<Result>(steps: Steps<Result>, flush: () => void): Steps<Result> {
  let isLeft = true;
  try {
    const result = yield* steps;
    isLeft = false;
    return result;
  } catch (error) {
    isLeft = false;
    throw error;
  } finally {
    if (isLeft) flush();
  }
}
