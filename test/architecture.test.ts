/**
 * Holds the table of docs/architecture.md: who may import whom, no cycles, a core that runs in a browser, small files.
 * In: the sources of the project. Out: for each rule, the list of its offenders, which must be empty.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { Project, SyntaxKind, type Node, type SourceFile } from "ts-morph";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");
const SOURCE_FOLDERS = ["compiler", "runtime", "cli"];
const FILE_LINES = 350;
const FUNCTION_LINES = 60;
const LINE_LENGTH = 120;

/** Files and functions that may be longer, with their own limit; a new one is added here on purpose or not at all. */
const LONG_FILES: Readonly<Record<string, number>> = {
  "compiler/ir/expr.ts": 520,
  "compiler/ir/node.ts": 400,
  "compiler/ir/ops.ts": 400,
  "runtime/executors/threads.ts": 360,
};
const LONG_FUNCTIONS: Readonly<Record<string, number>> = {
  "runtime/linalg/kernel.ts:update4": 75,
  "runtime/linalg/rank_program.ts:matrixFunctions": 70,
  "runtime/linalg/rank_program.ts:vectorFunctions": 70,
  "runtime/linalg/tile_program.ts:blockFunctions": 80,
};

/** Files whose lines are still too long: the list may only shrink. */
const LONG_LINES: readonly string[] = [
  "compiler/backends/kernel_text.ts",
  "compiler/backends/module_text.ts",
  "compiler/backends/predictor_text.ts",
  "compiler/backends/reserved.ts",
  "compiler/backends/typescript.ts",
  "compiler/emit/typescript.ts",
  "compiler/model/types/type.ts",
  "compiler/prediction.ts",
  "runtime/solvers/program.ts",
  "test/cli/interrupt.test.ts",
  "test/model/tree.test.ts",
  "test/names/iota.test.ts",
  "test/names/renaming.test.ts",
  "test/runtime/executors/share.test.ts",
];

const project = new Project({ skipAddingFilesFromTsConfig: true, compilerOptions: { allowJs: false } });
for (const folder of SOURCE_FOLDERS) project.addSourceFilesAtPaths(join(root, folder, "**/*.ts"));
const nameOf = (file: SourceFile): string => relative(root, file.getFilePath()).replaceAll("\\", "/");
const isGenerated = (name: string): boolean => /(^|[./-])generated([./-]|$)/.test(name);
const files = project.getSourceFiles().filter((file) => !file.getFilePath().endsWith(".d.ts"));

interface Import {
  readonly from: string;
  readonly specifier: string;
  readonly to: string;
  readonly isType: boolean;
  readonly isLazy: boolean;
}

/**
 * All imports of a file: static, re-exports, and `import("…")`; `to` is a path of the project or the bare specifier.
 */
function importsOf(file: SourceFile): Import[] {
  const from = nameOf(file);
  const target = (specifier: string): string =>
    specifier.startsWith(".")
      ? relative(root, join(dirname(file.getFilePath()), specifier)).replaceAll("\\", "/")
      : specifier;
  const fixed = [...file.getImportDeclarations(), ...file.getExportDeclarations()].flatMap((declaration) => {
    const specifier = declaration.getModuleSpecifierValue();
    if (specifier === undefined) return [];
    const named = declaration.isKind(SyntaxKind.ImportDeclaration)
      ? declaration.getNamedImports()
      : declaration.getNamedExports();
    const isType =
      declaration.isTypeOnly() ||
      (named.length > 0 &&
        named.every((name) => name.isTypeOnly()) &&
        !(declaration.isKind(SyntaxKind.ImportDeclaration) && declaration.getDefaultImport() !== undefined));
    return [{ from, specifier, to: target(specifier), isType, isLazy: false }];
  });
  const lazy = file
    .getDescendantsOfKind(SyntaxKind.CallExpression)
    .filter((call) => call.getExpression().isKind(SyntaxKind.ImportKeyword))
    .map((call) => call.getArguments()[0])
    .filter((argument): argument is Node => argument !== undefined)
    .map((argument) => argument.getText().slice(1, -1))
    .map((specifier) => ({ from, specifier, to: target(specifier), isType: false, isLazy: true }));
  return [...fixed, ...lazy];
}

const imports = files.flatMap(importsOf);

/**
 * The part of the architecture that a path belongs to: `compiler/ir`, `compiler` for its driver and index, `runtime`,
 * `cli`.
 */
function partOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  if (first !== "compiler") return SOURCE_FOLDERS.includes(first) ? first : path;
  return second.endsWith(".ts") ? "compiler" : `compiler/${second}`;
}

const COMPILER_PARTS = ["source", "model", "ir", "ad", "opt", "loops", "backends", "std"].map(
  (name) => `compiler/${name}`,
);

