/**
 * A browser's Worker, as far as executors see it, over a thread of Node. In: an entry of ours. Out: what it exports,
 * bundled and
 * run where there's no `process`, workers are made of blob URLs, and memory is shared only where the page is isolated.
 *
 * As the standard has it: messages are copied and come as events, in their own turn; an error that nobody caught is an
 * event
 * too and doesn't end the worker; `terminate` ends it at once, and nothing is heard of it from then on. A message with
 * a property
 * `unreadable` stands for one that can't be read on arrival.
 */
import { Worker as Thread } from "node:worker_threads";
import { rolldown } from "rolldown";

/** What has happened to workers. */
export interface Seen {
  started: number;
  terminated: number;
  revoked: number;
  readonly urls: Map<string, string>;
}

/** How a worker's scope looks from within: `onmessage`, `postMessage`, and nothing of Node's. */
const SCOPE = `
const { parentPort, workerData: { text, isolated } } = require("node:worker_threads");
const fail = (error) => parentPort.postMessage({ kind: "error", message: String(error) });
process.on("uncaughtException", fail);
parentPort.on("message", (data) => { try { globalThis.onmessage?.({ data }); } catch (error) { fail(error); } });
globalThis.postMessage = (data) => {
  parentPort.postMessage({ kind: data.unreadable === true ? "unreadable" : "message", data });
};
const hidden = ["process", "require", "module", "SharedArrayBuffer"];
try { new Function(...hidden, text)(undefined, undefined, undefined, isolated ? SharedArrayBuffer : undefined); }
catch (error) { fail(error); }
`;

function workerClass(seen: Seen, isolated: boolean): new (url: string) => object {
  return class {
    onmessage: ((event: { data: unknown }) => void) | null = null;
    onerror: ((event: { message: string }) => void) | null = null;
    onmessageerror: (() => void) | null = null;
    private readonly thread: Thread;
    private isEnded = false;

    constructor(url: string) {
      const text = seen.urls.get(url);
      if (text === undefined) throw new Error(`no such blob: ${url}`);
      seen.started++;
      this.thread = new Thread(SCOPE, { eval: true, workerData: { text, isolated } });
      this.thread.on(
        "message",
        (event: { kind: "message"; data: unknown } | { kind: "unreadable" } | { kind: "error"; message: string }) => {
          if (this.isEnded) return;
          if (event.kind === "message") this.onmessage?.({ data: event.data });
          else if (event.kind === "unreadable") this.onmessageerror?.();
          else this.onerror?.({ message: event.message });
        },
      );
    }

    postMessage(message: unknown): void {
      this.thread.postMessage(message);
    }

    terminate(): void {
      if (!this.isEnded) seen.terminated++;
      this.isEnded = true;
      void this.thread.terminate();
    }
  };
}

/** The text of a module of ours, bundled for browsers. */
export async function bundled(entry: string): Promise<string> {
  const build = await rolldown({ input: entry, platform: "browser", logLevel: "silent" });
  const { output } = await build.generate({ format: "iife", name: "page", codeSplitting: false });
  await build.close();
  return output[0].code;
}

/** What a bundle exports, run in a page; memory can be shared where the page is isolated from others. */
export function inPage<Exports>(bundle: string, isolated: boolean): { exports: Exports; seen: Seen } {
  const seen: Seen = { started: 0, terminated: 0, revoked: 0, urls: new Map() };
  const urls = {
    createObjectURL: (blob: { readonly text: string }): string => {
      const url = `blob:page/${seen.urls.size}`;
      seen.urls.set(url, blob.text);
      return url;
    },
    revokeObjectURL: () => {
      seen.revoked++;
    },
  };
  const Blob = class {
    readonly text: string;
    constructor(parts: readonly string[]) {
      this.text = parts.join("");
    }
  };
  const page = {
    Worker: workerClass(seen, isolated),
    navigator: { hardwareConcurrency: 3 },
    crossOriginIsolated: isolated,
  };
  const names = {
    globalThis: page,
    process: undefined,
    require: undefined,
    SharedArrayBuffer: isolated ? SharedArrayBuffer : undefined,
    URL: urls,
    Blob,
  };
  const make = new Function(...Object.keys(names), `${bundle}\nreturn page;`) as (...values: unknown[]) => Exports;
  return { exports: make(...Object.values(names)), seen };
}
