/**
 * The options of the commands: their table, and how their texts become values.
 * In: what yargs found on the command line. Out: numbers, names with values, files' contents.
 * Each option is declared once here; a command lists the names of those it takes.
 */
import { decimal } from "../runtime/data/decimal.ts";
import { readIndexes } from "../runtime/data/split.ts";
import { InputError } from "./failure.ts";
import { readJson, readText } from "./files.ts";

export interface OptionSpec {
  readonly type: "string" | "boolean";
  readonly describe: string;
  readonly alias?: string;
}

export const OPTIONS = {
  bind: { type: "string", describe: "a dim or const: N=9, perms=@FILE.json" },
  data: { type: "string", describe: "data: .npz or .json" },
  weights: {
    type: "string",
    describe: 'where consts and params `from "key"` are looked for first: .safetensors, .npz, .json',
  },
  output: { type: "string", describe: "where the result goes", alias: "o" },
  train: { type: "string", describe: "how many frames to train on" },
  validate: { type: "string", describe: "how many frames to leave for validation" },
  test: { type: "string", describe: "how many frames to test on (all that are left by default)" },
  "train-indexes": { type: "string", describe: "JSON array of the frames to train on" },
  "test-indexes": { type: "string", describe: "JSON array of the frames to test on" },
  split: { type: "string", describe: "how frames are chosen: random or time" },
  seed: { type: "string", describe: "seed of the random split (0)" },
  set: { type: "string", describe: "a parameter: sigma=12" },
  noise: { type: "string", describe: "noise variance: 1e-10, or forces=1e-10" },
  solver: { type: "string", describe: "auto, cholesky or cg (conjugate gradients, without the matrix)" },
  tolerance: { type: "string", describe: "relative residual that cg comes to (1e-7)" },
  memory: { type: "string", describe: "GB that matrices may take (4)" },
  threads: { type: "string", describe: "how many threads (as many as there are cores); changes no bit of the result" },
  "checkpoint-after": { type: "string", describe: "seconds before the first checkpoint (5)" },
  fresh: { type: "boolean", describe: "start anew, whatever an interrupted fit has left" },
  points: { type: "string", describe: "JSON with the groups of points" },
  ts: { type: "boolean", describe: "write the TypeScript source, type-checked, too" },
  format: { type: "string", describe: "js, the stand-alone module (default), or sgdml, the sGDML package's file" },
  inline: { type: "boolean", describe: "keep the weights inside the module however large" },
  json: { type: "boolean", describe: "a machine-readable result on stdout, messages on stderr" },
  quiet: { type: "boolean", describe: "no messages and no progress" },
} as const satisfies Record<string, OptionSpec>;

export type OptionName = keyof typeof OPTIONS;

/** The command line of one command: its positional arguments by name and its options as given. */
export interface Arguments {
  readonly positional: Readonly<Record<string, string>>;
  readonly options: Readonly<Partial<Record<OptionName, string | boolean | readonly string[]>>>;
}

/** The one value of an option, or undefined. Throws where it was given twice. */
export function text(args: Arguments, name: OptionName): string | undefined {
  const value = args.options[name];
  if (value === undefined || typeof value === "boolean") return undefined;
  if (typeof value === "string") return value;
  if (value.length > 1) throw new InputError(`--${name}: expected once, found ${value.length} times`);
  return value[0];
}

/** As `text`, of an option that the command cannot do without. */
export function requiredText(args: Arguments, name: OptionName, example: string): string {
  const value = text(args, name);
  if (value === undefined || value === "") throw new InputError(`--${name} is missing; for example: ${example}`);
  return value;
}

export function texts(args: Arguments, name: OptionName): readonly string[] {
  const value = args.options[name];
  if (value === undefined || typeof value === "boolean") return [];
  return typeof value === "string" ? [value] : value;
}

export function flag(args: Arguments, name: OptionName): boolean {
  return args.options[name] === true;
}

/** A number as people write it; JavaScript's hexadecimal, empty and infinite spellings are refused. */
export function parseNumber(written: string, where: string): number {
  const value = decimal(written);
  if (value === undefined || !Number.isFinite(value))
    throw new InputError(`${where}: expected a number, found ${JSON.stringify(written)}`);
  return value;
}

/** A count (0, 1, 2, …) or undefined where the option is absent. */
export function count(args: Arguments, name: OptionName): number | undefined {
  const written = text(args, name);
  if (written === undefined) return undefined;
  if (!/^\d+$/.test(written) || !Number.isSafeInteger(Number(written))) {
    throw new InputError(`--${name}: expected a whole number from 0, found ${JSON.stringify(written)}`);
  }
  return Number(written);
}

function splitAssignment(written: string, option: OptionName): [string, string] {
  const at = written.indexOf("=");
  if (at <= 0) throw new InputError(`--${option}: expected NAME=VALUE, found ${JSON.stringify(written)}`);
  return [written.slice(0, at).normalize("NFC"), written.slice(at + 1)];
}

