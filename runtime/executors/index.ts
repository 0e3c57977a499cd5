/**
 * The choice of an executor. In: a number of threads. Out: an executor for it.
 */
import type { BlockExecutor } from "./executor.ts";
import { InProcessExecutor } from "./in_process.ts";
import { availableThreads, hasThreads } from "./platform.ts";
import { ThreadExecutor } from "./threads.ts";

/**
 * An executor over this many threads, all that there are where left out. One thread is the caller's own, and so it is
 * where no others can be had.
 * Close it when done.
 */
export function createExecutor(threads = availableThreads()): BlockExecutor {
  if (!(Number.isInteger(threads) && threads > 0))
    throw new RangeError(`a number of threads is a whole number from 1 on, not ${threads}`);
  return threads === 1 || !hasThreads ? new InProcessExecutor() : new ThreadExecutor(threads);
}
