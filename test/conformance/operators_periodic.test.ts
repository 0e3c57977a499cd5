/**
 * The golden operators under a periodic kernel. In: golden values. Out: covariances and contractions within their
 * tolerances.
 */
import { testOperators } from "./operators.ts";

["periodic"].forEach(testOperators);
