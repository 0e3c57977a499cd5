/**
 * A symmetric matrix, or a triangular factor, kept as the tiles of its lower triangle. In: n. Out: storage.
 * Each tile is a buffer of its own (128 × 128 numbers, 128 KiB), so that matrices beyond what one buffer can hold fit:
 * n = 27 000 takes 22 366 tiles and 2.9 GB, half of the full square.
 */

/** Rows and columns of a tile; a multiple of the micro-kernels' 4. */
export const TILE = 128;
/** Heights of the last tiles are rounded up to this, so that no kernel has an edge to care for. */
export const ALIGN = 4;

export class PackedLower {
  /** Order of the matrix. */
  readonly n: number;
  /** Number of tile rows. */
  readonly blocks: number;
  /** tiles[I][J] for J ≤ I: row-major, height(I) × height(J). */
  readonly tiles: readonly (readonly Float64Array[])[];

  /**
   * Memory: about 4 n² bytes, plus at most a tile row.
   * @param allocate where tiles come from: an executor's `allocate`, so that its workers read them without copies
   */
  constructor(n: number, allocate: (length: number) => Float64Array = (length) => new Float64Array(length)) {
    if (!(Number.isInteger(n) && n > 0))
      throw new RangeError(`the order of a matrix is a whole number from 1 on, not ${n}`);
    this.n = n;
    this.blocks = Math.ceil(n / TILE);
    this.tiles = Array.from({ length: this.blocks }, (_, I) =>
      Array.from({ length: I + 1 }, (_unused, J) => allocate(this.height(I) * this.height(J))),
    );
  }

  /** Rows of tile row I in storage: TILE, or those of the last one rounded up to ALIGN. */
  height(I: number): number {
    return Math.min(TILE, Math.ceil((this.n - I * TILE) / ALIGN) * ALIGN);
  }

  /** Rows of tile row I that belong to the matrix. */
  rows(I: number): number {
    return Math.min(TILE, this.n - I * TILE);
  }

  /** Entry (i, j) = (j, i). */
  get(i: number, j: number): number {
    const [row, col] = i < j ? [j, i] : [i, j];
    return this.tiles[Math.floor(row / TILE)]![Math.floor(col / TILE)]![this.offset(row, col)]!;
  }

  /** Sets entry (i, j) = (j, i). */
  set(i: number, j: number, value: number): void {
    const [row, col] = i < j ? [j, i] : [i, j];
    this.tiles[Math.floor(row / TILE)]![Math.floor(col / TILE)]![this.offset(row, col)] = value;
  }

  private offset(row: number, col: number): number {
    return (row % TILE) * this.height(Math.floor(col / TILE)) + (col % TILE);
  }

  /**
   * Copies a dense block (row-major, rows × cols) whose first entry is (row, col); what lies above the diagonal is left
   * out.
   */
  setBlock(row: number, col: number, block: Float64Array, rows: number, cols: number): void {
    for (let r = 0; r < rows; r++) {
      const i = row + r;
      const tileRow = this.tiles[Math.floor(i / TILE)]!;
      const end = Math.min(cols, i - col + 1);
      for (let c = 0; c < end; ) {
        const J = Math.floor((col + c) / TILE);
        const stop = Math.min(end, (J + 1) * TILE - col);
        tileRow[J]!.set(block.subarray(r * cols + c, r * cols + stop), this.offset(i, col + c));
        c = stop;
      }
    }
  }

  /** Adds to the diagonal. */
  addDiagonal(values: Float64Array): void {
    for (let i = 0; i < this.n; i++) this.set(i, i, this.get(i, i) + values[i]!);
  }

  /** The symmetric matrix times a vector: 2 n² FLOPs. */
  multiply(x: Float64Array): Float64Array {
    const y = new Float64Array(this.n);
    this.forTiles((tile, I, J, rows, cols, width) => {
      for (let r = 0; r < rows; r++) {
        const i = I * TILE + r;
        const end = I === J ? r : cols;
        let sum = 0;
        for (let c = 0; c < end; c++) {
          const value = tile[r * width + c]!;
          sum += value * x[J * TILE + c]!;
          y[J * TILE + c]! += value * x[i]!;
        }
        y[i]! += I === J ? sum + tile[r * width + r]! * x[i]! : sum;
      }
    });
    return y;
  }

  /** Largest sum of magnitudes in a column of the symmetric matrix, ‖A‖₁. O(n²). */
  norm1(): number {
    const sums = new Float64Array(this.blocks * TILE);
    this.forTiles((tile, I, J, rows, _, width) => {
      const below = sums.subarray(I * TILE),
        right = sums.subarray(J * TILE);
      if (I === J) addTriangle(tile, rows, width, below);
      else addMagnitudes(tile, width, below, right);
    });
    return sums.reduce((largest, sum) => Math.max(largest, sum), 0);
  }

  private forTiles(
    visit: (tile: Float64Array, I: number, J: number, rows: number, cols: number, width: number) => void,
  ): void {
    this.tiles.forEach((row, I) =>
      row.forEach((tile, J) => visit(tile, I, J, this.rows(I), this.rows(J), this.height(J))),
    );
  }
}

/**
 * Adds the magnitudes of a tile to the sums of its rows and of its columns, four rows at a time: four sums that don't
 * wait for each other.
 */
function addMagnitudes(tile: Float64Array, width: number, rows: Float64Array, columns: Float64Array): void {
  const height = tile.length / width;
  for (let r = 0; r < height; r += 4) {
    const at1 = r * width + width,
      at2 = at1 + width,
      at3 = at2 + width;
    let sum0 = 0,
      sum1 = 0,
      sum2 = 0,
      sum3 = 0;
    for (let c = 0, at0 = r * width; c < width; c++, at0++) {
      const a0 = Math.abs(tile[at0]!),
        a1 = Math.abs(tile[at1 + c]!),
        a2 = Math.abs(tile[at2 + c]!),
        a3 = Math.abs(tile[at3 + c]!);
      sum0 += a0;
      sum1 += a1;
      sum2 += a2;
      sum3 += a3;
      columns[c]! += a0 + a1 + (a2 + a3);
    }
    rows[r]! += sum0;
    rows[r + 1]! += sum1;
    rows[r + 2]! += sum2;
    rows[r + 3]! += sum3;
  }
}

/** The same for the lower triangle of a symmetric tile: its rows and columns have the same sums. */
function addTriangle(tile: Float64Array, rows: number, width: number, sums: Float64Array): void {
  for (let r = 0; r < rows; r++) {
    sums[r]! += Math.abs(tile[r * width + r]!);
    for (let c = 0; c < r; c++) {
      const value = Math.abs(tile[r * width + c]!);
      sums[r]! += value;
      sums[c]! += value;
    }
  }
}
