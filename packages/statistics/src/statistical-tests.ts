import { expectedCalibrationErrorTest } from "./calibration/reliability-curve.ts";
import { isotonicCalibrationTest } from "./calibration/isotonic-calibration.ts";
import { driftMeasures } from "./drift/drift-measures.ts";
import { bootstrapIntervalTest } from "./interval/bootstrap-interval.ts";
import { benjaminiHochbergTest } from "./multiple/benjamini-hochberg.ts";
import { cusumTest } from "./online/cusum.ts";
import { pageHinkleyTest } from "./online/page-hinkley.ts";
import { areaUnderRocTest } from "./performance/area-under-roc.ts";
import { averagePrecisionTest } from "./performance/average-precision.ts";
import { confidenceBasedEstimateTest } from "./performance/confidence-based-estimate.ts";
import { boundedMeanSequenceTest } from "./sequential/bounded-mean-sequence.ts";
import { normalMixtureSequenceTest } from "./sequential/normal-mixture-sequence.ts";
import { proportionDifferenceSequenceTest } from "./sequential/proportion-difference-sequence.ts";
import { proportionSequenceTest } from "./sequential/proportion-sequence.ts";
import { sampleRatioMismatchTest } from "./sequential/sample-ratio-mismatch.ts";
import { sequentialSampleRatioMismatchTest } from "./sequential/sequential-sample-ratio-mismatch.ts";
import type { StatisticalTest } from "./statistical-test.ts";

/** Every test of this package; `docs/reference/statistics.md` is the same list for reading. */
export const statisticalTests: readonly StatisticalTest[] = [
  ...Object.values(driftMeasures),
  benjaminiHochbergTest,
  pageHinkleyTest,
  cusumTest,
  areaUnderRocTest,
  averagePrecisionTest,
  confidenceBasedEstimateTest,
  isotonicCalibrationTest,
  expectedCalibrationErrorTest,
  boundedMeanSequenceTest,
  proportionSequenceTest,
  proportionDifferenceSequenceTest,
  normalMixtureSequenceTest,
  sampleRatioMismatchTest,
  sequentialSampleRatioMismatchTest,
  bootstrapIntervalTest,
];
