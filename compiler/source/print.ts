/**
 * From syntax back to text. In: an `Ast` or an expression. Out: text that parses to the same tree.
 * Every operand is asked for at the level that its place in the grammar takes; brackets appear where a tree binds
 * looser than that, and nowhere else.
 */
import type { Argument, Ast, CallArgument, Declaration, Expression, Loops, TypeNode } from "./ast.ts";

/** The levels of the grammar, loose to tight; the names are its rules'. */
const level = {
  expression: 0,
  or: 1,
  and: 2,
  not: 3,
  comparison: 4,
  arithmetic: 5,
  term: 6,
  negation: 7,
  calculus: 8,
  power: 9,
  /** Numbers: operands, but neither called nor indexed. */
  postfix: 10,
  indexable: 11,
  callable: 12,
} as const;
type Level = (typeof level)[keyof typeof level];

type Binary = Extract<Expression, { kind: "binary" }>;
/** What a binary operator is, and what its operands must be. */
interface Chain {
  readonly self: Level;
  readonly left: Level;
  readonly right: Level;
}

const leftward = (self: Level, right: Level): Chain => ({ self, left: self, right });
const comparison: Chain = { self: level.comparison, left: level.arithmetic, right: level.arithmetic };
const chains: { readonly [O in Binary["operator"]]: Chain } = {
  or: leftward(level.or, level.and),
  and: leftward(level.and, level.not),
  "<": comparison,
  "<=": comparison,
  ">": comparison,
  ">=": comparison,
  "==": comparison,
  "!=": comparison,
  "+": leftward(level.arithmetic, level.term),
  "-": leftward(level.arithmetic, level.term),
  "*": leftward(level.term, level.negation),
  "/": leftward(level.term, level.negation),
  "@": leftward(level.term, level.negation),
  "^": { self: level.power, left: level.postfix, right: level.power },
};

function levelOf(expression: Expression): Level {
  switch (expression.kind) {
    case "fold":
      return level.expression;
    case "binary":
      return chains[expression.operator].self;
    case "unary":
      return expression.operator === "not" ? level.not : level.negation;
    case "calculus":
      return level.calculus;
    case "number":
      return level.postfix;
    case "list":
    case "comprehension":
    case "block":
      return level.indexable;
    case "name":
    case "call":
    case "reduce":
    case "index":
      return level.callable;
  }
}

/** The text of an expression; `least` is the loosest level that its place takes. */
function at(expression: Expression, least: Level): string {
  const text = printed(expression);
  return levelOf(expression) < least ? `(${text})` : text;
}

const whole = (expression: Expression): string => at(expression, level.expression);
const arithmetic = (expression: Expression): string => at(expression, level.arithmetic);
const list = (items: readonly Expression[]): string => items.map(whole).join(", ");

function printed(expression: Expression): string {
  switch (expression.kind) {
    case "number":
      return number(expression.value, expression.integer);
    case "name":
      return expression.text;
    case "unary":
      return expression.operator === "not"
        ? `not ${at(expression.operand, level.not)}`
        : `-${at(expression.operand, level.negation)}`;
    case "calculus":
      return `${expression.operator}${at(expression.operand, level.calculus)}`;
    case "binary":
      return binary(expression);
    case "call":
      return `${at(expression.callee, level.callable)}(${expression.arguments.map(callArgument).join(", ")})`;
    case "reduce":
      return `${expression.operator.text}(${whole(expression.body)} ${loops(expression.loops)})`;
    case "index":
      return `${at(expression.tensor, level.indexable)}[${list(expression.indices)}]`;
    case "list":
      return `[${list(expression.items)}]`;
    case "comprehension":
      return `[${whole(expression.body)} ${loops(expression.loops)}]`;
    case "block": {
      const lets = expression.lets.map(({ name, value }) => `let ${name.text} = ${whole(value)}; `);
      return `{ ${lets.join("")}${whole(expression.result)} }`;
    }
    case "fold": {
      const { state, initial, range, body } = expression;
      return (
        `fold(${state.text} = ${whole(initial)} for ${range.name.text} in ${arithmetic(range.size)}) ` +
        `${whole(body)}`
      );
    }
  }
}

function binary({ operator, left, right }: Binary): string {
  const chain = chains[operator];
  if (operator === "^") return `${at(left, chain.left)}^${exponent(right)}`;
  return `${at(left, chain.left)} ${operator} ${at(right, chain.right)}`;
}

/** An exponent may carry unary minus, though minus binds looser than `^`. */
function exponent(expression: Expression): string {
  const negative = expression.kind === "unary" && expression.operator === "-";
  return negative ? `-${exponent(expression.operand)}` : at(expression, level.power);
}

