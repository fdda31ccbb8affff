import { beforeAll, expect, test } from "vitest";
import type { DriftVerdict } from "@tollgate/contracts";
import { isDriftVerdict } from "@tollgate/contracts";
import {
  createDriftCounters,
  createDriftJudge,
  windowStart,
  type DriftCounters,
  type DriftJudge,
  type DriftSettings,
  type JudgeState,
  type ReferenceProfile,
} from "../src/index.ts";
import {
  dayMs,
  decisionOf,
  hourMs,
  labelOf,
  payments,
  shopProfile,
  startMs,
  type Change,
} from "./support/shop.ts";

const liveMs = startMs + 28 * dayMs;
const perDay = 300;
let profile: ReferenceProfile;

/** Null tables are drawn: seconds on a busy machine. */
const setUpMs = 120_000;

beforeAll(() => {
  profile = shopProfile({ perDay });
}, setUpMs);

interface Live {
  readonly counters: DriftCounters;
  readonly judge: DriftJudge;
  day: number;
  seed: number;
}

function goLive(settings: Partial<DriftSettings> = {}, state?: JudgeState): Live {
  const judge = createDriftJudge({ profile, segment: "all", settings, state });
  return { counters: createDriftCounters(profile), judge, day: 0, seed: 100 };
}

function countDays(live: Live, days: number, change: Change = {}): void {
  const fromMs = liveMs + live.day * dayMs;
  live.seed += 1;
  for (const row of payments({ seed: live.seed, fromMs, days, perDay, change })) {
    live.counters.count(decisionOf(row), row.occurredAtMs);
    const label = labelOf(row);
    if (label !== undefined) live.counters.countLabel(label, Infinity);
  }
}

/** One day after the other, each judged when it is over. */
function liveDays(live: Live, days: number, change: Change = {}): readonly DriftVerdict[] {
  return Array.from({ length: days }, () => {
    countDays(live, 1, change);
    const fromMs = liveMs + live.day * dayMs;
    live.day += 1;
    return live.judge.judge(live.counters, { kind: "day", fromMs });
  });
}

test("ninety healthy days raise no more false alarms than the budget allows", () => {
  const live = goLive();
  const verdicts = liveDays(live, 90);
  expect(verdicts.filter(({ status }) => status === "drifted").length).toBeLessThanOrEqual(1);
  expect(verdicts.filter(({ status }) => status === "ok").length).toBeGreaterThan(80);
  expect(verdicts[2]?.baseline.source).toBe("reference");
  expect(verdicts.at(-1)?.baseline.source).toBe("history");
});

test.each([
  ["twice the amounts", 0, "amount", { amountFactor: 2 }],
  ["twice the amounts", 40, "amount", { amountFactor: 2 }],
  ["a country that was never there", 40, "transaction:country", { country: "BR" }],
  ["a feature that is missing", 40, "gap", { missingGap: true }],
] as const)("%s after %d days: it has drifted, and %s is named", (_what, after, feature, change) => {
  const live = goLive();
  liveDays(live, after);
  const [verdict] = liveDays(live, 1, change);
  expect(verdict?.status).toBe("drifted");
  expect(verdict?.findings[0]?.feature).toBe(feature);
  expect(verdict?.response.action).not.toBe("nothing");
  expect(isDriftVerdict(JSON.parse(JSON.stringify(verdict)))).toBe(true);
});

test("a finding carries both histograms, the effect and what share of the score's change it explains", () => {
  const live = goLive();
  const [verdict] = liveDays(live, 1, { amountFactor: 6 });
  const finding = verdict?.findings.find(({ feature }) => feature === "amount");
  expect(finding?.picture.bins.length).toBe(finding?.picture.window.length);
  expect(finding?.picture.window.reduce((sum, count) => sum + count, 0)).toBe(perDay);
  expect(finding?.referenceStabilityIndex).toBeGreaterThan(0.25);
  expect(finding?.effect).not.toBe(0);
  expect(verdict?.findings.some(({ scoreChangeShare }) => scoreChangeShare !== null)).toBe(true);
});

test("an empty day is inconclusive, alarms nobody, and spoils nothing", () => {
  const live = goLive();
  liveDays(live, 40);
  const before = live.judge.state().spread;
  const fromMs = liveMs + live.day * dayMs;
  const verdict = live.judge.judge(live.counters, { kind: "day", fromMs });
  expect(verdict.status).toBe("inconclusive");
  expect(verdict.explanation).toMatch(/^No decision in the window/u);
  expect(verdict.response.action).toBe("nothing");
  expect(live.judge.state().spread).toEqual(before);
});

test("too few decisions are inconclusive, never ok", () => {
  const live = goLive({ minimumDecisions: perDay + 1 });
  for (const { status } of liveDays(live, 3, { amountFactor: 10 })) expect(status).toBe("inconclusive");
});

