/**
 * Models of the sGDML package as models of ours. In: the bytes of its file, a compiler. Out: a `Model` that predicts.
 * The file has no training points, only what is staged of them, and that becomes the tables of our predictor. The
 * package
 * sums over permutations where our kernel is their mean, and multiplies by a standard deviation: both go into
 * coefficients.
 */
import { amplificationOf } from "./amplification.ts";
import type { CompiledModel, StagedTraining } from "../compiled.ts";
import { DataError } from "../errors.ts";
import type { Compile } from "../model/model_file.ts";
import { Model } from "../model/model.ts";
import type { ModelState } from "../model/model.ts";
import { pairCount } from "./descriptor.ts";
import { readSgdml } from "./read.ts";
import type { SgdmlModel } from "./read.ts";
import { numbersOf, recognise } from "./recognise.ts";
import { sgdmlSpec } from "./spec.ts";
import { closure } from "../symmetry/group.ts";

/** Models of molecules larger than this would need more memory than a browser or a laptop has. */
const MAX_ATOMS = 512;

export interface Imported {
  readonly model: Model;
  /** What the file says beyond what a model holds; for people. */
  readonly source: SgdmlModel;
}

/**
 * Imports a trained sGDML model.
 * @param file its name, for messages
 * @param compile the compiler's `compile`
 * @throws DataError: not such a file, damaged, periodic, or permutations that are no group
 */
export function importSgdml(bytes: Uint8Array, file: string, compile: Compile): Imported {
  const source = readSgdml(bytes, file);
  const atoms = source.atoms.length;
  if (atoms > MAX_ATOMS)
    throw new DataError({ file, key: "z", expected: `at most ${MAX_ATOMS} atoms`, found: String(atoms) });
  requireGroup(source, file);
  const compiledFor = ({ order, perms }: Pick<SgdmlModel, "order" | "perms">): CompiledModel => {
    const bind = { N: { shape: [], data: Float64Array.of(atoms) }, perms: { shape: [order, atoms], data: perms } };
    return compile(sgdmlSpec(source.energies !== undefined), { name: "sgdml.adk", bind });
  };
  const compiled = compiledFor(source);
  const identity = { ...source, order: 1, perms: Float64Array.from({ length: atoms }, (_, i) => i) };
  const alone = source.order === 1 ? compiled : compiledFor(identity);
  const hyperparameters = { sigma: Float64Array.of(source.sigma) };
  const state: ModelState = {
    compiled,
    hyperparameters,
    offsets: { u: source.constant },
    training: {},
    tables: filler(compiled, source)(source),
    ...(source.lambda === undefined ? {} : { noise: source.lambda / source.order }),
    units: source.units,
    split: { train: source.train, validate: source.validate, test: [] },
    dataHash: "",
    frameHashes: { train: new Uint8Array(0), validate: new Uint8Array(0) },
    atoms: source.atoms,
    errors: {},
    amplifications: amplificationOf(alone, source, filler(alone, identity)),
    solver: "sgdml",
    residual: NaN,
  };
  return { model: new Model(state), source };
}

/** The sum over permutations is the same on both sides of the kernel for groups alone. */
function requireGroup({ perms, order, atoms }: SgdmlModel, file: string): void {
  const rows = Array.from({ length: order }, (_, p) =>
    Array.from(perms.subarray(p * atoms.length, (p + 1) * atoms.length)),
  );
  const group = closure(rows, atoms.length, order);
  if (group === undefined || group.length !== order) {
    throw new DataError({
      file,
      key: "perms",
      expected: "a group of permutations",
      found: `${order} that aren't closed under composition, or with one twice`,
    });
  }
}

/** Makes the tables of our predictor from a model's numbers; for all its training points or a part of them. */
export type Fill = (source: Pick<SgdmlModel, "count" | "descriptors" | "projected" | "energies">) => StagedTraining;

/**
 * E = c + std Σⱼ Σ_p (∂k·α_F + k α_E) in the package; E = c + Σⱼ 1/P Σ_p (−∂k·α + k α_E) here, since −∂u is observed.
 * So forces' coefficients are multiplied by −P std and energies' by P std.
 */
function filler(compiled: CompiledModel, whole: SgdmlModel): Fill {
  const observed = compiled.observations.map((item) => item.label);
  const pairs = pairCount(whole.atoms.length);
  const { layout, tables } = recognise(compiled, whole.atoms.length, { sigma: whole.sigma });
  const factor = whole.order * whole.std;
  return ({ count, descriptors, projected, energies }) => {
    const data = tables.map(({ entries }) => new Float64Array(count * entries.length));
    for (let j = 0; j < count; j++) {
      const numbers = numbersOf(
        descriptors.subarray(j * pairs, (j + 1) * pairs),
        projected.subarray(j * pairs, (j + 1) * pairs).map((value) => -factor * value),
      );
      tables.forEach(({ entries }, t) =>
        entries.forEach((entry, k) => {
          data[t]![j * entries.length + k] = entry.factor * numbers[entry.number]!;
        }),
      );
    }
    return {
      counts: Object.fromEntries(observed.map((label) => [label, count])),
      tables: Object.fromEntries(tables.map(({ name }, t) => [name, data[t]!])),
      coefficients: Object.fromEntries(
        layout.coefficients.map((label) => [label, Float64Array.from(energies ?? [], (value) => factor * value)]),
      ),
    };
  };
}
