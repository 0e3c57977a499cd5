/**
 * Commands that Ctrl-C or SIGTERM ends: the exit code, and that nothing half done stays behind.
 * In: real processes at work that lasts, by its size, far longer than anybody waits: a spec that reaches them by a pipe
 * says when they have it. Out: exit codes 130 and 143, no model, and at most the checkpoint to resume from.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { askToStop } from "../../cli/interrupt.ts";
import { adk as command, ensureBuilt, root } from "../built.ts";
import { adk } from "./terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "adk-interrupt-"));
const at = (name: string): string => join(folder, name);
const ethanol = join(root, "examples/ethanol");

beforeAll(ensureBuilt);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const start = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [command, ...args], { stdio: "ignore" });

/** The status of a process that has ended, as a shell has it in `$?`. */
async function statusOf(child: ChildProcess): Promise<number> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode ?? 128 + constants.signals[child.signalCode!];
}

/** A pipe by name; `sent` is done when a reader has all of the content. */
function pipeWith(name: string, content: string): { readonly path: string; sent(): Promise<void> } {
  const path = at(name);
  execFileSync("mkfifo", [path]);
  return {
    path,
    sent: async () => {
      const stream = createWriteStream(path);
      stream.end(content);
      await once(stream, "close");
    },
  };
}

const waitFor = async (isThere: () => boolean): Promise<void> => {
  while (!isThere()) await sleep(2);
};

/** So many groups make so many squared blocks to compile: minutes, whatever one of them costs. */
const MANY = 400;
const manyGroups = [
  "model Many",
  "input x : real[3]",
  "kernel k(a, b) = rbf(a, b, 1)",
  "u ~ GP(k)",
  ...Array.from({ length: MANY }, (_, i) => `observe g${i} : ${i + 1} * ∇u   noise 1e-6`),
  "predict u\n",
].join("\n");

/** Geometries without symmetry: each pair of frames is an assignment of so many atoms. */
function manyAtoms(frames: number, atoms: number): string {
  const place = (i: number): number => Math.round(1e4 * Math.sin(1 + i * i)) / 1e3 + i * 1e-5;
  const R = Array.from({ length: frames }, (_, f) =>
    Array.from({ length: atoms }, (_, a) => [0, 1, 2].map((c) => place(3 * (f * atoms + a) + c))),
  );
  return JSON.stringify({ R, z: Array.from({ length: atoms }, () => 6) });
}

const PLANE =
  "model Plane\ninput x : real[2]\nparam l = 1 > 0\nkernel k(a, b) = matern52(a, b, l)\nu ~ GP(k)\nobserve value : u   noise 1e-3\npredict value : u\n";

/** A fit of so many equations; its arguments but for the output. */
function planeFit(count: number): string[] {
  const x = Array.from({ length: count }, (_, i) => [8 * Math.sin(3 * i), 8 * Math.cos(1.7 * i * i)]);
  writeFileSync(at("plane.adk"), PLANE);
  writeFileSync(at(`${count}.json`), JSON.stringify({ value: { x, y: x.map(([a, b]) => Math.sin(a!) + b! / 9) } }));
  return ["fit", at("plane.adk"), "--data", at(`${count}.json`), "--threads", "2", "--checkpoint-after", "0"];
}

describe.skipIf(process.platform === "win32")("a signal", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends compiling with %d", async (signal, status) => {
    const spec = pipeWith(`${signal}.adk`, manyGroups);
    const child = start(["compile", spec.path, "-o", at("compiled")]);
    await spec.sent();
    child.kill(signal);
    expect(await statusOf(child)).toBe(status);
    expect(existsSync(at("compiled"))).toBe(false);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends a search for permutations with %d", async (signal, status) => {
    const data = pipeWith(`${signal}.json`, manyAtoms(500, 50));
    const child = start(["symmetry", data.path]);
    await data.sent();
    child.kill(signal);
    expect(await statusOf(child)).toBe(status);
  });

  it("ends a command that waits for a file", async () => {
    execFileSync("mkfifo", [at("never.adk")]);
    const child = start(["check", at("never.adk")]);
    // To open the other end waits for a reader.
    const stream = createWriteStream(at("never.adk"));
    await once(stream, "open");
    child.kill("SIGTERM");
    expect(await statusOf(child)).toBe(143);
    stream.destroy();
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends a fit with %d and leaves nothing but a checkpoint", async (signal, status) => {
    const path = at(`${signal}.safetensors`);
    const child = start([...planeFit(6000), "-o", path]);
    await waitFor(() => existsSync(`${path}.checkpoint`) || child.exitCode !== null);
    child.kill(signal);
    expect(await statusOf(child)).toBe(status);
    const left = readdirSync(folder).filter((name) => name.startsWith(`${signal}.safetensors`));
    expect(left).toEqual([`${signal}.safetensors.checkpoint`, `${signal}.safetensors.checkpoint.log`]);
  });

  it("costs a fit no more than time", async () => {
    const args = planeFit(1500);
    const path = at("resumed.safetensors");
    expect(await statusOf(start([...args, "-o", at("calm.safetensors")]))).toBe(0);
    // A fit may be over before it hears of the signal; it's asked in vain then, and the next one is tried.
    let status = 0;
    while (status === 0) {
      rmSync(path, { force: true });
      const child = start([...args, "-o", path]);
      await waitFor(() => existsSync(`${path}.checkpoint`) || child.exitCode !== null);
      child.kill("SIGINT");
      status = await statusOf(child);
    }
    expect(status).toBe(130);
    const again = spawn(process.execPath, [command, ...args, "-o", path], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    again.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    expect(await statusOf(again)).toBe(0);
    expect(said).toMatch(/resuming from/);
    expect(readFileSync(path)).toEqual(readFileSync(at("calm.safetensors")));
    expect(readdirSync(folder).filter((name) => name.startsWith("resumed"))).toEqual(["resumed.safetensors"]);
  });
});

