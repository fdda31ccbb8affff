import fc from "fast-check";
import { expect, test } from "vitest";
import {
  calibrateScore,
  calibrationHelps,
  createRandom,
  expectedCalibrationError,
  fitIsotonicCalibration,
  reliabilityCurve,
} from "../src/index.ts";
import { expectClose, readFixture } from "./support/fixture.ts";

const fixture = readFixture("performance") as {
  readonly scores: readonly number[];
  readonly labels: readonly number[];
  readonly weights: readonly number[];
  readonly isotonicGrid: readonly number[];
  readonly isotonic: readonly number[];
  readonly isotonicWeighted: readonly number[];
  readonly calibrationCurve: {
    readonly meanLabel: readonly number[];
    readonly meanProbability: readonly number[];
  };
  readonly estimate: {
    readonly scores: readonly number[];
    readonly labels: readonly number[];
    readonly expectedCalibrationError: number;
  };
};

const { scores, labels } = fixture;

test("isotonic calibration equals scikit-learn's to 1e-12, with ties, weights and clipping", () => {
  for (const [weights, expected] of [
    [undefined, fixture.isotonic],
    [fixture.weights, fixture.isotonicWeighted],
  ] as const) {
    const calibration = fitIsotonicCalibration(scores, labels, weights);
    const actual = fixture.isotonicGrid.map((score) => calibrateScore(calibration, score));
    expectClose(actual, expected, { tolerance: 1e-12 });
  }
});

test("the reliability curve equals scikit-learn's to 1e-12", () => {
  const curve = reliabilityCurve(scores, labels, { bins: 10, cut: "uniform" });
  const { meanLabel, meanProbability } = fixture.calibrationCurve;
  expectClose(
    curve.map((point) => point.meanLabel),
    meanLabel,
    { tolerance: 1e-12 },
  );
  expectClose(
    curve.map((point) => point.meanProbability),
    meanProbability,
    { tolerance: 1e-12 },
  );
});

test("the expected calibration error equals NannyML's to 1e-12", () => {
  const { estimate } = fixture;
  const curve = reliabilityCurve(estimate.scores, estimate.labels, { bins: 10, cut: "quantile" });
  const expected = estimate.expectedCalibrationError;
  expectClose([expectedCalibrationError(curve)], [expected], { tolerance: 1e-12 });
});

const points = fc.array(fc.tuple(fc.nat({ max: 20 }), fc.double({ min: 0, max: 1, noNaN: true })), {
  minLength: 1,
  maxLength: 30,
});

test("a calibration never falls, keeps the mean, and does not depend on the order", () => {
  fc.assert(
    fc.property(points, (items) => {
      const x = items.map(([score]) => score);
      const y = items.map(([, label]) => label);
      const calibration = fitIsotonicCalibration(x, y);
      const { probabilities } = calibration;
      expect(probabilities).toEqual(probabilities.toSorted((a, b) => a - b));
      const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
      expect(sum(x.map((score) => calibrateScore(calibration, score)))).toBeCloseTo(sum(y), 9);
      const turned = fitIsotonicCalibration(x.toReversed(), y.toReversed());
      expectClose(turned.probabilities, probabilities, { tolerance: 1e-9, floor: 1e-6 });
    }),
  );
});

test("labels that rise with the score are left as they are", () => {
  const calibration = fitIsotonicCalibration([1, 2, 3], [0.1, 0.4, 0.9]);
  expect([1, 2, 3].map((score) => calibrateScore(calibration, score))).toEqual([0.1, 0.4, 0.9]);
  expect(calibrateScore(calibration, 2.5)).toBeCloseTo(0.65, 12);
});

test("calibration helps distorted scores and not calibrated ones", () => {
  const random = createRandom(41);
  const truth = Array.from({ length: 2_000 }, () => random());
  const outcome = truth.map((probability) => (random() < probability ? 1 : 0));
  const distorted = calibrationHelps(
    truth.map((probability) => probability ** 3),
    outcome,
    random,
  );
  expect(distorted.helps).toBe(true);
  expect(distorted.errorAfter).toBeLessThan(distorted.errorBefore / 2);
  const oneClass = calibrationHelps(
    truth,
    truth.map(() => 0),
    random,
  );
  expect(oneClass.helps).toBe(false);
});

test("bad input is refused with what to do", () => {
  const cut = { bins: 10, cut: "uniform" } as const;
  expect(() => fitIsotonicCalibration([], [])).toThrow("TOO_FEW_VALUES");
  expect(() => fitIsotonicCalibration([1], [1], [0])).toThrow("TOO_FEW_VALUES");
  expect(() => fitIsotonicCalibration([1], [1], [-1])).toThrow("OUT_OF_RANGE");
  expect(() => fitIsotonicCalibration([1, 2], [1])).toThrow("LENGTHS_DIFFER");
  expect(() => calibrateScore({ scores: [0], probabilities: [0] }, Number.NaN)).toThrow("VALUE_NOT_FINITE");
  expect(() => reliabilityCurve([1.5], [1], cut)).toThrow("OUT_OF_RANGE");
  expect(() => reliabilityCurve([Number.NaN], [1], cut)).toThrow("VALUE_NOT_FINITE");
  expect(() => expectedCalibrationError([])).toThrow("TOO_FEW_VALUES");
});
