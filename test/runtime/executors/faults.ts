/** Faulty workers for the tests of executors. In: a way to start workers. Out: ways to start bad ones. */
import { startWorker } from "../../../runtime/executors/platform.ts";
import type { Channel } from "../../../runtime/executors/platform.ts";
import type { Start } from "../../../runtime/executors/threads.ts";

/** Channels whose workers are ended after this many requests, without a word to whoever waits. */
export const dying = (after: (worker: number) => number): Start => {
  let started = 0;
  return (text, signal, listener) => {
    const limit = after(started++);
    const channel = startWorker(text, signal, listener);
    let requests = 0;
    return {
      ...channel,
      send: (message) => {
        channel.send(message);
        if (++requests === limit) void channel.end();
      },
    };
  };
};

/**
 * Delivers what a worker says later than it was said, some of it twice, and never to a caller that blocks before its
 * time.
 */
export const muddled: Start = (text, signal, listener) => {
  const waiting: { message: unknown; due: number }[] = [];
  let said = 0;
  const keep = (message: unknown): void => {
    said++;
    waiting.push({ message, due: performance.now() + (said % 3) * 4 });
    if (said % 2 === 0) waiting.push({ message, due: performance.now() + 9 });
    setTimeout(deliver, 10);
  };
  const next = (): unknown => {
    const index = waiting.findIndex(({ due }) => due <= performance.now());
    return index < 0 ? undefined : waiting.splice(index, 1)[0]!.message;
  };
  const deliver = (): void => {
    for (let message = next(); message !== undefined; message = next()) listener.onMessage(message);
  };
  const channel: Channel = startWorker(text, signal, { ...listener, onMessage: keep });
  return {
    ...channel,
    poll: () => {
      for (let message = channel.poll!(); message !== undefined; message = channel.poll!()) keep(message);
      return next();
    },
  };
};

/** The first worker hears and never answers. */
const deaf: Start = (text, signal, listener) => {
  const channel = startWorker(text, signal, { ...listener, onMessage: () => {} });
  return { ...channel, poll: () => undefined };
};
/** A deaf worker first, good ones after it. */
export const deafThenGood = (): Start => {
  let started = 0;
  return (text, signal, listener) => (started++ === 0 ? deaf : startWorker)(text, signal, listener);
};

/** Workers whose text doesn't run: they break down while they start. */
export const broken: Start = (_, signal, listener) =>
  startWorker("() => { throw new Error('broken'); }", signal, listener);

/** No thread can be had, as on a machine that has too many. */
export const refused: Start = () => {
  throw Object.assign(new Error("ERR_WORKER_INIT_FAILED"), { code: "EAGAIN" });
};

/** Workers that answer, each after a while of its own. */
export const slow: Start = (text, signal, listener) => {
  const lazy = `(port, signal) => (${text})({ ...port, receive: (listener) => port.receive((message) => {
    for (const end = performance.now() + (message.ticket % 5); performance.now() < end; );
    listener(message);
  }) }, signal)`;
  return startWorker(lazy, signal, listener);
};

/** Workers that end by themselves at a random request, before or after its answer. */
export const suicidal = (): Start => {
  let started = 0;
  return (text, signal, listener) =>
    startWorker(
      `(port, signal) => {
    let left = ${3 + 5 * started++};
    (${text})({ ...port, receive: (listener) => port.receive((message) => {
      if (--left === 0 && message.ticket % 2 === 0) process.exit();
      listener(message);
      if (left === 0) process.exit();
    }) }, signal);
  }`,
      signal,
      listener,
    );
};
