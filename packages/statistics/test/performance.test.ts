import fc from "fast-check";
import { expect, test } from "vitest";
import {
  areaUnderRoc,
  areaUnderRocOfHistogram,
  averagePrecision,
  averagePrecisionOfHistogram,
  createRandom,
  estimatePerformance,
  estimatePerformanceOfHistogram,
  performanceOf,
} from "../src/index.ts";
import { expectClose, readFixture } from "./support/fixture.ts";

const fixture = readFixture("performance") as {
  readonly scores: readonly number[];
  readonly labels: readonly number[];
  readonly areaUnderRoc: number;
  readonly averagePrecision: number;
  readonly estimate: {
    readonly scores: readonly number[];
    readonly probabilities: readonly number[];
    readonly alerts: readonly number[];
    readonly [figure: string]: number | readonly number[];
  };
};

const { scores, labels, estimate } = fixture;

test("area under ROC and average precision equal scikit-learn's to 1e-12, with ties", () => {
  expectClose([areaUnderRoc(scores, labels)], [fixture.areaUnderRoc], { tolerance: 1e-12 });
  expectClose([averagePrecision(scores, labels)], [fixture.averagePrecision], { tolerance: 1e-12 });
});

test("the estimated confusion matrix gives NannyML's figures to 1e-12", () => {
  const estimated = estimatePerformance(estimate);
  const actual = [estimated.f1, estimated.precision, estimated.recall, estimated.accuracy];
  const names = ["f1", "precision", "recall", "accuracy"];
  const expected = names.map((name) => Number(estimate[name]));
  expectClose(actual, expected, { tolerance: 1e-12 });
  expect(1 - estimated.falsePositiveRate).toBeCloseTo(Number(estimate["specificity"]), 12);
});

test("the estimated area and average precision are NannyML's to its rounding of sums to 1e-5", () => {
  const estimated = estimatePerformance(estimate);
  const actual = [estimated.areaUnderRoc, estimated.averagePrecision];
  const expected = ["areaUnderRoc", "averagePrecision"].map((name) => Number(estimate[name]));
  expectClose(actual, expected, { tolerance: 1e-5 });
});

/** Histograms of positives and negatives over ten bins of equal width. */
function binned(
  values: readonly number[],
  truth: readonly number[],
): { readonly positives: Float64Array; readonly negatives: Float64Array } {
  const histogram = { positives: new Float64Array(10), negatives: new Float64Array(10) };
  values.forEach((value, index) => {
    const target = truth[index] === 1 ? histogram.positives : histogram.negatives;
    const bin = Math.min(9, Math.floor(value * 10));
    target[bin] = (target[bin] ?? 0) + 1;
  });
  return histogram;
}

const item = fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 1 }));
const window = fc
  .array(item, { minLength: 2, maxLength: 60 })
  .filter((items) => new Set(items.map(([, label]) => label)).size === 2);

test("the exact figures lie within the bounds that a score histogram gives", () => {
  fc.assert(
    fc.property(window, (items) => {
      const values = items.map(([score]) => score / 100);
      const truth = items.map(([, label]) => label);
      const { positives, negatives } = binned(values, truth);
      for (const [exact, bounds] of [
        [areaUnderRoc(values, truth), areaUnderRocOfHistogram(positives, negatives)],
        [averagePrecision(values, truth), averagePrecisionOfHistogram(positives, negatives)],
      ] as const) {
        expect(exact).toBeGreaterThanOrEqual(bounds.lowest - 1e-12);
        expect(exact).toBeLessThanOrEqual(bounds.highest + 1e-12);
        expect(bounds.value).toBeGreaterThanOrEqual(bounds.lowest - 1e-12);
        expect(bounds.value).toBeLessThanOrEqual(bounds.highest + 1e-12);
      }
    }),
  );
});

