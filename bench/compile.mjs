/**
 * What compiling costs. In: the specs of test/specs, and of the folders given. Out: a Markdown table; for each spec the
 * processor time and the peak memory of checking and of compiling, each in a fresh process, nodes and constructor
 * calls, and the code of its module. A process that takes longer than the limit is stopped, and the row says so.
 *
 *     node bench/compile.mjs [FOLDER …] [--only NAME] [--weights FOLDER] [--limit 300] [--atoms 9]
 *
 * Sizes are those of ethanol: nine atoms of three elements, six permutations. Specs that read the weights of a network
 * find them in FOLDER as NAME_….safetensors, NAME being the spec's.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { check, compile, VERSION } from "ad-kernels";
import { kernelSizes } from "./code_size.mjs";
import { markdown } from "./tables.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string" },
    weights: { type: "string" },
    limit: { type: "string", default: "300" },
    atoms: { type: "string", default: "9" },
    stage: { type: "string" },
  },
});
const atoms = Number(options.atoms);

/** Six permutations, as ethanol has them: three atoms turn, two change places. */
function permutations() {
  const rest = Array.from({ length: atoms }, (_, n) => n).slice(5);
  const turns = [
    [0, 1, 2],
    [1, 2, 0],
    [2, 0, 1],
  ];
  return turns.flatMap((turn) => [
    [...turn, 3, 4, ...rest],
    [...turn, 4, 3, ...rest],
  ]);
}

/** Values by the name of what they bind. */
const VALUES = {
  N: () => atoms,
  perms: permutations,
  z: () => [6, 6, 8, ...Array.from({ length: atoms - 3 }, () => 1)],
  box: () => [12, 12, 12],
  B: () => 20,
};

/** What binds a spec's sizes: those of the values above that it declares and doesn't fix. */
function bindingsOf(text) {
  const dims = [...text.matchAll(/^dim (.*)$/gm)].flatMap(([, list]) => list.split(/, */));
  const constants = [...text.matchAll(/^const (\w+) : [^=\n]*$/gm)].map(([, name]) => name);
  const names = new Set([...dims.map((dim) => dim.split(" ")[0]), ...constants]);
  if (names.has("perms") || names.has("z")) names.delete("N");
  if (options.weights === undefined) names.delete("B");
  return Object.fromEntries(Object.keys(VALUES).flatMap((name) => (names.has(name) ? [[name, VALUES[name]()]] : [])));
}

/** The tensors of the spec's network, where there are weights for it. */
async function tensorsOf(name) {
  const folder = options.weights;
  const file = folder && readdirSync(folder).find((entry) => entry.startsWith(name) && entry.endsWith(".safetensors"));
  if (!file) return undefined;
  const { readSafetensors } = await import("ad-kernels/runtime");
  const { tensors } = readSafetensors(readFileSync(join(folder, file)), file);
  return (key) => tensors.get(key);
}

/** One measurement, in this process. Prints JSON. */
async function measure(path) {
  const text = readFileSync(path, "utf8");
  const resolve = (file, from) => {
    const found = join(dirname(path), dirname(from), file);
    return existsSync(found) ? readFileSync(found, "utf8") : undefined;
  };
  const name = basename(path);
  const result = {};
  if (options.stage === "check") {
    const { diagnostics } = check({ name, text }, { resolve, bind: bindingsOf(text) });
    const error = diagnostics.find(({ severity }) => severity === "error");
    if (error !== undefined) result.failed = error.code;
  } else {
    const { counters } = await import("../dist/compiler/ir/node.js");
    const tensors = await tensorsOf(name.replace(/\.adk$/, ""));
    const compiled = compile(text, { name, resolve, bind: bindingsOf(text), ...(tensors ? { tensors } : {}) });
    const kernels = kernelSizes(compiled.printModule().js);
    Object.assign(result, counters, {
      bytes: Math.max(...kernels.map(({ bytes }) => bytes)),
      statements: Math.max(...kernels.map(({ statements }) => statements)),
      kernels: kernels.length,
    });
  }
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  result.seconds = (userCPUTime + systemCPUTime) / 1e6;
  result.megabytes = maxRSS / 1024;
  console.log(JSON.stringify(result));
}

/** One measurement, in a process of its own. */
function measured(path, stage) {
  const args = [fileURLToPath(import.meta.url), path, "--stage", stage, "--atoms", options.atoms];
  if (options.weights !== undefined) args.push("--weights", options.weights);
  const limit = Number(options.limit);
  const { stdout, stderr, error, signal } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    timeout: 1000 * limit,
    killSignal: "SIGKILL",
  });
  if (error?.code === "ETIMEDOUT" || signal !== null) return { failed: `stopped after ${limit} s` };
  if (stdout.trim() !== "") return JSON.parse(stdout);
  const reason = /(ADK\d{4}|\w*Error: .*)/.exec(stderr)?.[1] ?? "failed";
  return { failed: reason.slice(0, 60) };
}

const number = (value) => (value === undefined ? "" : value.toLocaleString("en"));
const seconds = ({ failed, seconds: s }) => failed ?? s.toFixed(2);
const COLUMNS = [
  ["spec", ({ name }) => name, "left"],
  ["check, s", ({ checked }) => seconds(checked)],
  ["compile, s", ({ compiled }) => seconds(compiled)],
  ["peak, MB", ({ compiled }) => compiled.megabytes?.toFixed(0) ?? ""],
  ["nodes", ({ compiled }) => number(compiled.created)],
  ["constructor calls", ({ compiled }) => number(compiled.constructed)],
  ["kernels", ({ compiled }) => number(compiled.kernels)],
  ["statements", ({ compiled }) => number(compiled.statements)],
  ["code, bytes", ({ compiled }) => number(compiled.bytes)],
];

function table() {
  const own = fileURLToPath(new URL("../test/specs/", import.meta.url));
  const folders = [own, join(own, "compile_cost"), ...positionals];
  const paths = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith(".adk") && (options.only === undefined || file === `${options.only}.adk`))
      .map((file) => join(folder, file))
      .filter((path) => /^model /m.test(readFileSync(path, "utf8"))),
  );
  const rows = paths.map((path) => {
    const row = { name: basename(path, ".adk"), checked: measured(path, "check"), compiled: measured(path, "compile") };
    console.error(`${row.name}: ${seconds(row.checked)}, ${seconds(row.compiled)}`);
    return row;
  });
  console.log(
    `adk ${VERSION}, Node ${process.version}, ${cpus()[0]?.model.trim() ?? "unknown processor"}; ${atoms} atoms.`,
  );
  console.log(
    "Seconds of the process' processor time, its start included; statements and code of the largest kernel, tables " +
      "apart.\n",
  );
  console.log(markdown(COLUMNS, rows));
}

if (options.stage === undefined) table();
else await measure(positionals[0]);
