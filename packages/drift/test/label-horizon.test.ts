import { labelSources, type LabelSource } from "@tollgate/contracts";
import { beforeAll, expect, test } from "vitest";
import { createDriftCounters, createDriftJudge, type ReferenceProfile } from "../src/index.ts";
import { labelDelayEdgesMs, labelHorizonMs } from "../src/label-delay.ts";
import { countsOf, totalOf } from "../src/window-counts.ts";
import { dayMs, decisionOf, labelOf, payments, shopProfile, startMs } from "./support/shop.ts";

const liveMs = startMs + 28 * dayMs;
const perDay = 300;
let profile: ReferenceProfile;

/** Null tables are drawn: seconds on a busy machine. */
const setUpMs = 120_000;

beforeAll(() => {
  profile = shopProfile({ perDay });
}, setUpMs);

/** All labels of one source, all of one delay. */
function delaysOf(delayMs: number): Readonly<Record<LabelSource, readonly number[]>> {
  const bin = labelDelayEdgesMs.findIndex((edge) => delayMs < edge);
  const counts = labelDelayEdgesMs.map((_, place) => (place === bin ? 10 : 0)).concat(0);
  const none = counts.map(() => 0);
  return Object.fromEntries(
    labelSources.map((source) => [source, source === "chargeback" ? counts : none]),
  ) as unknown as Readonly<Record<LabelSource, readonly number[]>>;
}

test("two weeks of delay are compared, four where half of the labels take longer", () => {
  expect(labelHorizonMs(delaysOf(dayMs))).toBe(14 * dayMs);
  expect(labelHorizonMs(delaysOf(20 * dayMs))).toBe(28 * dayMs);
  expect(labelHorizonMs(delaysOf(50 * dayMs))).toBe(28 * dayMs);
});

test("a label beyond the horizon tells what was fraud, and nothing of how late labels are", () => {
  const counters = createDriftCounters(profile);
  const [fraud] = [...payments({ seed: 1, fromMs: liveMs, days: 1, perDay })].filter((row) => row.fraud);
  if (fraud === undefined) throw new Error("the seed has no fraud");
  const label = labelOf(fraud);
  if (label === undefined) throw new Error("the fraud has no label");
  const late = { ...label, labelledAtMs: label.occurredAtMs + 14 * dayMs };
  counters.count(decisionOf(fraud), Infinity);
  counters.countLabel(late, Infinity);
  const window = counters.window({ segment: 0, fromMs: liveMs, untilMs: liveMs + 21 * dayMs });
  const { sums, delays, fraudScore } = counters.layout;
  expect(window.sums[sums.labelsArrived]).toBe(0);
  expect(totalOf(countsOf(window, fraudScore))).toBe(0);
  for (const group of delays.values()) expect(totalOf(countsOf(window, group))).toBe(0);
  const frauds = window.sums.subarray(sums.frauds, sums.frauds + 3);
  expect(frauds.reduce((sum, count) => sum + count, 0)).toBe(1);
});

test("what labels say is compared from the second week after the first decision on", () => {
  // As if every healthy day of the reference had been known.
  const known = Object.fromEntries(
    ["distribution", "location", "out-of-range"].map((aspect) => [
      `performance:fraud_score/${aspect}`,
      [20, 0, 19] as const,
    ]),
  );
  const counters = createDriftCounters(profile);
  const of = { ...profile, dispersion: { day: { ...profile.dispersion["day"], ...known } } };
  const judge = createDriftJudge({ profile: of, segment: "all", settings: { minimumLabels: 1 } });
  const untested = Array.from({ length: 16 }, (_, day) => {
    const fromMs = liveMs + day * dayMs;
    for (const row of payments({ seed: day, fromMs, days: 1, perDay })) {
      counters.count(decisionOf(row), Infinity);
      const label = labelOf(row);
      if (label !== undefined) counters.countLabel(label, Infinity);
    }
    return judge.judge(counters, { kind: "day", fromMs }).untested.includes("performance:fraud_score");
  });
  expect(untested).toEqual(Array.from({ length: 16 }, (_, day) => day < 14));
});
