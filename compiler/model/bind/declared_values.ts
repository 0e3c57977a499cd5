/**
 * Values of dims, constants and parameters. In: a checked model and what is bound. Out: each declared name's value, on
 * demand.
 * A dim that stands alone in a type is bound by what has that type: a bound constant, a parameter's tensor, the points,
 * or a
 * constant that is worked out. Everything missing is named at once.
 */
import type { Declaration, TypeNode } from "../../source/ast.ts";
import { diagnose, DiagnosticError, type Diagnostic } from "../../source/diagnostic.ts";
import type { Span } from "../../source/span.ts";
import { lit, named, param, table } from "../../ir/expr.ts";
import { nearest } from "../../source/nearest.ts";
import { misfit, notAGroup, tensorFrom, type BoundValue, type Tensor } from "./bound_values.ts";
import { evaluateTensor, wholeNumber, type EvaluationContext, type Program } from "../lower/evaluation.ts";
import type { Model } from "../model.ts";
import { freeNames } from "../names/references.ts";
import type { Entry, FileScope } from "../names/scope.ts";
import { baseOf, textOf } from "../check/declared_type.ts";
import { asBase, fromExpr, kept, numbersOf, scalar, written, type Value } from "../lower/value.ts";

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

type Of<K extends Declaration["kind"]> = Extract<Declaration, { kind: K }>;
interface Sized {
  readonly type: TypeNode | undefined;
  readonly shape: readonly number[];
  readonly from: string;
  readonly span: Span;
}

const shapeText = (shape: readonly number[]): string =>
  shape.length === 0 ? "a number" : `the shape [${shape.join(", ")}]`;
const refuse = (diagnostic: Diagnostic): never => {
  throw new DiagnosticError([diagnostic]);
};

export class DeclaredValues {
  private readonly model: Model;
  private readonly bindings: Bindings;
  private readonly program: Program;
  private readonly values = new Map<Entry, Value>();
  private readonly working = new Set<Entry>();
  private readonly given = new Map<string, Tensor>();
  /** The dims and constants that came from outside. */
  readonly found = new Map<string, { readonly shape: readonly number[]; readonly data: Float64Array }>();

  constructor(model: Model, bindings: Bindings, program: Program) {
    this.model = model;
    this.bindings = bindings;
    this.program = program;
    this.take();
  }

  /** Refuses what is missing, all of it at once, and values that do not fit their declarations. */
  verify(): void {
    const { model } = this;
    const missing = this.missing();
    const [place] = [...model.dims, ...model.constants, ...model.parameters].filter((d) =>
      namesIn(d).some((n) => missing.includes(n)),
    );
    if (missing.length > 0) refuse(diagnose("ADK0601", nameSpan(place, missing, model), { missing }));
    for (const d of model.dims) for (const { name } of d.items) this.checkDim(name.text, name.span);
    for (const c of model.constants) this.checkConstant(c);
  }

  /** Reads what is bound; refuses names that are no dims or constants. */
  private take(): void {
    const { model, bindings } = this;
    const dims = new Map(model.dims.flatMap((d) => d.items.map((i) => [i.name.text, i.name] as const)));
    const known = new Map([...dims, ...model.constants.map((c) => [c.name.text, c.name] as const)]);
    for (const [name, value] of Object.entries(bindings.bind ?? {})) {
      const declared = known.get(name);
      if (!declared) {
        const near = nearest(name, known.keys());
        refuse(
          diagnose("ADK0605", model.file.ast.model?.span ?? wholeText(model), {
            name,
            ...(near === undefined ? {} : { nearest: near }),
          }),
        );
        continue;
      }
      const tensor = tensorFrom(value);
      if (tensor && dims.has(name) && tensor.shape.length > 0)
        refuse(diagnose("ADK0602", declared.span, { name, expected: "a number", found: shapeText(tensor.shape) }));
      if (!tensor)
        refuse(
          diagnose("ADK0602", declared.span, {
            name,
            expected: "a number, or nested arrays of numbers without gaps",
            found: "something else",
          }),
        );
      else this.given.set(name, tensor);
    }
    for (const c of model.constants)
      if (c.key !== undefined && !this.given.has(c.name.text)) this.takeKey(c.name.text, c.key);
    for (const p of model.parameters) {
      if (p.key === undefined) continue;
      const known = Object.hasOwn(bindings.parameters ?? {}, p.name.text)
        ? bindings.parameters?.[p.name.text]
        : undefined;
      if (known) this.given.set(p.name.text, known);
      else this.takeKey(p.name.text, p.key);
    }
    if (bindings.identitySymmetry === true) this.takeIdentities();
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
    for (const c of this.model.constants) {
      const atoms = c.type?.sizes.at(-1);
      if (!c.symmetry || this.given.has(c.name.text) || !atoms || c.value) continue;
      const length = atoms.kind === "name" ? this.sizeFromShapes(atoms.text) : undefined;
      if (length !== undefined)
        this.given.set(c.name.text, { shape: [1, length], data: Array.from({ length }, (_, i) => i) });
    }
  }

