/**
 * What a command says: results on stdout, messages and progress on stderr.
 * In: values and texts. Out: text for people or, with `--json`, one JSON value on stdout.
 * Names that come from specs and data are untrusted; `printable` makes control characters visible before output.
 */
import type { SingleBar } from "cli-progress";
import { escaped as printable } from "../compiler/source/printable.ts";

export { printable };

/** How far a phase of the work is, in units of its own, and the time that it will take yet at its pace so far. */
export interface ProgressStep {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly secondsLeft: number;
}

/** Shows how far a piece of work is. */
export interface Progress {
  update(step: ProgressStep): void;
  stop(): void;
}

export interface Reporter {
  readonly json: boolean;
  /** The command's result: JSON with `--json`, else the text. */
  result(value: unknown, text: string): void;
  /** Raw text on stdout, whatever the options (a file's content asked for on stdout). */
  print(text: string): void;
  /** A message on stderr; silent with `--quiet`. */
  say(text: string): void;
  /** A warning on stderr. */
  warn(text: string): void;
  progress(): Progress;
}

const SILENT: Progress = { update() {}, stop() {} };

/** A bar with the time left. */
async function terminalBar(): Promise<SingleBar> {
  const { default: progress } = await import("cli-progress");
  return new progress.SingleBar(
    {
      format: "{label} {bar} {percentage} % · {eta_formatted} left",
      stream: process.stderr,
      hideCursor: true,
      gracefulExit: false,
      clearOnComplete: true,
      fps: 8,
    },
    progress.Presets.shades_classic,
  );
}

function terminalProgress(): Progress {
  let phase = "";
  let bar: SingleBar | undefined;
  let isStopped = false;
  void terminalBar().then((made) => {
    if (!isStopped) bar = made;
  });
  return {
    update(step) {
      if (bar !== undefined && step.phase !== phase) {
        phase = step.phase;
        bar.start(step.total, step.done, { label: phase });
      }
      bar?.update(step.done);
    },
    stop() {
      isStopped = true;
      bar?.stop();
    },
  };
}

/** Seconds between two plain lines; shorter work says nothing. */
const LINE_SECONDS = 3;

/** A line every few seconds. */
function plainProgress(): Progress {
  let last = performance.now();
  return {
    update({ phase, done, total, secondsLeft }) {
      const now = performance.now();
      if (now - last < 1000 * LINE_SECONDS) return;
      last = now;
      const left = Number.isFinite(secondsLeft) ? `, ${Math.ceil(secondsLeft)} s left` : "";
      process.stderr.write(`${phase}: ${Math.floor((100 * done) / total)} %${left}\n`);
    },
    stop() {},
  };
}

/** The reporter for the given options. */
export function makeReporter(options: { readonly json: boolean; readonly quiet: boolean }): Reporter {
  return {
    json: options.json,
    result(value, text) {
      if (options.json) process.stdout.write(`${JSON.stringify(value)}\n`);
      else if (text !== "") process.stdout.write(`${printable(text, "\n")}\n`);
    },
    print(text) {
      process.stdout.write(text);
    },
    say(text) {
      if (!options.quiet) process.stderr.write(`${printable(text, "\n")}\n`);
    },
    warn(text) {
      process.stderr.write(`warning: ${printable(text, "\n")}\n`);
    },
    progress() {
      if (options.quiet) return SILENT;
      return process.stderr.isTTY ? terminalProgress() : plainProgress();
    },
  };
}
