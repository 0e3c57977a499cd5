/**
 * The `.ts` form of a generated module.
 * In: the `.js` and `.d.ts` texts that the core printed. Out: one strict TypeScript module that is the same program.
 * Exported functions take the types of their declarations, internal ones those of their JSDoc or of their use; the
 * result
 * is type-checked, and proved the same program by erasing its types again and comparing tokens with the `.js`.
 */
import { Project, ts } from "ts-morph";
import { annotate, supportTypesOf } from "./annotations.ts";
import { insert, type Insertion } from "./edits.ts";
import { inferParameters, inferVariables, nodesBelow } from "./inference.ts";
import { cutLiterals, restoreLiterals } from "./literals.ts";
import { programDifference } from "./program.ts";

export interface PrintedModule {
  readonly js: string;
  readonly dts: string;
}

/** A module that doesn't type-check or changed its meaning: a mistake of ours, never of the user's. */
export class EmitError extends Error {
  override name = "EmitError";
}

const parse = (name: string, text: string): ts.SourceFile =>
  ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS);

/** What the `.d.ts` declares, by name. */
interface Declared {
  readonly functions: ReadonlyMap<string, ts.FunctionDeclaration>;
  readonly variables: ReadonlyMap<string, ts.VariableDeclaration>;
  readonly types: readonly ts.Statement[];
}

function declaredBy(file: ts.SourceFile): Declared {
  const named = <T extends ts.Declaration & { readonly name?: ts.Node }>(nodes: readonly T[]): Map<string, T> =>
    new Map(nodes.map((node) => [node.name?.getText() ?? "", node]));
  return {
    functions: named(file.statements.filter(ts.isFunctionDeclaration)),
    variables: named(
      file.statements
        .filter(ts.isVariableStatement)
        .flatMap((statement) => [...statement.declarationList.declarations]),
    ),
    types: file.statements.filter(
      (statement) => ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement),
    ),
  };
}

const docsOf = (node: ts.Node): readonly ts.Node[] => ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);

/** The declaration's documentation, where the module's own has none. */
function documentation(target: ts.Node, declared: ts.Node | undefined): Insertion[] {
  if (declared === undefined || docsOf(target).length > 0) return [];
  return docsOf(declared).map((doc) => ({ at: target.getStart(), text: `${doc.getText()}\n` }));
}

/** Types of parameters that the `.d.ts` or JSDoc states. */
function statedParameters(file: ts.SourceFile, declared: Declared): Map<ts.ParameterDeclaration, string> {
  const types = new Map<ts.ParameterDeclaration, string>();
  for (const node of nodesBelow(file).filter(ts.isParameter)) {
    const owner = node.parent;
    const declaration =
      ts.isFunctionDeclaration(owner) && owner.parent === file
        ? declared.functions.get(owner.name?.text ?? "")
        : undefined;
    const type =
      declaration?.parameters[owner.parameters.indexOf(node)]?.type?.getText() ?? ts.getJSDocType(node)?.getText();
    if (type !== undefined && node.type === undefined) types.set(node, type);
  }
  return types;
}

function parameterInsertions(file: ts.SourceFile, declared: Declared): Insertion[] {
  const isOptional = (node: ts.ParameterDeclaration): boolean => {
    const { parent } = node;
    const declaration = ts.isFunctionDeclaration(parent) ? declared.functions.get(parent.name?.text ?? "") : undefined;
    return (
      parent.parent === file &&
      declaration?.parameters[parent.parameters.indexOf(node)]?.questionToken !== undefined &&
      node.initializer === undefined
    );
  };
  return [...inferParameters(file, statedParameters(file, declared))].map(([node, type]) => ({
    at: node.name.getEnd(),
    text: `${isOptional(node) ? "?" : ""}: ${type}`,
  }));
}