test("without past windows and without dispersion in the reference nothing is judged", () => {
  const judge = createDriftJudge({ profile: { ...profile, dispersion: {} }, segment: "all" });
  const live = { ...goLive(), judge };
  const [verdict] = liveDays(live, 1, { amountFactor: 10 });
  expect(verdict?.status).toBe("inconclusive");
  expect(verdict?.baseline.source).toBe("none");
});

test("a drifted day is no baseline for the next, until it is accepted", () => {
  const live = goLive();
  liveDays(live, 30);
  liveDays(live, 5, { amountFactor: 3 });
  expect(live.judge.state().unhealthy.length).toBe(1);
  expect(liveDays(live, 1, { amountFactor: 3 })[0]?.status).toBe("drifted");
  live.judge.accept(liveMs + live.day * dayMs);
  expect(live.judge.state().unhealthy).toEqual([]);
});

test("how a week's days spread is believed once the week is over: a slow change cannot hide itself", () => {
  const live = goLive();
  liveDays(live, 29);
  const believed = live.judge.state().spread;
  liveDays(live, 6);
  expect(live.judge.state().spread).toEqual(believed);
  liveDays(live, 1);
  expect(live.judge.state().spread).not.toEqual(believed);
});

test("an announced event warns and does not alarm", () => {
  const event = {
    name: "sale",
    fromMs: liveMs + 30 * dayMs + hourMs,
    untilMs: liveMs + 30 * dayMs + 2 * hourMs,
  };
  const live = goLive({ announced: [event] });
  liveDays(live, 30);
  const [verdict] = liveDays(live, 1, { amountFactor: 3 });
  expect(verdict?.status).toBe("warning");
  expect(verdict?.announced).toBe("sale");
  expect(verdict?.response.action).toBe("nothing");
  expect(live.judge.state().unhealthy.length).toBe(1);
});

test("the same window judged again gives the same verdict and leaves the state alone", () => {
  const live = goLive();
  liveDays(live, 30);
  const [first] = liveDays(live, 1);
  const state = live.judge.state();
  const again = live.judge.judge(live.counters, { kind: "day", fromMs: liveMs + 30 * dayMs });
  expect(again.verdictId).toBe(first?.verdictId);
  expect(again.status).toBe(first?.status);
  expect(live.judge.state()).toEqual(state);
});

test("a judge that begins with another's state as JSON judges as that one would", () => {
  const live = goLive();
  liveDays(live, 35);
  const state = JSON.parse(JSON.stringify(live.judge.state())) as JudgeState;
  const restored = createDriftJudge({ profile, segment: "all", state });
  countDays(live, 1, { amountFactor: 1.5 });
  const window = { kind: "day" as const, fromMs: liveMs + 35 * dayMs };
  expect(restored.judge(live.counters, window)).toEqual(live.judge.judge(live.counters, window));
  expect(() => createDriftJudge({ profile, segment: "channel=online", state })).toThrow("BAD_STATE");
  expect(() => createDriftJudge({ profile, segment: "channel=none" })).toThrow("UNKNOWN_SEGMENT");
});

test("an hour alarms only when it lasts, a burst of one hour is a warning", () => {
  const live = goLive({ minimumDecisions: 50 });
  const judgeHour = (hour: number, change: Change): string => {
    const fromMs = liveMs + hour * hourMs;
    live.seed += 1;
    for (const row of payments({ seed: live.seed, fromMs, days: 1 / 24, perDay: 100 * 24, change })) {
      live.counters.count(decisionOf(row), row.occurredAtMs);
    }
    return live.judge.judge(live.counters, { kind: "hour", fromMs }).status;
  };
  // The reference has too few an hour to know how they spread: past hours of the same hour of the week do.
  for (let week = 0; week < 6; week += 1) {
    for (let hour = 0; hour < 48; hour += 1) judgeHour(week * 7 * 24 + hour, {});
  }
  const first = 6 * 7 * 24;
  const doubled = { amountFactor: 4 };
  expect(judgeHour(first, doubled)).toBe("warning");
  expect(judgeHour(first + 1, {})).toBe("ok");
  const lasting = [2, 3, 4].map((hour) => judgeHour(first + hour, doubled));
  expect(lasting).toEqual(["warning", "warning", "drifted"]);
});

test("windows are aligned in UTC, weeks begin on Monday", () => {
  const at = startMs + 3 * dayMs + 5 * hourMs + 17 * 60_000;
  expect(windowStart("minutes", at)).toBe(startMs + 3 * dayMs + 5 * hourMs + 15 * 60_000);
  expect(windowStart("hour", at)).toBe(startMs + 3 * dayMs + 5 * hourMs);
  expect(windowStart("day", at)).toBe(startMs + 3 * dayMs);
  expect(windowStart("week", at)).toBe(startMs);
  expect(() => createDriftCounters(profile).window({ segment: 0, fromMs: 1, untilMs: 2 })).toThrow(
    "NOT_ALIGNED",
  );
});
