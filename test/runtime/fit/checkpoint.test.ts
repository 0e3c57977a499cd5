/** Fits that are cut off at any moment and gone on with: the same bytes; other fits, torn logs, full disks. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { compile } from "../../../compiler/index.ts";
import { Checkpoints } from "../../../runtime/fit/checkpoint.ts";
import type { CheckpointOptions, CheckpointStore, LogRecord } from "../../../runtime/fit/checkpoint.ts";
import { checkpointFiles } from "../../../runtime/fit/checkpoint_files.ts";
import { InterruptedError, OptionError, fit, fitSteps } from "../../../runtime/index.ts";
import type { FitOptions, Model } from "../../../runtime/index.ts";
import { Random } from "../../../runtime/random.ts";

const folder = mkdtempSync(join(tmpdir(), "adk-checkpoint-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const SPEC =
  "model Plane\ninput x : real[2]\nparam l = 1 > 0\nkernel k(a, b) = rbf(a, b, l)\nu ~ GP(k)\nobserve value : u\n" +
  "predict value : u\n";
const compiled = compile(SPEC, { name: "plane.adk" });
const pointsOf = (count: number) =>
  Array.from({ length: count }, (_, i) => [4 * Math.sin(3 * i), 4 * Math.cos(1.7 * i * i)] as [number, number]);
const dataOf = (x: [number, number][]) => ({ value: { x, y: x.map(([a, b]) => Math.sin(a) + b * b) } });
type Data = ReturnType<typeof dataOf>;
/** Several tiles for the factorisation; conjugate gradients have steps enough with few points. */
const COUNTS: Record<string, number> = { cholesky: 700, cg: 150 };
const SOLVERS: Record<string, FitOptions> = {
  cholesky: { solver: "cholesky", noise: 1e-4 },
  cg: { solver: "cg", noise: 1e-4, rank: 24 },
};

/** A clock that goes on by a second whenever it's looked at, so that every chance of a checkpoint is taken. */
function ticking(): () => number {
  let now = 0;
  return () => ++now;
}
const always = (store: CheckpointStore): CheckpointOptions => ({ store, first: 0, share: 1e9, clock: ticking() });

/** Runs a fit and drops it dead after so many steps, as SIGKILL does: nothing is told to it. Undefined where it was. */
function killed(data: Data, options: FitOptions, steps: number): Model | undefined {
  const work = fitSteps(compiled, data, options);
  for (let k = 0; k < steps; k++) {
    const next = work.next();
    if (next.done === true) return next.value;
  }
  return undefined;
}
function stepsOf(data: Data, options: FitOptions): number {
  let count = 0;
  const work = fitSteps(compiled, data, options);
  for (
    let next = work.next();
    next.done !== true && !["refinement", "amplification"].includes(next.value.phase);
    next = work.next()
  )
    count++;
  return count;
}

/** Numbers from 0 to 1, the same each time. */
function fractions(seed: number): () => number {
  const random = new Random(seed);
  return () => random.next() / 2 ** 32;
}

