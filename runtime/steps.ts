/**
 * Long work in small steps. In: a generator that yields how far it is. Out: its result, at once or with pauses.
 * The work itself knows nothing of clocks, events or signals; whoever drives it reports progress, and stops it.
 */
import { InterruptedError } from "./errors.ts";

/** How far a phase of the work is, in units of its own. */
export interface Step { readonly phase: string; readonly done: number; readonly total: number }
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

/** Drives work to its end without a pause. Throws InterruptedError once the signal is set. */
export function run<Result>(steps: Steps<Result>, drive: Drive = {}): Result {
  const report = reporter(drive);
  for (let next = steps.next(); ; next = steps.next()) {
    if (next.done === true) return next.value;
    report(next.value);
  }
}

/** Drives work with a pause for other events about twenty times a second, so that pages stay alive and signals arrive. */
export async function runAsync<Result>(steps: Steps<Result>, drive: Drive = {}): Promise<Result> {
  const report = reporter(drive);
  let breath = clock();
  for (let next = steps.next(); ; next = steps.next()) {
    if (next.done === true) return next.value;
    if (clock() - breath > 0.05) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      breath = clock();
    }
    report(next.value);
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
    progress?.({ ...step, secondsLeft: step.done === 0 ? Infinity : ((clock() - begin) * (step.total - step.done)) / step.done });
    stop(step.phase);
  };
}
