/**
 * From syntax to a model. In: a source, a way to read imports, numbers for sizes. Out: the model, every diagnostic
 * there
 * is, and the typed tree of the text.
 * Declarations are checked one by one, in the order of the file; types are found on demand, so order does not matter.
 */
import type { Declaration } from "../../source/ast.ts";
import type { Diagnostic } from "../../source/diagnostic.ts";
import { Report } from "../../source/report.ts";
import { positionOf, type Source } from "../../source/span.ts";
import type { Model, ModelConstant, ModelInput, ModelLatent, ModelParameter } from "../model.ts";
import { findCycles } from "../names/cycles.ts";
import { collectLabels } from "../names/labels.ts";
import { openFile, openStandard, type FileScope, type Resolve } from "../names/scope.ts";
import type { TypedText } from "../queries.ts";
import { sizeOf } from "../types/size.ts";
import { tensor } from "../types/type.ts";
import { fault, type Checking, type Context, type Sees } from "./context.ts";
import { checkLatent, checkObservation, checkOffset, checkQuantity, checkSignature } from "./declarations.ts";
import { declaredValue } from "./declared_value.ts";
import { infer } from "./infer.ts";
import { checkUncalled } from "./instantiate.ts";

export interface CheckOptions {
  /** The text of an imported file, given the path as written and the name of the importing file. */
  readonly resolve?: Resolve;
  /** Numbers for dims and whole constants; whatever else is bound is for `lower`. */
  readonly bind?: Readonly<Record<string, unknown>>;
}

export interface Checked {
  /** Absent if there was an error, and for a library. */
  readonly model?: Model;
  readonly diagnostics: readonly Diagnostic[];
  /** Types and definitions by place, as far as they are known; absent if the text doesn't parse. */
  readonly tree?: TypedText;
}

/**
 * Checks a file, and what it imports as far as it is used. Sizes need not be bound: they are symbols then, and what
 * only
 * numbers decide is left to `lower`. Never throws for what stands in the text.
 */
export function check(source: Source, options: CheckOptions = {}): Checked {
  const report = new Report();
  const opened = openFile(source, report, options.resolve ?? ((): undefined => undefined));
  if (!opened) return { diagnostics: report.diagnostics() };
  const { file, libraries } = opened,
    checking = begin(file, report, integersOf(options.bind ?? {}));
  findCycles(file, report, checking.cyclic);
  const model = checkDeclarations(file, libraries, checking);
  const diagnostics = report.diagnostics(),
    tree = { source: file.source, roots: checking.roots, binders: checking.binders };
  return report.failed || !model ? { diagnostics, tree } : { model, diagnostics, tree };
}

/** Whether checking makes the same of two sets of bindings: it reads whole numbers alone. */
export function bindsAlike(
  a: Readonly<Record<string, unknown>> = {},
  b: Readonly<Record<string, unknown>> = {},
): boolean {
  const [x, y] = [integersOf(a), integersOf(b)];
  return x.size === y.size && [...x].every(([name, n]) => y.get(name) === n);
}

/** The numbers among what is bound that checking reads. */
const integersOf = (bind: Readonly<Record<string, unknown>>): Map<string, number> =>
  new Map(
    Object.entries(bind).filter(
      (pair): pair is [string, number] => typeof pair[1] === "number" && Number.isInteger(pair[1]),
    ),
  );

const begin = (file: FileScope, report: Report, bound: ReadonlyMap<string, number>): Checking => ({
  infer,
  report,
  file,
  standard: openStandard(report),
  bound,
  values: new Map(),
  instances: new Map(),
  called: new Set(),
  roots: [],
  binders: [],
  cyclic: new Set(),
});

const everything: Sees = { place: "this function", input: true, latents: true, parameters: true };

type Of<K extends Declaration["kind"]> = Extract<Declaration, { kind: K }>;
const declarationsOf = <K extends Declaration["kind"]>(file: FileScope, kind: K): Of<K>[] =>
  file.ast.declarations.filter((d): d is Of<K> => d.kind === kind);

