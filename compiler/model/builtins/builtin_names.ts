/**
 * The names of what the language brings along in TypeScript, and of their arguments.
 * In: nothing. Out: one closed table; `signatures.ts` types each entry, `meanings.ts` lowers it.
 * What the language can express itself stands in compiler/std/*.adk instead.
 */

/** Scalar functions, applied to every entry of a tensor. */
export const elementwise = [
  "exp",
  "log",
  "sqrt",
  "sin",
  "cos",
  "tan",
  "asin",
  "acos",
  "atan",
  "sinh",
  "cosh",
  "tanh",
  "erf",
  "abs",
  "floor",
  "softplus",
  "sigmoid",
] as const;
export type Elementwise = (typeof elementwise)[number];

/** Argument names, for calls by name and for messages; `…` marks a name that may repeat. */
const others = {
  atan2: ["y", "x"],
  pow: ["x", "p"],
  max: ["a", "b"],
  min: ["a", "b"],
  where: ["condition", "a", "b"],
  dot: ["a", "b"],
  norm: ["x"],
  outer: ["a", "b"],
  transpose: ["A"],
  trace: ["A"],
  flatten: ["x"],
  concat: ["a", "…"],
  eye: ["n"],
  jac: ["F"],
  jvp: ["F", "v"],
  vjp: ["F", "w"],
  div: ["F"],
  curl: ["F"],
  d: ["F", "x", "…"],
  at: ["L", "p"],
  /**
   * For the standard library alone: the half-integer Matérn function of order m + 1/2 of a squared, scaled distance.
   */
  matern: ["m", "w"],
} as const;

export type BuiltinName = Elementwise | keyof typeof others;

export const builtinArguments: { readonly [K in BuiltinName]: readonly string[] } = {
  ...(Object.fromEntries(elementwise.map((name) => [name, ["x"]])) as unknown as {
    [K in Elementwise]: readonly string[];
  }),
  ...others,
};

/** Names of the standard library that specs do not see. */
export const standardOnly: ReadonlySet<string> = new Set<string>([
  "matern",
  "curl_of_potential",
  "curl_in_plane",
  "curl_in_space",
]);

export const isBuiltin = (name: string): name is BuiltinName => Object.hasOwn(builtinArguments, name);