  /** Every dim and constant that nothing binds, in the order of the file. */
  private missing(): string[] {
    const { dims, constants, parameters } = this.model;
    const without = <D extends Of<"const"> | Of<"param">>(d: D): boolean => !this.given.has(d.name.text);
    const sizes = dims
      .flatMap((d) => d.items)
      .filter((i) => i.value === undefined && this.definers(i.name.text).length === 0);
    return [
      ...sizes.map((i) => i.name.text).filter((name) => this.sizeFromShapes(name) === undefined),
      ...constants.filter((c) => c.value === undefined && without(c)).map((c) => c.name.text),
      ...parameters.filter((p) => p.key !== undefined && without(p)).map((p) => `${p.name.text} (from "${p.key}")`),
    ];
  }

  /** Shapes that are known before anything is worked out. */
  private sized(): Sized[] {
    const { model, bindings } = this;
    const { input } = model,
      { point: shape } = bindings;
    const point =
      input?.kind === "input" && shape ? [{ type: input.type, shape, from: "the points", span: input.name.span }] : [];
    const bound = [...model.constants, ...model.parameters].flatMap((d) => {
      const tensor = this.given.get(d.name.text);
      return tensor ? [{ type: d.type, shape: tensor.shape, from: d.name.text, span: d.name.span }] : [];
    });
    return [...point, ...bound];
  }

  /** The number that shapes give a dim standing alone; refuses two different ones. */
  private sizeFromShapes(dim: string): number | undefined {
    const own = this.given.get(dim)?.data[0];
    let known = own === undefined ? undefined : { size: own, from: "what is bound to it" };
    for (const { type, shape, from, span } of this.sized()) {
      (type?.sizes ?? []).forEach((s, axis) => {
        const size = shape[axis];
        if (s.kind !== "name" || s.text !== dim || size === undefined) return;
        if (known && known.size !== size)
          refuse(
            diagnose("ADK0604", span, {
              dim,
              first: known.size,
              firstFrom: known.from,
              second: size,
              secondFrom: from,
            }),
          );
        known ??= { size, from };
      });
    }
    return known?.size;
  }

  /** Constants and parameters whose written value has the dim as a size of its own. */
  private definers(dim: string): (Of<"const"> | Of<"param">)[] {
    return [...this.model.constants, ...this.model.parameters].filter((d) => {
      const value = d.kind === "const" ? d.value : d.initial;
      return (
        value !== undefined &&
        (d.kind === "const" || value.kind === "list") &&
        !freeNames(value).some((r) => r.text === dim) &&
        (d.type?.sizes ?? []).some((s) => s.kind === "name" && s.text === dim)
      );
    });
  }

  private checkDim(name: string, span: Span): void {
    const entry = this.model.file.entries.get(name),
      value = entry && this.declared(entry);
    const size = value?.kind === "tensor" && value.whole?.kind === "lit" ? value.whole.value : NaN;
    if (!Number.isSafeInteger(size) || size < 1)
      refuse(diagnose("ADK0606", span, { name, expected: "a whole number of at least 1", found: String(size) }));
    this.found.set(name, { shape: [], data: Float64Array.of(size) });
  }

  private checkConstant(declaration: Of<"const">): void {
    const { name } = declaration,
      entry = this.model.file.entries.get(name.text),
      value = entry && this.declared(entry);
    if (value?.kind === "tensor" && this.given.has(name.text))
      this.found.set(name.text, { shape: value.shape, data: numbersOf(written(value)) });
  }

