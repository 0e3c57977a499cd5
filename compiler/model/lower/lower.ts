/**
 * From a checked model to index notation. In: the model, and numbers for its sizes, constants and keys. Out: `Lowered`.
 * Typed trees are evaluated abstractly: scalars and tensors become IR, functions are applied, loop variables are axes.
 * Each kernel, mean, noise, value and operator is lowered once, over placeholders for points, arguments and latents.
 */
import type { PointFunction } from "../../ad/operator.ts";
import { build, isZero, lit, param, withNames, type Expr } from "../../ir/expr.ts";
import { DeclaredValues } from "../bind/declared_values.ts";
import type { Bindings } from "../bind/given_values.ts";
import type { Model, ModelArgument, ModelLatent, ModelObservation, ModelParameter, ModelQuantity } from "../model.ts";
import type { Local, Typed } from "../tree.ts";
import { baseOf } from "../types/type.ts";
import { Budget } from "./budget.ts";
import { Differentiation } from "./differentiation.ts";
import { evaluate } from "./evaluate.ts";
import { invoke, keyOf } from "./evaluate_call.ts";
import { fail, outermost, type EvaluationContext, type Evaluator, type Surroundings } from "./evaluation.ts";
import type { Lowered, LoweredLatent, LoweredObservation, LoweredParameter, Quantity } from "./lowered.ts";
import { remember } from "./origin.ts";
import { axesOf, fromExpr, printValue, written, type TensorValue } from "./value.ts";

export type { Bindings } from "../bind/given_values.ts";
export type { BoundValue, Nested, Tensor } from "../bind/bound_values.ts";

/** Variance on the diagonal where the spec says none. */
const DEFAULT_NOISE = 1e-10;

/**
 * Lowers a model. Throws `DiagnosticError`: one that names everything unbound, or the first thing that sizes and
 * constants decide against the spec (shapes, ranges of indices, values out of bounds, permutations that are no group).
 */
export function lower(model: Model, bindings: Bindings = {}): Lowered {
  return withNames((names) => remember({ ...new Lowering(model, bindings).lowered(), names }, model));
}

class Lowering {
  private readonly model: Model;
  private readonly evaluator: Evaluator;
  private readonly values: DeclaredValues;
  private readonly inputShape: readonly number[];
  private readonly point: Expr;

  constructor(model: Model, bindings: Bindings) {
    this.model = model;
    this.evaluator = {
      evaluate,
      tables: new Map(),
      budget: new Budget(),
      declared: (name) => this.values.declared(name),
    };
    this.values = new DeclaredValues(model, bindings, this.evaluator);
    this.values.verify();
    this.inputShape = this.values.inputShape();
    this.point = param("the point", this.inputShape);
  }

  lowered(): Omit<Lowered, "names"> {
    const { model, values } = this,
      { input } = model,
      name = input?.kind === "input" ? input.name.text : "point";
    const coordinates = input?.kind === "coordinates" ? { coordinates: input.names.map((n) => n.text) } : {};
    const latents = model.latents.map((l) => this.latent(l));
    const quantities = new Map([...model.quantities.values()].map((q) => [q.label, this.quantity(q, latents)]));
    return {
      name: model.name,
      input: { name, shape: this.inputShape, ...coordinates },
      parameters: model.parameters.map((p) => this.parameter(p)),
      latents,
      quantities,
      observations: model.observations.map((o) => this.observation(o, quantities)),
      offsets: model.offsets.map(({ name: label, latent, key }) => ({ label: label.text, latent, key })),
      predictions: model.predictions.map((p) => p.text),
      bindings: values.found,
    };
  }

  private parameter(parameter: ModelParameter): LoweredParameter {
    const { name, fixed, value } = parameter,
      expr = written(this.values.declared(value.declared));
    return { name: name.text, ...this.values.parameter(parameter), fixed, expr };
  }

