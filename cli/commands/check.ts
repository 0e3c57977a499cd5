/**
 * `adk check SPEC`: every error and warning of a spec.
 * In: the spec's path. Out: diagnostics with code frames on stdout (or JSON), and exit code 1 where there is an error.
 * Sizes may be unbound. Smoothness is judged for a small point then: how often a kernel can be differentiated doesn't
 * depend on how many coordinates its points have.
 */
import {
  check,
  compile,
  DiagnosticError,
  render,
  toJson,
  type Checked,
  type CompileOptions,
  type Diagnostic,
} from "../../compiler/index.ts";
import { EXIT_DONE, EXIT_INPUT } from "../exit_codes.ts";
import { assignments, text, type Arguments } from "../options.ts";
import type { Reporter } from "../output.ts";
import { importResolver, readSpec, type Spec } from "../specs.ts";
import { weightsReader } from "../weights.ts";

/** The number that stands for a size of the input which nothing binds. */
const SMALL = 4;

/** The shape of a small point of the input's type. */
function smallPoint({ input }: NonNullable<Checked["model"]>): number[] | undefined {
  if (input?.kind !== "input") return undefined;
  return input.type.sizes.map((size) => (size.kind === "number" ? size.value : SMALL));
}

/** What only numbers decide: nothing where constants are missing, which is no error of the spec. */
function judge(spec: Spec, model: NonNullable<Checked["model"]>, options: CompileOptions): Diagnostic[] {
  const found: Diagnostic[] = [];
  const point = smallPoint(model);
  try {
    compile(spec.text, {
      ...options,
      ...(point === undefined ? {} : { point }),
      identitySymmetry: true,
      warn: (warning) => found.push(warning),
    });
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const isUnbound = error.diagnostics.some((diagnostic) => diagnostic.code.startsWith("ADK06"));
    if (!isUnbound) found.push(...error.diagnostics);
  }
  return found;
}

/** Every diagnostic of a spec, each once, in the order of the file. */
function diagnosticsOf(spec: Spec, options: CompileOptions): readonly Diagnostic[] {
  const { model, diagnostics } = check({ name: spec.name, text: spec.text }, options);
  if (model === undefined) return diagnostics;
  const key = ({ code, span }: Diagnostic): string => `${code} ${span.source.name} ${span.start} ${span.end}`;
  const seen = new Set(diagnostics.map(key));
  const judged = judge(spec, model, options).filter((diagnostic) => !seen.has(key(diagnostic)));
  const file = ({ span }: Diagnostic): number => Number(span.source.name !== spec.name);
  return [...diagnostics, ...judged].sort((a, b) => file(a) - file(b) || a.span.start - b.span.start);
}

function verdict(name: string, errors: number, warnings: number): string {
  const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
  const failing = errors === 0 ? "no errors" : count(errors, "error");
  return `${name}: ${[failing, ...(warnings === 0 ? [] : [count(warnings, "warning")])].join(", ")}`;
}

export async function run(args: Arguments, reporter: Reporter): Promise<number> {
  const spec = readSpec(args.positional["spec"] ?? "");
  const options = {
    name: spec.name,
    resolve: importResolver(spec),
    bind: assignments(args, "bind"),
    tensors: weightsReader(text(args, "weights")),
  };
  const diagnostics = diagnosticsOf(spec, options);
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  reporter.result({ diagnostics: diagnostics.map(toJson) }, diagnostics.map(render).join("\n\n"));
  reporter.say(verdict(spec.name, errors, diagnostics.length - errors));
  return errors === 0 ? EXIT_DONE : EXIT_INPUT;
}
