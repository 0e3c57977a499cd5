/**
 * The permutations under which a molecule's energy doesn't change, from its geometries. In: a trajectory. Out: a group.
 * As in sGDML (Chmiela et al. 2019): pairs of geometries are matched; a minimum spanning tree over the costs keeps the
 * matchings that can be trusted, between near neighbours; and the permutations on its edges generate the group.
 */
import { run } from "../fit/steps.ts";
import type { Steps } from "../fit/steps.ts";
import { compareLists, PermutationGroup } from "./group.ts";
import type { Permutation } from "./group.ts";
import { matcherSteps } from "./match.ts";
import type { Matcher } from "./match.ts";

/** The group found in a data set. */
export interface Symmetry {
  readonly atoms: number;
  readonly order: bigint;
  readonly generators: readonly Permutation[];
  /** Atoms that the group takes to each other; single atoms too. */
  readonly orbits: readonly (readonly number[])[];
  readonly group: PermutationGroup;
}

/** A group has its elements listed where it has no more than this. */
export const LISTED = 100;
/** A fit enumerates a group of at most this many elements. */
export const ENUMERATED = 10_000;

/**
 * Finds the group, without a pause.
 * @param x [geometries, atoms, 3]
 * @param z [atoms]: atoms with different numbers are never exchanged
 */
export const findSymmetry = (x: Float64Array, z: ArrayLike<number>): Symmetry => run(symmetrySteps(x, z));

/** The same in steps, with progress: a step is one geometry, or one pair of them. */
export function* symmetrySteps(x: Float64Array, z: ArrayLike<number>): Steps<Symmetry> {
  const matcher = yield* matcherSteps(x, z);
  const generators = yield* treePermutations(matcher);
  const group = new PermutationGroup(generators, z.length);
  return { atoms: z.length, order: group.order, generators: group.generators, orbits: group.orbits(), group };
}

/** The permutations on the edges of the minimum spanning tree (Prim), each once, in order. */
function* treePermutations(matcher: Matcher): Steps<Permutation[]> {
  const { count } = matcher;
  const found = new Map<string, Permutation>();
  const cost = new Float64Array(count).fill(Infinity);
  const edge = new Array<Permutation | undefined>(count);
  const inTree = new Uint8Array(count);
  const total = (count * (count - 1)) / 2;
  let done = 0;
  let last = 0;
  for (let added = 1; added < count; added++) {
    inTree[last] = 1;
    let nearest = -1;
    for (let j = 0; j < count; j++) {
      if (inTree[j] === 1) continue;
      done++;
      // Most pairs are too far apart, however matched, to be an edge of the tree.
      if (matcher.bound(last, j) < cost[j]!) {
        const match = matcher.match(last, j);
        if (match.cost < cost[j]!) {
          cost[j] = match.cost;
          edge[j] = match.permutation;
        }
        yield { phase: "symmetry", done, total };
      }
      if (nearest < 0 || cost[j]! < cost[nearest]!) nearest = j;
    }
    const permutation = edge[nearest];
    if (permutation !== undefined) found.set(permutation.join(), permutation);
    last = nearest;
  }
  return [...found.values()].sort(compareLists);
}
