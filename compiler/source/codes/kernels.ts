/**
 * The diagnostics ADK05xx: smoothness and symmetry of kernels.
 * In: the data of each code. Out: its texts. One entry is one variant; see entry.ts.
 */
import { alternatives, entry, quoted } from "./entry.ts";

export interface Roughness {
  readonly label: string;
  readonly kernel: string;
  readonly needed: number;
  readonly exists: number;
  readonly because: string;
  readonly wouldDo: readonly string[];
}

/** A quantity that the prior fixes: to zero, or to what the latents' means give. */
export interface Fixed {
  readonly label: string;
  readonly hasMean: boolean;
}
const fixed = ({ label, hasMean }: Fixed): string =>
  `the kernel leaves ${quoted(label)} no variance: it is ${hasMean ? "what the mean gives" : "0"} everywhere`;

const times = (n: number): string => `${n} derivative${n === 1 ? "" : "s"}`;
const wouldDo = ({ wouldDo: kernels }: Roughness): string => `${alternatives(kernels.map(quoted))} would do`;

export const kernels = {
  ADK0501: entry<Roughness>({
    severity: "error",
    message: ({ label, kernel }) => `${quoted(kernel)} is not smooth enough to observe ${quoted(label)}`,
    expected: ({ needed }) => `${times(needed)} of the kernel where its two points meet, half of them for each point`,
    found: ({ exists, because }) => `${exists}, because of ${because}`,
    hint: wouldDo,
  }),
  ADK0502: entry<Roughness & { highest: string }>({
    severity: "error",
    message: ({ label, kernel, highest }) =>
      `${quoted(kernel)} is not smooth enough to predict ${quoted(label)} from ${quoted(highest)}`,
    expected: ({ needed }) => `${times(needed)} of the kernel where its two points meet`,
    found: ({ exists, because }) => `${exists}, because of ${because}`,
    hint: wouldDo,
  }),
  ADK0503: entry<{ label: string; kernel: string; needed: number; because: string }>({
    severity: "warning",
    message: ({ label, kernel }) => `${quoted(kernel)} was not proved smooth enough for ${quoted(label)}`,
    expected: ({ needed }) => `${times(needed)} of the kernel where its two points meet`,
    found: ({ because }) => because,
    hint: () => "if you know that it is, nothing needs to be done",
  }),
  ADK0504: entry<{ kernel: string; forward: number; backward: number }>({
    severity: "error",
    message: ({ kernel }) => `${quoted(kernel)} is not symmetric in its two points`,
    expected: ({ kernel }) => `${kernel}(a, b) = ${kernel}(b, a)`,
    found: ({ kernel, forward, backward }) =>
      `${kernel}(a, b) = ${forward} and ${kernel}(b, a) = ${backward} at two random points`,
    hint: () =>
      "a covariance does not depend on the order of its points; average the kernel over the two orders, " +
      "or over a whole group of permutations",
  }),
  ADK0505: entry<Fixed & { excess: number }>({
    severity: "error",
    message: (about) => `${fixed(about)}, and its observed value is not`,
    expected: ({ hasMean }) => (hasMean ? "the value that the mean gives" : "0"),
    found: ({ excess, hasMean }) =>
      hasMean ? `one that differs by ${excess} at a random point` : `${excess} at a random point`,
    hint: () =>
      "no function that the kernel admits has this value; take a kernel that admits more (`rbf` does), " +
      "or observe something else",
  }),
  /** `use`: observed with data, observed with a value that was not found to differ, or predicted. */
  ADK0506: entry<Fixed & { use: "observed" | "valued" | "predicted" }>({
    severity: "warning",
    message: fixed,
    hint: ({ use }) =>
      ({
        observed: "observing it says nothing, and data that differ cannot be met",
        valued: "observing it says nothing; leave the line out, or take a kernel that admits more",
        predicted: "whatever is observed, this is what will be predicted",
      })[use],
  }),
};
