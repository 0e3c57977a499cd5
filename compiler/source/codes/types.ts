/**
 * The diagnostics ADK03xx: types and shapes.
 * In: the data of each code. Out: its texts. One entry is one variant; see entry.ts.
 */
import { entry, quoted } from "./entry.ts";

export const types = {
  ADK0301: entry<{ operation: string; left: string; right: string }>({
    severity: "error",
    message: ({ operation }) => `the shapes at ${operation} do not agree`,
    expected: ({ left }) => `${left}, as on the other side, or a scalar`,
    found: ({ right }) => right,
    hint: () =>
      "elementwise operations take equal shapes, or a scalar with anything; " +
      "other combinations are written as a comprehension",
  }),
  ADK0302: entry<{ callee: string; argument: string; expected: string; found: string; hint?: string }>({
    severity: "error",
    message: ({ callee, argument }) => `the argument ${quoted(argument)} of ${quoted(callee)} does not fit`,
    expected: ({ expected }) => expected,
    found: ({ found }) => found,
    hint: ({ hint }) => hint,
  }),
  ADK0303: entry<{ callee: string; problem: string; signature: string }>({
    severity: "error",
    message: ({ callee, problem }) => `${quoted(callee)} ${problem}`,
    expected: ({ signature }) => quoted(signature),
  }),
  ADK0304: entry<{ found: string; hint?: string }>({
    severity: "error",
    message: () => "only functions are called",
    expected: () => "a function",
    found: ({ found }) => found,
    hint: ({ hint }) => hint,
  }),
  ADK0305: entry<{ found: string; count: number }>({
    severity: "error",
    message: () => "there are more indices than axes",
    expected: ({ found }) => `at most as many indices as ${found} has axes`,
    found: ({ count }) => `${count} ${count === 1 ? "index" : "indices"}`,
  }),
  ADK0306: entry<{ found: string }>({
    severity: "error",
    message: () => "an index is a whole number that is known when compiling",
    expected: () => "a loop variable, a whole number, or an int tensor",
    found: ({ found }) => found,
    hint: () => "what depends on the point is chosen with `where(condition, a, b)`",
  }),
  ADK0307: entry<{ least: string; greatest: string; size: string }>({
    severity: "error",
    message: () => "this index leaves its range",
    expected: ({ size }) => `0 to below ${size}`,
    found: ({ least, greatest }) => (least === greatest ? least : `${least} to ${greatest}`),
    hint: () => "indices begin at 0; a condition `if …` or a `where` keeps an index inside",
  }),
  ADK0308: entry<{ what: string }>({
    severity: "error",
    message: () => "the condition of a loop is known when compiling",
    expected: () => "constants, sizes and loop variables",
    found: ({ what }) => what,
    hint: () => "what depends on the point is written `where(condition, a, b)`",
  }),
  ADK0309: entry<{ operation: string; expected: string; found: string }>({
    severity: "error",
    message: ({ operation }) => `${operation} does not take this`,
    expected: ({ expected }) => expected,
    found: ({ found }) => found,
  }),
  ADK0310: entry<{ found: string }>({
    severity: "error",
    message: () => "a size is whole-number arithmetic of dims and constants",
    expected: () => "a whole number that is known when compiling and is the same in every round of the loops around it",
    found: ({ found }) => found,
  }),
  ADK0311: entry<{ what: string; expected: string; found: string; hint?: string }>({
    severity: "error",
    message: ({ what }) => `${what} has another type than it should`,
    expected: ({ expected }) => expected,
    found: ({ found }) => found,
    hint: ({ hint }) => hint,
  }),
  ADK0312: entry<{ what: string; found: string }>({
    severity: "error",
    message: ({ what }) => `${what} is a single number`,
    expected: () => "a scalar",
    found: ({ found }) => found,
  }),
  ADK0313: entry<{ operator: string; expected: string; found: string; hint?: string }>({
    severity: "error",
    message: ({ operator }) => `${quoted(operator)} cannot be applied to this`,
    expected: ({ expected }) => expected,
    found: ({ found }) => found,
    hint: ({ hint }) => hint,
  }),
  ADK0314: entry<{ reduction: string }>({
    severity: "error",
    message: ({ reduction }) => `${quoted(reduction)} of nothing has no value`,
    expected: () => "at least one round of the loops",
    hint: () => "the empty `sum` is 0 and the empty `prod` is 1; any other needs something to reduce",
  }),
  ADK0315: entry<{ found: string }>({
    severity: "error",
    message: () => "`index` says a range, and a constant of the model alone has it",
    expected: () => "`const NAME : index[P, N]`",
    found: ({ found }) => found,
    hint: () => "elsewhere write `int`",
  }),
  ADK0316: entry<{ state: string; before: string; after: string }>({
    severity: "error",
    message: ({ state }) => `${quoted(state)} changes its shape from one round of the fold to the next`,
    expected: ({ before }) => before,
    found: ({ after }) => after,
  }),
  ADK0317: entry<{ found: string; where: string }>({
    severity: "error",
    message: ({ where }) => `${where} is a number or a tensor`,
    expected: () => "a value",
    found: ({ found }) => found,
    hint: () => "a function is called, or given to a function; it is no value by itself",
  }),
  ADK0318: entry<{ fewest: number; most: number }>({
    severity: "error",
    message: () => "the entries of a tensor would have different lengths",
    expected: () => "as many survivors of the condition in every entry",
    found: ({ fewest, most }) => `from ${fewest} to ${most}`,
    hint: () => "a reduction such as `sum(… for j in N if …)` may have them, a tensor may not",
  }),
  ADK0319: entry<{ operator: string; place: string }>({
    severity: "error",
    message: ({ operator, place }) =>
      `${quoted(operator)} acts on functions of the input, and in ${place} there is none`,
    hint: () =>
      "observations and predictions have operators: write it in `observe` and `predict`, " +
      "or in a function that they call",
  }),
  ADK0320: entry<{ what: string; limit: number; found: number }>({
    severity: "error",
    message: ({ what }) => `${what} is laid out piece by piece, and this is too long for it`,
    expected: ({ limit }) => `at most ${limit}`,
    found: ({ found }) => String(found),
  }),
  ADK0321: entry<{ name: string }>({
    severity: "error",
    message: ({ name }) => `${quoted(name)} is no reduction`,
    expected: () => "`sum`, `mean`, `prod`, `max` or `min` before a `for`",
    found: ({ name }) => quoted(name),
    hint: ({ name }) => `a tensor is built with brackets: ${quoted(`${name}([… for i in N])`)}`,
  }),
  /** Found by counting: what lowering lays out, and what later stages make of it. */
  ADK0322: entry<{ what: string; limit: number; found: number }>({
    severity: "error",
    message: ({ what }) => `${what} grows beyond what can be compiled`,
    expected: ({ limit }) => `at most ${limit} parts`,
    found: ({ found }) => `${found} or more`,
    hint: () => "loops that are laid out multiply within one another, and so do derivatives of derivatives: take fewer",
  }),
};
