/**
 * The package's version. In: its own package.json. Out: the text of its `version`.
 * Read from the file, since loading the compiler for it would cost every command.
 */
import { createRequire } from "node:module";

export const VERSION = (createRequire(import.meta.url)("ad-kernels/package.json") as { readonly version: string })
  .version;
