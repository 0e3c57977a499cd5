/**
 * Values over loop variables. In: an expression known when compiling, and the axes it is wanted over. Out: its values,
 * row-major.
 * The interpreter does the work. A long axis that is only read through constant tables takes few different values:
 * those alone are
 * worked out (conditions on pairs of elements, for every feature of a descriptor).
 */
import { at, axis, build, children, isAxis, lit, replaceParams, table, type Axis, type Expr } from "../../ir/expr.ts";
import { numbersOf } from "./value.ts";

/** Every read of a vector at the axis; undefined where the axis is used in another way. */
function readsAt(e: Expr, p: Axis, found = new Set<Expr>(), seen = new Set<Expr>()): Set<Expr> | undefined {
  if (seen.has(e) || !e.free.includes(p)) return found;
  seen.add(e);
  if (e.kind === "at" && e.indices.includes(p)) {
    if (e.tensor.kind !== "table" || e.indices.length !== 1) return undefined;
    return found.add(e);
  }
  if (e.kind === "delta" && [e.i, e.j].some((i) => isAxis(i) && i === p)) return undefined;
  for (const c of children(e)) if (!readsAt(c, p, found, seen)) return undefined;
  return found;
}

interface Shortened {
  readonly axis: Axis;
  readonly e: Expr;
  readonly position: Int32Array;
}

/** The same expression over the different values that its reads at the axis take together. */
function shortened(e: Expr, p: Axis): Shortened | undefined {
  const reads = e.free.includes(p) ? readsAt(e, p) : new Set<Expr>();
  if (!reads) return undefined;
  const vectors = [...reads].flatMap((r) =>
    r.kind === "at" && r.tensor.kind === "table" ? [{ read: r, data: r.tensor.data }] : [],
  );
  const firsts: number[] = [],
    known = new Map<string, number>(),
    position = new Int32Array(p.extent);
  for (let n = 0; n < p.extent; n++) {
    const key = vectors.map((v) => v.data[n]).join();
    let place = known.get(key);
    if (place === undefined) known.set(key, (place = firsts.push(n) - 1));
    position[n] = place;
  }
  if (firsts.length === p.extent) return undefined;
  const q = axis(firsts.length, p.name);
  const by = new Map(
    vectors.map((v) => [
      v.read,
      firsts.length === 1
        ? lit(v.data[0]!)
        : at(
            table(
              "values",
              [firsts.length],
              firsts.map((n) => v.data[n]!),
            ),
            [q],
          ),
    ]),
  );
  return { axis: q, e: replaceParams(e, by), position };
}

/** The values of an expression without Params over the axes, which hold all its free ones. */
export function valuesOver(axes: readonly Axis[], e: Expr): Float64Array {
  let body = e;
  const places = axes.map((p) => {
    const short = shortened(body, p);
    if (!short) return { axis: p, position: undefined };
    body = short.e;
    return { axis: short.axis, position: short.position };
  });
  const values = numbersOf(
    build(
      places.map((p) => p.axis),
      body,
    ),
  );
  if (places.every((p) => p.position === undefined)) return values;
  return spread(axes, places, values);
}

function spread(
  axes: readonly Axis[],
  places: readonly { axis: Axis; position: Int32Array | undefined }[],
  values: Float64Array,
): Float64Array {
  const length = axes.reduce((product, a) => product * a.extent, 1);
  return Float64Array.from({ length }, (_, n) => {
    let rest = n,
      offset = 0,
      stride = 1;
    for (let k = axes.length - 1; k >= 0; k--) {
      const along = rest % axes[k]!.extent,
        place = places[k]!;
      rest = Math.floor(rest / axes[k]!.extent);
      offset += stride * (place.position?.[along] ?? along);
      stride *= place.axis.extent;
    }
    return values[offset]!;
  });
}
