/**
 * FCHL19 with the kernel of like atoms against QML's Fortran. In: ethanol geometries, 9 atoms of 3 elements. Out:
 * covariances of
 * energies, and of energies with forces on either side, for two widths.
 */
import { describe, expect, it } from "vitest";
import { compile } from "../../compiler/index.ts";
import { specText } from "../loops/support.ts";
import { deviation, flat, golden, type Nested } from "./golden.ts";

interface Reference {
  readonly inputs: { readonly z: readonly number[]; readonly X_1: readonly Nested[]; readonly X_2: readonly Nested[] };
  /** Rows: energies and forces of X_2; columns: the energy and forces of X_1. */
  readonly expected: readonly { readonly sigma: number; readonly gp_kernel: readonly (readonly number[])[] }[];
  readonly rtol: { readonly value: number };
}

const {
  inputs: { z, X_1, X_2 },
  expected,
  rtol: { value: rtol },
} = golden<Reference>("fchl19-kernel-ethanol");
const compiled = compile(specText("fchl19_gpr"), {
  name: "fchl19_gpr",
  bind: { N: z.length },
  resolve: (path) => specText(path.replace("./", "").replace(".adk", "")),
  tensors: (key) => (key === "z" ? { shape: [z.length], data: Float64Array.from(z) } : undefined),
});
const rows = flat(X_2),
  cols = flat(X_1),
  geometries = X_2.length,
  components = 3 * z.length;

describe.each(expected)("σ = $sigma", ({ sigma, gp_kernel: block }) => {
  it("gives energies", () => {
    const found = compiled.covariance("energy", rows, "energy", cols, { sigma });
    expect(
      deviation(
        found,
        block.slice(0, geometries).map((row) => row[0]!),
      ),
    ).toBeLessThan(rtol);
  });

  it("gives energies with forces", () => {
    const found = compiled.covariance("energy", rows, "forces", cols, { sigma });
    expect(
      deviation(
        found,
        block.slice(0, geometries).flatMap((row) => row.slice(1)),
      ),
    ).toBeLessThan(rtol);
  });

  it("gives forces with energies", () => {
    const found = compiled.covariance("forces", rows, "energy", cols, { sigma });
    expect(found).toHaveLength(geometries * components);
    expect(
      deviation(
        found,
        block.slice(geometries).map((row) => row[0]!),
      ),
    ).toBeLessThan(rtol);
  });
});
