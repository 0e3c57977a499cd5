/**
 * The eight kinds of node and the table that makes equal terms one object (hash-consing).
 * In: the fields of a node. Out: the one node that has them. Constructors with algebra are in expr.ts.
 * Every node knows its free axes and a structural hash; the order of arguments follows the hash, so that the
 * text generated for a spec does not depend on what was compiled before it. Names of nodes live in names.ts.
 */
import type { Op } from "./ops.ts";

/**
 * An index variable with its range 0 … extent − 1. `level` 0: a free axis, unique; above: one of the canonical axes of
 * binders.
 * With a `size`, the extent is a symbolic number of points and `extent` only its nominal value, for costs.
 */
export interface Axis {
  readonly id: number;
  readonly extent: number;
  readonly name: string;
  readonly size?: string;
  readonly level: number;
  readonly hash: number;
  readonly axisHash: number;
}

/** What stands in an index: an axis, or an integer-valued scalar (a gather). */
export type Index = Axis | Expr;

interface Common {
  /** Tells nodes apart; what is generated doesn't depend on it. */
  readonly id: number;
  /** Of the structure but for which axes stand in it: renaming axes keeps the order of arguments. */
  readonly hash: number;
  /** Of the axes as well. */
  readonly axisHash: number;
  readonly free: readonly Axis[];
  /** The highest level among the binders inside. */
  readonly level: number;
  /**
   * Free axes of the Deltas that stand in linear position: such terms are kept in the open, where sums can eliminate
   * them.
   */
  readonly sparse: readonly Axis[];
}

export interface Lit extends Common {
  readonly kind: "lit";
  readonly value: number;
}
/** A runtime tensor. A dimension is a number, or the name of a symbolic number of points. */
export interface Param extends Common {
  readonly kind: "param";
  readonly name: string;
  readonly dims: readonly number[];
  readonly sizes: readonly (string | undefined)[];
}
/** A compile-time constant. */
export interface Table extends Common {
  readonly kind: "table";
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float64Array;
  /** 0, 1, 2, …: what an axis is as a number (`iota`). Nothing else is told by a table's name. */
  readonly isIota: boolean;
}
export interface MapNode extends Common {
  readonly kind: "map";
  readonly op: Op;
  readonly args: readonly Expr[];
}
export interface Sum extends Common {
  readonly kind: "sum";
  readonly axes: readonly Axis[];
  readonly body: Expr;
}
export interface Build extends Common {
  readonly kind: "build";
  readonly axes: readonly Axis[];
  readonly body: Expr;
  /** An array on purpose: its entries are read, though its body has Deltas that sums could eliminate. */
  readonly stored: boolean;
}
export interface At extends Common {
  readonly kind: "at";
  readonly tensor: Expr;
  readonly indices: readonly Index[];
}
export interface Delta extends Common {
  readonly kind: "delta";
  readonly i: Index;
  readonly j: Index;
}
export type Expr = Lit | Param | Table | MapNode | Sum | Build | At | Delta;

/** The fields that make up a node's identity, before interning. */
export type Fields =
  | Pick<Lit, "kind" | "value">
  | Pick<Param, "kind" | "name" | "dims" | "sizes">
  | Pick<Table, "kind" | "name" | "dims" | "data" | "isIota">
  | Pick<MapNode, "kind" | "op" | "args">
  | Pick<Sum, "kind" | "axes" | "body">
  | Pick<Build, "kind" | "axes" | "body" | "stored">
  | Pick<At, "kind" | "tensor" | "indices">
  | Pick<Delta, "kind" | "i" | "j">;

export const isAxis = (index: Index): index is Axis => !("kind" in index);
/** Whether a tensor holds the numbers of an axis: reading it at an index gives that index. */
export const isIota = (tensor: Expr): boolean => tensor.kind === "table" && tensor.isIota;

/** 53-bit mixing of a number or text into a hash: two 32-bit multiply-xorshift lanes. */
function mix(hash: number, value: number): number {
  let low = Math.imul((hash | 0) ^ (value | 0), 0x9e3779b1),
    high = Math.imul(Math.floor(hash / 4294967296) ^ Math.floor(value / 4294967296) ^ (low >>> 15), 0x85ebca6b);
  low ^= high >>> 13;
  high ^= low << 7;
  low = Math.imul(low, 0xc2b2ae35);
  high = Math.imul(high ^ (low >>> 16), 0x27d4eb2f);
  return (high & 0x1fffff) * 4294967296 + (low >>> 0);
}
const bits = new DataView(new ArrayBuffer(8));
function mixDouble(hash: number, value: number): number {
  bits.setFloat64(0, value);
  return mix(mix(hash, bits.getUint32(0)), bits.getUint32(4));
}
function mixText(hash: number, text: string): number {
  let h = mix(hash, text.length);
  for (let i = 0; i < text.length; i++) h = mix(h, text.charCodeAt(i));
  return h;
}

