/**
 * The errors of a model on data, the numbers that people quote. In: a model that predicts 0 everywhere, values to
 * compare
 * with. Out: MAE, RMSE and largest error as worked out by hand.
 */
import { describe, expect, it } from "vitest";
import { compile } from "../../../compiler/index.ts";
import { fit } from "../../../runtime/index.ts";

const SPEC = `model Flat
input x : real[2]
kernel k(a, b) = rbf(a, b, 1)
u ~ GP(k)
observe value : u   noise 1e-6
observe slope : ∇u  noise 1e-6
predict value : u
predict slope : ∇u
predict bend : Δu
`;
const flat = () => fit(compile(SPEC, { name: "flat.adk" }), { value: { x: [[0, 0]], y: [0] } });

describe("errors of a model that predicts 0", () => {
  it("are the mean magnitude, the root of the mean square and the largest magnitude", () => {
    const x = [
      [1, 0],
      [0, 1],
      [1, 1],
      [2, 1],
    ];
    const { errors, points } = flat().test({ value: { x, y: [3, -4, 0, 5] } });
    // (3 + 4 + 0 + 5) / 4, √((9 + 16 + 0 + 25) / 4)
    expect(errors).toEqual({ value: { mae: 3, rmse: Math.sqrt(12.5), max: 5 } });
    expect(points).toBe(4);
  });

  it("are over all components of all points, each label by itself", () => {
    const { errors } = flat().test({
      value: { x: [[1, 0]], y: [-2] },
      slope: {
        x: [
          [1, 0],
          [0, 2],
        ],
        y: [
          [1, -7],
          [0, 2],
        ],
      },
    });
    // (1 + 7 + 0 + 2) / 4, √((1 + 49 + 0 + 4) / 4)
    expect(errors).toEqual({
      value: { mae: 2, rmse: 2, max: 2 },
      slope: { mae: 2.5, rmse: Math.sqrt(13.5), max: 7 },
    });
  });
});
