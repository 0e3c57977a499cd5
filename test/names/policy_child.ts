/** Runs a kernel where code from text is forbidden. In: nothing. Out: the error's message, and its cause's name. */
import { compile } from "../../compiler/driver.ts";

const compiled = compile("model M\ninput x : real[1]\nkernel k(a, b) = rbf(a, b, 1)\nu ~ GP(k)\nobserve value : u\n");
const x = Float64Array.of(0);
try {
  compiled.covariance("value", x, "value", x);
  console.log("no error");
} catch (error) {
  const { message, cause } = error as Error;
  console.log(JSON.stringify({ message, cause: (cause as Error).name }));
}
// Printing a module needs no code from text.
console.log(compiled.printModule().js.includes("export function covariance"));
