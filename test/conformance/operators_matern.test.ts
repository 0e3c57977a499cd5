/**
 * The golden operators under kernels of a distance that are rough where points meet. In: golden values. Out:
 * covariances and contractions within their tolerances.
 */
import { testOperators } from "./operators.ts";

["matern12", "matern32", "matern52", "sum-rbf-matern52"].forEach(testOperators);
