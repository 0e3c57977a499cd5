/**
 * From a checked model to index notation. In: the model, and numbers for its sizes, constants and keys. Out: `Lowered`.
 * Expressions are evaluated abstractly: scalars and tensors become IR, functions are applied, loop variables are axes.
 * A quantity
 * is a function of its site, so the same text serves both arguments of a kernel.
 */
import type { Argument, Expression } from "../../source/ast.ts";
import { build, isZero, lit, param, type Expr } from "../../ir/expr.ts";
import { invokeValue } from "./evaluate_call.ts";
import { DeclaredValues, type Bindings } from "../bind/declared_values.ts";
import { evaluate } from "./evaluate.ts";
import { evaluateTensor, fail, type EvaluationContext, type Place, type Program } from "./evaluation.ts";
import type { Lowered, LoweredLatent, LoweredObservation, LoweredParameter, Quantity, Site } from "./lowered.ts";
import type { Model, ModelQuantity } from "../model.ts";
import { remember } from "./origin.ts";
import { lookUp } from "../names/scope.ts";
import { axesOf, fromExpr, printValue, written, type TensorValue, type Value } from "./value.ts";

export type { Bindings } from "../bind/declared_values.ts";
export type { BoundValue, Nested, Tensor } from "../bind/bound_values.ts";

/** Variance on the diagonal where the spec says none. */
const DEFAULT_NOISE = 1e-10;

/**
 * Lowers a model. Throws `DiagnosticError`: one that names everything unbound, or the first thing that sizes and
 * constants
 * decide against the spec (shapes, ranges of indices, values out of bounds, permutations that are no group).
 */
export function lower(model: Model, bindings: Bindings = {}): Lowered {
  return remember(new Lowering(model, bindings).lowered(), model);
}

class Lowering {
  private readonly model: Model;
  private readonly program: Program;
  private readonly values: DeclaredValues;
  private readonly inputShape: readonly number[];

  constructor(model: Model, bindings: Bindings) {
    this.model = model;
    const { input } = model;
    this.program = {
      standard: model.standard,
      coordinates: input?.kind === "coordinates" ? input.names.map((n) => n.text) : undefined,
      evaluate,
      invoke: invokeValue,
      tables: new Map(),
      declared: (entry) => this.values.declared(entry),
    };
    this.values = new DeclaredValues(model, bindings, this.program);
    this.values.verify();
    this.inputShape = this.values.inputShape();
  }

  lowered(): Lowered {
    const { model, values } = this,
      { coordinates } = this.program;
    const name = model.input?.kind === "input" ? model.input.name.text : "point";
    const latents = model.latents.map((l) => this.latent(l));
    const quantities = new Map([...model.quantities.values()].map((q) => [q.label, this.quantity(q, latents)]));
    return {
      name: model.name,
      input: { name, shape: this.inputShape, ...(coordinates === undefined ? {} : { coordinates }) },
      parameters: model.parameters.map((p) => this.parameter(p)),
      latents,
      quantities,
      observations: model.observations.map((o) => this.observation(o, quantities)),
      offsets: model.offsets.map((o) => ({
        label: o.name.text,
        latent: o.operator.kind === "name" ? o.operator.text : "",
        key: o.key,
      })),
      predictions: model.predictions.map((p) => p.name.text),
      bindings: values.found,
    };
  }

  private context(place: Place, locals: ReadonlyMap<string, Value> = new Map()): EvaluationContext {
    return { program: this.program, file: this.model.file, locals, place, guards: [], calls: new Map() };
  }

  private parameter(declaration: Model["parameters"][number]): LoweredParameter {
    const { name, fixed } = declaration,
      entry = this.model.file.entries.get(name.text)!;
    const value = this.values.declared(entry);
    return { name: name.text, ...this.values.parameter(declaration), fixed, expr: written(value as TensorValue) };
  }

