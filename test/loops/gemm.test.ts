/**
 * The matrix product of Loop: when it is used, what it computes, what it counts.
 */
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/index.ts";
import { execute } from "../../compiler/loops/interpret.ts";
import type { Program, Statement } from "../../compiler/loops/loop.ts";

const atoms = `
model Atoms
dim N
input R : real[N, 3]
param c = 0.5 > 0
fn square(v) = dot(v, v)
fn features(R : real[N, 3]) =
  [[sum(exp(-square(R[i] - R[j]) * (f + 1) / 8) for j in N if j != i) for f in 8] for i in N]
kernel k(R, S) = { let q = features(R); let t = features(S); sum((dot(q[i], t[j]) + c)^2 for i in N, j in N) / N^2 }
u ~ GP(k)
observe energy : u from "E"
predict energy : u
`;

const gemms = (body: readonly Statement[]): Statement[] =>
  body.flatMap((s) => (s.kind === "gemm" ? [s] : s.kind === "for" || s.kind === "block" ? gemms(s.body) : []));
const waves = (n: number, step: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(step * i + 1));

describe("products of all pairs of rows", () => {
  const compiled = compile(atoms, { bind: { N: 5 } });
  const kernel = compiled.kernels.covariance("energy", "energy");

  test("the atoms of two molecules meet in one block per pair", () => {
    expect(gemms(kernel.evaluate.body)).toHaveLength(1);
  });

  test("the block is what the kernel says", () => {
    const x = waves(2 * 15, 0.7),
      y = waves(3 * 15, 1.3),
      matrix = compiled.covariance("energy", x, "energy", y);
    const features = (R: Float64Array, at: number): number[][] =>
      Array.from({ length: 5 }, (_, i) =>
        Array.from({ length: 8 }, (_, f) => {
          let sum = 0;
          for (let j = 0; j < 5; j++) {
            if (j === i) continue;
            let r2 = 0;
            for (let c = 0; c < 3; c++) r2 += (R[at + 3 * i + c]! - R[at + 3 * j + c]!) ** 2;
            sum += Math.exp((-r2 * (f + 1)) / 8);
          }
          return sum;
        }),
      );
    for (let i = 0; i < 2; i++) {
      for (let j = 0; j < 3; j++) {
        const q = features(x, 15 * i),
          t = features(y, 15 * j);
        let k = 0;
        for (const a of q) for (const b of t) k += (a.reduce((s, v, f) => s + v * b[f]!, 0) + 0.5) ** 2;
        expect(matrix[3 * i + j]).toBeCloseTo(k / 25, 10);
      }
    }
  });

  test("it counts two operations a multiplication", () => {
    const block = gemms(kernel.evaluate.body)[0]!;
    if (block.kind !== "gemm") throw new Error("no block");
    const size = (b: { buffer: { dims: readonly unknown[] } }): number =>
      b.buffer.dims.reduce<number>((n, d) => n * (typeof d === "number" ? d : 1), 1);
    const alone: Program = {
      ...kernel.evaluate,
      body: [
        {
          ...block,
          a: { ...block.a, offset: { kind: "constant", value: 0 } },
          b: { ...block.b, offset: { kind: "constant", value: 0 } },
        },
      ],
      locals: [block.a, block.b, block.c].map((v) => v.buffer).filter((b) => b.role === "local"),
    };
    const inputs = Object.fromEntries(
      [block.a, block.b, block.c]
        .filter((v) => v.buffer.role !== "local")
        .map((v) => [v.buffer.name, waves(size(v), 1)]),
    );
    expect(execute(alone, { sizes: { m: 1, n_y: 1 }, buffers: inputs }).flops).toBe(2 * 5 * 5 * 8);
  });
});
