import fc from "fast-check";
import { expect, test } from "vitest";
import {
  binnedKolmogorovSmirnov,
  binnedWassersteinDistance,
  chiSquareGoodnessOfFit,
  chiSquareTest,
  cramersV,
  driftMeasures,
  hellingerDistance,
  jensenShannonDistance,
  kolmogorovSmirnovTest,
  lInfinityDistance,
  normalisedWassersteinDistance,
  populationStabilityIndex,
  wassersteinDistance,
} from "../src/index.ts";
import { expectClose, readFixture } from "./support/fixture.ts";

interface SampleCase {
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly [figure: string]: number | readonly number[];
}

interface CountCase {
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly psi: number | null;
  readonly evidentlyPsi: number | null;
  readonly chiSquare: readonly number[];
  readonly [figure: string]: number | null | readonly number[];
}

const fixture = readFixture("drift") as {
  readonly samples: readonly SampleCase[];
  readonly counts: readonly CountCase[];
  readonly goodnessOfFit: readonly {
    readonly observed: readonly number[];
    readonly weights: readonly number[];
    readonly statistic: number;
    readonly pValue: number;
  }[];
};

const exact = { tolerance: 1e-9, floor: 1e-3 };
const measures = Object.values(driftMeasures);

function figures(row: SampleCase | CountCase, ...names: readonly string[]): readonly number[] {
  return names.map((name) => Number(row[name]));
}

test("distances of raw samples equal SciPy's, Evidently's and NannyML's to 1e-9", () => {
  for (const row of fixture.samples) {
    const { reference, current } = row;
    const ks = kolmogorovSmirnovTest(reference, current);
    expectClose([ks.statistic, ks.statistic], figures(row, "ksStatistic", "nannymlKs"), exact);
    const distance = wassersteinDistance(reference, current);
    expectClose([distance, distance], figures(row, "wasserstein", "nannymlWasserstein"), exact);
    const normalised = normalisedWassersteinDistance(reference, current);
    expectClose([normalised], figures(row, "evidentlyWasserstein"), exact);
  }
});

test("Kolmogorov-Smirnov p-values equal SciPy's to 1e-9, down to 1e-20", () => {
  for (const row of fixture.samples) {
    const { reference, current } = row;
    const small = kolmogorovSmirnovTest(reference, current);
    expect(small.method).toBe("exact");
    expectClose([small.pValue, small.pValue], figures(row, "ksExact", "evidentlyKs"), { tolerance: 1e-9 });
    const large = kolmogorovSmirnovTest(reference, current, { method: "asymptotic" });
    expectClose([large.pValue], figures(row, "ksAsymptotic"), { tolerance: 1e-9 });
  }
});

test("distances of counts equal SciPy's, Evidently's and NannyML's to 1e-9", () => {
  for (const row of fixture.counts) {
    const { reference, current } = row;
    const js = jensenShannonDistance(reference, current);
    expectClose([js, js], figures(row, "jensenShannonBase2", "nannyml_jensen_shannon"), exact);
    const natural = jensenShannonDistance(reference, current, { base: Math.E });
    expectClose([natural], figures(row, "evidentlyJensenShannon"), exact);
    const hellinger = hellingerDistance(reference, current);
    const hellingers = figures(row, "hellinger", "nannyml_hellinger", "evidentlyHellinger");
    expectClose([hellinger, hellinger, hellinger], hellingers, exact);
    const largest = lInfinityDistance(reference, current);
    expectClose([largest, largest], figures(row, "lInfinity", "nannyml_l_infinity"), exact);
    const positions = { centres: Float64Array.from(reference.keys()), scale: 1.5 };
    const actual = [
      cramersV(reference, current),
      binnedKolmogorovSmirnov(reference, current),
      binnedWassersteinDistance(reference, current, positions),
    ];
    expectClose(actual, figures(row, "cramersV", "binnedKs", "binnedWasserstein"), exact);
  }
});

test("the chi-square tests equal SciPy's to 1e-9", () => {
  for (const row of fixture.counts) {
    const { statistic, degreesOfFreedom, pValue } = chiSquareTest(row.reference, row.current);
    expectClose([statistic, degreesOfFreedom, pValue], row.chiSquare, exact);
    expectClose([statistic], figures(row, "nannyml_chi2"), exact);
  }
  for (const row of fixture.goodnessOfFit) {
    const { statistic, pValue } = chiSquareGoodnessOfFit(row.observed, row.weights);
    expectClose([statistic, pValue], [row.statistic, row.pValue], exact);
  }
});

test("the bare population stability index equals Evidently's to 1e-9 where no bin is empty", () => {
  for (const row of fixture.counts) {
    const bare = populationStabilityIndex(row.reference, row.current, { pseudoCount: 0 });
    if (row.psi === null || row.evidentlyPsi === null) expect(bare).toBe(Infinity);
    else expectClose([bare, bare], [row.psi, row.evidentlyPsi], exact);
  }
});

