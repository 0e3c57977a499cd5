/**
 * Small repairs of a program. In: a program. Out: the same computation with fewer passes over memory.
 * An array whose entries are only read in the turn that writes them is a scalar; accumulations into one place in a
 * row are one.
 */
import { binary, variable, type Buffer, type Integer, type Program, type Scalar, type Statement } from "./loop.ts";

/** A text that two equal places share. */
const placeKey = (offset: Integer): string =>
  JSON.stringify(offset, (key, value: unknown) => (key === "buffer" ? (value as Buffer).name : value));

/** Rebuilds scalars bottom-up. */
function mapScalar(s: Scalar, f: (s: Scalar) => Scalar): Scalar {
  switch (s.kind) {
    case "binary":
      return f({ ...s, left: mapScalar(s.left, f), right: mapScalar(s.right, f) });
    case "negate":
      return f({ ...s, of: mapScalar(s.of, f) });
    case "call":
      return f({ ...s, args: s.args.map((a) => mapScalar(a, f)) });
    case "select":
      return f({ ...s, then: mapScalar(s.then, f), otherwise: mapScalar(s.otherwise, f) });
    default:
      return f(s);
  }
}

function mapStatement(s: Statement, f: (s: Scalar) => Scalar): Statement {
  switch (s.kind) {
    case "block":
    case "for":
      return { ...s, body: s.body.map((x) => mapStatement(x, f)) };
    case "define":
    case "increase":
    case "store":
    case "accumulate":
      return { ...s, value: mapScalar(s.value, f) };
    default:
      return s;
  }
}

/** How often a buffer's name occurs in loads and writes inside statements; conditions and indices included. */
function mentions(body: readonly Statement[], b: Buffer): number {
  let count = 0;
  const look = (x: unknown): void => {
    if (x === b) {
      count++;
      return;
    }
    if (typeof x !== "object" || x === null || ArrayBuffer.isView(x)) return;
    for (const value of Object.values(x)) look(value);
  };
  look(body);
  return count;
}

function loadsAt(body: readonly Statement[], b: Buffer, key: string): number {
  let count = 0;
  const see = (s: Scalar): Scalar => {
    if (s.kind === "load" && s.buffer === b && placeKey(s.offset) === key) count++;
    return s;
  };
  body.forEach((s) => mapStatement(s, see));
  return count;
}

/** Turns a local array into a scalar where one block writes each entry and alone reads it, afterwards. */
function scalarise(
  body: readonly Statement[],
  locals: ReadonlySet<Buffer>,
  total: (b: Buffer) => number,
  gone: Set<Buffer>,
): Statement[] {
  let out = body.map(
    (s): Statement =>
      s.kind === "for" || s.kind === "block" ? { ...s, body: scalarise(s.body, locals, total, gone) } : s,
  );
  for (let n = 0; n < out.length; n++) {
    const s = out[n]!;
    if (s.kind !== "store" || !locals.has(s.buffer)) continue;
    const rest = out.slice(n + 1),
      key = placeKey(s.offset);
    if (loadsAt(rest, s.buffer, key) + 1 !== total(s.buffer)) continue;
    const name = s.buffer.name;
    const replaced = rest.map((x) =>
      mapStatement(x, (v) => (v.kind === "load" && v.buffer === s.buffer ? variable(name) : v)),
    );
    out = [...out.slice(0, n), { kind: "define", name, value: s.value }, ...replaced];
    gone.add(s.buffer);
  }
  return out;
}

/** Accumulations into one place in a row become one. */
function mergeAccumulations(body: readonly Statement[]): Statement[] {
  const out: Statement[] = [];
  for (const s of body.map(
    (x): Statement => (x.kind === "for" || x.kind === "block" ? { ...x, body: mergeAccumulations(x.body) } : x),
  )) {
    const last = out.at(-1);
    if (
      s.kind === "accumulate" &&
      last?.kind === "accumulate" &&
      last.buffer === s.buffer &&
      placeKey(last.offset) === placeKey(s.offset)
    ) {
      out[out.length - 1] = { ...s, value: binary("+", last.value, s.value) };
    } else out.push(s);
  }
  return out;
}

export function simplify(program: Program): Program {
  const locals = new Set(program.locals),
    gone = new Set<Buffer>();
  const counts = new Map<Buffer, number>();
  const total = (b: Buffer): number => {
    if (!counts.has(b)) counts.set(b, mentions(program.body, b));
    return counts.get(b)!;
  };
  const body = mergeAccumulations(scalarise(program.body, locals, total, gone));
  return { ...program, body, locals: program.locals.filter((b) => !gone.has(b)) };
}
