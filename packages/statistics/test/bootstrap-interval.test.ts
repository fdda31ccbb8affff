import { expect, test } from "vitest";
import { biasCorrectedInterval, bootstrapInterval, createRandom, percentileInterval } from "../src/index.ts";
import { expectClose, readFixture } from "./support/fixture.ts";

const fixture = readFixture("bootstrap") as {
  readonly sample: readonly number[];
  readonly resampled: readonly number[];
  readonly percentile: readonly number[];
  readonly bca: readonly number[];
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

test("the intervals equal SciPy's on the same resamples, to 1e-9", () => {
  const { sample, resampled } = fixture;
  const percentile = percentileInterval(resampled, 0.95);
  expectClose([percentile.lower, percentile.upper], fixture.percentile, { tolerance: 1e-9 });
  const jackknife = sample.map((_, left) => mean(sample.toSpliced(left, 1)));
  const bca = biasCorrectedInterval({ resampled, estimate: mean(sample), jackknife, confidence: 0.95 });
  expectClose([bca.lower, bca.upper], fixture.bca, { tolerance: 1e-9 });
});

test("the same seed gives the same interval, and more confidence a wider one", () => {
  const interval = (seed: number, confidence: number): { lower: number; upper: number } =>
    bootstrapInterval({
      sample: fixture.sample,
      statistic: mean,
      random: createRandom(seed),
      resamples: 500,
      confidence,
    });
  expect(interval(81, 0.9)).toEqual(interval(81, 0.9));
  expect(interval(82, 0.9)).not.toEqual(interval(81, 0.9));
  expect(interval(81, 0.99).lower).toBeLessThan(interval(81, 0.8).lower);
  expect(interval(81, 0.99).upper).toBeGreaterThan(interval(81, 0.8).upper);
});

test("the bias-corrected interval holds the mean of skewed values in about 90 % of samples", () => {
  const random = createRandom(83);
  const runs = 100;
  let held = 0;
  for (let run = 0; run < runs; run += 1) {
    const sample = Array.from({ length: 40 }, () => -Math.log(1 - random()));
    const interval = bootstrapInterval({ sample, statistic: mean, random, resamples: 300, confidence: 0.9 });
    if (interval.lower <= 1 && interval.upper >= 1) held += 1;
  }
  expect(held / runs).toBeGreaterThan(0.8);
  expect(held / runs).toBeLessThan(0.97);
});

test("where all values are alike the interval is a point, and too few are refused", () => {
  const options = { statistic: mean, random: createRandom(84), resamples: 50 };
  expect(bootstrapInterval({ ...options, sample: [2, 2, 2] })).toEqual({ estimate: 2, lower: 2, upper: 2 });
  expect(() => bootstrapInterval({ ...options, sample: [2] })).toThrow("TOO_FEW_VALUES");
  expect(() => bootstrapInterval({ ...options, sample: [1, 2], confidence: 1 })).toThrow("OUT_OF_RANGE");
});
