/**
 * Checkpoints of the direct solver. In: tiles as they're assembled and factored. Out: a log of those that are worth it,
 * and a start from it.
 * Each tile's state is consistent by itself, so tiles are written in parts, as time allows, final ones first. Those
 * that the
 * log lacks are assembled again: the same operations in the same order, so the same bits.
 */
import type { LogRecord } from "../fit/checkpoint.ts";
import { settle } from "../linalg/agenda.ts";
import { beginFactor } from "../linalg/cholesky.ts";
import type { FactorProgress } from "../linalg/cholesky.ts";
import { PackedLower, TILE } from "../linalg/packed.ts";
import type { SolveRequest } from "./request.ts";

/** State of a tile that the log doesn't have. */
const UNSAVED = 0xffff;

export class TileKeeper {
  readonly matrix: PackedLower;
  /** Rows whose columns are all assembled. */
  rows = 0;
  /** All tiles are there, as the log has them: nothing is to be assembled. */
  isWhole = false;
  private progress: FactorProgress | undefined;
  /** Tiles that an earlier run's factorisation has in the log: their states, 0 where they are to be made anew. */
  private found: Uint16Array | undefined;
  private readonly request: SolveRequest;
  private readonly saved: Uint16Array;

  constructor(request: SolveRequest) {
    this.request = request;
    this.matrix = new PackedLower(request.layout.n, (length) => request.executor.allocate(length));
    this.saved = new Uint16Array((this.matrix.blocks * (this.matrix.blocks + 1)) / 2).fill(UNSAVED);
    if (request.resume?.phase === "assembly") this.resumeAssembly(request.resume.numbers["rows"] ?? 0);
    if (request.resume?.phase === "factor") this.resumeFactor();
  }

  private index(I: number, J: number): number {
    return (I * (I + 1)) / 2 + J;
  }

  private resumeAssembly(rows: number): void {
    this.load(() => true);
    const missing = this.matrix.tiles.findIndex((row, I) =>
      row.some((_, J) => this.saved[this.index(I, J)] === UNSAVED),
    );
    this.rows = Math.min(rows, missing < 0 ? this.matrix.n : missing * TILE);
  }

  /**
   * Finds out which tiles the log has; they are loaded at once if none is missing, else once the others are assembled.
   */
  private resumeFactor(): void {
    for (const {
      key: [I, J, state],
      data,
    } of this.request.checkpoints!.log()) {
      if (this.matrix.tiles[I]?.[J]?.length === data.length) this.saved[this.index(I, J)] = state;
    }
    this.isWhole = this.saved.every((state) => state !== UNSAVED);
    this.found = this.saved.map((state) => (state === UNSAVED ? 0 : state));
    settle(this.matrix.blocks, this.found);
    this.isWhole &&= this.found.every((state, at) => state === this.saved[at]);
  }

  /** Copies tiles from the log, the last of each, where asked for. */
  private load(wants: (at: number, state: number) => boolean): void {
    for (const {
      key: [I, J, state],
      data,
    } of this.request.checkpoints!.log()) {
      const tile = this.matrix.tiles[I]?.[J];
      if (tile?.length !== data.length || !wants(this.index(I, J), state)) continue;
      tile.set(data);
      this.saved[this.index(I, J)] = state;
    }
  }

  /** Called when the first rows are assembled. */
  assembled(rows: number): void {
    this.rows = rows;
    this.offer();
  }

  /** Called when the factorisation begins: its progress, of an earlier run where there's one. */
  begin(): FactorProgress {
    const { found } = this;
    this.found = undefined;
    if (found === undefined) {
      this.progress = beginFactor(this.matrix);
      // What fills up the last tile was set just now.
      this.saved[this.saved.length - 1] = UNSAVED;
      return this.progress;
    }
    const { norm1, largest } = this.isWhole
      ? (this.request.resume!.numbers as unknown as FactorProgress)
      : beginFactor(this.matrix);
    this.load((at, state) => found[at] === state && (state > 0 || this.isWhole));
    return (this.progress = { norm1, largest, applied: found });
  }

  /** Called between steps of the factorisation. */
  factored(): void {
    this.offer();
  }

  private offer(): void {
    const { checkpoints } = this.request;
    // What the log has of an earlier run's factorisation is better than what is assembled meanwhile.
    if (this.found !== undefined || checkpoints?.due(0) !== true) return;
    this.writePart((bytes) => checkpoints.allowance(bytes));
  }

  /** Writes a checkpoint now. */
  flush(): void {
    if (this.found === undefined) this.writePart((bytes) => this.request.checkpoints?.parting(bytes) ?? 0);
  }

  private writePart(allowed: (bytes: number) => number): void {
    const changed = this.changed(),
      bytes = changed.reduce((sum, { data }) => sum + data.byteLength, 0),
      limit = allowed(bytes);
    let sum = 0;
    const part = changed.filter(({ data }) => (sum += data.byteLength) <= limit);
    if (part.length > 0 || bytes === 0) this.write(part);
  }

  /** Whole tiles that the log doesn't have as they are, the most valuable first. */
  private changed(): LogRecord[] {
    const { matrix, progress } = this;
    const changed: LogRecord[] = [];
    const whole = this.rows === matrix.n || progress !== undefined ? matrix.blocks : Math.floor(this.rows / TILE);
    for (let I = 0; I < whole; I++) {
      for (let J = 0; J <= I; J++) {
        const at = this.index(I, J),
          now = progress?.applied[at] ?? 0;
        const isWorth = progress === undefined || now > 0;
        if (isWorth && this.saved[at] !== now) changed.push({ key: [I, J, now], data: matrix.tiles[I]![J]! });
      }
    }
    // Final tiles by columns, then those that have taken most products.
    if (progress !== undefined)
      changed.sort(
        ({ key: [I, J, a] }, { key: [K, L, b] }) => Number(b > L) - Number(a > J) || (a > J ? J - L : b - a) || I - K,
      );
    return changed;
  }

  private write(changed: readonly LogRecord[]): void {
    const { progress, rows } = this;
    const numbers: Record<string, number> =
      progress === undefined ? { rows } : { norm1: progress.norm1, largest: progress.largest };
    if (
      this.request.checkpoints?.save(
        { phase: progress === undefined ? "assembly" : "factor", numbers, arrays: {} },
        changed,
      ) !== true
    )
      return;
    for (const {
      key: [I, J, now],
    } of changed)
      this.saved[this.index(I, J)] = now;
  }
}
