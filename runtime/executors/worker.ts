/**
 * What runs in a worker. In: messages with tasks. Out: messages with answers.
 * `workerMain` is sent to the worker as text, so it refers to nothing outside itself; programs reach it as text too,
 * ours or
 * the compiler's. It keeps programs and named blocks by name.
 */
import type { TaskFunction } from "./executor.ts";
import type { Port } from "./platform.ts";

/** A block on its way: its content, or the name under which the worker has it, or both. */
export interface SentBlock {
  readonly name?: string;
  readonly data?: Float64Array;
}

export type Request =
  | {
      readonly kind: "task";
      readonly ticket: number;
      /** The program's name. */
      readonly program: string;
      /** With the first task that the worker has of it. */
      readonly install?: { readonly text: string; readonly data: unknown };
      readonly run: string;
      readonly numbers: readonly number[];
      readonly blocks: readonly SentBlock[];
    }
  | { readonly kind: "drop"; readonly program: string }
  | { readonly kind: "forget"; readonly prefix: string };

export type Reply =
  | { readonly ticket: number; readonly blocks: Float64Array[] }
  | { readonly ticket: number; readonly message: string; readonly stack: string };

/** Listens for requests and answers them, one after the other. `signal` is raised after each answer. */
export function workerMain(port: Port, signal: Int32Array | undefined): void {
  type Functions = Readonly<Record<string, TaskFunction>>;
  const programs = new Map<string, Functions>();
  const named = new Map<string, Float64Array>();

  const blockOf = ({ name, data }: SentBlock): Float64Array => {
    if (name === undefined) return data!;
    if (data !== undefined) named.set(name, data);
    const block = named.get(name);
    if (block === undefined) throw new Error(`the block ${name} never came`);
    return block;
  };
  const failure = (ticket: number, error: unknown): Reply => {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { ticket, message, stack: stack ?? "" };
  };
  const answer = (request: Extract<Request, { kind: "task" }>): Reply => {
    try {
      const { program, install, run, numbers } = request;
      // Blocks first: names have to be kept even where the program fails.
      const blocks = request.blocks.map(blockOf);
      // biome-ignore lint/security/noGlobalEval: a program of our own, printed by the compiler, comes as text
      if (install !== undefined) programs.set(program, globalThis.eval(`(${install.text})`)(install.data));
      const functions = programs.get(program);
      if (functions === undefined || !Object.hasOwn(functions, run))
        throw new TypeError(`the program has no function ${run}`);
      return { ticket: request.ticket, blocks: functions[run]!(numbers, blocks) };
    } catch (error) {
      return failure(request.ticket, error);
    }
  };
  // A view would be sent with all of its buffer. Nothing is transferred: a thread that has ever given a buffer away has
  // every access to an
  // array checked by V8 from then on, which costs kernels a third of their speed; a copy costs less.
  const own = (block: Float64Array): Float64Array =>
    ArrayBuffer.isView(block) && block.byteLength < block.buffer.byteLength ? block.slice() : block;
  port.receive((message) => {
    const request = message as Request;
    if (request.kind === "forget") {
      for (const name of named.keys()) if (name.startsWith(request.prefix)) named.delete(name);
      return;
    }
    if (request.kind === "drop") {
      programs.delete(request.program);
      return;
    }
    const reply = answer(request);
    try {
      port.send("blocks" in reply ? { ...reply, blocks: reply.blocks.map(own) } : reply);
    } catch (error) {
      // Not all that a task can return can be sent.
      port.send(failure(request.ticket, error));
    }
    if (signal === undefined) return;
    Atomics.add(signal, 0, 1);
    Atomics.notify(signal, 0);
  });
}
