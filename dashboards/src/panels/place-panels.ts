import type { Panel, PanelRow } from "./panel.ts";

/** A rectangle of Grafana's grid: 24 columns, rows of about 30 pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface PlacedRow {
  readonly title: string;
  readonly y: number;
  readonly panels: readonly { readonly panel: Panel; readonly place: Place }[];
}

const columns = 24;
const heights: Readonly<Record<Panel["kind"], number>> = { number: 4, lines: 8, stacked: 8, heatmap: 8 };

/** From left to right, a new line where the next one does not fit; the rows one below the other. */
export function placePanels(rows: readonly PanelRow[]): readonly PlacedRow[] {
  let y = 0;
  return rows.map(({ title, panels }) => {
    const placed: PlacedRow["panels"][number][] = [];
    const rowY = y;
    let x = 0;
    let lineHeight = 0;
    y += 1;
    for (const panel of panels) {
      if (x + panel.width > columns) {
        x = 0;
        y += lineHeight;
        lineHeight = 0;
      }
      const height = heights[panel.kind];
      placed.push({ panel, place: { x, y, w: panel.width, h: height } });
      x += panel.width;
      lineHeight = Math.max(lineHeight, height);
    }
    y += lineHeight;
    return { title, y: rowY, panels: placed };
  });
}
