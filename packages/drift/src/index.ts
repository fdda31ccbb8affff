export type {
  ProfiledAttribute,
  ProfiledFeature,
  ProfiledScore,
  ProfiledSegment,
  ReferenceProfile,
  Spread,
  SpreadTable,
} from "./reference-profile.ts";
export type { ReferenceRow } from "./reference-rows.ts";
export { buildReferenceProfile } from "./build-reference-profile.ts";
export type { ReferenceProfileOptions } from "./build-reference-profile.ts";
export { parseReferenceProfile, serialiseReferenceProfile } from "./parse-reference-profile.ts";
export { watchableAttributes } from "./watchable-attributes.ts";

export { vectorFaults } from "./observation.ts";
export type { CountResult, DecisionObservation, LabelObservation, VectorFault } from "./observation.ts";
export { segmentNames } from "./counter-layout.ts";
export type { CounterGroup, CounterLayout } from "./counter-layout.ts";
export { createDriftCounters } from "./create-drift-counters.ts";
export type { DriftCounters, RefusalCounts, StoredTile, TileKey } from "./drift-counters.ts";
export { countsOf, decisionsOf, meanScoreOf, outcomesOf } from "./window-counts.ts";
export type { WindowCounts } from "./window-counts.ts";
export { binNames } from "./picture.ts";
export { windowLengthMs, windowStart, windowsPerMonth } from "./window-kind.ts";

export { createDriftJudge } from "./create-drift-judge.ts";
export type { DriftJudge, DriftJudgeOptions, JudgeState } from "./drift-judge.ts";
export { defaultDriftSettings } from "./drift-settings.ts";
export type { AnnouncedEvent, DriftSettings } from "./drift-settings.ts";

export { matureShare, realisedPerformance } from "./realised-performance.ts";
export type { RealisedPerformance } from "./realised-performance.ts";
export { estimatedPerformance } from "./estimated-performance.ts";
export { businessFigures } from "./business-figures.ts";
export type { BusinessCosts, BusinessFigures } from "./business-figures.ts";
export { falsePositiveRateRatios } from "./false-positive-rates.ts";
export type { FalsePositiveRateRatio } from "./false-positive-rates.ts";
export { maturityAt, maturityCurves } from "./maturity-curve.ts";
export type { MaturityCurve } from "./maturity-curve.ts";

export { DriftError, driftErrors } from "./errors.ts";
export type { DriftErrorCode } from "./errors.ts";
export { driftLimits } from "./limits.ts";
