/**
 * The stand-alone predictor. In: a predictor kernel with its data. Out: a module that predicts, and its weights.
 * It carries the training data or what is staged of them, whichever is smaller; work per model is done at first use.
 * All entry points run the same loops, point by point, so they give the same bits.
 */
import { TEST_SIDE, type Kernel } from "../loops/kernel.ts";
import type { GroupFacts, PredictorRequest, PrintedModule } from "./backend.ts";
import { argumentsFor, base64, FLOAT64, KernelText, product } from "./kernel_text.ts";
import { printNumber } from "./javascript.ts";
import { header, quote, sizeOf } from "./module_text.ts";

/** Above this, weights go to a file beside the module. */
const INLINE_BYTES = 16 * 2 ** 20;

interface Weight {
  readonly name: string;
  readonly data: Float64Array;
}

export function printPredictor(request: PredictorRequest): PrintedModule {
  const { facts, kernel } = request,
    staged = storesTables(request),
    weights = weightsOf(request, staged);
  const bytes = weights.reduce((n, w) => n + w.data.byteLength, 0),
    beside = bytes > INLINE_BYTES && !request.inline;
  const text = new KernelText();
  text.add(staged ? withoutPrepare(kernel) : kernel, [
    "return { evaluate" + (kernel.prepare && !staged ? ", prepare" : "") + " };",
  ]);
  const labels = request.labels.map((l) => facts.groups.find((g) => g.label === l)!);
  const js = [
    header(facts, "a trained predictor"),
    metaText(request, labels, bytes),
    `const parameters = ${record(request.parameters)};\n\nconst offsets = ${record(request.offsets)};`,
    `${text.text().includes("function float64(") || weights.length === 0 ? "" : `${FLOAT64}\n\n`}${weightsText(request, weights, beside)}`,
    text.text(),
    stageText(request, staged, beside),
    entryPoints(request, labels),
  ].join("\n\n");
  return {
    js: `${js}\n`,
    dts: predictorTypes(request, labels, beside),
    ...(beside ? { weights: concatenated(weights) } : {}),
  };
}

const withoutPrepare = ({ prepare: _, ...rest }: Kernel): Kernel => rest;
const record = (values: Readonly<Record<string, number | Float64Array>>): string =>
  `{${Object.entries(values)
    .map(
      ([k, v]) =>
        ` ${quote(k)}: ${typeof v === "number" ? printNumber(v) : `Float64Array.of(${[...v].map(printNumber).join(", ")})`}`,
    )
    .join(",")} }`;

/** Whether the staged tables alone are smaller than points, arguments and coefficients. */
function storesTables({ data, tables, kernel }: PredictorRequest): boolean {
  if (data.some((d) => d.x === undefined)) return true;
  const needsData = kernel.evaluate.inputs.some(
    (b) =>
      ["points", "argument", "coefficients"].includes(kernel.origins.get(b)!.kind) &&
      sideOfInput(kernel, b) !== TEST_SIDE,
  );
  const inputs = data.reduce(
    (n, d) => n + d.x!.length + d.coefficients!.length + Object.values(d.arguments).reduce((a, v) => a + v.length, 0),
    0,
  );
  return !needsData && [...tables.values()].reduce((n, t) => n + t.length, 0) < inputs;
}

function sideOfInput(kernel: Kernel, b: Kernel["evaluate"]["inputs"][number]): string | undefined {
  const origin = kernel.origins.get(b)!;
  return "side" in origin ? origin.side : undefined;
}

function weightsOf({ data, tables }: PredictorRequest, staged: boolean): Weight[] {
  const coefficients = (d: PredictorRequest["data"][number]): Weight[] =>
    d.coefficients ? [{ name: `${d.side}_coefficients`, data: d.coefficients }] : [];
  if (staged)
    return [
      ...[...tables].map(([name, t]) => ({ name, data: t })),
      ...data.filter((d) => d.x === undefined).flatMap(coefficients),
    ];
  return data.flatMap((d) => [
    { name: `${d.side}_x`, data: d.x! },
    ...coefficients(d),
    ...Object.entries(d.arguments).map(([a, v]) => ({ name: `${d.side}_argument_${a}`, data: v })),
  ]);
}

