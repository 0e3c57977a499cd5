/**
 * The `adk` command line.
 * In: arguments. Out: an exit code: 0 done, 1 the input is wrong, 2 a bug of ours, 130 stopped when asked to.
 * yargs reads the arguments by the table of commands; the file of a command is loaded when it is asked for, since
 * `adk check` must not pay for what `adk fit` needs.
 */
import yargs from "yargs";
import type { Arguments, OptionName, OptionSpec } from "./options.ts";
import { OPTIONS } from "./options.ts";
import { EXIT_DONE, EXIT_INPUT } from "./exit_codes.ts";
import { describeFailure, InputError } from "./failure.ts";
import { makeReporter, type Reporter } from "./output.ts";
import { nearest } from "./suggest.ts";
import { VERSION } from "./version.ts";

/** A command's file exports this. Returns the exit code. */
export type CommandRun = (args: Arguments, reporter: Reporter) => Promise<number>;

interface CommandSpec {
  readonly positional: readonly string[];
  readonly summary: string;
  readonly options: readonly OptionName[];
  load(): Promise<{ readonly run: CommandRun }>;
}

const SPLIT: readonly OptionName[] = ["train", "validate", "test", "train-indexes", "test-indexes", "split", "seed"];

const SOLVER: readonly OptionName[] = ["solver", "tolerance", "memory", "threads"];

const COMMANDS: Readonly<Record<string, CommandSpec>> = {
  check: {
    positional: ["spec"],
    summary: "every error of a spec, with its place",
    options: ["bind", "weights"],
    load: () => import("./commands/check.ts"),
  },
  compile: {
    positional: ["spec"],
    summary: "the generated module of an untrained model",
    options: ["bind", "data", "weights", "output", "ts"],
    load: () => import("./commands/compile.ts"),
  },
  covariance: {
    positional: ["spec"],
    summary: "dense covariance blocks between observations at given points",
    options: ["points", "bind", "weights", "set"],
    load: () => import("./commands/covariance.ts"),
  },
  fit: {
    positional: ["spec"],
    summary: "train a model",
    options: ["data", "output", "bind", "weights", "set", "noise", ...SPLIT, ...SOLVER, "checkpoint-after", "fresh"],
    load: () => import("./commands/fit.ts"),
  },
  plan: {
    positional: ["spec"],
    summary: "memory and time that a fit will take, and which solver",
    options: ["data", "bind", "weights", "set", "noise", ...SPLIT, ...SOLVER],
    load: () => import("./commands/plan.ts"),
  },
  test: {
    positional: ["model"],
    summary: "errors of every observation and prediction on data",
    options: ["data", "test", "test-indexes"],
    load: () => import("./commands/test.ts"),
  },
  predict: {
    positional: ["model"],
    summary: "predictions at the points of a data file",
    options: ["data", "output"],
    load: () => import("./commands/predict.ts"),
  },
  export: {
    positional: ["model"],
    summary: "the stand-alone predictor module, weights inside",
    options: ["output", "format", "ts", "inline"],
    load: () => import("./commands/export.ts"),
  },
  symmetry: {
    positional: ["data"],
    summary: "the permutations found in a data set: generators, orbits, order",
    options: ["train", "train-indexes", "split", "seed"],
    load: () => import("./commands/symmetry.ts"),
  },
  import: {
    positional: ["format", "file"],
    summary: "a model of another program: import sgdml FILE.npz",
    options: ["output"],
    load: () => import("./commands/import.ts"),
  },
  info: {
    positional: ["model"],
    summary: "what a model file holds",
    options: [],
    load: () => import("./commands/info.ts"),
  },
};

const COMMON: readonly OptionName[] = ["json", "quiet"];

function suggestion(word: string, known: readonly string[], prefix = ""): string {
  const close = nearest(word, known);
  return close === undefined
    ? `known are ${known.map((name) => prefix + name).join(", ")}`
    : `did you mean ${prefix}${close}?`;
}

