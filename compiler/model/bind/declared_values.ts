/**
 * Values of dims, constants and parameters. In: a checked model and what it is given. Out: each declared name's value,
 * on demand, checked against its declaration.
 * A dim is a number from outside, from the shapes of what is given, or from a constant that is worked out.
 */
import { lit, named, param, table } from "../../ir/expr.ts";
import { diagnose } from "../../source/diagnostic.ts";
import type { Span } from "../../source/span.ts";
import { textOf } from "../check/declared_type.ts";
import { outermost, wholeNumber, type EvaluationContext, type Evaluator } from "../lower/evaluation.ts";
import { asBase, fromExpr, kept, numbersOf, scalar, written, type TensorValue } from "../lower/value.ts";
import type { DeclaredValue, Model, ModelParameter } from "../model.ts";
import type { DeclaredName } from "../names/scope.ts";
import type { Annotation, Typed } from "../tree.ts";
import { baseOf } from "../types/type.ts";
import { misfit, notAGroup, type Tensor } from "./bound_values.ts";
import { axisOf, GivenValues, refuse, shapeText, type Bindings } from "./given_values.ts";

/** The initial value, the bounds and the shape of a parameter. */
export interface ParameterStart {
  readonly shape: readonly number[];
  readonly initial: Float64Array;
  readonly lower?: number;
  readonly upper?: number;
}

export class DeclaredValues {
  private readonly model: Model;
  private readonly bindings: Bindings;
  private readonly given: GivenValues;
  private readonly evaluator: Evaluator;
  private readonly values = new Map<DeclaredName, TensorValue>();
  private readonly working = new Set<DeclaredName>();
  /** The dims and constants that came from outside. */
  readonly found = new Map<string, { readonly shape: readonly number[]; readonly data: Float64Array }>();

  constructor(model: Model, bindings: Bindings, evaluator: Evaluator) {
    this.model = model;
    this.bindings = bindings;
    this.evaluator = evaluator;
    this.given = new GivenValues(model, bindings);
  }

  /** Refuses what is missing, all of it at once, and values that do not fit their declarations. */
  verify(): void {
    const { dims, constants, parameters, place } = this.model,
      missing = this.given.missing();
    const names = [...dims.map((d) => d.declared.name), ...[...constants, ...parameters].map((d) => d.name)];
    const first = names.find((n) => missing.includes(n.text));
    if (missing.length > 0) refuse(diagnose("ADK0601", first?.span ?? place, { missing }));
    for (const d of dims) this.checkDim(d.declared);
    for (const { name, value } of constants) {
      const tensor = this.declared(value.declared);
      if (this.given.of(name.text))
        this.found.set(name.text, { shape: tensor.shape, data: numbersOf(written(tensor)) });
    }
  }

  private checkDim(dim: DeclaredName): void {
    const { text, span } = dim.name,
      { whole } = this.declared(dim);
    const size = whole?.kind === "lit" ? whole.value : NaN;
    if (!Number.isSafeInteger(size) || size < 1) {
      const expected = "a whole number of at least 1";
      refuse(diagnose("ADK0606", span, { name: text, expected, found: String(size) }));
    }
    this.found.set(text, { shape: [], data: Float64Array.of(size) });
  }

  /** The value of a dim, constant or parameter. */
  declared(name: DeclaredName): TensorValue {
    const known = this.values.get(name);
    if (known) return known;
    if (this.working.has(name)) refuse(diagnose("ADK0601", name.name.span, { missing: [name.name.text] }));
    this.working.add(name);
    const value = this.valueOf(name);
    this.working.delete(name);
    this.values.set(name, value);
    return value;
  }

  private get context(): EvaluationContext {
    return outermost(this.evaluator);
  }
  private evaluated(e: Typed): TensorValue {
    return this.evaluator.evaluate(e, this.context);
  }

  private valueOf(name: DeclaredName): TensorValue {
    const { declaration, file } = name,
      value = this.model.values.get(name);
    if (!value) throw new Error(`${name.name.text} was not checked`);
    switch (declaration.kind) {
      case "dim":
        return this.dimValue(name, value);
      case "const": {
        const tensor = file === this.model.file ? this.given.of(declaration.name.text) : undefined;
        return tensor ? this.givenConstant(value, tensor, declaration.symmetry) : this.writtenConstant(value);
      }
      case "param":
        return fromExpr("real", param(declaration.name.text, this.parameterShape(value)));
      default:
        throw new Error(`${name.name.text} has no value of its own`);
    }
  }

  private dimValue(dim: DeclaredName, { value }: DeclaredValue): TensorValue {
    const size = this.given.sizeFromShapes(dim);
    if (size !== undefined) return scalar("int", lit(size));
    if (value) return scalar("int", lit(wholeNumber(value, this.context)));
    for (const definer of this.given.definers(dim)) {
      const length = this.evaluated(definer.value!).shape[axisOf(definer.annotation, dim)];
      if (length !== undefined) return scalar("int", lit(length));
    }
    return refuse(diagnose("ADK0601", dim.name.span, { missing: [dim.name.text] }));
  }

  /** The shape of a declared type; a number's where none is declared. */
  shapeOf(annotation: Annotation | undefined): number[] {
    return (annotation?.sizes ?? []).map((s) => wholeNumber(s, this.context));
  }

