import { engagement } from "@tollgate/engagement-card-payments";
import { expect, test } from "vitest";
import type { LoadPhase, LoadPlan } from "../k6/load-plan.ts";
import { dueRequests } from "../run/due-requests.ts";
import { acceptedNumbers, measureRun } from "../run/measure-run.ts";
import type { K6Metrics } from "../run/run-k6.ts";
import { growth, kneeOf, serviceLevelVerdicts, spikeVerdicts, swapVerdicts } from "../run/verdicts.ts";

const levels = engagement.service;

function phase(name: string, values: Partial<LoadPhase> = {}): LoadPhase {
  const place = { startSeconds: 0, seconds: 2, requestsPerSecond: 100, firstNumber: 0 };
  return { name, kind: "measured", ...place, users: 10, usersMax: 10, ...values };
}

function plan(phases: readonly LoadPhase[], transactionsPerRequest = 1): LoadPlan {
  return {
    profile: "sla",
    url: "",
    transactionsPath: "",
    summaryPath: "",
    idPrefix: "run-",
    transactionsPerRequest,
    firstOccurredAtMs: 0,
    spanMs: 1,
    requestTimeoutMs: 1,
    noteEvery: 1,
    bucketSeconds: 1,
    phases,
    thresholds: {},
  };
}

/** k6's summary, written shortly: `accepted` and `p99` of each phase, and of each of its seconds. */
function metrics(
  parts: Readonly<Record<string, { accepted: number; failed?: number; p99?: number }>>,
): K6Metrics {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([tags, { accepted, failed = 0, p99 = 10 }]) => [
      [`transactions_failed{${tags}}`, { values: { count: failed } }],
      [
        `answer_ms{${tags}}`,
        { values: { count: accepted + failed, med: 5, "p(95)": 8, "p(99)": p99, "p(99.9)": 12, max: 20 } },
      ],
    ]),
  );
}

test("what was due and never sent counts as failed, even where k6 reports no dropped iteration", () => {
  const figures = measureRun(
    plan([phase("measured")]),
    metrics({ "phase:measured": { accepted: 99 }, "kind:measured": { accepted: 99 } }),
  );
  expect(figures.measured.dropped).toBe(100);
  expect(figures.failedRate).toBeCloseTo(100 / 199);
});

test("one request more or less at the end of a phase is chance, not a failure", () => {
  const figures = measureRun(
    plan([phase("measured")]),
    metrics({ "phase:measured": { accepted: 199 }, "kind:measured": { accepted: 199 } }),
  );
  expect(figures.failedRate).toBe(0);
});

test("of Poisson arrivals what a dropped slot would have sent counts as failed, by the seed", () => {
  const mean = 5;
  const slots = { seed: 3, slotsPerSecond: 20, count: 40, mean, emptyShare: Math.exp(-mean) };
  const poisson = phase("measured", { poisson: slots });
  const due = dueRequests(poisson);
  const begun = dueRequests(poisson, 30);
  expect(begun).toBeLessThan(due);
  const sent = { "phase:measured": { accepted: begun }, "kind:measured": { accepted: begun } };
  const drops = { "dropped_iterations{scenario:measured}": { values: { count: 10 } } };
  const { measured } = measureRun(plan([poisson], 10), { ...metrics(sent), ...drops });
  expect(measured.dropped).toBe((due - begun) * 10);
  expect(measured.duePerSecond).toBe((due / 2) * 10);
});

test("the warm-up is in no figure", () => {
  const phases = [phase("warm", { kind: "warm-up" }), phase("measured", { startSeconds: 2 })];
  const parts = {
    "phase:warm": { accepted: 0, failed: 200 },
    "phase:measured": { accepted: 200 },
    "kind:measured": { accepted: 200 },
  };
  const figures = measureRun(plan(phases), metrics(parts));
  expect(figures.failedRate).toBe(0);
  expect(figures.curve.map(({ atSeconds }) => atSeconds)).toEqual([0, 1]);
});

