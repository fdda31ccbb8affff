import { chiSquareMeasure } from "./chi-square-test.ts";
import type { DriftMeasure, DriftMeasureName } from "./drift-measure.ts";
import { hellingerMeasure } from "./hellinger.ts";
import { jensenShannonMeasure } from "./jensen-shannon.ts";
import { kolmogorovSmirnovMeasure } from "./kolmogorov-smirnov.ts";
import { lInfinityMeasure } from "./l-infinity.ts";
import { populationStabilityIndexMeasure } from "./population-stability-index.ts";
import { wassersteinMeasure } from "./wasserstein.ts";

/** Every drift measure by its name. */
export const driftMeasures: Readonly<Record<DriftMeasureName, DriftMeasure>> = {
  "population-stability-index": populationStabilityIndexMeasure,
  "kolmogorov-smirnov": kolmogorovSmirnovMeasure,
  "jensen-shannon": jensenShannonMeasure,
  wasserstein: wassersteinMeasure,
  hellinger: hellingerMeasure,
  "chi-square": chiSquareMeasure,
  "l-infinity": lInfinityMeasure,
};