describe("work that can be kept", () => {
  it.each([
    ["symmetry", [join(ethanol, "ethanol.npz")]],
    [
      "fit",
      [
        join(ethanol, "sgdml.adk"),
        "--data",
        join(ethanol, "ethanol.npz"),
        "--train",
        "500",
        "--test",
        "0",
        "-o",
        at("searched.safetensors"),
      ],
    ],
  ])("stops when adk %s is asked to", async (name, args) => {
    // Time goes on by a second whenever it's looked at: the search pauses at every step, however fast it is.
    let now = 0;
    const time = vi.spyOn(performance, "now").mockImplementation(() => (now += 1000));
    let isOver = false;
    const said = adk(name, ...args).finally(() => {
      isOver = true;
    });
    // Nothing but a pause of the search itself lets this loop go on.
    while (!isOver && !askToStop()) await new Promise((resolve) => setImmediate(resolve));
    time.mockRestore();
    expect(await said).toMatchObject({
      code: 130,
      stderr: expect.stringMatching(/interrupted during (geometries|symmetry)/),
    });
  });
});

/** A thread in place of a command's, by the built watch: in: its text; out: the process, and what it printed last. */
function watched(name: string, text: string): ChildProcess {
  writeFileSync(
    at(`${name}.mjs`),
    `import { openSync, writeSync } from "node:fs";\nimport { workerData } from "node:worker_threads";\nconst { port } = workerData;\n${text}\n`,
  );
  writeFileSync(
    at("watch.mjs"),
    `import { watch } from ${JSON.stringify(`file://${root}dist/cli/watch.js`)};
process.exitCode = await watch(new URL(process.argv[2], import.meta.url), []);`,
  );
  return spawn(process.execPath, [at("watch.mjs"), `./${name}.mjs`], { stdio: ["ignore", "pipe", "pipe"] });
}

describe.skipIf(process.platform === "win32")("the watch over a command", () => {
  const ready = 'writeSync(1, "ready");';

  it("ends what never looks up, and removes what it has half written", async () => {
    const file = at("half.partial");
    const child = watched(
      "busy",
      `port.postMessage({ kind: "file", path: ${JSON.stringify(at("whole"))}, isOpen: true });
       port.postMessage({ kind: "file", path: ${JSON.stringify(at("whole"))}, isOpen: false });
       port.postMessage({ kind: "file", path: ${JSON.stringify(file)}, isOpen: true });
       writeSync(openSync(${JSON.stringify(file)}, "w"), "half"); ${ready} for (;;);`,
    );
    writeFileSync(at("whole"), "whole");
    await once(child.stdout!, "data");
    child.kill("SIGTERM");
    expect(await statusOf(child)).toBe(143);
    expect(existsSync(file)).toBe(false);
    expect(existsSync(at("whole"))).toBe(true);
  });

  it("asks what can be kept to stop, and takes its word for it", async () => {
    const child = watched(
      "kind",
      `port.on("message", () => { writeSync(1, "kept"); port.postMessage({ kind: "done", code: 130 }); port.close(); });
       port.postMessage({ kind: "stoppable", isStoppable: true }); ${ready}`,
    );
    let printed = "";
    child.stdout!.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    await waitFor(() => printed === "ready");
    child.kill("SIGTERM");
    expect(await statusOf(child)).toBe(143);
    expect(printed).toBe("readykept");
  });

  it("ends work that was asked and doesn't stop", async () => {
    const child = watched("deaf", `port.postMessage({ kind: "stoppable", isStoppable: true }); ${ready} for (;;);`);
    await once(child.stdout!, "data");
    child.kill("SIGINT");
    expect(await statusOf(child)).toBe(130);
  });

  it("tells a thread that breaks down from one that ends", async () => {
    const done = watched("done", 'port.postMessage({ kind: "done", code: 1 });');
    expect(await statusOf(done)).toBe(1);
    const broken = watched("broken", 'throw new TypeError("nothing works");');
    let printed = "";
    broken.stderr!.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    expect(await statusOf(broken)).toBe(2);
    await waitFor(() => /bug in adk[\s\S]*nothing works/.test(printed));
  });
});
