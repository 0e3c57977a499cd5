/**
 * Work that can be stopped and kept. In: such work. Out: its end, by itself or because somebody asked.
 * To be asked sets an AbortSignal, so that the work can write down how far it is. Whoever asks is told when there is
 * such work, and when there's none.
 */

let current: AbortController | undefined;
let listener: (isStoppable: boolean) => void = () => {};

/** Tells `hear` whenever work that can be stopped begins or is over. */
export function setStoppableListener(hear: (isStoppable: boolean) => void): void {
  listener = hear;
}

/** Runs work that looks at a signal. */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  current = controller;
  listener(true);
  try {
    return await work(controller.signal);
  } finally {
    current = undefined;
    listener(false);
  }
}

/** Asks the work at hand to stop. False where there's none, or where it was asked before. */
export function askToStop(): boolean {
  if (current === undefined || current.signal.aborted) return false;
  current.abort();
  return true;
}
