/**
 * Kernels as JavaScript text. In: kernels. Out: declarations of the tables and functions that evaluate them.
 * Each kernel is a closure with scratch of its own; constant tables and helpers are shared by the module.
 */
import { ops } from "../ir/ops.ts";
import { Identifiers } from "../loops/identifiers.ts";
import { TEST_SIDE, type Kernel } from "../loops/kernel.ts";
import { dtypeOf, type Buffer, type Extent, type Program, type Statement } from "../loops/loop.ts";
import { ARRAYS, calledOps, extent, isNumber, Printer, printNumber } from "./javascript.ts";
import { RESERVED } from "./reserved.ts";
import { parametersText, type, unmarked } from "./typed.ts";

const gemmParameters = parametersText(
  "rows cols inner a oa ra ka b ob rb kb c oc"
    .split(" ")
    .map((n) => [n, "abc".includes(n) ? "Float64Array" : "number"]),
);
const GEMM = `/** C[m, n] += Σ_k A[m, k] B[n, k], in register tiles of 2 × 2; entry (r, k) of A stands at oa + r ra + k ka. */
function gemm(${gemmParameters})${type("void")} {
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
export const FLOAT64 = `function float64(base64${type("string")})${type("Float64Array")} {
  const text = atob(base64), bytes = new Uint8Array(text.length);
  for (let n = 0; n < text.length; n++) bytes[n] = text.charCodeAt(n);
  return new Float64Array(bytes.buffer);
}`;

/** Above this many entries a table of numbers is printed as base64. */
const LISTED = 256;
/** The most arguments that a call may have, with room to spare; a longer list is an array literal. */
const ARGUMENTS = 60_000;
const array = (type: string, entries: readonly string[]): string =>
  entries.length > ARGUMENTS ? `new ${type}([${entries.join(", ")}])` : `${type}.of(${entries.join(", ")})`;
const whole = (data: Float64Array): string => array("Int32Array", Array.from(data, String));
/** Numbers as an array of JavaScript. */
export const floats = (data: Float64Array): string => array("Float64Array", Array.from(data, printNumber));

/** A text as a literal. */
export const quote = (text: string): string => unmarked(JSON.stringify(text));
/** A key in an object's literal: of its own, whatever it is called. */
export const key = (name: string): string => (name === "__proto__" ? `["__proto__"]` : quote(name));
/** Plain data as a literal. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(",")}]`;
  if (typeof value !== "object" || value === null) return unmarked(JSON.stringify(value) ?? "undefined");
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  return `{${entries.map(([k, v]) => `${key(k)}:${literal(v)}`).join(",")}}`;
}

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

/** Names that user names must make way for inside a function: counters, and variables. */
function innerNames(body: readonly Statement[]): string[] {
  return body.flatMap((s): string[] => {
    switch (s.kind) {
      case "block":
        return innerNames(s.body);
      case "for":
        return [s.counter, ...innerNames(s.body)];
      case "define":
      case "total":
        return [s.name];
      default:
        return [];
    }
  });
}

/** The text that a kernel's closure returns, given what names its buffers a module may call by. */
export type Runner = (names: Identifiers) => readonly string[];

/** The stages themselves. */
export const stages = (kernel: Kernel): Runner => {
  return () => [`return { ${kernel.prepare ? "prepare, " : ""}evaluate };`];
};

/** Collects the text of kernels and what they share. All names of a module come from one allocator. */
export class KernelText {
  /** The names at the module's top. */
  readonly names = new Identifiers(RESERVED);
  private readonly tables = new Map<string, { name: string; text: string }>();
  private readonly tableNames = new Map<Buffer, string>();
  private readonly helpers = new Map<string, string>();
  private readonly closures: string[] = [];

  /** Adds a kernel; `runner` is the text of what the closure gives. Returns the name of its constant. */
  add(kernel: Kernel, runner: Runner): string {
    const programs = kernel.prepare ? [kernel.prepare, kernel.evaluate] : [kernel.evaluate];
    for (const p of programs) this.share(p);
    const name = this.names.allocate(kernel.name),
      scope = this.names.inner();
    for (const p of programs) for (const inside of [...p.sizes, ...innerNames(p.body)]) scope.take(inside);
    const functions = programs.map((p) => {
      const stage = p === kernel.evaluate ? "evaluate" : "prepare";
      return this.functionText(p, stage, scope);
    });
    this.closures.push(
      [
        `/** ${commentText(kernel.doc)} */`,
        `const ${name} = (() => {`,
        ...[...functions.flat(), ...runner(scope)].map((l) => `  ${l}`),
        "})();",
      ].join("\n"),
    );
    return name;
  }

