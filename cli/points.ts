/**
 * The points of `adk covariance --points FILE`.
 * In: JSON, from anywhere. Out: groups of points with shapes checked, parameters, and the pairs asked for.
 * Everything is checked here, before a spec is compiled: what is wrong is named by group and key.
 */
import type { GroupInfo, Tensor } from "../runtime/compiled.ts";
import { fromNested, NestedError } from "../runtime/data/nested.ts";
import { InputError } from "./failure.ts";

export interface PointGroup {
  readonly operator: string;
  /** [points, ...shape of a point]. */
  readonly x: Tensor;
  /** Per-point arguments: [points, ...shape of the argument]. */
  readonly arguments: Readonly<Record<string, Tensor>>;
}

export interface PointsFile {
  readonly groups: readonly PointGroup[];
  readonly params: Readonly<Record<string, Tensor>>;
  /** Undefined: all pairs. */
  readonly pairs?: readonly (readonly [number, number])[];
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function tensor(value: unknown, where: string): Tensor {
  try {
    const { shape, data } = fromNested(value);
    if (!(data instanceof Float64Array)) throw new NestedError("text");
    const bad = data.findIndex((entry) => !Number.isFinite(entry));
    if (bad >= 0) throw new NestedError(`entry ${bad} is ${data[bad] ?? "missing"}`);
    return { shape, data };
  } catch (error) {
    if (!(error instanceof NestedError)) throw error;
    throw new InputError(`${where}: expected numbers or nested arrays of them, found: ${error.message}`);
  }
}

function readGroup(value: unknown, index: number, file: string): PointGroup {
  const where = `${file}: groups[${index}]`;
  if (!isObject(value)) throw new InputError(`${where}: expected an object with "operator" and "x"`);
  const { operator, x, ...rest } = value;
  if (typeof operator !== "string")
    throw new InputError(
      `${where}: expected "operator" to be a label of the spec, found ${JSON.stringify(operator) ?? "nothing"}`,
    );
  if (x === undefined) throw new InputError(`${where} (${operator}): "x", the points, is missing`);
  const points = tensor(x, `${where}.x`);
  if (points.shape.length === 0) throw new InputError(`${where}.x: expected an array of points, found a number`);
  const args = Object.fromEntries(Object.entries(rest).map(([name, item]) => [name, tensor(item, `${where}.${name}`)]));
  return { operator, x: points, arguments: args };
}

function readPairs(value: unknown, groups: number, file: string): [number, number][] {
  const isGroup = (index: unknown): boolean =>
    Number.isInteger(index) && (index as number) >= 0 && (index as number) < groups;
  const isPair = (pair: unknown): pair is [number, number] =>
    Array.isArray(pair) && pair.length === 2 && pair.every(isGroup);
  if (!Array.isArray(value) || !value.every(isPair)) {
    throw new InputError(
      `${file}: pairs: expected an array of [a, b], each the number of a group from 0 to ${groups - 1}, ` +
        `found ${JSON.stringify(value)}`,
    );
  }
  return value;
}

/** The content of a points file. Throws InputError naming what is wrong. */
export function readPoints(content: unknown, file: string): PointsFile {
  if (!isObject(content) || !Array.isArray(content["groups"]) || content["groups"].length === 0) {
    throw new InputError(`${file}: expected { "groups": [{ "operator": LABEL, "x": [[…], …] }, …] }`);
  }
  const params = content["params"] ?? {};
  if (!isObject(params)) throw new InputError(`${file}: params: expected an object such as { "sigma": 8 }`);
  const groups = content["groups"].map((group, index) => readGroup(group, index, file));
  return {
    groups,
    params: Object.fromEntries(
      Object.entries(params).map(([name, value]) => [name, tensor(value, `${file}: params.${name}`)]),
    ),
    ...(content["pairs"] === undefined ? {} : { pairs: readPairs(content["pairs"], groups.length, file) }),
  };
}

/** Throws InputError where a group's points or arguments don't have the shapes that the model asks for. */
export function checkGroup(
  group: PointGroup,
  index: number,
  info: GroupInfo,
  point: readonly number[],
  file: string,
): void {
  const where = `${file}: groups[${index}] (${group.operator})`;
  const count = group.x.shape[0] ?? 0;
  const expectShape = (name: string, found: Tensor | undefined, shape: readonly number[]): void => {
    if (found === undefined)
      throw new InputError(
        `${where}: the argument ${JSON.stringify(name)} is missing; expected [${[count, ...shape].join(", ")}] numbers`,
      );
    if (found.shape.join() !== [count, ...shape].join())
      throw new InputError(
        `${where}.${name}: expected the shape [${[count, ...shape].join(", ")}], found [${found.shape.join(", ")}]`,
      );
  };
  expectShape("x", group.x, point);
  for (const { name, shape } of info.arguments) expectShape(name, group.arguments[name], shape);
  const known = new Set(info.arguments.map((argument) => argument.name));
  const extra = Object.keys(group.arguments).find((name) => !known.has(name));
  if (extra !== undefined)
    throw new InputError(
      `${where}: there is no argument ${JSON.stringify(extra)}; ` +
        `${known.size === 0 ? "it takes none" : `expected ${[...known].join(", ")}`}`,
    );
}
