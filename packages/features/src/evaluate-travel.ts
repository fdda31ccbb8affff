import type { BaseTransaction } from "@tollgate/contracts";
import type { TravelFeature } from "./definition.ts";
import type { EntityLayout } from "./entity-layout.ts";
import type { EntityEvaluator } from "./evaluate-feature.ts";
import { kilometresBetween } from "./great-circle.ts";
import { featureLimits } from "./limits.ts";
import { latestPlacedSlot } from "./ring.ts";
import { noPlace, placeStepsPerDegree } from "./transaction-reading.ts";

/** Distance or speed from the latest place in the ring; NaN without a place on either side. */
export function evaluateTravel<T extends BaseTransaction>(
  feature: TravelFeature<T>,
  layout: EntityLayout<T>,
): EntityEvaluator {
  const { ring } = layout;
  const isDistance = feature.kind === "distance-since-last";
  return ({ atMs, latitude, longitude }, state, out, at) => {
    out[at] = Number.NaN;
    if (state === null || latitude === noPlace || longitude === noPlace) return;
    const slot = latestPlacedSlot(ring, state);
    if (slot < 0) return;
    const record = ring.records + slot * ring.recordWords + ring.placeWord;
    const kilometres = kilometresBetween(
      (state.int32[record] ?? 0) / placeStepsPerDegree,
      (state.int32[record + 1] ?? 0) / placeStepsPerDegree,
      latitude / placeStepsPerDegree,
      longitude / placeStepsPerDegree,
    );
    const seconds = Math.abs(atMs - (state.float64[ring.times + slot] ?? 0)) / 1000;
    out[at] = isDistance
      ? kilometres
      : (kilometres * 3600) / Math.max(seconds, featureLimits.shortestTravelSeconds);
  };
}
