/**
 * Kernels as JavaScript text. In: kernels. Out: declarations of the tables and functions that evaluate them.
 * Each kernel is a closure with scratch of its own; constant tables and helpers are shared by the module.
 */
import { ops } from "../ir/ops.ts";
import { TEST_SIDE, type Kernel } from "../loops/kernel.ts";
import { dtypeOf, type Buffer, type Extent, type Program } from "../loops/loop.ts";
import { calledOps, extent, Printer, printNumber } from "./javascript.ts";

const GEMM = `/** C[m, n] += Σ_k A[m, k] B[n, k], in register tiles of 2 × 2; entry (r, k) of A stands at oa + r ra + k ka. */
function gemm(rows, cols, inner, a, oa, ra, ka, b, ob, rb, kb, c, oc) {
  for (let i = 0; i < rows; i += 2) {
    const second = i + 1 < rows ? ra : 0;
    for (let j = 0; j < cols; j += 2) {
      const next = j + 1 < cols ? rb : 0;
      let s00 = 0, s01 = 0, s10 = 0, s11 = 0;
      for (let k = 0, p = oa + i * ra, q = ob + j * rb; k < inner; k++, p += ka, q += kb) {
        const a0 = a[p], a1 = a[p + second], b0 = b[q], b1 = b[q + next];
        s00 += a0 * b0;
        s01 += a0 * b1;
        s10 += a1 * b0;
        s11 += a1 * b1;
      }
      const o = oc + i * cols + j;
      c[o] += s00;
      if (next !== 0) c[o + 1] += s01;
      if (second !== 0) c[o + cols] += s10;
      if (second !== 0 && next !== 0) c[o + cols + 1] += s11;
    }
  }
}`;

/** Reads numbers from base64, little-endian. */
export const FLOAT64 = `function float64(base64) {
  const text = atob(base64), bytes = new Uint8Array(text.length);
  for (let n = 0; n < text.length; n++) bytes[n] = text.charCodeAt(n);
  return new Float64Array(bytes.buffer);
}`;

/** Above this many entries a table of numbers is printed as base64. */
const LISTED = 256;
/** The most arguments that a call may have, with room to spare; a longer list is an array literal. */
const ARGUMENTS = 60_000;
const whole = (data: Float64Array): string =>
  data.length > ARGUMENTS ? `new Int32Array([${data.join(", ")}])` : `Int32Array.of(${data.join(", ")})`;

export function base64(data: Float64Array): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  let text = "";
  for (let n = 0; n < bytes.length; n += 4096) text += String.fromCharCode(...bytes.subarray(n, n + 4096));
  return btoa(text);
}

/** A number of entries: the known extents as one factor. */
export function product(dims: readonly Extent[]): string {
  const known = dims.reduce<number>((n, d) => (typeof d === "number" ? n * d : n), 1);
  const symbolic = dims.filter((d) => typeof d !== "number").map(extent);
  return [...symbolic, ...(known === 1 && symbolic.length > 0 ? [] : [String(known)])].join(" * ");
}

/** Collects the text of kernels and what they share. */
export class KernelText {
  private readonly tables = new Map<string, { name: string; text: string }>();
  private readonly names = new Map<Buffer, string>();
  private readonly helpers = new Map<string, string>();
  private readonly closures: string[] = [];

  /** Adds a kernel; `runner` is the text of the function that the closure gives. */
  add(kernel: Kernel, runner: readonly string[]): void {
    const programs = kernel.prepare ? [kernel.prepare, kernel.evaluate] : [kernel.evaluate];
    for (const p of programs) this.share(p);
    const lines = [`/** ${commentText(kernel.doc)} */`, `const ${kernel.name} = (() => {`];
    const scratch = new Set<string>();
    for (const p of programs) {
      for (const b of p.locals)
        if (!b.dims.some((d) => typeof d !== "number") && !scratch.has(b.name)) {
          scratch.add(b.name);
          this.names.set(b, b.name);
        }
    }
    for (const p of programs) lines.push(...this.functionText(p, "  "));
    this.closures.push([...lines, ...runner.map((l) => `  ${l}`), "})();"].join("\n"));
  }

