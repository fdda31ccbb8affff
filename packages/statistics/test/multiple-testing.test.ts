import fc from "fast-check";
import { expect, test } from "vitest";
import { benjaminiHochberg, createRandom, falseAlarmLevel } from "../src/index.ts";
import { expectClose, readFixture } from "./support/fixture.ts";

const fixture = readFixture("performance") as {
  readonly pValues: readonly number[];
  readonly benjaminiHochberg: readonly number[];
  readonly benjaminiYekutieli: readonly number[];
};

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 });

test("adjusted p-values equal SciPy's to 1e-12", () => {
  const positive = benjaminiHochberg(fixture.pValues, { level: 0.05 });
  expectClose(positive.adjusted, fixture.benjaminiHochberg, { tolerance: 1e-12 });
  const any = benjaminiHochberg(fixture.pValues, { level: 0.05, dependence: "any" });
  expectClose(any.adjusted, fixture.benjaminiYekutieli, { tolerance: 1e-12 });
});

test("a smaller p-value never has a larger adjusted one, nor does its lowering take a call away", () => {
  fc.assert(
    fc.property(pValues, fc.nat(), (values, chosen) => {
      const { adjusted, rejected } = benjaminiHochberg(values, { level: 0.1 });
      values.forEach((p, index) => {
        const own = adjusted[index] ?? 0;
        expect(own).toBeGreaterThanOrEqual(p);
        values.forEach((other, place) => {
          if (other > p) expect(adjusted[place]).toBeGreaterThanOrEqual(own);
        });
      });
      const lowered = values.with(chosen % values.length, 0);
      const after = benjaminiHochberg(lowered, { level: 0.1 }).rejected;
      rejected.forEach((call, index) => expect(after[index] || !call).toBe(true));
    }),
  );
});

test("the result does not depend on the order of the tests", () => {
  fc.assert(
    fc.property(pValues, (values) => {
      const turned = benjaminiHochberg(values.toReversed(), { level: 0.1 }).adjusted;
      expect(turned.toReversed()).toEqual(benjaminiHochberg(values, { level: 0.1 }).adjusted);
    }),
  );
});

test("over tests without a change, the level for one false alarm in W windows gives one in W windows", () => {
  const tests = 40;
  const level = falseAlarmLevel({ windowsPerFalseAlarm: 50, tests });
  const random = createRandom(61);
  let alarms = 0;
  for (let window = 0; window < 20_000; window += 1) {
    let alarmed = false;
    for (let one = 0; one < tests; one += 1) alarmed ||= random() < level;
    if (alarmed) alarms += 1;
  }
  expect(alarms / 400).toBeGreaterThan(0.85);
  expect(alarms / 400).toBeLessThan(1.15);
});

test("bad input is refused with what to do", () => {
  expect(() => benjaminiHochberg([0.5, 1.2], { level: 0.05 })).toThrow("OUT_OF_RANGE: pValues[1]");
  expect(() => benjaminiHochberg([Number.NaN], { level: 0.05 })).toThrow("OUT_OF_RANGE");
  expect(() => benjaminiHochberg([0.5], { level: 0 })).toThrow("OUT_OF_RANGE");
  expect(benjaminiHochberg([], { level: 0.05 })).toEqual({ rejected: [], adjusted: [] });
  expect(() => falseAlarmLevel({ windowsPerFalseAlarm: 1, tests: 3 })).toThrow("OUT_OF_RANGE");
  expect(() => falseAlarmLevel({ windowsPerFalseAlarm: 9, tests: 0 })).toThrow("OUT_OF_RANGE");
});
