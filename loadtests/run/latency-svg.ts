import type { CurvePoint } from "./measure-run.ts";
import type { Mark } from "./load-result.ts";

const width = 900;
const height = 300;
const left = 64;
const right = 16;
const top = 24;
const bottom = 44;

/** One line of the drawing. */
interface Line {
  readonly name: string;
  readonly colour: string;
  readonly value: (point: CurvePoint) => number | null;
}

const latencyLines: readonly Line[] = [
  { name: "p50", colour: "#2f7d32", value: (point) => point.p50Ms },
  { name: "p95", colour: "#b26a00", value: (point) => point.p95Ms },
  { name: "p99", colour: "#b00020", value: (point) => point.p99Ms },
];

const rateLines: readonly Line[] = [
  { name: "accepted a second", colour: "#1f5fa8", value: (point) => point.accepted / point.seconds },
  { name: "failed a second", colour: "#b00020", value: (point) => point.failed / point.seconds },
];

/** Latency over time on a logarithmic scale, with the promise as a dashed line. */
export function latencySvg(
  curve: readonly CurvePoint[],
  options: { readonly promisedMs: number; readonly marks: readonly Mark[] },
): string {
  const values = curve.flatMap((point) => latencyLines.flatMap(({ value }) => value(point) ?? []));
  const highest = Math.max(options.promisedMs * 1.5, ...values);
  const lowest = Math.max(0.5, Math.min(1, ...values));
  const [low, high] = [Math.log10(lowest), Math.log10(highest)];
  const y = (value: number): number =>
    top + ((high - Math.log10(Math.max(value, lowest))) / (high - low)) * (height - top - bottom);
  const ticks = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].filter(
    (tick) => tick >= lowest && tick <= highest,
  );
  const promise = y(options.promisedMs);
  const dashed =
    `<line x1="${left}" x2="${width - right}" y1="${promise}" y2="${promise}" class="promise"/>` +
    `<text x="${width - right}" y="${promise - 4}" text-anchor="end">` +
    `promised ${options.promisedMs} ms</text>`;
  const frame = { y, ticks, unit: "ms", marks: options.marks };
  return drawing(curve, latencyLines, { ...frame, extra: dashed, title: "Latency, milliseconds" });
}

/** Transactions accepted and failed over time. */
export function rateSvg(curve: readonly CurvePoint[], marks: readonly Mark[]): string {
  const values = curve.flatMap((point) => rateLines.map(({ value }) => value(point) ?? 0));
  const highest = Math.max(1, ...values) * 1.1;
  const y = (value: number): number => top + (1 - value / highest) * (height - top - bottom);
  const step = 10 ** Math.floor(Math.log10(highest / 2));
  const count = Math.floor(highest / step);
  const every = count > 8 ? 4 : count > 4 ? 2 : 1;
  const ticks = Array.from({ length: Math.floor(count / every) + 1 }, (_, index) => index * step * every);
  return drawing(curve, rateLines, { y, ticks, unit: "", marks, extra: "", title: "Transactions a second" });
}

interface Frame {
  readonly y: (value: number) => number;
  readonly ticks: readonly number[];
  readonly unit: string;
  readonly marks: readonly Mark[];
  readonly extra: string;
  readonly title: string;
}

function drawing(curve: readonly CurvePoint[], lines: readonly Line[], frame: Frame): string {
  const last = curve.at(-1);
  const endSeconds = last === undefined ? 1 : last.atSeconds + last.seconds;
  const x = (seconds: number): number => left + (seconds / endSeconds) * (width - left - right);
  const grid = frame.ticks.map((tick) => {
    const at = frame.y(tick).toFixed(1);
    return (
      `<line x1="${left}" x2="${width - right}" y1="${at}" y2="${at}" class="grid"/>` +
      `<text x="${left - 6}" y="${Number(at) + 4}" text-anchor="end">${tick}${frame.unit}</text>`
    );
  });
  const times = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const seconds = Math.round(endSeconds * share);
    return `<text x="${x(seconds)}" y="${height - 24}" text-anchor="middle">${seconds} s</text>`;
  });
  const marks = frame.marks.map(({ atSeconds, text }, index) => {
    const at = x(atSeconds).toFixed(1);
    const textAt = top + 10 + (index % 3) * 12;
    return (
      `<line x1="${at}" x2="${at}" y1="${top}" y2="${height - bottom}" class="mark"/>` +
      `<text x="${Number(at) + 3}" y="${textAt}">${text}</text>`
    );
  });
  const paths = lines.map(({ name, colour, value }, index) => {
    const points = curve.flatMap((point) => {
      const at = value(point);
      const middle = point.atSeconds + point.seconds / 2;
      return at === null ? [] : [`${x(middle).toFixed(1)},${frame.y(at).toFixed(1)}`];
    });
    return (
      `<polyline points="${points.join(" ")}" stroke="${colour}" class="curve"/>` +
      `<text x="${left + index * 150}" y="${height - 8}" style="fill:${colour}">${name}</text>`
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${frame.title}</title><style>${style}</style>`,
    `<text x="${left}" y="14" class="title">${frame.title}</text>`,
    ...grid,
    ...times,
    ...marks,
    frame.extra,
    ...paths,
    "</svg>",
  ].join("\n");
}

const style =
  "text{font:11px sans-serif;fill:#333}.title{font-weight:bold}.grid{stroke:#ddd}" +
  ".promise{stroke:#b00020;stroke-dasharray:6 4}.mark{stroke:#888;stroke-dasharray:2 3}" +
  ".curve{fill:none;stroke-width:1.6}";
