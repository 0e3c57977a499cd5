/**
 * The inner loops of the factorisation where WebAssembly is missing. In: panels of 4 rows, packed column by column.
 * Out: 4 × 4 blocks, updated.
 * Sixteen sums stay in registers while a pair of panels streams by: two loads for four multiply-adds each, and nothing
 * else.
 */

/**
 * C -= A Bᵀ for a 4 × 4 block of C. A and B are packed panels of 4 rows: entry (r, k) at offset + 4 k + r.
 * 32 · depth FLOPs.
 */
export function update4(
  c: Float64Array,
  at: number,
  width: number,
  a: Float64Array,
  aAt: number,
  b: Float64Array,
  bAt: number,
  depth: number,
): void {
  const r0 = at,
    r1 = at + width,
    r2 = r1 + width,
    r3 = r2 + width;
  let c00 = c[r0]!,
    c01 = c[r0 + 1]!,
    c02 = c[r0 + 2]!,
    c03 = c[r0 + 3]!;
  let c10 = c[r1]!,
    c11 = c[r1 + 1]!,
    c12 = c[r1 + 2]!,
    c13 = c[r1 + 3]!;
  let c20 = c[r2]!,
    c21 = c[r2 + 1]!,
    c22 = c[r2 + 2]!,
    c23 = c[r2 + 3]!;
  let c30 = c[r3]!,
    c31 = c[r3 + 1]!,
    c32 = c[r3 + 2]!,
    c33 = c[r3 + 3]!;
  for (let k = 0; k < depth; k++, aAt += 4, bAt += 4) {
    const b0 = b[bAt]!,
      b1 = b[bAt + 1]!,
      b2 = b[bAt + 2]!,
      b3 = b[bAt + 3]!;
    const a0 = a[aAt]!;
    c00 -= a0 * b0;
    c01 -= a0 * b1;
    c02 -= a0 * b2;
    c03 -= a0 * b3;
    const a1 = a[aAt + 1]!;
    c10 -= a1 * b0;
    c11 -= a1 * b1;
    c12 -= a1 * b2;
    c13 -= a1 * b3;
    const a2 = a[aAt + 2]!;
    c20 -= a2 * b0;
    c21 -= a2 * b1;
    c22 -= a2 * b2;
    c23 -= a2 * b3;
    const a3 = a[aAt + 3]!;
    c30 -= a3 * b0;
    c31 -= a3 * b1;
    c32 -= a3 * b2;
    c33 -= a3 * b3;
  }
  c[r0] = c00;
  c[r0 + 1] = c01;
  c[r0 + 2] = c02;
  c[r0 + 3] = c03;
  c[r1] = c10;
  c[r1 + 1] = c11;
  c[r1 + 2] = c12;
  c[r1 + 3] = c13;
  c[r2] = c20;
  c[r2 + 1] = c21;
  c[r2 + 2] = c22;
  c[r2 + 3] = c23;
  c[r3] = c30;
  c[r3 + 1] = c31;
  c[r3 + 2] = c32;
  c[r3 + 3] = c33;
}

/**
 * C -= A Bᵀ for a whole tile, height × width, of packed panels; only blocks on and below the diagonal where `lower`.
 */
export function updateTile(
  c: Float64Array,
  height: number,
  width: number,
  a: Float64Array,
  b: Float64Array,
  depth: number,
  lower: boolean,
): void {
  for (let j = 0; j < width; j += 4) {
    for (let i = lower ? j : 0; i < height; i += 4) update4(c, i * width + j, width, a, i * depth, b, j * depth, depth);
  }
}

/**
 * X Lᵀ = A in place, for a tile A of height rows and a lower triangular L of order width, packed in `l`; X is left in
 * the
 * tile, and packed in `out`. By substitution, 4 columns at a time: an inverse of L would lose the digits that badly
 * conditioned matrices need. width² · height FLOPs.
 */