let created = 0;
/** A fresh axis; with a `size`, of a symbolic number of points. */
export function axis(extent: number, name = "a", size?: string): Axis {
  const hash = mixText(mix(1, extent), size ?? "");
  return {
    id: ++created,
    extent,
    name,
    level: 0,
    hash,
    axisHash: mixText(hash, name),
    ...(size === undefined ? {} : { size }),
  };
}

const canonical = new Map<string, Axis>();
/** The canonical axis of a binder at a level. */
export function canonicalAxis(like: Axis, level: number): Axis {
  const key = `${like.extent},${like.size ?? ""},${level}`;
  let found = canonical.get(key);
  if (!found) {
    const hash = mixText(mix(1, like.extent), like.size ?? "");
    found = {
      id: ++created,
      extent: like.extent,
      name: "a",
      level,
      hash,
      axisHash: mix(hash, level),
      ...(like.size === undefined ? {} : { size: like.size }),
    };
    canonical.set(key, found);
  }
  return found;
}

export const sameRange = (a: Axis, b: Axis): boolean => a.extent === b.extent && a.size === b.size;

/**
 * Canonical axes by what they are, for they are shared by everything that was ever compiled; free ones, of which each
 * is made once, by creation.
 */
export function axisOrder(a: Axis, b: Axis): number {
  if (a.level !== b.level) return a.level - b.level;
  if (a.level === 0) return a.id - b.id;
  const [p, q] = [a.size ?? "", b.size ?? ""];
  return a.extent - b.extent || (p === q ? 0 : p < q ? -1 : 1);
}

export function mergeAxes(...lists: (readonly Axis[])[]): readonly Axis[] {
  let merged: readonly Axis[] = [];
  for (const list of lists) {
    if (list.length === 0 || list === merged) continue;
    if (merged.length === 0) {
      merged = list;
      continue;
    }
    const extra = list.filter((a) => !merged.includes(a));
    if (extra.length > 0) merged = [...merged, ...extra].sort(axisOrder);
  }
  return merged;
}
const without = (list: readonly Axis[], axes: readonly Axis[]): readonly Axis[] =>
  list.some((a) => axes.includes(a)) ? list.filter((a) => !axes.includes(a)) : list;

export const freeOfIndex = (index: Index): readonly Axis[] => (isAxis(index) ? [index] : index.free);

/** The nodes directly inside. */
export function children(e: Expr | Fields): readonly Expr[] {
  switch (e.kind) {
    case "lit":
    case "param":
    case "table":
      return [];
    case "map":
      return e.args;
    case "sum":
    case "build":
      return [e.body];
    case "at":
      return [e.tensor, ...e.indices.filter((i): i is Expr => !isAxis(i))];
    case "delta":
      return [e.i, e.j].filter((i): i is Expr => !isAxis(i));
  }
}

function freeAxes(f: Fields): readonly Axis[] {
  switch (f.kind) {
    case "lit":
    case "param":
    case "table":
      return [];
    case "map":
      return mergeAxes(...f.args.map((a) => a.free));
    case "sum":
    case "build":
      return without(f.body.free, f.axes);
    case "at":
      return mergeAxes(f.tensor.free, ...f.indices.map(freeOfIndex));
    case "delta":
      return mergeAxes(freeOfIndex(f.i), freeOfIndex(f.j));
  }
}

function sparseAxes(f: Fields, free: readonly Axis[]): readonly Axis[] {
  switch (f.kind) {
    case "delta":
      return free;
    case "map":
      return f.op === "add" || f.op === "mul" ? mergeAxes(...f.args.map((a) => a.sparse)) : [];
    case "sum":
      return without(f.body.sparse, f.axes);
    default:
      return [];
  }
}

const isStored = (f: Fields): boolean => f.kind === "build" && f.stored;

function structuralHash(f: Fields, of: (x: Index) => number): number {
  const index = (h: number, i: Index): number => mix(h, of(i));
  switch (f.kind) {
    case "lit":
      return mixDouble(3, f.value);
    case "param":
      return f.dims.reduce(mix, mixText(4, f.name));
    case "table":
      return f.data.reduce(mixDouble, f.dims.reduce(mix, mixText(f.isIota ? 10 : 5, f.name)));
    case "map":
      return f.args.reduce(index, mixText(6, f.op));
    case "sum":
    case "build":
      return index(f.axes.reduce(index, mixText(isStored(f) ? 10 : 7, f.kind)), f.body);
    case "at":
      return f.indices.reduce(index, index(8, f.tensor));
    case "delta":
      return index(index(9, f.i), f.j);
  }
}

