/**
 * Models of ours as files of the sGDML package. In: a trained model of sGDML's kernel. Out: the bytes of an `.npz`.
 * Descriptors and projected coefficients come from training points, or from the tables of an imported model; then the
 * package's own formula must give the model's predictions at a few molecules, or the model is refused.
 */
import type { Tensor } from "../compiled.ts";
import { OptionError } from "../errors.ts";
import type { Model } from "../model/model.ts";
import type { NpyArray } from "../data/npy.ts";
import { writeNpz } from "../data/npz.ts";
import { describe, geometryOf, pairCount, project } from "./descriptor.ts";
import { pairPermutations, predictSgdml } from "./formula.ts";
import type { Numbers } from "./formula.ts";
import { recognise } from "./recognise.ts";

/** The package whose files these are. */
const CODE_VERSION = "1.0.3";
/** Molecules at which formula and model are compared. */
const CHECKS = 3;

/**
 * The file of the package for a model of its kernel: Matérn-5/2 of inverse distances, averaged over permutations.
 * @throws OptionError naming what the package can't express
 */
export function exportSgdml(model: Model): Uint8Array {
  const { state, compiled, units } = model;
  const atoms = compiled.input.shape[0] ?? 0;
  if (compiled.input.shape.length !== 2 || compiled.input.shape[1] !== 3 || atoms < 2)
    refuse(`a function of molecules [N, 3], not of points [${compiled.input.shape.join(", ")}]`);
  const z = state.atoms;
  if (z?.length !== atoms) return refuse("atomic numbers: train on data that have z");
  const numbers = numbersOfModel(model, atoms);
  compare(model, numbers, atoms);
  const { order, count, sigma } = numbers;
  const whole = (data: ArrayLike<number>, shape: readonly number[] = [data.length]): NpyArray => ({
    shape,
    data: Float64Array.from(data),
    dtype: "<i8",
  });
  const real = (data: Float64Array, shape: readonly number[]): NpyArray => ({ shape, data, dtype: "<f8" });
  const text = (value: string): NpyArray => ({ shape: [], data: [value], dtype: "<U" });
  const pairs = pairCount(atoms);
  const lambda = typeof state.noise === "number" ? state.noise * order : undefined;
  const entries: [string, NpyArray][] = [
    ["type", text("m")],
    ["code_version", text(CODE_VERSION)],
    ["dataset_name", text(compiled.name)],
    ["dataset_theory", text("unknown")],
    ["solver_name", text("analytic")],
    ["z", whole(z)],
    ["idxs_train", whole(state.split.train)],
    ["md5_train", text(state.dataHash.slice(0, 32))],
    ["idxs_valid", whole(state.split.validate)],
    ["md5_valid", text(state.dataHash.slice(0, 32))],
    ["n_test", whole([0], [])],
    ["R_desc", real(transposed(numbers.descriptors, count, pairs), [pairs, count])],
    ["R_d_desc_alpha", real(numbers.projected, [count, pairs])],
    ...(numbers.energies === undefined ? [] : [["alphas_E", real(numbers.energies, [count])] as [string, NpyArray]]),
    ["c", real(Float64Array.of(numbers.constant), [])],
    ["std", real(Float64Array.of(numbers.std), [])],
    ["sig", Number.isInteger(sigma) ? whole([sigma], []) : real(Float64Array.of(sigma), [])],
    ...(lambda === undefined ? [] : [["lam", real(Float64Array.of(lambda), [])] as [string, NpyArray]]),
    ["perms", whole(numbers.perms, [order, atoms])],
    ["tril_perms_lin", whole(linear(pairPermutations(numbers.perms, order, atoms), order, pairs))],
    ["use_E", whole([1], [])],
    ...Object.entries(units).map(([key, value]): [string, NpyArray] => [key, text(value)]),
  ];
  return writeNpz(entries);
}

