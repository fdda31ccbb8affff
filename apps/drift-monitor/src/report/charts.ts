import type { DriftPicture, DriftStatus } from "@tollgate/contracts";
import { escapeText } from "./html.ts";

const ink = "#52606d";
const grid = "#e4e7eb";
/** Told apart without red and green: lightness differs too. */
const series = ["#0b6e99", "#d9822b", "#7a3e9d", "#4a7c2c", "#9aa5b1"] as const;
const statusColours: Readonly<Record<DriftStatus, string>> = {
  ok: "#a8d5ba",
  warning: "#f2c14e",
  drifted: "#c8354b",
  inconclusive: "#d5dae0",
};
const width = 820;
const left = 46;

/** One line of a chart; null where nothing is known. */
export interface ChartLine {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** Shares of the same bins, the baseline's beside the window's. */
export function histogramChart(picture: DriftPicture): string {
  const height = 230;
  const bottom = height - 70;
  const shares = [picture.baseline, picture.window].map(sharesOf);
  const highest = Math.max(0.01, ...shares.flat());
  const step = (width - left) / Math.max(1, picture.bins.length);
  const bars = shares.flatMap((values, place) =>
    values.map((share, bin) => {
      const tall = (share / highest) * (bottom - 24);
      const x = left + bin * step + place * step * 0.42 + step * 0.08;
      const title = `${picture.bins[bin] ?? ""}: ${percent(share)}`;
      return (
        `<rect x="${one(x)}" y="${one(bottom - tall)}" width="${one(step * 0.4)}" height="${one(tall)}" ` +
        `fill="${series[place] ?? ink}"><title>${escapeText(title)}</title></rect>`
      );
    }),
  );
  const names = picture.bins.map((name, bin) => {
    const x = left + (bin + 0.5) * step;
    return (
      `<text x="${one(x)}" y="${bottom + 12}" transform="rotate(-40 ${one(x)} ${bottom + 12})" ` +
      `text-anchor="end">${escapeText(name)}</text>`
    );
  });
  const axis = yAxis({ bottom, top: 24, text: percent(highest) });
  return svg(height, [axis, ...bars, ...names, legend(["baseline", "window"])]);
}

/** Lines over the same points; the y-axis runs from 0 to 1, or to the highest value. */
export function lineChart(points: readonly string[], lines: readonly ChartLine[]): string {
  const height = 220;
  const bottom = height - 34;
  const known = lines.flatMap(({ values }) => values.filter((value) => value !== null));
  const highest = Math.max(...known, 0) > 0.5 ? 1 : Math.max(0.05, ...known);
  const xOf = (place: number): number =>
    left + ((width - left - 28) * place) / Math.max(1, points.length - 1);
  const yOf = (value: number): number => bottom - (Math.min(value, highest) / highest) * (bottom - 26);
  const paths = lines.map(({ values }, line) => {
    const colour = series[line % series.length] ?? ink;
    const steps = values.map((value, place) => {
      if (value === null) return "";
      const starts = place === 0 || values[place - 1] === null;
      return `${starts ? "M" : "L"}${one(xOf(place))} ${one(yOf(value))}`;
    });
    const dots = values.map((value, place) =>
      value === null
        ? ""
        : `<circle cx="${one(xOf(place))}" cy="${one(yOf(value))}" r="2.2" fill="${colour}"/>`,
    );
    return `<path d="${steps.join("")}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join("")}`;
  });
  const every = Math.max(1, Math.ceil(points.length / 10));
  const names = points.map((name, place) =>
    place % every === 0
      ? `<text x="${one(xOf(place))}" y="${bottom + 16}" text-anchor="middle">${escapeText(name)}</text>`
      : "",
  );
  const axis = yAxis({ bottom, top: 26, text: highest === 1 ? "100 %" : percent(highest) });
  return svg(height, [axis, ...paths, ...names, legend(lines.map(({ name }) => name))]);
}

/** One cell for each window in the order of time, coloured by its status; a row for each kind. */
export function statusStrip(
  rows: readonly {
    readonly name: string;
    readonly windows: readonly { readonly title: string; readonly status: DriftStatus }[];
  }[],
): string {
  const rowHeight = 26;
  const height = rows.length * rowHeight + 40;
  const begin = 90;
  const cells = rows.map(({ name, windows }, row) => {
    const y = 30 + row * rowHeight;
    const step = (width - begin) / Math.max(1, windows.length);
    const marks = windows.map(
      ({ title, status }, place) =>
        `<rect x="${one(begin + place * step)}" y="${y}" width="${one(Math.max(0.4, step - 0.6))}" ` +
        `height="18" fill="${statusColours[status]}"><title>${escapeText(title)}</title></rect>`,
    );
    return `<text x="0" y="${y + 13}">${escapeText(name)}</text>${marks.join("")}`;
  });
  const names = Object.entries(statusColours).map(
    ([status, colour], place) =>
      `<rect x="${begin + place * 110}" y="6" width="12" height="12" fill="${colour}"/>` +
      `<text x="${begin + 18 + place * 110}" y="16">${status}</text>`,
  );
  return svg(height, [...names, ...cells]);
}

function svg(height: number, parts: readonly string[]): string {
  const open =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" ` +
    `height="${height}" font-family="system-ui, sans-serif" font-size="11" fill="${ink}" role="img">`;
  return `${open}${parts.join("")}</svg>`;
}

function yAxis(of: { readonly bottom: number; readonly top: number; readonly text: string }): string {
  const { bottom, top, text } = of;
  return (
    `<line x1="${left}" y1="${bottom}" x2="${width}" y2="${bottom}" stroke="${grid}"/>` +
    `<line x1="${left}" y1="${top}" x2="${width}" y2="${top}" stroke="${grid}"/>` +
    `<text x="${left - 6}" y="${bottom + 4}" text-anchor="end">0</text>` +
    `<text x="${left - 6}" y="${top + 4}" text-anchor="end">${text}</text>`
  );
}

function legend(names: readonly string[]): string {
  const marks = names.map((name, place) => {
    const x = left + place * 150;
    const colour = series[place % series.length] ?? ink;
    const mark = `<rect x="${x}" y="2" width="12" height="12" fill="${colour}"/>`;
    return `${mark}<text x="${x + 18}" y="12">${escapeText(name)}</text>`;
  });
  return marks.join("");
}

function sharesOf(counts: readonly number[]): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total === 0 ? 0 : count / total));
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function one(value: number): string {
  return value.toFixed(1);
}
