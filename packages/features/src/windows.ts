import type { Window } from "./definition.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export const windowMs: Readonly<Record<Window, number>> = {
  "10m": 10 * minuteMs,
  "1h": hourMs,
  "6h": 6 * hourMs,
  "24h": dayMs,
  "7d": 7 * dayMs,
  "30d": 30 * dayMs,
};

/** A family of equal tiles that together cover a window; the error of a sum is at most one tile's content. */
export interface TileFamily {
  readonly name: "minutes" | "hours" | "days";
  readonly widthMs: number;
  /** One more than covers the longest window, so that the oldest, partial tile is still there. */
  readonly slots: number;
  readonly windows: readonly Window[];
}

export const tileFamilies: readonly TileFamily[] = [
  { name: "minutes", widthMs: 5 * minuteMs, slots: 13, windows: ["10m", "1h"] },
  { name: "hours", widthMs: hourMs, slots: 25, windows: ["6h", "24h"] },
  { name: "days", widthMs: dayMs, slots: 31, windows: ["7d", "30d"] },
];

export function tileFamilyOf(window: Window): TileFamily {
  const family = tileFamilies.find((candidate) => candidate.windows.includes(window));
  if (family === undefined) throw new Error(`no tiles for the window ${window}`);
  return family;
}
