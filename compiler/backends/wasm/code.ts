/**
 * Code as a tree: expressions of the three value types, and statements. In: calls of these constructors. Out: trees
 * that are
 * well typed because nothing else can be built. Control is structured: loops with a condition at their foot,
 * two-armed ifs, blocks to leave; the encoder never has to count labels by hand.
 */
import { LOADS, OPS, type STORES, type Load, type Op, type Store, type ValueType } from "./ops.ts";

export type Expr<T extends ValueType = ValueType> =
  | { readonly kind: "const"; readonly type: T; readonly value: number }
  | Local<T>
  | {
      readonly kind: "op";
      readonly type: T;
      readonly op: Op;
      readonly args: readonly Expr[];
      readonly lanes: readonly number[];
    }
  | {
      readonly kind: "load";
      readonly type: T;
      readonly op: Load;
      readonly address: Expr<"i32">;
      readonly offset: number;
    }
  | { readonly kind: "call"; readonly type: T; readonly callee: Func; readonly args: readonly Expr[] };

/** A parameter or variable of a function; as an expression, its value. */
export interface Local<T extends ValueType = ValueType> {
  readonly kind: "local";
  readonly type: T;
  readonly name: string;
  readonly index: number;
}

export type Stmt =
  | { readonly kind: "set"; readonly local: Local; readonly value: Expr }
  | {
      readonly kind: "store";
      readonly op: Store;
      readonly address: Expr<"i32">;
      readonly value: Expr;
      readonly offset: number;
    }
  | { readonly kind: "loop"; readonly body: readonly Stmt[]; readonly again: Expr<"i32"> }
  | {
      readonly kind: "if";
      readonly condition: Expr<"i32">;
      readonly body: readonly Stmt[];
      readonly otherwise: readonly Stmt[];
    }
  | { readonly kind: "return"; readonly value: Expr | undefined }
  | { readonly kind: "call"; readonly callee: Func; readonly args: readonly Expr[] };

/** A function: parameters come first among its locals. */
export interface Func {
  readonly name: string;
  readonly parameters: readonly Local[];
  readonly locals: readonly Local[];
  readonly result: ValueType | undefined;
  readonly body: readonly Stmt[];
}

type TypesOf<Args extends readonly ValueType[]> = { readonly [K in keyof Args]: Expr<Args[K]> };
type ArgsOf<O extends Op> = TypesOf<(typeof OPS)[O]["args"]>;
type ResultOf<O extends Op> = (typeof OPS)[O]["result"];

export const i32 = (value: number): Expr<"i32"> => ({ kind: "const", type: "i32", value });
export const f64 = (value: number): Expr<"f64"> => ({ kind: "const", type: "f64", value });

/** An instruction of the table applied to values of its types. */
export function op<O extends Op>(name: O, ...args: ArgsOf<O>): Expr<ResultOf<O>> {
  return { kind: "op", type: OPS[name].result as ResultOf<O>, op: name, args: args as readonly Expr[], lanes: [] };
}

/** Lane 0 or 1 of two doubles. */
export const lane = (vector: Expr<"v128">, index: 0 | 1): Expr<"f64"> => ({
  kind: "op",
  type: "f64",
  op: "f64x2.extract_lane",
  args: [vector],
  lanes: [index],
});

/** Two doubles picked from the four of a and b: lanes 0 and 1 of a, 2 and 3 of b. */
export function pick(a: Expr<"v128">, b: Expr<"v128">, lanes: readonly [number, number]): Expr<"v128"> {
  const bytes = lanes.flatMap((index) => Array.from({ length: 8 }, (_, byte) => 8 * index + byte));
  return { kind: "op", type: "v128", op: "i8x16.shuffle", args: [a, b], lanes: bytes };
}

type LoadType<O extends Load> = (typeof LOADS)[O]["type"];
/** Reads memory at address + offset bytes. */
export const load = <O extends Load>(name: O, address: Expr<"i32">, offset = 0): Expr<LoadType<O>> => ({
  kind: "load",
  type: LOADS[name].type as LoadType<O>,
  op: name,
  address,
  offset,
});

/** Writes memory at address + offset bytes. */
export const store = <O extends Store>(
  name: O,
  address: Expr<"i32">,
  value: Expr<(typeof STORES)[O]["type"]>,
  offset = 0,
): Stmt => ({ kind: "store", op: name, address, value, offset });

export const set = <T extends ValueType>(local: Local<T>, value: Expr<T>): Stmt => ({ kind: "set", local, value });
/** Runs the body, and again as long as the condition holds after it. */
export const loop = (body: readonly Stmt[], again: Expr<"i32">): Stmt => ({ kind: "loop", body, again });
export const when = (condition: Expr<"i32">, body: readonly Stmt[], otherwise: readonly Stmt[] = []): Stmt => ({
  kind: "if",
  condition,
  body,
  otherwise,
});
export const give = (value?: Expr): Stmt => ({ kind: "return", value });

/** A call as a statement; throws TypeError unless the types are those of the function. */
export function call(callee: Func, ...args: readonly Expr[]): Stmt {
  const expected = callee.parameters.map((p) => p.type).join(", "),
    found = args.map((a) => a.type).join(", ");
  if (expected !== found) throw new TypeError(`${callee.name} takes (${expected}), not (${found})`);
  return { kind: "call", callee, args };
}

/** Sums of addresses, without the zeros. */
export const plus = (a: Expr<"i32">, b: Expr<"i32">): Expr<"i32"> =>
  b.kind === "const" && b.value === 0
    ? a
    : a.kind === "const" && b.kind === "const"
      ? i32(a.value + b.value)
      : op("i32.add", a, b);
export const times = (a: Expr<"i32">, factor: number): Expr<"i32"> =>
  factor === 1 ? a : op("i32.mul", a, i32(factor));

/** Declares parameters and variables while a function's body is written. */
export class Scope {
  readonly parameters: Local[] = [];
  readonly locals: Local[] = [];

  /** A parameter; all of them before the first variable. */
  parameter<T extends ValueType>(type: T, name: string): Local<T> {
    if (this.locals.length > 0) throw new TypeError(`the parameter ${name} comes after a variable`);
    const local: Local<T> = { kind: "local", type, name, index: this.parameters.length };
    this.parameters.push(local);
    return local;
  }

  local<T extends ValueType>(type: T, name: string): Local<T> {
    const local: Local<T> = { kind: "local", type, name, index: this.parameters.length + this.locals.length };
    this.locals.push(local);
    return local;
  }

  /** The function with this body. */
  func(name: string, body: readonly Stmt[], result?: ValueType): Func {
    return { name, parameters: this.parameters, locals: this.locals, result, body };
  }
}

/** for (variable = from; variable < to; variable += step), signed; nothing runs where from ≥ to. */
export function forRange(
  variable: Local<"i32">,
  from: Expr<"i32">,
  to: Expr<"i32">,
  step: Expr<"i32">,
  body: readonly Stmt[],
): Stmt[] {
  const more = op("i32.lt_s", variable, to);
  return [set(variable, from), when(more, [loop([...body, set(variable, plus(variable, step))], more)])];
}
