/**
 * Runs the command line inside the test's process.
 * In: arguments. Out: exit code and what was written to stdout and stderr.
 */
import { vi } from "vitest";
import { run } from "../../cli/main.ts";

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `adk …args` and collects what it says. */
export async function adk(...args: readonly string[]): Promise<Said> {
  const written = { stdout: "", stderr: "" };
  const collect =
    (stream: "stdout" | "stderr") =>
    (chunk: string | Uint8Array): boolean => {
      written[stream] += typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
      return true;
    };
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(collect("stdout")),
    vi.spyOn(process.stderr, "write").mockImplementation(collect("stderr")),
    vi.spyOn(console, "log").mockImplementation((...items: unknown[]) => {
      written.stdout += `${items.map(String).join(" ")}\n`;
    }),
    vi.spyOn(console, "error").mockImplementation((...items: unknown[]) => {
      written.stderr += `${items.map(String).join(" ")}\n`;
    }),
  ];
  try {
    return { code: await run(args), ...written };
  } finally {
    spies.forEach((spy) => spy.mockRestore());
  }
}
