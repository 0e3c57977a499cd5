/**
 * Builds the package: TypeScript sources to `dist/`.
 * In: the folders compiler/, runtime/, cli/ of a checkout and `typescript` from its node_modules. Out: `dist/`, with
 * a stamp of the content that it was made from.
 * The build goes to a folder of its own that takes dist's name only when complete, so a reader never sees half
 * a build and two builders at once do no harm: the later rename wins, and both hold the same files.
 *
 *     node cli/build.mjs               build
 *     node cli/build.mjs --if-needed   build where the stamp is not that of the sources
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const dist = join(root, "dist");
const STAMP = "sources.sha256";

/** Every file below `folder`, sorted, as paths. */
function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}

function sourceFiles() {
  const folders = ["compiler", "runtime", "cli"].map((name) => join(root, name)).filter((path) => existsSync(path));
  return folders.flatMap(filesBelow).filter((path) => /\.(ts|js|json)$/.test(path));
}

/** A hash of all that the build depends on: sources, compiler settings, the package's version and dependencies. */
function contentStamp() {
  const hash = createHash("sha256");
  const settings = ["tsconfig.json", "tsconfig.build.json", "package.json"].map((name) => join(root, name));
  for (const path of [...settings, ...sourceFiles()]) {
    hash.update(relative(root, path).replaceAll("\\", "/")).update("\0").update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

function stampOfDist() {
  try {
    return readFileSync(join(dist, STAMP), "utf8");
  } catch {
    return undefined;
  }
}

/** Runs tsc into `target`. Throws with tsc's own messages where the sources don't compile. */
function compileTypeScript(target) {
  let tsc;
  try {
    tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  } catch {
    throw new Error(
      "a checkout builds itself with the package `typescript`, which isn't installed: run `npm ci` first",
    );
  }
  const made = spawnSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json"), "--outDir", target], {
    encoding: "utf8",
  });
  if (made.error) throw made.error;
  if (made.status !== 0) throw new Error(`the sources don't compile:\n${made.stdout}${made.stderr}`);
}

/** tsc leaves out what is JavaScript already (the generated parser) and hand-written declarations: copy them. */
function copyGenerated(target) {
  for (const path of sourceFiles().filter((file) => /\.(js|d\.ts)$/.test(file))) {
    const copy = join(target, relative(root, path));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(path, copy);
  }
}

/** Puts the finished build in dist's place; where another process was faster, its build stays if it has our stamp. */
function install(target, stamp) {
  const replaced = `${target}.old.tmp`;
  for (let attempt = 0; stampOfDist() !== stamp; attempt++) {
    try {
      if (existsSync(dist)) renameSync(dist, replaced);
      renameSync(target, dist);
    } catch (error) {
      if (attempt === 5) throw error; // Another process moved or made dist between our two steps: look again.
    } finally {
      rmSync(replaced, { recursive: true, force: true });
    }
  }
}

/** Builds `dist/`; with `ifNeeded`, only where its stamp isn't that of the sources. Returns whether it built. */
export function build({ ifNeeded = false } = {}) {
  const stamp = contentStamp();
  if (ifNeeded && stampOfDist() === stamp) return false;
  process.stderr.write("adk: building from the sources of this checkout (a few seconds, once) …\n");
  const target = join(root, `dist.${process.pid}.tmp`);
  try {
    compileTypeScript(target);
    copyGenerated(target);
    writeFileSync(join(target, STAMP), stamp);
    install(target, stamp);
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
  return true;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    build({ ifNeeded: process.argv.includes("--if-needed") });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
