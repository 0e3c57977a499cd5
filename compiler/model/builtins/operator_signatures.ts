/**
 * The types of linear operators. In: what is differentiated, and directions or points. Out: shapes, derivative axes
 * last.
 * Each derivative raises the order of what is linear in a latent by one; a direction or a point is a coefficient.
 */
import type { Expression } from "../../source/ast.ts";
import type { Span } from "../../source/span.ts";
import { multiplicative, numbersOnly, sameShape, type Tensor } from "../check/combine.ts";
import { fault, type Context } from "../check/context.ts";
import { lookUp } from "../names/scope.ts";
import { numberOf, type Size } from "../types/size.ts";
import {
  isScalar,
  mergeOrders,
  printShape,
  printType,
  raised,
  tensor,
  unknown,
  type TensorType,
  type Type,
} from "../types/type.ts";

interface Application {
  readonly span: Span;
  readonly context: Context;
}
type Signature = (args: readonly Tensor[], application: Application) => Type;

/** The point by which operators differentiate; a report where there is none. */
function pointFor(operator: string, { span, context }: Application): TensorType | undefined {
  const { sees, checking } = context;
  if (sees.input && checking.point) return checking.point;
  if (!sees.input) fault(context, "ADK0319", span, { operator: calledBy(context) ?? operator, place: sees.place });
  return undefined;
}

/** The library's definition that the text calls, where this is inside one. */
function calledBy({ call }: Context): string | undefined {
  let name: string | undefined;
  for (let site = call; site?.standard === true; site = site.outer) name = site.callee;
  return name;
}

/** One derivative more. */
function derived(x: TensorType, shape: readonly Size[]): TensorType {
  return tensor("real", shape, { degree: x.degree, orders: raised(x.orders) });
}

const jac: Signature = (args, application) => {
  const [F] = numbersOnly(args, "a derivative", application.context) ?? [],
    point = pointFor("∇", application);
  return F && point ? derived(F.type, [...F.type.shape, ...point.shape]) : unknown;
};

/** Complains unless `x` has the shape that the operator needs. */
function shaped(operator: string, argument: string, x: Tensor, shape: readonly Size[], context: Context): boolean {
  if (sameShape(x.type.shape, shape)) return true;
  fault(context, "ADK0302", x.span, {
    callee: operator,
    argument,
    expected: printShape("real", shape),
    found: printType(x.type),
  });
  return false;
}

const jvp: Signature = (args, application) => {
  const { context, span } = application;
  const numbers = numbersOnly(args, "`jvp`", context),
    [F, v] = numbers ?? [],
    point = pointFor("jvp", application);
  if (!numbers || !F || !v || !point || !shaped("jvp", "v", v, point.shape, context)) return unknown;
  const dependence = multiplicative(numbers, "`jvp`", span, context);
  const orders = mergeOrders([derived(F.type, []), v.type]);
  return dependence ? tensor("real", F.type.shape, { ...dependence, orders, constant: false }) : unknown;
};

const vjp: Signature = (args, application) => {
  const { context, span } = application;
  const numbers = numbersOnly(args, "`vjp`", context),
    [F, w] = numbers ?? [],
    point = pointFor("vjp", application);
  if (!numbers || !F || !w || !point || !shaped("vjp", "w", w, F.type.shape, context)) return unknown;
  const dependence = multiplicative(numbers, "`vjp`", span, context);
  const orders = mergeOrders([derived(F.type, []), w.type]);
  return dependence ? tensor("real", point.shape, { ...dependence, orders, constant: false }) : unknown;
};

const div: Signature = (args, application) => {
  const { context } = application;
  const [F] = numbersOnly(args, "`div`", context) ?? [],
    point = pointFor("div", application);
  if (!F || !point) return unknown;
  const { shape } = F.type,
    rest = shape.length - point.shape.length;
  if (rest < 0 || !sameShape(shape.slice(rest), point.shape)) {
    const expected = `a field whose last axes are the point's: ${printShape("real", point.shape)}`;
    fault(context, "ADK0313", F.span, { operator: "div", expected, found: printType(F.type) });
    return unknown;
  }
  return derived(F.type, shape.slice(0, rest));
};

/** Which definition of the standard library `curl` means: by the dimension of the point and the shape of the field. */
export function curlDefinition(
  dimension: number | undefined,
  rank: number,
  length: number | undefined,
): string | undefined {
  if (dimension === 2 && rank === 0) return "curl_of_potential";
  if (dimension === 2 && rank === 1 && length === 2) return "curl_in_plane";
  return dimension === 3 && rank === 1 && length === 3 ? "curl_in_space" : undefined;
}

const curl: Signature = (args, application) => {
  const { context, span } = application;
  const [F] = numbersOnly(args, "`curl`", context) ?? [],
    point = pointFor("curl", application);
  if (!F || !point) return unknown;
  const axis = point.shape.length === 1 ? point.shape[0] : undefined;
  const { shape } = F.type,
    length = shape[0] && numberOf(shape[0]);
  const name = curlDefinition(axis && numberOf(axis), shape.length, length);
  const found =
    name === undefined
      ? undefined
      : context.checking.standard.map((file) => lookUp(file, name)).find((f) => f?.kind === "entry");
  if (found?.kind === "entry" && found.entry.declaration.kind === "fn") {
    const { declaration, file } = found.entry;
    return context.checking.invoke({ kind: "declared", declaration, file }, [F], span, context);
  }
  fault(context, "ADK0313", F.span, {
    operator: "curl",
    expected: "real[3] at points real[3], or a scalar or real[2] at points real[2]",
    found: `${printType(F.type)} at points ${printType(point)}`,
  });
  return unknown;
};

const d: Signature = ([F, ...by], application) => {
  const { context } = application;
  const [subject] = F ? (numbersOnly([F], "`d`", context) ?? []) : [],
    point = pointFor("d", application);
  const wrong = by.filter((x) => x.type.coordinate === undefined || !isScalar(x.type));
  for (const x of wrong) {
    const whole = x.type.coordinate !== undefined;
    fault(context, "ADK0313", x.span, {
      operator: "d",
      expected: "a coordinate of the input, such as `x[0]`",
      found: whole ? `${printType(x.type)}, several coordinates` : "something else",
      ...(whole ? { hint: "`∇u` differentiates by all coordinates, `jvp(u, v)` along a direction" } : {}),
    });
  }
  if (!subject || !point || wrong.length > 0) return unknown;
  return by.reduce((type) => derived(type, type.shape), subject.type);
};

const at: Signature = ([L, p], application) => {
  const { context } = application,
    point = pointFor("at", application);
  if (!L || !p || !point) return unknown;
  if (p.type.degree === "linear") {
    fault(context, "ADK0407", p.span, { operation: "the point of `at`" });
    return unknown;
  }
  if (!shaped("at", "p", p, point.shape, context)) return unknown;
  const { base, shape, degree, orders } = L.type;
  return tensor(base, shape, { degree, orders });
};

export const operatorSignatures = { jac, jvp, vjp, div, curl, d, at };

/** The standard library's name for a sign of calculus. */
export const calculusNames: { readonly [K in Extract<Expression, { kind: "calculus" }>["operator"]]: string } = {
  "∇": "grad",
  "∇²": "hess",
  Δ: "laplacian",
};