/** Result types of functions: those of the `.d.ts`, those of JSDoc. */
function resultInsertions(file: ts.SourceFile, declared: Declared): Insertion[] {
  return nodesBelow(file)
    .filter(ts.isFunctionDeclaration)
    .flatMap((node) => {
      const declaration = node.parent === file ? declared.functions.get(node.name?.text ?? "") : undefined;
      const type = declaration?.type?.getText() ?? ts.getJSDocReturnType(node)?.getText();
      const close = node.getChildren().find((child) => child.kind === ts.SyntaxKind.CloseParenToken);
      const typed =
        type === undefined || node.type !== undefined || close === undefined
          ? []
          : [{ at: close.getEnd(), text: `: ${type}` }];
      return [...documentation(node, declaration), ...typed];
    });
}

function variableInsertions(file: ts.SourceFile, declared: Declared): Insertion[] {
  const inferred = inferVariables(file);
  return nodesBelow(file)
    .filter(ts.isVariableDeclaration)
    .flatMap((node) => {
      const statement = ts.findAncestor(node, ts.isVariableStatement);
      const declaration = statement?.parent === file ? declared.variables.get(node.name.getText()) : undefined;
      const type = declaration?.type?.getText() ?? ts.getJSDocType(node)?.getText() ?? inferred.get(node);
      const typed =
        type === undefined || node.type !== undefined ? [] : [{ at: node.name.getEnd(), text: `: ${type}` }];
      const source = declaration === undefined ? undefined : ts.findAncestor(declaration, ts.isVariableStatement);
      return [...(statement === undefined ? [] : documentation(statement, source)), ...typed];
    });
}

/**
 * The interfaces and type aliases of the declarations, and the support types that the text uses, for the module's head.
 */
function typesText(declared: Declared, typed: string): string {
  const own = declared.types.map((type) =>
    [...docsOf(type).map((doc) => doc.getText()), type.getText().replace(/^(export )?declare /, "$1")].join("\n"),
  );
  return [...own, ...supportTypesOf(typed)].map((text) => `${text}\n\n`).join("");
}

/** The place after the comments at the module's head, which speak of the whole of it. */
function afterHeader(text: string): number {
  const head = /^(?:\/\/[^\n]*\n)*\n?/.exec(text);
  return head?.[0].length ?? 0;
}

function checkTypes(text: string): void {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipAddingFilesFromTsConfig: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
      types: [],
      strict: true,
      noImplicitOverride: true,
      noImplicitReturns: true,
      noFallthroughCasesInSwitch: true,
      exactOptionalPropertyTypes: true,
      verbatimModuleSyntax: true,
      isolatedModules: true,
      erasableSyntaxOnly: true,
      skipLibCheck: true,
      skipDefaultLibCheck: true,
    },
  });
  const file = project.createSourceFile("module.ts", text);
  const program = project.getProgram();
  const diagnostics = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  if (diagnostics.length === 0) return;
  const lines = diagnostics
    .slice(0, 10)
    .map(
      (diagnostic) =>
        `line ${diagnostic.getLineNumber() ?? 0}: ${ts.flattenDiagnosticMessageText(diagnostic.compilerObject.messageText, " ")}`,
    );
  throw new EmitError(`the emitted TypeScript doesn't type-check (${diagnostics.length} errors):\n${lines.join("\n")}`);
}

/**
 * The TypeScript text of a printed module. Throws EmitError where it doesn't type-check strictly, or where what
 * runs of it isn't the printed `.js` token by token.
 */
export function emitTypeScript(module: PrintedModule): string {
  const cut = cutLiterals(module.js);
  const declared = declaredBy(parse("declarations.d.ts", module.dts));
  const annotated = annotate(cut.text);
  const file = parse("module.ts", annotated);
  const typed = insert(annotated, [
    ...parameterInsertions(file, declared),
    ...resultInsertions(file, declared),
    ...variableInsertions(file, declared),
  ]);
  const text = insert(typed, [{ at: afterHeader(typed), text: typesText(declared, typed) }]);
  checkTypes(text);
  const difference = programDifference(cut.text, text);
  if (difference !== undefined)
    throw new EmitError(`the emitted TypeScript is another program than the JavaScript: ${difference}`);
  return restoreLiterals(text, cut);
}
