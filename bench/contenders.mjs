/**
 * Who solves the linear system of a force field: adk and its peers, each by one command of its own.
 * In: a job (molecule, training points, threads, files). Out: the command; its output is one line of JSON (`read` makes
 * it so).
 * Peers are no dependencies: Python with the package sgdml is ADK_PYTHON (python3 where unset), ml-matrix is
 * looked for in the folder ADK_MODULES, else as Node does.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { totalmem } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { adk, spec } from "./molecules.mjs";

/**
 * The same for all: length scale, λ of the kernel summed over permutations, bytes that a solver may take, cg's
 * tolerance.
 */
export const settings = { sigma: 20, lambda: 1e-10, memory: 4 * 2 ** 30, tolerance: 1e-7 };

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const versionIn = (folder) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
const python = process.env.ADK_PYTHON ?? "python3";
// adk's kernel is the mean over permutations, the package's the sum.
const noise = (job) => settings.lambda / job.perms.length;

/** The memory that sGDML's analytic solver expects to take: the matrix thrice. */
const analyticBytes = (n) => 24 * n * n + 8 * n;
const passesMemory = (n) =>
  analyticBytes(n) > totalmem() ? `its solver expects to take ${(analyticBytes(n) / 1e9).toFixed(0)} GB` : undefined;

const largest = (order, why) => (n) => (n > order ? `${why}, and n = ${n} passes ${order}` : undefined);

function ours(solver, tooLarge) {
  return {
    versions: () => ({ adk: versionIn(path("..")), Node: process.version.slice(1) }),
    tooLarge,
    command: (job) => ({
      file: process.execPath,
      args: [
        "--import",
        path("peers/usage.mjs"),
        adk,
        "fit",
        spec,
        "--data",
        job.data,
        "--bind",
        `perms=@${job.permsFile}`,
        "--train-indexes",
        job.trainFile,
        "--test-indexes",
        job.testFile,
        "--set",
        `sigma=${settings.sigma}`,
        "--noise",
        String(noise(job)),
        "--solver",
        solver,
        "--tolerance",
        String(settings.tolerance),
        "--threads",
        String(job.threads),
        "--json",
        "--quiet",
        "--fresh",
        "-o",
        join(job.folder, "model.safetensors"),
      ],
    }),
    read: ({ n, seconds, iterations, rank, residual, errors, plan }) => ({
      n,
      build: seconds.assembly,
      solve: seconds.solve,
      residual,
      errors: errors.test,
      plan: { seconds: plan.seconds, bytes: plan.bytes },
      ...(solver === "cg" ? { iterations, rank, plannedIterations: plan.iterations } : {}),
    }),
  };
}

function pythonScript(script, options, tooLarge) {
  const { sigma, lambda } = settings;
  return {
    versions: askPython,
    tooLarge,
    command: ({ data, train, test, perms, threads, n }) => ({
      file: python,
      args: [
        path(`peers/${script}`),
        JSON.stringify({ data, train, test, perms, sigma, lambda, threads, ...options(n) }),
      ],
    }),
    read: (output) => output,
  };
}

const IMPORTS = `import json, importlib.metadata as m
import sgdml, scipy.linalg
c = scipy.__config__.CONFIG["Build Dependencies"]["blas"]
packages = {name: m.version(name.lower()) for name in ["sGDML", "NumPy", "SciPy"]}
print(json.dumps({**packages, c["name"]: c["version"]}))`;

/** Versions of the Python packages; undefined where they aren't installed. Asked once. */
let pythonVersions;
function askPython() {
  pythonVersions ??= spawnSync(python, ["-c", IMPORTS], { encoding: "utf8" });
  const { status, stdout } = pythonVersions;
  return status === 0 ? JSON.parse(stdout.trim().split("\n").at(-1)) : undefined;
}

/** The solver is chosen by memory: the analytic one where it fits. */
const iterativeMemory = (n) => Math.min(settings.memory, 0.99 * analyticBytes(n)) / 2 ** 30;

function mlMatrix() {
  const require = createRequire(
    process.env.ADK_MODULES === undefined ? import.meta.url : resolve(process.env.ADK_MODULES, "from.mjs"),
  );
  let module;
  try {
    module = require.resolve("ml-matrix");
  } catch {
    module = undefined;
  }
  return {
    versions: () => (module === undefined ? undefined : { "ml-matrix": versionIn(dirname(module)) }),
    tooLarge: largest(3200, "ml-matrix takes minutes"),
    command: (job) => ({
      file: process.execPath,
      args: [
        "--import",
        path("peers/usage.mjs"),
        path("peers/ml_matrix.mjs"),
        JSON.stringify({
          data: job.data,
          train: job.train,
          perms: job.perms,
          spec,
          sigma: settings.sigma,
          noise: noise(job),
          module: pathToFileURL(module).href,
        }),
      ],
    }),
    read: (output) => output,
  };
}

const sgdml = (solver, tolerance, tooLarge) =>
  pythonScript(
    "sgdml_train.py",
    (n) => ({ solver, tolerance, memory: solver === "analytic" ? null : iterativeMemory(n) }),
    tooLarge,
  );

/** By name, in the order of the tables. */
export const contenders = {
  "adk cholesky": ours("cholesky", largest(32000, "the matrix is kept within 4 GiB")),
  "adk cg": ours("cg", () => undefined),
  "sGDML analytic": sgdml("analytic", null, passesMemory),
  "sGDML iterative": sgdml("iterative", null, () => undefined),
  "sGDML iterative 1e-7": sgdml("iterative", settings.tolerance, () => undefined),
  OpenBLAS: pythonScript("openblas.py", () => ({}), largest(32000, "the matrix takes 8 GB")),
  "ml-matrix": mlMatrix(),
};
