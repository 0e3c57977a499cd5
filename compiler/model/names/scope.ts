/**
 * The names of files. In: a source and a way to find imported ones. Out: scopes, in which declarations are looked up.
 * A file sees its own declarations, then what it imports, then the standard library; a hidden name is no error,
 * the same name twice in one scope is.
 */
import type { Ast, CalculusOperator, Declaration, Name } from "../../source/ast.ts";
import { DiagnosticError } from "../../source/diagnostic.ts";
import { parse } from "../../source/parse.ts";
import { positionOf, type Source } from "../../source/span.ts";
import { sources } from "../../std/sources.generated.ts";
import type { Builtin } from "../builtins/builtin.ts";
import { builtins, standardOnly } from "../builtins/table.ts";
import { nearest } from "../../source/nearest.ts";
import type { DeclaredFunction } from "../types/type.ts";
import { isStandard, markStandard, type Report } from "../../source/report.ts";

/** One declared name: a dim of a `dim` list, a coordinate of the input, or the name of a declaration. */
export interface DeclaredName {
  readonly name: Name;
  readonly declaration: Declaration;
  readonly file: FileScope;
  readonly position: number;
}

export type Found =
  | { readonly kind: "declared"; readonly declared: DeclaredName }
  | { readonly kind: "builtin"; readonly builtin: Builtin };

export interface FileScope {
  readonly source: Source;
  readonly ast: Ast;
  readonly entries: Map<string, DeclaredName>;
  /** Names brought by `import`, resolved. */
  readonly imported: Map<string, DeclaredName>;
  /** Names whose import failed: that was reported, so they are unknown in silence. */
  readonly broken: Set<string>;
  readonly standard: readonly FileScope[];
}

export type Resolve = (path: string, from: string) => string | undefined;

interface Loading {
  readonly report: Report;
  readonly resolve: Resolve;
  readonly files: Map<string, FileScope | "loading">;
  readonly standard: readonly FileScope[];
}

/** The names that a declaration puts into its file's scope; labels are no such names. */
function namesOf(declaration: Declaration): readonly Name[] {
  switch (declaration.kind) {
    case "dim":
      return declaration.items.map((item) => item.name);
    case "coordinates":
      return declaration.names;
    case "const":
    case "input":
    case "param":
    case "fn":
    case "kernel":
    case "latent":
      return [declaration.name];
    case "import":
    case "observe":
    case "offset":
    case "predict":
      return [];
  }
}

const lineOf = (name: Name): number => positionOf(name.span.source, name.span.start).line;

function declare(file: FileScope, report: Report): void {
  for (const declaration of file.ast.declarations) {
    namesOf(declaration).forEach((name, position) => {
      const first = file.entries.get(name.text);
      if (first) report.add("ADK0202", name.span, { name: name.text, line: lineOf(first.name) });
      else file.entries.set(name.text, { name, declaration, file, position });
    });
  }
}

function bringImports(file: FileScope, loading: Loading, chain: readonly string[]): void {
  const firstImports = new Map<string, Name>();
  for (const declaration of file.ast.declarations) {
    if (declaration.kind !== "import") continue;
    const library = importedFile(declaration, file, loading, chain);
    for (const name of declaration.names) {
      const first = file.entries.get(name.text)?.name ?? firstImports.get(name.text);
      if (first) {
        loading.report.add("ADK0202", name.span, { name: name.text, line: lineOf(first) });
        continue;
      }
      firstImports.set(name.text, name);
      const entry = library?.entries.get(name.text);
      if (entry && !standardOnly.has(name.text)) {
        file.imported.set(name.text, entry);
        continue;
      }
      file.broken.add(name.text);
      if (!library) continue;
      const declared = [...library.entries.keys()].filter((n) => !standardOnly.has(n)),
        near = nearest(name.text, declared);
      loading.report.add("ADK0207", name.span, {
        name: name.text,
        path: declaration.path,
        declared,
        ...(near === undefined ? {} : { nearest: near }),
      });
    }
  }
}

function importedFile(
  declaration: Extract<Declaration, { kind: "import" }>,
  from: FileScope,
  loading: Loading,
  chain: readonly string[],
): FileScope | undefined {
  const { path, pathSpan } = declaration;
  const standard = /^std\/(.*?)(\.adk)?$/.exec(path)?.[1];
  if (standard !== undefined) {
    const open = loading.standard.find((f) => f.source.name === `std/${standard}.adk`);
    const found = Object.hasOwn(sources, standard) ? (open ?? standardFile(standard, loading.report)) : undefined;
    if (!found) loading.report.add("ADK0206", pathSpan, { path, standard: Object.keys(sources) });
    return found;
  }
  const text = loading.resolve(path, from.source.name);
  if (text === undefined) {
    loading.report.add("ADK0206", pathSpan, { path, standard: Object.keys(sources) });
    return undefined;
  }
  const name = joinPath(from.source.name, path),
    known = loading.files.get(name);
  if (known === "loading") {
    loading.report.add("ADK0209", pathSpan, { chain: [...chain, name] });
    return undefined;
  }
  const file = known ?? load({ name, text }, loading, chain);
  if (file?.ast.model === undefined) return file;
  loading.report.add("ADK0208", pathSpan, { path });
  return undefined;
}

