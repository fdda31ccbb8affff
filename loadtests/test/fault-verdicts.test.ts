import { engagement } from "@tollgate/engagement-card-payments";
import { expect, test } from "vitest";
import { faultTexts } from "../run/disturb.ts";
import { faultVerdicts, type FaultRun } from "../run/fault-verdicts.ts";
import type { LeftOutParts } from "../run/left-out.ts";
import type { PartFigures } from "../run/measure-run.ts";
import { faultedServices, type FaultedService } from "../run/profiles.ts";

const levels = engagement.service;
const nothing: LeftOutParts = { features: 0, "state-write": 0, model: 0, "event-log": 0 };

function part(name: string, values: Partial<PartFigures> = {}): PartFigures {
  const latency = { p50Ms: 5, p95Ms: 8, p99Ms: 10, p999Ms: 12, maxMs: 20 };
  const counts = { accepted: 2_400, failed: 0, dropped: 0 };
  return {
    name,
    kind: "measured",
    startSeconds: 0,
    seconds: 24,
    duePerSecond: 100,
    ...latency,
    ...counts,
    ...values,
  };
}

/** 100 a second; each service is away for 8 s, in which everything is as documented but for what is given. */
function failedVerdicts(changed: {
  readonly leftOut?: Partial<Record<FaultedService, Partial<LeftOutParts>>>;
  readonly parts?: readonly PartFigures[];
  readonly reasons?: Readonly<Record<string, number>>;
  readonly neverStopped?: FaultedService;
}): readonly string[] {
  const documented: Record<FaultedService, Partial<LeftOutParts>> = {
    redis: { features: 810, "state-write": 815, model: 3 },
    postgres: { features: 2 },
    kafka: { "event-log": 900, features: 5 },
  };
  const names = faultedServices.flatMap((service) => [`${service}-away`, `${service}-settled`]);
  const phases = names.map((name) => changed.parts?.find((one) => one.name === name) ?? part(name));
  const measured = part("measured");
  const reasons = changed.reasons ?? {};
  const rates = { failedRate: 0, transactionsPerSecond: 100 };
  const run: FaultRun = {
    figures: { phases, measured, reasons, curve: [], ...rates },
    leftOut: faultedServices.map((service) => {
      const parts = { ...nothing, ...documented[service], ...changed.leftOut?.[service] };
      return { phase: `${service}-away`, parts };
    }),
    marks: faultedServices.flatMap((service, index) => {
      const { stopped, back } = faultTexts(service);
      const atSeconds = index * 40 + 4;
      const marks = [
        { atSeconds, text: stopped },
        { atSeconds: atSeconds + 8, text: back },
      ];
      return service === changed.neverStopped ? [] : marks;
    }),
  };
  return faultVerdicts(run, levels).flatMap(({ what, passed }) => (passed ? [] : [what]));
}

test("what is documented of each service that is away passes", () => {
  expect(failedVerdicts({})).toEqual([]);
});

test("Redis or Kafka away must show: decisions that do not say what they lack are a fault", () => {
  expect(failedVerdicts({ leftOut: { redis: { features: 100 } } })).toEqual([
    "Redis away: decisions without features, and said so",
  ]);
  expect(failedVerdicts({ leftOut: { kafka: { "event-log": 0 } } })).toEqual([
    "Kafka away: decisions without event-log, and said so",
  ]);
});

test("PostgreSQL away harms no decision: nothing is left out, nothing is refused", () => {
  expect(failedVerdicts({ leftOut: { postgres: { features: 800 } } })).toEqual([
    "PostgreSQL away: decisions without features, state-write, model, event-log",
  ]);
  const refused = part("postgres-away", { accepted: 2_300, failed: 100 });
  expect(failedVerdicts({ parts: [refused] })).toEqual(["PostgreSQL away: failed or not sent"]);
});

test("what the service that is away does not give is left out no more than on a busy machine", () => {
  expect(failedVerdicts({ leftOut: { kafka: { model: 600 } } })).toEqual([
    "Kafka away: decisions without features, state-write, model",
  ]);
});

test("a fault may be answered with 503 and with nothing else, and the promise holds when it is over", () => {
  expect(failedVerdicts({ reasons: { 503: 100 } })).toEqual([]);
  expect(failedVerdicts({ reasons: { 503: 100, 500: 1 } })).toEqual([
    "failures other than the documented 503",
  ]);
  const slow = part("redis-settled", { p99Ms: 900 });
  expect(failedVerdicts({ parts: [slow] })).toEqual(["the promise in redis-settled"]);
});

test("a service that was never stopped proves nothing", () => {
  expect(failedVerdicts({ neverStopped: "kafka" })).toEqual([
    "Kafka away: decisions without event-log, and said so",
  ]);
});
