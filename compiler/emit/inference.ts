/**
 * Types of parameters from their use, for the kernels of a module.
 * In: a source file. Out: the same with every untyped parameter typed. The rules are those of the modules that the core
 * prints: what is indexed by a number is a Float64Array, what is asked for `.count` is a group of points, what is
 * indexed by a text is a table of parameters, and a number is all else; arrays handed on to other functions follow.
 */
import { ts, type ParameterDeclaration, type SourceFile, type Node } from "ts-morph";

type FunctionLike = Node & { getParameters(): ParameterDeclaration[] };

/** How a parameter is used, in the order in which the uses decide. */
function typeFromUse(parameter: ParameterDeclaration): string | undefined {
  const properties = new Set<string>();
  let isIndexed = false;
  let isTable = false;
  for (const use of parameter.findReferencesAsNodes()) {
    const parent = use.getParent();
    if (parent?.isKind(ts.SyntaxKind.PropertyAccessExpression) && parent.getExpression() === use) properties.add(parent.getName());
    if (parent?.isKind(ts.SyntaxKind.ElementAccessExpression) && parent.getExpression() === use) {
      if (parent.getArgumentExpression()?.isKind(ts.SyntaxKind.StringLiteral) === true) isTable = true;
      else isIndexed = true;
    }
  }
  if (properties.has("coefficients")) return "WeightedRows";
  if (properties.has("count") || properties.has("x")) return "Rows";
  if (isTable) return parameter.getName() === "offsets" ? "Readonly<Record<string, number>>" : "Values";
  if (isIndexed || properties.has("fill") || properties.has("length")) return "Float64Array";
  return undefined;
}

/** The type of the parameter to which a call hands this one on, where that is typed. */
function typeFromCalls(parameter: ParameterDeclaration): string | undefined {
  for (const use of parameter.findReferencesAsNodes()) {
    const call = use.getParentIfKind(ts.SyntaxKind.CallExpression);
    const position = call?.getArguments().indexOf(use) ?? -1;
    if (call === undefined || position < 0) continue;
    const target = call.getExpression().getSymbol()?.getDeclarations()[0];
    const taken = target?.isKind(ts.SyntaxKind.FunctionDeclaration) === true ? target.getParameters()[position] : undefined;
    const type = taken?.getTypeNode()?.getText();
    if (type !== undefined) return type;
  }
  return undefined;
}

function untyped(file: SourceFile): ParameterDeclaration[] {
  const kinds = [ts.SyntaxKind.FunctionDeclaration, ts.SyntaxKind.ArrowFunction] as const;
  const functions = kinds.flatMap((kind) => file.getDescendantsOfKind(kind) as FunctionLike[]);
  const isCallback = (node: Node): boolean => node.getParent()?.isKind(ts.SyntaxKind.CallExpression) === true;
  return functions.filter((node) => !isCallback(node)).flatMap((node) => node.getParameters())
    .filter((parameter) => parameter.getTypeNode() === undefined && parameter.getInitializer() === undefined);
}

/** Types every untyped parameter of named functions and of functions that are returned or assigned. */
export function inferParameters(file: SourceFile): void {
  const typeOf = (decide: (parameter: ParameterDeclaration) => string | undefined): number => {
    const decided = untyped(file).map((parameter) => [parameter, decide(parameter)] as const).filter(([, type]) => type !== undefined);
    decided.forEach(([parameter, type]) => parameter.setType(type ?? "number"));
    return decided.length;
  };
  typeOf(typeFromUse);
  while (typeOf(typeFromCalls) > 0);
  typeOf(() => "number");
}

/** Types variables that are declared without a value by what is assigned to them. */
export function inferVariables(file: SourceFile): void {
  for (const declaration of file.getVariableDeclarations()) {
    if (declaration.getTypeNode() !== undefined || declaration.getInitializer() !== undefined) continue;
    const assigned = declaration.findReferencesAsNodes().map((use) => use.getParentIfKind(ts.SyntaxKind.BinaryExpression))
      .find((parent) => parent?.getLeft().getText() === declaration.getName() && parent.getOperatorToken().isKind(ts.SyntaxKind.EqualsToken));
    if (assigned !== undefined) declaration.setType(assigned.getRight().getType().getText(declaration));
  }
}
