/**
 * Small repairs of a program. In: a program. Out: the same computation with fewer passes over memory.
 * An array whose entries are only read in the turn that writes them is a scalar; accumulations into one place in a
 * row are one. Every statement is looked at a fixed number of times.
 */
import { binary, variable, type Buffer, type Program, type Scalar, type Statement } from "./loop.ts";
import { keyOf, Rewriter } from "./rewrite.ts";

/** How often a buffer occurs, and how often as a load of the entry that the block around has just stored. */
interface Mentions {
  all: number;
  own: number;
}

/** Counts mentions in one walk through the program. */
class Census {
  readonly mentions = new Map<Buffer, Mentions>();
  /** The entry that each buffer's last store wrote, while the block with that store lasts. */
  private readonly stored = new Map<Buffer, string>();
  private readonly look = new Rewriter({
    scalar: (s) => {
      if (s.kind === "load") this.mention(s.buffer, this.stored.get(s.buffer) === keyOf(s.offset));
      return undefined;
    },
    integer: (i) => {
      if (i.kind === "entry") this.mention(i.buffer, false);
      return undefined;
    },
  });

  private mention(b: Buffer, own: boolean): void {
    const found = this.mentions.get(b) ?? { all: 0, own: 0 };
    found.all++;
    if (own) found.own++;
    this.mentions.set(b, found);
  }

  block(body: readonly Statement[]): void {
    const here: Buffer[] = [];
    for (const s of body) {
      if (s.kind === "for" || s.kind === "block") this.block(s.body);
      else this.look.statement(s);
      if (s.kind === "store" || s.kind === "accumulate" || s.kind === "clear") this.mention(s.buffer, false);
      if (s.kind === "gemm") for (const x of [s.a, s.b, s.c]) this.mention(x.buffer, false);
      if (s.kind !== "store") continue;
      this.stored.set(s.buffer, keyOf(s.offset));
      here.push(s.buffer);
    }
    for (const b of here) this.stored.delete(b);
  }
}

/** Local arrays that one block writes an entry of and alone reads, afterwards: that is a scalar. */
function scalars(program: Program): ReadonlySet<Buffer> {
  const census = new Census();
  census.block(program.body);
  return new Set(
    program.locals.filter((b) => {
      const found = census.mentions.get(b);
      return found !== undefined && found.own > 0 && found.own + 1 === found.all;
    }),
  );
}

function scalarise(body: readonly Statement[], gone: ReadonlySet<Buffer>): Statement[] {
  const reading = new Rewriter({
    scalar: (s): Scalar | undefined => (s.kind === "load" && gone.has(s.buffer) ? variable(s.buffer.name) : undefined),
  });
  const define = (s: Statement): Statement => {
    if (s.kind === "for" || s.kind === "block") return { ...s, body: s.body.map(define) };
    return s.kind === "store" && gone.has(s.buffer) ? { kind: "define", name: s.buffer.name, value: s.value } : s;
  };
  return gone.size === 0 ? [...body] : reading.statements(body.map(define));
}

/** Accumulations into one place in a row become one. */
function mergeAccumulations(body: readonly Statement[]): Statement[] {
  const out: Statement[] = [];
  for (const s of body) {
    const last = out.at(-1);
    if (s.kind === "for" || s.kind === "block") out.push({ ...s, body: mergeAccumulations(s.body) });
    else if (
      s.kind === "accumulate" &&
      last?.kind === "accumulate" &&
      last.buffer === s.buffer &&
      keyOf(last.offset) === keyOf(s.offset)
    )
      out[out.length - 1] = { ...s, value: binary("+", last.value, s.value) };
    else out.push(s);
  }
  return out;
}

export function simplify(program: Program): Program {
  const gone = scalars(program);
  return {
    ...program,
    body: mergeAccumulations(scalarise(program.body, gone)),
    locals: program.locals.filter((b) => !gone.has(b)),
  };
}
