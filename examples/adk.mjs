/**
 * Runs the `adk` command for the examples.
 * In: its arguments. Out: what it printed; the command line is shown first, as one would type it.
 */
import { spawnSync } from "node:child_process";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

const stub = fileURLToPath(new URL("../cli/adk.mjs", import.meta.url));

/** A path of this checkout, relative to where the script is run, so that the shown commands can be typed again. */
export function here(path) {
  return relative(process.cwd(), fileURLToPath(new URL(`../${path}`, import.meta.url))) || ".";
}

/** Runs `adk …args`; ends the script with the same code where it fails. Returns its standard output. */
export function adk(...args) {
  const typed = args.map((arg) => (/^[\w@=.,:+/-]+$/.test(arg) ? arg : `'${arg}'`)).join(" ");
  process.stdout.write(`$ npx adk ${typed}\n`);
  const { status, signal, stdout, error } = spawnSync(process.execPath, [stub, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (error) throw error;
  if (status !== 0) {
    process.stdout.write(stdout);
    process.exit(status ?? (signal === "SIGINT" ? 130 : 1));
  }
  return stdout;
}
