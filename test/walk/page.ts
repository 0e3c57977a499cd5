/**
 * Pages that show what the compiler prints. In: a page with marks, and what each stage prints. Out: the page, with the
 * block after each mark filled anew. A mark is a comment before a block of code:
 *
 *   <!-- shows STAGE -->                          the whole print
 *   <!-- shows STAGE from "TEXT" lines 12 -->     12 lines from the first that holds TEXT (either part may be left out)
 *
 * Lines wider than a page go on below, further in; … stands for what an excerpt leaves out.
 */
const WIDTH = 120;
const MARK = /<!-- shows (\w+)(?: from "([^"]*)")?(?: lines (\d+))? -->\n```(\w*)\n[\s\S]*?\n```/g;

/** A line, broken at spaces where it is too wide. */
function broken(line: string): string[] {
  const inner = `${/^ */.exec(line)?.[0] ?? ""}      `;
  const lines = [""];
  for (const [n, word] of line.split(" ").entries()) {
    const longer = n === 0 ? word : `${lines.at(-1)} ${word}`;
    if ([...longer].length <= WIDTH || lines.at(-1)?.trim() === "") lines[lines.length - 1] = longer;
    else lines.push(inner + word);
  }
  return lines.map((part) => part.trimEnd());
}

/** The lines that a mark asks for; throws where its text isn't printed any more. */
function excerpt(stage: string, whole: string, from: string | undefined, count: string | undefined): string {
  const lines = whole.trimEnd().split("\n");
  const first = from === undefined ? 0 : lines.findIndex((line) => line.includes(from));
  if (first < 0) throw new Error(`the print of ${stage} has no ${JSON.stringify(from)}: mend the mark in the page`);
  const shown = lines.slice(first, count === undefined ? undefined : first + Number(count));
  return [
    ...(first > 0 ? ["…"] : []),
    ...shown.flatMap(broken),
    ...(first + shown.length < lines.length ? ["…"] : []),
  ].join("\n");
}

/** @throws Error for a mark whose stage or text doesn't exist */
export function filled(page: string, stages: Readonly<Record<string, () => string>>): string {
  const prints = new Map<string, string>();
  return page.replace(MARK, (_, stage: string, from?: string, count?: string, language = "") => {
    const made = prints.get(stage) ?? stages[stage]?.();
    if (made === undefined) throw new Error(`no stage prints ${stage}; there are ${Object.keys(stages).join(", ")}`);
    prints.set(stage, made);
    const part = `${from === undefined ? "" : ` from "${from}"`}${count === undefined ? "" : ` lines ${count}`}`;
    const mark = `<!-- shows ${stage}${part} -->`;
    return `${mark}\n\`\`\`${language}\n${excerpt(stage, made, from, count)}\n\`\`\``;
  });
}

/** The stages that a page shows. */
export const shown = (page: string): string[] => [...page.matchAll(MARK)].map(([, stage]) => stage!);
