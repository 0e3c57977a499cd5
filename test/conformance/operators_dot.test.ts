/**
 * The golden operators under kernels of a product of points. In: golden values. Out: covariances and contractions
 * within their tolerances.
 */
import { testOperators } from "./operators.ts";

["linear", "polynomial3", "polynomial4", "prod-rbf-poly2"].forEach(testOperators);
