/**
 * Sizes while they are unbound: polynomials over dims, integer constants, loop variables and unknown lengths.
 * In: integer arithmetic of a spec. Out: polynomials that compare, print and bound themselves.
 * Equal polynomials are equal sizes; a difference that holds a length nobody knows yet is left to lowering, where
 * every size is a number.
 */

/** A symbol of a polynomial. `loop` runs from 0 to below `extent`; `opaque` is a whole number known only when bound. */
export interface Atom {
  readonly id: string;
  readonly kind: "dim" | "opaque" | "loop";
  readonly text: string;
  readonly extent?: Size;
}

interface Monomial {
  readonly coefficient: number;
  readonly atoms: readonly Atom[];
}

export interface Size {
  readonly terms: readonly Monomial[];
}

const keyOf = (atoms: readonly Atom[]): string => atoms.map((a) => a.id).join("*");

function collect(monomials: Iterable<Monomial>): Size {
  const sums = new Map<string, Monomial>();
  for (const m of monomials) {
    const key = keyOf(m.atoms),
      known = sums.get(key);
    sums.set(key, { coefficient: (known?.coefficient ?? 0) + m.coefficient, atoms: m.atoms });
  }
  const terms = [...sums].filter(([, m]) => m.coefficient !== 0);
  terms.sort(([a, m], [b, n]) => n.atoms.length - m.atoms.length || (a < b ? -1 : 1));
  return { terms: terms.map(([, m]) => m) };
}

export const sizeOf = (value: number): Size => ({ terms: value === 0 ? [] : [{ coefficient: value, atoms: [] }] });
export const atomSize = (atom: Atom): Size => ({ terms: [{ coefficient: 1, atoms: [atom] }] });
export const addSizes = (...sizes: readonly Size[]): Size => collect(sizes.flatMap((s) => s.terms));
export const scaleSize = (s: Size, by: number): Size =>
  collect(s.terms.map((m) => ({ ...m, coefficient: m.coefficient * by })));
export const subtractSizes = (a: Size, b: Size): Size => addSizes(a, scaleSize(b, -1));
export function multiplySizes(a: Size, b: Size): Size {
  return collect(
    a.terms.flatMap((m) =>
      b.terms.map((n) => ({
        coefficient: m.coefficient * n.coefficient,
        atoms: [...m.atoms, ...n.atoms].sort((x, y) => (x.id < y.id ? -1 : x.id > y.id ? 1 : 0)),
      })),
    ),
  );
}
/** The quotient where every coefficient divides; otherwise undefined. */
export function divideSize(s: Size, by: number): Size | undefined {
  if (by === 0 || s.terms.some((m) => !Number.isInteger(m.coefficient / by))) return undefined;
  return { terms: s.terms.map((m) => ({ ...m, coefficient: m.coefficient / by })) };
}
export const productOf = (sizes: readonly Size[]): Size => sizes.reduce(multiplySizes, sizeOf(1));

/** The number that a polynomial without symbols is. */
export function numberOf(s: Size): number | undefined {
  if (s.terms.length === 0) return 0;
  const [only] = s.terms;
  return s.terms.length === 1 && only!.atoms.length === 0 ? only!.coefficient : undefined;
}

const atomsOf = (s: Size): Atom[] => s.terms.flatMap((m) => m.atoms);
export const hasLoops = (s: Size): boolean => atomsOf(s).some((a) => a.kind === "loop");

/** Made of numbers and dims alone. */
export const isDecided = (s: Size): boolean => atomsOf(s).every((a) => a.kind === "dim");

/** Whether two sizes agree; `undecided` where that turns on lengths that only binding tells. */
export function compareSizes(a: Size, b: Size): "same" | "different" | "undecided" {
  const difference = subtractSizes(a, b);
  if (difference.terms.length === 0) return "same";
  return atomsOf(difference).some((x) => x.kind !== "dim") ? "undecided" : "different";
}

/** Whether a size is above zero whatever the dims are: every one of them is at least 1. */
export function provablyPositive(s: Size): boolean {
  const constant = s.terms.find((m) => m.atoms.length === 0)?.coefficient ?? 0;
  const others = s.terms.filter((m) => m.atoms.length > 0);
  if (others.some((m) => m.coefficient < 0 || m.atoms.some((a) => a.kind !== "dim"))) return false;
  return constant + others.reduce((sum, m) => sum + m.coefficient, 0) > 0;
}

/**
 * The least and the greatest value over all loop variables, both attained; undefined where a variable stands in
 * two terms or a coefficient's sign is open, for then a bound would only be a guess.
 */
export function boundsOf(s: Size): { least: Size; greatest: Size } | undefined {
  const loops = atomsOf(s).filter((a) => a.kind === "loop");
  if (new Set(loops.map((a) => a.id)).size !== loops.length || atomsOf(s).some((a) => a.kind === "opaque"))
    return undefined;
  const extreme = (pick: (coefficient: number) => boolean): Size =>
    addSizes(
      ...s.terms.map((m) =>
        m.atoms.reduce((product, atom) => {
          if (atom.kind !== "loop" || atom.extent === undefined) return multiplySizes(product, atomSize(atom));
          return multiplySizes(product, pick(m.coefficient) ? addSizes(atom.extent, sizeOf(-1)) : sizeOf(0));
        }, sizeOf(m.coefficient)),
      ),
    );
  return { least: extreme((c) => c < 0), greatest: extreme((c) => c > 0) };
}

function printMonomial(m: Monomial): string {
  const factors = m.atoms.map((a) => a.text),
    c = Math.abs(m.coefficient);
  return factors.length === 0 ? String(c) : (c === 1 ? factors : [String(c), ...factors]).join(" * ");
}

/** The polynomial as a spec would write it. */
export function printSize(s: Size): string {
  if (s.terms.length === 0) return "0";
  return s.terms
    .map((m, n) => (m.coefficient < 0 ? (n === 0 ? "-" : " - ") : n === 0 ? "" : " + ") + printMonomial(m))
    .join("");
}

/** Identifies a size among those of one check: printing may show two symbols alike, this does not. */
export const sizeKey = (s: Size): string => s.terms.map((m) => `${m.coefficient}*${keyOf(m.atoms)}`).join("+");