function checkDeclarations(file: FileScope, libraries: Model["libraries"], checking: Checking): Model | undefined {
  const context: Context = { checking, file, locals: undefined, sees: everything, depth: 0, certain: true };
  refuseSecondInput(file, context);
  const point = pointType(file, context);
  if (point) checking.point = point;
  for (const declared of file.entries.values())
    if (declared.declaration.kind !== "fn" && declared.declaration.kind !== "kernel") declaredValue(declared, context);
  const said = checkStatements(file, context);
  checkFunctions(file, context);
  const name = file.ast.model;
  if (!name) return undefined;
  const input = inputOf(file, context);
  return {
    source: file.source,
    name: name.text,
    place: name.span,
    file,
    libraries,
    ...(input === undefined ? {} : { input }),
    dims: [...file.entries.values()].filter((d) => d.declaration.kind === "dim").map((d) => declaredValue(d, context)),
    constants: declarationsOf(file, "const").flatMap((d) => constantOf(d, context)),
    parameters: declarationsOf(file, "param").flatMap((d) => parameterOf(d, context)),
    ...said,
    predictions: declarationsOf(file, "predict").map((d) => d.name),
    values: checking.values,
  };
}

type Statements = Pick<Model, "latents" | "observations" | "offsets" | "quantities">;

/** Latents, observations, offsets and predictions, in the order of the file. */
function checkStatements(file: FileScope, context: Context): Statements {
  const labels = collectLabels(file, context.checking.report);
  const quantities = new Map<string, NonNullable<ReturnType<typeof checkQuantity>>>(),
    latents: ModelLatent[] = [],
    observations: Model["observations"][number][] = [],
    offsets: Model["offsets"][number][] = [];
  for (const declaration of file.ast.declarations) {
    if (declaration.kind === "latent") {
      const latent = checkLatent(declaration, context);
      if (latent) latents.push(latent);
    }
    if (declaration.kind !== "observe" && declaration.kind !== "offset" && declaration.kind !== "predict") continue;
    const { text } = declaration.name,
      label = labels.get(text);
    const known = quantities.get(text) ?? (label && checkQuantity(label, declaration.kind, context));
    if (known) quantities.set(known.label, known);
    if (declaration.kind === "observe") observations.push(checkObservation(declaration, known, context));
    if (declaration.kind === "offset") offsets.push(checkOffset(declaration, context));
  }
  return { latents, observations, offsets, quantities };
}

function refuseSecondInput(file: FileScope, context: Context): void {
  const inputs = file.ast.declarations.filter((d) => d.kind === "input" || d.kind === "coordinates");
  const [first, second] = inputs;
  if (!first || !second) return;
  const { line } = positionOf(first.span.source, first.span.start);
  fault(context, "ADK0214", second.span, { what: "input", line });
}

function pointType(file: FileScope, context: Context): Checking["point"] {
  for (const declared of file.entries.values()) {
    const { declaration } = declared;
    if (declaration.kind !== "input" && declaration.kind !== "coordinates") continue;
    const { type } = declaredValue(declared, context);
    if (type.kind !== "tensor") return undefined;
    return declaration.kind === "input" ? type : tensor("real", [sizeOf(declaration.names.length)]);
  }
  return undefined;
}

function inputOf(file: FileScope, context: Context): ModelInput | undefined {
  const [input] = [...declarationsOf(file, "input"), ...declarationsOf(file, "coordinates")];
  if (input?.kind !== "input") return input && { kind: "coordinates", names: input.names };
  const declared = file.entries.get(input.name.text),
    annotation = declared && declaredValue(declared, context).annotation;
  return annotation && { kind: "input", name: input.name, type: annotation };
}

function constantOf(declaration: Of<"const">, context: Context): ModelConstant[] {
  const { name, key, symmetry } = declaration,
    declared = context.file.entries.get(name.text);
  return declared
    ? [{ name, symmetry, value: declaredValue(declared, context), ...(key === undefined ? {} : { key }) }]
    : [];
}

function parameterOf(declaration: Of<"param">, context: Context): ModelParameter[] {
  const { name, key, fixed } = declaration,
    declared = context.file.entries.get(name.text);
  return declared
    ? [{ name, fixed, value: declaredValue(declared, context), ...(key === undefined ? {} : { key }) }]
    : [];
}

/** Functions that nothing called are checked by their signatures alone. */
function checkFunctions(file: FileScope, context: Context): void {
  for (const { declaration } of file.entries.values()) {
    if (declaration.kind !== "fn" && declaration.kind !== "kernel") continue;
    checkSignature(declaration, context);
    if (context.checking.called.has(declaration) || context.checking.cyclic.has(declaration)) continue;
    const sees =
      declaration.kind === "kernel"
        ? { ...everything, place: `the kernel \`${declaration.name.text}\``, input: false, latents: false }
        : everything;
    checkUncalled({ declaration, file }, { ...context, sees });
  }
}
