/**
 * `adk plan SPEC --data FILE`: what a fit will take.
 * In: the spec, data and options of a fit. Out: solver, memory and time, and what was looked at besides. Nothing is
 * trained.
 */
import { planAsync, type Alternative, type Plan } from "../../runtime/index.ts";
import { EXIT_DONE } from "../exit_codes.ts";
import type { Arguments } from "../options.ts";
import type { Reporter } from "../output.ts";
import { bytesText, durationText, systemOf } from "../system.ts";

const rankText = ({ rank }: { readonly rank?: number }): string =>
  rank === undefined ? "" : ` with a preconditioner of rank ${rank}`;

function alternativeText({ solver, bytes, seconds, why, ...rest }: Alternative): string {
  return `not ${solver}${rankText(rest)} (${bytesText(bytes)}, ${durationText(seconds)}): ${why}`;
}

function text(plan: Plan): string {
  const iterations = plan.iterations === undefined ? "" : `, about ${plan.iterations} iterations`;
  return [
    `${plan.n} equations by ${plan.solver}${rankText(plan)}${iterations}: ${bytesText(plan.bytes)} of memory, ` +
      `about ${durationText(plan.seconds)} on ${plan.threads === 1 ? "1 thread" : `${plan.threads} threads`}`,
    ...plan.alternatives.map(alternativeText),
  ].join("\n");
}

export async function run(args: Arguments, reporter: Reporter): Promise<number> {
  const { compiled, dataset, options } = await systemOf(args, reporter);
  const plan = await planAsync(compiled, dataset, options);
  reporter.result(plan, text(plan));
  return EXIT_DONE;
}
