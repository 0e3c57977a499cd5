/**
 * Mutants of TypeScript sources. In: a file's text. Out: small changes to it, each of which a test should notice, and a
 * seeded sample of them. The kinds are those of Stryker's default set, so that scores can be compared. Texts for people
 * (messages of errors, `doc` fields) aren't changed: what they say is no matter of arithmetic.
 *
 * @typedef {{ file: string, start: number, end: number, line: number, kind: string, original: string,
 *   replacement: string }} Mutant
 */
import { createHash } from "node:crypto";
import ts from "typescript";

const K = ts.SyntaxKind;

/** Other operators for an operator. */
const OPERATORS = new Map([
  [K.PlusToken, ["arithmetic", "-"]],
  [K.MinusToken, ["arithmetic", "+"]],
  [K.AsteriskToken, ["arithmetic", "/"]],
  [K.SlashToken, ["arithmetic", "*"]],
  [K.PercentToken, ["arithmetic", "*"]],
  [K.AsteriskAsteriskToken, ["arithmetic", "*"]],
  [K.LessThanToken, ["equality", "<=", ">="]],
  [K.LessThanEqualsToken, ["equality", "<", ">"]],
  [K.GreaterThanToken, ["equality", ">=", "<="]],
  [K.GreaterThanEqualsToken, ["equality", ">", "<"]],
  [K.EqualsEqualsEqualsToken, ["equality", "!=="]],
  [K.ExclamationEqualsEqualsToken, ["equality", "==="]],
  [K.AmpersandAmpersandToken, ["logical", "||"]],
  [K.BarBarToken, ["logical", "&&"]],
  [K.QuestionQuestionToken, ["logical", "&&"]],
  [K.PlusEqualsToken, ["assignment", "-="]],
  [K.MinusEqualsToken, ["assignment", "+="]],
  [K.AsteriskEqualsToken, ["assignment", "/="]],
  [K.SlashEqualsToken, ["assignment", "*="]],
]);

/** Other methods for a method; "" drops the call. */
const METHODS = new Map([
  ["some", "every"],
  ["every", "some"],
  ["min", "max"],
  ["max", "min"],
  ["startsWith", "endsWith"],
  ["endsWith", "startsWith"],
  ["filter", ""],
  ["slice", ""],
  ["sort", ""],
  ["reverse", ""],
  ["toSorted", ""],
  ["toReversed", ""],
  ["trim", ""],
]);

const isText = (node) =>
  ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node);

/** Nodes below which nothing is changed: types, imports, and texts for people. */
function isExempt(node) {
  if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return true;
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isThrowStatement(node)) return true;
  return ts.isPropertyAssignment(node) && ["doc", "message", "hint"].includes(node.name.getText());
}

/** What a condition may be fixed to; a loop that never ends tells nothing. */
function conditionsOf(node) {
  if (ts.isIfStatement(node)) return [node.expression, ["true", "false"]];
  if (ts.isConditionalExpression(node)) return [node.condition, ["true", "false"]];
  if (ts.isWhileStatement(node) || ts.isDoStatement(node)) return [node.expression, ["false"]];
  if (ts.isForStatement(node) && node.condition) return [node.condition, ["false"]];
  return undefined;
}

function binary(node) {
  const [kind, ...others] = OPERATORS.get(node.operatorToken.kind) ?? [];
  if (kind === undefined || (kind === "arithmetic" && (isText(node.left) || isText(node.right)))) return [];
  return others.map((other) => [node.operatorToken, kind, other]);
}

function call(node) {
  if (!ts.isPropertyAccessExpression(node.expression)) return [];
  const { name, expression } = node.expression;
  const other = METHODS.get(name.text);
  if (other === undefined) return [];
  return other === "" ? [[node, "method", expression.getText()]] : [[name, "method", other]];
}

function unary(node) {
  const dropped = [K.MinusToken, K.ExclamationToken].includes(node.operator);
  if (dropped) return [[node, "unary", node.operand.getText()]];
  return [[node, "update", node.getText().replace(/^(\+\+|--)|(\+\+|--)$/, (s) => (s === "++" ? "--" : "++"))]];
}

/** The changes of one node: what to replace, the kind of change, and by what. */
function changes(node) {
  const condition = conditionsOf(node);
  if (condition !== undefined) return condition[1].map((value) => [condition[0], "condition", value]);
  if (ts.isBinaryExpression(node)) return binary(node);
  if (ts.isCallExpression(node)) return call(node);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return unary(node);
  if (node.kind === K.TrueKeyword) return [[node, "boolean", "false"]];
  if (node.kind === K.FalseKeyword) return [[node, "boolean", "true"]];
  if (ts.isBlock(node) && node.statements.length > 0) return [[node, "block", "{}"]];
  if (ts.isArrayLiteralExpression(node) && node.elements.length > 0) return [[node, "array", "[]"]];
  if (ts.isObjectLiteralExpression(node) && node.properties.length > 0) return [[node, "object", "{}"]];
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return [[node.body, "arrow", "undefined"]];
  if (isText(node) && node.getText().length > 2 && !ts.isPropertyAssignment(node.parent)) return [[node, "text", '""']];
  return [];
}

/** All mutants of a file, in the order of its text. */
export function mutantsOf(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = [];
  const visit = (node) => {
    if (isExempt(node)) return;
    for (const [place, kind, replacement] of changes(node)) {
      const [start, end] = [place.getStart(), place.getEnd()];
      const line = source.getLineAndCharacterOfPosition(start).line + 1;
      found.push({ file, start, end, line, kind, original: text.slice(start, end), replacement });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The text with one change made. Replacements are closed in parentheses where precedence could tell. */
export function mutate(text, { start, end, replacement, kind }) {
  const closed = kind === "unary" || (kind === "method" && replacement.length > 12) ? `(${replacement})` : replacement;
  return text.slice(0, start) + closed + text.slice(end);
}

const rank = (seed, m) =>
  createHash("sha256").update(`${seed} ${m.file} ${m.start} ${m.end} ${m.kind} ${m.replacement}`).digest("hex");

/** All mutants in an order that the seed alone decides: the first n are a sample of n. */
export function shuffled(mutants, seed) {
  return mutants
    .map((mutant) => ({ mutant, key: rank(seed, mutant) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ mutant }) => mutant);
}
