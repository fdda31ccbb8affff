import { areaUnderRoc, averagePrecision } from "@tollgate/statistics";
import { beforeAll, expect, test } from "vitest";
import {
  businessFigures,
  createDriftCounters,
  estimatedPerformance,
  falsePositiveRateRatios,
  maturityAt,
  maturityCurves,
  realisedPerformance,
  type DriftCounters,
  type ReferenceProfile,
  type ReferenceRow,
  type WindowCounts,
} from "../src/index.ts";
import { dayMs, decisionOf, hourMs, labelOf, payments, shopProfile, startMs } from "./support/shop.ts";

const costs = { reviewMinor: 300, blockedGoodMinor: 1500, missedFraudShare: 1 };
const days = 20;
let profile: ReferenceProfile;
let rows: readonly ReferenceRow[];
let counters: DriftCounters;

/** Null tables are drawn: seconds on a busy machine. */
const setUpMs = 120_000;

beforeAll(() => {
  profile = shopProfile();
  rows = [...payments({ seed: 21, fromMs: startMs, days, perDay: 500 })];
  counters = createDriftCounters(profile);
  for (const row of rows) {
    counters.count(decisionOf(row), Infinity);
    const label = labelOf(row);
    if (label !== undefined) counters.countLabel(label, Infinity);
  }
}, setUpMs);

function window(segment = 0): WindowCounts {
  return counters.window({ segment, fromMs: startMs, untilMs: startMs + days * dayMs });
}

test("realised performance from counters bounds that of the rows", () => {
  const realised = realisedPerformance(window(), { maturity: 1 });
  const scores = rows.map(({ score }) => score ?? 0);
  const labels = rows.map(({ fraud }) => (fraud ? 1 : 0));
  const exact = averagePrecision(scores, labels);
  expect(realised.averagePrecision.lowest).toBeLessThanOrEqual(exact);
  expect(realised.averagePrecision.highest).toBeGreaterThanOrEqual(exact);
  expect(realised.areaUnderRoc.value).toBeCloseTo(areaUnderRoc(scores, labels), 2);
  const alerts = rows.filter(({ outcome }) => outcome !== "approve");
  const found = alerts.filter(({ fraud }) => fraud).length;
  expect(realised.frauds).toBe(labels.filter((label) => label === 1).length);
  expect(realised.precision).toBe(found / alerts.length);
  expect(realised.recall).toBe(found / realised.frauds);
  expect(realised.status).toBe("mature");
  expect(realised.calibrationError).toBeLessThan(0.02);
});

test("estimated performance is close to what labels say later, in an unchanged world", () => {
  const realised = realisedPerformance(window(), { maturity: 1 });
  const estimated = estimatedPerformance(window());
  expect(estimated?.averagePrecision).toBeCloseTo(realised.averagePrecision.value, 1);
  expect(estimated?.recall).toBeCloseTo(realised.recall, 1);
});

test("young windows are immature, windows with few frauds say so", () => {
  expect(realisedPerformance(window(), { maturity: 0.5 }).status).toBe("immature");
  const empty = createDriftCounters(profile).window({
    segment: 0,
    fromMs: startMs,
    untilMs: startMs + dayMs,
  });
  expect(realisedPerformance(empty, { maturity: 1 })).toMatchObject({ status: "too-few", frauds: 0 });
  expect(estimatedPerformance(empty)).toBe(null);
  expect(businessFigures(empty, costs).approvalRate).toBeNaN();
});

test("business figures are the sums of the rows", () => {
  const figures = businessFigures(window(), costs);
  const value = (of: (row: ReferenceRow) => boolean): number =>
    rows.filter(of).reduce((sum, row) => sum + decisionOf(row).valueMinor, 0);
  expect(figures.fraudValueCaughtMinor).toBe(value(({ fraud, outcome }) => fraud && outcome !== "approve"));
  expect(figures.fraudValueMissedMinor).toBe(value(({ fraud, outcome }) => fraud && outcome === "approve"));
  expect(figures.goodValueBlockedMinor).toBe(value(({ fraud, outcome }) => !fraud && outcome === "decline"));
  const approved = rows.filter(({ outcome }) => outcome === "approve").length;
  expect(figures.approvalRate).toBe(approved / rows.length);
  expect(figures.costPerThousandMinor).toBeGreaterThan(0);
});

test("a corrected label takes back what the first one counted", () => {
  const own = createDriftCounters(profile);
  const fraud = rows.find((row) => row.fraud);
  const label = fraud === undefined ? undefined : labelOf(fraud);
  if (fraud === undefined || label === undefined) throw new Error("no fraud");
  const read = (): number => {
    const sum = own.window({ segment: 0, fromMs: startMs, untilMs: startMs + days * dayMs });
    return realisedPerformance(sum, { maturity: 1 }).frauds;
  };
  own.count(decisionOf(fraud), Infinity);
  own.countLabel(label, Infinity);
  expect(read()).toBe(1);
  own.countLabel({ ...label, fraud: false, source: "analyst", change: "corrected" }, Infinity);
  expect(read()).toBe(0);
});

test("the ratio of false-positive rates names the segment that is stopped more often", () => {
  const even = falsePositiveRateRatios(window(), [{ name: "online", window: window(2) }])[0];
  expect(even?.low).toBeLessThan(1);
  expect(even?.high).toBeGreaterThan(1);
  const own = createDriftCounters(profile);
  for (const row of rows.filter(({ fraud }) => !fraud)) {
    const stopped = row.attributes[1] === "online" && (row.score ?? 0) > 0.6;
    own.count({ ...decisionOf(row), outcome: stopped ? "review" : row.outcome }, Infinity);
  }
  const of = (segment: number): WindowCounts =>
    own.window({ segment, fromMs: startMs, untilMs: startMs + days * dayMs });
  const uneven = falsePositiveRateRatios(of(0), [{ name: "online", window: of(2) }])[0];
  expect(uneven?.low).toBeGreaterThan(1);
});

test("maturity is not fooled by tiles that are too young to have all their labels", () => {
  // Delays are even over two days: half of the labels have come after a day, whatever the tiles' age.
  const nowMs = startMs + days * dayMs;
  const young = createDriftCounters(profile);
  for (const row of rows) {
    young.count(decisionOf(row), Infinity);
    const label = labelOf(row);
    if (label !== undefined && label.labelledAtMs <= nowMs) young.countLabel(label, Infinity);
  }
  const curve = maturityCurves(young, { segment: 0, nowMs }).find(({ source }) => source === "customer");
  if (curve === undefined) throw new Error("no curve");
  expect(maturityAt(curve, dayMs)).toBeGreaterThan(0.4);
  expect(maturityAt(curve, dayMs)).toBeLessThan(0.6);
  expect(maturityAt(curve, 2 * dayMs)).toBeCloseTo(1, 1);
  expect(maturityAt(curve, hourMs / 2)).toBeLessThan(0.1);
  const none = maturityCurves(createDriftCounters(profile), { segment: 0, nowMs })[0];
  expect(none === undefined ? 0 : maturityAt(none, dayMs)).toBeNaN();
});
