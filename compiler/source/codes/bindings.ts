/**
 * The diagnostics ADK06xx: sizes, constants and parameters that must be bound.
 * In: the data of each code. Out: its texts. One entry is one variant; see entry.ts.
 */
import { alternatives, entry, quoted } from "./entry.ts";

export const bindings = {
  ADK0601: entry<{ missing: readonly string[] }>({
    severity: "error",
    message: ({ missing }) => `nothing binds ${alternatives(missing.map(quoted), "and")}`,
    expected: () => "a number for every size, and values for every constant",
    hint: ({ missing }) => `bind it with ${quoted(`--bind ${missing[0] ?? "N"}=…`)}, or give data that have it`,
  }),
  ADK0602: entry<{ name: string; expected: string; found: string }>({
    severity: "error",
    message: ({ name }) => `what is bound to ${quoted(name)} does not fit its declaration`,
    expected: ({ expected }) => expected,
    found: ({ found }) => found,
  }),
  ADK0603: entry<{ name: string; problem: string; hint: string }>({
    severity: "error",
    message: ({ name, problem }) => `${quoted(name)} is no group of permutations: ${problem}`,
    expected: () => "permutations of which any two, one after the other, give one of them",
    hint: ({ hint }) => hint,
  }),
  ADK0604: entry<{ dim: string; first: number; firstFrom: string; second: number; secondFrom: string }>({
    severity: "error",
    message: ({ dim }) => `the size ${quoted(dim)} is bound to two different numbers`,
    expected: ({ first, firstFrom }) => `${first}, from ${firstFrom}`,
    found: ({ second, secondFrom }) => `${second}, from ${secondFrom}`,
  }),
  ADK0605: entry<{ name: string; nearest?: string }>({
    severity: "error",
    message: ({ name }) => `there is no size or constant ${quoted(name)} to bind`,
    hint: ({ nearest }) =>
      nearest === undefined ? "dims and constants are bound; parameters are set" : `did you mean ${quoted(nearest)}?`,
  }),
  ADK0606: entry<{ name: string; expected: string; found: string }>({
    severity: "error",
    message: ({ name }) => `${quoted(name)} cannot have this value`,
    expected: ({ expected }) => expected,
    found: ({ found }) => found,
  }),
};
