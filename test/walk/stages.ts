/**
 * What every stage prints of one spec: examples/ethanol/sgdml.adk, nine atoms and six permutations, the contraction of
 * forces with forces. In: nothing. Out: for each name that docs/from_text_to_loop.md shows, the whole print.
 */
import { readFileSync } from "node:fs";
import { atPair } from "../../compiler/ad/operator.ts";
import { posterior, sideOf } from "../../compiler/ad/operate.ts";
import { check, compile, type Compiled } from "../../compiler/index.ts";
import { param, type Expr } from "../../compiler/ir/expr.ts";
import { print } from "../../compiler/ir/print.ts";
import { printProgram } from "../../compiler/loops/print.ts";
import { printShape } from "../../compiler/model/types/type.ts";
import { algebraicPasses } from "../../compiler/opt/pipeline.ts";
import { parse } from "../../compiler/source/parse.ts";

const source = {
  name: "sgdml.adk",
  text: readFileSync(new URL("../../examples/ethanol/sgdml.adk", import.meta.url), "utf8"),
};

/** The methyl group turns, and with it or without it the two hydrogens beside it change places. */
const PERMUTATIONS = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8],
  [0, 1, 2, 4, 3, 5, 6, 7, 8],
  [0, 1, 2, 3, 4, 6, 7, 5, 8],
  [0, 1, 2, 4, 3, 6, 7, 5, 8],
  [0, 1, 2, 3, 4, 7, 5, 6, 8],
  [0, 1, 2, 4, 3, 7, 5, 6, 8],
];

type Part = { readonly kind?: string } & Readonly<Record<string, unknown>>;

const isPart = (value: unknown): value is Part => typeof value === "object" && value !== null;

/** A syntax tree as an outline: one node a line, what it says beside its kind. */
function outline(part: unknown, depth = 0): string[] {
  if (!isPart(part)) return [];
  const below = Object.values(part).filter(isPart);
  if (part.kind === undefined) return below.flatMap((child) => outline(child, depth));
  const words = Object.entries(part).flatMap(([key, value]) => {
    if (key === "kind" || key === "span") return [];
    if (isPart(value)) return typeof value["text"] === "string" ? [value["text"]] : [];
    return typeof value === "string" || typeof value === "number" ? [String(value)] : [];
  });
  const line = `${"  ".repeat(depth)}${[part.kind, ...words].join(" ")}`;
  return [line, ...below.flatMap((child) => outline(child, depth + 1))];
}

/** The labels of the model, with the shapes and the derivatives that checking found. */
function checked(): string {
  const { model, diagnostics } = check(source);
  const quantities = [...(model?.quantities.values() ?? [])].map(({ label, shape, orders }) => {
    const derivatives = Object.entries(orders).map(([latent, order]) => `${order} of ${latent}`);
    return `${label} : ${printShape("real", shape)}, derivatives: ${derivatives.join(", ")}`;
  });
  return [...quantities, `${diagnostics.length} diagnostics`].join("\n");
}

/** What is made once, when it is first asked for. */
function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const compiled = once((): Compiled => {
  const perms = { shape: [PERMUTATIONS.length, 9], data: Int32Array.from(PERMUTATIONS.flat()) };
  return compile(source.text, { name: source.name, point: [9, 3], bind: { perms } });
});

/** The expression that a label's values are predicted by, before anything is optimised. */
const operated = once((): Expr => {
  const { lowered } = compiled();
  const side = (prefix: string, size: string): ReturnType<typeof sideOf> =>
    sideOf(lowered, "forces", prefix, size, 1000);
  return posterior(lowered, side("", "m"), [side("y ", "n_y")]);
});

/** What each pass before staging leaves. */
function algebra(): string {
  let e = operated();
  const lines = [`operate: ${print(e).split("\n").length} lines`];
  for (const pass of algebraicPasses) {
    e = pass.run(e);
    lines.push(`${pass.name}: ${print(e).split("\n").length} lines, because ${pass.because}`);
  }
  return lines.join("\n");
}

const contraction = once(() => compiled().kernels.contraction("forces", "forces"));

const kernel = (): string =>
  print(atPair(compiled().lowered.latents[0]!.kernel, param("R", [9, 3]), param("S", [9, 3])));

export const STAGES: Readonly<Record<string, () => string>> = {
  text: () => source.text,
  parse: () =>
    parse(source)
      .declarations.flatMap((declaration) => outline(declaration))
      .join("\n"),
  check: checked,
  lower: kernel,
  operate: () => print(operated()),
  optimise: algebra,
  prepare: () => printProgram(contraction().prepare!),
  evaluate: () => printProgram(contraction().evaluate),
  print: () => compiled().pairs.kernel("apply", "forces", "forces").artifact.code.text,
};
