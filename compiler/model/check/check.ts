/**
 * From syntax to a model. In: a source, a way to read imports, numbers for sizes. Out: the model, and every diagnostic
 * there is.
 * Declarations are checked one by one, in the order of the file; types are found on demand, so order does not matter.
 */
import type { Declaration } from "../../source/ast.ts";
import type { Diagnostic } from "../../source/diagnostic.ts";
import type { Source } from "../../source/span.ts";
import { checkUncalled, invoke } from "./infer_call.ts";
import { fault, type Checking, type Context, type Sees } from "./context.ts";
import { findCycles } from "../names/cycles.ts";
import { checkLatent, checkObservation, checkOffset, checkQuantity, checkSignature } from "./declarations.ts";
import { infer } from "./infer.ts";
import { collectLabels } from "../names/labels.ts";
import { declarationType } from "./infer_name.ts";
import type { Model, ModelQuantity } from "../model.ts";
import { Report } from "../../source/report.ts";
import { sizeOf } from "../types/size.ts";
import { openFile, openStandard, type FileScope, type Resolve } from "../names/scope.ts";

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
  const { file, libraries } = opened;
  const checking = begin(file, report, options.bind ?? {});
  findCycles(file, report, checking.cyclic);
  const quantities = checkDeclarations(file, checking),
    model = modelOf(file, libraries, checking, quantities);
  const diagnostics = report.diagnostics();
  return report.failed || !model ? { diagnostics } : { model, diagnostics };
}

function begin(file: FileScope, report: Report, bind: Readonly<Record<string, unknown>>): Checking {
  const bound = new Map(
    Object.entries(bind).filter(
      (pair): pair is [string, number] => typeof pair[1] === "number" && Number.isInteger(pair[1]),
    ),
  );
  return {
    infer,
    invoke,
    report,
    file,
    standard: openStandard(report),
    bound,
    types: new Map(),
    calls: new Map(),
    called: new Set(),
    cyclic: new Set(),
  };
}

const everything: Sees = { place: "this function", input: true, latents: true, parameters: true };

function checkDeclarations(file: FileScope, checking: Checking): ReadonlyMap<string, ModelQuantity> {
  const context: Context = { checking, file, locals: undefined, sees: everything, depth: 0, certain: true };
  refuseSecondInput(file, context);
  const point = pointType(file, context);
  if (point) checking.point = point;
  for (const entry of file.entries.values())
    if (entry.declaration.kind !== "fn" && entry.declaration.kind !== "kernel") declarationType(entry, context);
  const labels = collectLabels(file, checking.report),
    quantities = new Map<string, ModelQuantity>();
  for (const declaration of file.ast.declarations) {
    if (declaration.kind === "latent") checkLatent(declaration, context);
    if (declaration.kind !== "observe" && declaration.kind !== "offset" && declaration.kind !== "predict") continue;
    const label = labels.get(declaration.name.text);
    const known = quantities.get(declaration.name.text) ?? (label && checkQuantity(label, declaration.kind, context));
    if (known) quantities.set(known.label, known);
    if (declaration.kind === "observe") checkObservation(declaration, known, context);
    if (declaration.kind === "offset") checkOffset(declaration, context);
  }
  checkFunctions(file, context);
  return quantities;
}

function refuseSecondInput(file: FileScope, context: Context): void {
  const inputs = file.ast.declarations.filter((d) => d.kind === "input" || d.kind === "coordinates");
  const [first, second] = inputs;
  if (!first || !second) return;
  const line = first.span.source.text.slice(0, first.span.start).split("\n").length;
  fault(context, "ADK0214", second.span, { what: "input", line });
}

function pointType(file: FileScope, context: Context): Checking["point"] {
  for (const entry of file.entries.values()) {
    const { declaration } = entry;
    if (declaration.kind !== "input" && declaration.kind !== "coordinates") continue;
    const type = declarationType(entry, context);
    if (type.kind !== "tensor") return undefined;
    return declaration.kind === "input" ? type : vectorOf(declaration.names.length);
  }
  return undefined;
}

const vectorOf = (length: number): NonNullable<Checking["point"]> => ({
  kind: "tensor",
  base: "real",
  shape: [sizeOf(length)],
  degree: "known",
  orders: {},
  constant: false,
});

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
    checkUncalled({ kind: "declared", declaration, file }, { ...context, sees });
  }
}

function modelOf(
  file: FileScope,
  libraries: Model["libraries"],
  checking: Checking,
  quantities: Model["quantities"],
): Model | undefined {
  const { declarations, model } = file.ast;
  const of = <K extends Declaration["kind"]>(kind: K): Extract<Declaration, { kind: K }>[] =>
    declarations.filter((d): d is Extract<Declaration, { kind: K }> => d.kind === kind);
  const [input] = [...of("input"), ...of("coordinates")];
  if (!model) return undefined;
  return {
    source: file.source,
    name: model.text,
    file,
    libraries,
    standard: checking.standard,
    ...(input === undefined ? {} : { input }),
    dims: of("dim"),
    constants: of("const"),
    parameters: of("param"),
    latents: of("latent"),
    observations: of("observe"),
    offsets: of("offset"),
    predictions: of("predict"),
    quantities,
  };
}
