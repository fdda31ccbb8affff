import { expect, test } from "vitest";
import {
  analyticNull,
  bootstrapNullTables,
  createRandom,
  drawMultinomial,
  driftMeasures,
  empiricalNull,
  nullDistribution,
  nullOfTable,
  type BinPositions,
  type DriftMeasureName,
} from "../src/index.ts";

const even = Array.from({ length: 20 }, () => 1_000);
const skewed = [9_000, 6_000, 3_000, 1_000, 600, 300, 80, 20];
const positionsOver = (bins: readonly number[]): BinPositions => ({
  centres: bins.map((_, bin) => bin),
  scale: 3,
});
const positions = positionsOver(even);
const names = Object.keys(driftMeasures) as DriftMeasureName[];
const analyticNames = ["population-stability-index", "jensen-shannon", "hellinger", "chi-square"] as const;

/** Share of healthy windows, drawn from the reference, whose p-value is at most `level`, for each measure. */
function falseAlarms({
  reference,
  windowSize,
  level,
}: {
  readonly reference: readonly number[];
  readonly windowSize: number;
  readonly level: number;
}): ReadonlyMap<DriftMeasureName, number> {
  const random = createRandom(20);
  const places = positionsOver(reference);
  const tables = bootstrapNullTables({
    measures: names,
    reference,
    positions: places,
    windowSizes: [windowSize],
    random,
  });
  const laws = tables.map(
    (table) => analyticNull(table.measure, { reference, windowSize }) ?? nullOfTable(table, windowSize),
  );
  const first = new Float64Array(reference.length);
  const window = new Float64Array(reference.length);
  const total = reference.reduce((sum, count) => sum + count, 0);
  const alarms = new Map<DriftMeasureName, number>(names.map((name) => [name, 0]));
  const windows = 1_500;
  for (let turn = 0; turn < windows; turn += 1) {
    drawMultinomial(random, total, reference, first);
    drawMultinomial(random, windowSize, reference, window);
    names.forEach((name, index) => {
      const figure = driftMeasures[name].ofCounts(first, window, places);
      if ((laws[index]?.pValue(figure) ?? 1) > level) return;
      alarms.set(name, (alarms.get(name) ?? 0) + 1 / windows);
    });
  }
  return alarms;
}

test("a healthy window alarms as often as the level says, whatever its size and the bins", () => {
  for (const reference of [even, skewed]) {
    for (const windowSize of [100, 2_000]) {
      for (const [name, share] of falseAlarms({ reference, windowSize, level: 0.02 })) {
        // Three standard errors of 1,500 windows are 0.011; as much for the null's own 2,000 draws.
        expect(Math.abs(share - 0.02), `${name} at ${windowSize}`).toBeLessThan(0.014);
      }
    }
  }
});

test("the analytic law and the bootstrap agree", () => {
  const windowSize = 2_000;
  const tables = bootstrapNullTables({
    measures: analyticNames,
    reference: even,
    windowSizes: [windowSize],
    random: createRandom(21),
    draws: 2_500,
  });
  for (const table of tables) {
    const drawn = nullOfTable(table, windowSize);
    const law = analyticNull(table.measure, { reference: even, windowSize });
    expect(drawn.mean / (law?.mean ?? 0)).toBeCloseTo(1, 1);
    for (const survival of [0.5, 0.1, 0.05, 0.01]) {
      const ratio = drawn.critical(survival) / (law?.critical(survival) ?? 0);
      expect(Math.abs(ratio - 1), `${table.measure} at ${survival}`).toBeLessThan(0.05);
    }
  }
});

test("the mean of the population stability index is (B - 1)(1/n + 1/m)", () => {
  const law = analyticNull("population-stability-index", { reference: even, windowSize: 10_000 });
  expect(law?.mean).toBeCloseTo(19 * (1 / 10_000 + 1 / 20_000), 4);
});

test("where a bin is rare the analytic law is not offered", () => {
  expect(analyticNull("hellinger", { reference: even, windowSize: 1_999 })).toBeUndefined();
  expect(analyticNull("hellinger", { reference: even, windowSize: 2_000 })).toBeDefined();
  expect(analyticNull("chi-square", { reference: skewed, windowSize: 4_999 })).toBeUndefined();
  expect(analyticNull("chi-square", { reference: skewed, windowSize: 5_000 })).toBeDefined();
  expect(analyticNull("l-infinity", { reference: even, windowSize: 20_000 })).toBeUndefined();
});

