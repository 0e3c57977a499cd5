/**
 * The half-integer Matérn family: its values, and its expansion in elementary functions. In: orders and squared, scaled
 * distances. Out: what the table of primitives says of `matern`.
 */
import type { Expansion } from "./ops.ts";

/**
 * θ_n, the reverse Bessel polynomial: θ₀ = 1, θ₁ = z + 1, θ_n = (2n − 1) θ_{n−1} + z² θ_{n−2}; coefficients of z⁰ … zⁿ.
 */
export function reverseBessel(n: number): number[] {
  let [previous, current] = [[1], [1, 1]];
  if (n === 0) return previous;
  for (let k = 2; k <= n; k++) {
    const next = current.map((c) => (2 * k - 1) * c);
    previous.forEach((c, i) => {
      next[i + 2] = (next[i + 2] ?? 0) + c;
    });
    [previous, current] = [current, next];
  }
  return current;
}

/** Below this, members of the Matérn family that are infinite at 0 are taken as 0: see `matern`. */
export const MATERN_ZERO = 1e-120;

/**
 * The half-integer Matérn family M_m, ν = m + 1/2, as a function of w = z², z = √(2ν) d / l:
 * M_m = e^(−z) θ_m(z) / θ_m(0) for m ≥ 0 (1 at w = 0), and M_{−n} = e^(−z) θ_{n−1}(z) / z^(2n−1), which derivatives
 * of order above m reach. Those are infinite at 0 but always stand beside a factor that vanishes faster (the
 * smoothness check proves it), so they return 0 for w < 1e-120, where the product is 60 orders of magnitude below
 * its neighbours; nearer still, M_{−3}, which order 6 of M₃ reaches, would leave the range of doubles.
 */
export function matern(m: number, w: number): number {
  if (m < 0 && w < MATERN_ZERO) return 0;
  const z = Math.sqrt(w),
    theta = reverseBessel(m >= 0 ? m : -m - 1);
  const polynomial = theta.reduceRight((sum, c) => sum * z + c, 0);
  return (Math.exp(-z) * polynomial) / (m >= 0 ? theta[0]! : z ** (-2 * m - 1));
}

/** All orders of one distance share one square root z = √w and one exponential. */
export const expandMatern: Expansion = {
  to: ($, [, w], [m]) => {
    if (w === undefined || m === undefined || Number.isNaN(m)) return undefined;
    const z = $.pow(w, $.lit(0.5)),
      decay = $.map("exp", $.mul($.lit(-1), z)),
      theta = reverseBessel(m >= 0 ? m : -m - 1),
      scale = m >= 0 ? theta[0]! : 1;
    const polynomial = theta.reduceRight((sum, c) => $.add($.lit(c / scale), $.mul(z, sum)), $.lit(0));
    if (m >= 0) return $.mul(decay, polynomial);
    return $.map(
      "where",
      $.map("lt", w, $.lit(MATERN_ZERO)),
      $.lit(0),
      $.mul(decay, polynomial, $.pow(w, $.lit(m + 0.5))),
    );
  },
  flops: ([m]) => {
    const order = m === undefined || Number.isNaN(m) ? 0 : m;
    return 1 + 2 * (reverseBessel(order >= 0 ? order : -order - 1).length - 1) + (order < 0 ? 2 : 0);
  },
};
