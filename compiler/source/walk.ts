/**
 * The children of a node. In: an expression or a declaration. Out: the expressions directly inside it, in order.
 * Walks that need no more than "every node" are built on these two and stay free of the sum's cases.
 */
import type { Argument, Declaration, Expression, Loops, TypeNode } from "./ast.ts";

function ofLoops(loops: Loops): Expression[] {
  return [...loops.ranges.map((range) => range.size), ...(loops.condition === undefined ? [] : [loops.condition])];
}

/** The expressions directly inside an expression, in the order of the text, but a reduction's or list's body first. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "number":
    case "name":
      return [];
    case "unary":
    case "calculus":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "call":
      return [expression.callee, ...expression.arguments.map((argument) => argument.value)];
    case "reduce":
    case "comprehension":
      return [expression.body, ...ofLoops(expression.loops)];
    case "index":
      return [expression.tensor, ...expression.indices];
    case "list":
      return expression.items;
    case "block":
      return [...expression.lets.map((step) => step.value), expression.result];
    case "fold":
      return [expression.initial, expression.range.size, expression.body];
  }
}

function some(...expressions: readonly (Expression | undefined)[]): Expression[] {
  return expressions.filter((expression) => expression !== undefined);
}

function ofType(type: TypeNode | undefined): readonly Expression[] {
  return type?.sizes ?? [];
}

function ofArguments(list: readonly Argument[]): Expression[] {
  return list.flatMap((argument) => [...ofType(argument.type), ...some(argument.defaultValue)]);
}

/** The expressions directly inside a declaration, sizes of types included. */
export function expressionsOf(declaration: Declaration): readonly Expression[] {
  switch (declaration.kind) {
    case "import":
    case "coordinates":
      return [];
    case "dim":
      return declaration.items.flatMap((item) => some(item.value));
    case "const":
      return [...ofType(declaration.type), ...some(declaration.value)];
    case "input":
      return ofType(declaration.type);
    case "param":
      return [
        ...ofType(declaration.type),
        ...some(declaration.initial, declaration.bound?.lower, declaration.bound?.upper),
      ];
    case "fn":
      return [...ofArguments(declaration.arguments), ...ofType(declaration.result), declaration.body];
    case "kernel":
      return [declaration.body];
    case "latent":
      return [...ofType(declaration.type), ...some(declaration.mean)];
    case "observe":
      return [
        ...ofArguments(declaration.arguments),
        declaration.operator,
        ...some(declaration.value, declaration.noise),
      ];
    case "offset":
      return [declaration.operator];
    case "predict":
      return [...ofArguments(declaration.arguments), ...some(declaration.operator)];
  }
}
