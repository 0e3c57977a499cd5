/**
 * `adk check SPEC`: every error and warning of a spec.
 * In: the spec's path. Out: diagnostics with code frames on stdout (or JSON), and exit code 1 where there is an error.
 */
import { check } from "../../compiler/index.ts";
import { render, toJson } from "../../compiler/source/diagnostic.ts";
import { EXIT_DONE, EXIT_INPUT } from "../failure.ts";
import type { Arguments } from "../options.ts";
import type { Reporter } from "../output.ts";
import { importResolver, readSpec } from "../specs.ts";

function verdict(name: string, errors: number, warnings: number): string {
  const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
  if (errors === 0 && warnings === 0) return `${name}: no errors`;
  return [errors === 0 ? `${name}: no errors` : `${name}: ${count(errors, "error")}`, ...(warnings === 0 ? [] : [count(warnings, "warning")])].join(", ");
}

export async function run(args: Arguments, reporter: Reporter): Promise<number> {
  const spec = readSpec(args.positional["spec"] ?? "");
  const diagnostics = check(spec.text, { name: spec.name, resolve: importResolver(spec) });
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  reporter.result({ diagnostics: diagnostics.map(toJson) }, diagnostics.map(render).join("\n\n"));
  reporter.say(verdict(spec.name, errors, diagnostics.length - errors));
  return errors === 0 ? EXIT_DONE : EXIT_INPUT;
}
