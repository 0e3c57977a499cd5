/**
 * How long generated code is. In: the text of a module. Out: for each kernel its bytes and statements, tables apart
 * (constants of the spec, such as weights, are data).
 */
const KERNEL = /^const ((?:covariance|contract)_\w+|posterior) = \(\(\) => \{$/m;

/** @param {string} js a printed module; throws where no kernel is found in it */
export function kernelSizes(js) {
  const parts = js.replace(/^\s*const T_\w+ = .*;\n/gm, "").split(KERNEL);
  const names = parts.filter((_, n) => n % 2 === 1);
  if (names.length === 0) throw new Error("the module has no kernels where they are looked for");
  return names.map((name, n) => {
    const text = parts[2 * n + 2].split(/^\}\)\(\);$/m)[0];
    const bytes = new TextEncoder().encode(text).length;
    return { name, bytes, statements: text.split("\n").filter((line) => /[;{]$/.test(line)).length };
  });
}
