/**
 * Bounds on nesting. In: tokens, or trees. Out: diagnostics where they are exceeded.
 * The parser and everything after it recurse over the tree; input of any depth must end in a message, never in an
 * overflown stack, so brackets are counted before parsing and trees, whose chains take no brackets, after it.
 */
import type { Expression } from "./ast.ts";
import { beginsDeclaration } from "./chunks.ts";
import { diagnose, type Diagnostic } from "./diagnostic.ts";
import type { Token } from "./tokens.ts";
import { childrenOf } from "./walk.ts";

/** Brackets, and bodies of `fold`, inside each other; the parser's stack holds four times as many. */
export const MOST_BRACKETS = 100;
/** Levels of an expression's tree: a sum of n terms has n. */
export const MOST_LEVELS = 500;

/** One diagnostic for each declaration in which brackets or folds nest too deep. */
export function bracketNesting(tokens: readonly Token[]): Diagnostic[] {
  const found: Diagnostic[] = [];
  /** For each open bracket (and outside of all) the folds whose bodies are still going on. */
  let folds: number[] = [0];
  let depth = 0;
  let refused = false;
  tokens.forEach((token, at) => {
    if (beginsDeclaration(tokens, at)) [folds, depth, refused] = [[0], 0, false];
    const inner = folds.length - 1;
    if (token.kind === "sign" && "([{".includes(token.text)) {
      folds.push(0);
      depth++;
    } else if (token.kind === "sign" && ")]}".includes(token.text) && inner > 0) {
      depth -= 1 + (folds.pop() ?? 0);
    } else if (token.text === "," || token.text === ";") {
      depth -= folds[inner] ?? 0;
      folds[inner] = 0;
    } else if (token.kind === "keyword" && token.text === "fold") {
      folds[inner] = (folds[inner] ?? 0) + 1;
      depth++;
    }
    if (depth <= MOST_BRACKETS || refused) return;
    refused = true;
    found.push(diagnose("ADK0116", token.span, { limit: MOST_BRACKETS }));
  });
  return found;
}

/** The first expression among these, in preorder, that lies deeper than the limit. */
export function treeNesting(roots: readonly Expression[]): Diagnostic | undefined {
  const stack = roots.map((expression) => ({ expression, depth: 1 })).reverse();
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    const { expression, depth } = entry;
    if (depth > MOST_LEVELS) return diagnose("ADK0116", expression.span, { limit: MOST_LEVELS });
    for (const child of childrenOf(expression).toReversed()) stack.push({ expression: child, depth: depth + 1 });
  }
  return undefined;
}
