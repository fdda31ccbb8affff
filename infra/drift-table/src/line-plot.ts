/** A line plot from 0 to 1 as SVG, with a legend. */
export function linePlot(plot: {
  readonly title: string;
  readonly labels: readonly string[];
  readonly lines: readonly {
    readonly name: string;
    readonly colour: string;
    readonly values: readonly number[];
  }[];
}): string {
  const { title, labels, lines } = plot;
  const x = (place: number): number => left + (place * width) / Math.max(1, labels.length - 1);
  const y = (value: number): number => top + (1 - value) * height;
  const grid = [0, 0.2, 0.4, 0.6, 0.8, 1].map(
    (value) =>
      `<line x1="${left}" x2="${left + width}" y1="${y(value)}" y2="${y(value)}" stroke="#ddd"/>` +
      text(left - 8, y(value) + 4, String(value), "end"),
  );
  const ticks = labels.map((label, place) => text(x(place), top + height + 20, label, "middle"));
  const drawn = lines.map(({ colour, values }) => {
    const points = values.map((value, place) => `${x(place).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
    return `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="2"/>`;
  });
  const legend = lines.map(({ name, colour }, place) => {
    const line = top + height + 46 + 18 * place;
    return (
      `<line x1="${left}" x2="${left + 24}" y1="${line - 4}" y2="${line - 4}" stroke="${colour}" ` +
      `stroke-width="3"/>${text(left + 32, line, name, "start")}`
    );
  });
  const size = `width="${left + width + 40}" height="${top + height + 60 + 18 * lines.length}"`;
  const parts = [text(left, 22, title, "start"), ...grid, ...ticks, ...drawn, ...legend];
  const font = 'font-family="sans-serif" font-size="12"';
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${font}>\n${parts.join("\n")}\n</svg>\n`;
}

const left = 60;
const top = 40;
const width = 620;
const height = 260;

function text(x: number, y: number, content: string, anchor: "start" | "middle" | "end"): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escaped}</text>`;
}
