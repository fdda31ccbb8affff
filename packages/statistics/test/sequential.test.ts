import { expect, test } from "vitest";
import {
  boundedMeanSequence,
  boundedMeanStart,
  boundedMeanStep,
  createRandom,
  normalMixtureSequence,
  proportionDifferencePValue,
  proportionDifferenceSequence,
  proportionSequence,
  sampleRatioMismatch,
  sequentialSampleRatioMismatch,
} from "../src/index.ts";
import { expectClose, readFixture } from "./support/fixture.ts";

interface Limits {
  readonly alpha: number;
  readonly lower: number;
  readonly upper: number;
}

const fixture = readFixture("sequential") as {
  readonly boundedMean: {
    readonly alpha: number;
    readonly values: readonly number[];
    readonly lower: readonly number[];
    readonly upper: readonly number[];
  };
  readonly proportion: readonly (Limits & {
    readonly successes: number;
    readonly trials: number;
    readonly prior: readonly [number, number];
  })[];
  readonly difference: readonly (Limits & {
    readonly control: readonly [number, number];
    readonly treatment: readonly [number, number];
  })[];
  readonly sampleRatio: readonly {
    readonly counts: readonly number[];
    readonly shares: readonly number[];
    readonly pValue: number;
    readonly logBayesFactor: number;
  }[];
};

const close = { tolerance: 1e-9, floor: 1e-2 };
const tally = ([successes, trials]: readonly [number, number]): { successes: number; trials: number } => ({
  successes,
  trials,
});

test("the sequence of a bounded mean is theorem 2 of Waudby-Smith and Ramdas, to 1e-9", () => {
  const { alpha, values, lower, upper } = fixture.boundedMean;
  const options = { alpha, low: 0, high: 1 };
  let state = boundedMeanStart;
  const every = values.map((value) => {
    state = boundedMeanStep(state, value, options);
    return boundedMeanSequence(state, options);
  });
  const looks = every.filter((_, index) => index % 10 === 9);
  expectClose(
    looks.map((interval) => interval.lower),
    lower,
    close,
  );
  expectClose(
    looks.map((interval) => interval.upper),
    upper,
    close,
  );
});

test("the sequence of a proportion is where SciPy's beta-binomial and binomial meet, to 1e-9", () => {
  for (const { prior, alpha, lower, upper, ...counts } of fixture.proportion) {
    const [successes, failures] = prior;
    const interval = proportionSequence(counts, { alpha, prior: { successes, failures } });
    expectClose([interval.lower, interval.upper], [lower, upper], close);
  }
});

test("the sequence of a difference equals SciPy's minimisation, to 1e-7", () => {
  for (const { control, treatment, alpha, lower, upper } of fixture.difference) {
    const arms = { control: tally(control), treatment: tally(treatment) };
    const interval = proportionDifferenceSequence(arms, { alpha });
    expectClose([interval.lower, interval.upper], [lower, upper], { tolerance: 1e-7 });
  }
});

test("sample ratios are judged as by SciPy's chi-square and Dirichlet-multinomial, to 1e-9", () => {
  for (const { counts, shares, pValue, logBayesFactor } of fixture.sampleRatio) {
    expectClose([sampleRatioMismatch(counts, shares).pValue], [pValue], { tolerance: 1e-9 });
    const sequential = sequentialSampleRatioMismatch(counts, shares);
    expectClose([sequential.logBayesFactor], [logBayesFactor], { tolerance: 1e-8 });
  }
});

/** Looks of an experiment: after 1, 2, 3, 5, 8, … values, so that early looks are dense. */
function looksUpTo(last: number): readonly number[] {
  const looks: number[] = [];
  for (let look = 1; look <= last; look = Math.ceil(look * 1.3)) looks.push(look);
  return looks;
}

/** Share of simulated runs in which `isOutside` says so at any look. */
function missShare(runs: number, run: (random: () => number) => boolean): number {
  const random = createRandom(51);
  let missed = 0;
  for (let turn = 0; turn < runs; turn += 1) if (run(random)) missed += 1;
  return missed / runs;
}

