/**
 * Values of hyperparameters. In: what the spec says of each, and what a user set. Out: a value for every one.
 * Names, lengths and open bounds are checked here, once, so that all later stages may trust them.
 */
import type { CompiledModel, Parameters } from "../compiled.ts";
import { OptionError } from "../errors.ts";
import { sizeOf } from "../data/rows.ts";
import { emptyRecord } from "../records.ts";

/** Every hyperparameter with its value; a scalar fills a tensor. Throws OptionError naming the parameter. */
export function resolveParameters(compiled: CompiledModel, set: Parameters = {}): Record<string, Float64Array> {
  const names = compiled.parameters.map((item) => item.name);
  for (const name of Object.keys(set)) {
    if (!names.includes(name))
      throw new OptionError(`parameter ${name}: expected one of the spec's (${names.join(", ") || "it has none"})`);
  }
  const resolved: Record<string, Float64Array> = emptyRecord();
  for (const { name, shape, initial, lower, upper } of compiled.parameters) {
    const given = Object.hasOwn(set, name) ? set[name]! : initial;
    const size = sizeOf(shape);
    const values = typeof given === "number" ? new Float64Array(size).fill(given) : Float64Array.from(given);
    if (values.length !== size)
      throw new OptionError(
        `parameter ${name}: expected ${size} numbers for shape [${shape.join(", ")}], found ${values.length}`,
      );
    for (const value of values) {
      const inside =
        Number.isFinite(value) && (lower === undefined || value > lower) && (upper === undefined || value < upper);
      if (!inside)
        throw new OptionError(
          `parameter ${name}: expected a number in (${lower ?? "-∞"}, ${upper ?? "∞"}), found ${value}`,
        );
    }
    resolved[name] = values;
  }
  return resolved;
}

/** The same as the compiled model takes them: numbers for scalars. */
export function asParameters(compiled: CompiledModel, values: Readonly<Record<string, Float64Array>>): Parameters {
  const scalar = new Set(compiled.parameters.filter((item) => item.shape.length === 0).map((item) => item.name));
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, scalar.has(name) ? value[0]! : value]),
  );
}
