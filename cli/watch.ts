/**
 * Runs a command in a thread of its own, and watches over it.
 * In: the module that the thread runs, the process' arguments. Out: the exit code of the command, 130 where Ctrl-C
 * ended it and 143 where SIGTERM did.
 * JavaScript hears of a signal between events only, and compiling is one long event. So the main thread does nothing
 * but listen: work that can be kept (a fit, with its checkpoint) is asked to stop and has a moment for it, any other is
 * ended where it stands, and what it had half written is removed.
 */
import { rmSync } from "node:fs";
import { constants } from "node:os";
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from "node:worker_threads";
import { EXIT_DONE, EXIT_INTERRUPTED } from "./exit_codes.ts";

/** What the thread says. */
export type Said =
  /** It works on something that stops by itself when asked to, or does so no longer. */
  | { readonly kind: "stoppable"; readonly isStoppable: boolean }
  /** A file is being written by this name, or no longer. */
  | { readonly kind: "file"; readonly path: string; readonly isOpen: boolean }
  | { readonly kind: "done"; readonly code: number };

/** What the thread starts with. */
export interface Beginning {
  readonly argv: readonly string[];
  /** Takes what is `Said`; whatever arrives on it asks the thread to stop. */
  readonly port: MessagePort;
  /** The process' own streams, as the thread's are none. */
  readonly streams: Readonly<Record<"stdout" | "stderr", Screen>>;
}

/** What programs ask of a stream before they draw on it. */
export interface Screen {
  readonly isTTY: boolean;
  readonly columns: number | undefined;
}

/** Milliseconds that work has for its checkpoint, from the signal on. */
const GRACE = 300;
/** Milliseconds for a thread to end that is told to; one that waits for the system, for a pipe say, doesn't hear it. */
const PATIENCE = 150;
/** What ends a command from outside; Windows has the first alone. */
const SIGNALS = ["SIGINT", "SIGTERM"] as const;
type Ending = (typeof SIGNALS)[number];

const screenOf = ({ isTTY, columns }: NodeJS.WriteStream): Screen => ({ isTTY: isTTY === true, columns });

/** Exit code of a process that a signal has ended, as shells number it. */
const exitCodeOf = (signal: Ending): number => 128 + constants.signals[signal];

/**
 * Shows the cursor and wraps lines again, as they were before a progress bar; for a command that is ended while one is
 * drawn.
 */
function restoreTerminal(): void {
  if (process.stderr.isTTY) process.stderr.write("\u001b[?25h\u001b[?7h\n");
}

/** The main thread's side of a running command. */
class Watch {
  private readonly worker: Worker;
  private readonly port: MessagePort;
  /** Files half written. */
  private readonly open = new Set<string>();
  private isStoppable = false;
  private code: number | undefined;
  private signal: Ending | undefined;
  private failure: unknown;

  constructor(module: URL, argv: readonly string[]) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    const streams = { stdout: screenOf(process.stdout), stderr: screenOf(process.stderr) };
    const workerData: Beginning = { argv, port: port2, streams };
    this.worker = new Worker(module, { workerData, transferList: [port2] });
    this.worker.on("error", (error) => {
      this.failure = error;
    });
    this.port.on("message", (said: Said) => this.hear(said));
    this.port.unref();
  }

  private hear(said: Said): void {
    if (said.kind === "stoppable") this.isStoppable = said.isStoppable;
    else if (said.kind === "done") this.code = said.code;
    else if (said.isOpen) this.open.add(said.path);
    else this.open.delete(said.path);
  }

  /** A signal has come; later ones change nothing, as the end is near. */
  stop(signal: Ending): void {
    if (this.signal !== undefined) return;
    this.signal = signal;
    if (!this.isStoppable) {
      this.end(signal);
      return;
    }
    this.port.postMessage("stop");
    setTimeout(() => this.end(signal), GRACE).unref();
  }

  private end(signal: Ending): void {
    void this.worker.terminate();
    setTimeout(() => this.die(signal), PATIENCE).unref();
  }

  /** Ends the process with all of its threads, by the very signal: its parent sees the same. */
  private die(signal: Ending): void {
    this.clean();
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }

  /** Removes what is half written. */
  private clean(): void {
    for (let last = receiveMessageOnPort(this.port); last !== undefined; last = receiveMessageOnPort(this.port))
      this.hear(last.message as Said);
    for (const path of this.open) rmSync(path, { force: true });
    if (this.code === undefined) restoreTerminal();
  }

  /** The exit code, once the thread is over and what it left unfinished is gone. */
  async result(): Promise<number> {
    await new Promise((resolve) => this.worker.once("exit", resolve));
    this.clean();
    this.port.close();
    if (this.signal !== undefined && (this.code ?? EXIT_INTERRUPTED) === EXIT_INTERRUPTED)
      return exitCodeOf(this.signal);
    if (this.code !== undefined) return this.code;
    throw this.failure ?? new Error("the command ended without a result");
  }
}

/**
 * Runs `adk …argv`.
 * @param module the file that the thread runs, `worker.js`
 */
export async function watch(module: URL, argv: readonly string[]): Promise<number> {
  const command = new Watch(module, argv);
  for (const signal of SIGNALS) process.on(signal, () => command.stop(signal));
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(EXIT_DONE); // The reader of a pipe (`head`) has seen enough.
  });
  try {
    return await command.result();
  } catch (error) {
    const [{ describeFailure }, { VERSION }] = await Promise.all([import("./failure.ts"), import("./version.ts")]);
    const { exitCode, text } = describeFailure(error, VERSION);
    process.stderr.write(`${text}\n`);
    return exitCode;
  }
}
