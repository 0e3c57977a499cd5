/**
 * One measurement: a contender's command in a fresh process. In: a job. Out: a row of the results.
 * Rows are kept in a JSON file, one for each molecule, number of training points, contender and number of threads, so
 * that any of them can
 * be measured anew alone.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { contenders } from "./contenders.mjs";

/** Where the rows of all benchmarks are kept. */
export const rowsFile = fileURLToPath(new URL("results/rows.json", import.meta.url));

const SIGNALS = ["SIGINT", "SIGTERM"];
const threadLimits = (threads) =>
  Object.fromEntries(["OPENBLAS", "OMP", "MKL"].map((name) => [`${name}_NUM_THREADS`, String(threads)]));

/** Seconds that the machine's processors have worked. */
function busySeconds() {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000;
}

/** Runs a command, stopped after `limit` seconds. Resolves to its output and how long it took. */
function runChild({ file, args }, { limit, threads, usageFile }) {
  const begin = performance.now();
  const env = { ...process.env, ...threadLimits(threads), PYTHONDONTWRITEBYTECODE: "1", ADK_USAGE: usageFile };
  const child = spawn(file, args, { detached: true, stdio: ["ignore", "pipe", "pipe"], env });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"])
    child[name].setEncoding("utf8").on("data", (text) => {
      texts[name] += text;
    });
  const end = () => process.kill(-child.pid, "SIGKILL"); // Its group: the package forks.
  let stopped = false,
    interrupted = false;
  const timer = setTimeout(() => {
    stopped = true;
    end();
  }, 1000 * limit);
  const interrupt = () => {
    interrupted = true;
    end();
  };
  for (const signal of SIGNALS) process.once(signal, interrupt);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => {
      clearTimeout(timer);
      for (const signal of SIGNALS) process.removeListener(signal, interrupt);
      if (interrupted) reject(new Error("interrupted; rows measured so far are kept"));
      else resolve({ ...texts, status, stopped, seconds: (performance.now() - begin) / 1000 });
    });
  });
}

/** What a child says went wrong: its last line. */
const lastLine = (text) => text.trim().split("\n").at(-1) ?? "";

/**
 * Measures one job.
 * @param {{ molecule: string, points: number, contender: string, threads: number }} job
 * @returns the row; `failed` says why where there's nothing else. Seconds: `build` of the matrix or preconditioner,
 * `solve` of
 * the rest, `seconds` of the whole command. `others` is the share of the processors that other programs took meanwhile.
 */
export async function measure({ molecule, points, contender, threads }, workplace, { limit }) {
  const { command, read, versions } = contenders[contender];
  const found = workplace.molecule(molecule);
  const job = {
    ...found,
    ...workplace.split(molecule, points),
    n: 3 * found.atoms * points,
    threads,
    folder: workplace.folder,
  };
  const usageFile = workplace.write("usage.json", {});
  const busy = busySeconds();
  const { stdout, stderr, status, stopped, seconds } = await runChild(command(job), { limit, threads, usageFile });
  const key = { molecule, points, contender, threads, n: job.n };
  const about = { machine: machine(), versions: versions(), date: new Date().toISOString().slice(0, 10) };
  if (stopped) return { ...key, failed: `stopped after ${limit} s`, ...about };
  if (status !== 0) return { ...key, failed: lastLine(stderr) || `exit code ${status}`, ...about };
  const whole = JSON.parse(readFileSync(usageFile, "utf8"));
  const row = { ...key, ...whole, ...read(JSON.parse(lastLine(stdout))), seconds };
  return {
    ...row,
    others: Math.max(0, busySeconds() - busy - whole.cpu) / (seconds * availableParallelism()),
    ...about,
  };
}

/** The processor, as the system names it. */
export const machine = () => `${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? "unknown processor"}`;

/** Rows in a file; one process at a time writes it. */
export class Results {
  #path;
  #rows = new Map();

  constructor(path) {
    this.#path = path;
    if (existsSync(path))
      for (const row of JSON.parse(readFileSync(path, "utf8"))) this.#rows.set(Results.#key(row), row);
  }

  static #key = ({ molecule, points, contender, threads }) => JSON.stringify([molecule, points, contender, threads]);

  get(job) {
    return this.#rows.get(Results.#key(job));
  }

  /** Keeps a row in place of the one before, and writes the file. */
  put(row) {
    this.#rows.set(Results.#key(row), row);
    const order = Object.keys(contenders);
    const rows = this.rows().sort(
      (a, b) =>
        a.molecule.localeCompare(b.molecule) ||
        a.threads - b.threads ||
        a.points - b.points ||
        order.indexOf(a.contender) - order.indexOf(b.contender),
    );
    writeFileSync(`${this.#path}.tmp`, `[\n${rows.map((item) => JSON.stringify(item)).join(",\n")}\n]\n`);
    renameSync(`${this.#path}.tmp`, this.#path);
  }

  rows() {
    return [...this.#rows.values()];
  }
}

/**
 * Measures jobs one after another, all but those that the results have.
 * @param say told what is left out and why, and each row as it comes
 */
export async function measureAll(jobs, { workplace, results, again, limit, say }) {
  const told = new Set();
  const sayOnce = (line) => {
    if (!told.has(line)) say(line);
    told.add(line);
  };
  for (const job of jobs) {
    const { molecule, points, contender } = job;
    const { missing, atoms } = workplace.molecule(molecule);
    const tooLarge = missing ?? contenders[contender].tooLarge(3 * atoms * points);
    if (missing !== undefined) sayOnce(missing);
    else if (contenders[contender].versions() === undefined)
      sayOnce(`${contender}: left out, not installed (see bench/README.md)`);
    else if (tooLarge !== undefined) say(`${molecule} ${points}, ${contender}: left out, ${tooLarge}`);
    else if (again || results.get(job) === undefined) {
      const row = await measure(job, workplace, { limit });
      results.put(row);
      const seconds = [row.build, row.solve].filter((value) => value !== undefined).map((value) => value.toFixed(2));
      say(`${molecule} ${points}, ${contender}: ${row.failed ?? `${seconds.join(" + ")} s`}`);
    }
  }
}
