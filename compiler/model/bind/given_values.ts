/**
 * What a model is given from outside. In: a checked model and what is bound. Out: tensors for dims, constants and
 * parameters by name, the sizes that their shapes give, and what is missing.
 * A dim that stands alone in a type is bound by what has that type: a bound constant, a parameter's tensor, the points.
 */
import { diagnose, DiagnosticError, type Diagnostic } from "../../source/diagnostic.ts";
import { nearest } from "../../source/nearest.ts";
import type { Span } from "../../source/span.ts";
import type { DeclaredValue, Model, ModelConstant, ModelParameter } from "../model.ts";
import type { DeclaredName } from "../names/scope.ts";
import { partsOf, type Annotation, type Typed } from "../tree.ts";
import { tensorFrom, type BoundValue, type Tensor } from "./bound_values.ts";

export interface Bindings {
  /** Dims and constants by name: `--bind`, the `bind` of a data set, a model file. */
  readonly bind?: Readonly<Record<string, BoundValue>>;
  /** What stands at a key of `from "key"`: in the weights, then in the data. A `*` is asked for as 0, 1, 2, … */
  readonly tensors?: (key: string) => Tensor | undefined;
  /** Values of parameters `from "key"`, by name, as a model file has them; asked before the key. */
  readonly parameters?: Readonly<Record<string, Tensor>>;
  /** The shape of one point, which binds the dims in the input's type. */
  readonly point?: readonly number[];
  /** Takes the identity alone for permutations `from symmetry` that nothing binds. */
  readonly identitySymmetry?: boolean;
}

/** A shape and the type that it stands for. */
interface Measured {
  readonly annotation: Annotation | undefined;
  readonly shape: readonly number[];
  readonly from: string;
  readonly span: Span;
}

export const shapeText = (shape: readonly number[]): string =>
  shape.length === 0 ? "a number" : `the shape [${shape.join(", ")}]`;
export const refuse = (diagnostic: Diagnostic): never => {
  throw new DiagnosticError([diagnostic]);
};

/** The axis of a declared type that a dim is, standing alone; −1 if none is. */
export const axisOf = (annotation: Annotation | undefined, dim: DeclaredName): number =>
  (annotation?.sizes ?? []).findIndex((s) => s.kind === "declared" && s.declared === dim);

const mentions = (e: Typed, name: DeclaredName): boolean =>
  (e.kind === "declared" && e.declared === name) || partsOf(e).some((part) => mentions(part, name));

export class GivenValues {
  private readonly model: Model;
  private readonly bindings: Bindings;
  private readonly given = new Map<string, Tensor>();

  /** Reads what is bound; refuses names that are no dims or constants. */
  constructor(model: Model, bindings: Bindings) {
    this.model = model;
    this.bindings = bindings;
    const dims = new Map(model.dims.map(({ declared: { name } }) => [name.text, name]));
    const known = new Map([...dims, ...model.constants.map((c) => [c.name.text, c.name] as const)]);
    for (const [name, value] of Object.entries(bindings.bind ?? {})) {
      const declared = known.get(name);
      if (declared) this.given.set(name, fitting(name, declared.span, value, dims.has(name)));
      else refuse(this.unknown(name, nearest(name, known.keys())));
    }
    for (const c of model.constants)
      if (c.key !== undefined && !this.given.has(c.name.text)) this.takeKey(c.name.text, c.key);
    for (const p of model.parameters) if (p.key !== undefined) this.takeParameter(p.name.text, p.key);
    if (bindings.identitySymmetry === true) this.takeIdentities();
  }

  /** What stands for a dim, constant or parameter of the model's file; undefined where nothing is given. */
  of(name: string): Tensor | undefined {
    return this.given.get(name);
  }

  private unknown(name: string, near: string | undefined): Diagnostic {
    return diagnose("ADK0605", this.model.place, { name, ...(near === undefined ? {} : { nearest: near }) });
  }

  private takeParameter(name: string, key: string): void {
    const { parameters = {} } = this.bindings,
      known = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (known) this.given.set(name, known);
    else this.takeKey(name, key);
  }

  private takeKey(name: string, key: string): void {
    const tensor = this.atKey(key);
    if (tensor) this.given.set(name, tensor);
  }