test("p99 and failures are held to the engagement's service levels", () => {
  const slow = measureRun(
    plan([phase("measured")]),
    metrics({ "phase:measured": { accepted: 200, p99: 101 }, "kind:measured": { accepted: 200, p99: 101 } }),
  );
  expect(serviceLevelVerdicts(slow, levels).map(({ passed }) => passed)).toEqual([false, true]);
  const failing = measureRun(
    plan([phase("measured")]),
    metrics({ "phase:measured": { accepted: 190, failed: 10 }, "kind:measured": { accepted: 190 } }),
  );
  expect(serviceLevelVerdicts(failing, levels).map(({ passed }) => passed)).toEqual([true, false]);
});

test("accepted is what was sent and not refused", () => {
  const phases = [phase("a"), phase("b", { firstNumber: 50 })];
  const sent = {
    "answer_ms{phase:a}": { values: { count: 2 } },
    "answer_ms{phase:b}": { values: { count: 1 } },
  };
  const accepted = acceptedNumbers(plan(phases, 10), sent, new Map([[51, "503"]]));
  expect([0, 19, 20, 50, 51, 59, 60].filter(accepted)).toEqual([0, 19, 50, 59]);
});

test("the knee is the last rate before the first that misses the promise", () => {
  const steps = [100, 200, 300].map((rate, index) =>
    phase(`step-${index}`, { requestsPerSecond: rate, seconds: 1 }),
  );
  const parts = {
    "phase:step-0": { accepted: 100 },
    "phase:step-1": { accepted: 200 },
    "phase:step-2": { accepted: 300, p99: 500 },
  };
  const figures = measureRun(plan(steps), metrics(parts));
  expect(kneeOf(figures, levels)?.duePerSecond).toBe(200);
});

test("a spike may be shed with 429 and 503 and with nothing else, and must be over soon", () => {
  const phases = [phase("before"), phase("spike"), phase("recovering"), phase("after")];
  const after = (p99: number) => ({
    "phase:before": { accepted: 200 },
    "phase:after": { accepted: 200, p99 },
  });
  const verdicts = (reason: string, p99: number) => {
    const failed = { [`transactions_failed{reason:${reason}}`]: { values: { count: 5 } } };
    const figures = measureRun(plan(phases), { ...metrics(after(p99)), ...failed });
    return spikeVerdicts(figures, levels).map(({ passed }) => passed);
  };
  expect(verdicts("503", 10)).toEqual([true, true, true]);
  expect(verdicts("500", 10)).toEqual([false, true, true]);
  expect(verdicts("429", 900)).toEqual([true, true, false]);
});

test("swaps must all be done, fail nobody, at most double p99 and keep no memory", () => {
  const verdicts = (p99: number, failed: number, loaded: number, afterMiB: number) => {
    const parts = {
      "phase:before": { accepted: 200, p99: 20 },
      "phase:swapping": { accepted: 200 - failed, failed, p99 },
    };
    const figures = measureRun(plan([phase("before"), phase("swapping")]), metrics(parts));
    const swaps = { loaded, refused: 0 };
    const run = { asked: 100, swaps, memory: { beforeMiB: 300, afterMiB } };
    return swapVerdicts(figures, run).map(({ passed }) => passed);
  };
  expect(verdicts(40, 0, 100, 340)).toEqual([true, true, true, true]);
  expect(verdicts(40, 0, 99, 340)).toEqual([false, true, true, true]);
  expect(verdicts(40, 1, 100, 340)).toEqual([true, false, true, true]);
  expect(verdicts(41, 0, 100, 340)).toEqual([true, true, false, true]);
  expect(verdicts(40, 0, 100, 341)).toEqual([true, true, true, false]);
});

test("growth compares the last third with the middle: the first third warms up", () => {
  expect(growth([1, 1, 1, 100, 100, 100, 110, 110, 110])).toBeCloseTo(1.1);
});
