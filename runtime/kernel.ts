/**
 * Kernels as data, and how they run. In: a kernel's code and layout. Out: its stages as functions of sides.
 * The compiler makes kernels, the runtime sends them to threads, and both run them through this file alone; so where a
 * kernel runs changes no bit. The functions here go to other threads as text: each refers to nothing outside itself.
 */

/** Points of a side, with their number. */
export interface SideValues {
  readonly count: number;
  readonly x: Float64Array;
  /** Per-point arguments by name. */
  readonly arguments: Readonly<Record<string, Float64Array>>;
  /** Of a training side. */
  readonly coefficients?: Float64Array;
}
export type Values = Readonly<Record<string, number | Float64Array>>;

/** A number of entries: known, or the number of points of a side. */
export type Extent = number | { readonly side: number };

/** Where an argument of a stage comes from. Sides are numbered: the test side is 0, training sides follow. */
export type Origin =
  | { readonly kind: "count"; readonly side: number }
  | { readonly kind: "points"; readonly side: number }
  | { readonly kind: "argument"; readonly side: number; readonly name: string }
  | { readonly kind: "coefficients"; readonly side: number }
  | { readonly kind: "parameter"; readonly name: string }
  | { readonly kind: "offset"; readonly latent: string }
  | { readonly kind: "table"; readonly index: number };

/** A stage's arguments in order; arrays for its outputs, of these dimensions, follow them. */
export interface StageEntry {
  readonly inputs: readonly Origin[];
  readonly outputs: readonly (readonly Extent[])[];
}

export interface KernelLayout {
  /** Fills the tables, its outputs; absent where nothing can be prepared. */
  readonly prepare?: StageEntry;
  readonly evaluate: StageEntry;
}

/** What a backend made of a kernel's programs: the body of a function that returns the stages. */
export interface KernelCode {
  readonly target: "javascript";
  readonly text: string;
}

/** A kernel as data. */
export interface KernelArtifact {
  /** SHA-256 (hex) of the programs and their layout: equal names mean equal functions. */
  readonly name: string;
  readonly layout: KernelLayout;
  readonly code: KernelCode;
}

/** The stages as functions: arguments, then arrays for outputs. */
export interface StageFunctions {
  readonly prepare?: (...args: unknown[]) => void;
  readonly evaluate: (...args: unknown[]) => void;
}

/** A kernel that can be run. Sides: the test side, then the training sides. */
export interface RunnableKernel {
  /** The tables that training sides determine; the test side isn't read. */
  prepare(sides: readonly (SideValues | undefined)[], parameters: Values): Float64Array[];
  /** Arrays for the results, which are overwritten. */
  evaluate(
    sides: readonly SideValues[],
    parameters: Values,
    tables: readonly Float64Array[],
    offsets?: Readonly<Record<string, number>>,
  ): Float64Array[];
}

/**
 * Makes a kernel's functions. Throws Error where the place forbids code from text (a page's Content-Security-Policy
 * without `unsafe-eval`).
 */
export function instantiate({ code, layout }: Pick<KernelArtifact, "code" | "layout">): RunnableKernel {
  const functions = ((): StageFunctions => {
    try {
      return new Function(`"use strict";\n${code.text}`)() as StageFunctions;
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
      throw new Error(
        "the policy of this page (Content-Security-Policy without 'unsafe-eval') forbids kernels that are made while " +
          "it runs: write them to a module beforehand, with `adk compile` or, of a trained model, `adk export`, and " +
          "import that module here",
        { cause: error },
      );
    }
  })();
  type Sides = readonly (SideValues | undefined)[];
  const allocated = (stage: StageEntry, sides: Sides): Float64Array[] =>
    stage.outputs.map(
      (dims) =>
        new Float64Array(dims.reduce<number>((n, d) => n * (typeof d === "number" ? d : sides[d.side]!.count), 1)),
    );
  const givenValue = (
    origin: Origin,
    sides: Sides,
    parameters: Values,
    tables: readonly Float64Array[],
    offsets: Readonly<Record<string, number>>,
  ): unknown => {
    switch (origin.kind) {
      case "count":
        return sides[origin.side]!.count;
      case "points":
        return sides[origin.side]!.x;
      case "argument":
        return sides[origin.side]!.arguments[origin.name];
      case "coefficients":
        return sides[origin.side]!.coefficients;
      case "parameter":
        return parameters[origin.name];
      case "offset":
        return Object.hasOwn(offsets, origin.latent) ? offsets[origin.latent] : 0;
      case "table":
        return tables[origin.index];
    }
  };
  return {
    prepare: (sides, parameters) => {
      if (layout.prepare === undefined) return [];
      const tables = allocated(layout.prepare, sides);
      functions.prepare!(...layout.prepare.inputs.map((o) => givenValue(o, sides, parameters, [], {})), ...tables);
      return tables;
    },
    evaluate: (sides, parameters, tables, offsets = {}) => {
      const out = allocated(layout.evaluate, sides);
      const inputs = layout.evaluate.inputs.map((o) => givenValue(o, sides, parameters, tables, offsets));
      functions.evaluate(...inputs, ...out);
      return out;
    },
  };
}

/** A row-major matrix, transposed. */
export function transposed(matrix: Float64Array, rows: number): Float64Array {
  const cols = rows === 0 ? 0 : matrix.length / rows,
    out = new Float64Array(matrix.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = matrix[i * cols + j]!;
  return out;
}
