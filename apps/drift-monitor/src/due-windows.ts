import { driftWindowKinds, type DriftWindowKind } from "@tollgate/contracts";
import { driftLimits, windowLengthMs, windowStart } from "@tollgate/drift";

export interface DueWindow {
  readonly kind: DriftWindowKind;
  readonly fromMs: number;
}

export interface DueWindows {
  /** In the order in which they end. */
  readonly windows: readonly DueWindow[];
  /** Quarters of an hour whose minutes are only kept as hours by now: nobody can judge them any more. */
  readonly skipped: number;
}

/** Windows that are over and not judged yet, at most `limit`. */
export function dueWindows(options: {
  /** End of the latest judged window of each kind. */
  readonly judgedUntilMs: Readonly<Record<string, number>>;
  /** Start of the earliest tile: a window that begins before it is not whole. */
  readonly oldestMs: number;
  readonly newestMs: number;
  readonly watermarkMs: number;
  readonly latenessMs: number;
  readonly limit: number;
}): DueWindows {
  const { judgedUntilMs, oldestMs, newestMs, watermarkMs, latenessMs, limit } = options;
  const closedMs = watermarkMs - latenessMs;
  const windows: DueWindow[] = [];
  let skipped = 0;
  if (!Number.isFinite(oldestMs)) return { windows, skipped };
  for (const kind of driftWindowKinds) {
    const length = windowLengthMs[kind];
    const start = windowStart(kind, oldestMs);
    const firstWhole = start === oldestMs ? start : start + length;
    let fromMs = Math.max(firstWhole, judgedUntilMs[kind] ?? -Infinity);
    if (kind === "minutes") {
      const firstMinuteMs = windowStart("hour", newestMs) - driftLimits.minuteTilesMs;
      const judgeable = Math.max(fromMs, firstMinuteMs);
      skipped = Math.max(0, Math.round((Math.min(judgeable, closedMs) - fromMs) / length));
      fromMs = judgeable;
    }
    for (let found = 0; fromMs + length <= closedMs && found < limit; found += 1, fromMs += length) {
      windows.push({ kind, fromMs });
    }
  }
  const byEnd = windows.toSorted((left, right) => endOf(left) - endOf(right));
  return { windows: byEnd.slice(0, limit), skipped };
}

function endOf({ kind, fromMs }: DueWindow): number {
  return fromMs + windowLengthMs[kind];
}
