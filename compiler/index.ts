/**
 * The compiler's public names. In: nothing. Out: compiling, checking, diagnostics.
 * Everything here runs in a browser as well as in Node.
 */
export { compile, compileUnjudged, LibraryError } from "./driver.ts";
export type { CompileOptions } from "./driver.ts";
export { Compiled } from "./compiled.ts";
export { check } from "./model/check/check.ts";
export type { Checked, CheckOptions } from "./model/check/check.ts";
export { pairOrderExists } from "./model/judge/smoothness.ts";
export { DiagnosticError, render, toJson } from "./source/diagnostic.ts";
export type { Diagnostic } from "./source/diagnostic.ts";
export { VERSION } from "./version.ts";
