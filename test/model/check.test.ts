/**
 * Checking: names, types, linearity, with exact codes and places, and that specs in order have no complaint.
 * A marked text is a spec in which «…» surrounds the place that a diagnostic must underline.
 */
import fc from "fast-check";
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { check } from "../../compiler/model/check/check.ts";
import { printShape } from "../../compiler/model/types/type.ts";
import { checkText, diagnosticsOf, specText } from "./support.ts";

const plane = "model M\ninput x : real[2]\nparam l = 1 > 0\nkernel k(a, b) = rbf(a, b, l)\nu ~ GP(k)\n";

/** The only diagnostic of a marked text has the code and the marked place. */
function complains(marked: string, code: string): void {
  const start = marked.indexOf("«"),
    end = marked.indexOf("»") - 1,
    text = marked.replace(/[«»]/g, "");
  const found = diagnosticsOf(text);
  expect(found.map((d) => [d.code, text.slice(d.span.start, d.span.end)])).toEqual([[code, text.slice(start, end)]]);
  expect([found[0]!.span.start, found[0]!.span.end]).toEqual([start, end]);
}
const accepts = (text: string): void => {
  expect(diagnosticsOf(text).map((d) => `${d.code} ${d.message}`)).toEqual([]);
};

describe("specs in order", () => {
  const names = readdirSync(new URL("../specs/", import.meta.url))
    .filter((f) => f.endsWith(".adk"))
    .map((f) => f.replace(".adk", ""));
  test.each(names)("%s", (name) => {
    accepts(specText(name));
  });

  test("shapes are polynomials while sizes are unbound", () => {
    const shapes = (name: string): string[] =>
      [...checkText(specText(name)).model!.quantities.values()].map(
        (q) => `${q.label} : ${printShape("real", q.shape)}`,
      );
    expect(shapes("sgdml")).toEqual(["forces : real[N, 3]", "energy : real"]);
    expect(shapes("pbc_stress")).toEqual(["forces : real[N, 3]", "stress : real[3, 3]", "energy : real"]);
    expect(shapes("operators_catalogue").slice(0, 2)).toEqual([
      "upper : real[#(i in 3, j in 3 if i <= j)]",
      "div_a_grad : real",
    ]);
  });
  test("orders are counted for each latent", () => {
    const { model } = checkText(specText("corners"));
    expect(model!.quantities.get("a")!.orders).toEqual({ u: 2, v: 1 });
    expect(model!.quantities.get("c")!.orders).toEqual({ u: 4 });
    expect(model!.quantities.get("e")!.orders).toEqual({ u: 2, v: 1 });
  });
  test("imported libraries are part of the model", () => {
    expect([...checkText(specText("schnet")).model!.libraries.keys()]).toEqual(["nn.adk"]);
  });
});

describe("names", () => {
  test("an unknown one, with the nearest", () => {
    complains(`${plane}observe a : «lapacian»(u)`, "ADK0201");
    expect(diagnosticsOf(`${plane}observe a : lapacian(u)`)[0]!.hint).toBe("did you mean `laplacian`?");
  });
  test("what follows from an unknown name is silent", () => {
    complains(`${plane}fn f(v) = exp(«vv») + [1, 2][v]\nobserve a : f(0) * u + f(1) * Δu`, "ADK0201");
  });
  test("std names may be hidden, by the file and by arguments", () => {
    accepts(`${plane}fn norm(v) = 2 * v\nobserve a : norm(u)`);
    accepts(`${plane}fn f(grad) = 2 * grad\nobserve a : f(u)`);
    accepts(`${plane}observe a : { let u = Δu; u } + sum(x[l] * u for l in 2)`);
  });
  test("order does not matter", () => {
    accepts(
      "model M\nobserve a : f(u)\nfn f(v) = c * v\nconst c = e + 1\nconst e = 2\nu ~ GP(k)\n" +
        "kernel k(a, b) = rbf(a, b, l)\nparam l = 1\ninput x : real",
    );
  });
  test("labels are a namespace of their own", () => {
    accepts(`${plane}observe u : u\npredict k : Δu\npredict x : grad(u)`);
  });
  test("∇u and grad(u) are one expression", () => {
    accepts(`${plane}observe a : ∇u\npredict a : grad(u)`);
  });
  test("a kernel does not see the input, nor do functions that it calls", () => {
    complains(`model M\ninput x : real[2]\nkernel k(a, b) = rbf(a, b, 1) * «x»[0]\nu ~ GP(k)`, "ADK0204");
    complains(
      `model M\ninput x : real[2]\nfn f(a) = «x»[0]\nkernel k(a, b) = rbf(a, b, f(a))\nu ~ GP(k)\nobserve a : f(1) * u`,
      "ADK0204",
    );
  });
  test("names of the library's own are not seen", () => {
    complains(`${plane}observe a : «matern»(1, 2) * u`, "ADK0201");
  });
  test("recursion through arguments", () => {
    const found = diagnosticsOf(`${plane}fn f(g) = g(g)\nobserve a : f(f)`);
    expect(found.map((d) => d.code)).toEqual(["ADK0205"]);
  });
});

