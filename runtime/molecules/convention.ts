/**
 * The conventions of data of molecules: MD17's keys, units of length and energy, extended XYZ. In: nothing. Out: an
 * entry
 * of `conventions.ts`.
 */
import type { Convention } from "../data/convention.ts";
import type { Source } from "../data/frames.ts";
import { ATOMS, GEOMETRY, requireAtoms } from "./atoms.ts";
import { readExtxyz } from "./extxyz.ts";
import { factorOf } from "./units.ts";

export const MOLECULES: Convention = {
  formats: [{ ending: /\.(ext)?xyz$/i, read: readExtxyz }],
  pointKeys: [GEOMETRY],
  sharedKeys: [ATOMS],
  isPoint: (shape) => shape.length === 2 && shape[1] === 3,
  pointFactor: ({ length }) => length,
  valueFactor: factorOf,
  requirePoints: requireAtoms,
  notice: cellNotice,
};

/** What to say of a periodic cell in the data (`Lattice` of extended XYZ) where the model doesn't take it. */
function cellNotice({ compiled, dataset }: Source): string | undefined {
  const isTaken = Object.values(compiled.groups).some((group) =>
    group.arguments.some((item) => item.name === "Lattice"),
  );
  return isTaken || !dataset.entries.has("Lattice")
    ? undefined
    : `${dataset.name}: the model has no periodic cell: Lattice is left out`;
}
