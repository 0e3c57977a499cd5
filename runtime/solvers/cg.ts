/**
 * Preconditioned conjugate gradients. In: products with K, the noise, right-hand sides, a preconditioner. Out: α.
 * The residual that the recurrence carries drifts from the true one where rounding is large, so it's replaced by the
 * true one now and then and before anything is called done; where that shows a drift, the search starts again from
 * there.
 *
 * Hestenes, Stiefel, J. Res. NBS 49 (1952) 409; β of Polak and Ribière, which forgives a preconditioner its rounding;
 * residual
 * replacement: van der Vorst, Ye, SIAM J. Sci. Comput. 22 (2000) 835.
 */
import { ConvergenceError } from "../errors.ts";
import type { Step, Steps } from "../fit/steps.ts";
import type { KernelProduct } from "./product.ts";
import { dot, norm } from "./vectors.ts";

/** Iterations between two looks at the true residual. */
const REPLACE = 50;
/** Iterations within which the smallest residual must halve; longer is a stall. */
const PATIENCE = 400;
/** New starts, at least, before one that led nowhere ends the search. */
const RESTARTS = 3;
/** Part of the true residual by which the recurrence's may differ from it. */
const DRIFT = 0.1;
/** A relative residual above which a search that rounding stopped is a failure. */
const FAR = 1e-3;

/** All that goes on from one iteration to the next. */
export interface CgState {
  readonly alpha: Float64Array;
  readonly residual: Float64Array;
  readonly direction: Float64Array;
  /** rᵀ P⁻¹ r. */
  energy: number;
  iterations: number;
  restarts: number;
  /** The smallest relative residual so far, and the iteration that first came to half of the one before. */
  best: number;
  since: number;
  /** Relative true residual at the last start. */
  started: number;
  /** The iteration after which the residual was last looked at, so that a search that is resumed looks at it once. */
  checked: number;
}

export interface CgRequest {
  /** K times a vector. */
  readonly product: Pick<KernelProduct, "apply">;
  readonly noise: Float64Array;
  readonly y: Float64Array;
  /** P⁻¹ r. */
  readonly precondition: (r: Float64Array, step: () => Step) => Steps<Float64Array>;
  /** ‖y − (K + noise) α‖ ÷ ‖y‖ to reach. */
  readonly tolerance: number;
  /** Iterations that are expected, for the time left. */
  readonly expected: number;
  readonly limit: number;
  readonly resume?: CgState | undefined;
  /** Called after each iteration, when the state is whole. */
  readonly pause?: ((state: CgState) => void) | undefined;
}

export interface CgResult {
  readonly alpha: Float64Array;
  /** y − (K + noise) α. */
  readonly rest: Float64Array;
  readonly iterations: number;
  /** The true relative residual. */
  readonly relative: number;
  readonly restarts: number;
  /** Rounding kept the residual above the tolerance. */
  readonly stalled: boolean;
}

/**
 * Solves (K + noise) α = y.
 * @throws ConvergenceError where the limit of iterations is reached first, or where rounding stops the search far from
 * its end
 */
export function* cgSteps(request: CgRequest): Steps<CgResult> {
  const { y, tolerance, limit, pause } = request;
  const scale = norm(y);
  if (scale === 0)
    return {
      alpha: new Float64Array(y.length),
      rest: new Float64Array(y.length),
      iterations: 0,
      relative: 0,
      restarts: 0,
      stalled: false,
    };
  const state = request.resume ?? (yield* beginSteps(request));
  for (;;) {
    const relative = norm(state.residual) / scale;
    if (state.checked < state.iterations) {
      const isStalled = note(state, relative);
      if (relative <= tolerance || isStalled || state.iterations % REPLACE === 0) {
        const verdict = yield* replaceSteps(request, state, scale, isStalled);
        if (verdict !== undefined) return verdict;
      }
      state.checked = state.iterations;
    }
    if (state.iterations >= limit) throw new ConvergenceError(state.iterations, relative, tolerance);
    yield* iterate(request, state, stepOf(request, state, relative));
    pause?.(state);
  }
}

