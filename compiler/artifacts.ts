/**
 * Kernels as data for the runtime. In: a kernel, a backend. Out: its artifact: layout, code, and the name of both.
 * The name is a hash of the programs and their layout, so equal kernels have equal names wherever they were compiled.
 */
import type { Extent, KernelArtifact, Origin, StageEntry } from "../runtime/kernel.ts";
import { sha256 } from "../runtime/sha256.ts";
import type { Backend } from "./backends/backend.ts";
import { TEST_SIDE, type Kernel } from "./loops/kernel.ts";
import type { Buffer, Program } from "./loops/loop.ts";

/** A kernel as data, by a backend's code. */
export function artifactOf(kernel: Kernel, backend: Backend): KernelArtifact {
  const { prepare, evaluate } = kernel;
  const layout = {
    ...(prepare ? { prepare: entryOf(kernel, prepare) } : {}),
    evaluate: entryOf(kernel, evaluate),
  };
  const programs = [prepare, evaluate].map((p) => (p === undefined ? null : contentOf(p)));
  const name = sha256(JSON.stringify([backend.target, layout, programs]));
  return { name, layout, code: backend.compile(kernel) };
}

function entryOf(kernel: Kernel, program: Program): StageEntry {
  const sides = [TEST_SIDE, ...kernel.sizes.keys()];
  const sideOfSize = (size: string): number =>
    Math.max(0, sides.indexOf([...kernel.sizes].find(([, s]) => s === size)?.[0] ?? TEST_SIDE));
  const tables = kernel.prepare?.outputs.map((b) => b.name) ?? [];
  const origin = (b: Buffer): Origin => {
    const from = kernel.origins.get(b)!;
    switch (from.kind) {
      case "parameter":
      case "offset":
        return from;
      case "table":
        return { kind: "table", index: tables.indexOf(b.name) };
      default:
        return { ...from, side: sides.indexOf(from.side) };
    }
  };
  const counts = program.sizes.map((size): Origin => ({ kind: "count", side: sideOfSize(size) }));
  return {
    inputs: [...counts, ...program.inputs.map(origin)],
    outputs: program.outputs.map((b) =>
      b.dims.map((d): Extent => (typeof d === "number" ? d : { side: sideOfSize(d.size) })),
    ),
  };
}

/** A program as plain data: buffers by number, what they are once, notes for readers left out. */
function contentOf({ sizes, inputs, outputs, tables, locals, body }: Program): unknown {
  const buffers = [...inputs, ...outputs, ...tables, ...locals],
    numbers = new Map(buffers.map((b, n) => [b, n]));
  const plain = (x: unknown): unknown => {
    if (typeof x === "number") return Number.isFinite(x) && !Object.is(x, -0) ? x : String(x);
    if (Array.isArray(x)) return x.map(plain);
    if (typeof x !== "object" || x === null) return x;
    const number = numbers.get(x as Buffer);
    if (number !== undefined) return { buffer: number };
    return Object.entries(x).flatMap(([key, value]) => (key === "doc" ? [] : [key, plain(value)]));
  };
  const shapes = buffers.map(({ role, dims, data }) => [role, dims, data === undefined ? [] : plain([...data])]);
  return [sizes, shapes, plain(body)];
}
