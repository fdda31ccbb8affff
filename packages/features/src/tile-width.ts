import { featureLimits } from "./limits.ts";

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Widths that divide the spans people use. */
const widthsMs: readonly number[] = [
  ...[5, 10, 15, 30].map((seconds) => seconds * secondMs),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minuteMs),
  ...[1, 2, 3, 4, 6, 8, 12].map((hours) => hours * hourMs),
  ...[1, 2, 3, 5, 6, 7].map((days) => days * dayMs),
].toReversed();

/**
 * The widest tile that divides a window and its delay and cuts the window into at least so many: a window of
 * 24 hours has twelve of two hours, one of 90 days fifteen of six days.
 */
export function tileWidthMs(
  span: { readonly windowMs: number; readonly delayMs: number },
  tilesPerWindow: number = featureLimits.minTilesPerWindow,
): number {
  const fits = (widthMs: number): boolean =>
    span.windowMs % widthMs === 0 &&
    span.delayMs % widthMs === 0 &&
    span.windowMs / widthMs >= tilesPerWindow;
  return widthsMs.find(fits) ?? secondMs;
}

/** Tiles that reach back to the window's beginning, and one more for what comes a little late. */
export function tileSlots(
  span: { readonly windowMs: number; readonly delayMs: number },
  widthMs: number,
): number {
  return (span.windowMs + span.delayMs) / widthMs + 1;
}