describe("types and shapes", () => {
  test("equal shapes, or a scalar with anything", () => {
    complains(`${plane}observe a : «∇u + Δ∇²u»`, "ADK0301");
    accepts(`${plane}observe a : 2 * ∇u / x[0] + l * x[1] * ∇u`);
  });
  test("shapes that differ are all that is said", () => {
    complains(`${plane}observe a : «∇u + [1, 2, 3]»`, "ADK0301");
    complains(`${plane}observe a : «where(x > 0, ∇u, [1, 2, 3])»`, "ADK0301");
    complains(`${plane}observe a : «max([1, 2, 3], ∇u)»`, "ADK0301");
  });
  test("a number alone fills a value, a mean and a parameter", () => {
    accepts(`${plane}param w : real[3] = 1\nA : real[3] ~ GP(k, mean = w[0])\nobserve a : ∇A = 0`);
    complains(`${plane}A : real[3] ~ GP(k, mean = «x»)\nobserve a : A`, "ADK0311");
    complains(`${plane}param w = («1 > 0»)`, "ADK0311");
  });
  test("points are real", () => {
    complains("model M\ninput x : «int[2]»\nkernel k(a, b) = rbf(a, b, 1)\nu ~ GP(k)", "ADK0311");
  });
  test("sizes between numbers are whole", () => {
    complains(`${plane}dim N = «3 / 2»`, "ADK0310");
    accepts(`${plane}dim N = 6 / 2, M = 1 / 2 * 4\nobserve a : [1, 2, 3][N - 1] * [1, 2][M - 1] * u`);
  });
  test("a complaint inside the library is the caller's", () => {
    complains("model M\ninput x : real[2]\nkernel k(a, b) = «rbf(a, [1, 2, 3], 1)»\nu ~ GP(k)", "ADK0301");
  });
  test("sizes that stand alone are bound first", () => {
    accepts(
      `${plane}fn f(a : real[n + m], b : real[n], c : real[m]) = a[n] * b[0] * c[m - 1]\n` +
        "observe a : f([1, 2, 3], [1, 2], [1]) * u",
    );
    complains(
      `${plane}fn f(a : real[n + m], b : real[n], c : real[m]) = a[n]\nobserve a : f(«[1, 2, 3]», [1, 2], [1, 2]) * u`,
      "ADK0302",
    );
  });
  test("defaults and arguments by name", () => {
    accepts(`${plane}fn f(v, by = 2, plus = 0) = by * v + plus\nobserve a : f(u) + f(u, by = 3) + f(plus = 0, v = u)`);
    complains(`${plane}fn f(v, by = 2) = by * v\nobserve a : f(u, «bye» = 3)`, "ADK0303");
  });
  test("whole numbers are real, reals are not whole", () => {
    accepts(`${plane}fn f(n : real) = n / 2\nobserve a : f(3) * u`);
    complains(`${plane}fn f(n : int) = n\nobserve a : f(«1.0») * u`, "ADK0302");
    complains(`${plane}observe a : x[«1 / 1»] * u`, "ADK0306");
  });
  test("an index provably outside", () => {
    complains(`${plane}observe a : [x[«i + 1»] * u for i in 2]`, "ADK0307");
    complains(
      "model M\ndim N\ninput R : real[N, 3]\nkernel k(R, S) = sum(dot(R[«i + 1»], S[i]) for i in N)\nu ~ GP(k)",
      "ADK0307",
    );
    accepts(`${plane}observe a : [x[i + 1] * u for i in 2 if i < 1]`);
    accepts(`${plane}observe a : [where(i < 1, x[i + 1], 0) * u for i in 2]`);
  });
  test("a condition is known when compiling", () => {
    complains(`${plane}observe a : sum(x[i] * u for i in 2 if «x[i] > 0»)`, "ADK0308");
    complains(`${plane}observe a : sum(x[i] * u for i in 2 if «i»)`, "ADK0309");
  });
  test("`d` takes coordinates, through lets and arguments too", () => {
    accepts(`${plane}fn f(v, s) = { let t = s; d(v, t) }\nobserve a : f(u, x[1])`);
    complains(`${plane}observe a : d(u, «2 * x[0]»)`, "ADK0313");
    complains(`${plane}observe a : d(u, «x»)`, "ADK0313");
  });
  test("`curl` in two and three dimensions", () => {
    accepts(`${plane}observe a : curl(u)\nobserve b : curl(curl(u))`);
    complains(
      "model M\ninput x : real[4]\nkernel k(a, b) = rbf(a, b, 1)\nu ~ GP(k)\nobserve a : curl(«∇u»)",
      "ADK0313",
    );
  });
  test("a constant from symmetry is a table of permutations", () => {
    complains(`${plane}const «p» : int[2] from symmetry\nobserve a : u`, "ADK0311");
  });
});