test("turning scores round turns the area round, and the order of items does not matter", () => {
  fc.assert(
    fc.property(window, (items) => {
      const values = items.map(([score]) => score);
      const truth = items.map(([, label]) => label);
      const area = areaUnderRoc(values, truth);
      const turned = values.map((value) => -value);
      expect(areaUnderRoc(turned, truth)).toBeCloseTo(1 - area, 12);
      expect(areaUnderRoc(values.toReversed(), truth.toReversed())).toBeCloseTo(area, 12);
      const precision = averagePrecision(values, truth);
      expect(averagePrecision(values.toReversed(), truth.toReversed())).toBeCloseTo(precision, 12);
    }),
  );
});

test("an estimate from known labels is the realised performance", () => {
  const alerts = scores.map((score) => (score >= 0.3 ? 1 : 0));
  const estimated = estimatePerformance({ scores, probabilities: labels, alerts });
  expect(estimated.areaUnderRoc).toBeCloseTo(fixture.areaUnderRoc, 12);
  expect(estimated.averagePrecision).toBeCloseTo(fixture.averagePrecision, 12);
  const truePositives = labels.filter((label, index) => label === 1 && alerts[index] === 1).length;
  expect(estimated.truePositives).toBe(truePositives);
});

test("the estimate from a histogram with one score a bin is that of the scores", () => {
  const counts = [500, 300, 150, 40, 10];
  const probabilities = [0.01, 0.03, 0.1, 0.4, 0.8];
  const expand = <Value>(of: (bin: number) => Value): Value[] =>
    counts.flatMap((count, bin) => Array.from({ length: count }, () => of(bin)));
  const fromBins = estimatePerformanceOfHistogram({ counts, probabilities, alertsFromBin: 3 });
  const fromScores = estimatePerformance({
    scores: expand((bin) => bin),
    probabilities: expand((bin) => probabilities[bin] ?? 0),
    alerts: expand((bin) => (bin >= 3 ? 1 : 0)),
  });
  expectClose(Object.values(fromBins), Object.values(fromScores), { tolerance: 1e-12 });
});

test("with calibrated scores the estimate meets the realised figures", () => {
  const random = createRandom(31);
  const values = Array.from({ length: 20_000 }, () => random() ** 2);
  const truth = values.map((probability) => (random() < probability ? 1 : 0));
  const alerts = values.map((probability) => (probability > 0.5 ? 1 : 0));
  const estimated = estimatePerformance({ scores: values, probabilities: values, alerts });
  expect(Math.abs(estimated.areaUnderRoc - areaUnderRoc(values, truth))).toBeLessThan(0.01);
  expect(Math.abs(estimated.averagePrecision - averagePrecision(values, truth))).toBeLessThan(0.015);
});

test("nothing to divide by is NaN, never 0", () => {
  const none = estimatePerformance({ scores: [1, 2], probabilities: [0, 0], alerts: [0, 0] });
  expect([none.recall, none.precision, none.areaUnderRoc, none.averagePrecision]).toEqual([
    Number.NaN,
    Number.NaN,
    Number.NaN,
    Number.NaN,
  ]);
  expect(areaUnderRoc([0.1, 0.2], [1, 1])).toBeNaN();
  const empty = { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 5 };
  expect(performanceOf(empty)).toMatchObject({ precision: Number.NaN, f1: Number.NaN, accuracy: 1 });
});

test("bad input is refused with what to do", () => {
  expect(() => areaUnderRoc([1], [1, 0])).toThrow("LENGTHS_DIFFER");
  expect(() => areaUnderRoc([1, 2], [1, 2])).toThrow("OUT_OF_RANGE");
  expect(() => areaUnderRoc([1, Number.NaN], [1, 0])).toThrow("VALUE_NOT_FINITE");
  expect(() => areaUnderRocOfHistogram([1, 2], [1])).toThrow("BINS_DIFFER");
  expect(() => averagePrecisionOfHistogram([1, -2], [1, 1])).toThrow("NOT_COUNTS");
  const histogram = { counts: [0, 0], probabilities: [0, 1], alertsFromBin: 1 };
  expect(() => estimatePerformanceOfHistogram(histogram)).toThrow("TOO_FEW_VALUES");
  expect(() => estimatePerformanceOfHistogram({ ...histogram, probabilities: [0, 2] })).toThrow(
    "OUT_OF_RANGE",
  );
});