function declareOptions(names: readonly OptionName[]): Record<string, object> {
  return Object.fromEntries(
    names.map((name) => {
      const option: OptionSpec = OPTIONS[name];
      const alias = option.alias === undefined ? {} : { alias: option.alias };
      return [name, { type: option.type, describe: option.describe, requiresArg: option.type === "string", ...alias }];
    }),
  );
}

/** What yargs leaves of a command's options: only those of the table, as strings or booleans. */
function collectArguments(parsed: Record<string, unknown>, command: CommandSpec): Arguments {
  const names = [...command.options, ...COMMON];
  const known = new Set<string>([
    "_",
    "$0",
    "help",
    "version",
    ...names,
    ...command.positional,
    ...names.map((name) => (OPTIONS[name] as OptionSpec).alias ?? name),
  ]);
  for (const name of Object.keys(parsed)) {
    if (!known.has(name))
      throw new InputError(`unknown option ${name.length === 1 ? "-" : "--"}${name}; ${suggestion(name, names, "--")}`);
  }
  const extra = (parsed["_"] as readonly (string | number)[]).slice(1);
  if (extra.length > 0)
    throw new InputError(
      `expected ${command.positional.map((name) => name.toUpperCase()).join(" ")} alone, ` +
        `found ${JSON.stringify(String(extra[0]))} too`,
    );
  const options: Record<string, string | boolean | readonly string[]> = {};
  for (const name of names) {
    const value = parsed[name];
    if (value === undefined) continue;
    options[name] = typeof value === "boolean" ? value : Array.isArray(value) ? value.map(String) : String(value);
  }
  const positional = Object.fromEntries(command.positional.map((name) => [name, String(parsed[name])]));
  return { positional, options };
}

interface Chosen {
  readonly command: CommandSpec;
  readonly args: Arguments;
}

/** Reads the command line. Undefined where help or the version was asked for and printed. */
async function readArguments(argv: readonly string[]): Promise<Chosen | undefined> {
  let chosen: Chosen | undefined;
  const parser = yargs([...argv])
    .scriptName("adk")
    .usage("$0 COMMAND\n\nFrom an .adk page to a trained, dependency-free predictor.")
    .version(VERSION)
    .help()
    .alias("help", "h")
    .exitProcess(false)
    .parserConfiguration({
      "camel-case-expansion": false,
      "boolean-negation": false,
      "dot-notation": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
    })
    .fail((message, error) => {
      const isUsage = (error as Error | undefined)?.name === "YError" || error === undefined;
      throw isUsage ? new InputError(message ?? error?.message) : error;
    });
  for (const [name, command] of Object.entries(COMMANDS)) {
    parser.command({
      command: [name, ...command.positional.map((p) => `<${p}>`)].join(" "),
      describe: command.summary,
      builder: (sub) =>
        sub
          .options(declareOptions([...command.options, ...COMMON]))
          .usage(`$0 ${name} ${command.positional.map((p) => p.toUpperCase()).join(" ")}\n\n${command.summary}`),
      handler: (parsed) => {
        chosen = { command, args: collectArguments(parsed, command) };
      },
    });
  }
  const parsed = await parser.parseAsync();
  if (chosen !== undefined) return chosen;
  if (parsed["help"] === true || parsed["version"] === true) return undefined;
  const word = parsed._[0];
  const names = Object.keys(COMMANDS);
  if (word === undefined)
    throw new InputError(`a command is missing; known are ${names.join(", ")} (adk --help says more)`);
  throw new InputError(`unknown command ${JSON.stringify(String(word))}; ${suggestion(String(word), names)}`);
}

/** Runs one command line and returns its exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    const chosen = await readArguments(argv);
    if (chosen === undefined) return EXIT_DONE;
    const { run: runCommand } = await chosen.command.load();
    return await runCommand(
      chosen.args,
      makeReporter({ json: chosen.args.options.json === true, quiet: chosen.args.options.quiet === true }),
    );
  } catch (error) {
    const failure = describeFailure(error, VERSION);
    const isPlain = failure.exitCode === EXIT_INPUT && !/^(adk: |\S+:\d+:\d+: )/.test(failure.text);
    process.stderr.write(`${isPlain ? `adk: ${failure.text}` : failure.text}\n`);
    return failure.exitCode;
  }
}
