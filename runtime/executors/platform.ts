/**
 * Threads, as the place where we run has them. In: the text of a worker. Out: a channel to one that runs it.
 * Node has worker_threads, messages of which a blocked caller can read too; browsers have Worker, and answers between
 * events
 * only. Everything that differs between the two is in this file.
 */

/** One end of a conversation with a worker. */
export interface Channel {
  send(message: unknown): void;
  /**
   * A message that has come and that `onMessage` wasn't told of; undefined where nothing can be read between events.
   */
  readonly poll?: () => unknown;
  /** Keeps the process alive, or not, for the sake of this worker. */
  hold(held: boolean): void;
  /** Ends the worker wherever it is. */
  end(): Promise<void>;
}

export interface Listener {
  readonly onMessage: (message: unknown) => void;
  /** The worker is gone: it ended, or broke down. */
  readonly onLost: () => void;
}

/** What the worker's text is called with: how it hears and answers. */
export interface Port {
  receive(listener: (message: unknown) => void): void;
  send(message: unknown): void;
}

interface NodeModules {
  getBuiltinModule?(name: "node:worker_threads"): typeof import("node:worker_threads");
  getBuiltinModule?(name: "node:os"): typeof import("node:os");
}
const node = (globalThis as { process?: NodeModules }).process;
const threads = node?.getBuiltinModule?.("node:worker_threads");

interface WebWorker {
  postMessage(message: unknown): void;
  terminate(): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror: (() => void) | null;
  onmessageerror: (() => void) | null;
}
interface Web {
  readonly Worker?: new (url: string) => WebWorker;
  readonly navigator?: { readonly hardwareConcurrency?: number };
  readonly crossOriginIsolated?: boolean;
}
const web = globalThis as Web;

/** Threads that can run at once. */
export function availableThreads(): number {
  return node?.getBuiltinModule?.("node:os").availableParallelism() ?? web.navigator?.hardwareConcurrency ?? 1;
}

/** Whether a caller may stop its thread until a worker answers. */
export const canBlock = threads !== undefined;
/** Whether memory can be shared with workers. */
export const canShare =
  typeof SharedArrayBuffer !== "undefined" && (threads !== undefined || web.crossOriginIsolated === true);
/** Whether there are threads at all. */
export const hasThreads = threads !== undefined || web.Worker !== undefined;

/**
 * Starts a worker.
 * @param text an expression: a function of (port, signal) that begins to listen
 * @param signal counts answers, so that a caller can sleep on it; shared
 */
export function startWorker(text: string, signal: Int32Array, listener: Listener): Channel {
  if (threads !== undefined) return startNode(threads, text, signal, listener);
  if (web.Worker !== undefined) return startWeb(web.Worker, text, listener);
  throw new Error("there are no threads here: use an executor in process");
}

// A worker that can't read what it was sent breaks down, so that the caller hears of it.
const NODE_PORT = `{
  receive: (listener) => { port.on("message", listener); port.on("messageerror", (error) => { throw error; }); },
  send: (message) => port.postMessage(message),
}`;
const WEB_PORT = `{
  receive: (listener) => {
    onmessage = (event) => listener(event.data);
    onmessageerror = () => { throw new Error("a message couldn't be read"); };
  },
  send: (message) => postMessage(message),
}`;

function startNode(
  api: typeof import("node:worker_threads"),
  text: string,
  signal: Int32Array,
  { onMessage, onLost }: Listener,
): Channel {
  const { port1: near, port2: far } = new api.MessageChannel();
  const code =
    `const { port, signal } = process.getBuiltinModule("node:worker_threads").workerData;\n` +
    `(${text})(${NODE_PORT}, signal);`;
  // What is sent on `far` waits there until the worker listens. Nothing of the process's options concerns it.
  const worker = new api.Worker(code, {
    eval: true,
    execArgv: [],
    workerData: { port: far, signal },
    transferList: [far],
  });
  worker.unref();
  worker.on("error", () => {});
  worker.on("exit", onLost);
  near.on("message", onMessage);
  near.on("messageerror", onLost);
  near.unref();
  return {
    send: (message) => near.postMessage(message),
    poll: () => (api.receiveMessageOnPort(near) as { message: unknown } | undefined)?.message,
    hold: (held) => (held ? near.ref() : near.unref()),
    end: async () => {
      near.close();
      await worker.terminate();
    },
  };
}

function startWeb(Worker: NonNullable<Web["Worker"]>, text: string, { onMessage, onLost }: Listener): Channel {
  const url = URL.createObjectURL(new Blob([`(${text})(${WEB_PORT}, undefined);`], { type: "text/javascript" }));
  const worker = new Worker(url);
  worker.onmessage = (event) => onMessage(event.data);
  worker.onerror = onLost;
  worker.onmessageerror = onLost;
  return {
    send: (message) => worker.postMessage(message),
    hold: () => {},
    end: () => {
      worker.terminate();
      URL.revokeObjectURL(url);
      return Promise.resolve();
    },
  };
}