test("one table serves windows between its sizes and above them", () => {
  const measures = ["kolmogorov-smirnov", "wasserstein", "l-infinity"] as const;
  const options = { measures, reference: skewed, draws: 1_500 };
  const tables = bootstrapNullTables({
    ...options,
    positions: positionsOver(skewed),
    windowSizes: [200, 800, 3_200],
    random: createRandom(22),
  });
  const direct = bootstrapNullTables({
    ...options,
    positions: positionsOver(skewed),
    windowSizes: [500, 50_000],
    random: createRandom(23),
  });
  tables.forEach((table, index) => {
    for (const windowSize of [500, 50_000]) {
      const own = direct[index];
      if (own === undefined) throw new Error("a table is missing");
      const ratio =
        nullOfTable(table, windowSize).critical(0.05) / nullOfTable(own, windowSize).critical(0.05);
      expect(Math.abs(ratio - 1), `${table.measure} at ${windowSize}`).toBeLessThan(0.08);
    }
  });
});

test("a table survives JSON, is small, and the same seed gives the same one", () => {
  const make = (seed: number): unknown =>
    bootstrapNullTables({
      measures: ["l-infinity"],
      reference: skewed,
      windowSizes: [100, 400, 1_600, 6_400, 25_600],
      random: createRandom(seed),
      draws: 500,
    })[0];
  const text = JSON.stringify(make(1));
  expect(text.length).toBeLessThan(1_000);
  expect(JSON.parse(text)).toEqual(make(1));
  expect(make(2)).not.toEqual(make(1));
});

test("a p-value and its critical figure are each other's inverse, into the tail", () => {
  const options = { reference: even, windowSize: 2_000, positions, draws: 500 };
  for (const measure of names) {
    const law = nullDistribution(measure, { ...options, random: createRandom(24) });
    for (const survival of [0.999, 0.7, 0.2, 0.05, 0.01, 1e-6]) {
      expect(law.pValue(law.critical(survival)) / survival).toBeCloseTo(1, 5);
    }
    expect(law.pValue(0)).toBe(1);
  }
});

test("far beyond the draws the tail of a chi-square-like law is on the cautious side", () => {
  const [table] = bootstrapNullTables({
    measures: ["chi-square"],
    reference: even,
    windowSizes: [5_000],
    random: createRandom(25),
  });
  if (table === undefined) throw new Error("a table is missing");
  const law = analyticNull("chi-square", { reference: even, windowSize: 5_000 });
  for (const survival of [1e-3, 1e-4, 1e-6]) {
    const estimated = nullOfTable(table, 5_000).pValue(law?.critical(survival) ?? 0);
    expect(estimated / survival).toBeGreaterThan(0.5);
    expect(estimated / survival).toBeLessThan(20);
  }
});

test("a reference of one value alone: the same window is certain, any other impossible", () => {
  const options = { reference: [0, 500, 0], windowSize: 200, random: createRandom(27), draws: 200 };
  const law = nullDistribution("l-infinity", options);
  expect(law.pValue(0)).toBe(1);
  expect(law.pValue(0.01)).toBe(0);
});

test("past healthy windows give a p-value that is never zero", () => {
  const law = empiricalNull([0.1, 0.2, 0.3, 0.4]);
  expect(law.pValue(0.5)).toBe(0.2);
  expect(law.pValue(0.4)).toBe(0.4);
  expect(law.pValue(0.05)).toBe(1);
  expect(law.critical(0.4)).toBe(0.4);
  expect(law.critical(0.1)).toBe(Infinity);
  expect(() => empiricalNull([])).toThrow("TOO_FEW_VALUES");
});

test("a window below a table's first size, and an empty reference, are refused", () => {
  const [table] = bootstrapNullTables({
    measures: ["l-infinity"],
    reference: even,
    windowSizes: [100],
    random: createRandom(26),
    draws: 100,
  });
  if (table === undefined) throw new Error("a table is missing");
  expect(() => nullOfTable(table, 99)).toThrow("TOO_FEW_VALUES");
  expect(() => analyticNull("hellinger", { reference: [0, 0], windowSize: 10 })).toThrow("TOO_FEW_VALUES");
  expect(() => analyticNull("hellinger", { reference: [900, 0], windowSize: 500 })).toThrow("one bin only");
});
