/**
 * Labels of observe, offset and predict: a namespace of their own. In: the declarations of a model. Out: the quantities
 * they stand for.
 * The same label twice stands for the same quantity: expressions and arguments are compared as syntax, places aside.
 */
import type { Argument, Declaration, Expression, Name } from "../../source/ast.ts";
import { positionOf } from "../../source/span.ts";
import type { Report } from "../../source/report.ts";
import { calculusNames, type FileScope } from "./scope.ts";

type Labelled = Extract<Declaration, { kind: "observe" | "offset" | "predict" }>;
export interface Label {
  readonly name: Name;
  readonly arguments: readonly Argument[];
  readonly operator: Expression;
}

/** Syntax without places: signs of calculus are the functions that they stand for. */
function shapeOfSyntax(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(shapeOfSyntax);
  if (typeof node !== "object" || node === null) return node;
  const e = node as { kind?: string } & Record<string, unknown>;
  if (e.kind === "calculus") {
    const name = calculusNames[e["operator"] as keyof typeof calculusNames];
    return { kind: "call", callee: { kind: "name", text: name }, arguments: [{ value: shapeOfSyntax(e["operand"]) }] };
  }
  return Object.fromEntries(
    Object.entries(e)
      .filter(([key]) => key !== "span")
      .map(([key, value]) => [key, shapeOfSyntax(value)]),
  );
}

const same = (a: Label, b: Label): boolean => {
  const syntax = (l: Label): string => JSON.stringify(shapeOfSyntax([l.arguments, l.operator]));
  return syntax(a) === syntax(b);
};
const line = (name: Name): number => positionOf(name.span.source, name.span.start).line;

/** Collects the labels; reports those that mean two things, and a label twice in one kind of declaration. */
export function collectLabels(file: FileScope, report: Report): Map<string, Label> {
  const labels = new Map<string, Label>(),
    kinds = new Map<string, Name>();
  for (const declaration of file.ast.declarations) {
    if (declaration.kind !== "observe" && declaration.kind !== "offset" && declaration.kind !== "predict") continue;
    const { name, kind } = declaration,
      before = kinds.get(`${kind} ${name.text}`);
    if (before) report.add("ADK0213", name.span, { label: name.text, kind, line: line(before) });
    else kinds.set(`${kind} ${name.text}`, name);
    const label = labelOf(declaration, file, report),
      first = labels.get(name.text);
    if (!label) continue;
    if (!first) labels.set(name.text, label);
    else if (!before && !same(first, label))
      report.add("ADK0203", name.span, { label: name.text, line: line(first.name) });
  }
  return labels;
}

function labelOf(declaration: Labelled, file: FileScope, report: Report): Label | undefined {
  const { name } = declaration;
  const list = declaration.kind === "offset" ? [] : declaration.arguments;
  if (declaration.operator !== undefined) return { name, arguments: list, operator: declaration.operator };
  if (file.entries.get(name.text)?.declaration.kind === "latent") {
    return { name, arguments: list, operator: { kind: "name", text: name.text, span: name.span } };
  }
  const latents = file.ast.declarations.flatMap((d) => (d.kind === "latent" ? [d.name.text] : []));
  report.add("ADK0212", name.span, { name: name.text, latents });
  return undefined;
}
