/**
 * What the grammar leaves open. In: the declarations of a file. Out: diagnostics.
 * `model` comes first and once, a library needs no data, an observed value is written with `=`, trees are not too deep.
 */
import type { Declaration } from "./ast.ts";
import { diagnose, type Diagnostic } from "./diagnostic.ts";
import type { ModelDeclaration } from "./grammar.generated.js";
import { treeNesting } from "./nesting.ts";
import { positionOf } from "./span.ts";
import { expressionsOf } from "./walk.ts";

type Item = Declaration | ModelDeclaration;

/** `partial`: declarations with errors of their own are missing, so nothing is said of what isn't there. */
export function illFormed(items: readonly Item[], partial: boolean): Diagnostic[] {
  return [
    ...misplacedModels(items),
    ...(partial ? [] : missingModel(items)),
    ...items.flatMap((item) => (item.kind === "model" ? [] : ofDeclaration(item))),
  ];
}

function misplacedModels(items: readonly Item[]): Diagnostic[] {
  const models = items.filter((item) => item.kind === "model");
  const [first] = models;
  return models.flatMap((model): Diagnostic[] => {
    if (first !== undefined && model !== first) {
      return [diagnose("ADK0114", model.span, { line: positionOf(first.span.source, first.span.start).line })];
    }
    const before = items[0];
    return before === undefined || before === model
      ? []
      : [diagnose("ADK0113", model.span, { declaration: described(before) })];
  });
}

/** Without `model` a file is a library: what needs data, points or latents has no place in it. */
function missingModel(items: readonly Item[]): Diagnostic[] {
  if (items.some((item) => item.kind === "model")) return [];
  const first = items.find((item) => needsModel(item));
  return first === undefined ? [] : [diagnose("ADK0112", first.span, { declaration: described(first) })];
}

function needsModel(item: Item): boolean {
  switch (item.kind) {
    case "import":
    case "fn":
    case "kernel":
      return false;
    case "const":
      return item.value === undefined || item.key !== undefined || item.symmetry;
    default:
      return true;
  }
}

function described(item: Item): string {
  if (item.kind === "latent") return `the latent \`${item.name.text}\``;
  if (item.kind === "coordinates") return "`input`";
  if (item.kind === "const") return item.value === undefined ? "a `const` without a value" : "a `const` from data";
  return `\`${item.kind}\``;
}

function ofDeclaration(declaration: Declaration): Diagnostic[] {
  const deep = treeNesting(expressionsOf(declaration));
  if (deep !== undefined) return [deep];
  if (declaration.kind !== "observe" || declaration.value !== undefined) return [];
  const { operator } = declaration;
  if (operator.kind !== "binary" || operator.operator !== "==") return [];
  return [diagnose("ADK0115", operator.span, { wrong: "==", place: "value" })];
}
