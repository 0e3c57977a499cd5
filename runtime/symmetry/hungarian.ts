/**
 * The assignment problem. In: a square matrix of costs. Out: the permutation of columns with the least sum of costs.
 * Rows are added one at a time along shortest augmenting paths; potentials keep reduced costs from being negative
 * (Kuhn 1955; Jonker and Volgenant 1987). O(n³).
 */

/**
 * The column of each row. `cost` is [n, n], row-major, of finite numbers. Of several solutions always the same one.
 */
export function assign(cost: Float64Array, n: number): Int32Array {
  const u = new Float64Array(n + 1);
  const v = new Float64Array(n + 1);
  // Columns and rows from 1 on; column 0 stands for the row that is being added.
  const rowOf = new Int32Array(n + 1);
  const way = new Int32Array(n + 1);
  const distance = new Float64Array(n + 1);
  const done = new Uint8Array(n + 1);
  for (let row = 1; row <= n; row++) {
    rowOf[0] = row;
    distance.fill(Infinity);
    done.fill(0);
    let column = 0;
    do {
      column = step(cost, n, column, { u, v, rowOf, way, distance, done });
    } while (rowOf[column] !== 0);
    do {
      const before = way[column]!;
      rowOf[column] = rowOf[before]!;
      column = before;
    } while (column !== 0);
  }
  const columnOf = new Int32Array(n);
  for (let j = 1; j <= n; j++) columnOf[rowOf[j]! - 1] = j - 1;
  return columnOf;
}

interface Work {
  readonly u: Float64Array;
  readonly v: Float64Array;
  readonly rowOf: Int32Array;
  readonly way: Int32Array;
  readonly distance: Float64Array;
  readonly done: Uint8Array;
}

/** Settles a column, updates the distances by its row, and returns the nearest column that isn't settled. */
function step(cost: Float64Array, n: number, column: number, { u, v, rowOf, way, distance, done }: Work): number {
  done[column] = 1;
  const i = rowOf[column]!;
  let least = Infinity;
  let next = 0;
  for (let j = 1; j <= n; j++) {
    if (done[j] === 1) continue;
    const reduced = cost[(i - 1) * n + j - 1]! - u[i]! - v[j]!;
    if (reduced < distance[j]!) {
      distance[j] = reduced;
      way[j] = column;
    }
    if (distance[j]! < least) {
      least = distance[j]!;
      next = j;
    }
  }
  for (let j = 0; j <= n; j++) {
    if (done[j] === 1) {
      u[rowOf[j]!]! += least;
      v[j]! -= least;
    } else distance[j]! -= least;
  }
  return next;
}
