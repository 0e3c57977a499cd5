/**
 * What kernels map to zero: refused where a value contradicts it, a warning elsewhere, and nothing said of anything
 * else.
 */
import { describe, expect, test } from "vitest";
import { checkVacuous } from "../../compiler/model/judge/vacuous.ts";
import { lowerSpec, lowerText } from "./support.ts";

const space = (kernel: string, rest: string, mean = ""): string =>
  `model M\ninput x : real[3]\nparam c = 2\nkernel k(a, b) = ${kernel}\nu ~ GP(k${mean})\nA : real[3] ~ GP(k)\n` +
  `${rest}\n`;
const codes = (...text: Parameters<typeof space>): string[] =>
  checkVacuous(lowerText(space(...text))).map((d) => `${d.code} ${d.span.source.text.slice(d.span.start, d.span.end)}`);

describe("quantities without variance", () => {
  test.each<[string, string]>([
    ["constant(3)", "∇u"],
    ["linear(a, b, 1)", "Δu"],
    ["polynomial(a, b, 1, 2)", "d(u, x[0], x[1], x[2])"],
    ["rbf(a, b, 1)", "curl(∇u)"],
    ["rbf(a, b, 1)", "div(curl(A))"],
    ["matern72(a, b, c)", "u - u"],
    ["rbf(a[0], b[0], 1)", "d(u, x[1])"],
    ["linear(a, b, 0)", "[Δu, 0]"],
    ["exp(-(a[0] - b[0])^2)", "at(d(u, x[2]), [0, 1, x[2]])"],
    ["constant(1)", "at(u, x) - at(u, 2 * x)"],
  ])("%s: %s", (kernel, operator) => {
    expect(codes(kernel, `observe a : ${operator}`)).toEqual([`ADK0506 ${operator}`]);
    expect(codes(kernel, `predict a : ${operator}`)).toEqual([`ADK0506 ${operator}`]);
    expect(codes(kernel, `observe a : ${operator} = 0`)).toEqual([`ADK0506 ${operator}`]);
    expect(codes(kernel, `observe a : ${operator} = x[0] + c`)).toEqual(["ADK0505 x[0] + c"]);
  });

  test.each<[string, string]>([
    ["linear(a, b, 1)", "∇u"],
    ["linear(a, b, 1)", "Δu + div(A)"],
    ["rbf(a, b, 1)", "curl(A)"],
    ["rbf(a, b, 1)", "u"],
    ["rbf(a[0], b[0], 1)", "∇u"],
    ["polynomial(a, b, 1, 3)", "d(u, x[0], x[1], x[2])"],
    ["constant(1)", "x[0] * u"],
  ])("%s has variance in %s", (kernel, operator) => {
    expect(codes(kernel, `observe a : ${operator} = 1`)).toEqual([]);
  });

  test("one label is named once", () => {
    expect(codes("constant(1)", "observe a : Δu = 0\npredict a : Δu")).toEqual(["ADK0506 Δu"]);
  });
  test("arguments of points", () => {
    expect(codes("constant(1)", "observe a(v : real[3], s : real) : jvp(u, v) = s * v[0]")).toEqual([
      "ADK0505 s * v[0]",
    ]);
  });
});

describe("with a mean", () => {
  const mean = ", mean = c * x[0] * x[1]";
  test("the value that the mean gives is met", () => {
    expect(codes("constant(1)", "observe a : d(u, x[1]) = c * x[0]", mean)).toEqual(["ADK0506 d(u, x[1])"]);
  });
  test("written in another way, too", () => {
    expect(codes("constant(1)", "observe a : d(u, x[1]) = c * exp(log(x[0]))", mean)).toEqual(["ADK0506 d(u, x[1])"]);
  });
  test("any other is not", () => {
    expect(codes("constant(1)", "observe a : d(u, x[1]) = 0", mean)).toEqual(["ADK0505 0"]);
  });
});

test.each(["curl_free", "flow2d", "flow3d", "heat", "wave", "corners", "operators_catalogue"])(
  "nothing is said of %s",
  (name) => {
    expect(checkVacuous(lowerSpec(name))).toEqual([]);
  },
);

test("kernels that cost as much as those of networks are not asked", () => {
  const scaled = (rounds: number): string => `linear(a, b, 1) * sum(cos(c * i) for i in ${rounds})`;
  expect(codes(scaled(1000), "predict a : Δu")).toEqual(["ADK0506 Δu"]);
  expect(codes(scaled(3_000_000), "predict a : Δu")).toEqual([]);
});
