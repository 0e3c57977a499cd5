/** The golden operators under other kernels, sums and products. In: golden values. Out: covariances and contractions within their tolerances. */
import { testOperators } from "./operators.ts";

["linear", "polynomial3", "polynomial4", "periodic", "sum-rbf-matern52", "prod-rbf-poly2"].forEach(testOperators);
