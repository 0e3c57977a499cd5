/**
 * `adk compile SPEC -o DIR`: the generated module of an untrained model.
 * In: the spec and what binds its sizes. Out: DIR/NAME.js and .d.ts, NAME being the spec's file name; .ts with --ts.
 */
import { join } from "node:path";
import { EXIT_DONE } from "../exit_codes.ts";
import { moduleName, writeWhole } from "../files.ts";
import { flag, text, type Arguments } from "../options.ts";
import type { Reporter } from "../output.ts";
import { compileSpec, readData, readSpec } from "../specs.ts";

export async function run(args: Arguments, reporter: Reporter): Promise<number> {
  const spec = readSpec(args.positional["spec"] ?? "");
  const name = moduleName(spec.path, ".adk");
  const data = text(args, "data");
  const compiled = await compileSpec(spec, args, reporter, data === undefined ? {} : { dataset: readData(data) });
  const printed = compiled.printModule(),
    { js, dts } = printed;
  const files: Record<string, string> = { [`${name}.js`]: js, [`${name}.d.ts`]: dts };
  if (flag(args, "ts")) {
    const { emitTypeScript } = await import("../../compiler/emit/typescript.ts");
    files[`${name}.ts`] = emitTypeScript(printed);
  }
  const folder = text(args, "output") ?? ".";
  for (const [file, content] of Object.entries(files)) writeWhole(join(folder, file), content);
  const paths = Object.keys(files).map((file) => join(folder, file));
  reporter.result({ files: paths, hash: compiled.hash }, paths.join("\n"));
  return EXIT_DONE;
}
