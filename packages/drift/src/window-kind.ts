import type { DriftWindowKind } from "@tollgate/contracts";
import { driftLimits } from "./limits.ts";

const { minuteMs, hourMs } = driftLimits;
const dayMs = 24 * hourMs;
export const weekMs: number = 7 * dayMs;

export const windowLengthMs: Readonly<Record<DriftWindowKind, number>> = {
  minutes: 15 * minuteMs,
  hour: hourMs,
  day: dayMs,
  week: weekMs,
};

/** 1 January 1970 was a Thursday: the first Monday came four days later. */
const firstMondayMs = 4 * dayMs;

/** Start of the tumbling window that holds the time: in UTC, weeks from Monday. */
export function windowStart(kind: DriftWindowKind, atMs: number): number {
  const length = windowLengthMs[kind];
  const origin = kind === "week" ? firstMondayMs : 0;
  return Math.floor((atMs - origin) / length) * length + origin;
}

/** How many windows of the kind a month has. */
export function windowsPerMonth(kind: DriftWindowKind): number {
  return (365.25 * dayMs) / 12 / windowLengthMs[kind];
}
