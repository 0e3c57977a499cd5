/**
 * What a data set says of a model's sizes and constants. In: a data set. Out: values to bind before compiling.
 */
import type { Tensor } from "../compiled.ts";
import { CONVENTIONS } from "../conventions.ts";
import type { Dataset } from "./dataset.ts";

/** What the data say of a model's sizes and constants, for binding them before compiling. */
export interface Bindings {
  /** What the set binds itself. */
  readonly bind: Readonly<Record<string, Tensor>>;
  /** Shape of one point, of the frames or of the first group, where there are points. */
  readonly point?: readonly number[];
  /** Every tensor of numbers by key: sources for `const … from "key"`, such as `z`. */
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/**
 * What a data set binds. Points are looked for at `x`, at the name of the spec's input where given, and at the keys of
 * a field;
 * among the groups only at those of `labels`, where given.
 */
export function bindingsOf(
  dataset: Dataset,
  options: { readonly input?: string; readonly labels?: readonly string[] } = {},
): Bindings {
  const names = ["x", ...(options.input === undefined ? [] : [options.input])];
  const ofField = CONVENTIONS.flatMap(({ pointKeys }) => pointKeys);
  const isPoints = (key: string): boolean => {
    const dot = key.lastIndexOf(".");
    if (dot < 0) return names.includes(key) || ofField.includes(key);
    return names.includes(key.slice(dot + 1)) && (options.labels?.includes(key.slice(0, dot)) ?? true);
  };
  const tensors: Record<string, Tensor> = Object.create(null) as Record<string, Tensor>;
  let point: readonly number[] | undefined;
  for (const [key, { shape, data }] of dataset.entries) {
    if (!(data instanceof Float64Array)) continue;
    tensors[key] = { shape, data };
    if (isPoints(key) && shape.length > 0 && (point === undefined || !key.includes("."))) point = shape.slice(1);
  }
  const bind = Object.assign(Object.create(null) as Record<string, Tensor>, Object.fromEntries(dataset.bind));
  return { bind, tensors, ...(point === undefined ? {} : { point }) };
}