/**
 * The path of an import, relative to the file that imports it; with `/` alone, so that names are the same everywhere.
 */
function joinPath(from: string, path: string): string {
  const parts = path.startsWith("/") ? [] : from.split("/").slice(0, -1);
  for (const part of path.split("/")) {
    if (part === "..") {
      if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
      else parts.push(part);
    } else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** Texts that were parsed last, with their trees: a fit checks one text several times, with other things bound. */
const MOST_KEPT = 16;
const kept = new Map<string, Parsed>();

interface Parsed {
  readonly source: Source;
  readonly ast: Ast;
}

/** Parses, once for each text; syntax errors go to the report. */
function parsed(source: Source, report: Report): Parsed | undefined {
  const key = JSON.stringify([source.name, source.text, isStandard(source)]),
    known = kept.get(key);
  if (known) return known;
  try {
    const made = { source, ast: parse(source) },
      [oldest] = kept.keys();
    if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    kept.set(key, made);
    return made;
  } catch (problem) {
    if (!(problem instanceof DiagnosticError)) throw problem;
    for (const d of problem.diagnostics) report.take(d);
    return undefined;
  }
}

function load(given: Source, loading: Loading, chain: readonly string[]): FileScope | undefined {
  loading.files.set(given.name, "loading");
  const text = parsed(given, loading.report);
  if (!text) {
    loading.files.delete(given.name);
    return undefined;
  }
  const { source, ast } = text;
  const file: FileScope = {
    source,
    ast,
    entries: new Map(),
    imported: new Map(),
    broken: new Set(),
    standard: loading.standard,
  };
  declare(file, loading.report);
  bringImports(file, loading, [...chain, source.name]);
  loading.files.set(source.name, file);
  return file;
}

function standardFile(name: string, report: Report): FileScope | undefined {
  const source: Source = { name: `std/${name}.adk`, text: sources[name] ?? "" };
  markStandard(source);
  return load(source, { report, resolve: () => undefined, files: new Map(), standard: openStandard(report) }, []);
}

const everywhere = ["kernels", "operators"] as const;
let opened: readonly FileScope[] | undefined;
/** The libraries that need no import. */
export function openStandard(report: Report): readonly FileScope[] {
  if (opened) return opened;
  const files: FileScope[] = [];
  for (const name of everywhere) {
    const source: Source = { name: `std/${name}.adk`, text: sources[name] ?? "" };
    markStandard(source);
    const file = load(source, { report, resolve: () => undefined, files: new Map(), standard: files }, []);
    if (file) files.push(file);
  }
  return (opened = files);
}

export interface Opened {
  readonly file: FileScope;
  /** Every imported text by its path, the standard library's apart. */
  readonly libraries: ReadonlyMap<string, string>;
}

/** The scope of a file and, through it, of all that it imports; undefined where it does not parse. */
export function openFile(source: Source, report: Report, resolve: Resolve): Opened | undefined {
  const files = new Map<string, FileScope | "loading">(),
    file = load(source, { report, resolve, files, standard: openStandard(report) }, []);
  const libraries = new Map(
    [...files.values()].flatMap((f) =>
      f === "loading" || f === file ? [] : [[f.source.name, f.source.text] as const],
    ),
  );
  return file && { file, libraries };
}

/** What a name means in a file, outside of any function. */
export function lookUp(file: FileScope, name: string): Found | undefined {
  const own = file.entries.get(name) ?? file.imported.get(name);
  if (own) return { kind: "declared", declared: own };
  const inside = isStandard(file.source);
  if (!inside && standardOnly.has(name)) return undefined;
  for (const library of file.standard) {
    const declared = library.entries.get(name);
    if (declared) return { kind: "declared", declared };
  }
  const builtin = builtins.get(name);
  return builtin && { kind: "builtin", builtin };
}

/** Every name that `lookUp` finds. */
export function knownNames(file: FileScope): string[] {
  const all = [
    ...file.entries.keys(),
    ...file.imported.keys(),
    ...file.standard.flatMap((f) => [...f.entries.keys()]),
    ...builtins.keys(),
  ];
  return all.filter((name) => isStandard(file.source) || !standardOnly.has(name));
}

/** The standard library's name for a sign of calculus. */
export const calculusNames: { readonly [K in CalculusOperator]: string } = {
  "∇": "grad",
  "∇²": "hess",
  Δ: "laplacian",
};

/** A function of the libraries that need no import. */
export function standardFunction(standard: readonly FileScope[], name: string): DeclaredFunction {
  for (const { entries } of standard) {
    const found = entries.get(name);
    if (found?.declaration.kind === "fn") return { declaration: found.declaration, file: found.file };
  }
  throw new Error(`the standard library lacks ${name}`);
}