test("the sequence of a proportion holds the truth at all looks in 95 % of runs", () => {
  const looks = looksUpTo(2_000);
  for (const truth of [0.02, 0.4]) {
    const missed = missShare(120, (random) => {
      let trials = 0;
      let successes = 0;
      return looks.some((look) => {
        for (; trials < look; trials += 1) if (random() < truth) successes += 1;
        const { lower, upper } = proportionSequence({ successes, trials }, { alpha: 0.05 });
        return lower > truth || upper < truth;
      });
    });
    expect(missed).toBeLessThanOrEqual(0.05);
  }
});

test("the sequence of a bounded mean holds the truth at all looks in 95 % of runs", () => {
  const options = { alpha: 0.05, low: -1, high: 3 };
  const missed = missShare(120, (random) => {
    let state = boundedMeanStart;
    for (let count = 0; count < 1_000; count += 1) {
      // Mean 1/3 of a skewed variable on [-1, 3].
      state = boundedMeanStep(state, -1 + 4 * random() ** 2, options);
      const { lower, upper } = boundedMeanSequence(state, options);
      if (lower > 1 / 3 || upper < 1 / 3) return true;
    }
    return false;
  });
  expect(missed).toBeLessThanOrEqual(0.05);
});

test("an A/A comparison is called at any look in 5 % of runs at most, a z-test in thrice as many", () => {
  const looks = looksUpTo(3_000).filter((look) => look >= 30);
  const called = { exact: 0, mixture: 0, naive: 0 };
  const random = createRandom(52);
  const runs = 100;
  for (let run = 0; run < runs; run += 1) {
    const arms = { control: { successes: 0, trials: 0 }, treatment: { successes: 0, trials: 0 } };
    const seen = { exact: false, mixture: false, naive: false };
    for (const look of looks) {
      for (const arm of [arms.control, arms.treatment]) {
        for (; arm.trials < look; arm.trials += 1) if (random() < 0.2) arm.successes += 1;
      }
      const [control, treatment] = [arms.control, arms.treatment].map(({ successes, trials }) => {
        const mean = successes / trials;
        return { count: trials, mean, variance: mean * (1 - mean) };
      });
      if (control === undefined || treatment === undefined) continue;
      const deviation = Math.sqrt((control.variance + treatment.variance) / look);
      seen.naive ||= Math.abs(control.mean - treatment.mean) > 1.96 * deviation;
      seen.exact ||= proportionDifferencePValue(arms) < 0.05;
      seen.mixture ||= normalMixtureSequence({ control, treatment }, { alpha: 0.05 }).differs;
    }
    for (const name of ["exact", "mixture", "naive"] as const) if (seen[name]) called[name] += 1;
  }
  expect(called.exact / runs).toBeLessThanOrEqual(0.05);
  expect(called.mixture / runs).toBeLessThanOrEqual(0.05);
  expect(called.naive / runs).toBeGreaterThan(0.15);
});

test("on large arms exactness costs less than 1.7 times the width, 1.4 with a fitting prior", () => {
  const arms = {
    control: { successes: 1_000, trials: 10_000 },
    treatment: { successes: 1_200, trials: 10_000 },
  };
  const control = { count: 10_000, mean: 0.1, variance: 0.09 };
  const treatment = { count: 10_000, mean: 0.12, variance: 0.1056 };
  const mixture = normalMixtureSequence({ control, treatment }, { alpha: 0.05, decisionSize: 20_000 });
  expect(mixture.differs).toBe(true);
  const flat = proportionDifferenceSequence(arms, { alpha: 0.05 });
  const prior = { successes: 10, failures: 90 };
  const fitting = proportionDifferenceSequence(arms, { alpha: 0.05, prior });
  const width = (interval: { lower: number; upper: number }): number => interval.upper - interval.lower;
  expect(width(flat) / width(mixture)).toBeLessThan(1.7);
  expect(width(fitting) / width(mixture)).toBeLessThan(1.4);
  expect(width(fitting) / width(mixture)).toBeGreaterThan(1);
});

test("the p-value of a difference is below alpha just when 0 lies outside the sequence", () => {
  for (const successes of [40, 60, 80, 100, 120, 140]) {
    const arms = { control: { successes: 40, trials: 500 }, treatment: { successes, trials: 500 } };
    const { differs } = proportionDifferenceSequence(arms, { alpha: 0.05 });
    expect(proportionDifferencePValue(arms) < 0.05).toBe(differs);
  }
});

