/**
 * The `.ts` form of a generated module, proved. In: the `.js` and `.ts` texts that the core printed. Out: the latter.
 * The printer states every type itself; here the text is type-checked strictly, and proved the same program by erasing
 * its types again and comparing tokens with the `.js`.
 */
import { Project, ts } from "ts-morph";
import { cutLiterals, restoreLiterals } from "./literals.ts";
import { programDifference } from "./program.ts";

/** A module in both forms. */
export interface TypedModule {
  readonly js: string;
  readonly ts?: string;
}

/** A module that doesn't type-check or changed its meaning: a mistake of ours, never of the user's. */
export class EmitError extends Error {
  override name = "EmitError";
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
 * The TypeScript text of a printed module. Throws EmitError where it has none, where that doesn't type-check strictly,
 * or where what runs of it isn't the printed `.js` token by token.
 */
export function emitTypeScript(module: TypedModule): string {
  if (module.ts === undefined) throw new EmitError("the module was printed without types");
  const [untyped, typed] = [cutLiterals(module.js), cutLiterals(module.ts)];
  checkTypes(typed.text);
  const difference = programDifference(untyped.text, typed.text);
  if (difference !== undefined)
    throw new EmitError(`the emitted TypeScript is another program than the JavaScript: ${difference}`);
  const other = typed.literals.findIndex((literal, n) => literal !== untyped.literals[n]);
  if (other >= 0)
    throw new EmitError(`the literal ${other} of the emitted TypeScript is another than the JavaScript's`);
  return restoreLiterals(typed.text, typed);
}