/** A number, or nested arrays of numbers with equal lengths at each level. */
export type Nested = number | readonly Nested[];

function shapeOf(value: unknown, where: string): number[] {
  if (typeof value === "number" && Number.isFinite(value)) return [];
  if (typeof value === "boolean") return [];
  if (!Array.isArray(value))
    throw new InputError(
      `${where}: expected a number or arrays of numbers, found ` +
        `${typeof value === "object" ? "an object or null" : JSON.stringify(value)}`,
    );
  const inner = value.map((item) => shapeOf(item, where));
  const first = inner[0] ?? [];
  const isEven = inner.every(
    (shape) => shape.length === first.length && shape.every((size, axis) => size === first[axis]),
  );
  if (!isEven) throw new InputError(`${where}: expected arrays of equal lengths, found a ragged one`);
  return [value.length, ...first];
}

/** A JSON value as numbers; true and false are 1 and 0. */
export function parseNested(value: unknown, where: string): Nested {
  shapeOf(value, where);
  const convert = (item: unknown): Nested => (Array.isArray(item) ? item.map(convert) : Number(item));
  return convert(value);
}

/** A report of `adk symmetry` lists the elements of a large group in part. */
function requireWholeGroup(report: Readonly<Record<string, unknown>>, name: string, where: string): void {
  const { order, [name]: listed } = report;
  if (
    !Array.isArray(listed) ||
    !("generators" in report) ||
    order === undefined ||
    String(order) === String(listed.length)
  )
    return;
  throw new InputError(
    `${where}: expected all ${String(order)} permutations of the group, found ${listed.length} of them; ` +
      "leave the option out, and `adk fit` finds the group in its training frames",
  );
}

function parseValue(name: string, written: string, option: OptionName): Nested {
  const where = `--${option} ${name}`;
  if (written.startsWith("@")) {
    const file = written.slice(1);
    const content = readJson(file);
    const isReport = typeof content === "object" && content !== null && !Array.isArray(content);
    if (!isReport) return parseNested(content, `${where} (${file})`);
    if (!Object.hasOwn(content, name))
      throw new InputError(
        `${where}: ${file} holds an object without "${name}"; it has ${Object.keys(content).join(", ")}`,
      );
    requireWholeGroup(content as Record<string, unknown>, name, `${where} (${file})`);
    return parseNested((content as Record<string, unknown>)[name], `${where} (${file}, key "${name}")`);
  }
  if (!written.trim().startsWith("[")) return parseNumber(written, where);
  try {
    return parseNested(JSON.parse(written) as unknown, where);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new InputError(`${where}: expected a number, a JSON array or @FILE.json, found ${JSON.stringify(written)}`);
    throw error;
  }
}

/** `NAME=VALUE` of --bind and --set: the value a number, a JSON array, or @FILE.json. */
export function assignments(args: Arguments, option: "bind" | "set"): Record<string, Nested> {
  const result: Record<string, Nested> = Object.create(null) as Record<string, Nested>;
  for (const written of texts(args, option)) {
    const [name, value] = splitAssignment(written, option);
    if (name in result) throw new InputError(`--${option} ${name}: expected once, found twice`);
    result[name] = parseValue(name, value, option);
  }
  return result;
}

function leaves(value: Nested): readonly number[] {
  return typeof value === "number" ? [value] : value.flatMap(leaves);
}

/** The parameters of --set, as the runtime takes them: tensors flat. */
export function parameterSettings(args: Arguments): Record<string, number | Float64Array> {
  const settings = Object.entries(assignments(args, "set"));
  return Object.fromEntries(
    settings.map(([name, value]) => [name, typeof value === "number" ? value : Float64Array.from(leaves(value))]),
  );
}

/** `--noise e` for every observation, `--noise label=e` for one; the latter wins. */
export interface NoiseSettings {
  readonly all?: number;
  readonly byLabel: Readonly<Record<string, number>>;
}

export function noise(args: Arguments): NoiseSettings {
  let all: number | undefined;
  const byLabel: Record<string, number> = Object.create(null) as Record<string, number>;
  for (const written of texts(args, "noise")) {
    const isLabelled = written.includes("=");
    const [label, value] = isLabelled ? splitAssignment(written, "noise") : ["", written];
    const variance = parseNumber(value, isLabelled ? `--noise ${label}` : "--noise");
    if (variance < 0) throw new InputError(`--noise: expected a variance, which is not negative, found ${value}`);
    if (isLabelled) byLabel[label] = variance;
    else all = variance;
  }
  return all === undefined ? { byLabel } : { all, byLabel };
}

/** The frames of --train-indexes or --test-indexes, or undefined; the file may be a report with them under `key`. */
export function indexes(
  args: Arguments,
  name: "train-indexes" | "test-indexes",
  key: string,
): readonly number[] | undefined {
  const file = text(args, name);
  return file === undefined ? undefined : readIndexes(readText(file), file, key);
}