describe.each(Object.entries(SOLVERS))("a fit by %s", (name, options) => {
  const x = pointsOf(COUNTS[name]!);
  const data = dataOf(x);
  const expected = fit(compiled, data, options).toBytes();
  const total = stepsOf(data, options);

  it("that is killed again and again ends with the same bytes", () => {
    const random = fractions(7);
    for (let trial = 0; trial < 2; trial++) {
      const store = checkpointFiles(join(folder, `${name}-${trial}`));
      const said: string[] = [];
      let model: Model | undefined;
      for (let runs = 0; model === undefined; runs++) {
        const steps = runs < 5 ? 1 + Math.floor(random() * total * 0.6) : Infinity;
        model = killed(data, { ...options, checkpoint: always(store), notice: (message) => said.push(message) }, steps);
      }
      expect(model.toBytes()).toEqual(expected);
      expect(said.some((message) => message.startsWith("resuming from "))).toBe(true);
    }
  });

  it("does less after a checkpoint than from the start", () => {
    const store = checkpointFiles(join(folder, `${name}-less`));
    expect(killed(data, { ...options, checkpoint: always(store) }, Math.floor(0.8 * total))).toBeUndefined();
    expect(stepsOf(data, { ...options, checkpoint: always(store) })).toBeLessThan(0.7 * total);
  });

  it("forgives a log that is torn or damaged anywhere", () => {
    const random = fractions(11);
    for (let trial = 0; trial < 2; trial++) {
      const path = join(folder, `${name}-torn-${trial}`);
      killed(
        data,
        { ...options, checkpoint: always(checkpointFiles(path)) },
        Math.floor(total * (0.3 + 0.6 * random())),
      );
      const log = `${path}.checkpoint.log`;
      const bytes = readFileSync(log);
      if (trial % 2 === 0) truncateSync(log, Math.floor(random() * bytes.length));
      else {
        const at = Math.floor(random() * bytes.length);
        bytes[at] = bytes[at]! ^ 1;
        writeFileSync(log, bytes);
      }
      expect(fit(compiled, data, { ...options, checkpoint: always(checkpointFiles(path)) }).toBytes()).toEqual(
        expected,
      );
    }
  });

  it("writes down where it was when it is interrupted", () => {
    const store = checkpointFiles(join(folder, `${name}-interrupted`));
    const controller = new AbortController();
    let steps = 0;
    const stop = (): void => {
      if (++steps > 0.7 * total) controller.abort();
    };
    expect(() =>
      fit(compiled, data, {
        ...options,
        checkpoint: { store, first: Infinity },
        signal: controller.signal,
        progress: stop,
      }),
    ).toThrow(InterruptedError);
    const said: string[] = [];
    expect(
      fit(compiled, data, { ...options, checkpoint: { store }, notice: (message) => said.push(message) }).toBytes(),
    ).toEqual(expected);
    expect(said).toContain(`resuming from ${store.name}`);
  });

  it("goes on where the disk is full, and leaves the old checkpoint whole", () => {
    const store = checkpointFiles(join(folder, `${name}-full`));
    killed(data, { ...options, checkpoint: always(store) }, Math.floor(total / 3));
    const before = readFileSync(store.name);
    const full: CheckpointStore = {
      name: store.name,
      readState: () => store.readState(),
      readLog: () => store.readLog(),
      remove: () => store.remove(),
      writeState: () => {
        throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
      },
      append: (records) => store.append(records),
    };
    const said: string[] = [];
    const model = fit(compiled, data, {
      ...options,
      checkpoint: always(full),
      notice: (message) => said.push(message),
    });
    expect(model.toBytes()).toEqual(expected);
    expect(said.join("\n")).toMatch(/no checkpoint could be written \(ENOSPC/);
    expect(readFileSync(store.name)).toEqual(before);
    expect(
      fit(compiled, data, { ...options, checkpoint: always(checkpointFiles(join(folder, `${name}-full`))) }).toBytes(),
    ).toEqual(expected);
  });

  it("refuses the checkpoint of another fit, and starts anew when told to", () => {
    const store = checkpointFiles(join(folder, `${name}-other`));
    killed(data, { ...options, checkpoint: always(store) }, Math.floor(total / 2));
    const other =
      (more: FitOptions): (() => Model) =>
      () =>
        fit(compiled, data, { ...options, ...more, checkpoint: { store } });
    expect(other({ noise: 1e-5 })).toThrow(OptionError);
    expect(other({ noise: 1e-5 })).toThrow(/noise \(0\.0001 there, 0\.00001 here\)/);
    expect(other({ parameters: { l: 2 } })).toThrow(/l \(1 there, 2 here\)/);
    expect(other({ solver: name === "cg" ? "cholesky" : "cg" })).toThrow(/solver/);
    const elsewhere = { value: { x, y: x.map(([a]) => a) } };
    expect(() => fit(compiled, elsewhere, { ...options, checkpoint: { store } })).toThrow(/data \(/);
    expect(fit(compiled, data, { ...options, noise: 1e-5, checkpoint: { store, fresh: true } }).state.noise).toBe(1e-5);
  });
});

describe("tiles that a checkpoint lacks", () => {
  const data = dataOf(pointsOf(COUNTS["cholesky"]!)),
    options = SOLVERS["cholesky"]!,
    expected = fit(compiled, data, options).toBytes();

  it.each([2, 3, 5])("are made anew: one of %i", (part) => {
    const files = checkpointFiles(join(folder, `lacking-${part}`)),
      said: string[] = [];
    killed(data, { ...options, checkpoint: always(files) }, Math.floor(0.85 * stepsOf(data, options)));
    // By place, so that no older state of the same tile is found in the log.
    const store: CheckpointStore = {
      name: files.name,
      readState: () => files.readState(),
      writeState: (bytes) => files.writeState(bytes),
      append: (records) => files.append(records),
      remove: () => files.remove(),
      readLog: () => [...files.readLog()].filter(({ key: [I, J] }) => (7 * I + J) % part !== 0),
    };
    expect(
      fit(compiled, data, { ...options, checkpoint: always(store), notice: (message) => said.push(message) }).toBytes(),
    ).toEqual(expected);
    expect(said).toContain(`resuming from ${store.name}`);
  });

  it("are those that are cheap to make, where there's time for some only", () => {
    const records: LogRecord[] = [];
    const store: CheckpointStore = {
      name: "memory",
      readState: () => undefined,
      readLog: () => [],
      remove: () => {},
      append: (more) => {
        records.push(...more);
      },
      writeState: () => {},
    };
    const allowance = vi
      .spyOn(Checkpoints.prototype, "allowance")
      .mockImplementation((bytes) => Math.min(bytes, 4 * 128 * 128 * 8));
    killed(data, { ...options, checkpoint: { ...always(store) } }, Math.floor(0.9 * stepsOf(data, options)));
    allowance.mockRestore();
    const factored = records.filter(({ key: [, , state] }) => state > 0);
    expect(factored.length).toBeGreaterThan(0);
    // Final tiles of the first columns come before all others.
    expect(factored[0]!.key).toEqual([0, 0, 1]);
  });
});

describe("columns that a checkpoint lacks", () => {
  const data = dataOf(pointsOf(COUNTS["cg"]!)),
    options = SOLVERS["cg"]!,
    expected = fit(compiled, data, options).toBytes();

  it("are made again, and the search goes on where it was", () => {
    const files = checkpointFiles(join(folder, "columns-lacking")),
      phases: string[] = [];
    killed(data, { ...options, checkpoint: always(files) }, Math.floor(0.9 * stepsOf(data, options)));
    const store: CheckpointStore = {
      name: files.name,
      readState: () => files.readState(),
      writeState: (bytes) => files.writeState(bytes),
      append: (records) => files.append(records),
      remove: () => files.remove(),
      readLog: () => [],
    };
    let begins = Infinity;
    const model = fit(compiled, data, {
      ...options,
      checkpoint: { store, first: Infinity },
      progress: ({ phase, done }) => {
        phases.push(phase);
        if (phase === "conjugate gradients") begins = Math.min(begins, done);
      },
    });
    expect(model.toBytes()).toEqual(expected);
    expect(phases).toContain("preconditioner");
    expect(begins).toBeGreaterThan(5);
  });
});

describe("checkpoints", () => {
  it("allow parts of what there is, as time goes by", () => {
    let now = 0;
    const store: CheckpointStore = {
      name: "memory",
      readState: () => undefined,
      readLog: () => [],
      remove: () => {},
      append: (records) => {
        now += records.length;
      },
      writeState: () => {},
    };
    const checkpoints = new Checkpoints({ store, first: 1, share: 0.1, clock: () => now }, {}, () => {}),
      whole = 1e9,
      part = 16 * 2 ** 20;
    expect(checkpoints.allowance(whole)).toBe(0);
    now = 1;
    expect(checkpoints.allowance(1000)).toBe(1000);
    expect(checkpoints.allowance(whole)).toBe(part);
    const record: LogRecord = { key: [0, 0, 0], data: new Float64Array(part / 8) };
    checkpoints.save({ phase: "factor", numbers: {}, arrays: {} }, [record]);
    // A second for 16 MiB: the next may take as long once both are a tenth of the time, and more when more has passed.
    expect(checkpoints.allowance(whole)).toBe(0);
    now = 100;
    expect(checkpoints.allowance(whole)).toBeGreaterThan(4 * part);
    expect(checkpoints.allowance(1000)).toBe(1000);
  });

  const { save } = Checkpoints.prototype;
  const data = dataOf(pointsOf(150));
  it.each([
    ["the state", 0, 0.5],
    ["the log", 0.5, 0],
    ["both", 0.2, 0.3],
  ])("are rationed to a part of the time, and the first waits: time that %s takes", (_, append, state) => {
    const written: number[] = [];
    let now = 0,
      begun = 0,
      spent = 0;
    const store: CheckpointStore = {
      name: "memory",
      readState: () => undefined,
      readLog: () => [],
      remove: () => {},
      append: () => {
        now += append;
      },
      writeState: () => {
        now += state;
      },
    };
    // A clock that goes on by a tenth of a second at each look.
    const clock = (): number => (now += 0.1);
    const saves = vi.spyOn(Checkpoints.prototype, "save").mockImplementation(function (this: Checkpoints, ...args) {
      // A write begins where the clock was looked at.
      begun = now + 0.1;
      const isSaved = save.apply(this, args);
      written.push(begun);
      spent += now - begun;
      // At each end all of them together have taken a fifth at most, but for the first.
      if (written.length > 1) expect(spent).toBeLessThanOrEqual(0.2 * now + 1e-9);
      return isSaved;
    });
    fit(compiled, data, { ...SOLVERS["cg"], tolerance: 1e-9, checkpoint: { store, first: 2, share: 0.2, clock } });
    saves.mockRestore();
    expect(written.length).toBeGreaterThan(1);
    expect(written[0]).toBeGreaterThanOrEqual(2);
  });

  it("aren't put off by a small one that the disk was slow with", () => {
    let now = 0;
    const store: CheckpointStore = {
      name: "memory",
      readState: () => undefined,
      readLog: () => [],
      remove: () => {},
      append: () => {},
      writeState: () => {
        now += 0.1;
      },
    };
    const checkpoints = new Checkpoints({ store, first: 1, clock: () => now }, {}, () => {});
    now = 1;
    expect(checkpoints.due(100)).toBe(true);
    checkpoints.save({ phase: "cg", numbers: {}, arrays: {} });
    // A tenth of a second for 100 bytes doesn't make 10 MB last hours: they are expected to take 0.2 s, and 15 s allow
    // 0.3 s.
    for (const [time, isDue] of [
      [5, false],
      [14.9, false],
      [15.1, true],
    ] as const) {
      now = time;
      expect(checkpoints.due(10e6)).toBe(isDue);
    }
  });

  it("are asked for their size once, until there's time for it", () => {
    let now = 0;
    const store: CheckpointStore = {
      name: "memory",
      readState: () => undefined,
      readLog: () => [],
      remove: () => {},
      append: () => {},
      writeState: () => {
        now += 0.5;
      },
    };
    const checkpoints = new Checkpoints({ store, first: 0, clock: () => now }, {}, () => {});
    checkpoints.save({ phase: "factor", numbers: {}, arrays: {} });
    now = 60;
    expect(checkpoints.due(0)).toBe(true);
    expect(checkpoints.due(200e6)).toBe(false);
    // 0.5 s were spent, and 2.5 s would be: 150 s have to pass.
    for (const [time, isDue] of [
      [61, false],
      [149, false],
      [151, true],
    ] as const) {
      now = time;
      expect(checkpoints.due(0)).toBe(isDue);
    }
  });

  it("leave nothing but their two files, and none when removed", () => {
    const store = checkpointFiles(join(folder, "clean"));
    killed(data, { ...SOLVERS["cg"], checkpoint: always(store) }, Math.floor(0.8 * stepsOf(data, SOLVERS["cg"]!)));
    expect(
      readdirSync(folder)
        .filter((file) => file.startsWith("clean"))
        .sort(),
    ).toEqual(["clean.checkpoint", "clean.checkpoint.log"]);
    store.remove();
    expect(readdirSync(folder).filter((file) => file.startsWith("clean"))).toEqual([]);
  });
});