function* beginSteps({ y, precondition, expected }: CgRequest): Steps<CgState> {
  const residual = y.slice();
  const direction = yield* precondition(residual, () => ({ phase: "conjugate gradients", done: 0, total: expected }));
  return {
    alpha: new Float64Array(residual.length),
    residual,
    direction,
    energy: dot(residual, direction),
    iterations: 0,
    restarts: 0,
    best: Infinity,
    since: 0,
    started: 1,
    checked: 0,
  };
}

/** Keeps the record of the smallest residual; says whether it has stopped falling. */
function note(state: CgState, relative: number): boolean {
  if (relative < state.best / 2) {
    state.best = relative;
    state.since = state.iterations;
  }
  return state.iterations - state.since >= PATIENCE;
}

/** How far the search is: by what is expected, then by how the residual's logarithm falls. */
function stepOf(
  { tolerance, expected }: CgRequest,
  { iterations, best }: CgState,
  relative: number,
): (part: number) => Step {
  const fallen = Math.log(Math.min(best, relative, 1)) / Math.log(Math.min(tolerance, 0.5));
  const total = iterations < 10 || fallen < 0.1 ? expected : iterations / Math.min(1, fallen);
  return (part) => ({
    phase: "conjugate gradients",
    done: iterations + part,
    total: Math.max(iterations + 1, Math.round(total)),
    note: `residual ${relative.toExponential(1)}`,
  });
}

/** One iteration, in place. */
function* iterate(
  { product, noise, precondition }: CgRequest,
  state: CgState,
  step: (part: number) => Step,
): Steps<void> {
  const { alpha, residual, direction } = state;
  const image = yield* product.apply(direction, step);
  for (let i = 0; i < image.length; i++) image[i]! += noise[i]! * direction[i]!;
  const curvature = dot(direction, image);
  // Rounding can leave a direction without curvature: the steepest descent is taken up again from here.
  const length = curvature > 0 ? dot(direction, residual) / curvature : 0;
  const before = residual.slice();
  for (let i = 0; i < image.length; i++) {
    alpha[i]! += length * direction[i]!;
    residual[i]! -= length * image[i]!;
  }
  const steepest = yield* precondition(residual, () => step(1));
  const energy = dot(steepest, residual);
  const beta = length === 0 ? 0 : Math.max(0, (energy - dot(steepest, before)) / state.energy);
  for (let i = 0; i < image.length; i++) direction[i] = steepest[i]! + beta * direction[i]!;
  state.energy = energy;
  state.iterations++;
}

/** The true residual takes the place of the recurrence's. A result where the search ends here. */
function* replaceSteps(
  request: CgRequest,
  state: CgState,
  scale: number,
  isStalled: boolean,
): Steps<CgResult | undefined> {
  const { product, noise, y, tolerance, precondition } = request;
  const step = stepOf(request, state, norm(state.residual) / scale);
  const image = yield* product.apply(state.alpha, step);
  const rest = y.map((value, i) => value - noise[i]! * state.alpha[i]! - image[i]!);
  const relative = norm(rest) / scale;
  const result = (stalled: boolean): CgResult => ({
    alpha: state.alpha,
    rest,
    iterations: state.iterations,
    relative,
    restarts: state.restarts,
    stalled,
  });
  if (relative <= tolerance) return result(false);
  const drift = norm(rest.map((value, i) => value - state.residual[i]!)) / scale;
  const isDone = norm(state.residual) / scale <= tolerance;
  state.residual.set(rest);
  if (!isDone && !isStalled && drift <= DRIFT * relative) return undefined;
  // The recurrence says nothing of the true residual any more: begin anew, unless the last start led nowhere.
  if (state.restarts >= RESTARTS && relative > state.started / 2) {
    if (relative > FAR) throw new ConvergenceError(state.iterations, relative, tolerance);
    return result(true);
  }
  state.direction.set(yield* precondition(rest, () => step(1)));
  state.energy = dot(rest, state.direction);
  state.restarts++;
  state.started = relative;
  state.best = relative;
  state.since = state.iterations;
  return undefined;
}