function concatenated(weights: readonly Weight[]): Uint8Array {
  const all = new Float64Array(weights.reduce((n, w) => n + w.data.length, 0));
  let at = 0;
  for (const w of weights) {
    all.set(w.data, at);
    at += w.data.length;
  }
  return new Uint8Array(all.buffer);
}

function metaText(request: PredictorRequest, labels: readonly GroupFacts[], bytes: number): string {
  const { facts } = request;
  const meta = {
    name: facts.name,
    specHash: facts.hash,
    compiler: facts.version,
    input: facts.input,
    outputs: Object.fromEntries(
      labels.map((l) => [
        l.label,
        { shape: l.shape, arguments: Object.fromEntries(l.arguments.map((a) => [a.name, a.shape])) },
      ]),
    ),
    hyperparameters: Object.fromEntries(
      Object.entries(request.parameters).map(([k, v]) => [k, typeof v === "number" ? v : [...v]]),
    ),
    trainingPoints: Object.fromEntries(request.data.map((d) => [d.side.replace(/^train_/, ""), d.count])),
    bytes,
    ...request.meta,
  };
  return `/** What this model is: names, shapes, units, hyperparameters, errors, provenance. */\nexport const meta = {\n${Object.entries(
    meta,
  )
    .map(([k, v]) => `  ${quote(k)}: ${JSON.stringify(v)},`)
    .join("\n")}\n};`;
}

/** Declares `weights`, a record of arrays: decoded here, or filled by `load`. */
function weightsText(request: PredictorRequest, weights: readonly Weight[], beside: boolean): string {
  if (!beside)
    return `const weights = {\n${weights.map((w) => `  ${quote(w.name)}: float64("${base64(w.data)}"),`).join("\n")}\n};`;
  const layout = weights.map((w) => `  [${quote(w.name)}, ${w.data.length}],`).join("\n"),
    total = weights.reduce((n, w) => n + w.data.byteLength, 0);
  return `let weights;
const layout = [
${layout}
];

/**
 * The bytes at a URL. Node alone cannot fetch a file; it has its own way, which needs no import.
 * @param {URL} url
 * @returns {Promise<Uint8Array>}
 */
async function read(url) {
  const files = url.protocol === "file:" ? Reflect.get(globalThis, "process")?.getBuiltinModule?.("node:fs") : undefined;
  return new Uint8Array(files ? files.readFileSync(url) : await (await fetch(url)).arrayBuffer());
}

/** Reads the weights: from a URL (by default the file beside this module), or bytes. Once, before the first prediction. */
export async function load(source = new URL(${quote(`./${request.fileName}.weights.bin`)}, import.meta.url)) {
  const bytes = ArrayBuffer.isView(source) ? source : source instanceof ArrayBuffer ? new Uint8Array(source) : await read(new URL(source, import.meta.url));
  if (bytes.byteLength !== ${total}) throw new RangeError(\`the weights have \${bytes.byteLength} bytes, not ${total}\`);
  const all = new Float64Array(bytes.slice().buffer), found = {};
  let at = 0;
  for (const [name, length] of layout) { found[name] = all.subarray(at, at + length); at += length; }
  weights = found;
  staged = undefined;
}`;
}

function sideText(d: PredictorRequest["data"][number]): string {
  const args = Object.keys(d.arguments).map((a) => ` ${quote(a)}: weights[${quote(`${d.side}_argument_${a}`)}]`);
  return `{ count: ${d.count}, x: weights[${quote(`${d.side}_x`)}], coefficients: weights[${quote(`${d.side}_coefficients`)}], arguments: {${args.join(",")} } }`;
}