export function solveTile(a: Float64Array, height: number, width: number, l: Float64Array, out: Float64Array): void {
  for (let i = 0; i < height; i += 4) {
    const panel = i * width;
    for (let j = 0; j < width; j += 4) {
      update4(a, i * width + j, width, out, panel, l, j * width, j);
      substitute4(a, i * width + j, width, l, j * width + 4 * j);
      packBlock(a, i, j, width, out);
    }
  }
}

/** The same for one 4 × 4 block; L's entry (r, k) at lAt + 4 k + r. */
function substitute4(a: Float64Array, at: number, width: number, l: Float64Array, lAt: number): void {
  const l00 = l[lAt]!,
    l10 = l[lAt + 1]!,
    l20 = l[lAt + 2]!,
    l30 = l[lAt + 3]!,
    l11 = l[lAt + 5]!;
  const l21 = l[lAt + 6]!,
    l31 = l[lAt + 7]!,
    l22 = l[lAt + 10]!,
    l32 = l[lAt + 11]!,
    l33 = l[lAt + 15]!;
  for (let r = 0; r < 4; r++, at += width) {
    const x0 = a[at]! / l00;
    const x1 = (a[at + 1]! - x0 * l10) / l11;
    const x2 = (a[at + 2]! - x0 * l20 - x1 * l21) / l22;
    a[at] = x0;
    a[at + 1] = x1;
    a[at + 2] = x2;
    a[at + 3] = (a[at + 3]! - x0 * l30 - x1 * l31 - x2 * l32) / l33;
  }
}

/**
 * L Lᵀ = A in place, for the lower triangle of a square tile of order n, a multiple of 4; L is left in the tile, and
 * packed
 * in `out`. n³/3 FLOPs.
 * @returns the first row whose pivot isn't positive and finite (the pivot stands there), or -1
 */
export function factorTile(a: Float64Array, n: number, out: Float64Array): number {
  for (let j = 0; j < n; j += 4) {
    for (let i = j; i < n; i += 4) {
      update4(a, i * n + j, n, out, i * n, out, j * n, j);
      if (i === j) {
        const failed = factor4(a, j * n + j, n);
        if (failed >= 0) return j + failed;
      } else substitute4(a, i * n + j, n, out, j * n + 4 * j);
      packBlock(a, i, j, n, out);
    }
  }
  return -1;
}

/** A tile's rows as packed panels of 4. */
export function packTile(a: Float64Array, height: number, width: number, out: Float64Array): void {
  for (let i = 0; i < height; i += 4) for (let j = 0; j < width; j += 4) packBlock(a, i, j, width, out);
}

/** The 4 × 4 block of a tile whose first entry is (i, j), put into its place among packed panels. */
function packBlock(a: Float64Array, i: number, j: number, width: number, out: Float64Array): void {
  for (let r = 0; r < 4; r++) {
    const from = (i + r) * width + j;
    const to = i * width + 4 * j + r;
    out[to] = a[from]!;
    out[to + 4] = a[from + 1]!;
    out[to + 8] = a[from + 2]!;
    out[to + 12] = a[from + 3]!;
  }
}

/** The textbook's factorisation of a 4 × 4 block: the first row that fails, or -1. */
function factor4(a: Float64Array, at: number, width: number): number {
  for (let j = 0; j < 4; j++) {
    const rowJ = at + j * width;
    let pivot = a[rowJ + j]!;
    for (let k = 0; k < j; k++) pivot -= a[rowJ + k]! * a[rowJ + k]!;
    a[rowJ + j] = pivot;
    if (!(pivot > 0 && pivot < Infinity)) return j;
    const diagonal = Math.sqrt(pivot);
    a[rowJ + j] = diagonal;
    for (let i = j + 1; i < 4; i++) {
      const rowI = at + i * width;
      let sum = a[rowI + j]!;
      for (let k = 0; k < j; k++) sum -= a[rowI + k]! * a[rowJ + k]!;
      a[rowI + j] = sum / diagonal;
    }
  }
  return -1;
}
