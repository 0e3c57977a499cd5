/**
 * What a command says: results on stdout, messages and progress on stderr.
 * In: values and texts. Out: text for people or, with `--json`, one JSON value on stdout.
 * Names that come from specs and data are untrusted; `printable` makes control characters visible before output.
 */
import type { SingleBar } from "cli-progress";

/** Control characters, and those that reorder text (bidirectional marks), would let a name rewrite the terminal. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** `text` with control characters written as \u{…}; those in `keep` stay (a newline, in texts of ours). */
export function printable(text: string, keep = ""): string {
  return text.replace(UNPRINTABLE, (c) => (keep.includes(c) ? c : `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`));
}

/** Shows how far a piece of work is. */
export interface Progress {
  /** `done` of `total` steps of the phase `label`. */
  update(label: string, done: number, total: number): void;
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
  return new progress.SingleBar({
    format: "{label} {bar} {percentage} % · {eta_formatted} left",
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    fps: 8,
  }, progress.Presets.shades_classic);
}

function terminalProgress(): Progress {
  let current = "";
  let bar: SingleBar | undefined;
  let isStopped = false;
  let latest = { done: 0, total: 1 };
  void terminalBar().then((made) => {
    if (isStopped) return;
    bar = made;
    bar.start(latest.total, latest.done, { label: current });
  });
  return {
    update(label, done, total) {
      latest = { done, total };
      if (label !== current) {
        current = label;
        bar?.start(total, done, { label });
      }
      bar?.update(done, { label });
    },
    stop() {
      isStopped = true;
      bar?.stop();
    },
  };
}

/** A line when a phase begins and at each further tenth. */
function plainProgress(): Progress {
  let phase = "";
  let tenth = -1;
  return {
    update(label, done, total) {
      const now = total > 0 ? Math.floor((10 * done) / total) : 10;
      if (label === phase && now <= tenth) return;
      if (label !== phase || now % 2 === 0) process.stderr.write(`${label}: ${now * 10} %\n`);
      phase = label;
      tenth = now;
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
