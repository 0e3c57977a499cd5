/**
 * A parity plot as SVG: predicted values against the true ones.
 * In: two arrays of equal length, names and units. Out: the SVG's text, the same for the same input.
 * Thousands of points are drawn as a density (one small square for each cell of a fine grid, darker where more points
 * fall), so the file stays small; below it, the errors' histogram shows what the diagonal hides.
 */

const SIZE = { width: 640, height: 660, left: 84, top: 64, plot: 520 };
const CELLS = 260;
const INK = "#1b2733";
const FAINT = "#d9e0e7";

/** Ticks at round numbers (1, 2 or 5 times a power of ten) within [low, high], about `count` of them. */
export function roundTicks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

const escapeXml = (text) =>
  text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
const decimal = (value) => String(Math.round(value * 100) / 100);
const label = (value) => String(Number(value.toPrecision(6))).replace("-", "−");

/** Counts of points per cell of a square grid over [low, high]². */
function density(truth, predicted, low, high) {
  const counts = new Uint32Array(CELLS * CELLS);
  const cell = (value) => Math.min(CELLS - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * CELLS)));
  for (let i = 0; i < truth.length; i++) counts[cell(predicted[i]) * CELLS + cell(truth[i])] += 1;
  return counts;
}

/** From light to dark blue, by the logarithm of the count. */
function colour(count, most) {
  const t = most > 1 ? Math.log(count) / Math.log(most) : 1;
  const mix = (a, b) => Math.round(a + (b - a) * t);
  return `rgb(${mix(147, 8)},${mix(197, 48)},${mix(232, 107)})`;
}

function drawCells(counts) {
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  const side = SIZE.plot / CELLS;
  const byColour = new Map();
  counts.forEach((count, index) => {
    if (count === 0) return;
    const x = SIZE.left + (index % CELLS) * side;
    const y = SIZE.top + SIZE.plot - (Math.floor(index / CELLS) + 1) * side;
    const key = colour(count, most);
    byColour.set(key, `${byColour.get(key) ?? ""}M${decimal(x)} ${decimal(y)}h2v2h-2z`);
  });
  return [...byColour].map(([fill, path]) => `<path fill="${fill}" d="${path}"/>`).join("\n");
}

function drawAxes(low, high, names) {
  const position = (value) => ((value - low) / (high - low)) * SIZE.plot;
  const bottom = SIZE.top + SIZE.plot;
  const right = SIZE.left + SIZE.plot;
  const ticks = roundTicks(low, high, 6).map((value) => {
    const x = decimal(SIZE.left + position(value));
    const y = decimal(bottom - position(value));
    return [
      `<path stroke="${FAINT}" d="M${x} ${SIZE.top}V${bottom}M${SIZE.left} ${y}H${right}"/>`,
      `<path stroke="${INK}" d="M${x} ${bottom}v5M${SIZE.left} ${y}h-5"/>`,
      `<text x="${x}" y="${bottom + 20}" text-anchor="middle">${label(value)}</text>`,
      `<text x="${SIZE.left - 10}" y="${y}" dy="0.35em" text-anchor="end">${label(value)}</text>`,
    ].join("\n");
  });
  const middle = SIZE.left + SIZE.plot / 2;
  const upright = SIZE.top + SIZE.plot / 2;
  return [
    ...ticks,
    `<path stroke="#c2410c" stroke-dasharray="5 4" d="M${SIZE.left} ${bottom}L${right} ${SIZE.top}"/>`,
    `<text x="${middle}" y="${bottom + 46}" text-anchor="middle" ` +
      `font-size="15">${escapeXml(`${names.truth} (${names.unit})`)}</text>`,
    `<text transform="translate(24 ${upright}) rotate(-90)" text-anchor="middle" ` +
      `font-size="15">${escapeXml(`${names.predicted} (${names.unit})`)}</text>`,
  ].join("\n");
}

