/**
 * The trained model file, format 1.0. In: a model's state, or the bytes of a file. Out: the same, the other way round.
 * A safetensors container: numbers are tensors, texts are metadata; docs/model-file.md has the table of both. A
 * checksum
 * over all tensors and everything the compiled model can say about shapes is compared before anything is used.
 */
import type { CompiledModel, StagedTraining, Tensor, TrainingGroup } from "../compiled.ts";
import { ModelFileError } from "../errors.ts";
import type { ModelState } from "./model.ts";
import { resolveParameters } from "./parameters.ts";
import { sizeOf } from "../data/rows.ts";
import { compare, readSafetensors, writeSafetensors } from "../data/safetensors.ts";
import type { SafeTensor, SafeTensors, SafeType } from "../data/safetensors.ts";
import { beginSha256, hex } from "../sha256.ts";
import { emptyRecord } from "../records.ts";
import { areSamples, samplesByName, storedNames } from "./table_samples.ts";

export const FORMAT = "1.0";

/** What a compiler must take to compile a stored spec again. */
export interface CompileOptions {
  /** The model's name, for messages. */
  readonly name?: string;
  readonly bind?: Readonly<Record<string, Tensor>>;
  /** Hyperparameters by name, for those that the spec takes from a file of weights. */
  readonly parameters?: Readonly<Record<string, Tensor>>;
  /** Texts of imported libraries by path. */
  readonly libraries?: Readonly<Record<string, string>>;
}
export type Compile = (source: string, options: CompileOptions) => CompiledModel;

/** The file of a model; the same state gives the same bytes. */
export function modelBytes(state: ModelState): Uint8Array {
  const tensors = new Map<string, SafeTensor>();
  const put = (name: string, shape: readonly number[], data: ArrayLike<number>, dtype: SafeType = "F64"): void => {
    tensors.set(name, { dtype, shape, data: Float64Array.from(data) });
  };
  const { compiled, training } = state;
  for (const [name, { shape, data }] of Object.entries(compiled.bindings)) put(`bindings.${name}`, shape, data);
  for (const { name, shape } of compiled.parameters) put(`parameters.${name}`, shape, state.hyperparameters[name]!);
  for (const [latent, value] of Object.entries(state.offsets)) put(`offsets.${latent}`, [], [value]);
  for (const [label, { points, coefficients }] of Object.entries(training)) {
    const n = points.x.length / sizeOf(compiled.input.shape);
    put(`points.${label}`, [n, ...compiled.input.shape], points.x);
    for (const { name, shape } of compiled.groups[label]!.arguments)
      put(`arguments.${label}.${name}`, [n, ...shape], points.arguments![name]!);
    put(`coefficients.${label}`, [n, ...compiled.groups[label]!.shape], coefficients);
  }
  if (state.tables !== undefined) putTables(state, state.tables, put);
  for (const role of ["train", "validate"] as const) {
    const hashes = state.frameHashes[role];
    if (hashes.length > 0) put(`frames.${role}`, [hashes.length / 32, 32], hashes, "U8");
  }
  if (state.atoms !== undefined) put("atoms", [state.atoms.length], state.atoms, "I64");
  const metadata = new Map(
    Object.entries(metadataOf(state)).filter((item): item is [string, string] => item[1] !== undefined),
  );
  metadata.set("checksum", checksum(tensors));
  return writeSafetensors({ tensors, metadata });
}

/** What is staged, in place of points and coefficients. */
function putTables(
  { compiled }: ModelState,
  { counts, tables, coefficients }: StagedTraining,
  put: (name: string, shape: readonly number[], data: Float64Array) => void,
): void {
  for (const { name, dims } of compiled.staging!.layout(Object.keys(counts)).tables)
    put(`tables.${name}`, extents(dims, counts), tables[name]!);
  for (const [label, data] of Object.entries(coefficients))
    put(`coefficients.${label}`, [counts[label]!, ...compiled.groups[label]!.shape], data);
}

const extents = (dims: readonly (number | string)[], counts: Readonly<Record<string, number>>): number[] =>
  dims.map((d) => (typeof d === "number" ? d : counts[d]!));

function metadataOf(state: ModelState): Record<string, string | undefined> {
  const { compiled } = state;
  return {
    format: FORMAT,
    model: compiled.name,
    spec: compiled.source,
    libraries: stableJson(compiled.libraries),
    hash: compiled.hash,
    compiler: compiled.version,
    data_hash: state.dataHash,
    train: JSON.stringify(state.split.train),
    validate: JSON.stringify(state.split.validate),
    test: JSON.stringify(state.split.test),
    units: stableJson(state.units),
    errors: stableJson(state.errors),
    amplification: JSON.stringify(Object.values(state.amplifications).reduce((a, b) => Math.max(a, b), 1)),
    amplifications: stableJson(state.amplifications),
    solver: state.solver,
    residual: Number.isNaN(state.residual) ? undefined : JSON.stringify(state.residual),
    noise: state.noise === undefined ? undefined : stableJson(state.noise),
    staged: state.tables === undefined ? undefined : stableJson(state.tables.counts),
    tables:
      state.tables === undefined
        ? undefined
        : stableJson(samplesByName(compiled.staging!, Object.keys(state.tables.counts))),
  };
}

