/**
 * The thread in which a command runs, under the eyes of `watch.ts`.
 * In: what it begins with, and a request to stop. Out: what the command writes; its exit code, sent to the main thread.
 */
import { workerData } from "node:worker_threads";
import { setWriteListener } from "../runtime/files.ts";
import { askToStop, setStoppableListener } from "./interrupt.ts";
import { run } from "./main.ts";
import type { Beginning, Said } from "./watch.ts";

const { argv, port, streams } = workerData as Beginning;
const say = (said: Said): void => port.postMessage(said);

for (const name of ["stdout", "stderr"] as const) Object.assign(process[name], streams[name]);
setStoppableListener((isStoppable) => say({ kind: "stoppable", isStoppable }));
setWriteListener((path, isOpen) => say({ kind: "file", path, isOpen }));
port.on("message", askToStop);
port.unref();
say({ kind: "done", code: await run(argv) });
