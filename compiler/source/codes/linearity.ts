/**
 * The diagnostics ADK04xx: linearity in the latents.
 * In: the data of each code. Out: its texts. One entry is one variant; see entry.ts.
 */
import { entry, quoted } from "./entry.ts";

const linear = (): string => "an expression that is linear in the latents taken together";

export const linearity = {
  ADK0401: entry<{ operation: string }>({
    severity: "error",
    message: ({ operation }) => `${operation} of a latent is not linear in it`,
    expected: linear,
    hint: () =>
      "observations are sums of derivatives of latents with known coefficients: " +
      "the posterior is exact for nothing else",
  }),
  ADK0402: entry<{ operation: string }>({
    severity: "error",
    message: ({ operation }) => `${operation} multiplies latents with each other, which is not linear`,
    expected: linear,
    found: () => "a latent on both sides",
    hint: () => "one side must be known: numbers, parameters, and functions of the point",
  }),
  ADK0403: entry<{ operation: string }>({
    severity: "error",
    message: ({ operation }) => `${operation} adds something known to a latent: that is affine, not linear`,
    expected: linear,
    found: () => "a part without a latent",
    hint: () =>
      "write a known part of an observation right of `=`, and a known part of the latent into `GP(k, mean = …)`",
  }),
  ADK0404: entry<{ what: string; label: string; found: string }>({
    severity: "error",
    message: ({ what, label }) => `${what} ${quoted(label)} has no latent in it`,
    expected: linear,
    found: ({ found }) => found,
    hint: () => "what is known needs no model; an observed value stands right of `=`",
  }),
  ADK0405: entry<{ latent: string; point: string }>({
    severity: "error",
    message: ({ latent }) => `the latent ${quoted(latent)} is not called`,
    expected: () => "`at(L, p)`, the linear expression L at the point p",
    found: () => "a call",
    hint: ({ latent, point }) => `write ${quoted(`at(${latent}, ${point})`)}`,
  }),
  ADK0406: entry<{ found: string }>({
    severity: "error",
    message: () => "an offset fixes the constant of a scalar latent, standing alone",
    expected: () => "the name of a scalar latent",
    found: ({ found }) => found,
  }),
  ADK0407: entry<{ operation: string }>({
    severity: "error",
    message: ({ operation }) => `${operation} may not depend on a latent`,
    expected: () => "something known: numbers, parameters, and functions of the point",
    found: () => "an expression with a latent in it",
  }),
};