/** JSON whose keys are in one order. */
function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => compare(a, b)))
      : item,
  );
}

/**
 * SHA-256 over names, types, shapes and numbers of the tensors in the order of their names: the same however they lie
 * in the file.
 */
function checksum(tensors: ReadonlyMap<string, SafeTensor>): string {
  const hash = beginSha256();
  const text = new TextEncoder();
  for (const [name, { dtype, shape, data }] of [...tensors].sort(([a], [b]) => compare(a, b))) {
    const bytes = new Uint8Array(8 * data.length);
    const view = new DataView(bytes.buffer);
    data.forEach((value, i) => view.setFloat64(8 * i, value, true));
    hash.update(text.encode(`${JSON.stringify(name)} ${dtype} [${shape.join(",")}]\n`)).update(bytes);
  }
  return hex(hash.digest());
}

/** A file that was read and whose tensors are whole, but whose spec isn't compiled yet. */
export interface StoredModel extends SafeTensors {
  readonly file: string;
  readonly spec: string;
  readonly options: CompileOptions;
  readonly hash: string;
}

/**
 * Reads a model file. Throws DataError for a damaged container, ModelFileError for another format or a checksum that
 * doesn't hold.
 */
export function readModelFile(bytes: Uint8Array, file: string): StoredModel {
  const { tensors, metadata } = readSafetensors(bytes, file);
  const text = (key: string): string =>
    metadata.get(key) ??
    fail(file, `expected the metadata ${key} of a trained model, found none: is this a model file?`);
  const format = text("format");
  const major = /^(\d{1,6})\.\d{1,6}$/.exec(format)?.[1];
  if (major === undefined)
    fail(file, `expected a format such as ${FORMAT}, found ${JSON.stringify(format.slice(0, 40))}`);
  if (Number(major) !== 1)
    fail(
      file,
      `format ${format} is ${Number(major) > 1 ? "newer" : "older"} than this program, which reads 1.x: ` +
        "use another version of it",
    );
  if (text("checksum") !== checksum(tensors))
    fail(file, "the checksum of the tensors doesn't hold: the file is damaged, or was changed");
  const under = (prefix: string): Record<string, Tensor> =>
    Object.fromEntries(
      [...tensors]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, { shape, data }]) => [name.slice(prefix.length), { shape, data }]),
    );
  const libraries = parse(
    file,
    "libraries",
    text("libraries"),
    isRecordOf((value) => typeof value === "string"),
  ) as Record<string, string>;
  return {
    file,
    tensors,
    metadata,
    spec: text("spec"),
    hash: text("hash"),
    options: { name: text("model"), bind: under("bindings."), parameters: under("parameters."), libraries },
  };
}

/** The state of a stored model once its spec is compiled. Throws ModelFileError where the two disagree. */
export function restore(stored: StoredModel, compiled: CompiledModel): ModelState {
  const { file, metadata, tensors } = stored;
  if (compiled.hash !== stored.hash) {
    const found =
      `${compiled.hash} (${compiled.name}, compiler ${compiled.version}; ` +
      `the file's is ${metadata.get("compiler") ?? "unknown"})`;
    fail(file, `the model was made from another spec: expected one with hash ${stored.hash}, found ${found}`);
  }
  const json = (key: string, check: (value: unknown) => boolean): unknown =>
    parse(file, key, metadata.get(key) ?? fail(file, `expected the metadata ${key}, found none`), check);
  const isIndexes = (value: unknown): boolean =>
    Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
  const indexes = (key: string): number[] => json(key, isIndexes) as number[];
  const hashes = (role: string): Uint8Array => Uint8Array.from(tensors.get(`frames.${role}`)?.data ?? []);
  const isNumber = (value: unknown): boolean => typeof value === "number";
  const noise = metadata.has("noise")
    ? json("noise", (value) => isNumber(value) || isRecordOf(isNumber)(value))
    : undefined;
  const atoms = tensors.get("atoms")?.data;
  return {
    compiled,
    hyperparameters: resolveParameters(
      compiled,
      Object.fromEntries(
        compiled.parameters.map(({ name, shape }) => [name, tensorOf(stored, `parameters.${name}`, shape)]),
      ),
    ),
    offsets: Object.fromEntries(
      [...tensors.keys()]
        .filter((name) => name.startsWith("offsets."))
        .map((name) => [name.slice(8), tensorOf(stored, name, [])[0]!]),
    ),
    ...(metadata.has("staged")
      ? {
          training: {},
          tables: tablesOf(
            stored,
            compiled,
            json(
              "staged",
              isRecordOf((value) => Number.isSafeInteger(value) && (value as number) > 0),
            ) as Record<string, number>,
          ),
        }
      : { training: trainingOf(stored, compiled) }),
    ...(noise === undefined ? {} : { noise: noise as number | Record<string, number> }),
    units: json(
      "units",
      isRecordOf((value) => typeof value === "string"),
    ) as ModelState["units"],
    split: { train: indexes("train"), validate: indexes("validate"), test: indexes("test") },
    dataHash: metadata.get("data_hash") ?? "",
    frameHashes: { train: hashes("train"), validate: hashes("validate") },
    ...(atoms === undefined ? {} : { atoms }),
    errors: json("errors", isRecordOf(isRecordOf(isRecordOf(isNumber)))) as ModelState["errors"],
    amplifications: json("amplifications", isRecordOf(isNumber)) as Record<string, number>,
    solver: metadata.get("solver") ?? "",
    residual: metadata.has("staged") && !metadata.has("residual") ? NaN : (json("residual", isNumber) as number),
  };
}

