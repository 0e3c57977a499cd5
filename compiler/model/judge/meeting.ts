/**
 * What a kernel does where its two points meet. In: an expression of the points a and b. Out: how many derivatives
 * exist there.
 * `exists` is proved: so many derivatives are there. `fails` is disproved: beyond it, one is not. Between the two
 * nothing is known.
 * Derivatives are lost in primitives alone: in a Matérn function, a root, an absolute value whose argument vanishes
 * when b is put
 * in the place of a. Whether it vanishes, and how fast, is seen in the expression or found at random points.
 */
import { partial } from "../../ad/jvp.ts";
import { algebra, build, children, dims, isAxis, isZero, open, replaceParams, type Expr } from "../../ir/expr.ts";
import { flops } from "../../ir/cost.ts";
import { interpret } from "../../ir/interpret.ts";
import { ops } from "../../ir/ops.ts";

/** Total orders of derivatives, both points taken together; Infinity for all. */
export interface Smoothness {
  readonly exists: number;
  readonly fails: number;
  readonly because?: string;
}

/** Not even continuous. */
const JUMPS = -1;

const smooth: Smoothness = { exists: Infinity, fails: Infinity };
type MapNode = Extract<Expr, { kind: "map" }>;

/** Expressions that cost more are not evaluated to find out how they vanish. */
const MOST_FLOPS = 5e4;

/** Reproducible numbers between 0.2 and 1.2 (Park and Miller's generator). */
export function randomNumbers(length: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return 0.2 + state / 2147483647;
  });
}

export class Meeting {
  private readonly a: Expr;
  private readonly b: Expr;
  /** Values of every other Param. */
  private readonly others: ReadonlyMap<Expr, { shape: readonly number[]; data: Float64Array }>;
  private readonly memo = new Map<Expr, Smoothness>();
  private readonly contains = new Map<Expr, { a: boolean; b: boolean }>();

  constructor(a: Expr, b: Expr, others: ReadonlyMap<Expr, { shape: readonly number[]; data: Float64Array }>) {
    this.a = a;
    this.b = b;
    this.others = others;
  }

  /** How smooth an expression is where b meets a. */
  of(e: Expr): Smoothness {
    const { a, b } = this.dependence(e);
    if (!a || !b) return smooth;
    let known = this.memo.get(e);
    if (!known) this.memo.set(e, (known = this.rule(e)));
    return known;
  }

  private dependence(e: Expr): { a: boolean; b: boolean } {
    let known = this.contains.get(e);
    if (!known) {
      const parts = children(e).map((c) => this.dependence(c));
      this.contains.set(
        e,
        (known = { a: e === this.a || parts.some((p) => p.a), b: e === this.b || parts.some((p) => p.b) }),
      );
    }
    return known;
  }

  private rule(e: Expr): Smoothness {
    switch (e.kind) {
      case "lit":
      case "param":
      case "table":
      case "delta":
        return smooth;
      case "sum":
      case "build":
        return this.of(open(e).body);
      case "at":
        return worst([e.tensor, ...e.indices.filter((i): i is Expr => !isAxis(i))].map((x) => this.of(x)));
      case "map":
        return this.primitive(e);
    }
  }

  private primitive(e: MapNode): Smoothness {
    // Conditions on both points are the writer's business.
    if (e.op === "where") return this.depends(e.args[0]!) ? smooth : worst(e.args.slice(1).map((x) => this.of(x)));
    const own = this.singularity(e),
      parts = e.args.map((x, n) => this.passedOn(e, n, this.of(x)));
    return e.op === "add" ? worst([own, this.added(e, parts)]) : worst([own, ...parts]);
  }

  private depends(e: Expr): boolean {
    const { a, b } = this.dependence(e);
    return a && b;
  }

  /** Rough terms of opposite signs may cancel: then nothing is disproved. */
  private added(e: MapNode, parts: readonly Smoothness[]): Smoothness {
    const together = worst(parts),
      rough = e.args.filter((_, n) => parts[n]!.fails === together.fails);
    const negative = rough.filter(
      (t) => t.kind === "map" && t.op === "mul" && t.args[0]!.kind === "lit" && t.args[0]!.value < 0,
    );
    return rough.length > 1 && negative.length > 0 && negative.length < rough.length
      ? { ...together, fails: Infinity }
      : together;
  }

  /** A rough argument makes the result rough, unless the derivative by it vanishes where points meet. */
  private passedOn(e: MapNode, n: number, x: Smoothness): Smoothness {
    if (x.fails === Infinity || e.op === "add") return x;
    // A function of what jumps jumps, whatever its derivative is at one of the values; a factor may take the jump away.
    if (x.exists === JUMPS && x.fails === 0 && e.op !== "mul") return x;
    const rate = this.values(partial(e, n));
    return rate?.every((v) => Math.abs(v) > 1e-12) ? x : { ...x, fails: Infinity };
  }

