/**
 * The golden operators under smooth kernels of a distance. In: golden values. Out: covariances and contractions within
 * their tolerances.
 */
import { testOperators } from "./operators.ts";

["rbf", "rbf-ard", "rational-quadratic"].forEach(testOperators);
