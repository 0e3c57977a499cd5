/**
 * docs/from_text_to_loop.md shows what every stage prints today. Where it doesn't any more, `npm run generate:docs`
 * writes the blocks anew (the words between them are for people to mend).
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { filled, shown } from "./page.ts";
import { STAGES } from "./stages.ts";

const path = fileURLToPath(new URL("../../docs/from_text_to_loop.md", import.meta.url));
const page = readFileSync(path, "utf8");

describe("the walk from text to loop", () => {
  it("shows what the stages print", async () => {
    await expect(filled(page, STAGES)).toMatchFileSnapshot(path);
  });

  it("shows every stage", () => {
    expect([...new Set(shown(page))].sort()).toEqual(Object.keys(STAGES).sort());
    expect(page.match(/^```/gm)).toHaveLength(2 * shown(page).length);
  });
});

describe("a page's blocks", () => {
  const stages = { count: () => "one\ntwo\nthree\nfour\n", wide: () => "x y + z ".repeat(40).trim() };
  const block = (mark: string, text: string): string =>
    `a\n\n<!-- shows ${mark} -->\n\`\`\`text\n${text}\n\`\`\`\n\nb\n`;

  it("are filled as their marks say", () => {
    expect(filled(block("count", "stale"), stages)).toBe(block("count", "one\ntwo\nthree\nfour"));
    expect(filled(block('count from "tw"', "stale"), stages)).toBe(block('count from "tw"', "…\ntwo\nthree\nfour"));
    expect(filled(block('count from "tw" lines 1', ""), stages)).toBe(block('count from "tw" lines 1', "…\ntwo\n…"));
    expect(filled(block("count lines 2", "old\nold"), stages)).toBe(block("count lines 2", "one\ntwo\n…"));
    const wide = filled(block("wide", "-"), stages).split("\n").slice(4, -4);
    expect(wide.every((line) => line.length <= 120)).toBe(true);
    expect(wide.map((line) => line.trim()).join(" ")).toBe(stages.wide());
  });

  it("are refused where a mark leads nowhere", () => {
    expect(() => filled(block("nothing", "x"), stages)).toThrow("no stage prints nothing; there are count, wide");
    expect(() => filled(block('count from "ten"', "x"), stages)).toThrow('no "ten"');
  });
});
