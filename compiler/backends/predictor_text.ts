/**
 * The texts of a predictor module around its kernel. In: a predictor. Out: declarations, entry points, types.
 * Keys of records are quoted, and all other names come from the predictor.
 */
import type { Buffer } from "../loops/loop.ts";
import type { GroupFacts, PredictorData, PredictorRequest } from "./backend.ts";
import { argumentsFor, base64, floats, key, literal, product, quote } from "./kernel_text.ts";
import { printNumber } from "./javascript.ts";
import { sizeOf } from "./module_text.ts";
import { RESERVED } from "./reserved.ts";
import { only, type } from "./typed.ts";

/** An array that the module carries, by the key under which it stands there. */
export interface Weight {
  readonly name: string;
  readonly data: Float64Array;
}

/** A predictor as its text needs it: what it stores, and how everything is called. */
export interface Predictor extends PredictorRequest {
  /** The kernel's constant in the module. */
  readonly constant: string;
  /** Its tables are stored, not the data from which they come. */
  readonly stored: boolean;
  readonly weights: readonly Weight[];
  /** Weights stand in a file beside the module. */
  readonly beside: boolean;
  readonly bytes: number;
  /** Local names: of a side, by its name in the kernel, and of a table or an output. */
  side(name: string): string;
  buffer(b: Buffer): string;
}

const RECORD = "Readonly<Record<string, Float64Array>>";
/** Where weights come from. */
const SOURCE = "URL | string | Uint8Array | ArrayBuffer";
const META = `{
  readonly name: string;
  readonly specHash: string;
  readonly compiler: string;
  readonly bytes: number;
  readonly [key: string]: unknown;
}`;
const argumentsType = (names: GroupFacts["arguments"]): string =>
  `{ ${names.map((a) => `readonly ${key(a.name)}: Float64Array`).join("; ")} }`;

/** The key of a weight: a group's, which holds a dot, or a table's name. */
export const weightKey = (label: string, what: string): string => `${label}.${what}`;

export const recordText = (values: Readonly<Record<string, number | Float64Array>>): string =>
  `{${Object.entries(values)
    .map(([k, v]) => ` ${key(k)}: ${typeof v === "number" ? printNumber(v) : floats(v)}`)
    .join(",")} }`;

/** The groups that are predicted, in the order of the kernel's outputs. */
const groupsOf = ({ facts, labels }: Predictor): GroupFacts[] =>
  labels.map((l) => facts.groups.find((g) => g.label === l)!);

/** The per-point arguments of all of them, each once. */
const argumentsOf = (groups: readonly GroupFacts[]): GroupFacts["arguments"] => [
  ...new Map(groups.flatMap((l) => l.arguments).map((a) => [a.name, a])).values(),
];

export function metaText(predictor: Predictor): string {
  const { facts } = predictor;
  const meta = {
    name: facts.name,
    specHash: facts.hash,
    compiler: facts.version,
    input: facts.input,
    outputs: Object.fromEntries(
      groupsOf(predictor).map((l) => [
        l.label,
        { shape: l.shape, arguments: Object.fromEntries(l.arguments.map((a) => [a.name, a.shape])) },
      ]),
    ),
    hyperparameters: Object.fromEntries(
      Object.entries(predictor.parameters).map(([k, v]) => [k, typeof v === "number" ? v : [...v]]),
    ),
    trainingPoints: Object.fromEntries(predictor.data.map((d) => [d.label, d.count])),
    bytes: predictor.bytes,
    ...predictor.meta,
  };
  return `/** What this model is: names, shapes, units, hyperparameters, errors, provenance. */\nexport const meta${type(META)} = {\n${Object.entries(
    meta,
  )
    .map(([k, v]) => `  ${key(k)}: ${literal(v)},`)
    .join("\n")}\n};`;
}

/** Declares `weights`, a record of arrays: decoded here, or filled by `load`. */
export function weightsText({ weights, beside, bytes, fileName }: Predictor): string {
  if (!beside)
    return `const weights = {\n${weights.map((w) => `  ${key(w.name)}: float64("${base64(w.data)}"),`).join("\n")}\n};`;
  const layout = weights.map((w) => `  [${quote(w.name)}, ${w.data.length}],`).join("\n");
  return `let weights${type("Record<string, Float64Array>")};
const layout${type("readonly (readonly [string, number])[]")} = [
${layout}
];

/** The bytes at a URL. Node alone cannot fetch a file; it has its own way, which needs no import. */
async function read(url${type("URL")})${type("Promise<Uint8Array>")} {
  const files = url.protocol === "file:" ? Reflect.get(globalThis, "process")?.getBuiltinModule?.("node:fs") : undefined;
  return new Uint8Array(files ? files.readFileSync(url) : await (await fetch(url)).arrayBuffer());
}

/**
 * Reads the weights: from a URL (by default the file beside this module), or bytes. Once, before the first prediction.
 */
export async function load(source${type(SOURCE)} = new URL(${quote(`./${fileName}.weights.bin`)}, import.meta.url))${type("Promise<void>")} {
  const bytes = ArrayBuffer.isView(source) ? source : source instanceof ArrayBuffer ? new Uint8Array(source) : await read(new URL(source, import.meta.url));
  if (bytes.byteLength !== ${bytes}) throw new RangeError(\`the weights have \${bytes.byteLength} bytes, not ${bytes}\`);
  const all = new Float64Array(bytes.slice().buffer), found${type("Record<string, Float64Array>")} = {};
  let at = 0;
  for (const [name, length] of layout) { found[name] = all.subarray(at, at + length); at += length; }
  weights = found;
  staged = undefined${only("!")};
}`;
}

