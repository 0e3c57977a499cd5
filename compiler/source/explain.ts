/**
 * Why parsing failed, for people. In: the place of the failure. Out: one diagnostic.
 * The parser knows which tokens could have stood at the farthest place that it reached. A list of rules, the most
 * telling first, looks at these, at the token found and at the one before it; the last rule fits everything.
 */
import type { Opened } from "./codes/syntax.ts";
import { diagnose, type Diagnostic } from "./diagnostic.ts";
import { hintFor } from "./hints.ts";
import { nearest } from "./nearest.ts";
import { closerOf, describe, gap, isCloser, placeOf, type Failed, type Place } from "./place.ts";
import { positionOf } from "./span.ts";
import { declarationWords, type Token } from "./tokens.ts";

type Rule = (place: Place) => Diagnostic | undefined;

const isComparison = (token: Token): boolean => /^([<>]=?|[=!]=)$/.test(token.text);

/** The diagnostic of a failure, and the offset that says which declaration it spoils. */
export function explain(failed: Failed): { readonly diagnostic: Diagnostic; readonly offset: number } {
  const place = placeOf(failed);
  const { start, end } = place.found.span;
  for (const rule of rules) {
    const diagnostic = rule(place);
    if (diagnostic === undefined) continue;
    // The beginning of a declaration spoils the one before, which isn't complete, unless it is no beginning.
    return { diagnostic, offset: diagnostic.code === "ADK0117" ? end : start };
  }
  return { diagnostic: outOfPlace(place), offset: start };
}

function endsOperand(token: Token | undefined): boolean {
  return token !== undefined && (token.kind === "name" || token.kind === "number" || isCloser(token));
}

function beginsOperand(token: Token): boolean {
  return token.kind === "name" || token.kind === "number" || (token.kind === "sign" && token.text in closerOf);
}

const unknownDeclaration: Rule = ({ expected, found, sameLine }) => {
  if (!expected.has("a declaration") || found.kind !== "name" || sameLine) return undefined;
  const near = nearest(found.text, declarationWords);
  return diagnose("ADK0117", found.span, { word: found.text, ...(near === undefined ? {} : { nearest: near }) });
};

const reservedWord: Rule = ({ expected, found, over, sameLine }) => {
  if (!expected.has("a name") || found.kind !== "keyword" || (over && !sameLine)) return undefined;
  return diagnose("ADK0104", found.span, { word: found.text });
};

const wrongEquals: Rule = ({ expected, found }) => {
  if (found.text === "=" && expected.comparison)
    return diagnose("ADK0115", found.span, { wrong: "=", place: "comparison" });
  if (found.text !== "==" || !expected.has("`=`") || expected.comparison) return undefined;
  return diagnose("ADK0115", found.span, { wrong: "==", place: "definition" });
};

const chainedComparison: Rule = ({ expected, found, before }) => {
  if (!isComparison(found) || !expected.logical || expected.comparison) return undefined;
  const first = before.findLast(isComparison);
  return diagnose("ADK0108", found.span, { first: first?.text ?? "<", second: found.text });
};

const missingSemicolon: Rule = (place) => {
  const { expected, found, sameLine } = place;
  if (!expected.has("`;`") || (sameLine && beginsOperand(found))) return undefined;
  if (found.text !== "," && !isCloser(found) && found.text !== "let" && !place.over && sameLine) return undefined;
  return diagnose("ADK0107", gap(place), { found: describe(place) });
};

const juxtaposition: Rule = ({ expected, found, previous, over }) => {
  if (!expected.has("an operator") || over || previous === undefined) return undefined;
  if (!endsOperand(previous) || !beginsOperand(found)) return undefined;
  const short = previous.kind !== "sign" && found.text !== "{" && found.text !== "[";
  const right = found.text === "(" ? "(…)" : found.text;
  return diagnose("ADK0109", found.span, {
    left: previous.text,
    right: found.text,
    ...(short ? { product: `${previous.text} * ${right}` } : {}),
  });
};

const unclosed: Rule = (place) => {
  const { expected, found, open, over } = place;
  if (open === undefined || !expected.has(`\`${closerOf[open.text] ?? ""}\``) || !(over || isCloser(found)))
    return undefined;
  const opened: Opened = { bracket: open.text, ...positionOf(open.span.source, open.span.start) };
  return diagnose("ADK0102", over ? gap(place) : found.span, { opened, found: describe(place) });
};

const closesNothing: Rule = ({ found, open }) =>
  isCloser(found) && open === undefined ? diagnose("ADK0103", found.span, { bracket: found.text }) : undefined;

const unfinished: Rule = (place) =>
  place.over && place.previous !== undefined ? diagnose("ADK0121", gap(place), account(place)) : undefined;

const outOfPlace = (place: Place): Diagnostic => diagnose("ADK0101", place.found.span, account(place));

function account(place: Place): { expected: readonly string[]; found: string; hint?: string } {
  const hint = hintFor(place);
  return { expected: place.expected.phrases, found: describe(place), ...(hint === undefined ? {} : { hint }) };
}

const rules: readonly Rule[] = [
  unknownDeclaration,
  reservedWord,
  wrongEquals,
  chainedComparison,
  missingSemicolon,
  juxtaposition,
  unclosed,
  closesNothing,
  unfinished,
];
