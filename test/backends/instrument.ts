/**
 * Printed kernels that count. In: the text of a kernel. Out: the same program, each floating-point operation counted as
 * it is executed: + − * / and updates outside indices, loop heads, lengths and arguments of fill; calls of Math and
 * helpers.
 * The text is parsed by TypeScript's own parser: nothing here knows how the text came about.
 */
import ts from "typescript";

const ARITHMETIC = new Set([
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.AsteriskToken,
  ts.SyntaxKind.SlashToken,
  ts.SyntaxKind.PlusEqualsToken,
  ts.SyntaxKind.MinusEqualsToken,
]);
const COUNTED = "counted";

/** A definition of an offset before a loop: index arithmetic. */
const isOffset = (node: ts.Node): boolean =>
  ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && /^at\d*$/.test(node.name.text);

function counting(context: ts.TransformationContext): (file: ts.SourceFile) => ts.SourceFile {
  const { factory } = context;
  const wrap = (e: ts.Expression): ts.Expression =>
    factory.createCallExpression(factory.createIdentifier(COUNTED), undefined, [e]);
  const inside = (node: ts.Node): ts.Node => {
    if (ts.isForStatement(node))
      return factory.updateForStatement(
        node,
        node.initializer,
        node.condition,
        node.incrementor,
        ts.visitNode(node.statement, inside) as ts.Statement,
      );
    if (ts.isNewExpression(node) || isOffset(node)) return node;
    if (ts.isElementAccessExpression(node))
      return factory.updateElementAccessExpression(
        node,
        ts.visitNode(node.expression, inside) as ts.Expression,
        node.argumentExpression,
      );
    if (ts.isCallExpression(node)) {
      if (ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === "fill") return node;
      const args = node.arguments.map((a) => ts.visitNode(a, inside) as ts.Expression);
      if (ts.isIdentifier(node.expression) && node.expression.text === "gemm")
        return factory.createCallExpression(factory.createIdentifier("countedGemm"), undefined, node.arguments);
      return wrap(factory.updateCallExpression(node, node.expression, undefined, args));
    }
    if (ts.isBinaryExpression(node) && ARITHMETIC.has(node.operatorToken.kind))
      return wrap(ts.visitEachChild(node, inside, context));
    return ts.visitEachChild(node, inside, context);
  };
  const outside = (node: ts.Node): ts.Node =>
    ts.isFunctionDeclaration(node) && (node.name?.text === "evaluate" || node.name?.text === "prepare")
      ? ts.visitEachChild(node, inside, context)
      : ts.visitEachChild(node, outside, context);
  return (file) => ts.visitNode(file, outside) as ts.SourceFile;
}

/**
 * The program `text; return result;` as a function body, and its count. Throws an Error where the text isn't
 * JavaScript.
 */
export function instrumented<T>(text: string, result: string): { value: T; count(): number } {
  const file = ts.createSourceFile("kernel.js", text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  const { transformed } = ts.transform(file, [counting]);
  const printed = ts.createPrinter().printFile(transformed[0]!);
  const gemm = printed.includes("countedGemm(")
    ? "const countedGemm = (rows, cols, inner, ...rest) => { count += 2 * rows * cols * inner; gemm(rows, cols, " +
      "inner, ...rest); };\n"
    : "";
  const made = new Function(
    `"use strict";\nlet count = 0;\nconst ${COUNTED} = (value) => { count++; return value; };\n` +
      `${gemm}${printed}\nreturn { value: ${result}, count: () => count };`,
  );
  return made() as { value: T; count(): number };
}