/** A side in full; or, of one whose tables are stored, what is read beside them. */
function sideText({ label, count, x, coefficients, arguments: given }: PredictorData, stored: boolean): string {
  const weight = (what: string): string => `weights[${quote(weightKey(label, what))}]`;
  if (stored)
    return `{ count: ${count}${x === undefined && coefficients ? `, coefficients: ${weight("coefficients")}` : ""} }`;
  const args = Object.keys(given).map((a) => ` ${key(a)}: ${weight(`arguments.${a}`)}`);
  return `{ count: ${count}, x: ${weight("x")}, coefficients: ${weight("coefficients")}, arguments: {${args.join(",")} } }`;
}

/** Declares `staged` and `prepare`. */
export function stageText(predictor: Predictor): string {
  const { kernel, data, stored, beside, constant } = predictor,
    tables = kernel.prepare?.outputs ?? [];
  const guard = beside
    ? `  if (!weights) throw new Error("the weights have not been loaded: await load() first");\n`
    : "";
  const names = [...kernel.sizes.keys()].map((side) => predictor.side(side));
  const sides = data.map((d, n) => `  const ${names[n]} = ${sideText(d, stored)};`).join("\n");
  const counts = [...kernel.sizes].map(([side, size]) => `${size} = ${predictor.side(side)}.count`);
  const make = stored
    ? tables.map((b) => `  const ${predictor.buffer(b)} = weights[${quote(b.name)}];`)
    : [
        ...tables.map((b) => `  const ${predictor.buffer(b)} = new Float64Array(${product(b.dims)});`),
        ...(kernel.prepare ? [`  ${constant}.prepare(${argumentsFor(kernel, kernel.prepare, predictor)});`] : []),
      ];
  return `let staged${type(`{ ${stagedTypes(predictor).join("; ")} }`)};

/** Does the work per model now, that the first prediction would do. */
export function prepare()${type("void")} {
  if (staged) return;
${guard}${sides}
${counts.length > 0 ? `  const ${counts.join(", ")};\n` : ""}${make.join("\n")}
  staged = { ${stagedNames(predictor).join(", ")} };
}`;
}

/** The types of what `staged` holds. */
function stagedTypes({ data, stored, ...predictor }: Predictor): string[] {
  const sides = data.map(({ x, coefficients }) => {
    const has = stored ? (x === undefined && coefficients ? ["coefficients"] : []) : ["x", "coefficients"];
    const arrays = has.map((what) => `; readonly ${what}: Float64Array`).join("");
    return `{ readonly count: number${arrays}${stored ? "" : `; readonly arguments: ${RECORD}`} }`;
  });
  return stagedNames(predictor).map((name, n) => `${name}: ${sides[n] ?? "Float64Array"}`);
}

/** What `staged` holds. */
const stagedNames = (predictor: Pick<Predictor, "kernel" | "side" | "buffer">): string[] => [
  ...[...predictor.kernel.sizes.keys()].map((side) => predictor.side(side)),
  ...(predictor.kernel.prepare?.outputs ?? []).map((b) => predictor.buffer(b)),
];