/**
 * The table of docs/architecture.md. `types:` marks what may be imported as types alone; a file's name, that file
 * alone.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "compiler/source": [],
  "compiler/ir": [],
  "compiler/std": [],
  "compiler/model": ["compiler/source", "compiler/ir", "compiler/ad", "compiler/std"],
  "compiler/ad": ["compiler/ir", "types:compiler/model"],
  "compiler/opt": ["compiler/ir"],
  "compiler/loops": ["compiler/ir", "compiler/opt"],
  "compiler/backends": ["compiler/loops", "compiler/ir", "types:runtime"],
  "compiler/emit": ["ts-morph"],
  compiler: [...COMPILER_PARTS, "types:runtime", "runtime/kernel.ts", "runtime/sha256.ts"],
  runtime: ["node:*", "fflate", "@noble/hashes"],
  cli: ["compiler", ...COMPILER_PARTS, "compiler/emit", "runtime", "node:*", "yargs", "cli-progress"],
};

function isAllowed(entry: Import): boolean {
  const part = partOf(entry.from);
  const target = partOf(entry.to);
  if (target === part) return true;
  const allowed = MAY_IMPORT[part] ?? [];
  return (
    allowed.includes(target) ||
    allowed.includes(entry.to) ||
    allowed.some((library) => entry.specifier.startsWith(`${library}/`)) ||
    (entry.isType && allowed.includes(`types:${target}`)) ||
    (allowed.includes("node:*") && target.startsWith("node:"))
  );
}

/** Everything that running `entry` loads, following imports of values, lazy ones too. */
function reachable(entry: string): Set<string> {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    imports.filter((i) => i.from === name && !i.isType).forEach((i) => visit(i.to));
  };
  visit(entry);
  return seen;
}

