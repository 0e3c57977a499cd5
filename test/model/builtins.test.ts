/** Every builtin's page: the call that it shows is the call that is taken, and its example compiles. */
import { describe, expect, test } from "vitest";
import { builtins, standardOnly } from "../../compiler/model/builtins/table.ts";
import { knownNames } from "../../compiler/model/names/scope.ts";
import { checkText, lowerText } from "./support.ts";

const model = (e: string): string =>
  `model M\ninput x : real[2]\nkernel k(a, b) = rbf(a, b, 1)\nu ~ GP(k)\nobserve v : ${e}\npredict u\n`;
const all = [...builtins.values()].filter((b) => b.page.group !== "hidden");

describe("pages of builtins", () => {
  test.each(all.map((b) => [b.name, b] as const))("%s", (name, builtin) => {
    const { call, example, gives } = builtin.page;
    expect(example).toContain(`${name}(`);
    expect(gives).not.toMatch(/\||^$/);
    const names = call.slice(name.length + 1, -1).split(", ");
    expect(call.startsWith(`${name}(`)).toBe(true);
    expect(names.slice(0, 1)).toEqual(builtin.arguments.slice(0, 1));
    expect(names.includes("…")).toBe(builtin.arguments.includes("…"));
    const lowered = lowerText(model(example)),
      shape = lowered.quantities.get("v")?.shape;
    expect(shape).toEqual([]);
  });

  test("each refuses a call without arguments, and shows how it is called", () => {
    for (const { name } of all) {
      const [first] = checkText(model(`${name}() * u`)).diagnostics;
      expect([name, first?.code]).toEqual([name, "ADK0303"]);
      expect(first?.expected).toContain(`${name}(`);
    }
  });

  test("what the library keeps to itself is not known in a spec", () => {
    const { model: checked } = checkText(model("u"));
    const known = new Set(knownNames(checked!.file));
    expect([...standardOnly].filter((name) => known.has(name))).toEqual([]);
    for (const name of standardOnly)
      expect(checkText(model(`${name}(u)`)).diagnostics.map((d) => d.code)).toContain("ADK0201");
  });
});
