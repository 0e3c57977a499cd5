/**
 * The built package, for tests that need it as users get it.
 * In: the sources. Out: `dist/`, built once however many test files ask for it at the same time.
 * The first to make a folder builds; the others wait until it is gone, and then find the stamp up to date.
 */
import { mkdirSync, rmdirSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** The project's root, with a slash at its end. */
export const root = fileURLToPath(new URL("../", import.meta.url));
/** The command's entry, for `node`. */
export const adk = `${root}cli/adk.mjs`;

const LOCK = `${root}dist.lock.tmp`;
const STALE_MS = 600_000;

function takeLock(): boolean {
  try {
    mkdirSync(LOCK);
    return true;
  } catch {
    return false;
  }
}

function isStale(): boolean {
  try {
    return Date.now() - statSync(LOCK).mtimeMs > STALE_MS;
  } catch {
    return false;
  }
}

/** Builds `dist/` where it is missing or not of these sources. */
export async function ensureBuilt(): Promise<void> {
  while (!takeLock()) {
    if (isStale()) rmdirSync(LOCK);
    await sleep(100);
  }
  try {
    const builder = (await import(new URL("../cli/build.mjs", import.meta.url).href)) as {
      build(options: { ifNeeded: boolean }): boolean;
    };
    builder.build({ ifNeeded: true });
  } finally {
    rmdirSync(LOCK);
  }
}