/** A cycle among the files' imports, or undefined. Within one folder two files may know each other's types. */
function findCycle(): string[] | undefined {
  const state = new Map<string, "open" | "done">();
  const path: string[] = [];
  const visit = (name: string): string[] | undefined => {
    if (state.get(name) === "done") return undefined;
    if (state.get(name) === "open") return [...path.slice(path.indexOf(name)), name];
    state.set(name, "open");
    path.push(name);
    for (const entry of imports.filter((i) => i.from === name && !(i.isType && partOf(i.from) === partOf(i.to)))) {
      const cycle = visit(entry.to);
      if (cycle !== undefined) return cycle;
    }
    path.pop();
    state.set(name, "done");
    return undefined;
  };
  for (const file of files) {
    const cycle = visit(nameOf(file));
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

describe("imports", () => {
  it("follow the table of docs/architecture.md", () => {
    const offenders = imports
      .filter((entry) => !isAllowed(entry))
      .map((entry) => `${entry.from} imports ${entry.specifier}`);
    expect(offenders).toEqual([]);
  });

  it("resolve to files that exist", () => {
    const missing = imports
      .filter((i) => i.specifier.startsWith(".") && !existsSync(join(root, i.to)))
      .map((i) => `${i.from}: ${i.specifier}`);
    expect(missing).toEqual([]);
  });

  it("have no cycle", () => {
    expect(findCycle()).toBeUndefined();
  });

  it("of Node's modules are written node:…", () => {
    expect(imports.filter((i) => builtinModules.includes(i.specifier)).map((i) => `${i.from}: ${i.specifier}`)).toEqual(
      [],
    );
  });

  it.each(["node:", "ts-morph", "binaryen", "fflate", "compiler/emit", "runtime/"])(
    "reach no %s from the compiler's core",
    (prefix) => {
      expect(
        [...reachable("compiler/index.ts")].filter(
          (name) => name.startsWith(prefix) && !["runtime/kernel.ts", "runtime/sha256.ts"].includes(name),
        ),
      ).toEqual([]);
    },
  );

  it("of the runtime reach nothing of the compiler, and nothing reaches the command line", () => {
    expect([...reachable("runtime/index.ts")].filter((name) => name.startsWith("compiler/"))).toEqual([]);
    expect(imports.filter((i) => partOf(i.to) === "cli" && partOf(i.from) !== "cli").map((i) => i.from)).toEqual([]);
  });

  it("name a backend only in the driver", () => {
    const isBackend = (path: string): boolean => partOf(path) === "compiler/backends" && !/\/backend\.ts$/.test(path);
    const offenders = imports.filter(
      (i) => isBackend(i.to) && !i.isType && partOf(i.from) !== "compiler/backends" && partOf(i.from) !== "compiler",
    );
    expect(offenders.map((i) => `${i.from}: ${i.specifier}`)).toEqual([]);
  });
});

describe("files", () => {
  const texts = files
    .map((file) => ({ name: nameOf(file), text: file.getFullText() }))
    .filter(({ name }) => !isGenerated(name));

  const lines = (text: string): number => text.replace(/\n$/, "").split("\n").length;

  it(`have at most ${FILE_LINES} lines`, () => {
    expect(
      texts
        .filter(({ name, text }) => lines(text) > (LONG_FILES[name] ?? FILE_LINES))
        .map(({ name, text }) => `${name}: ${lines(text)}`),
    ).toEqual([]);
  });

  it("on the list of long ones are still long", () => {
    expect(
      Object.keys(LONG_FILES).filter(
        (long) => !texts.some(({ name, text }) => name === long && lines(text) > FILE_LINES),
      ),
    ).toEqual([]);
  });

  it("open with what they are", () => {
    expect(texts.filter(({ text }) => !/^(#!.*\n)?(\/\*\*|\/\/)/.test(text)).map(({ name }) => name)).toEqual([]);
  });

  it("leave nothing half done", () => {
    const marks = new RegExp(["TO" + "DO", "FIX" + "ME", "@ts-" + "ignore", "@ts-" + "expect-error"].join("|"));
    expect(texts.filter(({ text }) => marks.test(text)).map(({ name }) => name)).toEqual([]);
  });

  it("use no any", () => {
    const offenders = files.filter((file) => file.getDescendantsOfKind(SyntaxKind.AnyKeyword).length > 0).map(nameOf);
    expect(offenders).toEqual([]);
  });

  it("print neither times nor random numbers into what is generated", () => {
    const offenders = texts.filter(
      ({ name, text }) => name.startsWith("compiler/") && /Math\.random|Date\.now|new Date|performance\.now/.test(text),
    );
    expect(offenders.map(({ name }) => name)).toEqual([]);
  });
});

describe("functions", () => {
  const kinds = [
    SyntaxKind.FunctionDeclaration,
    SyntaxKind.MethodDeclaration,
    SyntaxKind.ArrowFunction,
    SyntaxKind.FunctionExpression,
    SyntaxKind.Constructor,
  ] as const;
  const all = files
    .filter((file) => !isGenerated(nameOf(file)))
    .flatMap((file) => kinds.flatMap((kind) => file.getDescendantsOfKind(kind)));
  const nameOfFunction = (node: (typeof all)[number]): string => {
    const own =
      node.isKind(SyntaxKind.ArrowFunction) || node.isKind(SyntaxKind.Constructor) ? undefined : node.getName();
    const variable = node.getFirstAncestorByKind(SyntaxKind.VariableDeclaration)?.getName();
    return `${nameOf(node.getSourceFile())}:${own ?? variable ?? "anonymous"}`;
  };
  const lengthOf = (node: (typeof all)[number]): number => node.getEndLineNumber() - node.getStartLineNumber() + 1;

  it(`have at most ${FUNCTION_LINES} lines`, () => {
    const offenders = all.filter((node) => lengthOf(node) > (LONG_FUNCTIONS[nameOfFunction(node)] ?? FUNCTION_LINES));
    expect([...new Set(offenders.map((node) => `${nameOfFunction(node)}: ${lengthOf(node)}`))]).toEqual([]);
  });

  it("on the list of long ones are still long", () => {
    const long = new Set(all.filter((node) => lengthOf(node) > FUNCTION_LINES).map(nameOfFunction));
    expect(Object.keys(LONG_FUNCTIONS).filter((name) => !long.has(name))).toEqual([]);
  });
});

const skipped = new Set(["node_modules", "dist", ".git", "out", "coverage"]);

/** All texts of the project below `folder`, whoever wrote them. */
function textsBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : textsBelow(path);
    const isText = /\.(ts|mts|mjs|js|md|adk|peggy|json)$/.test(entry.name);
    return isText && entry.name !== "package-lock.json" ? [path] : [];
  });
}

describe("lines", () => {
  /** A run without spaces (an address, a table of numbers) can't be broken. */
  const isLong = (line: string): boolean =>
    [...line].length > LINE_LENGTH && !line.split(" ").some((word) => [...word].length > 0.75 * LINE_LENGTH);
  const long = textsBelow(root)
    .filter((path) => /\.m?[tj]s$/.test(path) && !isGenerated(path) && !/[/\\]golden[/\\]/.test(path))
    .map((path) => ({
      name: relative(root, path).replaceAll("\\", "/"),
      lines: readFileSync(path, "utf8").split("\n"),
    }))
    .flatMap(({ name, lines }) => lines.flatMap((line, n) => (isLong(line) ? [{ name, number: n + 1 }] : [])));

  it(`have at most ${LINE_LENGTH} characters`, () => {
    const offenders = long.filter(({ name }) => !LONG_LINES.includes(name));
    expect(offenders.map(({ name, number }) => `${name}:${number}`)).toEqual([]);
  });

  it("on the list of long ones are still long", () => {
    expect(LONG_LINES.filter((file) => !long.some(({ name }) => name === file))).toEqual([]);
  });
});

describe("the project speaks of itself alone", () => {
  it("without paths of the machine that it was written on", () => {
    const foreign = new RegExp("/" + "work/|/" + "tmp/|\\.\\./shared");
    const offenders = textsBelow(root)
      .filter((path) => foreign.test(readFileSync(path, "utf8")))
      .map((path) => relative(root, path));
    expect(offenders).toEqual([]);
  });
});
