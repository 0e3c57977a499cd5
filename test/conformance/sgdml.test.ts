/**
 * Force fields against the sGDML package's own. In: its training sets, kernel matrices and predictions. Out: the same.
 * The package sums over permutations where the spec averages, and divides the values by their standard deviation s,
 * which changes neither system nor noise: λ of the mean is λ of the sum over the number of permutations.
 */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile, type Compiled } from "../../compiler/index.ts";
import { fit } from "../../runtime/index.ts";
import { Workspace } from "./commands.ts";
import { deviation, difference, flat, golden, goldenBytes, type Nested } from "./golden.ts";

interface Reference {
  readonly inputs: {
    readonly R_train: readonly Nested[];
    readonly F_train: readonly Nested[];
    readonly E_train: readonly number[];
    readonly R_test: readonly Nested[];
    readonly sig: number;
    readonly lam: number;
    readonly perms: readonly (readonly number[])[];
    readonly n_atoms: number;
    readonly idxs_train_in_dataset: readonly number[];
    readonly dataset_file: string;
  };
  readonly expected: {
    readonly E_pred: readonly number[];
    readonly F_pred: Nested;
    readonly std: number;
    readonly alphas_F: readonly number[];
    readonly alphas_E: readonly number[] | null;
    readonly descriptors: readonly (readonly number[])[];
    readonly kernel_matrix: Nested;
    readonly kernel_matrix_n_geometries: number;
  };
  readonly rtol: {
    readonly F_pred: number;
    readonly E_pred_abs: number;
    readonly kernel_matrix: number;
    readonly descriptors: number;
    readonly alphas: number;
  };
}

const example = readFileSync(new URL("../../examples/specs/sgdml.adk", import.meta.url), "utf8");
/** Energies observed beside forces: a spec of the same kernel. */
const withEnergies = example.replace("observe forces", 'observe energy : u    from "E"   noise 1e-10\nobserve forces');
const bindings = ({ inputs }: Reference): { bind: Record<string, unknown> } => ({
  bind: { N: inputs.n_atoms, perms: inputs.perms },
});
const compiledFor = (reference: Reference, spec: string): Compiled => compile(spec, bindings(reference) as never);

let workspace: Workspace;
beforeAll(() => {
  workspace = new Workspace();
});
afterAll(() => {
  workspace.remove();
});

const cases: readonly (readonly [string, string])[] = [
  ["sgdml-ethanol-F", example],
  ["sgdml-ethanol-EF", withEnergies],
  ["sgdml-malonaldehyde-F", example],
];

describe.each(cases)("%s", (file, spec) => {
  const reference = golden<Reference>(file),
    { inputs, expected, rtol } = reference;
  const noise = inputs.lam / inputs.perms.length,
    sigma = inputs.sig;

  it("has the package's kernel matrix, whose signs are its own", () => {
    const x = flat(inputs.R_train.slice(0, expected.kernel_matrix_n_geometries));
    const compiled = compiledFor(reference, spec),
      labels = expected.alphas_E === null ? ["forces"] : ["forces", "energy"];
    const sign = (label: string): number => (label === "forces" ? 1 : -1);
    const size = (label: string): number =>
      expected.kernel_matrix_n_geometries * (label === "forces" ? 3 * inputs.n_atoms : 1);
    const blocks = labels.map((row) => labels.map((col) => compiled.covariance(row, x, col, x, { sigma })));
    const rows = labels.flatMap((row, r) =>
      Array.from({ length: size(row) }, (_, i) =>
        labels.flatMap((col, c) =>
          [...blocks[r]![c]!.subarray(i * size(col), (i + 1) * size(col))].map(
            (entry) => -inputs.perms.length * sign(row) * sign(col) * entry,
          ),
        ),
      ),
    );
    expect(deviation(flat(rows), flat(expected.kernel_matrix))).toBeLessThan(rtol.kernel_matrix);
  });

  it("has the package's forces, energies and coefficients", () => {
    const data = { R: inputs.R_train, F: inputs.F_train, E: inputs.E_train };
    const model = fit(compiledFor(reference, spec), data as never, { noise, parameters: { sigma } });
    const { forces, energy } = model.predict(flat(inputs.R_test));
    expect(deviation(forces!, flat(expected.F_pred))).toBeLessThan(rtol.F_pred);
    expect(difference(energy!, expected.E_pred)).toBeLessThan(rtol.E_pred_abs);
    // α stands beside −∇ₓ′ of the mean over permutations here, the package's beside s ∇ₓ′ of their sum; energies beside
    // s k of it.
    const scale = -expected.std * inputs.perms.length;
    expect(
      deviation(
        model.training["forces"]!.coefficients,
        expected.alphas_F.map((a) => a * scale),
      ),
    ).toBeLessThan(rtol.alphas);
    if (expected.alphas_E !== null)
      expect(
        deviation(
          model.training["energy"]!.coefficients,
          expected.alphas_E.map((a) => -a * scale),
        ),
      ).toBeLessThan(rtol.alphas);
  });

  it("has them by the commands, from the package's own data set", async () => {
    const model = await workspace.fit(
      file,
      workspace.put(`${file}.adk`, spec),
      workspace.put(inputs.dataset_file, goldenBytes(inputs.dataset_file)),
      "--bind",
      `perms=@${workspace.put("perms.json", inputs.perms)}`,
      "--noise",
      String(noise),
      "--set",
      `sigma=${sigma}`,
      "--train-indexes",
      workspace.put("train.json", inputs.idxs_train_in_dataset),
    );
    const said = await workspace.predict(model, { R: inputs.R_test });
    expect(deviation(flat(said["forces"]!), flat(expected.F_pred))).toBeLessThan(rtol.F_pred);
    expect(difference(flat(said["energy"]!), expected.E_pred)).toBeLessThan(rtol.E_pred_abs);
  });

  it("has the package's descriptors, in its order of pairs", () => {
    // The package takes pairs (1, 0), (2, 0), (2, 1), … where the spec has (0, 1), (0, 2), …: no kernel can tell. Seen
    // as a prior mean.
    const n = inputs.n_atoms,
      pairs = Array.from({ length: n }, (_, i) => Array.from({ length: i }, (_, j) => [i, j] as const)).flat();
    const text =
      `model Descriptors\ndim N\ninput R : real[N, 3]\nkernel k(R, S) = rbf(R, S, 1)\n` +
      `D : real[${pairs.length}] ~ GP(k, mean = [1 / norm(R[i] - R[j]) for i in N, j in N if j < i])\nobserve D : D\n`;
    const first = flat(inputs.R_train.slice(0, expected.descriptors.length));
    const found = compile(text, { bind: { N: n } }).mean("D", first);
    expect(deviation(found, expected.descriptors.flat())).toBeLessThan(rtol.descriptors);
  });
});