  private functionText(p: Program, indent: string): string[] {
    const short = p.name.endsWith("_prepare") ? "prepare" : "evaluate";
    const known = p.locals.filter((b) => b.dims.every((d) => typeof d === "number"));
    const symbolic = p.locals.filter((b) => !known.includes(b));
    const printer = new Printer((b) => this.nameIn(b, short));
    const parameters = [...p.sizes, ...p.inputs.map((b) => b.name), ...p.outputs.map((b) => b.name)];
    return [
      ...known.map((b) => `${indent}const ${this.nameIn(b, short)} = new Float64Array(${product(b.dims)});`),
      `${indent}/** ${commentText(p.doc)} */`,
      `${indent}function ${short}(${parameters.join(", ")}) {`,
      ...symbolic.map((b) => `${indent}  const ${this.nameIn(b, short)} = new Float64Array(${product(b.dims)});`),
      ...printer.statements(p.body, `${indent}  `),
      `${indent}}`,
    ];
  }

  /** Scratch of `prepare` and `evaluate` lives in one closure, under names apart. */
  private nameIn(b: Buffer, program: string): string {
    if (b.role === "table") return this.names.get(b)!;
    return b.role === "local" && program === "prepare" ? `${b.name}_prepared` : b.name;
  }

  private share(p: Program): void {
    for (const b of p.tables) {
      const values =
        dtypeOf(b) === "i32"
          ? whole(b.data!)
          : b.data!.length > LISTED
            ? `float64("${base64(b.data!)}")`
            : `Float64Array.of(${[...b.data!].map(printNumber).join(", ")})`;
      let table = this.tables.get(values);
      if (!table) {
        const stem = `T_${b.name.replace(/_index\d*$/, "")}`,
          used = [...this.tables.values()].map((t) => t.name);
        let name = stem;
        for (let n = 2; used.includes(name); n++) name = `${stem}_${n}`;
        this.tables.set(values, (table = { name, text: `const ${name} = ${values};` }));
      }
      if (values.startsWith("float64(")) this.helpers.set("float64", FLOAT64);
      this.names.set(b, table.name);
    }
    for (const op of calledOps(p.body)) {
      const helper = ops[op].spelling.helper;
      if (helper !== undefined) this.helpers.set(op, helper);
    }
    if (p.body.some(hasGemm)) this.helpers.set("gemm", GEMM);
  }

  /** The declarations in order: helpers, tables, kernels. */
  text(): string {
    const helpers = [...this.helpers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
    const tables = [...this.tables.values()].map((t) => t.text);
    return [...helpers, ...(tables.length > 0 ? [tables.join("\n")] : []), ...this.closures].join("\n\n");
  }
}

const hasGemm = (s: Program["body"][number]): boolean =>
  s.kind === "gemm" || ((s.kind === "for" || s.kind === "block") && s.body.some(hasGemm));

/** Text that cannot end a comment. */
export const commentText = (text: string): string => text.replaceAll("*/", "* /").replace(/[\r\n\u2028\u2029]+/g, " ");

/** The arguments of a kernel's program where the runner has sides, parameters and offsets at hand. */
export function argumentsFor(
  kernel: Kernel,
  p: Program,
  given: { side(name: string): string; offsets: string },
): string {
  const sizes = p.sizes.map((s) => {
    const side = [...kernel.sizes].find(([, size]) => size === s)?.[0];
    return `${given.side(side ?? TEST_SIDE)}.count`;
  });
  const inputs = p.inputs.map((b) => {
    const origin = kernel.origins.get(b)!;
    switch (origin.kind) {
      case "points":
        return `${given.side(origin.side)}.x`;
      case "argument":
        return `${given.side(origin.side)}.arguments[${JSON.stringify(origin.name)}]`;
      case "coefficients":
        return `${given.side(origin.side)}.coefficients`;
      case "parameter":
        return `parameters[${JSON.stringify(origin.name)}]`;
      case "offset":
        return `${given.offsets}[${JSON.stringify(origin.latent)}]`;
      case "table":
        return b.name;
    }
  });
  return [...sizes, ...inputs, ...p.outputs.map((b) => b.name)].join(", ");
}