function trainingOf(stored: StoredModel, compiled: CompiledModel): Record<string, TrainingGroup> {
  const training: Record<string, TrainingGroup> = emptyRecord();
  for (const { label, shape, arguments: wanted } of compiled.observations) {
    const n = stored.tensors.get(`points.${label}`)?.shape[0];
    if (n === undefined) continue;
    const x = tensorOf(stored, `points.${label}`, [n, ...compiled.input.shape]);
    const args = Object.fromEntries(
      wanted.map((item) => [item.name, tensorOf(stored, `arguments.${label}.${item.name}`, [n, ...item.shape])]),
    );
    training[label] = {
      points: { x, arguments: args },
      coefficients: tensorOf(stored, `coefficients.${label}`, [n, ...shape]),
    };
  }
  if (Object.keys(training).length === 0)
    fail(
      stored.file,
      `expected training points of ${compiled.observations.map((item) => item.label).join(" or ")}, found none`,
    );
  return training;
}

/**
 * The tables of a model without points. Throws ModelFileError where this compiler's stage is another one than the
 * file's.
 */
function tablesOf(stored: StoredModel, compiled: CompiledModel, counts: Record<string, number>): StagedTraining {
  const { file, metadata } = stored;
  const stranger = Object.keys(counts).find((label) => !compiled.observations.some((item) => item.label === label));
  if (stranger !== undefined || Object.keys(counts).length === 0)
    fail(file, `the metadata staged names ${JSON.stringify(stranger ?? "nothing")}: expected observations of the spec`);
  const staging =
    compiled.staging ?? fail(file, "the model is held as tables, which this compiled model can't predict from");
  const observed = Object.keys(counts),
    layout = staging.layout(observed),
    samples = metadata.get("tables");
  const names = storedNames(
    layout,
    staging,
    observed,
    samples === undefined
      ? undefined
      : (parse(file, "tables", samples, areSamples) as Parameters<typeof storedNames>[3]),
  );
  const missing = layout.tables.find((_, t) => names[t] === undefined || !stored.tensors.has(`tables.${names[t]}`));
  if (missing !== undefined || layout.points.length > 0) {
    fail(
      file,
      `expected the table ${missing?.name ?? "of all that predictions read"}, found none: ` +
        `compiler ${compiled.version} stages other tables than ${metadata.get("compiler") ?? "the file's"}; ` +
        "import the model again",
    );
  }
  return {
    counts,
    tables: Object.fromEntries(
      layout.tables.map(({ name, dims }, t) => [name, tensorOf(stored, `tables.${names[t]!}`, extents(dims, counts))]),
    ),
    coefficients: Object.fromEntries(
      layout.coefficients.map((label) => [
        label,
        tensorOf(stored, `coefficients.${label}`, [counts[label]!, ...compiled.groups[label]!.shape]),
      ]),
    ),
  };
}

/** A tensor of float64 with just this shape, all finite. */
function tensorOf({ file, tensors }: StoredModel, name: string, shape: readonly number[]): Float64Array {
  const tensor = tensors.get(name) ?? fail(file, `expected the tensor ${name}, found none`);
  const same =
    tensor.dtype === "F64" &&
    tensor.shape.length === shape.length &&
    tensor.shape.every((extent, axis) => extent === shape[axis]);
  if (!same)
    fail(file, `${name}: expected F64 [${shape.join(", ")}], found ${tensor.dtype} [${tensor.shape.join(", ")}]`);
  const bad = tensor.data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) fail(file, `${name}: expected finite numbers, found ${tensor.data[bad]} at ${bad}`);
  return tensor.data;
}

function parse(file: string, key: string, text: string, check: (value: unknown) => boolean): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    fail(file, `the metadata ${key} isn't JSON`);
  }
  return check(value) ? value : fail(file, `the metadata ${key} isn't of the form that the format says`);
}

function isRecordOf(check: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(check);
}

function fail(file: string, message: string): never {
  throw new ModelFileError(file, message);
}