/** The distribution of predicted − true, inset in the lower right corner. */
function drawHistogram(truth, predicted, rmse, unit) {
  const bins = new Uint32Array(41);
  const reach = 3 * rmse || 1;
  for (let i = 0; i < truth.length; i++) {
    const t = (predicted[i] - truth[i] + reach) / (2 * reach);
    if (t >= 0 && t < 1) bins[Math.floor(t * bins.length)] += 1;
  }
  const most = bins.reduce((a, b) => Math.max(a, b), 1);
  const box = { x: SIZE.left + SIZE.plot - 206, y: SIZE.top + SIZE.plot - 138, width: 190, height: 88 };
  const step = box.width / bins.length;
  const bars = [...bins]
    .map((count, i) => {
      const height = (count / most) * (box.height - 8);
      return (
        `M${decimal(box.x + i * step)} ` +
        `${decimal(box.y + box.height)}v${decimal(-height)}h${decimal(step * 0.85)}V${decimal(box.y + box.height)}z`
      );
    })
    .join("");
  const at = (value) => decimal(box.x + ((value + reach) / (2 * reach)) * box.width);
  const ticks = roundTicks(-0.8 * reach, 0.8 * reach, 4).map(
    (value) => `<text x="${at(value)}" y="${box.y + box.height + 15}" text-anchor="middle">${label(value)}</text>`,
  );
  return [
    `<rect x="${box.x - 10}" y="${box.y - 8}" width="${box.width + 20}" height="${box.height + 46}" rx="5" ` +
      `fill="#fff" fill-opacity="0.92" stroke="${FAINT}"/>`,
    `<path fill="#3b82c4" d="${bars}"/>`,
    `<path stroke="${INK}" d="M${box.x} ${box.y + box.height}h${box.width}"/>`,
    ...ticks,
    `<text x="${box.x + box.width / 2}" y="${box.y + box.height + 32}" ` +
      `text-anchor="middle">${escapeXml(`error (${unit})`)}</text>`,
  ].join("\n");
}

/** Mean absolute and root mean square error of two arrays. */
export function errorsOf(truth, predicted) {
  let absolute = 0;
  let square = 0;
  for (let i = 0; i < truth.length; i++) {
    const error = predicted[i] - truth[i];
    absolute += Math.abs(error);
    square += error * error;
  }
  return { mae: absolute / truth.length, rmse: Math.sqrt(square / truth.length) };
}

/**
 * The plot's SVG.
 * @param {ArrayLike<number>} truth what the data say
 * @param {ArrayLike<number>} predicted what the model says, in the same order
 * @param {{ title: string, subtitle: string, truth: string, predicted: string, unit: string }} names
 */
export function parityPlot(truth, predicted, names) {
  if (truth.length === 0 || truth.length !== predicted.length)
    throw new RangeError(
      `parity plot: expected two arrays of one length, found ${truth.length} and ${predicted.length} values`,
    );
  const all = [...truth, ...predicted];
  const [lowest, highest] = [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))];
  const margin = 0.04 * (highest - lowest || 1);
  const [low, high] = [lowest - margin, highest + margin];
  const { mae, rmse } = errorsOf(truth, predicted);
  const number = (value) => value.toPrecision(3);
  const size = `viewBox="0 0 ${SIZE.width} ${SIZE.height}" width="${SIZE.width}" height="${SIZE.height}"`;
  const font = 'font-family="system-ui, Helvetica, Arial, sans-serif" font-size="12"';
  const components = `${truth.length.toLocaleString("en")} components`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${font} fill="${INK}" role="img">
<title>${escapeXml(names.title)}</title>
<rect width="${SIZE.width}" height="${SIZE.height}" fill="#fff"/>
<text x="${SIZE.left}" y="30" font-size="18" font-weight="600">${escapeXml(names.title)}</text>
<text x="${SIZE.left}" y="50" font-size="13" fill="#52606d">${escapeXml(names.subtitle)}</text>
${drawAxes(low, high, names)}
${drawCells(density(truth, predicted, low, high))}
<rect x="${SIZE.left}" y="${SIZE.top}" width="${SIZE.plot}" height="${SIZE.plot}" fill="none" stroke="${INK}"/>
<text x="${SIZE.left + 16}" y="${SIZE.top + 28}" font-size="15">MAE ${number(mae)} ${escapeXml(names.unit)}</text>
<text x="${SIZE.left + 16}" y="${SIZE.top + 50}" font-size="15">RMSE ${number(rmse)} ${escapeXml(names.unit)}</text>
<text x="${SIZE.left + 16}" y="${SIZE.top + 72}" font-size="13" fill="#52606d">${components}</text>
${drawHistogram(truth, predicted, rmse, names.unit)}
</svg>
`;
}
