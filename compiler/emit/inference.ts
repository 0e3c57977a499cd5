/**
 * Types that nothing writes down, from use.
 * In: the syntax of a module. Out: a type for each untyped parameter and variable. The rules are those of the modules
 * that the core prints: what is indexed by a number is a Float64Array, what is asked for `.count` is a group of points,
 * what is indexed by a text is a table of parameters, all else is a number; arrays handed on to a function follow it.
 */
import { ts } from "ts-morph";

type Parameter = ts.ParameterDeclaration;
type Types = Map<Parameter, string>;

/** All nodes below one, itself included, in the order of the text. */
export function nodesBelow(root: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

/** The places in a function's body that read the parameter; a name after a dot or before a colon is none. */
function usesOf(
  parameter: Parameter,
  identifiers: ReadonlyMap<ts.Node, readonly ts.Identifier[]>,
): readonly ts.Identifier[] {
  const name = parameter.name.getText();
  return (identifiers.get(parameter.parent) ?? []).filter((use) => {
    const { parent } = use;
    if (use.text !== name || parent === parameter) return false;
    return (
      !(ts.isPropertyAccessExpression(parent) && parent.name === use) &&
      !(ts.isPropertyAssignment(parent) && parent.name === use)
    );
  });
}

/** How a parameter is used, in the order in which the uses decide. */
function typeFromUse(uses: readonly ts.Identifier[], name: string): string | undefined {
  const properties = new Set<string>();
  let isIndexed = false;
  let isTable = false;
  for (const { parent } of uses
    .map((use) => ({ parent: use.parent, use }))
    .filter(({ parent, use }) => "expression" in parent && parent.expression === use)) {
    if (ts.isPropertyAccessExpression(parent)) properties.add(parent.name.text);
    if (ts.isElementAccessExpression(parent) && ts.isStringLiteral(parent.argumentExpression)) isTable = true;
    else if (ts.isElementAccessExpression(parent)) isIndexed = true;
  }
  if (properties.has("coefficients")) return "WeightedRows";
  if (properties.has("count") || properties.has("x")) return "Rows";
  if (isTable) return name === "offsets" ? "Readonly<Record<string, number>>" : "Values";
  return isIndexed || properties.has("fill") || properties.has("length") ? "Float64Array" : undefined;
}

/** The type of the parameter to which a call hands this one on, where that is known. */
function typeFromCalls(
  uses: readonly ts.Identifier[],
  functions: ReadonlyMap<string, ts.FunctionDeclaration>,
  known: Types,
): string | undefined {
  for (const use of uses) {
    const call = use.parent;
    if (!ts.isCallExpression(call) || !ts.isIdentifier(call.expression)) continue;
    const taken = functions.get(call.expression.text)?.parameters[call.arguments.indexOf(use)];
    const type = taken === undefined ? undefined : (taken.type?.getText() ?? known.get(taken));
    if (type !== undefined) return type;
  }
  return undefined;
}

/** Top-level functions by name: those whose name means the same everywhere in the module. */
function namedFunctions(file: ts.SourceFile): Map<string, ts.FunctionDeclaration> {
  return new Map(
    file.statements
      .filter(ts.isFunctionDeclaration)
      .flatMap((node) => (node.name === undefined ? [] : [[node.name.text, node] as const])),
  );
}

/** Functions that stand alone; the parameters of a callback are typed by what it is handed to. */
function standingFunctions(nodes: readonly ts.Node[]): (ts.FunctionDeclaration | ts.ArrowFunction)[] {
  return nodes.filter(
    (node): node is ts.FunctionDeclaration | ts.ArrowFunction =>
      ts.isFunctionDeclaration(node) || (ts.isArrowFunction(node) && !ts.isCallExpression(node.parent)),
  );
}

/** A type for every parameter that has neither a type (its own or one in `known`) nor a default. */
export function inferParameters(file: ts.SourceFile, known: Types): Types {
  const functions = standingFunctions(nodesBelow(file));
  const identifiers = new Map<ts.Node, readonly ts.Identifier[]>(
    functions.map((node) => [node, nodesBelow(node).filter(ts.isIdentifier)]),
  );
  const named = namedFunctions(file);
  const open = functions
    .flatMap((node) => [...node.parameters])
    .filter((p) => p.type === undefined && p.initializer === undefined && !known.has(p));
  const uses = new Map(open.map((parameter) => [parameter, usesOf(parameter, identifiers)] as const));
  const types: Types = new Map(known);
  const decide = (rule: (parameter: Parameter, uses: readonly ts.Identifier[]) => string | undefined): boolean => {
    const decided = open
      .filter((parameter) => !types.has(parameter))
      .map((parameter) => [parameter, rule(parameter, uses.get(parameter) ?? [])] as const);
    decided.forEach(([parameter, type]) => {
      if (type !== undefined) types.set(parameter, type);
    });
    return decided.some(([, type]) => type !== undefined);
  };
  decide((parameter, at) => typeFromUse(at, parameter.name.getText()));
  while (decide((_, at) => typeFromCalls(at, named, types)));
  decide(() => "number");
  return types;
}

/** The parts of a group of points, where one is written as a literal. */
const PARTS: Readonly<Record<string, string>> = {
  count: "number",
  x: "Float64Array",
  coefficients: "Float64Array",
  arguments: "Readonly<Record<string, Float64Array>>",
};

/** The type of an object literal or constructor call, names being looked up among the constants of `scope`. */
function typeOfValue(value: ts.Expression, scope: ts.Node): string | undefined {
  if (ts.isNewExpression(value)) return value.expression.getText();
  if (ts.isElementAccessExpression(value)) return "Float64Array";
  if (!ts.isObjectLiteralExpression(value)) return undefined;
  const constants = new Map(
    nodesBelow(scope)
      .filter(ts.isVariableDeclaration)
      .map((node) => [node.name.getText(), node.initializer]),
  );
  const members = value.properties.map((property) => {
    const name = property.name?.getText() ?? "";
    const initializer = ts.isShorthandPropertyAssignment(property) ? constants.get(name) : undefined;
    return `${name}: ${PARTS[name] ?? (initializer === undefined ? undefined : typeOfValue(initializer, scope)) ?? "unknown"}`;
  });
  return `{ ${members.join("; ")} }`;
}

/** Types of variables that are declared without a value, by what is assigned to them. */
export function inferVariables(file: ts.SourceFile): Map<ts.VariableDeclaration, string> {
  const nodes = nodesBelow(file);
  const types = new Map<ts.VariableDeclaration, string>();
  for (const node of nodes.filter(ts.isVariableDeclaration)) {
    const isTyped =
      node.type !== undefined || node.initializer !== undefined || ts.isForOfStatement(node.parent.parent);
    if (isTyped) continue;
    for (const assignment of nodes.filter(ts.isBinaryExpression)) {
      if (
        assignment.operatorToken.kind !== ts.SyntaxKind.EqualsToken ||
        assignment.left.getText() !== node.name.getText()
      )
        continue;
      const scope = ts.findAncestor(assignment, ts.isFunctionDeclaration) ?? file;
      const type = typeOfValue(assignment.right, scope);
      if (type !== undefined) types.set(node, type);
    }
  }
  return types;
}
