/**
 * Long work in small steps. In: a generator that yields how far it is. Out: its result, at once or with pauses.
 * The work itself knows nothing of clocks, events or signals; whoever drives it reports progress, and stops it.
 */
import { InterruptedError } from "../errors.ts";

/** How far a phase of the work is, in units of its own. */
export interface Step {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  /** What people may want to know beside: a residual. */
  readonly note?: string;
  /** Nothing can go on before something arrives from elsewhere: an answer of another thread. */
  readonly waiting?: Waiting;
}

/** Two ways to wait; both may return early, with nothing there yet. */
export interface Waiting {
  /** Stops the caller's thread until something arrives; absent where that can't be done. */
  readonly block?: () => void;
  readonly arrival: () => Promise<void>;
}

export type Steps<Result> = Generator<Step, Result, void>;

export interface Progress extends Step {
  /** Time that this phase will take yet, from its pace so far; Infinity before there's any. */
  readonly secondsLeft: number;
}

export interface Drive {
  readonly progress?: ((progress: Progress) => void) | undefined;
  /** Looked at after every step; work that runs at once can be stopped by its own progress callback only. */
  readonly signal?: AbortSignal | undefined;
}

/** Seconds since some fixed moment. */
export const clock = (): number => performance.now() / 1000;

/**
 * Drives work to its end without a pause. Throws InterruptedError once the signal is set, and TypeError where the work
 * waits
 * for something that can't be waited for without giving way to other events.
 */
export function run<Result>(steps: Steps<Result>, drive: Drive = {}): Result {
  const report = reporter(drive);
  try {
    for (let next = steps.next(); ; next = steps.next()) {
      if (next.done === true) return next.value;
      report(next.value);
      if (next.value.waiting !== undefined) blockOn(next.value.waiting);
    }
  } catch (error) {
    abandon(steps);
    throw error;
  }
}

function blockOn({ block }: Waiting): void {
  if (block === undefined)
    throw new TypeError(
      "this executor answers between events only: use the asynchronous function (fitAsync in place of fit)",
    );
  block();
}

/** Lets unfinished work give back what it holds. */
function abandon<Result>(steps: Steps<Result>): void {
  steps.return(undefined as Result);
}

/** The same work, reported as a phase of another name. */
export function* inPhase<Result>(phase: string, steps: Steps<Result>): Steps<Result> {
  try {
    for (let next = steps.next(); ; next = steps.next()) {
      if (next.done === true) return next.value;
      yield { ...next.value, phase };
    }
  } finally {
    abandon(steps);
  }
}

/**
 * Drives work with a pause for other events about twenty times a second, so that pages stay alive and signals arrive.
 */
export async function runAsync<Result>(steps: Steps<Result>, drive: Drive = {}): Promise<Result> {
  const report = reporter(drive);
  let breath = clock();
  try {
    for (let next = steps.next(); ; next = steps.next()) {
      if (next.done === true) return next.value;
      if (next.value.waiting !== undefined) await next.value.waiting.arrival();
      if (clock() - breath > 0.05) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        breath = clock();
      }
      report(next.value);
    }
  } catch (error) {
    abandon(steps);
    throw error;
  }
}

function reporter({ progress, signal }: Drive): (step: Step) => void {
  let current = "";
  let begin = 0;
  const stop = (phase: string): void => {
    if (signal?.aborted === true) throw new InterruptedError(phase);
  };
  return (step) => {
    stop(step.phase);
    if (step.phase !== current) {
      current = step.phase;
      begin = clock();
    }
    progress?.({
      ...step,
      secondsLeft: step.done === 0 ? Infinity : ((clock() - begin) * (step.total - step.done)) / step.done,
    });
    stop(step.phase);
  };
}