/** The package's flat permutation of tiled descriptors: permutations fastest. */
function linear(gather: Int32Array, order: number, pairs: number): number[] {
  return Array.from(
    { length: order * pairs },
    (_, k) => gather[(k % order) * pairs + Math.floor(k / order)]! + (k % order) * pairs,
  );
}

function transposed(data: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(data.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = data[r * columns + c]!;
  return out;
}

/** The numbers of the package's formula; std is 1, and the mean over permutations becomes a sum. */
function numbersOfModel(model: Model, atoms: number): Numbers {
  const { compiled, state } = model;
  const scalars = compiled.parameters.filter((item) => item.shape.length === 0);
  const sigma = (scalars.find((item) => item.name === "sigma") ?? (scalars.length === 1 ? scalars[0] : undefined))
    ?.name;
  if (sigma === undefined) return refuse("one length scale, called sigma");
  const permutations = permutationsOf(compiled.bindings, atoms);
  const offsets = Object.values(state.offsets);
  if (offsets.length > 1) refuse("one constant of energy");
  const common = { ...permutations, sigma: state.hyperparameters[sigma]![0]!, std: 1, constant: offsets[0] ?? 0 };
  const factor = 1 / permutations.order;
  return {
    ...common,
    ...(state.tables === undefined ? fromPoints(model, atoms, factor) : fromTables(model, atoms, factor)),
  };
}

function permutationsOf(
  bindings: Readonly<Record<string, Tensor>>,
  atoms: number,
): { perms: Float64Array; order: number } {
  const isPermutations = ({ shape, data }: Tensor): boolean =>
    shape.length === 2 &&
    shape[1] === atoms &&
    Array.from({ length: shape[0]! }, (_, p) => data.subarray(p * atoms, (p + 1) * atoms)).every(
      (row) => new Set(row).size === atoms && row.every((i) => Number.isInteger(i) && i >= 0 && i < atoms),
    );
  const found = Object.values(bindings).find(isPermutations);
  return found === undefined
    ? { perms: Float64Array.from({ length: atoms }, (_, i) => i), order: 1 }
    : { perms: found.data, order: found.shape[0]! };
}

type Part = Pick<Numbers, "count" | "descriptors" | "projected" | "energies">;

/** Observed groups by what they are: forces [N, 3], energies a scalar. */
function groupsOf(model: Model, atoms: number): { forces?: string; energy?: string } {
  const labels = Object.keys(model.state.tables?.counts ?? model.state.training);
  const shapeOf = (label: string): string => model.compiled.groups[label]!.shape.join();
  const forces = labels.filter((label) => shapeOf(label) === `${atoms},3`);
  const energies = labels.filter((label) => shapeOf(label) === "");
  if (forces.length + energies.length < labels.length || forces.length > 1 || energies.length > 1)
    refuse(`training on forces and energies alone, not on ${labels.join(", ")}`);
  return {
    ...(forces[0] === undefined ? {} : { forces: forces[0] }),
    ...(energies[0] === undefined ? {} : { energy: energies[0] }),
  };
}

/**
 * The package takes forces and energies at the same molecules; where they differ, each has its own rows, the other's
 * being 0.
 */
function fromPoints(model: Model, atoms: number, factor: number): Part {
  const groups = groupsOf(model, atoms);
  const size = 3 * atoms;
  const pairs = pairCount(atoms);
  const forces = groups.forces === undefined ? undefined : model.training[groups.forces]!;
  const energy = groups.energy === undefined ? undefined : model.training[groups.energy]!;
  const shared =
    forces !== undefined &&
    energy !== undefined &&
    forces.points.x.length === energy.points.x.length &&
    forces.points.x.every((value, i) => value === energy.points.x[i]);
  const rows = [
    ...(forces === undefined ? [] : [forces.points.x]),
    ...(energy === undefined || shared ? [] : [energy.points.x]),
  ];
  const count = rows.reduce((sum, x) => sum + x.length / size, 0);
  const descriptors = new Float64Array(count * pairs);
  const projected = new Float64Array(count * pairs);
  const energies = new Float64Array(count);
  let at = 0;
  for (const x of rows) {
    for (let j = 0; j < x.length / size; j++, at++) {
      const molecule = x.subarray(j * size, (j + 1) * size);
      descriptors.set(describe(molecule, atoms), at * pairs);
      if (x === forces?.points.x)
        projected.set(
          project(molecule, forces.coefficients.subarray(j * size, (j + 1) * size), atoms).map(
            (value) => -factor * value,
          ),
          at * pairs,
        );
      if (x === energy?.points.x || shared) energies[at] = factor * energy!.coefficients[j]!;
    }
  }
  return { count, descriptors, projected, ...(energy === undefined ? {} : { energies }) };
}

function fromTables(model: Model, atoms: number, factor: number): Part {
  const { compiled, state } = model;
  const tables = state.tables!;
  const groups = groupsOf(model, atoms);
  const label = groups.forces;
  if (label === undefined) return refuse("training on forces");
  const count = tables.counts[label]!;
  const pairs = pairCount(atoms);
  const recognised = recognise(compiled, atoms, model.parameters).tables.filter((table) => table.label === label);
  const read = (first: number, scale: number): Float64Array => {
    const out = new Float64Array(count * pairs);
    for (let d = 0; d < pairs; d++) {
      const table = recognised.find(({ entries }) => entries.some(({ number }) => number === first + d));
      const k = table?.entries.findIndex(({ number }) => number === first + d) ?? -1;
      if (table === undefined) return refuse("tables of descriptors and of projected coefficients");
      for (let j = 0; j < count; j++)
        out[j * pairs + d] =
          (scale * tables.tables[table.name]![j * table.entries.length + k]!) / table.entries[k]!.factor;
    }
    return out;
  };
  const energies =
    groups.energy === undefined ? undefined : tables.coefficients[groups.energy]!.map((value) => factor * value);
  return {
    count,
    descriptors: read(0, 1),
    projected: read(pairs, -factor),
    ...(energies === undefined ? {} : { energies }),
  };
}

/** Refuses a model whose predictions aren't those of the package's formula. */
function compare(model: Model, numbers: Numbers, atoms: number): void {
  const { compiled } = model;
  const labelOf = (shape: string): string | undefined =>
    compiled.predictions.find((item) => item.shape.join() === shape && item.arguments.length === 0)?.label;
  const [energy, forces] = [labelOf(""), labelOf(`${atoms},3`)];
  if (energy === undefined && forces === undefined) refuse("predictions of energy or forces");
  const pairs = pairCount(atoms);
  const tolerance = Math.max(1e-9, 1e-12 * model.amplification);
  for (let k = 0; k < Math.min(CHECKS, numbers.count); k++) {
    const j = Math.floor((k * numbers.count) / CHECKS);
    // Off the training points, where a wrong kernel can't hide behind its fit.
    const x = geometryOf(numbers.descriptors.subarray(j * pairs, (j + 1) * pairs), atoms).map(
      (value, i) => value * (1 + 0.01 * Math.sin(i + 1)),
    );
    const own = model.predict(x);
    const theirs = predictSgdml(numbers, x, atoms);
    const scale = theirs.forces.reduce((best, value) => Math.max(best, Math.abs(value)), 1);
    const near = (a: number, b: number, size: number): boolean =>
      Math.abs(a - b) <= tolerance * Math.max(size, Math.abs(b));
    const isSame =
      (energy === undefined || near(own[energy]![0]!, theirs.energy, scale)) &&
      (forces === undefined || theirs.forces.every((value, i) => near(own[forces]![i]!, value, scale)));
    if (!isSame)
      refuse(
        "the package's kernel (Matérn-5/2 of inverse distances, permutations averaged) and forces −∇u: " +
          `${compiled.name}'s predictions are others`,
      );
  }
}

function refuse(expected: string): never {
  throw new OptionError(`--format sgdml: expected ${expected}; the sGDML package has no other models`);
}
