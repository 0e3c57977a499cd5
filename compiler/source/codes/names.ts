/**
 * The diagnostics ADK02xx: names: unknown, hidden, declared twice, imported.
 * In: the data of each code. Out: its texts. One entry is one variant; see entry.ts.
 */
import { alternatives, entry, quoted } from "./entry.ts";

const didYouMean = (nearest: string | undefined): string | undefined =>
  nearest === undefined ? undefined : `did you mean ${quoted(nearest)}?`;

/** Names in one hint. */
const MOST_LISTED = 12;

export const names = {
  ADK0201: entry<{ name: string; nearest?: string }>({
    severity: "error",
    message: ({ name }) => `${quoted(name)} is not known here`,
    expected: () => "a name that is declared in this file, imported, or standard",
    found: ({ name }) => quoted(name),
    hint: ({ nearest }) => didYouMean(nearest),
  }),
  ADK0202: entry<{ name: string; line: number }>({
    severity: "error",
    message: ({ name }) => `${quoted(name)} is declared twice in one scope`,
    found: ({ line }) => `its first declaration at line ${line}`,
    hint: () => "give one of the two another name",
  }),
  ADK0203: entry<{ label: string; line: number }>({
    severity: "error",
    message: ({ label }) => `the label ${quoted(label)} stands for two different quantities`,
    expected: ({ line }) => `the expression and arguments that it has at line ${line}`,
    hint: () => "use another label, or write the same expression",
  }),
  ADK0204: entry<{ name: string; what: string; place: string; seenIn: string; hint: string }>({
    severity: "error",
    message: ({ name, what, place }) => `${what} ${quoted(name)} is not seen in ${place}`,
    expected: ({ what, seenIn }) => `${what} is seen in ${seenIn}`,
    hint: ({ hint }) => hint,
  }),
  ADK0205: entry<{ cycle: readonly string[] }>({
    severity: "error",
    message: ({ cycle }) => `${quoted(cycle[0] ?? "")} is defined in terms of itself`,
    found: ({ cycle }) => cycle.join(" → "),
    hint: () => "recursion is refused: repeat a fixed number of times with `fold(h = h0 for t in T) …`",
  }),
  ADK0206: entry<{ path: string; standard: readonly string[] }>({
    severity: "error",
    message: ({ path }) => `there is no file ${quoted(path)} to import from`,
    hint: ({ standard }) =>
      `paths begin with ${quoted("./")}, or name a standard library: ` +
      `${alternatives(standard.map((s) => quoted(`std/${s}`)))}`,
  }),
  ADK0207: entry<{ name: string; path: string; nearest?: string; declared: readonly string[] }>({
    severity: "error",
    message: ({ name, path }) => `${quoted(path)} declares no ${quoted(name)}`,
    hint: ({ nearest, declared }) => {
      if (nearest !== undefined) return didYouMean(nearest);
      if (declared.length === 0) return "it declares nothing";
      const shown = declared.slice(0, MOST_LISTED).map(quoted);
      if (declared.length > MOST_LISTED) shown.push(`${declared.length - MOST_LISTED} more`);
      return `it declares ${alternatives(shown, "and")}`;
    },
  }),
  ADK0208: entry<{ path: string }>({
    severity: "error",
    message: ({ path }) => `${quoted(path)} is a model, and only libraries are imported`,
    hint: () => "move what both files need into a file without `model`",
  }),
  ADK0209: entry<{ chain: readonly string[] }>({
    severity: "error",
    message: () => "this file imports itself",
    found: ({ chain }) => chain.join(" → "),
  }),
  ADK0210: entry<{ name: string; found: string; kernels: readonly string[] }>({
    severity: "error",
    message: ({ name }) => `${quoted(name)} is not a kernel`,
    expected: () => "the name of a `kernel`",
    found: ({ found }) => found,
    hint: ({ kernels }) =>
      kernels.length === 0
        ? "declare one: `kernel k(a, b) = rbf(a, b, 1)`"
        : `this file has ${alternatives(kernels.map(quoted), "and")}`,
  }),
  ADK0211: entry<{ declaration: string; missing: string; example: string }>({
    severity: "error",
    message: ({ declaration, missing }) => `${declaration} needs ${missing}, and this model has none`,
    hint: ({ example }) => `declare it: ${quoted(example)}`,
  }),
  ADK0212: entry<{ name: string; latents: readonly string[] }>({
    severity: "error",
    message: ({ name }) =>
      `without an expression, ${quoted(`predict ${name}`)} means the latent ${quoted(name)}, which does not exist`,
    hint: ({ name, latents }) =>
      latents.length === 0
        ? `write what is wanted: ${quoted(`predict ${name} : …`)}`
        : `write what is wanted, ${quoted(`predict ${name} : …`)}, or name a latent: ` +
          `${alternatives(latents.map(quoted))}`,
  }),
  ADK0213: entry<{ label: string; kind: string; line: number }>({
    severity: "error",
    message: ({ label, kind }) => `${quoted(label)} stands in two ${kind} declarations`,
    found: ({ line }) => `the first at line ${line}`,
    hint: () => "keep one of them, or give the second a label of its own",
  }),
  ADK0214: entry<{ what: string; line: number }>({
    severity: "error",
    message: ({ what }) => `a model has one ${what}`,
    found: ({ line }) => `another at line ${line}`,
    hint: () => "collect the coordinates of a point in one tensor: `input x : real[3]`, or name them: `input (x, t)`",
  }),
};
