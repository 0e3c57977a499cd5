/**
 * What is given to a compiled model, checked. In: points, parameters and offsets as a caller has them. Out: values as
 * kernels take them. Names are the user's, so only what a record itself holds counts, never what it inherits.
 */
import type { GroupInfo, Parameters, PointsLike } from "../runtime/compiled.ts";
import type { SideValues, Values } from "../runtime/kernel.ts";
import type { Lowered } from "./model/lower/lowered.ts";

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** What a record itself holds under a name. */
export const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

export const split = (points: PointsLike): { x: Float64Array; given: Readonly<Record<string, Float64Array>> } =>
  points instanceof Float64Array ? { x: points, given: {} } : { x: points.x, given: points.arguments ?? {} };

/** Checks what is given against a model. Throws RangeError or TypeError, naming what is wrong. */
export class Sides {
  private readonly lowered: Lowered;
  private readonly groups: Readonly<Record<string, GroupInfo>>;

  constructor(lowered: Lowered, groups: Readonly<Record<string, GroupInfo>>) {
    this.lowered = lowered;
    this.groups = groups;
  }

  /** Numbers in the coordinates of one point. */
  get pointSize(): number {
    return sizeOf(this.lowered.input.shape);
  }

  group(label: string): GroupInfo {
    const group = own(this.groups, label);
    if (group) return group;
    const labels = Object.keys(this.groups).join(", ");
    throw new RangeError(`no group is called ${JSON.stringify(label)}; there are ${labels}`);
  }

  observation(label: string): Lowered["observations"][number] {
    const { observations } = this.lowered,
      found = observations.find((o) => o.label === label);
    if (found) return found;
    const labels = observations.map((o) => o.label).join(", ");
    throw new RangeError(`${JSON.stringify(label)} is not observed; ${labels} are`);
  }

  /** Number of points in an array of coordinates. */
  count(x: Float64Array, what: string): number {
    const size = this.pointSize,
      count = x.length / size;
    if (Number.isInteger(count)) return count;
    throw new RangeError(`${what}${x.length} numbers are not a whole number of points of ${size}`);
  }

  /** Points of a group with their arguments and, where given, coefficients. */
  side(label: string, points: PointsLike, coefficients?: Float64Array): SideValues {
    const { x, given } = split(points),
      count = this.count(x, `${label}: `),
      group = this.group(label);
    for (const a of group.arguments) {
      const length = count * sizeOf(a.shape),
        found = own(given, a.name)?.length;
      if (found !== length)
        throw new RangeError(
          `${label} takes the argument ${a.name}: ${length} numbers for ${count} points, not ${found ?? "none"}`,
        );
    }
    const expected = count * sizeOf(group.shape);
    if (coefficients && coefficients.length !== expected)
      throw new RangeError(`${label}: ${coefficients.length} coefficients, where ${count} points have ${expected}`);
    return { x, count, arguments: given, ...(coefficients ? { coefficients } : {}) };
  }

  /** The values of all hyperparameters: those given, the spec's for the rest. */
  parameters(given: Parameters = {}): Values {
    const { parameters } = this.lowered;
    for (const name of Object.keys(given)) {
      if (parameters.some((p) => p.name === name)) continue;
      const names = parameters.map((p) => p.name).join(", ") || "none";
      throw new RangeError(`no parameter is called ${JSON.stringify(name)}; there are ${names}`);
    }
    return Object.fromEntries(
      parameters.map((p) => {
        const value = own(given, p.name) ?? p.initial,
          flat = typeof value === "number" ? [value] : value;
        if (flat.length !== p.initial.length)
          throw new TypeError(`the parameter ${p.name} has ${p.initial.length} entries, not ${flat.length}`);
        return [p.name, p.shape.length === 0 ? flat[0]! : Float64Array.from(flat)];
      }),
    );
  }

  /** The offset of each latent: 0 where none is given. */
  offsets(given: Readonly<Record<string, number>>): Record<string, number> {
    return Object.fromEntries(this.lowered.latents.map((l) => [l.name, own(given, l.name) ?? 0]));
  }

  /** Labels of observations in the order of the file. */
  inOrder(observed: readonly string[]): string[] {
    return this.lowered.observations.map((o) => o.label).filter((l) => observed.includes(l));
  }
}
