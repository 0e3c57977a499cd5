/**
 * Ctrl-C while work is done that can be kept. In: such work. Out: its end, by itself or by a signal.
 * The first Ctrl-C sets an AbortSignal, so that the work can write down how far it is; the second ends the process at
 * once.
 */

let current: AbortController | undefined;

/** Runs work that looks at a signal. */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  current = controller;
  try {
    return await work(controller.signal);
  } finally {
    current = undefined;
  }
}

/** Asks the work at hand to stop. False where there's none, or where it was asked before. */
export function askToStop(): boolean {
  if (current === undefined || current.signal.aborted) return false;
  current.abort();
  return true;
}
