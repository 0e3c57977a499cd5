/**
 * Programs made fit for a target. In: a program as it was laid out, and the passes of a target. Out: the program that
 * runs: what is verified, counted, interpreted and printed is this one, and no printer changes it any more.
 */
import { through, type PassListener, type Pass } from "../opt/trace.ts";
import { countStatements } from "./count.ts";
import { collapseLoops, hoistIndices } from "./indices.ts";
import type { Program } from "./loop.ts";
import { simplify } from "./simplify.ts";
import { verifyProgram } from "./verify.ts";

/** What programs are made for. */
export interface Target {
  readonly passes: readonly Pass<Program>[];
  /** Hears of every pass. */
  readonly listen?: PassListener;
}

const repairs: readonly Pass<Program>[] = [
  { name: "simplify", because: "an entry read only in the turn that writes it is a scalar", run: simplify },
];

/** For readers, and for what programs are compared with: what every target begins with. */
export const PLAIN: Target = { passes: repairs };

/** For engines of scalar code, which neither join loops nor move what an offset owes to outer loops. */
export const SCALAR: Target = {
  passes: [
    ...repairs,
    { name: "collapse", because: "a short loop around a store costs more than the store", run: collapseLoops },
    { name: "offsets", because: "offsets are worked out before innermost loops, once", run: hoistIndices },
  ],
};

/** A program through the passes of a target. Throws an Error where the result breaks a rule of Loop. */
export function legalise(p: Program, { passes, listen }: Target): Program {
  const size = ({ body }: Program): number => countStatements(body);
  const made = through(passes, p, listen && { listen, subject: p.name, unit: "statements", size });
  verifyProgram(made);
  return made;
}