describe("linearity", () => {
  test.each([
    ["«u^2»", "ADK0401"],
    ["«exp(u)»", "ADK0401"],
    ["«u * ∇u»", "ADK0402"],
    ["«u * v»", "ADK0402"],
    ["«u + 1»", "ADK0403"],
    ["«1 / u»", "ADK0401"],
    ["where(«u > 0», u, v)", "ADK0401"],
    ["«dot(∇u, ∇v)»", "ADK0402"],
    ["«[u, 1]»", "ADK0403"],
    ["«norm(∇u)»", "ADK0401"],
    ["«x[0] * x[1]»", "ADK0404"],
    ["at(u, «∇u»)", "ADK0407"],
    ["«u(0, 1)»", "ADK0405"],
    ["«prod(u for i in 2)»", "ADK0401"],
  ])("%s", (expression, code) => {
    complains(`${plane}v ~ GP(k)\nobserve a : ${expression}`, code);
  });

  test("the hint at `at`", () => {
    expect(diagnosticsOf(`${plane}observe a : u(0, x[1])`)[0]!.hint).toBe("write `at(u, [0, x[1]])`");
  });
  test.each([
    "l * x[0]^2 * Δu - dot(x, ∇u)",
    "[u, 0]",
    "sum(x[i] * (∇u)[i] for i in 2)",
    "where(x[0] > 0, u, 2 * v)",
    "where(x[0] > 0, u, 0)",
    "transpose(∇²u) @ x",
    "trace(∇²u) - Δu",
    "concat(∇u, x * v)",
    "jvp(u, x) + vjp(x * v, [1, 2])[0]",
    "hvp(u, [1, 0]) / (1 + x[0]^2)",
    "u - u",
    "fold(w = u for t in 3) Δw",
    "mean(at(u, [i, 0]) for i in 3)",
    "-(-u)",
    "{ let w = Δu; w * x }",
    "∇u + [d(u, x[1]), 0]",
  ])("%s is linear", (expression) => {
    accepts(`${plane}v ~ GP(k)\nobserve a : ${expression}`);
  });

  test("orders grow through folds", () => {
    expect(checkText(`${plane}observe a : fold(w = u for t in 3) Δw`).model!.quantities.get("a")!.orders).toEqual({
      u: 6,
    });
  });
  test("inside a function, at the operation", () => {
    complains(
      `${plane}fn energy(v) = «v^2»\nobserve a : energy(u)\nfn g(w) = energy(3) * w\nobserve b : g(u)`,
      "ADK0401",
    );
  });
});

describe("whatever the text", () => {
  const words = specText("corners").match(/[\p{L}_]\w*|\d+|\S/gu)!,
    specs = ["sgdml", "heat", "corners", "kernels_by_hand", "flow3d"].map(specText);
  test("check answers", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...specs),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom(...words)), { minLength: 1, maxLength: 3 }),
        (spec, edits) => {
          const parts = spec.match(/\s+|[\p{L}_]\w*|\d+|\S/gu)!;
          for (const [n, word] of edits) parts[n % parts.length] = word;
          const text = parts.join(""),
            { model, diagnostics } = check({ name: "any.adk", text });
          const lost = model === undefined && diagnostics.length === 0 && /^\s*(\/\/.*\s*)*model/.test(text);
          expect(lost).toBe(false);
          for (const { span } of diagnostics) expect(span.source.text).toBe(text);
        },
      ),
      { numRuns: 150, seed: 2 },
    );
  });
});
