/**
 * What can be done next in a factorisation by tiles. In: the tiles' states, and the units that were completed. Out:
 * units that are ready.
 * A unit is a square of GROUP × GROUP tiles, which share what they read. It waits until a run of `RUN` columns of
 * products, or
 * all it still needs, can be taken at once, unless somebody has nothing to do; leftmost columns go first, since
 * everything else waits for them.
 */

/** Rows and columns of tiles in a unit: a tile that was copied in serves as many products. */
const GROUP = 2;
/**
 * Columns of products that a unit takes at once: enough to make copies of its own tiles cheap, few enough to keep
 * everybody at work.
 */
const RUN = 16;

/**
 * The tiles (row, column), on or below the diagonal, take the products of the columns from … to - 1, and are then
 * finished in this way.
 */
export interface TileWork {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly finish: "none" | "factor" | "solve";
}

const indexOf = (I: number, J: number): number => (I * (I + 1)) / 2 + J;

function tilesOf(blocks: number, group: number): number[] {
  const first = group * GROUP;
  return Array.from({ length: Math.min(GROUP, blocks - first) }, (_, t) => first + t);
}

/** Whether the tiles of a unit are in one state. */
function agrees(blocks: number, applied: Uint16Array, P: number, Q: number): boolean {
  const state = applied[indexOf(P * GROUP, Q * GROUP)]!,
    isFinal = state > Q * GROUP;
  return tilesOf(blocks, P).every((I) =>
    tilesOf(blocks, Q).every((J) => J > I || applied[indexOf(I, J)] === (isFinal ? J + 1 : state)),
  );
}

/**
 * Sets back to their beginning the units that aren't wholly in one state: those of which a checkpoint has only some
 * tiles.
 */
export function settle(blocks: number, applied: Uint16Array): void {
  for (let P = 0; P < Math.ceil(blocks / GROUP); P++) {
    for (let Q = 0; Q <= P; Q++) {
      if (agrees(blocks, applied, P, Q)) continue;
      for (const I of tilesOf(blocks, P)) for (const J of tilesOf(blocks, Q)) if (J <= I) applied[indexOf(I, J)] = 0;
    }
  }
}

export class Agenda {
  /** Tile operations behind us, and all of them. */
  done = 0;
  readonly total: number;
  private readonly blocks: number;
  private readonly groups: number;
  private readonly applied: Uint16Array;
  /** For each group of rows, how many of its first groups of columns are final. */
  private readonly final: number[];
  /** What can be done, in columns of groups: units by row. */
  private readonly ready: Map<number, TileWork>[];
  /** Units that are at work. */
  private readonly taken = new Set<number>();

  /**
   * @param applied the state of each tile, as FactorProgress has it; kept up to date by `complete`
   * @throws RangeError where tiles of one unit have taken different products
   */
  constructor(blocks: number, applied: Uint16Array) {
    this.blocks = blocks;
    this.groups = Math.ceil(blocks / GROUP);
    this.applied = applied;
    this.ready = Array.from({ length: this.groups }, () => new Map<number, TileWork>());
    this.total = (blocks * (blocks + 1) * (blocks + 2)) / 6;
    this.done = applied.reduce((sum, state) => sum + state, 0);
    this.final = Array.from({ length: this.groups }, (_, P) => this.finalFrom(P, 0));
    for (let Q = 0; Q < this.groups; Q++) for (let P = Q; P < this.groups; P++) this.begin(P, Q);
  }

  get finished(): boolean {
    return this.done === this.total;
  }

  /** The most urgent unit, handed out once; one of less than RUN columns only where `urgent`. */
  next(urgent: boolean): TileWork | undefined {
    return (
      this.take(({ from, to, finish }) => finish !== "none" || to - from >= RUN) ??
      (urgent ? this.take(() => true) : undefined)
    );
  }

  /** Notes that a unit is done, and finds what became ready by it. */
  complete({ rows, columns, from, to, finish }: TileWork): void {
    for (const I of rows) {
      for (const J of columns.filter((column) => column <= I)) {
        const state = finish === "none" ? to : J + 1;
        this.done += state - from;
        this.applied[this.index(I, J)] = state;
      }
    }
    const P = rows[0]! / GROUP,
      Q = columns[0]! / GROUP;
    this.taken.delete(this.index(P, Q));
    if (finish === "none") {
      this.consider(P, Q);
      return;
    }
    this.final[P] = this.finalFrom(P, Q + 1);
    for (let column = Q + 1; column <= P; column++) this.consider(P, column);
    for (let row = P + 1; row < this.groups; row++) this.consider(row, P);
    if (finish === "factor") for (let row = Q + 1; row < this.groups; row++) this.consider(row, Q);
  }

  private index(I: number, J: number): number {
    return indexOf(I, J);
  }

  private tilesOf(group: number): number[] {
    return tilesOf(this.blocks, group);
  }

  /** The columns whose products a unit has taken; what its first tile says. */
  private stateOf(P: number, Q: number): number {
    return this.applied[this.index(P * GROUP, Q * GROUP)]!;
  }

  private isFinal(P: number, Q: number): boolean {
    return this.stateOf(P, Q) > Q * GROUP;
  }

  /**
   * The first of the group's columns, from one on, that isn't final. A factorisation that lost tiles has final ones
   * behind others.
   */
  private finalFrom(P: number, first: number): number {
    let count = first;
    while (count <= P && this.isFinal(P, count)) count++;
    return count;
  }

  private begin(P: number, Q: number): void {
    if (!agrees(this.blocks, this.applied, P, Q))
      throw new RangeError("this factorisation wasn't begun by the same program");
    this.consider(P, Q);
  }

  /** Finds what can be done of a unit, if anything. */
  private consider(P: number, Q: number): void {
    if (this.isFinal(P, Q) || this.taken.has(this.index(P, Q))) return;
    const from = this.stateOf(P, Q);
    const known = Math.min(this.final[P]!, this.final[Q]!, Q);
    const finish = known < Q ? "none" : P === Q ? "factor" : this.final[Q]! > Q ? "solve" : "none";
    const to = finish === "none" ? Math.min(known * GROUP, from + RUN) : Q * GROUP;
    if (finish === "none" && to === from) return;
    this.ready[Q]!.set(P, { rows: this.tilesOf(P), columns: this.tilesOf(Q), from, to, finish });
  }

  private take(accepts: (unit: TileWork) => boolean): TileWork | undefined {
    for (const [Q, units] of this.ready.entries()) {
      for (const [P, unit] of units) {
        if (!accepts(unit)) continue;
        units.delete(P);
        this.taken.add(this.index(P, Q));
        return unit;
      }
    }
    return undefined;
  }
}
