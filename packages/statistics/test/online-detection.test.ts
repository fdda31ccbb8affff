import { expect, test } from "vitest";
import {
  createRandom,
  cusumRunLength,
  cusumStart,
  cusumStep,
  cusumThreshold,
  normalQuantile,
  pageHinkleyStart,
  pageHinkleyStep,
  type CusumOptions,
} from "../src/index.ts";
import { expectClose, readFixture } from "./support/fixture.ts";

interface Stream {
  readonly values: readonly number[];
  readonly rise: readonly number[];
  readonly fall: readonly number[];
}

const fixture = readFixture("sequential") as {
  readonly pageHinkley: Stream & { delta: number };
  readonly cusum: Stream;
};
const close = { tolerance: 1e-9, floor: 1 };
const standard: CusumOptions = { mean: 0, deviation: 1, allowance: 0.5, threshold: 5 };

test("Page-Hinkley is the cumulated excess less its minimum, to 1e-9", () => {
  const { values, delta, rise, fall } = fixture.pageHinkley;
  let state = pageHinkleyStart;
  const states = values.map((value) => {
    state = pageHinkleyStep(state, value, { delta, threshold: 20, minimumValues: 30 });
    return state;
  });
  expectClose(
    states.map((each) => each.rise),
    rise,
    close,
  );
  expectClose(
    states.map((each) => each.fall),
    fall,
    close,
  );
  const alarmAt = states.findIndex(({ alarm }) => alarm === "rise");
  expect(alarmAt).toBeGreaterThan(100);
  expect(alarmAt).toBeLessThan(150);
});

test("the cumulative sums are those of the tabular form, to 1e-9", () => {
  let state = cusumStart;
  const states = fixture.cusum.values.map((value) => {
    state = cusumStep(state, value, { ...standard, mean: 1 });
    return state;
  });
  expectClose(
    states.map((each) => each.rise),
    fixture.cusum.rise,
    close,
  );
  expectClose(
    states.map((each) => each.fall),
    fixture.cusum.fall,
    close,
  );
});

test("run lengths are Montgomery's (table 9.3) within 4 %", () => {
  for (const [threshold, shift, expected] of [
    [4, 0, 168],
    [4, 1, 8.38],
    [5, 0, 465],
    [5, 1, 10.4],
    [5, 2, 4.01],
  ] as const) {
    const runLength = cusumRunLength({ allowance: 0.5, threshold, shift });
    expect(Math.abs(runLength / expected - 1), `h ${threshold}, shift ${shift}`).toBeLessThan(0.04);
  }
});

test("the threshold for a run length of 370 is Hawkins' within 2 %, and gives it back", () => {
  for (const [allowance, expected] of [
    [0.25, 8.01],
    [0.5, 4.77],
    [1, 2.52],
  ] as const) {
    const threshold = cusumThreshold({ allowance, runLength: 370 });
    expect(Math.abs(threshold / expected - 1)).toBeLessThan(0.02);
    expect(cusumRunLength({ allowance, threshold })).toBeCloseTo(370, 6);
  }
});

test("simulated false alarms come as rarely as the threshold promises", () => {
  const random = createRandom(71);
  const options = { ...standard, threshold: cusumThreshold({ allowance: 0.5, runLength: 100 }) };
  // Quantiles drawn from a table: a thousand bisections are enough.
  const normals = Array.from({ length: 1_000 }, (_, index) => normalQuantile((index + 0.5) / 1_000));
  let alarms = 0;
  let state = cusumStart;
  const steps = 40_000;
  for (let step = 0; step < steps; step += 1) {
    state = cusumStep(state, normals[Math.floor(random() * 1_000)] ?? 0, options);
    if (state.alarm === "none") continue;
    alarms += 1;
    state = cusumStart;
  }
  expect(steps / alarms).toBeGreaterThan(85);
  expect(steps / alarms).toBeLessThan(115);
});

test("a fall is told from a rise, and a constant stream never alarms", () => {
  const step = (values: readonly number[]): string => {
    let [page, sum] = [pageHinkleyStart, cusumStart];
    for (const value of values) {
      page = pageHinkleyStep(page, value, { delta: 0.1, threshold: 5, minimumValues: 5 });
      sum = cusumStep(sum, value, standard);
    }
    return `${page.alarm} ${sum.alarm}`;
  };
  const zeros = Array.from({ length: 50 }, () => 0);
  expect(step(zeros)).toBe("none none");
  expect(step([...zeros, ...Array.from({ length: 8 }, () => 2)])).toBe("rise rise");
  expect(step([...zeros, ...Array.from({ length: 8 }, () => -2)])).toBe("fall fall");
});

test("states survive JSON, and bad input is refused with what to do", () => {
  const options = { delta: 0.1, threshold: 5, minimumValues: 5 };
  const state = pageHinkleyStep(pageHinkleyStart, 0.3, options);
  expect(pageHinkleyStep(JSON.parse(JSON.stringify(state)) as typeof state, 1, options)).toEqual(
    pageHinkleyStep(state, 1, options),
  );
  expect(() => pageHinkleyStep(state, Number.NaN, options)).toThrow("VALUE_NOT_FINITE");
  expect(() => cusumStep(cusumStart, Number.NaN, standard)).toThrow("VALUE_NOT_FINITE");
  expect(() => cusumStep(cusumStart, 1, { ...standard, deviation: 0 })).toThrow("VALUE_NOT_FINITE");
  expect(() => cusumThreshold({ allowance: 0.5, runLength: 1 })).toThrow("OUT_OF_RANGE");
});
