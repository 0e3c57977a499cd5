/**
 * `adk export MODEL -o DIR`: the stand-alone predictor module; with `--format sgdml`, the sGDML package's file.
 * In: a model file. Out: DIR/NAME.js, .d.ts, package.json, and the weights' file where they are large; NAME is DIR's
 * last part.
 */
import { join } from "node:path";
import { exportSgdml } from "../../runtime/sgdml/export.ts";
import { EXIT_DONE } from "../exit_codes.ts";
import { InputError } from "../failure.ts";
import { moduleName, writeWhole } from "../files.ts";
import { loadModel } from "../models.ts";
import { flag, requiredText, text, type Arguments } from "../options.ts";
import type { Reporter } from "../output.ts";

function packageText(name: string): string {
  const types = `./${name}.d.ts`;
  const exports = { ".": { types, default: `./${name}.js` } };
  return `${JSON.stringify({ private: true, type: "module", sideEffects: false, types, exports }, undefined, 2)}\n`;
}

/** `--format sgdml -o FILE.npz`: the sGDML package's file. */
function writeSgdml(args: Arguments, reporter: Reporter): number {
  const output = requiredText(args, "output", "-o ethanol.npz");
  const bytes = exportSgdml(loadModel(args.positional["model"] ?? ""));
  writeWhole(output, bytes);
  reporter.result(
    { files: [{ file: output, bytes: bytes.length }] },
    `${output} (${(bytes.length / 1024).toFixed(0)} KiB), a model of the sGDML package`,
  );
  return EXIT_DONE;
}

export async function run(args: Arguments, reporter: Reporter): Promise<number> {
  const format = text(args, "format") ?? "js";
  if (format === "sgdml") return writeSgdml(args, reporter);
  if (format !== "js") throw new InputError(`--format: expected js or sgdml, found ${JSON.stringify(format)}`);
  const folder = requiredText(args, "output", "-o out/ethanol");
  const name = moduleName(folder);
  const model = loadModel(args.positional["model"] ?? "");
  const printed = model.export(name, { inline: flag(args, "inline") }),
    { js, dts, weights } = printed;
  const files: Record<string, string | Uint8Array> = {
    [`${name}.js`]: js,
    [`${name}.d.ts`]: dts,
    "package.json": packageText(name),
  };
  if (weights !== undefined) files[`${name}.weights.bin`] = weights;
  if (flag(args, "ts")) {
    const { emitTypeScript } = await import("../../compiler/emit/typescript.ts");
    files[`${name}.ts`] = emitTypeScript(printed);
  }
  for (const [file, content] of Object.entries(files)) writeWhole(join(folder, file), content);
  const sizes = Object.entries(files).map(([file, content]) => ({
    file: join(folder, file),
    bytes: typeof content === "string" ? Buffer.byteLength(content) : content.length,
  }));
  reporter.result(
    { files: sizes },
    sizes
      .map(({ file, bytes }) => `${file} (${bytes < 10_000 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(0)} KiB`})`)
      .join("\n"),
  );
  return EXIT_DONE;
}