/** A side of which the tables say all but, at most, its coefficients. */
function storedSide(d: PredictorRequest["data"][number]): string {
  const coefficients =
    d.x === undefined && d.coefficients ? `, coefficients: weights[${quote(`${d.side}_coefficients`)}]` : "";
  return `{ count: ${d.count}${coefficients} }`;
}

/** Declares `staged` and `prepare`. */
function stageText(request: PredictorRequest, stored: boolean, beside: boolean): string {
  const { kernel, data } = request,
    tables = kernel.prepare?.outputs ?? [];
  const given = { side: (name: string) => name, offsets: "offsets" };
  const guard = beside
    ? `  if (!weights) throw new Error("the weights have not been loaded: await load() first");\n`
    : "";
  const sides = data.map((d) => `  const ${d.side} = ${stored ? storedSide(d) : sideText(d)};`).join("\n");
  const counts = [...kernel.sizes].map(([side, size]) => `${size} = ${side}.count`);
  const make = stored
    ? tables.map((b) => `  const ${b.name} = weights[${quote(b.name)}];`)
    : [
        ...tables.map((b) => `  const ${b.name} = new Float64Array(${product(b.dims)});`),
        ...(kernel.prepare ? [`  ${kernel.name}.prepare(${argumentsFor(kernel, kernel.prepare, given)});`] : []),
      ];
  return `let staged;

/** Does the work per model now, that the first prediction would do. */
export function prepare() {
  if (staged) return;
${guard}${sides}
${counts.length > 0 ? `  const ${counts.join(", ")};\n` : ""}${make.join("\n")}
  staged = { ${[...data.map((d) => d.side), ...tables.map((b) => b.name)].join(", ")} };
}`;
}

function entryPoints(request: PredictorRequest, labels: readonly GroupFacts[]): string {
  const { kernel, facts, data } = request,
    size = sizeOf(facts.input.shape),
    tables = kernel.prepare?.outputs ?? [];
  const names = [...new Map(labels.flatMap((l) => l.arguments).map((a) => [a.name, a])).values()];
  const given = { side: (name: string) => name, offsets: "offsets" };
  const outputs = kernel.evaluate.outputs.map((b, n) => `${b.name} = out[${quote(labels[n]!.label)}]`);
  const checks = labels.map(
    (l) =>
      `  if (out[${quote(l.label)}]?.length !== count * ${sizeOf(l.shape)}) throw new RangeError(\`out.${l.label} has \${out[${quote(l.label)}]?.length} entries, not \${count * ${sizeOf(l.shape)}}\`);`,
  );
  const argumentCheck = names.map(
    (a) =>
      `  if (args?.[${quote(a.name)}]?.length !== count * ${sizeOf(a.shape)}) throw new RangeError(\`the argument ${a.name} has \${args?.[${quote(a.name)}]?.length} numbers, not \${count * ${sizeOf(a.shape)}}\`);`,
  );
  const rest = names.length > 0 ? ", args" : "";
  const finite = `  for (let n = 0; n < points.length; n++) if (!Number.isFinite(points[n])) throw new TypeError(\`${facts.input.name}[\${n}] is \${points[n]}\`);`;
  return `function evaluate(points, count, out${rest}) {
  if (points.length !== count * ${size}) throw new RangeError(\`${facts.input.name} has \${points.length} numbers, not \${count * ${size}}\`);
${[finite, ...argumentCheck, ...checks].join("\n")}
  prepare();
  const { ${[...data.map((d) => d.side), ...tables.map((b) => b.name)].join(", ")} } = staged;
  const x = { x: points, count, arguments: ${names.length > 0 ? "args" : "{}"} };
  const ${outputs.join(", ")};
  ${kernel.name}.evaluate(${argumentsFor(kernel, kernel.evaluate, given)});
}

const single = { ${labels.map((l) => `${quote(l.label)}: new Float64Array(${sizeOf(l.shape)})`).join(", ")} };

/** Predicts at one point into arrays that the caller keeps: nothing is allocated${tables.length > 0 ? " after the first call" : ""}. */
export function predictInto(${facts.input.name === "out" ? "point" : identifierOr(facts.input.name)}, out${rest}) {
  evaluate(${identifierOr(facts.input.name)}, 1, out${rest});
  return out;
}

/** Predicts at one point: a number for a scalar, a Float64Array for a tensor. */
export function predict(${identifierOr(facts.input.name)}${rest}) {
  evaluate(${identifierOr(facts.input.name)}, 1, single${rest});
  return { ${labels.map((l) => `${quote(l.label)}: ${l.shape.length === 0 ? `single[${quote(l.label)}][0]` : `single[${quote(l.label)}].slice()`}`).join(", ")} };
}

/** Predicts at many points: an array for each key, point by point. */
export function predictBatch(points, count${rest}) {
  const out = { ${labels.map((l) => `${quote(l.label)}: new Float64Array(count * ${sizeOf(l.shape)})`).join(", ")} };
  evaluate(points, count, out${rest});
  return out;
}`;
}