test("exchanging the arms turns the difference round", () => {
  const [first, second] = [
    { successes: 30, trials: 400 },
    { successes: 60, trials: 500 },
  ];
  const one = proportionDifferenceSequence({ control: first, treatment: second }, { alpha: 0.1 });
  const other = proportionDifferenceSequence({ control: second, treatment: first }, { alpha: 0.1 });
  expectClose([-other.upper, -other.lower], [one.lower, one.upper], { tolerance: 1e-9 });
});

test("before anything is seen an interval says nothing, and a smaller alpha never narrows it", () => {
  expect(proportionSequence({ successes: 0, trials: 0 }, { alpha: 0.05 })).toMatchObject({
    lower: 0,
    upper: 1,
  });
  const none = { successes: 0, trials: 0 };
  const nothing = proportionDifferenceSequence({ control: none, treatment: none }, { alpha: 0.05 });
  expect(nothing).toMatchObject({ lower: -1, upper: 1, differs: false });
  const options = { alpha: 0.05, low: 2, high: 5 };
  expect(boundedMeanSequence(boundedMeanStart, options)).toMatchObject({ lower: 2, upper: 5 });
  const counts = { successes: 12, trials: 90 };
  const [wide, narrow] = [0.01, 0.1].map((alpha) => proportionSequence(counts, { alpha }));
  expect(wide?.lower).toBeLessThan(narrow?.lower ?? 0);
  expect(wide?.upper).toBeGreaterThan(narrow?.upper ?? 1);
});

test("a sequential sample-ratio mismatch stays called, and too few are inconclusive, not a match", () => {
  expect(sampleRatioMismatch([3, 1], [1, 1]).verdict).toBe("inconclusive");
  expect(sampleRatioMismatch([520, 480], [1, 1]).verdict).toBe("match");
  expect(sampleRatioMismatch([5300, 4700], [1, 1]).verdict).toBe("mismatch");
  const first = sequentialSampleRatioMismatch([5300, 4700], [1, 1]);
  expect(first.verdict).toBe("mismatch");
  const later = sequentialSampleRatioMismatch([50_000, 50_000], [1, 1], { previous: first.pValue });
  expect(later.pValue).toBe(first.pValue);
});

test("honest assignment is called a mismatch at any look in at most alpha of the runs", () => {
  const missed = missShare(300, (random) => {
    const counts = [0, 0, 0];
    for (let assigned = 0; assigned < 2_000; assigned += 1) {
      const draw = random();
      const arm = draw < 0.1 ? 0 : draw < 0.4 ? 1 : 2;
      counts[arm] = (counts[arm] ?? 0) + 1;
      const options = { alpha: 0.05, concentration: 100 };
      if (assigned % 20 > 0) continue;
      if (sequentialSampleRatioMismatch(counts, [1, 3, 6], options).verdict === "mismatch") return true;
    }
    return false;
  });
  expect(missed).toBeLessThanOrEqual(0.05);
});

test("bad input is refused with what to do", () => {
  const bounded = { alpha: 0.05, low: 0, high: 1 };
  const arm = { count: 1, mean: 0, variance: 0 };
  expect(() => boundedMeanStep(boundedMeanStart, 1.5, bounded)).toThrow("OUT_OF_RANGE");
  expect(() => boundedMeanStep(boundedMeanStart, Number.NaN, bounded)).toThrow("OUT_OF_RANGE");
  expect(() => proportionSequence({ successes: 3, trials: 2 }, { alpha: 0.05 })).toThrow("OUT_OF_RANGE");
  expect(() => proportionSequence({ successes: 1, trials: 2 }, { alpha: 0 })).toThrow("OUT_OF_RANGE");
  expect(() => normalMixtureSequence({ control: arm, treatment: arm }, { alpha: 0.05 })).toThrow(
    "OUT_OF_RANGE",
  );
  expect(() => sequentialSampleRatioMismatch([1, 2], [1, 0])).toThrow("OUT_OF_RANGE");
  expect(() => sampleRatioMismatch([0, 0], [1, 1])).toThrow("TOO_FEW_VALUES");
});
