/**
 * A log-log plot as SVG, readable on light and dark pages.
 * In: panels side by side, each with axes' names and series of [x, y]; series of one name share colour and legend. Out:
 * the
 * SVG's text, the same for the same input. Axes end at the data, ticks are 1, 2 and 5 times powers of ten.
 */
const PANEL = { width: 330, height: 320, gap: 96, left: 72, top: 92, bottom: 62, right: 24 };
const COLOURS = [
  ["#0b62a8", "#6bb8f5"],
  ["#b4480f", "#f5a164"],
  ["#2f7d32", "#7fd184"],
  ["#7a3ea8", "#c79bee"],
];
const INK = ["#1b2733", "#e3e8ee"],
  FAINT = ["#d9e0e7", "#39424d"],
  PAPER = ["#ffffff", "#0f151c"];

const escapeXml = (text) =>
  text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
const decimal = (value) => String(Math.round(value * 100) / 100);

/** 1, 2 and 5 times powers of ten within [low, high]. */
export function logTicks(low, high) {
  const powers = Array.from({ length: 21 }, (_, i) => 10 ** (i - 10));
  return powers
    .flatMap((power) => [1, 2, 5].map((factor) => Number((factor * power).toPrecision(1))))
    .filter((tick) => tick >= low && tick <= high);
}

/** From the numbers to [0, length] on a logarithmic axis with a margin. */
function axis(values, length) {
  const low = Math.min(...values) / 1.18;
  const high = Math.max(...values) * 1.18;
  return { ticks: logTicks(low, high), at: (value) => (Math.log(value / low) / Math.log(high / low)) * length };
}

/** Light and dark by the reader's preference. */
function style(names) {
  const rules = (shade) =>
    [
      `.paper{fill:${PAPER[shade]}}.ink{fill:${INK[shade]}}.line{stroke:${INK[shade]}}.grid{stroke:${FAINT[shade]}}`,
      ...names.map(
        (_, i) => `.s${i}{stroke:${COLOURS[i % COLOURS.length][shade]};fill:${COLOURS[i % COLOURS.length][shade]}}`,
      ),
    ].join("");
  return `<style>text{stroke:none}path{fill:none}${rules(0)}@media (prefers-color-scheme:dark){${rules(1)}}</style>`;
}

/** A filled dot, or a ring around where dots lie, so that both are seen where they coincide. */
function mark(x, y, index, isOpen) {
  const place = `cx="${decimal(x)}" cy="${decimal(y)}"`;
  return isOpen
    ? `<circle class="s${index}" style="fill:none" stroke-width="1.5" ${place} r="7"/>`
    : `<circle class="s${index}" ${place} r="3.5"/>`;
}

function drawAxes({ x, y, names }) {
  const { width, height } = PANEL;
  return [
    ...x.ticks.map(
      (tick) =>
        `<path class="grid" d="M${decimal(x.at(tick))} 0V${height}"/><text class="ink" ` +
        `x="${decimal(x.at(tick))}" y="${height + 18}" text-anchor="middle">${tick}</text>`,
    ),
    ...y.ticks.map(
      (tick) =>
        `<path class="grid" d="M0 ${decimal(height - y.at(tick))}H${width}"/><text class="ink" x="-8" ` +
        `y="${decimal(height - y.at(tick))}" dy="0.35em" text-anchor="end">${tick}</text>`,
    ),
    `<path class="line" d="M0 0V${height}H${width}"/>`,
    `<text class="ink" x="${width / 2}" y="${height + 42}" text-anchor="middle" ` +
      `font-size="14">${escapeXml(names.x)}</text>`,
    `<text class="ink" transform="translate(-50 ${height / 2}) rotate(-90)" text-anchor="middle" ` +
      `font-size="14">${escapeXml(names.y)}</text>`,
  ].join("\n");
}

function drawPanel({ names, series }, offset, order) {
  const points = series.flatMap((item) => item.points);
  const x = axis(
    points.map(([value]) => value),
    PANEL.width,
  );
  const y = axis(
    points.map(([, value]) => value),
    PANEL.height,
  );
  const place = ([u, v]) => [x.at(u), PANEL.height - y.at(v)];
  const drawn = series.map(({ name, isOpen, points: own }) => {
    const index = order.indexOf(name);
    const path = own.map((point, i) => `${i === 0 ? "M" : "L"}${place(point).map(decimal).join(" ")}`).join("");
    const line = isOpen ? "" : `<path class="s${index}" style="fill:none" stroke-width="1.8" d="${path}"/>`;
    return line + own.map((point) => mark(...place(point), index, isOpen)).join("");
  });
  return `<g transform="translate(${offset} ${PANEL.top})">\n${drawAxes({ x, y, names })}\n${drawn.join("\n")}\n</g>`;
}

/** Names by colour, then what dots and rings mean. */
function drawLegend(order, marks) {
  const entries = [
    ...order.map((name, i) => ({
      text: name,
      glyph: `<path class="s${i}" style="fill:none" stroke-width="3" d="M0 0h20"/>`,
    })),
    { text: marks.filled, glyph: '<circle class="ink" cx="12" cy="0" r="3.5"/>' },
    { text: marks.open, glyph: '<circle class="line" style="fill:none" stroke-width="1.5" cx="12" cy="0" r="7"/>' },
  ];
  let x = PANEL.left;
  return entries
    .map(({ text, glyph }) => {
      const entry =
        `<g transform="translate(${x} 62)">${glyph}<text class="ink" x="28" dy="0.35em" ` +
        `font-size="13">${escapeXml(text)}</text></g>`;
      x += 56 + 7 * text.length;
      return entry;
    })
    .join("\n");
}

/**
 * The plot's SVG.
 * @param {{ names: { x: string, y: string }, series: { name: string, isOpen: boolean, points: [number, number][] }[]
 * }[]} panels
 * @param {{ title: string, filled: string, open: string }} words the title, and what dots and rings mean
 */
export function logLogPlot(panels, words) {
  const order = [...new Set(panels.flatMap(({ series }) => series.map(({ name }) => name)))];
  const width = PANEL.left + panels.length * PANEL.width + (panels.length - 1) * PANEL.gap + PANEL.right;
  const height = PANEL.top + PANEL.height + PANEL.bottom;
  const font = 'font-family="system-ui, Helvetica, Arial, sans-serif" font-size="12"';
  const size = `width="${width}" height="${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ${size} ${font} role="img">
<title>${escapeXml(words.title)}</title>
${style(order)}
<rect class="paper" width="${width}" height="${height}"/>
<text class="ink" x="${PANEL.left}" y="30" font-size="17" font-weight="600">${escapeXml(words.title)}</text>
${drawLegend(order, words)}
${panels.map((panel, i) => drawPanel(panel, PANEL.left + i * (PANEL.width + PANEL.gap), order)).join("\n")}
</svg>
`;
}