/** A spec's name where it can be a parameter's in JavaScript. */
const identifierOr = (name: string): string =>
  /^[A-Za-z]\w{0,30}$/.test(name) &&
  ![
    "out",
    "args",
    "count",
    "points",
    "new",
    "in",
    "do",
    "if",
    "for",
    "var",
    "let",
    "const",
    "this",
    "case",
    "with",
    "void",
    "try",
    "else",
    "enum",
    "null",
    "true",
    "false",
    "class",
    "super",
    "return",
    "delete",
    "typeof",
    "switch",
    "throw",
    "while",
    "export",
    "import",
    "default",
    "function",
    "yield",
    "await",
    "eval",
    "arguments",
    "static",
    "break",
    "catch",
    "continue",
    "debugger",
    "extends",
    "finally",
    "instanceof",
  ].includes(name)
    ? name
    : "point";

function predictorTypes({ facts }: PredictorRequest, labels: readonly GroupFacts[], beside: boolean): string {
  const names = [...new Map(labels.flatMap((l) => l.arguments).map((a) => [a.name, a])).values()];
  const args =
    names.length > 0 ? `, args: { ${names.map((a) => `readonly ${quote(a.name)}: Float64Array`).join("; ")} }` : "";
  const shape = (l: GroupFacts): string => (l.shape.length === 0 ? "a scalar" : `[${l.shape.join(", ")}], row-major`);
  const point = identifierOr(facts.input.name);
  return `/** Predictions at one point. */
export interface Prediction {
${labels.map((l) => `  /** ${shape(l)} */\n  ${quote(l.label)}: ${l.shape.length === 0 ? "number" : "Float64Array"};`).join("\n")}
}
/** Arrays for predictions: of one point, or of many one after another. */
export interface Predictions {
${labels.map((l) => `  ${quote(l.label)}: Float64Array;`).join("\n")}
}
/** What this model is: names, shapes, units, hyperparameters, errors, provenance. */
export declare const meta: {
  readonly name: string;
  readonly specHash: string;
  readonly compiler: string;
  readonly bytes: number;
  readonly [key: string]: unknown;
};
${beside ? "/** Reads the weights: from a URL (by default the file beside this module), or bytes. Once, before the first prediction. */\nexport declare function load(source?: URL | string | Uint8Array | ArrayBuffer): Promise<void>;\n" : ""}/** Does the work per model now, that the first prediction would do. */
export declare function prepare(): void;
/** Predicts at one point of ${sizeOf(facts.input.shape)} numbers: a number for a scalar, a Float64Array for a tensor. Throws RangeError for a wrong length, TypeError for a number that isn't finite. */
export declare function predict(${point}: Float64Array${args}): Prediction;
/** The same into arrays that the caller keeps; nothing is allocated. */
export declare function predictInto(${point}: Float64Array, out: Predictions${args}): Predictions;
/** Predicts at \`count\` points, flat one after another. */
export declare function predictBatch(points: Float64Array, count: number${args}): Predictions;
`;
}
