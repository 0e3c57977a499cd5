/**
 * The compiler as a list of stages. In: the text of a specification, and what binds its sizes and constants. Out: a
 * compiled model, whose kernels go through the stages of kernels.ts when they are first asked for.
 *
 *   Source -parse-> Ast -check-> Model -lower-> Expr -operate-> Expr -optimise, stage-> Staged -schedule-> Loop
 *   -print-> module
 */
import { sha256 } from "../runtime/sha256.ts";
import { typescriptBackend } from "./backends/typescript.ts";
import { Compiled } from "./compiled.ts";
import { KernelBuilder } from "./kernels.ts";
import { bindsAlike, check } from "./model/check/check.ts";
import type { Model } from "./model/model.ts";
import { lower, type Bindings } from "./model/lower/lower.ts";
import type { Lowered } from "./model/lower/lowered.ts";
import { checkSmoothness } from "./model/judge/smoothness.ts";
import { checkSymmetry } from "./model/judge/symmetry.ts";
import { checkVacuous } from "./model/judge/vacuous.ts";
import { DiagnosticError, type Diagnostic } from "./source/diagnostic.ts";
import { VERSION } from "./version.ts";

export interface CompileOptions extends Bindings {
  /** The specification's file name, for diagnostics. */
  readonly name?: string;
  /** The text of an imported library, given the path as written and the importing file's name. */
  readonly resolve?: (path: string, from: string) => string | undefined;
  /** Texts of imported libraries by path, as a model file holds them; asked before `resolve`. */
  readonly libraries?: Readonly<Record<string, string>>;
  /** Nominal numbers of points, for the choice of contraction orders: 10 and 1000 where left out. */
  readonly nominal?: { readonly test?: number; readonly training?: number };
  /** Receives warnings; errors are thrown. */
  readonly warn?: (warning: Diagnostic) => void;
}

/** What was given to be compiled has no `model`: it is a library, and holds what other files import. */
export class LibraryError extends Error {
  override name = "LibraryError";
  constructor(file: string) {
    super(
      `${file} is a library: it has functions, kernels and constants, and no model to compile. ` +
        "Import it from a specification that begins with `model NAME`, or look for its errors with `adk check`",
    );
  }
}

/**
 * Compiles a specification.
 * Throws DiagnosticError with every error found: in the text, in what binds its sizes, or of kernels (unless
 * `covariance` alone is wanted: `compileUnjudged`). Throws LibraryError for a file without a model.
 */
export function compile(text: string, options: CompileOptions = {}): Compiled {
  const compiled = compileUnjudged(text, options);
  report(
    [...checkSmoothness(compiled.lowered), ...checkSymmetry(compiled.lowered), ...checkVacuous(compiled.lowered)],
    options,
  );
  return compiled;
}

/** The same without judging kernels for the whole specification, as dense blocks of single pairs want it. */
export const compileUnjudged = (text: string, options: CompileOptions = {}): Compiled =>
  compileModel(checkedModel(text, options), options);

function checkedModel(text: string, options: CompileOptions): Model {
  const given = options.libraries ?? {};
  const resolve = (path: string, from: string): string | undefined =>
    Object.hasOwn(given, path) ? given[path] : options.resolve?.(path, from);
  const { model, diagnostics } = check(
    { name: options.name ?? "spec.adk", text },
    { resolve, bind: options.bind ?? {} },
  );
  report(diagnostics, options);
  if (!model) throw new LibraryError(options.name ?? "spec.adk");
  return model;
}

/** From the checked tree on; what is bound otherwise later starts from the same tree, unless it changes types. */
function compileModel(model: Model, options: CompileOptions): Compiled {
  const lowered = lower(model, options),
    { text } = model.source,
    libraries = Object.fromEntries(model.libraries);
  const origin = { source: text, libraries, hash: hashOf(text, libraries, lowered), version: VERSION };
  const rebind = (bind: CompileOptions["bind"]): Compiled => {
    const other = { ...options, bind: { ...options.bind, ...bind }, warn: () => {} };
    return compileModel(bindsAlike(options.bind, other.bind) ? model : checkedModel(text, other), other);
  };
  const backend = typescriptBackend,
    kernels = new KernelBuilder(lowered, options.nominal, backend.programs);
  return new Compiled(lowered, origin, kernels, backend, rebind);
}

function report(diagnostics: readonly Diagnostic[], options: CompileOptions): void {
  const errors = diagnostics.filter((d) => d.severity === "error");
  for (const d of diagnostics) if (d.severity === "warning") options.warn?.(d);
  if (errors.length > 0) throw new DiagnosticError(errors);
}

/** SHA-256 of the texts, the bound dims and constants. */
function hashOf(text: string, libraries: Readonly<Record<string, string>>, lowered: Lowered): string {
  const sorted = <T>(entries: Iterable<readonly [string, T]>): (readonly [string, T])[] =>
    [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  const bindings = sorted(lowered.bindings).map(([name, { shape, data }]) => [name, shape, [...data]]);
  return sha256(new TextEncoder().encode(JSON.stringify([text, sorted(Object.entries(libraries)), bindings])));
}