  /** A stage and its scratch: arrays of known length stand outside, to be used again. */
  private functionText(p: Program, stage: string, scope: Identifiers): string[] {
    const known = p.locals.filter((b) => b.dims.every((d) => typeof d === "number"));
    const symbolic = p.locals.filter((b) => !known.includes(b));
    const names = new Map(this.tableNames);
    for (const b of known) names.set(b, scope.allocate(stage === "evaluate" ? b.name : `${b.name}_prepared`));
    const inner = scope.inner();
    for (const b of [...p.inputs, ...p.outputs, ...symbolic]) names.set(b, inner.allocate(b.name));
    const nameOf = (b: Buffer): string => names.get(b)!;
    const allocation = (b: Buffer): string => `const ${nameOf(b)} = new ${ARRAYS[dtypeOf(b)]}(${product(b.dims)});`;
    const parameters = parametersText([
      ...p.sizes.map((size) => [size, "number"] as const),
      ...p.inputs.map((b) => [nameOf(b), isNumber(b) ? "number" : ARRAYS[dtypeOf(b)]] as const),
      ...p.outputs.map((b) => [nameOf(b), ARRAYS[dtypeOf(b)]] as const),
    ]);
    return [
      ...known.map(allocation),
      `/** ${commentText(p.doc)} */`,
      `function ${stage}(${parameters})${type("void")} {`,
      ...symbolic.map((b) => `  ${allocation(b)}`),
      ...new Printer(nameOf).statements(p.body, "  "),
      "}",
    ];
  }

  private share(p: Program): void {
    for (const b of p.tables) {
      const values =
        dtypeOf(b) === "i32"
          ? whole(b.data!)
          : b.data!.length > LISTED
            ? `float64("${base64(b.data!)}")`
            : floats(b.data!);
      let table = this.tables.get(values);
      if (!table) {
        const name = this.names.allocate(`T_${b.name.replace(/_index\d*$/, "")}`);
        this.tables.set(values, (table = { name, text: `const ${name} = ${values};` }));
      }
      if (values.startsWith("float64(")) this.helpers.set("float64", FLOAT64);
      this.tableNames.set(b, table.name);
    }
    for (const op of calledOps(p.body)) {
      const helper = ops[op].spelling.helper;
      if (helper !== undefined) this.helpers.set(op, typedHelper(helper));
    }
    if (p.body.some(hasGemm)) this.helpers.set("gemm", GEMM);
  }

  /** The declarations in order: helpers, tables, kernels. */
  text(): string {
    const helpers = [...this.helpers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
    const tables = [...this.tables.values()].map((t) => t.text);
    return [...helpers, ...(tables.length > 0 ? [tables.join("\n")] : []), ...this.closures].join("\n\n");
  }

  /** Whether a helper is declared. */
  has(helper: string): boolean {
    return this.helpers.has(helper);
  }
}

/** Primitives are functions of numbers. */
const typedHelper = (text: string): string =>
  text.replace(/^function (\w+)\(([^)]*)\) \{/, (_, name: string, parameters: string) => {
    const list = parameters.split(",").map((p) => [p.trim(), "number"] as const);
    return `function ${name}(${parametersText(list)})${type("number")} {`;
  });

const hasGemm = (s: Program["body"][number]): boolean =>
  s.kind === "gemm" || ((s.kind === "for" || s.kind === "block") && s.body.some(hasGemm));

/** Text that cannot end a comment. */
export const commentText = (text: string): string =>
  unmarked(text)
    .replaceAll("*/", "* /")
    .replace(/[\r\n\u2028\u2029]+/g, " ");

/** The arguments of a kernel's program where the runner has sides, parameters and offsets at hand. */
export function argumentsFor(
  kernel: Kernel,
  p: Program,
  given: { side(name: string): string; buffer(b: Buffer): string },
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
        return `${given.side(origin.side)}.arguments[${quote(origin.name)}]`;
      case "coefficients":
        return `${given.side(origin.side)}.coefficients`;
      case "parameter":
        return `parameters[${quote(origin.name)}]`;
      case "offset":
        return `offsets[${quote(origin.latent)}]`;
      case "table":
        return given.buffer(b);
    }
  });
  return [...sizes, ...inputs, ...p.outputs.map((b) => given.buffer(b))].join(", ");
}
