/**
 * What went wrong, and with which exit code the command ends.
 * In: anything thrown. Out: a text for people and an exit code: 1 where the input is wrong, 2 where we are.
 * Input errors are recognised by their class or by the system's error code; all else is a bug of ours.
 */
import { EXIT_BUG, EXIT_INPUT, EXIT_INTERRUPTED } from "./exit_codes.ts";
import { printable } from "./output.ts";

/** The input is wrong: options, files, data. The message says what, where, and a way out. */
export class InputError extends Error {
  override name = "InputError";
}

/** Names of the error classes of compiler and runtime that mean "the input is wrong". */
const INPUT_ERRORS: ReadonlySet<string> = new Set([
  "InputError",
  "DiagnosticError",
  "LibraryError",
  "DataError",
  "ModelFileError",
  "OptionError",
  "NotPositiveDefiniteError",
  "ConvergenceError",
]);

const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is not a folder",
  ENOSPC: "the disk is full",
  EROFS: "the file system is read-only",
  EMFILE: "too many files are open",
};

export interface Failure {
  readonly exitCode: number;
  readonly text: string;
}

function systemFailure(error: NodeJS.ErrnoException): string | undefined {
  const reason = SYSTEM_REASONS[error.code ?? ""];
  if (reason === undefined) return undefined;
  const path = error.path === undefined ? "" : ` ${printable(error.path)}`;
  return `adk: cannot ${error.syscall ?? "use"}${path}: ${reason}`;
}

function bugReport(error: unknown, version: string): string {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    "adk: this is a bug in adk, not in your input.",
    printable(trace, "\n"),
    `Please report it with the text above, the spec and the command: adk ${version}, Node ${process.version}, ` +
      `${process.platform} ${process.arch}.`,
  ].join("\n");
}

/** An array was refused, or the thread of the command ended for want of memory. */
const isOutOfMemory = (error: Error): boolean =>
  (error as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY" ||
  (error instanceof RangeError && /allocation failed|Invalid (typed )?array (buffer )?length/i.test(error.message));

/** The exit code and text for something thrown. */
export function describeFailure(error: unknown, version: string): Failure {
  if (error instanceof Error) {
    if (error.name === "InterruptedError")
      return { exitCode: EXIT_INTERRUPTED, text: `adk: ${printable(error.message)}` };
    if (INPUT_ERRORS.has(error.name)) return { exitCode: EXIT_INPUT, text: printable(error.message, "\n") };
    const system = systemFailure(error);
    if (system !== undefined) return { exitCode: EXIT_INPUT, text: system };
    if (isOutOfMemory(error)) {
      return {
        exitCode: EXIT_INPUT,
        text: `adk: not enough memory for this problem (${error.message}); use fewer training points (--train)`,
      };
    }
  }
  return { exitCode: EXIT_BUG, text: bugReport(error, version) };
}
