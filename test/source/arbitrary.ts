/**
 * Random syntax trees. In: nothing. Out: fast-check arbitraries of expressions, declarations and files.
 * Trees are built without regard to how they would be written; the spans are those of an empty source.
 */
import fc from "fast-check";
import type {
  Argument,
  Ast,
  Bound,
  Declaration,
  Expression,
  Loops,
  Name,
  Range,
  TypeNode,
} from "../../compiler/source/ast.ts";
import type { Span } from "../../compiler/source/span.ts";

const span: Span = { source: { name: "", text: "" }, start: 0, end: 0 };

/** The fields that have a value: absent options are absent, not `undefined`. */
type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };
function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}

// Words with a meaning in one place only are names everywhere else.
const text = fc.constantFrom(
  "x",
  "R",
  "a_1",
  "λ",
  "φ0",
  "é",
  "mean",
  "GP",
  "real",
  "symmetry",
  "sum",
  "d",
  "inx",
  "fold_",
  "наклон",
  "𝒳",
);
const name: fc.Arbitrary<Name> = text.map((text) => ({ text, span }));
const key = fc.constantFrom("F", "interactions.*.weight", "a b // c", "");

const number = fc.oneof(
  fc.nat().map((value) => ({ kind: "number" as const, value, integer: true, span })),
  fc.maxSafeNat().map((value) => ({ kind: "number" as const, value, integer: true, span })),
  fc
    .double({ min: 0, noNaN: true, noDefaultInfinity: true })
    .map((value) => ({ kind: "number" as const, value: Math.abs(value), integer: false, span })),
);

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const several = <T>(value: fc.Arbitrary<T>, minLength = 0): fc.Arbitrary<T[]> =>
  fc.array(value, { minLength, maxLength: 3 });

export const { expression } = fc.letrec<{ expression: Expression; range: Range; loops: Loops }>((tie) => {
  const inner = tie("expression");
  const node = <T extends object>(
    shape: { [K in keyof T]: fc.Arbitrary<T[K]> },
  ): fc.Arbitrary<Present<T> & { span: Span }> => fc.record(shape).map((fields) => ({ ...present(fields as T), span }));
  return {
    range: fc.record({ name, size: inner }),
    loops: fc.record({ ranges: several(tie("range"), 1), condition: optional(inner) }).map(present),
    expression: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      number,
      node({ kind: fc.constant("name" as const), text }),
      node({
        kind: fc.constant("unary" as const),
        operator: fc.constantFrom("-" as const, "not" as const),
        operand: inner,
      }),
      node({
        kind: fc.constant("calculus" as const),
        operator: fc.constantFrom("∇" as const, "∇²" as const, "Δ" as const),
        operand: inner,
      }),
      node({
        kind: fc.constant("binary" as const),
        operator: fc.constantFrom("+", "-", "*", "/", "@", "^", "<", "<=", ">", ">=", "==", "!=", "and", "or"),
        left: inner,
        right: inner,
      }),
      node({
        kind: fc.constant("call" as const),
        callee: inner,
        arguments: several(fc.record({ name: optional(name), value: inner }).map(present)),
      }),
      node({ kind: fc.constant("reduce" as const), operator: name, body: inner, loops: tie("loops") }),
      node({ kind: fc.constant("index" as const), tensor: inner, indices: several(inner, 1) }),
      node({ kind: fc.constant("list" as const), items: several(inner, 1) }),
      node({ kind: fc.constant("comprehension" as const), body: inner, loops: tie("loops") }),
      node({ kind: fc.constant("block" as const), lets: several(fc.record({ name, value: inner })), result: inner }),
      node({ kind: fc.constant("fold" as const), state: name, initial: inner, range: tie("range"), body: inner }),
    ) as fc.Arbitrary<Expression>,
  };
});

const type: fc.Arbitrary<TypeNode> = fc.record({
  base: fc.constantFrom("real", "int", "bool", "index"),
  sizes: several(expression),
  span: fc.constant(span),
});

const bound: fc.Arbitrary<Bound> = fc.record({ lower: expression, upper: optional(expression) }).map(present);
const argument: fc.Arbitrary<Argument> = fc
  .record({ name, type: optional(type), defaultValue: optional(expression) })
  .map(present);
const perPoint: fc.Arbitrary<Argument> = fc.record({ name, type });

const kind = <K extends string>(value: K): { readonly kind: fc.Arbitrary<K>; readonly span: fc.Arbitrary<Span> } => ({
  kind: fc.constant(value),
  span: fc.constant(span),
});

/** `= expr` or `from "key"`, not both. */
const origin = <N extends string>(field: N): fc.Arbitrary<Record<string, unknown>> =>
  fc.oneof(
    expression.map((value) => ({ [field]: value })),
    key.map((key) => ({ key })),
  );

export const declaration: fc.Arbitrary<Declaration> = fc
  .oneof(
    fc.record({
      ...kind("import"),
      names: several(name, 1),
      path: fc.constantFrom("std/kernels", "./a b.adk"),
      pathSpan: fc.constant(span),
    }),
    fc.record({ ...kind("dim"), items: several(fc.record({ name, value: optional(expression) }).map(present), 1) }),
    fc.record({
      ...kind("const"),
      name,
      type: optional(type),
      key: optional(key),
      symmetry: fc.constant(false),
      value: optional(expression),
    }),
    fc.record({
      ...kind("const"),
      name,
      type: optional(type),
      symmetry: fc.constant(true),
      value: optional(expression),
    }),
    fc.record({ ...kind("input"), name, type }),
    fc.record({ ...kind("coordinates"), names: several(name, 1) }),
    fc
      .tuple(
        fc.record({ ...kind("param"), name, type: optional(type), bound: optional(bound), fixed: fc.boolean() }),
        origin("initial"),
      )
      .map(([rest, start]) => ({ ...rest, ...start })),
    fc.record({ ...kind("fn"), name, arguments: several(argument), result: optional(type), body: expression }),
    fc.record({ ...kind("kernel"), name, points: fc.tuple(name, name), body: expression }),
    fc.record({ ...kind("latent"), name, type: optional(type), kernel: name, mean: optional(expression) }),
    fc
      .tuple(
        fc.record({
          ...kind("observe"),
          name,
          arguments: several(perPoint),
          operator: expression,
          noise: optional(expression),
        }),
        fc.oneof(origin("value"), fc.constant({})),
      )
      .map(([rest, value]) => ({ ...rest, ...value }))
      .filter(({ operator, ...rest }) => "value" in rest || operator.kind !== "binary" || operator.operator !== "=="),
    fc.record({ ...kind("offset"), name, operator: expression, key }),
    fc.record({ ...kind("predict"), name, arguments: several(perPoint), operator: optional(expression) }),
  )
  .map((fields) => present(fields) as Declaration);

/** Files with a model. */
export const file: fc.Arbitrary<Ast> = fc.record({
  model: name,
  declarations: fc.array(declaration, { maxLength: 6 }),
  comments: fc.constant([]),
});

/** A tree without its spans, so that trees of different texts compare. */
export function bare(tree: unknown): unknown {
  return JSON.parse(
    JSON.stringify(tree, (field, value: unknown) => (field === "span" || field === "pathSpan" ? undefined : value)),
  );
}
