/**
 * The WebAssembly encoder. In: functions as trees, a memory, exports. Out: the bytes of a module.
 * Each section is built as a list of bytes and put behind its length; integers are in LEB128. The layout is that of the
 * WebAssembly core specification 2.0, §5.5.
 */
import type { Expr, Func, Stmt } from "./code.ts";
import { loadEntry, opEntry, storeEntry, type ValueType } from "./ops.ts";

/** A memory in pages of 64 KiB, imported, or exported by the module that has it. A shared one needs a maximum. */
export interface Memory {
  readonly from?: { readonly module: string; readonly name: string };
  readonly exported?: string;
  readonly minimum: number;
  readonly maximum?: number;
  readonly shared?: boolean;
}

export interface Module {
  readonly memory?: Memory;
  /** All functions that are called come before those that call them. */
  readonly functions: readonly Func[];
  /** Names of the functions that can be called from outside. */
  readonly exports: readonly string[];
}

const TYPE_CODES: { readonly [T in ValueType]: number } = { i32: 0x7f, f64: 0x7c, v128: 0x7b };
const SECTION = { type: 1, import: 2, function: 3, memory: 5, export: 7, code: 10 } as const;
const KIND = { function: 0, memory: 2 } as const;
const EMPTY = 0x40,
  END = 0x0b,
  ELSE = 0x05,
  SIMD = 0xfd;

/** An unsigned integer in LEB128. */
export function unsigned(value: number): number[] {
  if (!(Number.isInteger(value) && value >= 0 && value < 2 ** 32))
    throw new RangeError(`${value} is not an unsigned 32-bit integer`);
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

/** A signed integer in LEB128: ends when the rest is all sign. */
export function signed(value: number): number[] {
  if ((value | 0) !== value) throw new RangeError(`${value} is not a signed 32-bit integer`);
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    const low = rest & 0x7f,
      done = (rest >> 7 === 0 && (low & 0x40) === 0) || (rest >> 7 === -1 && (low & 0x40) !== 0);
    if (done) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

const vector = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()];
const text = (value: string): number[] => {
  const bytes = [...new TextEncoder().encode(value)];
  return [...unsigned(bytes.length), ...bytes];
};
const section = (id: number, content: readonly number[]): number[] => [id, ...unsigned(content.length), ...content];
const double = (value: number): number[] => [...new Uint8Array(new Float64Array([value]).buffer)];

function limits({ minimum, maximum, shared }: Memory): number[] {
  if (shared === true && maximum === undefined) throw new TypeError("a shared memory needs a maximum");
  if (maximum === undefined) return [0, ...unsigned(minimum)];
  return [shared === true ? 3 : 1, ...unsigned(minimum), ...unsigned(maximum)];
}

/** Prints the trees of one module, which knows the numbers of its functions. */
class Encoder {
  private readonly numbers: ReadonlyMap<Func, number>;
  constructor(functions: readonly Func[]) {
    this.numbers = new Map(functions.map((f, index) => [f, index]));
  }

  private callee(f: Func): number[] {
    const index = this.numbers.get(f);
    if (index === undefined) throw new TypeError(`${f.name} is called and isn't part of the module`);
    return unsigned(index);
  }

  expr(e: Expr): number[] {
    switch (e.kind) {
      case "const":
        return constant(e.type, e.value);
      case "local":
        return [0x20, ...unsigned(e.index)];
      case "op": {
        const { code, simd } = opEntry(e.op);
        return [...e.args.flatMap((a) => this.expr(a)), ...opcode(code, simd), ...e.lanes];
      }
      case "load": {
        const { code, simd, align } = loadEntry(e.op);
        return [...this.expr(e.address), ...opcode(code, simd), ...unsigned(align), ...unsigned(e.offset)];
      }
      case "call":
        return [...e.args.flatMap((a) => this.expr(a)), 0x10, ...this.callee(e.callee)];
    }
  }

  stmt(s: Stmt): number[] {
    switch (s.kind) {
      case "set":
        return [...this.expr(s.value), 0x21, ...unsigned(s.local.index)];
      case "store": {
        const { code, simd, align } = storeEntry(s.op);
        return [
          ...this.expr(s.address),
          ...this.expr(s.value),
          ...opcode(code, simd),
          ...unsigned(align),
          ...unsigned(s.offset),
        ];
      }
      case "loop":
        return [0x03, EMPTY, ...this.block(s.body), ...this.expr(s.again), 0x0d, ...unsigned(0), END];
      case "if":
        return [
          ...this.expr(s.condition),
          0x04,
          EMPTY,
          ...this.block(s.body),
          ...(s.otherwise.length > 0 ? [ELSE, ...this.block(s.otherwise)] : []),
          END,
        ];
      case "return":
        return [...(s.value === undefined ? [] : this.expr(s.value)), 0x0f];
      case "call":
        return [
          ...s.args.flatMap((a) => this.expr(a)),
          0x10,
          ...this.callee(s.callee),
          ...(s.callee.result === undefined ? [] : [0x1a]),
        ];
    }
  }

  private block(body: readonly Stmt[]): number[] {
    return body.flatMap((s) => this.stmt(s));
  }

  /**
   * A function's code: its variables in runs of one type, its statements; falling off the end of one with a result
   * can't happen.
   */
  code(f: Func): number[] {
    const runs: { type: ValueType; count: number }[] = [];
    for (const { type } of f.locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    const locals = vector(runs.map(({ type, count }) => [...unsigned(count), TYPE_CODES[type]]));
    const body = [...locals, ...this.block(f.body), ...(f.result === undefined ? [] : [0x00]), END];
    return [...unsigned(body.length), ...body];
  }
}

const opcode = (code: number, simd: true | undefined): number[] => (simd ? [SIMD, ...unsigned(code)] : [code]);

function constant(type: ValueType, value: number): number[] {
  switch (type) {
    case "i32":
      return [0x41, ...signed(value)];
    case "f64":
      return [0x44, ...double(value)];
    case "v128":
      return [SIMD, ...unsigned(0x0c), ...double(value), ...double(value)];
  }
}

/** The bytes of a module. Throws TypeError for an unknown export or callee, RangeError for numbers that don't fit. */
export function encode(module: Module): Uint8Array {
  const { memory, functions } = module;
  const encoder = new Encoder(functions);
  const types = functions.map((f) => [
    0x60,
    ...vector(f.parameters.map((p) => [TYPE_CODES[p.type]])),
    ...vector(f.result === undefined ? [] : [[TYPE_CODES[f.result]]]),
  ]);
  const exported = module.exports.map((name) => {
    const index = functions.findIndex((f) => f.name === name);
    if (index < 0) throw new TypeError(`no function is called ${name}`);
    return [...text(name), KIND.function, ...unsigned(index)];
  });
  const imports = memory?.from
    ? [[...text(memory.from.module), ...text(memory.from.name), KIND.memory, ...limits(memory)]]
    : [];
  const exportedMemory = memory?.exported === undefined ? [] : [[...text(memory.exported), KIND.memory, 0]];
  return Uint8Array.from([
    0x00,
    0x61,
    0x73,
    0x6d,
    0x01,
    0x00,
    0x00,
    0x00,
    ...section(SECTION.type, vector(types)),
    ...section(SECTION.import, vector(imports)),
    ...section(SECTION.function, vector(functions.map((_, index) => unsigned(index)))),
    ...section(SECTION.memory, vector(memory && !memory.from ? [limits(memory)] : [])),
    ...section(SECTION.export, vector([...exported, ...exportedMemory])),
    ...section(SECTION.code, vector(functions.map((f) => encoder.code(f)))),
  ]);
}