  /** The tensor at a key; a `*` stacks 0, 1, 2, … along a new first axis. */
  private atKey(key: string): Tensor | undefined {
    const read = this.bindings.tensors ?? ((): undefined => undefined);
    if (!key.includes("*")) return read(key);
    const parts: Tensor[] = [];
    for (let n = 0; ; n++) {
      const part = read(key.replaceAll("*", String(n)));
      if (!part || (parts[0] && part.shape.join() !== parts[0].shape.join())) break;
      parts.push(part);
    }
    const [first] = parts;
    return first && { shape: [parts.length, ...first.shape], data: parts.flatMap((p) => Array.from(p.data)) };
  }

  private takeIdentities(): void {
    for (const { name, symmetry, value } of this.model.constants) {
      const atoms = value.annotation?.sizes.at(-1);
      if (!symmetry || this.given.has(name.text) || atoms?.kind !== "declared" || value.value) continue;
      const length = this.sizeFromShapes(atoms.declared);
      if (length !== undefined)
        this.given.set(name.text, { shape: [1, length], data: Array.from({ length }, (_, i) => i) });
    }
  }

  /** Every dim and constant that nothing binds, in the order of the file. */
  missing(): string[] {
    const { dims, constants, parameters } = this.model;
    const without = (d: ModelConstant | ModelParameter): boolean => !this.given.has(d.name.text);
    const open = dims.filter((d) => d.value === undefined && this.definers(d.declared).length === 0);
    return [
      ...open.filter((d) => this.sizeFromShapes(d.declared) === undefined).map((d) => d.declared.name.text),
      ...constants.filter((c) => c.value.value === undefined && without(c)).map((c) => c.name.text),
      ...parameters.filter((p) => p.key !== undefined && without(p)).map((p) => `${p.name.text} (from "${p.key}")`),
    ];
  }

  /** Shapes that are known before anything is worked out. */
  private measured(): Measured[] {
    const { input, constants, parameters } = this.model,
      { point: shape } = this.bindings;
    const point =
      input?.kind === "input" && shape
        ? [{ annotation: input.type, shape, from: "the points", span: input.name.span }]
        : [];
    const bound = [...constants, ...parameters].flatMap(({ name, value }) => {
      const tensor = this.given.get(name.text);
      return tensor ? [{ annotation: value.annotation, shape: tensor.shape, from: name.text, span: name.span }] : [];
    });
    return [...point, ...bound];
  }

  /** The number that shapes give a dim standing alone; refuses two different ones. */
  sizeFromShapes(dim: DeclaredName): number | undefined {
    const { text } = dim.name,
      own = this.given.get(text)?.data[0];
    let known = own === undefined ? undefined : { size: own, from: "what is bound to it" };
    for (const { annotation, shape, from, span } of this.measured()) {
      (annotation?.sizes ?? []).forEach((s, axis) => {
        const size = shape[axis];
        if (s.kind !== "declared" || s.declared !== dim || size === undefined) return;
        if (known && known.size !== size) {
          const two = { first: known.size, firstFrom: known.from, second: size, secondFrom: from };
          refuse(diagnose("ADK0604", span, { dim: text, ...two }));
        }
        known ??= { size, from };
      });
    }
    return known?.size;
  }

  /** Constants and parameters whose written value has the dim as a size of its own. */
  definers(dim: DeclaredName): DeclaredValue[] {
    const { constants, parameters } = this.model,
      lists = parameters.filter((p) => p.value.value?.kind === "list");
    return [...constants, ...lists]
      .map((d) => d.value)
      .filter(({ value, annotation }) => value && !mentions(value, dim) && axisOf(annotation, dim) >= 0);
  }
}

/** The tensor that is bound to a name; refuses what is none. */
function fitting(name: string, span: Span, value: BoundValue, isDim: boolean): Tensor {
  const tensor = tensorFrom(value);
  if (!tensor) {
    const expected = "a number, or nested arrays of numbers without gaps";
    return refuse(diagnose("ADK0602", span, { name, expected, found: "something else" }));
  }
  if (isDim && tensor.shape.length > 0)
    return refuse(diagnose("ADK0602", span, { name, expected: "a number", found: shapeText(tensor.shape) }));
  return tensor;
}