  private latent(declaration: Model["latents"][number]): LoweredLatent {
    const { name, kernel, mean } = declaration,
      shape = this.values.declaredShape(declaration.type);
    const k = (a: Expr, b: Expr): Expr => this.kernel(kernel.text, a, b, declaration.kernel.span);
    const point = (n: string): Expr => param(`point ${n}`, this.inputShape);
    k(point("a"), point("b"));
    const meanAt = mean && ((at: Expr): Expr => written(this.filled(mean, shape, this.context({ point: at }))));
    return {
      name: name.text,
      shape,
      kernel: k,
      ...(meanAt === undefined || isZero(meanAt(point("a"))) ? {} : { mean: meanAt }),
    };
  }

  private kernel(name: string, a: Expr, b: Expr, span: Expression["span"]): Expr {
    const found = lookUp(this.model.file, name),
      context = this.context({});
    if (found?.kind !== "entry" || found.entry.declaration.kind !== "kernel")
      return fail(context, "ADK0210", span, { name, found: "something else", kernels: [] });
    const { declaration, file } = found.entry;
    const value = invokeValue(
      { kind: "declared", declaration, file },
      [a, b].map((x) => ({ value: fromExpr("real", x), span })),
      span,
      context,
    );
    if (value.kind === "tensor" && value.shape.length === 0) return written(value);
    return fail(context, "ADK0312", declaration.body.span, {
      what: `the kernel \`${name}\``,
      found: printValue(value),
    });
  }

  /** A tensor of the shape; a number alone stands for every entry. */
  private filled(e: Expression, shape: readonly number[], context: EvaluationContext): TensorValue {
    const value = evaluateTensor(e, context);
    if (value.shape.join() === shape.join()) return value;
    if (value.shape.length === 0) return fromExpr("real", build(axesOf(shape), value.entry([])));
    return fail(context, "ADK0311", e.span, {
      what: "this value",
      expected: `the shape [${shape.join(", ")}]`,
      found: printValue(value),
    });
  }

  private argumentShapes(list: readonly Argument[]): { name: string; shape: readonly number[] }[] {
    return list.map((a) => ({ name: a.name.text, shape: this.values.declaredShape(a.type) }));
  }

  private argumentValues(list: readonly Argument[], site: Pick<Site, "arguments">): Map<string, Value> {
    return new Map(
      list.map((a) => [
        a.name.text,
        fromExpr(a.type?.base === "int" ? "int" : "real", site.arguments.get(a.name.text) ?? lit(NaN)),
      ]),
    );
  }

  private quantity(q: ModelQuantity, latents: readonly LoweredLatent[]): Quantity {
    const shapes = this.argumentShapes(q.arguments);
    const value = (site: Site): TensorValue =>
      evaluateTensor(
        q.operator,
        this.context({ point: site.point, latents: site.latents }, this.argumentValues(q.arguments, site)),
      );
    const probe = value({
      point: param("a point", this.inputShape),
      latents: new Map(latents.map((l) => [l.name, param(`the latent ${l.name}`, l.shape)])),
      arguments: new Map(shapes.map((a) => [a.name, param(`the argument ${a.name}`, a.shape)])),
    });
    return {
      label: q.label,
      shape: probe.shape,
      order: Math.max(0, ...Object.values(q.orders)),
      arguments: shapes,
      apply: (site) => written(value(site)),
    };
  }

  private observation(
    declaration: Model["observations"][number],
    quantities: Lowered["quantities"],
  ): LoweredObservation {
    const { name, key, noise, value } = declaration,
      shape = quantities.get(name.text)?.shape ?? [];
    const context = (site: Omit<Site, "latents">): EvaluationContext =>
      this.context({ point: site.point }, this.argumentValues(declaration.arguments, site));
    return {
      label: name.text,
      ...(key === undefined ? {} : { key }),
      noise: (site) => (noise ? written(evaluateTensor(noise, context(site))) : lit(DEFAULT_NOISE)),
      ...(value === undefined
        ? {}
        : { value: (site: Omit<Site, "latents">): Expr => written(this.filled(value, shape, context(site))) }),
    };
  }
}
