/** Lines, or areas stacked upon each other, with thresholds and a table of last and largest values. */
import uPlot from "uplot";
import { formatValue } from "./format.mjs";

const dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
const height = 190;

/**
 * @param {HTMLElement} body @param {any} panel
 * @param {{ times: number[], series: any[], marks: any[] }} data
 */
export function drawLines(body, panel, data) {
  const stacked = panel.kind === "stacked";
  const shown = data.series.map((series, index) => ({
    ...series,
    colour: panel.colours[series.name] ?? panel.palette[index % panel.palette.length],
    dash: dashes[Math.floor(index / panel.palette.length) % dashes.length],
  }));
  const rows = stacked ? stack(shown) : shown.map(({ values }) => values);
  const chart = document.createElement("div");
  body.replaceChildren(chart, legendTable(panel, shown));
  const options = {
    width: Math.max(200, body.clientWidth),
    height,
    legend: { show: false },
    cursor: { drag: { x: false, y: false } },
    scales: { y: { range: (_, low, high) => yRange(panel, low, high) } },
    axes: [
      { values: (_, ticks) => ticks.map(clock), size: 30, space: 70 },
      { values: (_, ticks) => ticks.map((tick) => formatValue(tick, panel.unit, undefined)), size: 90 },
    ],
    series: [{}, ...shown.map((series) => lineOf(series, stacked))],
    hooks: { draw: [(plot) => drawThresholds(plot, panel.steps), (plot) => drawMarks(plot, data.marks)] },
  };
  if (stacked) options.bands = shown.slice(1).map((_, at) => ({ series: [at + 2, at + 1] }));
  return new uPlot(options, [data.times, ...rows], chart);
}

function lineOf({ name, colour, dash }, stacked) {
  return {
    label: name,
    stroke: colour,
    width: stacked ? 1 : 2,
    dash,
    points: { show: false },
    ...(stacked ? { fill: `${colour}99` } : {}),
  };
}

function stack(series) {
  const sums = [];
  return series.map(({ values }) =>
    values.map((value, at) => {
      if (value === null) return sums[at] ?? null;
      sums[at] = (sums[at] ?? 0) + value;
      return sums[at];
    }),
  );
}

/** From zero, and high enough for the lowest threshold when the values come near it. */
function yRange(panel, low, high) {
  const lines = panel.steps.map(({ from }) => from).filter((from) => from !== null);
  const lowest = Math.min(...lines);
  const near = lines.length > 0 && high > lowest / 3 ? lowest * 1.1 : 0;
  const top = Math.max(high ?? 0, near);
  return [Math.min(0, low ?? 0), top === 0 ? 1 : top * 1.05];
}

function drawThresholds(plot, steps) {
  const { ctx, bbox } = plot;
  for (const { from, colour } of steps) {
    if (from === null || from > plot.scales.y.max) continue;
    const y = plot.valToPos(from, "y", true);
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.setLineDash([6, 6]);
    ctx.lineWidth = 2;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.restore();
  }
}

/** A thin line from top to bottom where something began. */
function drawMarks(plot, marks) {
  const { ctx, bbox } = plot;
  for (const { time, colour } of marks) {
    const x = plot.valToPos(time, "x", true);
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.setLineDash([2, 4]);
    ctx.lineWidth = 2;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  }
}

function legendTable(panel, shown) {
  const table = document.createElement("table");
  const head = table.insertRow();
  for (const title of ["", "last", "max"]) head.insertCell().textContent = title;
  for (const { name, colour, values } of shown) {
    const row = table.insertRow();
    const mark = document.createElement("i");
    mark.style.background = colour;
    row.insertCell().append(mark, name);
    const numbers = values.filter((value) => value !== null);
    row.insertCell().textContent = formatValue(numbers.at(-1), panel.unit, panel.decimals);
    const largest = numbers.length === 0 ? undefined : Math.max(...numbers);
    row.insertCell().textContent = formatValue(largest, panel.unit, panel.decimals);
  }
  return table;
}

export function clock(seconds) {
  return new Date(seconds * 1000).toTimeString().slice(0, 8);
}
