/**
 * Laying out loops. In: tensors to be computed, and where their inputs lie. Out: a Program.
 * In two steps: a plan (plan.ts), which makes every choice, and the statements that it stands for (statements.ts).
 */
import type { Expr } from "../ir/expr.ts";
import type { Buffer, Program } from "./loop.ts";
import { nestsOfTensor, type Nest, type Surroundings } from "./nest.ts";
import { planOf, type PlanStep } from "./plan.ts";
import { StatementBlock, Room } from "./statements.ts";

export { extentOf } from "./loop.ts";

export interface Result {
  readonly buffer: Buffer;
  readonly tensor: Expr;
}
export interface Job {
  readonly name: string;
  readonly doc: string;
  readonly sizes: readonly string[];
  readonly inputs: ReadonlyMap<Expr, Buffer>;
  readonly results: readonly Result[];
  /** Notes on the loops over each number of points, for readers of the printed code. */
  readonly notes: Readonly<Record<string, string>>;
}

/**
 * Names that no buffer or size has, each given once. What words a language reserves is the affair of its printer, which
 * names buffers anew.
 */
function namesBeside(taken: Set<string>): (stem: string) => string {
  return (stem) => {
    const clean = stem.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(\d)/, "_$1") || "v";
    let name = /^[a-z]\d*$/.test(clean) && clean !== "t" ? `${clean}_` : clean;
    for (let n = 2; taken.has(name); n++) name = `${clean}${n}`;
    taken.add(name);
    return name;
  };
}

/** The nests that fill a result. */
const nestsOf = ({ buffer, tensor }: Result, around: Surroundings): Nest[] =>
  tensor.kind === "build"
    ? nestsOfTensor(tensor, { kind: "result", buffer }, around)
    : [{ holder: { kind: "result", buffer }, indices: [], mode: "store", loops: [], value: tensor }];

/** What is computed at which level of loops, and in which order. */
export const plan = (job: Pick<Job, "results">): readonly PlanStep[] =>
  planOf((around) => job.results.flatMap((r) => nestsOf(r, around)));

/** Lays out the loops that compute the results. */
export function schedule(job: Job): Program {
  const { name, doc, sizes, inputs, results, notes } = job,
    buffers = [...inputs.values(), ...results.map((r) => r.buffer)],
    fresh = namesBeside(new Set([...buffers.map((b) => b.name), ...sizes])),
    room = new Room({ inputs, notes, fresh });
  const body = new StatementBlock(room).statements(plan(job));
  return {
    name,
    doc,
    sizes,
    inputs: [...inputs.values()],
    outputs: results.map((r) => r.buffer),
    tables: [...room.tables.values()],
    locals: room.locals,
    body,
  };
}
