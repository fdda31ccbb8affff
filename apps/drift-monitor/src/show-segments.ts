import type { Telemetry } from "@tollgate/telemetry";
import type { MaturityFigures, PerformanceDay } from "./store/performance-store.ts";
import { nameOf, type ModelVersion } from "./store/tile-delta.ts";

const minorUnits = 100;

/** What flagging costs the honest, and saves, by segment; nothing while no day has mature labels. */
export function showSegments(
  days: readonly PerformanceDay[],
  maturities: readonly (MaturityFigures & { readonly model: ModelVersion })[],
  { metrics }: Telemetry,
): void {
  for (const { model: version, falsePositiveRateRatios } of maturities) {
    const labels = { model: version.name, version: String(version.version) };
    for (const { segment, rate, ratio } of falsePositiveRateRatios) {
      // JSON has no NaN: a segment without honest payments has null here.
      if (Number.isFinite(rate)) metrics.segmentFalsePositiveRate({ ...labels, segment }).set(rate);
      if (Number.isFinite(ratio)) metrics.segmentFalsePositiveRatio({ ...labels, segment }).set(ratio);
    }
    const own = days.filter(({ model }) => nameOf(model) === nameOf(version));
    const mature = own.findLast((day) => day.segment === "all" && day.figures.status === "mature");
    for (const { segment, figures } of own.filter(({ dayMs }) => dayMs === mature?.dayMs)) {
      const { fraudValueCaughtMinor: caught, fraudValueMissedMinor: missed } = figures.business;
      metrics.fraudValue({ ...labels, segment, result: "caught" }).set(caught / minorUnits);
      metrics.fraudValue({ ...labels, segment, result: "missed" }).set(missed / minorUnits);
    }
  }
}
