import { engagement } from "@tollgate/engagement-card-payments";
import { expect, test } from "vitest";
import { dueRequests } from "../run/due-requests.ts";
import { LoadError } from "../run/load-error.ts";
import { scheduleOf, thresholdsOf, type ScheduleOptions } from "../run/plan-run.ts";
import { profileNames, profiles } from "../run/profiles.ts";

const levels = engagement.service;
const asked = { levels, cores: 2, forSeconds: undefined, ratePerSecond: undefined, arrivalsSeed: undefined };

function scheduled(options: Partial<ScheduleOptions> & Pick<ScheduleOptions, "profile">) {
  return scheduleOf({ ...asked, ...options });
}

test("the promised rate's part of two cores is 2,500 transactions a second", () => {
  const { phases } = scheduled({ profile: profiles.sla });
  expect(phases.at(-1)).toMatchObject({ kind: "measured", requestsPerSecond: 2_500, seconds: 60 });
});

test("10,000 transactions a second in tens are 1,000 requests", () => {
  const { phases, measuredTransactions } = scheduled({ profile: profiles["sla-10k-batch"], forSeconds: 30 });
  expect(phases.at(-1)?.requestsPerSecond).toBe(1_000);
  expect(measuredTransactions).toBe(300_000);
});

test("sla-10k refuses a machine with fewer than eight cores, and says which profile to run", () => {
  const start = (cores: number) => scheduled({ profile: profiles["sla-10k"], cores });
  expect(() => start(7)).toThrow(LoadError);
  expect(() => start(7)).toThrow(/needs 8 cores and this machine has 7.*sla-10k-batch/u);
  expect(start(8).phases.at(-1)?.requestsPerSecond).toBe(10_000);
});

test.for(profileNames)("%s: no transaction number is used twice, and the warm-up is not measured", (name) => {
  const profile = profiles[name];
  const { phases, transactions } = scheduled({ profile, cores: 8 });
  expect(phases[0]?.kind).toBe("warm-up");
  for (const [index, phase] of phases.entries()) {
    const used = phase.requestsPerSecond * phase.seconds * profile.transactionsPerRequest;
    expect(phase.firstNumber + used).toBeLessThan(phases[index + 1]?.firstNumber ?? transactions);
    expect(phase.startSeconds + phase.seconds).toBe(
      phases[index + 1]?.startSeconds ?? phase.startSeconds + phase.seconds,
    );
  }
});

test.for(profileNames)(
  "%s with Poisson arrivals: what is due is known, and no number is used twice",
  (name) => {
    const profile = profiles[name];
    const schedule = scheduled({ profile, cores: 8, arrivalsSeed: 7, forSeconds: 60 });
    const { phases, transactions } = schedule;
    expect(schedule).toEqual(scheduled({ profile, cores: 8, arrivalsSeed: 7, forSeconds: 60 }));
    for (const [index, phase] of phases.entries()) {
      const used = dueRequests(phase) * profile.transactionsPerRequest;
      expect(phase.firstNumber + used).toBeLessThanOrEqual(phases[index + 1]?.firstNumber ?? transactions);
      const mean = phase.requestsPerSecond * phase.seconds;
      expect(Math.abs(dueRequests(phase) - mean)).toBeLessThan(6 * Math.sqrt(mean));
    }
    const measured = phases.filter(({ kind }) => kind === "measured");
    const due = measured.reduce((sum, phase) => sum + dueRequests(phase), 0);
    expect(schedule.measuredTransactions).toBe(due * profile.transactionsPerRequest);
  },
);

test("a profile that is held to the service levels gives k6 exactly those thresholds", () => {
  const schedule = scheduled({ profile: profiles.sla });
  const thresholds = thresholdsOf({ profile: profiles.sla, levels, schedule });
  expect(thresholds["answer_ms{kind:measured}"]).toEqual([`p(99)<${levels.scoringLatencyP99Ms}`]);
  const failures = Math.floor(150_000 * (1 - levels.availabilityShare));
  expect(thresholds["transactions_failed{kind:measured}"]).toEqual([`count<=${failures}`]);
  expect(thresholds["dropped_iterations{scenario:measured}"]).toEqual([`count<=${failures}`]);
});

test("other service levels make other thresholds: no number stands in the load tests themselves", () => {
  const stricter = { ...levels, scoringLatencyP99Ms: 20, availabilityShare: 0.99 };
  const schedule = scheduled({ profile: profiles.sla, levels: stricter });
  const thresholds = thresholdsOf({ profile: profiles.sla, levels: stricter, schedule });
  expect(thresholds["answer_ms{kind:measured}"]).toEqual(["p(99)<20"]);
  expect(thresholds["transactions_failed{kind:measured}"]).toEqual(["count<=1500"]);
});

test("smoke says nothing about speed: a slow machine does not fail it", () => {
  const schedule = scheduled({ profile: profiles.smoke });
  const thresholds = thresholdsOf({ profile: profiles.smoke, levels, schedule });
  expect(thresholds["answer_ms{kind:measured}"]).toEqual(["max>=0"]);
  expect(thresholds["transactions_failed{kind:measured}"]).toEqual(["count>=0"]);
});
