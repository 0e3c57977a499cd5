/**
 * Whether a mutant's types hold. In: the project's folder. Out: a function that checks a file's changed text.
 * A mutant that the type checker refuses says nothing about tests, and isn't counted (as in Stryker).
 */
import { resolve } from "node:path";
import ts from "typescript";

/** @param {string} root the folder of tsconfig.json */
export function typeChecker(root) {
  const { config } = ts.readConfigFile(resolve(root, "tsconfig.json"), ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const changed = new Map();
  let version = 0;
  const host = {
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getScriptFileNames: () => fileNames.filter((name) => /[/\\](compiler|runtime)[/\\]/.test(name)),
    getScriptVersion: (name) => String(changed.get(resolve(name))?.version ?? 0),
    getScriptSnapshot: (name) => {
      const text = changed.get(resolve(name))?.text ?? ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    // What a change leaves unused is no error of types.
    getCompilationSettings: () => ({ ...options, noUnusedLocals: false, noUnusedParameters: false }),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  };
  const service = ts.createLanguageService(host);
  return (file, text) => {
    const path = resolve(root, file);
    changed.set(path, { text, version: ++version });
    const errors = [...service.getSyntacticDiagnostics(path), ...service.getSemanticDiagnostics(path)];
    changed.set(path, { text: undefined, version: ++version });
    return errors.length === 0;
  };
}