/** A hash of how an axis is used in a term, whatever it and the others are called. */
export function usageHash(a: Axis, e: Expr): number {
  const memo = new Map<Expr, number>();
  const of = (x: Index): number => {
    if (isAxis(x)) return x === a ? 2 : x.hash;
    if (!x.free.includes(a)) return x.hash;
    let known = memo.get(x);
    if (known === undefined) memo.set(x, (known = structuralHash(unordered(x), of)));
    return known;
  };
  const unordered = (x: Expr): Fields => {
    if (x.kind === "map" && (x.op === "add" || x.op === "mul"))
      return { ...x, args: [...x.args].sort((p, q) => of(p) - of(q)) };
    return x.kind === "delta" && of(x.i) > of(x.j) ? { ...x, i: x.j, j: x.i } : x;
  };
  return of(e);
}

/** A hash of a node's identity: of the very objects inside it. */
function identity(f: Fields, hash: number): number {
  const of = (h: number, x: { readonly id: number }): number => Math.imul(h ^ x.id, 0x9e3779b1) ^ (h >>> 13);
  switch (f.kind) {
    case "lit":
      return mixDouble(3, f.value) | 0;
    case "param":
    case "table":
      return hash | 0;
    case "map":
      return f.args.reduce(of, mixText(6, f.op) | 0);
    case "sum":
    case "build":
      return of(f.axes.reduce(of, f.kind === "sum" ? 71 : f.stored ? 73 : 72), f.body);
    case "at":
      return f.indices.reduce(of, of(8, f.tensor));
    case "delta":
      return of(of(9, f.i), f.j);
  }
}

const sameList = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a.length === b.length && a.every((x, n) => x === b[n]);
const sameData = (a: Float64Array, b: Float64Array): boolean =>
  a.length === b.length && a.every((x, n) => Object.is(x, b[n]));

function sameNode(e: Expr, f: Fields): boolean {
  switch (f.kind) {
    case "lit":
      return e.kind === "lit" && Object.is(e.value, f.value);
    case "param":
      return e.kind === "param" && e.name === f.name && sameList(e.dims, f.dims) && sameList(e.sizes, f.sizes);
    case "table":
      return (
        e.kind === "table" &&
        e.isIota === f.isIota &&
        e.name === f.name &&
        sameList(e.dims, f.dims) &&
        sameData(e.data, f.data)
      );
    case "map":
      return e.kind === "map" && e.op === f.op && sameList(e.args, f.args);
    case "sum":
    case "build":
      return e.kind === f.kind && e.body === f.body && sameList(e.axes, f.axes) && isStored(e) === isStored(f);
    case "at":
      return e.kind === "at" && e.tensor === f.tensor && sameList(e.indices, f.indices);
    case "delta":
      return e.kind === "delta" && e.i === f.i && e.j === f.j;
  }
}

/** Nodes by identity hash, held weakly: what nobody uses any more goes. */
const nodes = new Map<number, WeakRef<Expr>[]>();
const swept = new FinalizationRegistry<number>((hash) => {
  const left = nodes.get(hash)?.filter((r) => r.deref() !== undefined) ?? [];
  if (left.length > 0) nodes.set(hash, left);
  else nodes.delete(hash);
});
/** Calls of constructors and nodes made, for the growth tests. */
export const counters = { constructed: 0, created: 0 };

/** The node with these fields: the one that exists, or a new one. */
export function intern(fields: Fields): Expr {
  counters.constructed++;
  const isLeaf = fields.kind === "table" || fields.kind === "param";
  const key = identity(fields, isLeaf ? structuralHash(fields, (x) => x.hash) : 0);
  const bucket = nodes.get(key);
  if (bucket) {
    for (const reference of bucket) {
      const known = reference.deref();
      if (known && sameNode(known, fields)) return known;
    }
  }
  const node = create(fields);
  if (bucket) bucket.push(new WeakRef(node));
  else nodes.set(key, [new WeakRef(node)]);
  swept.register(node, key);
  return node;
}

function create(fields: Fields): Expr {
  counters.created++;
  const free = freeAxes(fields),
    inside = children(fields);
  const own = fields.kind === "sum" || fields.kind === "build" ? Math.max(0, ...fields.axes.map((a) => a.level)) : 0;
  const level = inside.reduce((top, c) => Math.max(top, c.level), own);
  const hash = structuralHash(fields, (x) => x.hash),
    axisHash = structuralHash(fields, (x) => x.axisHash);
  return { ...fields, id: ++created, hash, axisHash, free, level, sparse: sparseAxes(fields, free) } as Expr;
}

/** The shape of an expression; [] for a scalar. */
export function dims(e: Expr): readonly number[] {
  switch (e.kind) {
    case "param":
    case "table":
      return e.dims;
    case "build":
      return e.axes.map((a) => a.extent);
    default:
      return [];
  }
}
