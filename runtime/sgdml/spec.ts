/**
 * The specification of a model of the sGDML package. In: what it was trained on. Out: the text of the page.
 * The permutations act on the test point: the sum over a group is the same on either side, and so the tables of
 * training points are those that the package stores, one row a training point.
 */

/** The spec's text; `energies` says whether energies were observed beside forces. */
export const sgdmlSpec = (energies: boolean): string => `\
// A model that the sGDML package trained (Chmiela et al. 2019): its kernel, permutations and hyperparameters.
model sGDML

dim N, P
const perms : index[P, N] from symmetry
input R : real[N, 3]
param sigma = 10 > 0

fn inverse_distances(R : real[N, 3]) =
  [1 / norm(R[i] - R[j]) for i in N, j in N if i < j]

kernel k(R, S) =
  mean(matern52(inverse_distances(R[perms[p]]), inverse_distances(S), sigma) for p in P)

u ~ GP(k)

${energies ? 'observe energy : u     from "E"   noise 1e-10\n' : ""}observe forces : -∇u   from "F"   noise 1e-10
offset  energy : u     from "E"
predict energy : u
predict forces : -∇u
`;
