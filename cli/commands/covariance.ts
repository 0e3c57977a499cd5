/**
 * `adk covariance SPEC --points FILE`: the joint prior covariance of observations at given points.
 * In: groups of points, parameters, and the pairs of groups asked for. Out: the matrix as JSON, null where not asked.
 * A block is compiled and judged for its own pair of groups alone, so pairs that exist are served even where another
 * pair of the spec has no covariance.
 */
import { pairOrderExists } from "../../compiler/index.ts";
import type { GroupInfo, Parameters, Points } from "../../runtime/compiled.ts";
import { asParameters, resolveParameters } from "../../runtime/model/parameters.ts";
import { EXIT_DONE } from "../exit_codes.ts";
import { InputError } from "../failure.ts";
import { readJson } from "../files.ts";
import { parameterSettings, requiredText, type Arguments } from "../options.ts";
import type { Reporter } from "../output.ts";
import { checkGroup, readPoints, type PointGroup, type PointsFile } from "../points.ts";
import { compileSpec, readSpec } from "../specs.ts";
import { nearest } from "../suggest.ts";

type Compiled = Awaited<ReturnType<typeof compileSpec>>;
type Matrix = (number | null)[][];

interface Placed {
  readonly group: PointGroup;
  readonly info: GroupInfo;
  readonly offset: number;
  readonly components: number;
  readonly rows: number;
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Looks every label up, checks shapes, and gives each group its place in the joint matrix. */
function place(file: PointsFile, compiled: Compiled, path: string): Placed[] {
  let offset = 0;
  return file.groups.map((group, index) => {
    if (!Object.hasOwn(compiled.groups, group.operator)) {
      const labels = Object.keys(compiled.groups);
      const close = nearest(group.operator, labels);
      throw new InputError(
        `${path}: groups[${index}]: the spec has no label ${JSON.stringify(group.operator)}; ` +
          `${close === undefined ? `it has ${labels.join(", ")}` : `did you mean ${JSON.stringify(close)}?`}`,
      );
    }
    const info = compiled.groups[group.operator] as GroupInfo;
    checkGroup(group, index, info, compiled.input.shape, path);
    const components = product(info.shape);
    const rows = (group.x.shape[0] ?? 0) * components;
    const placed = { group, info, offset, components, rows };
    offset += rows;
    return placed;
  });
}

function pointsOf({ group }: Placed): Points {
  return {
    x: group.x.data,
    arguments: Object.fromEntries(Object.entries(group.arguments).map(([name, { data }]) => [name, data])),
  };
}

/** The first pair of coinciding points of two groups, or undefined. */
function coincidence(a: Placed, b: Placed): readonly [number, number] | undefined {
  const keys = ({ group: { x } }: Placed): string[] => {
    const [count = 0, ...shape] = x.shape;
    const size = product(shape);
    return Array.from({ length: count }, (_, i) =>
      x.data
        .subarray(i * size, (i + 1) * size)
        .map((value) => value + 0)
        .join(),
    );
  };
  const first = new Map(keys(b).map((key, index) => [key, index]));
  const at = keys(a).findIndex((key) => first.has(key));
  return at < 0 ? undefined : [at, first.get(keys(a)[at] ?? "") ?? 0];
}

/**
 * Throws InputError where the block of two groups meets a point at which the kernel hasn't the derivatives it needs.
 */
function refuseMissing(compiled: Compiled, a: Placed, b: Placed, pair: readonly [number, number], path: string): void {
  const meeting = coincidence(a, b);
  if (meeting === undefined) return;
  if (pairOrderExists(compiled.lowered, a.group.operator, b.group.operator)) return;
  throw new InputError(
    `${path}: the pair [${pair.join(", ")}] of ${a.group.operator} and ${b.group.operator} has no covariance ` +
      "where points coincide " +
      `(point ${meeting[0]} of groups[${pair[0]}] is point ${meeting[1]} of groups[${pair[1]}]): ` +
      "the kernel hasn't the derivatives that the pair takes there; move the points apart, " +
      "or use a smoother kernel",
  );
}

function fill(matrix: Matrix, row: Placed, col: Placed, block: Float64Array, isTransposed: boolean): void {
  for (let i = 0; i < row.rows; i++) {
    for (let j = 0; j < col.rows; j++) {
      const target = matrix[row.offset + i];
      if (target !== undefined)
        target[col.offset + j] = (isTransposed ? block[j * row.rows + i] : block[i * col.rows + j]) ?? null;
    }
  }
}

/** Parameters of the file, those of --set over them, checked against the spec's. */
function parametersOf(compiled: Compiled, file: PointsFile, args: Arguments): Parameters {
  const fromFile = Object.fromEntries(
    Object.entries(file.params).map(([name, { shape, data }]) => [name, shape.length === 0 ? (data[0] ?? 0) : data]),
  );
  return asParameters(compiled, resolveParameters(compiled, { ...fromFile, ...parameterSettings(args) }));
}

/** The joint matrix: each asked block once, its mirror image from the transpose. */
function jointMatrix(
  compiled: Compiled,
  file: PointsFile,
  placed: readonly Placed[],
  params: Parameters,
  path: string,
): Matrix {
  const total = placed.reduce((sum, group) => sum + group.rows, 0);
  const matrix: Matrix = Array.from({ length: total }, () => new Array<number | null>(total).fill(null));
  const pairs = file.pairs ?? placed.flatMap((_, a) => placed.map((__, b) => [a, b] as const));
  const blocks = new Map<string, Float64Array>();
  for (const [a, b] of pairs) {
    const [row, col] = [placed[a], placed[b]];
    if (row === undefined || col === undefined) continue;
    const mirrored = blocks.get(`${b},${a}`);
    if (mirrored !== undefined && a !== b) {
      fill(matrix, row, col, mirrored, true);
      continue;
    }
    refuseMissing(compiled, row, col, [a, b], path);
    const block = compiled.covariance(row.group.operator, pointsOf(row), col.group.operator, pointsOf(col), params);
    blocks.set(`${a},${b}`, block);
    fill(matrix, row, col, block, false);
  }
  return matrix;
}

export async function run(args: Arguments, reporter: Reporter): Promise<number> {
  const path = requiredText(args, "points", "--points points.json");
  const spec = readSpec(args.positional["spec"] ?? "");
  const file = readPoints(readJson(path), path);
  const compiled = await compileSpec(spec, args, reporter, {
    point: file.groups[0]?.x.shape.slice(1) ?? [],
    identitySymmetry: true,
    isUnjudged: true,
  });
  const placed = place(file, compiled, path);
  const matrix = jointMatrix(compiled, file, placed, parametersOf(compiled, file, args), path);
  const groups = placed.map(({ group, info, offset }) => ({
    operator: group.operator,
    offset,
    shape: [group.x.shape[0] ?? 0, ...info.shape],
  }));
  const result = { groups, matrix };
  reporter.result(result, JSON.stringify(result));
  return EXIT_DONE;
}