  /** The value of a dim, constant or parameter. */
  declared(entry: Entry): Value {
    const known = this.values.get(entry);
    if (known) return known;
    if (this.working.has(entry)) refuse(diagnose("ADK0601", entry.name.span, { missing: [entry.name.text] }));
    this.working.add(entry);
    const value = this.valueOf(entry);
    this.working.delete(entry);
    this.values.set(entry, value);
    return value;
  }

  private context(file: FileScope): EvaluationContext {
    return { program: this.program, file, locals: new Map(), place: {}, guards: [], calls: new Map() };
  }

  private valueOf(entry: Entry): Value {
    const { declaration, file } = entry,
      own = file === this.model.file;
    switch (declaration.kind) {
      case "dim":
        return this.dimValue(entry, declaration);
      case "const": {
        const tensor = own ? this.given.get(declaration.name.text) : undefined;
        const value = tensor ? this.givenConstant(declaration, tensor) : this.writtenConstant(declaration, file);
        return value;
      }
      case "param": {
        const shape = this.parameterShape(declaration);
        return fromExpr("real", param(declaration.name.text, shape));
      }
      default:
        throw new Error(`${entry.name.text} has no value of its own`);
    }
  }

  private dimValue(entry: Entry, declaration: Of<"dim">): Value {
    const name = entry.name.text,
      size = this.sizeFromShapes(name),
      item = declaration.items[entry.position];
    if (size !== undefined) return scalar("int", lit(size));
    if (item?.value) return scalar("int", lit(wholeNumber(item.value, this.context(entry.file))));
    for (const definer of this.definers(name)) {
      const value = definer.kind === "const" ? definer.value : definer.initial;
      const axis = (definer.type?.sizes ?? []).findIndex((s) => s.kind === "name" && s.text === name);
      const length = value && evaluateTensor(value, this.context(entry.file)).shape[axis];
      if (length !== undefined) return scalar("int", lit(length));
    }
    return refuse(diagnose("ADK0601", entry.name.span, { missing: [name] }));
  }

  private shapeOf(type: TypeNode, file: FileScope): number[] {
    return type.sizes.map((s) => wholeNumber(s, this.context(file)));
  }

  /** A tensor that came from outside, checked against its declaration. */
  private givenConstant(declaration: Of<"const">, tensor: Tensor): Value {
    const { name, type, value } = declaration,
      { file } = this.model;
    const standing = type || !value ? undefined : evaluateTensor(value, this.context(file));
    const shape = type ? this.shapeOf(type, file) : (standing?.shape ?? tensor.shape),
      base = type?.base ?? standing?.base ?? "real";
    if (shape.join() !== tensor.shape.join()) {
      const expected = type ? `${textOf(type.span)}, that is ${shapeText(shape)}` : shapeText(shape);
      refuse(diagnose("ADK0602", name.span, { name: name.text, expected, found: shapeText(tensor.shape) }));
    }
    const wrong = misfit(tensor, base, shape.at(-1));
    if (wrong) refuse(diagnose("ADK0606", name.span, { name: name.text, ...wrong }));
    if (declaration.symmetry) this.checkGroup(name.text, name.span, tensor);
    return asBase(fromExpr(baseOf(base), table(name.text, tensor.shape, tensor.data)), base);
  }

  private checkGroup(name: string, span: Span, tensor: Tensor): void {
    const problem = notAGroup(tensor);
    if (problem === undefined) return;
    refuse(
      diagnose("ADK0603", span, { name, problem, hint: "give all elements of the group, the identity among them" }),
    );
  }

  private writtenConstant(declaration: Of<"const">, file: FileScope): Value {
    const { name, value, type } = declaration;
    if (!value) return refuse(diagnose("ADK0601", name.span, { missing: [name.text] }));
    const found = kept(evaluateTensor(value, this.context(file)));
    const whole = written(found);
    const result =
      whole.kind === "table"
        ? fromExpr(found.base, named(table(name.text, found.shape, whole.data), name.text))
        : found;
    if (!type) return result;
    const shape = this.shapeOf(type, file);
    if (shape.join() !== found.shape.join()) {
      const expected = `${textOf(type.span)}, that is ${shapeText(shape)}`;
      refuse(
        diagnose("ADK0311", value.span, {
          what: `the constant \`${name.text}\``,
          expected,
          found: shapeText(found.shape),
        }),
      );
    }
    const wrong = misfit({ shape, data: numbersOf(whole) }, type.base, shape.at(-1));
    if (wrong) refuse(diagnose("ADK0606", name.span, { name: name.text, ...wrong }));
    return asBase(result, type.base);
  }