  private latent(latent: ModelLatent): LoweredLatent {
    const shape = this.values.shapeOf(latent.annotation),
      a = param("the first point", this.inputShape),
      b = param("the second point", this.inputShape),
      value = this.kernel(latent, a, b);
    const mean = latent.mean && this.function([], latent.mean, shape);
    return {
      name: latent.name.text,
      shape,
      kernel: { a, b, value },
      ...(mean === undefined || isZero(mean.value) ? {} : { mean }),
    };
  }

  private kernel({ kernel, kernelName }: ModelLatent, a: Expr, b: Expr): Expr {
    const { span } = kernelName,
      context = outermost(this.evaluator);
    const given = [a, b].map((x) => {
      const value = fromExpr("real", x);
      return { value, key: keyOf(value), span };
    });
    const value = invoke(kernel, given, span, context);
    if (value.shape.length === 0) return written(value);
    const about = { what: `the kernel \`${kernelName.text}\``, found: printValue(value) };
    return fail(context, "ADK0312", kernel.body.span, about);
  }

  /** A function of the point and its arguments; with a shape, a number alone stands for every entry. */
  private function(args: readonly ModelArgument[], e: Typed, shape?: readonly number[]): PointFunction {
    const given = this.arguments(args),
      differentiation = new Differentiation(this.point, []);
    const context = this.context(args, given, { differentiation }),
      value = shape ? filled(e, shape, context) : evaluate(e, context);
    return { point: this.point, arguments: given, value: written(value) };
  }

  /** A placeholder for each argument. */
  private arguments(list: readonly ModelArgument[]): Map<string, Expr> {
    return new Map(
      list.map(({ local, annotation }) => [
        local.name.text,
        param(`the argument ${local.name.text}`, this.values.shapeOf(annotation)),
      ]),
    );
  }

  private context(
    list: readonly ModelArgument[],
    given: ReadonlyMap<string, Expr>,
    place: Surroundings,
  ): EvaluationContext {
    const locals = new Map<Local, TensorValue>(
      list.map(({ local, annotation }) => [
        local,
        fromExpr(baseOf(annotation?.base ?? "real"), given.get(local.name.text)!),
      ]),
    );
    return { ...outermost(this.evaluator, place), locals };
  }

  private quantity(q: ModelQuantity, all: readonly LoweredLatent[]): Quantity {
    const given = this.arguments(q.arguments),
      latents = new Map(all.map((l) => [l.name, param(`the latent ${l.name}`, l.shape)]));
    const differentiation = new Differentiation(this.point, latents.values());
    const value = evaluate(q.operator, this.context(q.arguments, given, { differentiation, latents }));
    const operator = { point: this.point, arguments: given, latents, value: written(value) };
    return {
      label: q.label,
      shape: value.shape,
      order: Math.max(0, ...Object.values(q.orders)),
      arguments: q.arguments.map(({ local, annotation }) => ({
        name: local.name.text,
        shape: this.values.shapeOf(annotation),
      })),
      operator: { ...operator, steps: differentiation.steps },
    };
  }

  private observation(o: ModelObservation, quantities: Lowered["quantities"]): LoweredObservation {
    const { name, key, noise, value } = o,
      shape = quantities.get(name.text)?.shape ?? [];
    return {
      label: name.text,
      ...(key === undefined ? {} : { key }),
      noise: noise
        ? this.function(o.arguments, noise)
        : { point: this.point, arguments: new Map(), value: lit(DEFAULT_NOISE) },
      ...(value === undefined ? {} : { value: this.function(o.arguments, value, shape) }),
    };
  }
}

/** A tensor of the shape; a number alone stands for every entry. */
function filled(e: Typed, shape: readonly number[], context: EvaluationContext): TensorValue {
  const value = evaluate(e, context);
  if (value.shape.join() === shape.join()) return value;
  if (value.shape.length === 0) return fromExpr("real", build(axesOf(shape), value.entry([])));
  return fail(context, "ADK0311", e.span, {
    what: "this value",
    expected: `the shape [${shape.join(", ")}]`,
    found: printValue(value),
  });
}
