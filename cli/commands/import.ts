/**
 * `adk import sgdml FILE.npz -o MODEL`: a model that the sGDML package trained, as one of ours.
 * In: the package's model file. Out: a model file that predicts, tests and exports; it has no training points to refit.
 */
import { readFileSync } from "node:fs";
import { compile } from "../../compiler/index.ts";
import { importSgdml } from "../../runtime/sgdml/import.ts";
import { EXIT_DONE } from "../exit_codes.ts";
import { InputError } from "../failure.ts";
import { writeWhole } from "../files.ts";
import { requiredText, type Arguments } from "../options.ts";
import type { Reporter } from "../output.ts";
import { nearest } from "../suggest.ts";

const FORMATS = ["sgdml"];

export async function run(args: Arguments, reporter: Reporter): Promise<number> {
  const format = args.positional["format"] ?? "";
  if (!FORMATS.includes(format)) {
    const close = nearest(format, FORMATS);
    throw new InputError(
      `import ${JSON.stringify(format)}: expected ` +
        `${FORMATS.join(" or ")}${close === undefined ? "" : `; did you mean ${close}?`}`,
    );
  }
  const file = args.positional["file"] ?? "";
  const output = requiredText(args, "output", "-o ethanol.safetensors");
  const { model, source } = importSgdml(readFileSync(file), file, compile);
  writeWhole(output, model.toBytes());
  const kinds = source.energies === undefined ? "forces" : "energies and forces";
  if (source.units.r_unit === undefined)
    reporter.say(
      `${file}: it names no units; the numbers of data are taken as its own (the package's models are in Å and ` +
        "kcal/mol)",
    );
  const stated = Object.entries(source.errors).map(
    ([label, { mae, rmse }]) => `${label} MAE ${mae.toPrecision(4)}, RMSE ${rmse.toPrecision(4)}`,
  );
  const result = {
    file: output,
    atoms: Array.from(source.atoms),
    trainingPoints: source.count,
    trained: kinds,
    order: source.order,
    sigma: source.sigma,
    units: source.units,
    amplification: model.amplification,
    statedErrors: source.errors,
  };
  reporter.result(
    result,
    [
      `${output}: ${source.atoms.length} atoms, ${source.count} training geometries (${kinds}), ` +
        `${source.order} permutation${source.order === 1 ? "" : "s"}, sigma ${source.sigma}`,
      `amplification ${model.amplification.toExponential(1)}` +
        (stated.length === 0 ? "" : `; errors that the file states: ${stated.join("; ")}`),
      "it predicts, tests and exports; it can't be refitted, for the file has no training geometries",
    ].join("\n"),
  );
  return EXIT_DONE;
}
