/**
 * What can be done next in a factorisation by tiles. In: the tiles' states, and the units that were completed. Out: units that are ready.
 * A unit is a few tiles of one column that read the same tiles of another row. It waits until a run of `RUN` products, or
 * all it still needs, can be taken at once; leftmost columns go first, since everything else waits for them.
 */

/** Tile rows that share what they read. */
const GROUP = 2;
/** Products that a tile takes in one task: long enough to make copies cheap, short enough to keep everybody at work. */
const RUN = 4;

/** The tiles (row, column) take the products of the columns from … to - 1, and are then finished in this way. */
export interface Unit {
  readonly rows: readonly number[];
  readonly column: number;
  readonly from: number;
  readonly to: number;
  readonly finish: "none" | "factor" | "solve";
}

export class Agenda {
  /** Tile operations behind us, and all of them. */
  done = 0;
  readonly total: number;
  private readonly blocks: number;
  private readonly applied: Uint16Array;
  /** For each tile row, how many of its first tiles are final. */
  private readonly final: number[];
  /** Units that are ready, by column, by first row. */
  private readonly ready: Map<number, Unit>[];
  /** Units at work, or ready: they aren't looked at again. */
  private readonly taken = new Set<number>();
  /** Columns left of this one are final. */
  private leftmost = 0;
  /** Tiles of each column that aren't. */
  private readonly unfinished: number[];

  /** @param applied the state of each tile, as FactorProgress has it; kept up to date by `complete` */
  constructor(blocks: number, applied: Uint16Array) {
    this.blocks = blocks;
    this.applied = applied;
    this.ready = Array.from({ length: blocks }, () => new Map<number, Unit>());
    this.final = Array.from({ length: blocks }, (_, I) => {
      let count = 0;
      while (count <= I && this.stateOf(I, count) === count + 1) count++;
      return count;
    });
    this.unfinished = Array.from({ length: blocks }, (_, J) => Array.from({ length: blocks - J }, (_unused, r) => this.stateOf(J + r, J) <= J).filter(Boolean).length);
    this.total = (blocks * (blocks + 1) * (blocks + 2)) / 6;
    for (let J = 0; J < blocks; J++) {
      for (let I = J; I < blocks; I++) {
        this.done += this.stateOf(I, J);
        this.consider(I, J);
      }
    }
  }

  get finished(): boolean {
    return this.done === this.total;
  }

  /** The most urgent unit that is ready; it's handed out once. */
  next(): Unit | undefined {
    while (this.leftmost < this.blocks && this.unfinished[this.leftmost] === 0) this.leftmost++;
    for (let J = this.leftmost; J < this.blocks; J++) {
      for (const [row, unit] of this.ready[J]!) {
        this.ready[J]!.delete(row);
        return unit;
      }
    }
    return undefined;
  }

  /** Notes that a unit is done, and finds what became ready by it. */
  complete({ rows, column, from, to, finish }: Unit): void {
    const state = finish === "none" ? to : column + 1;
    for (const I of rows) this.applied[this.index(I, column)] = state;
    this.done += rows.length * (state - from);
    this.taken.delete(this.index(rows[0]!, column));
    if (finish === "none") return this.consider(rows[0]!, column);
    this.unfinished[column]! -= rows.length;
    for (const I of rows) this.final[I] = column + 1;
    for (const I of rows) {
      for (let J = column + 1; J <= I; J++) this.consider(I, J);
      for (let below = I + 1; below < this.blocks; below++) this.consider(below, I);
    }
    if (finish === "factor") for (let I = column + 1; I < this.blocks; I++) this.consider(I, column);
  }

  private index(I: number, J: number): number {
    return (I * (I + 1)) / 2 + J;
  }

  private stateOf(I: number, J: number): number {
    return this.applied[this.index(I, J)]!;
  }

  /** The rows that a tile's unit has: the diagonal alone, others in groups. */
  private rowsOf(I: number, J: number): number[] {
    if (I === J) return [I];
    const first = I - (I % GROUP);
    return Array.from({ length: GROUP }, (_, r) => first + r).filter((row) => row > J && row < this.blocks);
  }

  /** Makes the unit of tile (I, J) ready if it can be. */
  private consider(I: number, J: number): void {
    const from = this.stateOf(I, J);
    if (from > J) return;
    const rows = this.rowsOf(I, J), first = rows[0]!, key = this.index(first, J);
    if (this.taken.has(key)) return;
    const known = rows.reduce((least, row) => Math.min(least, this.final[row]!), Math.min(this.final[J]!, J));
    const finish = known < J ? "none" : first === J ? "factor" : this.final[J]! > J ? "solve" : "none";
    const to = finish === "none" ? Math.min(known, from + RUN) : J;
    if (finish === "none" && to - from < RUN) return;
    this.taken.add(key);
    this.ready[J]!.set(first, { rows, column: J, from, to, finish });
  }
}
