/**
 * The molecules of the benchmarks, and the files that all contenders are given alike.
 * Each is a trajectory: training frames are the first of one fixed shuffle of its first 1000 frames, so smaller sets
 * lie
 * within larger ones; test frames are its last 1000.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readDataset } from "ad-kernels/runtime";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

export const adk = path("../cli/adk.mjs");
export const spec = path("../examples/ethanol/sgdml.adk");
export const POOL = 1000;

/** Numbers of training points, where no others are asked for. */
export const sizesOf = (molecule) =>
  molecule.endsWith("aspirin") ? [25, 50, 100, 250, 1000] : [25, 50, 100, 200, 400, 1000];

const FILES = {
  ethanol: path("../examples/ethanol/ethanol.npz"),
  aspirin: path("data/aspirin.npz"),
  "rmd17-ethanol": "md17/rmd17_ethanol.npz",
  "rmd17-aspirin": "md17/rmd17_aspirin.npz",
};
export const molecules = Object.keys(FILES);

/** A permutation of 0 … count − 1, the same in every run. */
function shuffled(count) {
  let state = 1;
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = Math.floor((state / 2 ** 32) * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Where a molecule's data are; a line that says why not where they aren't. */
function locate(molecule) {
  const file = FILES[molecule];
  if (file === undefined) throw new RangeError(`unknown molecule ${molecule}: one of ${molecules.join(", ")}`);
  if (existsSync(file)) return { data: file };
  if (process.env.ADK_DATA === undefined)
    return { missing: `${molecule}: left out, its data are looked for in the folder ADK_DATA, which isn't set` };
  const data = join(process.env.ADK_DATA, file);
  return existsSync(data) ? { data } : { missing: `${molecule}: left out, no ${data}` };
}

/** Permutations of like atoms, as `adk symmetry` finds them in the frames that are trained on. */
function permutations(data, trainFile) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [adk, "symmetry", data, "--train-indexes", trainFile, "--json"],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`adk symmetry ${data}: ${stderr}`);
  return JSON.parse(stdout).perms;
}

/** A folder for the files of one run, and what lies in it. */
export class Workplace {
  folder = mkdtempSync(join(tmpdir(), "adk-bench-"));
  #molecules = new Map();

  /** @returns {{ missing: string } | { data: string, atoms: number, perms: number[][], permsFile: string }} */
  molecule(name) {
    const known = this.#molecules.get(name);
    if (known !== undefined) return known;
    const found = locate(name);
    const molecule = found.data === undefined ? found : this.#describe(name, found.data);
    this.#molecules.set(name, molecule);
    return molecule;
  }

  #describe(name, data) {
    const { shape } = readDataset(readFileSync(data), data).entries.get("R");
    const pool = this.write(
      `${name}-pool.json`,
      Array.from({ length: POOL }, (_, i) => i),
    );
    const perms = permutations(data, pool);
    return { data, frames: shape[0], atoms: shape[1], perms, permsFile: this.write(`${name}-perms.json`, perms) };
  }

  /** Frames to train and to test on. */
  split(name, points) {
    if (points > POOL) throw new RangeError(`${points} training points: there are ${POOL}`);
    const { frames } = this.molecule(name);
    const train = shuffled(POOL)
      .slice(0, points)
      .sort((a, b) => a - b);
    const test = Array.from({ length: POOL }, (_, i) => frames - POOL + i);
    return {
      train,
      test,
      trainFile: this.write(`${name}-train-${points}.json`, train),
      testFile: this.write(`${name}-test.json`, test),
    };
  }

  write(name, value) {
    const file = join(this.folder, name);
    writeFileSync(file, JSON.stringify(value));
    return file;
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
