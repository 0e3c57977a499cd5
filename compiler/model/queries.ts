/**
 * What stands at a place of a text: for hovering, explaining and renaming. In: the typed tree of a checked text, and an
 * offset in it. Out: types and definitions.
 * A function's body has a tree for each combination of argument types; the first call of the text is answered for.
 */
import type { Name } from "../source/ast.ts";
import type { Source, Span } from "../source/span.ts";
import { localsOf, partsOf, type Local, type Typed } from "./tree.ts";
import { printType, type Type } from "./types/type.ts";

export interface TypedText {
  readonly source: Source;
  /** Expressions that no other holds, of this text and of the libraries that it uses. */
  readonly roots: readonly Typed[];
  /** Arguments of functions and observations. */
  readonly binders: readonly Local[];
}

export interface TypeAt {
  /** The expression or name that has the type. */
  readonly span: Span;
  readonly type: Type;
  /** The type as a spec would write it; `unknown` for what was complained of. */
  readonly text: string;
}

const holds = ({ source, start, end }: Span, text: Source, offset: number): boolean =>
  source === text && start <= offset && offset < end;

/** The nodes around an offset in one tree, the innermost last. */
function pathTo(e: Typed, text: Source, offset: number): readonly Typed[] {
  if (!holds(e.span, text, offset)) return [];
  for (const part of partsOf(e)) {
    const path = pathTo(part, text, offset);
    if (path.length > 0) return [e, ...path];
  }
  return [e];
}

interface Standing {
  readonly node?: Typed;
  readonly local?: Local;
}

/** The innermost expression, or the name that is being bound there. */
function find({ source, roots, binders }: TypedText, offset: number): Standing {
  const bound = binders.find((l) => holds(l.name.span, source, offset));
  if (bound) return { local: bound };
  for (const root of roots) {
    const path = pathTo(root, source, offset),
      node = path.at(-1);
    if (!node) continue;
    const local = localsOf(node).find((l) => holds(l.name.span, source, offset));
    return local ? { local } : { node };
  }
  return {};
}

/** The type of the innermost expression at an offset, or of the name that is bound there; undefined where none is. */
export function typeAt(tree: TypedText, offset: number): TypeAt | undefined {
  const { node, local } = find(tree, offset);
  if (local) return { span: local.name.span, type: local.type, text: printType(local.type) };
  return node && { span: node.span, type: node.type, text: printType(node.type) };
}

/**
 * Where the name at an offset is bound or declared, in this text or in a library's; undefined where no name stands, and
 * for what is built in.
 */
export function definitionAt(tree: TypedText, offset: number): Name | undefined {
  const { node, local } = find(tree, offset);
  if (local) return local.name;
  if (node?.kind === "local") return node.local.name;
  if (node?.kind === "declared") return node.declared.name;
  if (node?.kind !== "function" || node.type.kind !== "function") return undefined;
  const { callable } = node.type;
  return callable.kind === "declared" ? callable.declaration.name : undefined;
}
