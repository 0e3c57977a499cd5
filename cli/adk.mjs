#!/usr/bin/env node
/**
 * The `adk` command: a stub that starts the built command line.
 * In: the process' arguments. Out: the exit code of the command.
 * The package is published built; in a checkout, where sources lie beside, the build is made when it is
 * missing or when the sources are not those that it was made from, so that `npx adk` works after `npm ci`.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
const built = (name) => new URL(`dist/cli/${name}`, root);
const isCheckout = existsSync(new URL("tsconfig.build.json", root));

try {
  if (isCheckout) {
    const { build } = await import("./build.mjs");
    build({ ifNeeded: true });
  }
  const { watch } = await import(built("watch.js").href);
  process.exitCode = await watch(built("worker.js"), process.argv.slice(2));
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    isCheckout
      ? `adk: could not start from the checkout ${fileURLToPath(root)}\n${reason}\n`
      : `adk: the installation is not complete (${reason}); reinstall it with: npm install ad-kernels\n`,
  );
  process.exitCode = 2;
}
