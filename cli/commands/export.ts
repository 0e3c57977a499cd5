/**
 * `adk export MODEL -o DIR`: the stand-alone predictor module.
 * In: a model file. Out: DIR/NAME.js, .d.ts, package.json, and the weights' file where they are large; NAME is DIR's last part.
 */
import { join } from "node:path";
import { EXIT_DONE } from "../failure.ts";
import { moduleName, writeWhole } from "../files.ts";
import { loadModel } from "../models.ts";
import { flag, requiredText, type Arguments } from "../options.ts";
import type { Reporter } from "../output.ts";

function packageText(name: string): string {
  return `${JSON.stringify({ private: true, type: "module", sideEffects: false, types: `./${name}.d.ts`, exports: { ".": { types: `./${name}.d.ts`, default: `./${name}.js` } } }, undefined, 2)}\n`;
}

export async function run(args: Arguments, reporter: Reporter): Promise<number> {
  const folder = requiredText(args, "output", "-o out/ethanol");
  const name = moduleName(folder);
  const model = loadModel(args.positional["model"] ?? "");
  const { js, dts, weights } = model.export(name, { inline: flag(args, "inline") });
  const files: Record<string, string | Uint8Array> = { [`${name}.js`]: js, [`${name}.d.ts`]: dts, "package.json": packageText(name) };
  if (weights !== undefined) files[`${name}.weights.bin`] = weights;
  if (flag(args, "ts")) {
    const { emitTypeScript } = await import("../../compiler/emit/typescript.ts");
    files[`${name}.ts`] = emitTypeScript({ js, dts });
  }
  for (const [file, content] of Object.entries(files)) writeWhole(join(folder, file), content);
  const sizes = Object.entries(files).map(([file, content]) => ({ file: join(folder, file), bytes: typeof content === "string" ? Buffer.byteLength(content) : content.length }));
  reporter.result({ files: sizes }, sizes.map(({ file, bytes }) => `${file} (${bytes < 10_000 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(0)} KiB`})`).join("\n"));
  return EXIT_DONE;
}
