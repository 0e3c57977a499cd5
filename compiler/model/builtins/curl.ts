/**
 * `curl(F)`: one of three definitions of the standard library, by the dimension of the point and the shape of the
 * field.
 */
import { numbersOnly } from "../check/combine.ts";
import { fault } from "../check/context.ts";
import { numberOf } from "../types/size.ts";
import { printType } from "../types/type.ts";
import type { Choice } from "./builtin.ts";
import { pointType } from "./differentiation.ts";

export const curl: Choice = {
  kind: "choice",
  name: "curl",
  arguments: ["F"],
  page: {
    group: "operators",
    call: "curl(F)",
    gives: "real[3] in three dimensions; in two, a scalar becomes (∂₁u, −∂₀u), real[2] a scalar ∂₀F₁ − ∂₁F₀",
    example: "curl(x * u)",
  },
  definition: (args, site) => {
    const { context } = site;
    const [F] = numbersOnly(args, "`curl`", context) ?? [],
      point = pointType("curl", site);
    if (!F || !point) return undefined;
    const [axis] = point.shape.length === 1 ? point.shape : [],
      dimension = axis && numberOf(axis);
    const { shape } = F.type,
      length = shape[0] && numberOf(shape[0]);
    if (dimension === 2 && shape.length === 0) return "curl_of_potential";
    if (dimension === 2 && shape.length === 1 && length === 2) return "curl_in_plane";
    if (dimension === 3 && shape.length === 1 && length === 3) return "curl_in_space";
    fault(context, "ADK0313", F.span, {
      operator: "curl",
      expected: "real[3] at points real[3], or a scalar or real[2] at points real[2]",
      found: `${printType(F.type)} at points ${printType(point)}`,
    });
    return undefined;
  },
};
