/**
 * Words that no name of ours may be in a JavaScript module. In: nothing. Out: the one list of them.
 * The language's words, strict mode and modules included; the globals that printed text refers to; helpers; and what
 * the texts of modules declare beside their kernels.
 */
import { ops } from "../ir/ops.ts";

const LANGUAGE = (
  "arguments as async await break case catch class const continue debugger default delete do else enum eval export " +
  "extends false finally for from function get if implements import in instanceof interface let new null of package " +
  "private protected public return set static super switch this throw true try typeof undefined var void while with yield"
).split(" ");

const GLOBALS = (
  "Math NaN Infinity Number Object Array ArrayBuffer Reflect URL Promise Error RangeError TypeError globalThis process " +
  "Float64Array Int32Array Uint8Array atob fetch string number boolean any unknown never"
).split(" ");

/** What modules and predictors declare, and the names in the bodies of their functions. */
const MODULE = (
  "float64 gemm groups defaults pointSize parametersOf pointsOf groupOf componentsOf covariances contractions " +
  "covariance contract meta parameters offsets weights layout read load staged single prepare evaluate predict " +
  "predictInto predictBatch points point count out args label given values rows cols Prediction Predictions Group " +
  "Points Parameters"
).split(" ");

/** The function that a call of a primitive names: of a helper, or a global's member. */
const helpers = Object.values(ops).flatMap(({ spelling }) => (spelling.call === undefined ? [] : [spelling.call]));

export const RESERVED: ReadonlySet<string> = new Set([...LANGUAGE, ...GLOBALS, ...MODULE, ...helpers]);
