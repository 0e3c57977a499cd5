/** The golden operators under kernels of a distance. In: golden values. Out: covariances and contractions within their tolerances. */
import { testOperators } from "./operators.ts";

["rbf", "rbf-ard", "matern12", "matern32", "matern52", "rational-quadratic"].forEach(testOperators);