  private parameterShape(declaration: Of<"param">): readonly number[] {
    const { file } = this.model;
    if (declaration.type) return this.shapeOf(declaration.type, file);
    const given = this.given.get(declaration.name.text);
    if (given) return given.shape;
    return declaration.initial ? evaluateTensor(declaration.initial, this.context(file)).shape : [];
  }

  /** The initial value, the bounds and the shape of a parameter. */
  parameter(declaration: Of<"param">): {
    shape: readonly number[];
    initial: Float64Array;
    lower?: number;
    upper?: number;
  } {
    const { name, initial, bound } = declaration,
      context = this.context(this.model.file),
      shape = this.parameterShape(declaration);
    const length = shape.reduce((a, b) => a * b, 1),
      given = this.given.get(name.text);
    const number = (e: Of<"param">["initial"]): number | undefined =>
      e ? numbersOf(written(evaluateTensor(e, context)))[0] : undefined;
    const start =
      given ??
      (initial && {
        shape: evaluateTensor(initial, context).shape,
        data: numbersOf(written(evaluateTensor(initial, context))),
      });
    if (!start) throw new Error(`the parameter ${name.text} has no value`);
    const values =
      start.shape.length === 0 ? new Float64Array(length).fill(start.data[0]!) : Float64Array.from(start.data);
    if (values.length !== length || (start.shape.length > 0 && start.shape.join() !== shape.join())) {
      refuse(
        diagnose("ADK0602", name.span, { name: name.text, expected: shapeText(shape), found: shapeText(start.shape) }),
      );
    }
    const lower = number(bound?.lower),
      upper = number(bound?.upper);
    const outside = values.find(
      (v) => !Number.isFinite(v) || (lower !== undefined && v <= lower) || (upper !== undefined && v >= upper),
    );
    if (outside !== undefined) {
      const range =
        upper === undefined
          ? lower === undefined
            ? "finite numbers"
            : `above ${lower}`
          : `above ${lower} and below ${upper}`;
      refuse(
        diagnose("ADK0606", name.span, {
          name: name.text,
          expected: `an initial value ${range}`,
          found: String(outside),
        }),
      );
    }
    return {
      shape,
      initial: values,
      ...(lower === undefined ? {} : { lower }),
      ...(upper === undefined ? {} : { upper }),
    };
  }

  /** The shape of the input point. */
  inputShape(): readonly number[] {
    const { input, file } = this.model;
    if (!input) return [];
    if (input.kind === "coordinates") return [input.names.length];
    const shape = this.shapeOf(input.type, file),
      { point } = this.bindings;
    if (point && point.join() !== shape.join()) {
      refuse(
        diagnose("ADK0602", input.name.span, {
          name: input.name.text,
          expected: `points of ${shapeText(shape)}`,
          found: `points of ${shapeText(point)}`,
        }),
      );
    }
    return shape;
  }

  /** The shape of a declared type of the model's file. */
  declaredShape(type: TypeNode | undefined): readonly number[] {
    return type ? this.shapeOf(type, this.model.file) : [];
  }
}

const namesIn = (d: Of<"dim"> | Of<"const"> | Of<"param">): string[] =>
  d.kind === "dim" ? d.items.map((i) => i.name.text) : [d.name.text];
const wholeText = (model: Model): Span => ({ source: model.source, start: 0, end: 0 });

function nameSpan(
  place: Of<"dim"> | Of<"const"> | Of<"param"> | undefined,
  missing: readonly string[],
  model: Model,
): Span {
  if (!place) return model.file.ast.model?.span ?? wholeText(model);
  if (place.kind !== "dim") return place.name.span;
  return place.items.find((i) => missing.includes(i.name.text))?.name.span ?? place.span;
}
