/**
 * What a name is. In: a name and its context. Out: what it refers to, with its type.
 * Local names hide the file's, the file's hide the library's; the input, latents and parameters are seen only where
 * they mean something.
 */
import { nearest } from "../../source/nearest.ts";
import type { Span } from "../../source/span.ts";
import { knownNames, lookUp, type DeclaredName } from "../names/scope.ts";
import type { Typed } from "../tree.ts";
import { unknown } from "../types/type.ts";
import { fault, findLocal, localNames, type Context } from "./context.ts";
import { declaredValue } from "./declared_value.ts";

export function inferName(text: string, span: Span, context: Context): Typed {
  const local = findLocal(context.locals, text);
  if (local) return { kind: "local", local, span, type: local.type };
  const found = lookUp(context.file, text);
  if (!found) {
    if (!context.file.broken.has(text)) {
      const near = nearest(text, [...localNames(context.locals), ...knownNames(context.file)]);
      fault(context, "ADK0201", span, { name: text, ...(near === undefined ? {} : { nearest: near }) });
    }
    return { kind: "wrong", parts: [], span, type: unknown };
  }
  if (found.kind === "builtin")
    return {
      kind: "function",
      span,
      type: { kind: "function", callable: { kind: "builtin", builtin: found.builtin } },
    };
  return declaredName(found.declared, span, context);
}

const inputSeen = "`observe`, `offset`, `predict`, `mean =` and the functions that these call";
const latentsSeen = "the expressions of `observe`, `offset` and `predict`, and the functions that these call";

/** What hides a declaration from this place: what it is, where it is seen, a way out. */
function hiddenHere({ declaration }: DeclaredName, { sees }: Context): readonly [string, string, string] | undefined {
  switch (declaration.kind) {
    case "input":
    case "coordinates":
      return sees.input ? undefined : ["the input", inputSeen, "give the point as an argument"];
    case "latent":
      return sees.latents ? undefined : ["the latent", latentsSeen, "give it as an argument, or move the expression"];
    case "param":
      return sees.parameters
        ? undefined
        : [
            "the parameter",
            "expressions that may change when parameters are tuned",
            "a `const` is known when compiling",
          ];
    default:
      return undefined;
  }
}

function declaredName(declared: DeclaredName, span: Span, context: Context): Typed {
  const { declaration, file } = declared;
  if (declaration.kind === "fn" || declaration.kind === "kernel")
    return { kind: "function", span, type: { kind: "function", callable: { kind: "declared", declaration, file } } };
  const hidden = hiddenHere(declared, context);
  if (!hidden) return { kind: "declared", declared, span, type: declaredValue(declared, context).type };
  const [what, seenIn, hint] = hidden;
  fault(context, "ADK0204", span, { name: declared.name.text, what, place: context.sees.place, seenIn, hint });
  return { kind: "declared", declared, span, type: unknown };
}
