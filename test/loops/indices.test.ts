/**
 * Programs with cheaper indices. In: kernels of the specs, and loops by hand. Out: the same bits and the same counts,
 * in fewer loops.
 */
import { describe, expect, it } from "vitest";
import { execute } from "../../compiler/loops/interpret.ts";
import { legalise, SCALAR } from "../../compiler/loops/legalise.ts";
import {
  constant,
  counter,
  plus,
  times,
  type Buffer,
  type Integer,
  type Program,
  type Statement,
} from "../../compiler/loops/loop.ts";
import { compileSpec, entriesOf, fill, laidOut, loopShape, permutations, shapeText, SMALL } from "./support.ts";

const cheaper = (p: Program): Program => legalise(p, SCALAR);

const c = counter("c"),
  e = counter("e");
const out: Buffer = { name: "out", dims: [4, 5], role: "output" };
const at = (row: Integer, col: Integer, width: number): Integer => plus(times(row, constant(width)), col);

/** for c in 4: for e in 5: out[offset] = x[read] */
function copy(offset: Integer, read: Integer): Program {
  const x: Buffer = { name: "x", dims: [40], role: "input" };
  const store: Statement = { kind: "store", buffer: out, offset, value: { kind: "load", buffer: x, offset: read } };
  return {
    name: "copy",
    doc: "",
    sizes: [],
    inputs: [x],
    outputs: [out],
    tables: [],
    locals: [],
    body: [{ kind: "for", counter: "c", extent: 4, body: [{ kind: "for", counter: "e", extent: 5, body: [store] }] }],
  };
}

function evaluated(p: Program): Float64Array {
  const buffers = { x: Float64Array.from({ length: 40 }, (_, n) => n + 1), out: new Float64Array(20) };
  execute(p, { sizes: {}, buffers });
  return buffers.out;
}

describe("loops over neighbouring entries", () => {
  it("become one where both counters only make up an offset", () => {
    const made = cheaper(copy(at(c, e, 5), at(c, e, 5)));
    expect(shapeText(loopShape(made.body))).toBe("20");
    expect(evaluated(made)).toEqual(evaluated(copy(at(c, e, 5), at(c, e, 5))));
  });

  it.each<[string, Integer]>([
    ["an entry is read by the inner counter alone", e],
    ["an entry is read by the outer counter alone", times(c, constant(2))],
    ["rows lie apart", at(c, e, 7)],
    ["the order is another", at(e, c, 4)],
    ["a counter occurs twice", at(at(c, c, 4), e, 5)],
  ])("stay two where %s", (_, read) => {
    expect(shapeText(loopShape(cheaper(copy(at(c, e, 5), read)).body))).toBe("4(5)");
  });
});

describe("kernels of the specs", () => {
  it.each(Object.keys(SMALL))("%s: the same bits and operations", (name) => {
    const { lowered } = compileSpec(name),
      labels = [...lowered.quantities.keys()];
    const kernel = laidOut(lowered).covariance(labels[0]!, labels.at(-1)!),
      sizes = Object.fromEntries(kernel.evaluate.sizes.map((s) => [s, 2]));
    const results = [kernel.evaluate, cheaper(kernel.evaluate)].map((program) => {
      const inputs = fill(program.inputs, kernel, sizes),
        made = Object.fromEntries(program.outputs.map((b) => [b.name, new Float64Array(entriesOf(b.dims, sizes))]));
      return { ...execute(program, { sizes, buffers: { ...inputs, ...made } }), made };
    });
    expect(results[1]).toEqual(results[0]);
  });

  it("walk through a covariance block of forces by rows", () => {
    const { evaluate } = compileSpec("sgdml", { perms: permutations(9) }).kernels.covariance("forces", "forces");
    expect(shapeText(loopShape(cheaper(evaluate).body))).toContain("27(27)");
  });
});