  /** A tensor that came from outside, checked against its declaration. */
  private givenConstant(
    { declared, annotation, value }: DeclaredValue,
    tensor: Tensor,
    symmetry: boolean,
  ): TensorValue {
    const { text, span } = declared.name;
    const standing = annotation || !value ? undefined : this.evaluated(value);
    const shape = annotation ? this.shapeOf(annotation) : (standing?.shape ?? tensor.shape),
      base = annotation?.base ?? standing?.base ?? "real";
    if (shape.join() !== tensor.shape.join()) {
      const expected = annotation ? `${textOf(annotation.span)}, that is ${shapeText(shape)}` : shapeText(shape);
      refuse(diagnose("ADK0602", span, { name: text, expected, found: shapeText(tensor.shape) }));
    }
    const wrong = misfit(tensor, base, shape.at(-1));
    if (wrong) refuse(diagnose("ADK0606", span, { name: text, ...wrong }));
    if (symmetry) checkGroup(text, span, tensor);
    return asBase(fromExpr(baseOf(base), table(text, tensor.shape, tensor.data)), base);
  }

  private writtenConstant({ declared, annotation, value }: DeclaredValue): TensorValue {
    const { text, span } = declared.name;
    if (!value) return refuse(diagnose("ADK0601", span, { missing: [text] }));
    const found = kept(this.evaluated(value)),
      whole = written(found);
    const result =
      whole.kind === "table" ? fromExpr(found.base, named(table(text, found.shape, whole.data), text)) : found;
    if (!annotation) return result;
    const shape = this.shapeOf(annotation);
    if (shape.join() !== found.shape.join()) {
      const expected = `${textOf(annotation.span)}, that is ${shapeText(shape)}`;
      const about = { what: `the constant \`${text}\``, expected, found: shapeText(found.shape) };
      refuse(diagnose("ADK0311", value.span, about));
    }
    const wrong = misfit({ shape, data: numbersOf(whole) }, annotation.base, shape.at(-1));
    if (wrong) refuse(diagnose("ADK0606", span, { name: text, ...wrong }));
    return asBase(result, annotation.base);
  }

  private parameterShape({ declared, annotation, value }: DeclaredValue): readonly number[] {
    if (annotation) return this.shapeOf(annotation);
    return this.given.of(declared.name.text)?.shape ?? (value ? this.evaluated(value).shape : []);
  }

  /** Where a parameter begins. */
  parameter({ name, value }: ModelParameter): ParameterStart {
    const shape = this.parameterShape(value),
      length = shape.reduce((a, b) => a * b, 1);
    const start = this.given.of(name.text) ?? (value.value && numbersIn(this.evaluated(value.value)));
    if (!start) throw new Error(`the parameter ${name.text} has no value`);
    const values =
      start.shape.length === 0 ? new Float64Array(length).fill(start.data[0]!) : Float64Array.from(start.data);
    if (values.length !== length || (start.shape.length > 0 && start.shape.join() !== shape.join())) {
      const about = { name: name.text, expected: shapeText(shape), found: shapeText(start.shape) };
      refuse(diagnose("ADK0602", name.span, about));
    }
    const bound = (e: Typed | undefined): number | undefined => e && numbersIn(this.evaluated(e)).data[0];
    const lower = bound(value.lower),
      upper = bound(value.upper);
    checkRange(name.text, name.span, values, lower, upper);
    const bounds = { ...(lower === undefined ? {} : { lower }), ...(upper === undefined ? {} : { upper }) };
    return { shape, initial: values, ...bounds };
  }

  /** The shape of the input point. */
  inputShape(): readonly number[] {
    const { input } = this.model,
      { point } = this.bindings;
    if (!input) return [];
    if (input.kind === "coordinates") return [input.names.length];
    const shape = this.shapeOf(input.type);
    if (point && point.join() !== shape.join()) {
      const [expected, found] = [`points of ${shapeText(shape)}`, `points of ${shapeText(point)}`];
      refuse(diagnose("ADK0602", input.name.span, { name: input.name.text, expected, found }));
    }
    return shape;
  }
}

const numbersIn = (value: TensorValue): Tensor => ({ shape: value.shape, data: numbersOf(written(value)) });

function checkGroup(name: string, span: Span, tensor: Tensor): void {
  const problem = notAGroup(tensor),
    hint = "give all elements of the group, the identity among them";
  if (problem !== undefined) refuse(diagnose("ADK0603", span, { name, problem, hint }));
}

/** Refuses initial values that are not strictly inside their bounds. */
function checkRange(
  name: string,
  span: Span,
  values: Float64Array,
  lower: number | undefined,
  upper: number | undefined,
): void {
  const outside = values.find(
    (v) => !Number.isFinite(v) || (lower !== undefined && v <= lower) || (upper !== undefined && v >= upper),
  );
  if (outside === undefined) return;
  const range =
    upper === undefined
      ? lower === undefined
        ? "finite numbers"
        : `above ${lower}`
      : `above ${lower} and below ${upper}`;
  refuse(diagnose("ADK0606", span, { name, expected: `an initial value ${range}`, found: String(outside) }));
}