  /** What a primitive itself loses, by its entry in the table. */
  private singularity(e: MapNode): Smoothness {
    const { rough } = ops[e.op];
    if (!rough) return smooth;
    const literals = e.args.map((x) => (x.kind === "lit" ? x.value : NaN)),
      [x, y = x] = e.args;
    const power = rough.power(...literals);
    if (power === undefined) return smooth;
    const zero = rough.zeroOf(algebra, x!, y!),
      because = rough.because(...literals);
    if (Number.isNaN(power)) return this.vanishes(zero) === "no" ? smooth : { exists: 0, fails: Infinity, because };
    if (rough.jumps === true) return this.jump(zero, because);
    return this.power(zero, power, rough.least(...literals), because);
  }

  /** A value without a limit is not differentiated once. */
  private jump(zero: Expr, because: string): Smoothness {
    const vanishing = this.vanishes(zero);
    return vanishing === "no" ? smooth : { exists: JUMPS, fails: vanishing === "unknown" ? Infinity : 0, because };
  }

  /** s^p, s vanishing like t^n: at least `least`, which the primitive's domain demands. */
  private power(s: Expr, p: number, least: number, because: string): Smoothness {
    const vanishing = this.vanishes(s);
    if (vanishing === "no") return smooth;
    const derivatives = (n: number): number => (n * p > 0 ? Math.ceil(n * p) - 1 : -1);
    const exists = derivatives(least);
    if (vanishing === "unknown") return { exists, fails: Infinity, because };
    const n = vanishing,
      q = n * p,
      even = q > 0 && Math.abs(q / 2 - Math.round(q / 2)) < 1e-9;
    return { exists: Math.max(exists, derivatives(n)), fails: even ? Infinity : derivatives(n), because };
  }

  /** The order to which an expression vanishes where b meets a, in the entry where it does so most slowly. */
  private vanishes(s: Expr): number | "no" | "unknown" {
    if (!this.depends(s) || positive(s)) return "no";
    const [here, there] = [0, 0.4].map((t) => this.values(s, t));
    if (!here || !there) return "unknown";
    const zero = [...here].map((v, i) => Math.abs(v) <= 1e-13 * Math.abs(there[i]!) && there[i] !== 0);
    if (!zero.includes(true)) return "no";
    const [near, nearer] = [2e-3, 1e-3].map((t) => this.values(s, t)!);
    const orders = [...near!].flatMap((v, i) => (zero[i] ? [Math.log2(Math.abs(v / nearer![i]!))] : []));
    const n = Math.round(Math.min(...orders.filter(Number.isFinite)));
    return Number.isFinite(n) ? n : "unknown";
  }

  /** Every entry of an expression at a random point a, with b at the distance t from it in a random direction. */
  private values(s: Expr, t = 0): Float64Array | undefined {
    const spread = s.free.length === 0 ? s : build(s.free, s);
    const e = t === 0 ? replaceParams(spread, new Map([[this.b, this.a]])) : spread;
    if (isZero(e)) return new Float64Array(dims(e).reduce((p, d) => p * d, 1));
    if (flops(e) > MOST_FLOPS) return undefined;
    const shape = dims(this.a),
      length = shape.reduce((p, d) => p * d, 1);
    const point = randomNumbers(length, 20220211),
      direction = randomNumbers(length, 31415926);
    const inputs = new Map(this.others)
      .set(this.a, { shape, data: point })
      .set(this.b, { shape, data: point.map((v, i) => v + t * direction[i]!) });
    const found = interpret(e, inputs);
    return typeof found === "number" ? Float64Array.of(found) : found;
  }
}

/** The roughest. */
function worst(parts: readonly Smoothness[]): Smoothness {
  return parts.reduce((x, y) => {
    const exists = Math.min(x.exists, y.exists),
      fails = Math.min(x.fails, y.fails);
    const because =
      (y.fails < x.fails || (y.fails === x.fails && y.exists < x.exists) ? y : x).because ?? x.because ?? y.because;
    return { exists, fails, ...(because === undefined ? {} : { because }) };
  }, smooth);
}

/** Above zero whatever the Params are: a positive number plus squares. */
function positive(e: Expr): boolean {
  if (e.kind === "lit") return e.value > 0;
  if (e.kind !== "map") return false;
  if (e.op === "exp") return true;
  return e.op === "add" && e.args.some(positive) && e.args.every((x) => positive(x) || notNegative(x));
}
function notNegative(e: Expr): boolean {
  switch (e.kind) {
    case "lit":
      return e.value >= 0;
    case "sum":
      return notNegative(e.body);
    case "map":
      if (e.op === "mul") return e.args.every(notNegative);
      if (e.op === "pow") return e.args[1]!.kind === "lit" && e.args[1]!.value % 2 === 0;
      return positive(e) || e.op === "abs" || e.op === "matern" || (e.op === "add" && e.args.every(notNegative));
    default:
      return false;
  }
}