/** The shortest decimal that reads back as the same number, with a dot or an exponent unless written whole. */
function number(value: number, integer: boolean): string {
  const text = String(value);
  return !integer && /^[0-9]+$/.test(text) ? `${text}.0` : text;
}

function callArgument({ name, value }: CallArgument): string {
  return name === undefined ? whole(value) : `${name.text} = ${whole(value)}`;
}

function loops({ ranges, condition }: Loops): string {
  const text = ranges.map(({ name, size }) => `${name.text} in ${arithmetic(size)}`).join(", ");
  return `for ${text}${optional(" if ", condition)}`;
}

function optional(before: string, expression: Expression | undefined): string {
  return expression === undefined ? "" : before + whole(expression);
}

function annotation(type: TypeNode | undefined): string {
  return type === undefined ? "" : ` : ${printType(type)}`;
}

/** `real[N, 3]` */
export function printType({ base, sizes }: TypeNode): string {
  return sizes.length === 0 ? base : `${base}[${sizes.map(arithmetic).join(", ")}]`;
}

function argumentList(args: readonly Argument[]): string {
  const argument = ({ name, type, defaultValue }: Argument): string =>
    name.text + annotation(type) + optional(" = ", defaultValue);
  return `(${args.map(argument).join(", ")})`;
}

const perPoint = (args: readonly Argument[]): string => (args.length === 0 ? "" : argumentList(args));
const from = (key: string | undefined): string => (key === undefined ? "" : ` from "${key}"`);
const bounded = (before: string, expression: Expression | undefined): string =>
  expression === undefined ? "" : before + arithmetic(expression);

function param(declaration: Extract<Declaration, { kind: "param" }>): string {
  const { name, type, initial, key, bound, fixed } = declaration;
  const limits =
    bound?.upper === undefined
      ? bounded(" > ", bound?.lower)
      : ` in (${arithmetic(bound.lower)}, ${arithmetic(bound.upper)})`;
  return `param ${name.text}${annotation(type)}${bounded(" = ", initial)}${from(key)}${limits}${fixed ? " fixed" : ""}`;
}

/** One declaration on one line. */
function printDeclaration(declaration: Declaration): string {
  switch (declaration.kind) {
    case "import":
      return `import { ${declaration.names.map((name) => name.text).join(", ")} } from "${declaration.path}"`;
    case "dim":
      return `dim ${declaration.items.map(({ name, value }) => name.text + bounded(" = ", value)).join(", ")}`;
    case "const": {
      const { name, type, key, symmetry, value } = declaration;
      return `const ${name.text}${annotation(type)}${symmetry ? " from symmetry" : from(key)}${optional(" = ", value)}`;
    }
    case "input":
      return `input ${declaration.name.text}${annotation(declaration.type)}`;
    case "coordinates":
      return `input (${declaration.names.map((name) => name.text).join(", ")})`;
    case "param":
      return param(declaration);
    case "fn": {
      const { name, arguments: args, result, body } = declaration;
      return `fn ${name.text}${argumentList(args)}${annotation(result)} = ${whole(body)}`;
    }
    case "kernel": {
      const [a, b] = declaration.points;
      return `kernel ${declaration.name.text}(${a.text}, ${b.text}) = ${whole(declaration.body)}`;
    }
    case "latent": {
      const { name, type, kernel, mean } = declaration;
      return `${name.text}${annotation(type)} ~ GP(${kernel.text}${optional(", mean = ", mean)})`;
    }
    case "observe": {
      const { name, arguments: args, operator, value, key, noise } = declaration;
      return (
        `observe ${name.text}${perPoint(args)} : ` +
        `${whole(operator)}${optional(" = ", value)}${from(key)}${bounded(" noise ", noise)}`
      );
    }
    case "offset":
      return `offset ${declaration.name.text} : ${whole(declaration.operator)}${from(declaration.key)}`;
    case "predict":
      return (
        "predict " +
        `${declaration.name.text}${perPoint(declaration.arguments)}${optional(" : ", declaration.operator)}`
      );
  }
}

/** An expression with the fewest brackets. */
export function printExpression(expression: Expression): string {
  return whole(expression);
}

/** A whole file, one declaration a line, without its comments. */
export function printAst({ model, declarations }: Ast): string {
  const lines = [...(model === undefined ? [] : [`model ${model.text}`]), ...declarations.map(printDeclaration)];
  return lines.map((line) => `${line}\n`).join("");
}