test("pseudo-counts keep the population stability index finite, and shrink it by less than a tenth", () => {
  expect(populationStabilityIndex([50, 30, 20, 0], [10, 0, 15, 5])).toBeLessThan(3);
  const [reference, current] = [
    [2000, 2000, 1000],
    [300, 200, 100],
  ];
  const bare = populationStabilityIndex(reference, current, { pseudoCount: 0 });
  const smoothed = populationStabilityIndex(reference, current);
  expect(smoothed).toBeLessThan(bare);
  expect(smoothed).toBeGreaterThan(0.9 * bare);
  expect(populationStabilityIndex([...reference, 0], [...current, 0])).toBe(smoothed);
});

test("where the test changes over, the limit law errs to the cautious side, by 0.005 at most", () => {
  const sample = (size: number, shift: number): readonly number[] =>
    Array.from({ length: size }, (_, index) => index / size + shift);
  for (const shift of [0.06, 0.07, 0.08]) {
    const [reference, current] = [sample(1000, 0), sample(999, shift)];
    const small = kolmogorovSmirnovTest(reference, current, { method: "exact" }).pValue;
    const large = kolmogorovSmirnovTest(reference, current, { method: "asymptotic" }).pValue;
    expect(large - small).toBeGreaterThan(0);
    expect(large - small).toBeLessThan(0.005);
  }
  expect(kolmogorovSmirnovTest(sample(1001, 0), sample(1000, 0)).method).toBe("asymptotic");
});

const counts = fc.integer({ min: 2, max: 12 }).chain((bins) => {
  const histogram = fc
    .array(fc.nat({ max: 500 }), { minLength: bins, maxLength: bins })
    .filter((values) => values.some((value) => value > 0));
  return fc.tuple(histogram, histogram);
});
const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 40 });
const unitPositions = (bins: number): { centres: number[]; scale: number } => ({
  centres: Array.from({ length: bins }, (_, bin) => bin),
  scale: 1,
});

test("every measure of counts is symmetric, within its range, and zero on equal shares", () => {
  fc.assert(
    fc.property(counts, ([a, b]) => {
      for (const measure of measures) {
        const positions = unitPositions(a.length);
        const figure = measure.ofCounts(a, b, positions);
        expect(figure).toBeGreaterThanOrEqual(measure.range[0]);
        expect(figure).toBeLessThanOrEqual(measure.range[1]);
        expectClose([measure.ofCounts(b, a, positions)], [figure], { tolerance: 1e-9, floor: 1e-3 });
        const triple = a.map((count) => 3 * count);
        expect(measure.ofCounts(a, triple, positions)).toBeLessThan(1e-6);
      }
    }),
  );
});

test("no measure depends on the order of samples, and only ordered ones on the order of bins", () => {
  fc.assert(
    fc.property(counts, values, values, ([a, b], x, y) => {
      for (const measure of measures) {
        if (measure.ofSamples !== undefined) {
          const turned = measure.ofSamples(x.toReversed(), y.toReversed());
          expectClose([turned], [measure.ofSamples(x, y)], { tolerance: 1e-9, floor: 1e-3 });
        }
        if (!measure.values.includes("categorical")) continue;
        const figure = measure.ofCounts(a, b);
        expectClose([measure.ofCounts(a.toReversed(), b.toReversed())], [figure], exact);
      }
    }),
  );
});

test("the distances of samples are zero on equal samples and shift with them", () => {
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 50, noNaN: true }), (x, shift) => {
      expect(wassersteinDistance(x, x)).toBe(0);
      expect(kolmogorovSmirnovTest(x, x)).toMatchObject({ statistic: 0, pValue: 1 });
      const moved = x.map((value) => value + shift);
      expect(wassersteinDistance(x, moved)).toBeCloseTo(shift, 8);
    }),
  );
});

test("every measure grows when more of the mass moves to the last bin", () => {
  const reference = [300, 250, 200, 150, 100];
  for (const measure of measures) {
    const along = [0, 0.1, 0.3, 0.6].map((share) => {
      const current = reference.map((count) => count * (1 - share));
      current[4] = (current[4] ?? 0) + 1000 * share;
      return measure.ofCounts(reference, current, unitPositions(5));
    });
    expect(along).toEqual(along.toSorted((a, b) => a - b));
    expect(new Set(along).size).toBe(along.length);
  }
});

test("an empty window, other bins, NaN and negative counts are refused with what to do", () => {
  for (const { ofCounts } of measures) {
    const positions = unitPositions(2);
    expect(() => ofCounts([1, 2], [0, 0], positions)).toThrow(/TOO_FEW_VALUES: .*current.* Wait for more/);
    expect(() => ofCounts([1, 2], [1, 2, 3], positions)).toThrow(/BINS_DIFFER: .*the same bins/);
    expect(() => ofCounts([1, 2], [1, Number.NaN], positions)).toThrow("NOT_COUNTS");
    expect(() => ofCounts([1, -2], [1, 2], positions)).toThrow("NOT_COUNTS: reference[1] is -2");
  }
  expect(() => kolmogorovSmirnovTest([], [1])).toThrow("TOO_FEW_VALUES: reference has 0 values");
  expect(() => wassersteinDistance([1], [Number.NaN])).toThrow("VALUE_NOT_FINITE: current[0] is NaN");
  expect(() => driftMeasures.wasserstein.ofCounts([1], [1])).toThrow("NEEDS_POSITIONS");
  const descending = { centres: [2, 1], scale: 1 };
  expect(() => binnedWassersteinDistance([1, 2], [2, 1], descending)).toThrow("OUT_OF_RANGE");
});
