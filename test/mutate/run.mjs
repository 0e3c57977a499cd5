/**
 * Mutation testing by hand: npm run mutate -- FOLDER [--sample 200] [--seed 13] [--jobs 1] [--stages 3] [--out FILE]
 * In: a folder of the table below. Out: a line for the table of docs/mutation.md, and a JSON file of the survivors.
 *
 * Every mutant is one change in a copy of the checkout (the checkout itself stays as it is); the tests nearest to the
 * folder run on it, quick ones first, until one fails. A mutant that takes ten times the processor time of the tests
 * without a change is stopped and counts as noticed: endless loops are no matter of how busy the machine is.
 */
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { mutantsOf, mutate, shuffled } from "./mutants.mjs";
import { NEAREST } from "./nearest.mjs";
import { typeChecker } from "./types.mjs";

const root = resolve(import.meta.dirname, "../..");
const LEFT_BEHIND = new Set(["node_modules", "dist", "out", ".git", "coverage"]);
/** Processor seconds that a stage may take beside that. */
const SPARE = 20;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: "string", default: "200" },
    seed: { type: "string", default: "13" },
    jobs: { type: "string", default: "1" },
    stages: { type: "string", default: "9" },
    out: { type: "string" },
  },
});
const [folder = ""] = positionals;
const stages = NEAREST[folder]?.slice(0, Number(values.stages));
if (stages === undefined) {
  console.error(`expected one of ${Object.keys(NEAREST).join(", ")}, found ${JSON.stringify(folder)}`);
  process.exit(1);
}

/** Milliseconds after which a run that only waits is stopped. */
const PATIENCE = 1_200_000;
const running = new Set();

/** A copy of the checkout that a job may change. */
function newCopy() {
  const copy = mkdtempSync(join(tmpdir(), "adk-mutants-"));
  for (const name of readdirSync(root)) {
    if (!LEFT_BEHIND.has(name)) cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "junction");
  return copy;
}

/** Runs test files in a copy. Out: whether they passed, or were stopped at a limit of processor seconds; who failed. */
function runTests(copy, tests, limit) {
  const vitest = join(copy, "node_modules/vitest/vitest.mjs");
  const args = [vitest, "run", "--bail=1", "--maxWorkers=1", "--reporter=dot", ...tests];
  // The shell's limit counts processor time; the other is for what waits for ever, and for Windows.
  const bounded = limit !== undefined && process.platform !== "win32";
  const [command, given] = bounded
    ? ["sh", ["-c", `ulimit -t ${limit}; exec "$@"`, "sh", process.execPath, ...args]]
    : [process.execPath, args];
  return new Promise((done) => {
    let text = "";
    const env = { ...process.env, NO_COLOR: "1" };
    const child = spawn(command, given, { cwd: copy, env, stdio: ["ignore", "pipe", "pipe"], timeout: PATIENCE });
    running.add(child);
    child.stdout.on("data", (part) => (text += part));
    child.stderr.on("data", (part) => (text += part));
    child.on("close", (code, signal) => {
      running.delete(child);
      const failed = /FAIL\s+(\S+)/.exec(text)?.[1];
      done({ passed: code === 0, stopped: signal !== null, failed, text });
    });
  });
}

/** Processor seconds for each stage: ten times what it takes without a change, which a busy machine only extends. */
async function baseline(copy) {
  const limits = [];
  for (const tests of stages) {
    const start = performance.now();
    const { passed, text } = await runTests(copy, tests, undefined);
    if (!passed) throw new Error(`the tests fail without any change:\n${text}`);
    limits.push(Math.ceil(SPARE + (10 * (performance.now() - start)) / 1000));
  }
  return limits;
}

/** "survived", "stopped" or "killed" (with the test file that noticed). */
async function fate(copy, mutant, limits) {
  const path = join(copy, mutant.file);
  const text = readFileSync(path, "utf8");
  writeFileSync(path, mutate(text, mutant));
  try {
    for (const [n, tests] of stages.entries()) {
      const { passed, stopped, failed } = await runTests(copy, tests, limits[n]);
      if (!passed) return { fate: stopped ? "stopped" : "killed", by: failed };
    }
    return { fate: "survived" };
  } finally {
    writeFileSync(path, text);
  }
}

/** The first `count` mutants, in the order of the seed, whose types hold. */
function sample(count) {
  const files = readdirSync(join(root, folder), { recursive: true })
    .map((name) => join(folder, name).replaceAll("\\", "/"))
    .filter((name) => name.endsWith(".ts") && !name.includes(".generated."))
    .sort();
  const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
  const all = files.flatMap((file) => mutantsOf(file, texts.get(file)));
  const holds = typeChecker(root);
  const chosen = [];
  for (const mutant of shuffled(all, values.seed)) {
    if (chosen.length === count) break;
    if (holds(mutant.file, mutate(texts.get(mutant.file), mutant))) chosen.push(mutant);
  }
  return { all: all.length, chosen };
}

const { all, chosen } = sample(Number(values.sample));
console.error(`${folder}: ${all} mutants, ${chosen.length} of them drawn with seed ${values.seed}`);
const copies = Array.from({ length: Number(values.jobs) }, newCopy);
const results = [];
const removeCopies = () => copies.forEach((copy) => rmSync(copy, { recursive: true, force: true }));
for (const [signal, status] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
]) {
  process.once(signal, () => {
    for (const child of running) child.kill("SIGKILL");
    removeCopies();
    process.exit(status);
  });
}
try {
  const limits = await baseline(copies[0]);
  const waiting = chosen.entries();
  const job = async (copy) => {
    for (const [n, mutant] of waiting) {
      const result = { ...mutant, ...(await fate(copy, mutant, limits)) };
      results.push(result);
      const place = `${relative(folder, result.file)}:${result.line}`;
      console.error(`${n + 1}/${chosen.length} ${result.fate} ${place} ${result.kind} ${result.by ?? ""}`);
    }
  };
  await Promise.all(copies.map(job));
} finally {
  removeCopies();
}

const count = (name) => results.filter(({ fate }) => fate === name).length;
const [killed, stopped, survived] = ["killed", "stopped", "survived"].map(count);
const share = ((100 * (killed + stopped)) / results.length).toFixed(1);
console.log("| folder | mutants | drawn | killed | stopped | survived | % |\n|---|--:|--:|--:|--:|--:|--:|");
console.log(`| \`${folder}\` | ${all} | ${results.length} | ${killed} | ${stopped} | ${survived} | ${share} |`);
const out = resolve(values.out ?? join(root, "out/mutation", `${folder.replaceAll("/", "-")}.json`));
mkdirSync(dirname(out), { recursive: true });
const survivors = results.filter(({ fate }) => fate === "survived").sort((a, b) => (a.file < b.file ? -1 : 1));
writeFileSync(
  out,
  `${JSON.stringify({ folder, seed: values.seed, drawn: results.length, survivors }, undefined, 2)}\n`,
);
console.error(`survivors: ${basename(out)}`);
