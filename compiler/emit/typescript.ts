/**
 * The `.ts` form of a generated module.
 * In: the `.js` and `.d.ts` texts that the core printed. Out: one strict TypeScript module that is the same program.
 * Exported functions take the types of their declarations, internal ones those of their JSDoc or of their use; the result
 * is type-checked, and proved the same program by erasing its types again and comparing tokens with the `.js`.
 */
import { Project, ts, type FunctionDeclaration, type JSDoc, type ParameterDeclaration, type SourceFile, type VariableDeclaration } from "ts-morph";
import { annotate, supportTypesOf } from "./annotations.ts";
import { inferParameters, inferVariables } from "./inference.ts";
import { cutLiterals, restoreLiterals } from "./literals.ts";
import { programDifference } from "./program.ts";

export interface PrintedModule { readonly js: string; readonly dts: string }

/** A module that doesn't type-check or changed its meaning: a mistake of ours, never of the user's. */
export class EmitError extends Error {
  override name = "EmitError";
}

function makeProject(): Project {
  return new Project({
    useInMemoryFileSystem: true,
    skipAddingFilesFromTsConfig: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
      strict: true,
      noImplicitOverride: true,
      noImplicitReturns: true,
      noFallthroughCasesInSwitch: true,
      exactOptionalPropertyTypes: true,
      verbatimModuleSyntax: true,
      isolatedModules: true,
      erasableSyntaxOnly: true,
      types: [],
    },
  });
}

/** The type that a JSDoc tag of the given name writes in braces, for `@param {T} name`, `@returns {T}`, `@type {T}`. */
function typeOfTag(docs: readonly JSDoc[], tagNames: readonly string[], name?: string): string | undefined {
  for (const tag of docs.flatMap((doc) => doc.getTags())) {
    if (!tagNames.includes(tag.getTagName())) continue;
    const node = tag.compilerNode as ts.JSDocParameterTag | ts.JSDocReturnTag | ts.JSDocTypeTag;
    const isOther = name !== undefined && ts.isJSDocParameterTag(node) && node.name.getText() !== name;
    if (isOther || node.typeExpression === undefined) continue;
    return node.typeExpression.getText().replace(/^\{|\}$/g, "").trim();
  }
  return undefined;
}

function typeParameter(parameter: ParameterDeclaration, declared: ParameterDeclaration | undefined, docs: readonly JSDoc[]): void {
  const type = declared?.getTypeNode()?.getText() ?? typeOfTag(docs, ["param"], parameter.getName());
  if (type !== undefined) parameter.setType(type);
  const mayBeLeftOut = declared?.hasQuestionToken() === true && !parameter.hasInitializer();
  if (mayBeLeftOut) parameter.setHasQuestionToken(true);
}

/** Types a function by its declaration where it is exported, by its JSDoc otherwise, and takes over the declaration's doc. */
function typeFunction(target: FunctionDeclaration, declared: FunctionDeclaration | undefined): void {
  const docs = target.getJsDocs();
  target.getParameters().forEach((parameter, index) => typeParameter(parameter, declared?.getParameters()[index], docs));
  const result = declared?.getReturnTypeNode()?.getText() ?? typeOfTag(docs, ["returns", "return"]);
  if (result !== undefined) target.setReturnType(result);
  if (docs.length === 0 && declared !== undefined) target.addJsDocs(declared.getJsDocs().map((doc) => doc.getStructure()));
}

function typeVariable(target: VariableDeclaration, declared: VariableDeclaration | undefined): void {
  const statement = target.getVariableStatement();
  const docs = statement?.getJsDocs() ?? [];
  const type = declared?.getTypeNode()?.getText() ?? typeOfTag(docs, ["type"]);
  if (type !== undefined) target.setType(type);
  if (docs.length === 0 && declared !== undefined) {
    statement?.addJsDocs((declared.getVariableStatement()?.getJsDocs() ?? []).map((doc) => doc.getStructure()));
  }
}

/** Arrow functions and nested functions have no declaration of their own: their JSDoc types them. */
function typeInnerFunctions(file: SourceFile): void {
  for (const inner of file.getDescendantsOfKind(ts.SyntaxKind.FunctionDeclaration)) {
    if (inner.getParent() !== file) typeFunction(inner, undefined);
  }
  for (const arrow of file.getDescendantsOfKind(ts.SyntaxKind.ArrowFunction)) {
    const docs = arrow.getFirstAncestorByKind(ts.SyntaxKind.VariableStatement)?.getJsDocs() ?? [];
    arrow.getParameters().forEach((parameter) => typeParameter(parameter, undefined, docs));
  }
}

/** Puts the interfaces and type aliases of the declarations, and the support types used, before the first statement. */
function addTypes(file: SourceFile, declarations: SourceFile): void {
  const declared = [...declarations.getInterfaces(), ...declarations.getTypeAliases()].sort((a, b) => a.getPos() - b.getPos());
  const texts = [...declared.map((type) => type.getText(true).replace(/^(export )?declare /m, "$1")), ...supportTypesOf(file.getFullText())];
  if (texts.length === 0) return;
  file.insertStatements(file.getStatements()[0]?.getChildIndex() ?? 0, `\n${texts.join("\n\n")}`);
}

function checkTypes(project: Project, file: SourceFile): void {
  const diagnostics = project.getProgram().getSemanticDiagnostics(file).concat(project.getProgram().getSyntacticDiagnostics(file));
  if (diagnostics.length === 0) return;
  const lines = diagnostics.slice(0, 10).map((d) => {
    const message = d.getMessageText();
    return `line ${d.getLineNumber() ?? 0}: ${typeof message === "string" ? message : message.getMessageText()}`;
  });
  throw new EmitError(`the emitted TypeScript doesn't type-check (${diagnostics.length} errors):\n${lines.join("\n")}`);
}

/**
 * The TypeScript text of a printed module. Throws EmitError where it doesn't type-check strictly, or where what
 * runs of it isn't the printed `.js` token by token.
 */
export function emitTypeScript(module: PrintedModule): string {
  const cut = cutLiterals(module.js);
  const project = makeProject();
  const declarations = project.createSourceFile("declarations.d.ts", module.dts);
  const file = project.createSourceFile("module.ts", annotate(cut.text));
  for (const target of file.getFunctions()) typeFunction(target, declarations.getFunction(target.getName() ?? ""));
  for (const target of file.getVariableDeclarations()) typeVariable(target, declarations.getVariableDeclaration(target.getName()));
  typeInnerFunctions(file);
  inferParameters(file);
  addTypes(file, declarations);
  inferVariables(file);
  checkTypes(project, file);
  const difference = programDifference(cut.text, file.getFullText());
  if (difference !== undefined) throw new EmitError(`the emitted TypeScript is another program than the JavaScript: ${difference}`);
  return restoreLiterals(file.getFullText(), cut.literals);
}
