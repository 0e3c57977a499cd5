/**
 * Compares two programs.
 * In: TypeScript or JavaScript texts. Out: the tokens of the program that runs, and the place where two differ.
 * Types and comments are erased and one printer lays out both texts, so equal tokens mean the same program.
 */
import { ts } from "ts-morph";

/** The tokens of what runs of a module: types erased, comments dropped, layout normalised. */
export function programTokens(text: string): string[] {
  const erased = ts.transpileModule(text, {
    compilerOptions: {
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      removeComments: true,
      verbatimModuleSyntax: true,
      newLine: ts.NewLineKind.LineFeed,
    },
    fileName: "module.ts",
  }).outputText;
  const file = ts.createSourceFile("module.js", erased, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS);
  const tokens: string[] = [];
  const collect = (node: ts.Node): void => {
    const children = node.getChildren(file);
    if (children.length > 0) children.forEach(collect);
    else if (node.getText(file) !== "") tokens.push(node.getText(file));
  };
  collect(file);
  return tokens;
}

/** Undefined where both texts are the same program; else a sentence that shows where they part. */
export function programDifference(a: string, b: string): string | undefined {
  const [left, right] = [programTokens(a), programTokens(b)];
  const length = Math.max(left.length, right.length);
  for (let i = 0; i < length; i++) {
    if (left[i] === right[i]) continue;
    const show = (tokens: readonly string[]): string => tokens.slice(Math.max(0, i - 6), i + 4).join(" ");
    return `token ${i}: … ${show(left)} … against … ${show(right)} …`;
  }
  return undefined;
}