export function entryPoints(predictor: Predictor): string {
  const { kernel, facts, constant } = predictor,
    labels = groupsOf(predictor),
    size = sizeOf(facts.input.shape),
    tables = kernel.prepare?.outputs ?? [],
    names = argumentsOf(labels);
  const outputs = kernel.evaluate.outputs.map((b, n) => `${predictor.buffer(b)} = out[${quote(labels[n]!.label)}]`);
  const checks = labels.map(
    (l) =>
      `  if (out[${quote(l.label)}]?.length !== count * ${sizeOf(l.shape)}) throw new RangeError(\`out.${l.label} has \${out[${quote(l.label)}]?.length} entries, not \${count * ${sizeOf(l.shape)}}\`);`,
  );
  const argumentCheck = names.map(
    (a) =>
      `  if (args?.[${quote(a.name)}]?.length !== count * ${sizeOf(a.shape)}) throw new RangeError(\`the argument ${a.name} has \${args?.[${quote(a.name)}]?.length} numbers, not \${count * ${sizeOf(a.shape)}}\`);`,
  );
  const point = pointName(facts.input.name);
  const rest = names.length > 0 ? ", args" : "",
    typedRest = names.length > 0 ? `, args${type(argumentsType(names))}` : "",
    typedPoint = `${point}${type("Float64Array")}`;
  const finite = `  for (let n = 0; n < points.length; n++) if (!Number.isFinite(points[n])) throw new TypeError(\`${facts.input.name}[\${n}] is \${points[n]}\`);`;
  return `function evaluate(points${type("Float64Array")}, count${type("number")}, out${type("Predictions")}${typedRest})${type("void")} {
  if (points.length !== count * ${size}) throw new RangeError(\`${facts.input.name} has \${points.length} numbers, not \${count * ${size}}\`);
${[finite, ...argumentCheck, ...checks].join("\n")}
  prepare();
  const { ${stagedNames(predictor).join(", ")} } = staged;
  const x = { x: points, count, arguments: ${names.length > 0 ? "args" : "{}"} };
  const ${outputs.join(", ")};
  ${constant}.evaluate(${argumentsFor(kernel, kernel.evaluate, predictor)});
}

const single = { ${labels.map((l) => `${key(l.label)}: new Float64Array(${sizeOf(l.shape)})`).join(", ")} };

/** Predicts at one point into arrays that the caller keeps: nothing is allocated${tables.length > 0 ? " after the first call" : ""}. */
export function predictInto(${typedPoint}, out${type("Predictions")}${typedRest})${type("Predictions")} {
  evaluate(${point}, 1, out${rest});
  return out;
}

/** Predicts at one point: a number for a scalar, a Float64Array for a tensor. */
export function predict(${typedPoint}${typedRest})${type("Prediction")} {
  evaluate(${point}, 1, single${rest});
  return { ${labels.map((l) => `${key(l.label)}: ${l.shape.length === 0 ? `single[${quote(l.label)}][0]` : `single[${quote(l.label)}].slice()`}`).join(", ")} };
}

/** Predicts at many points: an array for each key, point by point. */
export function predictBatch(points${type("Float64Array")}, count${type("number")}${typedRest})${type("Predictions")} {
  const out = { ${labels.map((l) => `${key(l.label)}: new Float64Array(count * ${sizeOf(l.shape)})`).join(", ")} };
  evaluate(points, count, out${rest});
  return out;
}`;
}

/** The input's name where a parameter can be called so. */
const pointName = (name: string): string =>
  /^[A-Za-z]\w{0,30}$/.test(name) && !RESERVED.has(name) && !["out", "args", "points", "count"].includes(name)
    ? name
    : "point";

/** The interfaces of a predictor's module. */
export function interfacesText(predictor: Predictor): string {
  const labels = groupsOf(predictor);
  const shape = (l: GroupFacts): string => (l.shape.length === 0 ? "a scalar" : `[${l.shape.join(", ")}], row-major`);
  const one = labels.map(
    (l) => `  /** ${shape(l)} */\n  ${key(l.label)}: ${l.shape.length === 0 ? "number" : "Float64Array"};`,
  );
  return `/** Predictions at one point. */
export interface Prediction {
${one.join("\n")}
}
/** Arrays for predictions: of one point, or of many one after another. */
export interface Predictions {
${labels.map((l) => `  ${key(l.label)}: Float64Array;`).join("\n")}
}
`;
}

export function predictorTypes(predictor: Predictor): string {
  const { facts, beside } = predictor,
    names = argumentsOf(groupsOf(predictor));
  const args = names.length > 0 ? `, args: ${argumentsType(names)}` : "";
  const point = pointName(facts.input.name);
  const load = `/** Reads the weights: from a URL (by default the file beside this module), or bytes. Once, before the first prediction. */
export declare function load(source?: ${SOURCE}): Promise<void>;
`;
  return `${interfacesText(predictor)}/** What this model is: names, shapes, units, hyperparameters, errors, provenance. */
export declare const meta: ${META};
${beside ? load : ""}/** Does the work per model now, that the first prediction would do. */
export declare function prepare(): void;
/** Predicts at one point of ${sizeOf(facts.input.shape)} numbers: a number for a scalar, a Float64Array for a tensor. Throws RangeError for a wrong length, TypeError for a number that isn't finite. */
export declare function predict(${point}: Float64Array${args}): Prediction;
/** The same into arrays that the caller keeps; nothing is allocated. */
export declare function predictInto(${point}: Float64Array, out: Predictions${args}): Predictions;
/** Predicts at \`count\` points, flat one after another. */
export declare function predictBatch(points: Float64Array, count: number${args}): Predictions;
`;
}
