/**
 * The errors that the runtime throws at people. In: what was wrong, as data. Out: Error objects with readable messages.
 * Facts come first, as fields; the text is made of them in one place, so that commands can print either.
 */

/** What is wrong with a piece of data: where it stands, what was expected there, and what was found. */
export interface DataProblem {
  /** The file, or the name under which the data were handed in. */
  readonly file: string;
  /** The key within the file, such as `F` or `interior.x`. */
  readonly key?: string;
  /** The frame, point or entry, counted from 0, or the line, counted from 1, with the noun that names it. */
  readonly row?: number;
  readonly rowName?: "frame" | "point" | "line" | "entry";
  readonly expected: string;
  readonly found: string;
  /** A way out. */
  readonly hint?: string;
}

/** Data that can't be used as they are: refused before any work, with file, key and row. */
export class DataError extends Error {
  readonly problem: DataProblem;
  constructor(problem: DataProblem) {
    const place = [
      problem.file,
      problem.key,
      problem.row === undefined ? undefined : `${problem.rowName ?? "entry"} ${problem.row}`,
    ];
    const hint = problem.hint === undefined ? "" : `; ${problem.hint}`;
    super(
      `${place.filter((part) => part !== undefined).join(": ")}: expected ${problem.expected}, ` +
        `found ${problem.found}${hint}`,
    );
    this.name = "DataError";
    this.problem = problem;
  }
}

/** A model file that is damaged, of a newer format, or of another spec. */
export class ModelFileError extends Error {
  readonly file: string;
  constructor(file: string, message: string) {
    super(`${file}: ${message}`);
    this.name = "ModelFileError";
    this.file = file;
  }
}

/** An option of `fit`, `test` or `split` that doesn't fit the model or the data. */
export class OptionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "OptionError";
  }
}

/** The factorisation met a pivot that isn't positive; nothing is added to the diagonal behind the user's back. */
export class NotPositiveDefiniteError extends Error {
  /** Row of the pivot, from 0. */
  readonly index: number;
  /** The pivot's value: what is left of the diagonal entry; ≤ 0 or NaN. */
  readonly pivot: number;
  /** A noise variance that would probably do; an estimate, see `sufficientNoise`. */
  readonly noise: number;
  constructor(index: number, pivot: number, noise: number, where = `row ${index} of the matrix`) {
    super(
      `the covariance matrix isn't positive definite: pivot ${pivot.toExponential(2)} at ${where}. ` +
        `Expected a positive one; the observations there may repeat each other, or the noise is below rounding. ` +
        `A noise of about ${noise.toExponential(0)} should do`,
    );
    this.name = "NotPositiveDefiniteError";
    this.index = index;
    this.pivot = pivot;
    this.noise = noise;
  }
}

/** Conjugate gradients ended before the residual came down to the tolerance. */
export class ConvergenceError extends Error {
  readonly iterations: number;
  /** Relative residual that was reached. */
  readonly residual: number;
  constructor(iterations: number, residual: number, tolerance: number) {
    super(
      `conjugate gradients came to a residual of ${residual.toExponential(1)} in ${iterations} iterations; ` +
        `expected ${tolerance.toExponential(1)}. ` +
        "A larger noise, a larger tolerance, more memory (a larger rank of the preconditioner), " +
        "or the solver cholesky should do",
    );
    this.name = "ConvergenceError";
    this.iterations = iterations;
    this.residual = residual;
  }
}

/** Thrown between two pieces of work once the caller's AbortSignal is set. */
export class InterruptedError extends Error {
  constructor(phase: string) {
    super(`interrupted during ${phase}`);
    this.name = "InterruptedError";
  }
}
