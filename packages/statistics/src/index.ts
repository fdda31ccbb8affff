export type { Counts, Numbers } from "./checks.ts";
export { StatisticsError, statisticsErrors } from "./errors.ts";
export type { StatisticsErrorCode } from "./errors.ts";
export { statisticsLimits } from "./limits.ts";
export { statisticalTests } from "./statistical-tests.ts";
export type { StatisticalTest, TestFamily, TestInput, TestName } from "./statistical-test.ts";

export { createRandom } from "./random/random.ts";
export type { Random } from "./random/random.ts";
export { drawBinomial } from "./random/draw-binomial.ts";
export { drawMultinomial } from "./random/draw-multinomial.ts";

export { chiSquareCritical, chiSquareSurvival } from "./special/chi-square.ts";
export { kolmogorovCritical, kolmogorovSurvival } from "./special/kolmogorov.ts";
export { normalCumulative, normalQuantile, normalSurvival } from "./special/normal.ts";

export { categoryBins } from "./bins/category-bins.ts";
export type { CategoryBins } from "./bins/category-bins.ts";
export { numericBinOf, quantileBins } from "./bins/quantile-bins.ts";
export type { NumericBins } from "./bins/quantile-bins.ts";
export {
  addCounts,
  categoryHistogram,
  countValues,
  numericHistogram,
  positionsOf,
  readHistogram,
} from "./bins/histogram.ts";
export type { Histogram, HistogramLayout, HistogramReading } from "./bins/histogram.ts";

export type { BinPositions, DriftMeasure, DriftMeasureName } from "./drift/drift-measure.ts";
export { driftMeasures } from "./drift/drift-measures.ts";
export { chiSquareGoodnessOfFit, chiSquareTest, cramersV } from "./drift/chi-square-test.ts";
export type { ChiSquareResult } from "./drift/chi-square-test.ts";
export { hellingerDistance } from "./drift/hellinger.ts";
export { jensenShannonDistance } from "./drift/jensen-shannon.ts";
export { binnedKolmogorovSmirnov, kolmogorovSmirnovTest } from "./drift/kolmogorov-smirnov.ts";
export type { KolmogorovSmirnovResult } from "./drift/kolmogorov-smirnov.ts";
export { lInfinityDistance } from "./drift/l-infinity.ts";
export { populationStabilityIndex } from "./drift/population-stability-index.ts";
export {
  binnedWassersteinDistance,
  normalisedWassersteinDistance,
  wassersteinDistance,
} from "./drift/wasserstein.ts";

export type { NullDistribution } from "./null/null-law.ts";
export { analyticNull } from "./null/analytic-null.ts";
export { bootstrapNullTables } from "./null/bootstrap-null-tables.ts";
export type { BootstrapNullOptions } from "./null/bootstrap-null-tables.ts";
export { empiricalNull } from "./null/empirical-null.ts";
export { nullDistribution } from "./null/null-distribution.ts";
export type { NullOptions } from "./null/null-distribution.ts";
export { nullOfTable } from "./null/null-table.ts";
export type { NullTable } from "./null/null-table.ts";

export { benjaminiHochberg } from "./multiple/benjamini-hochberg.ts";
export type { FalseDiscoveryResult } from "./multiple/benjamini-hochberg.ts";
export { falseAlarmLevel } from "./multiple/false-alarm-level.ts";

export { cusumRunLength, cusumStart, cusumStep, cusumThreshold } from "./online/cusum.ts";
export type { CusumOptions, CusumState } from "./online/cusum.ts";
export { pageHinkleyStart, pageHinkleyStep } from "./online/page-hinkley.ts";
export type { PageHinkleyOptions, PageHinkleyState } from "./online/page-hinkley.ts";

export { areaUnderRoc, areaUnderRocOfHistogram } from "./performance/area-under-roc.ts";
export type { BoundedFigure } from "./performance/area-under-roc.ts";
export { averagePrecision, averagePrecisionOfHistogram } from "./performance/average-precision.ts";
export { performanceOf } from "./performance/binary-performance.ts";
export type { BinaryPerformance, ConfusionMatrix } from "./performance/binary-performance.ts";
export {
  estimatePerformance,
  estimatePerformanceOfHistogram,
} from "./performance/confidence-based-estimate.ts";
export type { EstimatedPerformance } from "./performance/confidence-based-estimate.ts";

export { calibrationHelps } from "./calibration/calibration-helps.ts";
export type { CalibrationComparison } from "./calibration/calibration-helps.ts";
export { calibrateScore, fitIsotonicCalibration } from "./calibration/isotonic-calibration.ts";
export type { IsotonicCalibration } from "./calibration/isotonic-calibration.ts";
export {
  expectedCalibrationError,
  reliabilityCurve,
  reliabilityOfHistogram,
} from "./calibration/reliability-curve.ts";
export type { ReliabilityOptions, ReliabilityPoint } from "./calibration/reliability-curve.ts";

export {
  bootstrapInterval,
  biasCorrectedInterval,
  percentileInterval,
} from "./interval/bootstrap-interval.ts";
export type { BootstrapOptions } from "./interval/bootstrap-interval.ts";

export type { ConfidenceInterval } from "./sequential/confidence-interval.ts";
export {
  boundedMeanSequence,
  boundedMeanStart,
  boundedMeanStep,
} from "./sequential/bounded-mean-sequence.ts";
export type { BoundedMeanOptions, BoundedMeanState } from "./sequential/bounded-mean-sequence.ts";
export { normalMixtureSequence } from "./sequential/normal-mixture-sequence.ts";
export type { ArmSummary, NormalMixtureOptions } from "./sequential/normal-mixture-sequence.ts";
export {
  proportionDifferencePValue,
  proportionDifferenceSequence,
} from "./sequential/proportion-difference-sequence.ts";
export type { TwoArms } from "./sequential/proportion-difference-sequence.ts";
export { proportionSequence } from "./sequential/proportion-sequence.ts";
export type { ProportionSequenceOptions, Tally } from "./sequential/proportion-sequence.ts";
export { sequentialSampleRatioMismatch } from "./sequential/sequential-sample-ratio-mismatch.ts";
export { sampleRatioMismatch } from "./sequential/sample-ratio-mismatch.ts";
export type { SampleRatioResult } from "./sequential/sample-ratio-mismatch.ts";
