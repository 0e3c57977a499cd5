/**
 * The table of WebAssembly instructions that the encoder knows. In: nothing. Out: opcode and types of each by name.
 * An instruction is one entry; its operands' and result's types follow from the table at compile time, so an ill-typed
 * tree of instructions can't be written. Numbers are those of the WebAssembly core specification 2.0, §5.4.
 */

export type ValueType = "i32" | "f64" | "v128";

interface OpEntry {
  /** Opcode; those of SIMD follow the prefix 0xfd. */
  readonly code: number;
  readonly simd?: true;
  readonly args: readonly ValueType[];
  readonly result: ValueType;
  /** Numbers of lanes, written after the opcode. */
  readonly lanes?: number;
}

const i32Binary = ["i32", "i32"] as const;
const f64Binary = ["f64", "f64"] as const;
const v128Binary = ["v128", "v128"] as const;

/** Instructions that compute a value from values. */
export const OPS = {
  "i32.eqz": { code: 0x45, args: ["i32"], result: "i32" },
  "i32.eq": { code: 0x46, args: i32Binary, result: "i32" },
  "i32.ne": { code: 0x47, args: i32Binary, result: "i32" },
  "i32.lt_s": { code: 0x48, args: i32Binary, result: "i32" },
  "i32.lt_u": { code: 0x49, args: i32Binary, result: "i32" },
  "i32.gt_s": { code: 0x4a, args: i32Binary, result: "i32" },
  "i32.gt_u": { code: 0x4b, args: i32Binary, result: "i32" },
  "i32.le_s": { code: 0x4c, args: i32Binary, result: "i32" },
  "i32.ge_s": { code: 0x4e, args: i32Binary, result: "i32" },
  "i32.add": { code: 0x6a, args: i32Binary, result: "i32" },
  "i32.sub": { code: 0x6b, args: i32Binary, result: "i32" },
  "i32.mul": { code: 0x6c, args: i32Binary, result: "i32" },
  "i32.and": { code: 0x71, args: i32Binary, result: "i32" },
  "i32.or": { code: 0x72, args: i32Binary, result: "i32" },
  "i32.shl": { code: 0x74, args: i32Binary, result: "i32" },
  "i32.shr_u": { code: 0x76, args: i32Binary, result: "i32" },
  "f64.eq": { code: 0x61, args: f64Binary, result: "i32" },
  "f64.lt": { code: 0x63, args: f64Binary, result: "i32" },
  "f64.gt": { code: 0x64, args: f64Binary, result: "i32" },
  "f64.le": { code: 0x65, args: f64Binary, result: "i32" },
  "f64.ge": { code: 0x66, args: f64Binary, result: "i32" },
  "f64.abs": { code: 0x99, args: ["f64"], result: "f64" },
  "f64.neg": { code: 0x9a, args: ["f64"], result: "f64" },
  "f64.nearest": { code: 0x9e, args: ["f64"], result: "f64" },
  "f64.sqrt": { code: 0x9f, args: ["f64"], result: "f64" },
  "f64.add": { code: 0xa0, args: f64Binary, result: "f64" },
  "f64.sub": { code: 0xa1, args: f64Binary, result: "f64" },
  "f64.mul": { code: 0xa2, args: f64Binary, result: "f64" },
  "f64.div": { code: 0xa3, args: f64Binary, result: "f64" },
  "f64.min": { code: 0xa4, args: f64Binary, result: "f64" },
  "f64.max": { code: 0xa5, args: f64Binary, result: "f64" },
  "f64.convert_i32_s": { code: 0xb7, args: ["i32"], result: "f64" },
  "f64x2.splat": { code: 0x14, simd: true, args: ["f64"], result: "v128" },
  "f64x2.extract_lane": { code: 0x21, simd: true, args: ["v128"], result: "f64", lanes: 1 },
  "f64x2.replace_lane": { code: 0x22, simd: true, args: ["v128", "f64"], result: "v128", lanes: 1 },
  "i8x16.shuffle": { code: 0x0d, simd: true, args: v128Binary, result: "v128", lanes: 16 },
  "f64x2.abs": { code: 0xec, simd: true, args: ["v128"], result: "v128" },
  "f64x2.neg": { code: 0xed, simd: true, args: ["v128"], result: "v128" },
  "f64x2.sqrt": { code: 0xef, simd: true, args: ["v128"], result: "v128" },
  "f64x2.add": { code: 0xf0, simd: true, args: v128Binary, result: "v128" },
  "f64x2.sub": { code: 0xf1, simd: true, args: v128Binary, result: "v128" },
  "f64x2.mul": { code: 0xf2, simd: true, args: v128Binary, result: "v128" },
  "f64x2.div": { code: 0xf3, simd: true, args: v128Binary, result: "v128" },
  "f64x2.min": { code: 0xf4, simd: true, args: v128Binary, result: "v128" },
  "f64x2.max": { code: 0xf5, simd: true, args: v128Binary, result: "v128" },
} as const satisfies Readonly<Record<string, OpEntry>>;

interface MemoryEntry {
  readonly code: number;
  readonly simd?: true;
  readonly type: ValueType /** log₂ of the natural alignment in bytes. */;
  readonly align: number;
}

/** Instructions that read memory. */
export const LOADS = {
  "i32.load": { code: 0x28, type: "i32", align: 2 },
  "f64.load": { code: 0x2b, type: "f64", align: 3 },
  "v128.load": { code: 0x00, simd: true, type: "v128", align: 4 },
  "v128.load64_splat": { code: 0x0a, simd: true, type: "v128", align: 3 },
  "v128.load64_zero": { code: 0x5d, simd: true, type: "v128", align: 3 },
} as const satisfies Readonly<Record<string, MemoryEntry>>;

/** Instructions that write memory. */
export const STORES = {
  "i32.store": { code: 0x36, type: "i32", align: 2 },
  "f64.store": { code: 0x39, type: "f64", align: 3 },
  "v128.store": { code: 0x0b, simd: true, type: "v128", align: 4 },
} as const satisfies Readonly<Record<string, MemoryEntry>>;

export type Op = keyof typeof OPS;
export type Load = keyof typeof LOADS;
export type Store = keyof typeof STORES;

export const opEntry = (op: Op): OpEntry => OPS[op];
export const loadEntry = (op: Load): MemoryEntry => LOADS[op];
export const storeEntry = (op: Store): MemoryEntry => STORES[op];
