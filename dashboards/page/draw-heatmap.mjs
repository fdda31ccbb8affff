/** A histogram over time: a column for each moment, a cell for each bucket, brighter for more. */
import { clock } from "./draw-lines.mjs";
import { formatValue } from "./format.mjs";

const height = 240;
const margin = { left: 70, bottom: 22 };
/** Viridis, from its dark end to its bright one: readable in grey and with every kind of colour vision. */
const viridis = ["#440154", "#46327e", "#365c8d", "#277f8e", "#1fa187", "#4ac16d", "#a0da39", "#fde725"];

/** @param {HTMLElement} body @param {any} panel @param {{ times: number[], series: any[] }} data */
export function drawHeatmap(body, panel, data) {
  const buckets = data.series.toSorted((a, b) => boundOf(a) - boundOf(b));
  // Prometheus' buckets hold all that is below their bound: a cell is what one has more than the one below.
  const cells = buckets.map(({ values }, at) =>
    values.map((value, time) => Math.max(0, (value ?? 0) - (buckets[at - 1]?.values[time] ?? 0))),
  );
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(200, body.clientWidth);
  canvas.height = height;
  body.replaceChildren(canvas);
  const context = canvas.getContext("2d");
  const wide = (canvas.width - margin.left) / data.times.length;
  const high = (height - margin.bottom) / buckets.length;
  const most = Math.max(...cells.flat(), 1e-9);
  for (const [row, values] of cells.entries()) {
    const y = height - margin.bottom - (row + 1) * high;
    for (const [column, value] of values.entries()) {
      if (value <= 0) continue;
      context.fillStyle = viridis[Math.min(7, Math.floor(Math.sqrt(value / most) * 8))];
      context.fillRect(margin.left + column * wide, y, Math.max(1, wide), high - 1);
    }
  }
  drawAxes(context, { buckets, times: data.times, high, wide, unit: panel.unit });
}

function drawAxes(context, { buckets, times, high, wide, unit }) {
  context.fillStyle = "#1b1f24";
  context.font = "11px system-ui, sans-serif";
  for (const [row, bucket] of buckets.entries()) {
    if (row % 2 === 1) continue;
    const bound = boundOf(bucket);
    const text = Number.isFinite(bound) ? formatValue(bound, unit, undefined) : "more";
    context.fillText(text, 4, height - margin.bottom - row * high - high / 2 + 4);
  }
  for (let at = 0; at < times.length; at += Math.ceil(times.length / 6)) {
    context.fillText(clock(times[at]), margin.left + at * wide, height - 6);
  }
}

function boundOf({ labels }) {
  return labels.le === "+Inf" ? Infinity : Number(labels.le);
}
